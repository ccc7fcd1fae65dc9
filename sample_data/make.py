"""Write the sample data: `python sample_data/make.py [folder]`.

The same files come out each time. Without a folder they replace the ones beside this script.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(folder: Path) -> None:
    """Write every sample file into `folder`."""
    # Run as a script, Python looks beside this file; the package starts one level up.
    sys.path.insert(0, str(HERE.parent))
    from sample_data.generator.exports import write_exports
    from sample_data.generator.files import write_samples

    for line in (*write_samples(folder, readme=HERE / "README.md"), write_exports(folder)):
        print(line)  # noqa: T201 - says what was written


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
