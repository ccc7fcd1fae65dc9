import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest

from tunegate.cases import trials
from tunegate.checks.names import PersonName
from tunegate.model import PEOPLE, Batch, frame, to_batch
from tunegate.rules import load_rules

Talk = list[tuple[str, str]]
Person = tuple[int, str | None, str, str]


def names(*talks: Talk, people: list[Person] | None = None) -> list[tuple[str, str | None, int]]:
    batch = replace(to_batch(talks), people=frame(people or [], PEOPLE))
    found = PersonName().check(batch).sort("row", "turn", "start")
    return [
        (talks[row][turn][1][start:end], kind, entity)
        for row, turn, start, end, kind, entity in found.select(
            "row", "turn", "start", "end", "kind", "entity"
        ).iter_rows()
    ]


def values(*talks: Talk, people: list[Person] | None = None) -> list[str]:
    return [name for name, _, _ in names(*talks, people=people)]


@pytest.mark.parametrize(
    "question",
    [
        "May I have your name?",
        "Who am I speaking with today?",
        "Wie ist Ihr Name?",
        "Quel est votre nom ?",
        "¿Cuál es su nombre?",
        "Could you please provide me with your full name and order number",
    ],
)
def test_a_question_for_a_name_labels_the_answer_in_lower_case(question: str) -> None:
    assert values([("assistant", question), ("user", "zorvan kelmedy")]) == ["zorvan kelmedy"]


def test_without_the_question_such_words_are_not_names() -> None:
    assert values([("assistant", "What broke?"), ("user", "zorvan kelmedy")]) == []


def test_only_the_customer_answers_the_agents_question() -> None:
    assert values([("assistant", "May I have your name?"), ("assistant", "zorvan kelmedy")]) == []


def test_a_name_found_once_is_found_in_all_its_conversation_and_in_no_other() -> None:
    talk = [("user", "My name is Arlen Brewster."), ("assistant", "Noted: Brewster, one parcel.")]
    alone = [("assistant", "Noted: Brewster, one parcel.")]
    assert values(talk) == ["Arlen Brewster", "Brewster"]
    assert names(talk, alone) == names(talk) + [(name, kind, 1) for name, kind, _ in names(alone)]


def test_parts_of_a_name_are_one_person() -> None:
    found = names(
        [
            ("user", "Hello, my name is John Smith."),
            ("assistant", "Hi John, one moment please. Mr. Smith, are you there?"),
        ]
    )
    assert [name for name, _, _ in found] == ["John Smith", "John", "Smith"]
    assert {number for _, _, number in found} == {1}
    assert {kind for _, kind, _ in found} == {"customer"}


def test_agent_and_customer_of_one_name_are_two_people() -> None:
    found = names(
        [("assistant", "Hello, my name is Anna. How can I help?"), ("user", "Hi, I'm Anna too.")]
    )
    assert [(kind, number) for _, kind, number in found] == [("agent", 1), ("customer", 2)]


def test_a_part_of_two_names_is_neither() -> None:
    found = names(
        [("user", "I spoke with John Miller and with John Baker. Then John Miller left.")]
    )
    assert [number for _, _, number in found] == [1, 2, 1]


def test_people_of_the_export_are_found_whatever_their_names_look_like() -> None:
    people: list[Person] = [(0, "user", "name", "Will Quux"), (0, "assistant", "name", "Xanqa Oo")]
    talk = [("user", "will quux writes again. Will it come?"), ("assistant", "Xanqa wrote that.")]
    assert names(talk, people=people) == [
        ("will quux", "customer", 1),
        ("Xanqa", "agent", 2),
    ]


def test_people_of_another_conversation_are_not_looked_for() -> None:
    talk = [("assistant", "a parcel for xanqa oobar came")]
    people: list[Person] = [(1, "user", "name", "Xanqa Oobar")]
    assert values(talk, people=[]) == []
    assert values(talk, talk, people=people) == ["xanqa oobar"]


@pytest.mark.parametrize(
    "text",
    [
        "<PERSON_1> wrote to [PERSON_NAME_2].",
        "Write to john.smith@example.com or anna-maria@example.com.",
        "See https://example.com/john/smith and www.john-smith.example.",
        "@john_smith said so, with #anna.",
        "const john_smith = get_anna2();",
    ],
)
def test_placeholders_addresses_and_code_are_no_names(text: str) -> None:
    assert values([("user", text)]) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dear Mr. Smith,", "Smith"),
        ("Dear Dr Anna Smith,", "Anna Smith"),
        ("Sehr geehrte Frau Schneider,", "Schneider"),
        ("My name is Anna's mother, I mean Anna.", "Anna"),
    ],
)
def test_titles_and_the_possessive_s_stay_outside(text: str, name: str) -> None:
    assert set(values([("user", text)])) == {name}


