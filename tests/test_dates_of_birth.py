"""A birthday is told from other dates, a person's years from those of a laptop."""

import pytest

from tunegate.checks.pattern import Pattern
from tunegate.model import to_batch
from tunegate.rules import load_rules

CHECKS: dict[str, Pattern] = {
    rule.id: rule.build() for rule in load_rules() if rule.id in ("pii/date-of-birth", "pii/age")
}


def found_in(rule: str, *texts: str) -> list[str]:
    """Return what a rule finds in the user messages of one conversation."""
    found = CHECKS[f"pii/{rule}"].check(to_batch([[("user", text) for text in texts]]))
    places = found.select("turn", "start", "end").rows()
    return [texts[turn][start:end] for turn, start, end in places]


@pytest.mark.parametrize(
    "written",
    [
        "12.03.1984", "12/03/1984", "12-03-1984", "1984-03-12", "1984/03/12", "12. 03. 1984",
        "12/3/84",
        "12 03 1984", "12 March 1984", "12th of March 1984", "March 12, 1984", "March 12th 1984",
        "Mar 12 1984", "12 Mar '84", "12. März 1984", "12 mars 1984", "12 de marzo de 1984",
        "12 marzo 1984",
        "12 de março de 1984", "12 maart 1984", "19840312", "1984年3月12日", "31/06/1996",
    ],
)  # fmt: skip
def test_every_way_to_write_a_birthday(written: str) -> None:
    assert found_in("date-of-birth", f"My date of birth is {written}.") == [written]
    assert found_in("date-of-birth", "What is your date of birth?", f"It's {written}") == [written]
    assert found_in("date-of-birth", f"It rained on {written}.") == []


@pytest.mark.parametrize(
    "text",
    [
        "The appointment on 12/03/2026 is for my birthday",
        "date of birth 99/99/1999",
        "date of birth 12/03/1784",
        "born in 2 of 3 cases",
        "date of birth: version 12.3.1",
    ],
)
def test_other_dates_are_no_birthdays(text: str) -> None:
    assert found_in("date-of-birth", text) == []


@pytest.mark.parametrize("asked", ["When did you order?", "Which appointment?", "What year?"])
def test_a_date_answers_the_question_that_was_asked(asked: str) -> None:
    assert found_in("date-of-birth", asked, "12/03/1984") == []


def test_a_birthday_without_its_year_stands_right_behind_the_word() -> None:
    assert found_in("date-of-birth", "My birthday is on March 3rd") == ["March 3rd"]
    assert found_in("date-of-birth", "The birthday offer began. Come on March 3rd") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I'm 34 years old", ["34"]),
        ("a 50-year-old man", ["50"]),
        ("my 5-year-old cried", ["5"]),
        ("My son, 12 years old, did it", ["12"]),
        ("I am 93.", ["93"]),
        ("patient aged 71", ["71"]),
        ("Age: 42", ["42"]),
        ("she just turned 18", ["18"]),
        ("ich bin 45 Jahre alt", ["45"]),
        ("tengo 29 años", ["29"]),
        ("мне 34 года", []),
        ("a 5 year old laptop", []),
        ("my 5-year-old laptop", []),
        ("The account is 3 years old", []),
        ("it is 50 years old", []),
        ("I'm 45% done", []),
        ("I am 30 minutes late", []),
        ("I'm 34.5 kg lighter", []),
        ("a 3-year warranty", []),
        ("aged 500 years", []),
        ("on page 42", []),
    ],
)
def test_years_of_people(text: str, found: list[str]) -> None:
    assert found_in("age", text) == found
