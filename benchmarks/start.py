"""What `tunegate --help` costs above `python -c pass`, in CPU seconds, alternated."""

import resource
import statistics
import subprocess
import sys

ROUNDS = 15


def cpu(*words: str) -> float:
    """Return the CPU seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the medians and their difference."""
    pairs = [(cpu("-c", "pass"), cpu("-m", "tunegate", "--help")) for _ in range(ROUNDS)]
    bare, helped = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"python -c pass   {bare * 1000:6.0f} ms CPU (median of {ROUNDS})")
    print(f"tunegate --help  {helped * 1000:6.0f} ms CPU, {(helped - bare) * 1000:+.0f} ms")


if __name__ == "__main__":
    main()