def test_a_name_that_is_a_word_too_is_found_again_where_it_reads_like_a_name() -> None:
    talk = [("user", "hi, tom here"), ("assistant", "Thanks Tom!"), ("user", "it is tom again")]
    assert values(talk) == ["tom", "Tom", "tom"]


@pytest.mark.parametrize(
    "text",
    [
        "Entendido.",
        "Geburtsdatum? Festnetz?",
        "Ich fahre einen Mercedes Benz.",
        "A bottle of Jack Daniels, please.",
    ],
)
def test_sentences_of_a_word_and_companies_are_no_people(text: str) -> None:
    assert values([("user", text)]) == []


def test_a_courtesy_before_a_name_stays_outside() -> None:
    assert values([("user", "Vielen Dank\nMfG Karl Weber")]) == ["Karl Weber"]


def test_what_stands_behind_a_title_is_no_sentence() -> None:
    assert values([("user", "I was sent by Dr. Strangelove.")]) == ["Strangelove"]


def test_fields_of_records_hold_names() -> None:
    assert values([("assistant", '{"customer_name": "zoe miller", "name": "Blue widget"}')]) == [
        "zoe miller"
    ]


def test_batch_size_changes_nothing() -> None:
    talks: list[Talk] = [
        [("assistant", "May I have your name?"), ("user", "maria lopez")],
        [("user", "Lopez is here. Regards,\nTom")],
        [("user", "我叫王小明。"), ("assistant", "Hi Tom, Maria and Jürgen Groß wrote.")],
        [("user", "")],
        [("user", "HELLO, MY NAME IS ANNA SMITH")],
    ]
    whole = PersonName().check(to_batch(talks))
    singly = pl.concat(
        PersonName().check(to_batch([talk], first=row)) for row, talk in enumerate(talks)
    )
    assert whole.height > 4
    assert whole.equals(singly)


def test_no_neighbour_changes_what_is_found_in_a_text() -> None:
    rule = next(rule for rule in load_rules() if rule.id == "pii/person-name")
    talks = [
        list(talk.select("role", "text").iter_rows())
        for _, trial in trials(rule)
        for talk in trial.batch.turns.partition_by("row", maintain_order=True)
    ]
    # What the first and last words of a text next door could be mistaken for.
    talks += [[("user", text)] for text in ("It shows HB-206", "Le Glowlamp S ist da", "\n\nAnna")]
    alone = [PersonName().check(to_batch([talk])).drop("row") for talk in talks]
    assert sum(found.height for found in alone) > 40
    for neighbour in ("pay <PERSON_1> and", "Regards,", "my name is", "de", "von\n\n", "Maria"):
        mixed = [one for talk in talks for one in (talk, [("user", neighbour)])]
        together = PersonName().check(to_batch(mixed))
        for place, found in enumerate(alone):
            assert together.filter(row=2 * place).drop("row").equals(found), talks[place]


def test_a_long_text_is_one_pass_and_spans_are_where_they_were() -> None:
    filler = "the parcel is late again and " * 12_000  # beyond what one step of the scan takes
    text = f"{filler}my name is Anna Smith."
    found = PersonName().check(to_batch([[("user", text)], [("user", "Hi Anna,")]]))
    spans = [(row, end) for row, end in found.select("row", "end").iter_rows()]
    assert (0, len(text) - 1) in spans
    assert (1, 7) in spans


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "A " * 50_000,
        "Anna " * 20_000,
        "my name is " * 9_000,
        "your name " * 10_000 + "?",
        "O'" * 50_000,
        '{"name": "' * 10_000,
        "と申します" * 20_000,
        "我叫" * 50_000,
        "\n" * 100_000,
        "\0" * 1000 + "Anna",
    ],
)
def test_hostile_texts_are_read_to_their_end(text: str) -> None:
    batch = to_batch([[("assistant", text), ("user", "Hi Anna,")]])
    found = PersonName().check(batch)
    assert found.filter(pl.col("turn") == 1).select("start", "end").rows() == [(3, 7)]


def test_nothing_to_read_gives_nothing() -> None:
    batch = to_batch([[("user", "x")]])
    empty = Batch(batch.conversations[:0], batch.turns[:0], batch.segments)
    assert PersonName().check(empty).height == 0
    assert PersonName().check(batch).height == 0


@pytest.mark.parametrize("given", [{"threshold": 1.0}, {"beside": 0.0}, {"beside": 0.9}])
def test_thresholds_out_of_order_are_refused(given: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="beside"):
        PersonName(**given)  # type: ignore[arg-type]  # all are numbers


def test_no_learning_library_is_imported_to_find_names() -> None:
    code = (
        "import sys; from tunegate.checks.names import PersonName; "
        "from tunegate.model import to_batch; "
        "assert PersonName().check(to_batch([[('user', 'Hi Anna,')]])).height == 1; "
        "assert not {'sklearn', 'scipy', 'torch', 'faker', 'names'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
