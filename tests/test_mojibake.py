"""Garbled letters are found where they are, and good ones left alone."""

import subprocess
import sys

from tunegate.checks.mojibake import Mojibake
from tunegate.model import FINDINGS, to_batch


def test_only_the_garbled_part_is_found() -> None:
    batch = to_batch([[("user", "Schön."), ("assistant", "Danke fÃ¼r alles")], [("user", "Hi")]])
    found = Mojibake().check(batch)
    assert found.select("row", "turn", "part", "role", "start").rows() == [
        (0, 1, "/content", "assistant", None)
    ]


def test_the_same_garbled_text_is_found_everywhere() -> None:
    batch = to_batch([[("user", "fÃ¼r")], [("user", "fÃ¼r")]])
    assert Mojibake().check(batch)["row"].to_list() == [0, 1]


def test_plain_texts_cost_no_import() -> None:
    code = (
        "import sys; from tunegate.checks.mojibake import Mojibake;"
        "from tunegate.model import to_batch;"
        "found = Mojibake().check(to_batch([[('user', 'Hi')]]));"
        "sys.exit('ftfy' in sys.modules or not found.is_empty())"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nothing_found_has_the_columns_of_findings() -> None:
    assert Mojibake().check(to_batch([])).schema == FINDINGS
