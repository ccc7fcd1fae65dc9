"""Shares with the interval that honest counting allows."""

from math import sqrt

_SIGMAS = 1.96  # of the normal distribution, for intervals of 95 %

Interval = tuple[float, float, float]  # the share, and where it may lie: from, to


def interval(part: int, whole: int) -> Interval | None:
    """Return a share and its 95 % interval (Wilson, 1927), which is honest for small counts."""
    if not whole:
        return None
    share, z = part / whole, _SIGMAS
    middle = share + z * z / (2 * whole)
    spread = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return share, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
