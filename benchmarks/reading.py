"""Measure how fast JSON Lines become frames, beside polars' own reader.

Each reader runs in a process of its own, on one thread, in turns; the median of the rounds counts.
Imports are not measured, nor the digest that an audit makes of its inputs.
Ours tells the exact line and offset of each record, refuses what parsers disagree about, and holds
no more than a batch; the others do not.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

LINES = 80_000
ROUNDS = 3
WORDS = """
order refund invoice shipping account password login error page update please thanks hello team
issue ticket support delayed package tracking number address cancel subscription card charged twice
help screen blank version mobile crash restart größe straße naïve café 返金
""".split()  # noqa: SIM905 - a list would be half a page long


def records(kind: str) -> Iterator[dict[str, object]]:
    """Yield chats with roles and texts alone, or with what exports put around them."""
    rng = Random(7)  # noqa: S311 - texts, not secrets

    def text(count: int) -> str:
        return " ".join(rng.choices(WORDS, k=count))

    for n in range(LINES):
        chat: list[dict[str, str]] = []
        for turn in range(rng.choice((2, 2, 4, 4, 6))):
            role = "assistant" if turn % 2 else "user"
            chat.append({"role": role, "content": text(rng.randint(15, 50))})
        if kind == "plain":
            yield {"messages": chat}
            continue
        stamped = [{**m, "ts": f"2026-01-12T10:{t:02}:00Z"} for t, m in enumerate(chat)]
        around = {"id": f"t{n}", "channel": "email", "subject": text(6), "score": n % 5}
        yield {**around, "tags": rng.sample(WORDS, 3), "messages": stamped}


def ours(path: Path) -> int:
    """Plan, read and assemble, batch by batch."""
    from tunegate.model import ReadOptions, Source
    from tunegate.readers.chat import READER

    source = Source(str(path), path.name, path.stat().st_size, "")
    plan = READER.plan([source], ReadOptions())
    return sum(
        READER.assemble(frame, plan).batch.turns.height
        for split in plan.splits
        for frame in READER.read(split, plan)
    )


def lines_of_orjson(path: Path) -> int:
    """Parse each line and forget it: the floor."""
    import orjson

    with path.open("rb") as file:
        return sum(len(orjson.loads(line)["messages"]) for line in file)


def polars_whole(path: Path) -> int:
    """Let polars read the file at once."""
    import polars as pl

    return int(pl.read_ndjson(path)["messages"].list.len().sum())


def polars_streaming(path: Path) -> int:
    """Let polars scan the file, streaming."""
    import polars as pl

    scan = pl.scan_ndjson(path).select(pl.col("messages").list.len().sum())
    return int(scan.collect(engine="streaming").item())


READERS: dict[str, Callable[[Path], int]] = {
    "tunegate": ours,
    "orjson, lines parsed and dropped": lines_of_orjson,
    "polars.read_ndjson": polars_whole,
    "polars.scan_ndjson, streaming": polars_streaming,
}


def measured(name: str, path: Path) -> tuple[float, float, int]:
    """Return CPU seconds, peak MB and messages of one reader in a process of its own."""
    command = [sys.executable, __file__, name, str(path)]
    quiet = {**os.environ, "POLARS_MAX_THREADS": "1"}
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=quiet).stdout
    cpu, peak, count = json.loads(out)
    return cpu, peak, count


def one(name: str, path: Path) -> None:
    """Run one reader and print what it took."""
    import polars  # noqa: F401

    import tunegate.readers.chat  # noqa: F401

    before = time.process_time()
    count = READERS[name](path)
    cpu = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([cpu, peak, count]))


def main() -> None:
    """Measure every reader on both files and print the tables."""
    for kind in ("plain", "nested"):
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{kind}.jsonl"
            with path.open("w", encoding="utf-8") as file:
                for record in records(kind):
                    file.write(json.dumps(record, ensure_ascii=False) + "\n")
            size = path.stat().st_size / 1e6
            rounds = [{name: measured(name, path) for name in READERS} for _ in range(ROUNDS)]
        print(f"\n{kind}: {LINES:,} lines, {size:.0f} MB, median of {ROUNDS} rounds\n")
        print("| reader | MB per CPU-second | peak MB |\n|---|---|---|")
        for name in READERS:
            cpu = median(one[name][0] for one in rounds)
            peak = median(one[name][1] for one in rounds)
            print(f"| {name} | {size / cpu:.0f} | {peak:.0f} |")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        one(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
