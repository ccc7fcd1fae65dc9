"""Plant invented values of every rule, audit them, and count what comes through.

python benchmarks/canaries.py --each 1000 --rules 'pii/*' --work /tmp/canaries

Prints a line a rule with its values, those whose core stands in the written files, and those
whose core stands anywhere else in the run folder or on the screen, of which there must be none.
"""

import argparse
import sys
import tempfile
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from canary_runs import artefacts, audited, cores_of, written_text
from made_canaries import GROUPS, canaries, standing


def main() -> None:
    """Measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--each", type=int, default=1000)
    options.add_argument("--rules", default="*")
    options.add_argument("--work", type=Path)
    options = options.parse_args()
    folder = options.work or Path(tempfile.mkdtemp(prefix="canaries-"))
    folder.mkdir(parents=True, exist_ok=True)
    made = [c for group in GROUPS for c in canaries(group, options.each)]
    made = [canary for canary in made if fnmatchcase(canary.rule, options.rules)]
    run = audited(folder, made)
    cores = cores_of(made)
    left = Counter(cores[core] for core in standing(cores, written_text(run.folder)))
    shown = Counter(cores[core] for text in artefacts(run) for core in standing(cores, text))
    planted = Counter(canary.rule for canary in made if canary.core)
    for rule in sorted(planted):
        if left[rule] or shown[rule]:
            print(f"{rule:36}{planted[rule]:8}{left[rule]:8}{shown[rule]:8}")
    print(f"{'all':36}{planted.total():8}{left.total():8}{shown.total():8}")


if __name__ == "__main__":
    main()
