"""What readers note is told by rules, all of it, and each note by one."""

from collections import Counter

from tunegate.readers.merge import NOTES
from tunegate.rules import load_rules


def test_every_note_has_one_rule() -> None:
    params = [rule.file.params for rule in load_rules() if rule.file.check == "source-note"]
    told = Counter(note for held in params for note in held.get("notes", ()))
    assert set(told) == NOTES
    assert set(told.values()) == {1}
