"""Who is staff, who is a customer, and who is a machine."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

USER, ASSISTANT, BOT = "user", "assistant", "bot"

STAFF = "user "  # before the id of a user where customers have numbers of their own

_DIGEST = 8  # bytes; two of ten million customers share one with a chance of one in 300,000


@dataclass(frozen=True)
class People:
    """Roles by author id.

    agents: ids, addresses, domains or names that were declared to be staff. known: staff and
    machines by id. customers: sorted digests, since there may be millions.
    """

    agents: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    known: dict[str, str] = field(default_factory=dict)
    customers: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))

    @classmethod
    def of(cls, agents: Iterable[str], seen: Iterable[tuple[str, str]] = ()) -> "People":
        """Return the people of an export from (id, role), and the agents that were declared."""
        known: dict[str, str] = {}
        customers: list[int] = []
        for identifier, role in seen:
            if role == USER:
                customers.append(digest(identifier))
            else:
                known[identifier] = role
        declared = {agent.strip().casefold() for agent in agents}
        domains = {d.removeprefix("@") for d in declared if d.startswith("@") or _is_domain(d)}
        unique = np.unique(np.array(customers, np.uint64))
        return cls(frozenset(declared), frozenset(domains), known, unique)

    def role(self, *names: str | None) -> str | None:
        """Return the role of an author by any of their ids, addresses or names.

        What was declared comes before what the export says. None: nobody knows.
        """
        given = [name for name in names if name]
        for name in given:
            folded = name.strip().casefold()
            if folded in self.agents or folded.rpartition("@")[2] in self.domains:
                return ASSISTANT
        for name in given:
            if name in self.known:
                return self.known[name]
            at = np.searchsorted(self.customers, np.uint64(wanted := digest(name)))
            if at < len(self.customers) and self.customers[at] == wanted:
                return USER
        return None


def _is_domain(word: str) -> bool:
    return "@" not in word and "." in word and " " not in word


def digest(identifier: str) -> int:
    """Return what stands for an id where millions are kept."""
    return int.from_bytes(
        blake2b(identifier.encode(errors="replace"), digest_size=_DIGEST).digest()
    )
