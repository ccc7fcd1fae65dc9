"""Draw the charts as inline SVG that needs no script and no style to be read.

Widths are percentages and heights are pixels, so that a chart fills any screen and its words keep
their size. Every chart has a title and a description; the table of its numbers stands beside it.
"""

from collections.abc import Sequence
from math import log2
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

from tunegate.report.summary import Histogram, RoleTurns, Summary
from tunegate.report.words import count, counted, share

_ROW = 46  # pixels of one bar with its words above it
_TALLEST = 132  # pixels of the highest column
_TOP = 34  # pixels above it: the number, and the name of the limit
_MOST_ROWS = 12


def _canvas(name: str, *, height: int, title: str, description: str) -> Element:
    names = {"title": f"{name}-title", "desc": f"{name}-desc"}
    svg = Element(
        "svg",
        {
            "class": "chart",
            "width": "100%",
            "height": str(height),
            "role": "img",
            "aria-labelledby": " ".join(names.values()),
        },
    )
    SubElement(svg, "title", {"id": names["title"]}).text = title
    SubElement(svg, "desc", {"id": names["desc"]}).text = description
    return svg


def _text(svg: Element, text: str, kind: str, **place: str) -> None:
    fixed = {name.replace("_", "-"): value for name, value in place.items()}
    SubElement(svg, "text", {"class": kind, **fixed}).text = text


def _rect(svg: Element, kind: str, **place: str) -> None:
    SubElement(svg, "rect", {"class": kind, **_PAINT[kind], **place})


# Without the style sheet a rectangle would be solid black.
_PAINT = {
    "track": {"fill": "#dddddd"},
    "all": {"fill": "#777777"},
    "out": {"fill": "#ffffff", "stroke": "#a03028"},
    "in": {"fill": "#2f5f8f"},
}


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.3f}%" if whole else "0%"


def _markup(svg: Element) -> Markup:
    # ElementTree has escaped every text and attribute.
    return Markup(tostring(svg, encoding="unicode"))  # noqa: S704


def waterfall(summary: Summary) -> Markup | None:
    """Draw conversations read, taken out by each rule that was first to say so, and written."""
    total = summary.conversations.total.count
    if not total:
        return None
    removed = [(removal.rule, removal.first) for removal in summary.removed if removal.first]
    if len(removed) > _MOST_ROWS:
        rest = removed[_MOST_ROWS - 1 :]
        name = counted(len(rest), "other rule")
        removed = [*removed[: _MOST_ROWS - 1], (name, sum(number for _, number in rest))]
    written = summary.after.conversations
    svg = _canvas(
        "waterfall",
        height=_ROW * (len(removed) + 2),
        title="Conversations, from read to written",
        description=f"Of {count(total)} read, {count(written)} are written; "
        + "; ".join(f"{rule} takes out {count(number)}" for rule, number in removed),
    )
    left = total
    _bar(svg, 0, ("Read", count(total)), kind="all", start=0, width=total, whole=total)
    for place, (rule, number) in enumerate(removed, start=1):
        left -= number
        words = (rule, f"−{count(number)}  ({share(number, total)})")
        _bar(svg, place, words, kind="out", start=left, width=number, whole=total)
    words = ("Written", f"{count(written)}  ({share(written, total)})")
    _bar(svg, len(removed) + 1, words, kind="in", start=0, width=written, whole=total)
    return _markup(svg)


def _bar(
    svg: Element,
    place: int,
    words: tuple[str, str],
    *,
    kind: str,
    start: int,
    width: int,
    whole: int,
) -> None:
    top = place * _ROW
    _text(svg, words[0], "name", x="0", y=str(top + 16))
    _text(svg, words[1], "number", x="100%", y=str(top + 16), text_anchor="end")
    _rect(svg, "track", x="0", y=str(top + 29), width="100%", height="1")
    _stretch(svg, kind, top, start=start, width=width, whole=whole)


def _stretch(svg: Element, kind: str, top: int, *, start: int, width: int, whole: int) -> None:
    if width > 0:
        shown = max(width, whole / 300)  # a single conversation of a million must be seen
        begin = min(start, whole - shown)
        across = {"x": _percent(begin, whole), "width": _percent(shown, whole)}
        _rect(svg, kind, y=str(top + 24), height="11", rx="1.5", **across)


