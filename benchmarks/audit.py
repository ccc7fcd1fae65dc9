"""The whole audit on 200,000 and 400,000 conversations: cost a stage, and peak memory.

Peak memory is of the whole process tree, as proportional set size (shared pages counted once).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpus import write

PAGE = 1024


def tree(root: int) -> list[int]:
    """Return the process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += parents.get(pid, [])
    return found


def memory(pids: list[int]) -> tuple[float, float]:
    """Return the sum of proportional and of resident set sizes, in MB."""
    shared = resident = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:] if "kB" in line}
        shared += sizes.get("Pss", 0)
        resident += sizes.get("Rss", 0)
    return shared / PAGE, resident / PAGE


def measure(path: Path, out: Path, workers: int) -> dict[str, float]:
    """Audit a file in its own process and return what it cost."""
    command = [sys.executable, "-m", "tunegate", "audit", str(path), "-o", str(out)]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = peak_resident = 0.0
    while process.poll() is None:
        shared, resident = memory(tree(process.pid))
        peak, peak_resident = max(peak, shared), max(peak_resident, resident)
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"the audit ended with {process.returncode}")
    record = json.loads((out / "run.json").read_text())
    spent = record["environment"]
    return {
        "conversations": record["counts"]["conversations"]["total"],
        "peak_pss_mb": round(peak),
        "peak_rss_mb": round(peak_resident),
        "seconds": spent["seconds"],
        "cpu_seconds": spent["cpu_seconds"],
        **{f"cpu_{stage}": cpu for stage, cpu in spent["cpu_seconds_by_stage"].items()},
    }


def main() -> None:
    """Print one row a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[200_000, 400_000])
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for count in given.counts:
            path = Path(folder) / f"{count}.jsonl"
            write(path, count)
            row = measure(path, Path(folder) / f"run{count}", given.workers)
            row["input_mb"] = round(path.stat().st_size / 1e6)
            rows.append(row)
            path.unlink()
    for name in rows[0]:
        values = [f"{row[name]:>12,}" for row in rows]
        rates = ""
        if name.startswith("cpu_"):
            rates = "   conversations per CPU-second: " + ", ".join(
                f"{row['conversations'] / row[name]:,.0f}" if row[name] else "-" for row in rows
            )
        print(f"{name:16}{''.join(values)}{rates}")
    if len(rows) > 1:
        growth = rows[-1]["peak_pss_mb"] / rows[0]["peak_pss_mb"] - 1
        print(f"peak memory grows {growth:+.0%} from {rows[0]['conversations']:,} conversations")


if __name__ == "__main__":
    main()
