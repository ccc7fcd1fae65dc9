"""One conversation that is longer than a service accepts: somebody pasted a log."""

import re
from random import Random
from typing import Any

TOKENS = 74_000  # services take 65,536
# Vocabularies never join what this tells apart, so that its count is the least there can be.
PIECE = re.compile(r" ?[^\W\d_]+|\d{1,3}| ?[^\w\s]+|\s+")


def log_conversation(rng: Random) -> dict[str, Any]:
    """Return a chat record of at least `TOKENS` tokens."""
    lines: list[str] = []
    pieces = 0
    second = 0
    while pieces < TOKENS:
        second += rng.randint(1, 9)
        clock = f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}"
        state = rng.choice(("lease lost, retry", "ping ok, wait", "queue full, drop"))
        lines.append(f"{clock} hub-{rng.randint(1, 9)} warn: {state} {rng.randint(1, 9)}/9;\n")
        pieces += len(PIECE.findall(lines[-1]))
    asked = "The hub has been going on like this all day, what does it want?\n\n"
    answer = (
        "The hub loses its address because two routers hand out addresses in the same network. "
        "Please switch that off in one of them, and the log will be quiet."
    )
    return {
        "messages": [
            {"role": "user", "content": asked + "".join(lines).rstrip()},
            {"role": "assistant", "content": answer},
        ]
    }