def histogram(chart: Histogram) -> Markup:
    """Draw conversations by how much they hold: written ones filled, others in outline."""
    bins, slot = chart.bins, 100 / len(chart.bins)
    highest = max(bin_.written + bin_.left_out for bin_ in bins)
    name = f"{chart.unit}s"
    limit = f"; the limit is {count(chart.limit)}" if chart.limit is not None else ""
    svg = _canvas(
        f"{name}-chart",
        height=_TOP + _TALLEST + 24,
        title=f"Conversations by {name}",
        description=f"Median {counted(chart.median, chart.unit)}, most {count(chart.most)}{limit}",
    )
    floor = _TOP + _TALLEST
    every = -(-len(bins) // 5)
    for place, bin_ in enumerate(bins):
        x, middle = f"{(place + 0.12) * slot:.3f}%", f"{(place + 0.5) * slot:.3f}%"
        width = f"{0.76 * slot:.3f}%"
        inside, outside = (_height(n, highest) for n in (bin_.written, bin_.left_out))
        if inside:
            _rect(svg, "in", x=x, width=width, y=f"{floor - inside:.1f}", height=f"{inside:.1f}")
        if outside:
            top = f"{floor - inside - outside:.1f}"
            _rect(svg, "out", x=x, width=width, y=top, height=f"{outside:.1f}")
        seldom = "" if place % every == 0 else " seldom"
        if bin_.written + bin_.left_out:
            above = f"{floor - inside - outside - 6:.1f}"
            words = count(bin_.written + bin_.left_out)
            _text(svg, words, "value seldom", x=middle, y=above, text_anchor="middle")
        at = {"x": x} if chart.doubling else {"x": middle, "text_anchor": "middle"}
        _text(svg, count(bin_.low), f"tick{seldom}", y=str(floor + 18), **at)
    _rect(svg, "track", x="0", y=str(floor), width="100%", height="1")
    if chart.limit is not None:
        _limit(svg, chart, slot, floor)
    return _markup(svg)


def _height(number: int, highest: int) -> float:
    return max(2.0, _TALLEST * number / highest) if number else 0.0


def _limit(svg: Element, chart: Histogram, slot: float, floor: int) -> None:
    assert chart.limit is not None
    at = next(n for n, bin_ in enumerate(chart.bins) if bin_.low <= chart.limit <= bin_.high)
    low, high = chart.bins[at].low, chart.bins[at].high + 1
    within = log2(chart.limit / low) / log2(high / low) if low and high > low else 0.0
    x = (at + within) * slot
    line = {"x1": f"{x:.3f}%", "x2": f"{x:.3f}%", "y1": "6", "y2": str(floor)}
    SubElement(svg, "line", {"class": "limit", "stroke": "#a03028", **line})
    anchor, nudge = ("end", "-6") if x > 50 else ("start", "6")
    place = {"x": f"{x:.3f}%", "dx": nudge, "y": "14", "text-anchor": anchor}
    text = SubElement(svg, "text", {"class": "limit-name", **place})
    text.text = f"limit {count(chart.limit)}"


def roles(turns: Sequence[RoleTurns]) -> Markup | None:
    """Draw the turns of each role: written ones filled, the others in outline."""
    most = max((max(role.before, role.after) for role in turns), default=0)
    if not most:
        return None
    svg = _canvas(
        "roles",
        height=_ROW * len(turns),
        title="Turns by role",
        description="; ".join(
            f"{role.role}: {count(role.before)} read, {count(role.after)} written" for role in turns
        ),
    )
    for place, role in enumerate(turns):
        top = place * _ROW
        _text(svg, role.role, "name", x="0", y=str(top + 16))
        words = f"{count(role.before)} → {count(role.after)}"
        _text(svg, words, "number", x="100%", y=str(top + 16), text_anchor="end")
        _rect(svg, "track", x="0", y=str(top + 29), width="100%", height="1")
        left_out = max(role.before - role.after, 0)
        for kind, start, number in (("in", 0, role.after), ("out", role.after, left_out)):
            _stretch(svg, kind, top, start=start, width=number, whole=most)
    return _markup(svg)
