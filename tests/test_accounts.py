"""Numbers of a company are what the words beside them say; names and links belong to somebody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunegate.checks.fused import FusedPatterns
from tunegate.checks.pattern import Pattern
from tunegate.checks.validators.labels import Label, label_after, label_before
from tunegate.model import to_batch
from tunegate.rules import load_rules

NUMBERS = (
    "account-number", "booking-reference", "order-number", "policy-number", "serial-number",
    "ticket-number", "tracking-number",
)  # fmt: skip
RULES = [rule for rule in load_rules() if rule.file.check == "pattern"]
CHECKS: dict[str, Pattern] = {rule.id.partition("/")[2]: rule.build() for rule in RULES}
ALL_NUMBERS = FusedPatterns(tuple((name, CHECKS[name]) for name in NUMBERS))


def found_in(rule: str, *texts: str) -> list[str]:
    """Return what a rule finds in the user messages of one conversation."""
    found = CHECKS[rule].check(to_batch([[("user", text) for text in texts]]))
    places = found.select("turn", "start", "end").rows()
    return [texts[turn][start:end] for turn, start, end in places]


def kinds_in(*texts: str) -> set[tuple[str, str]]:
    """Return the numbers of a conversation with what they were found as."""
    found = ALL_NUMBERS.check(to_batch([[("user", text) for text in texts]]))
    places = found.select("rule", "turn", "start", "end").rows()
    return {(rule, texts[turn][start:end]) for rule, turn, start, end in places}


@pytest.mark.parametrize(
    ("before", "label"),
    [
        ("My account number is ", Label("account-number", explicit=True, linked=True)),
        ("Account: ", Label("account-number", explicit=False, linked=True)),
        ("order ", Label("order-number", explicit=False, linked=False)),
        ("Kundennr.: ", Label("account-number", explicit=True, linked=True)),
        ("número de pedido ", Label("order-number", explicit=True, linked=False)),
        ("The order number that I got from you is ", Label("order-number", True, True)),
        ("booking reference ", Label("booking-reference", explicit=True, linked=False)),
        ("reference number ", Label("ticket-number", explicit=True, linked=False)),
        ("注文番号は", Label("order-number", explicit=True, linked=True)),
        ('"account_id": "', Label("account-number", explicit=True, linked=True)),
    ],
    ids=str,
)
def test_the_words_before_a_number_name_it(before: str, label: Label) -> None:
    assert label_before(before, len(before)) == label


@pytest.mark.parametrize(
    "before",
    [
        "My account was charged twice on ",
        "I forgot my order. ",
        "my account number and my PIN is ",
        "The delivery ",
        "I called customer service at ",
        "",
    ],
)
def test_other_words_name_nothing(before: str) -> None:
    assert label_before(before, len(before)) is None


def test_the_words_behind_a_number_name_it_too() -> None:
    assert label_after("12 is my order number", 2) == Label("order-number", True, True)
    assert label_after("12 is my order", 2) is None
    assert label_after("12 is what I paid", 2) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Order #4711 and order 4712 are late", {"4711", "4712"}),
        ("orders 99120, 99121 and 99122", {"99120", "99121", "99122"}),
        ("order 4711 20 pieces", {"4711"}),
        ("order no. 8573 1890 4410 12", {"8573 1890 4410 12"}),
        ("order ORD-2026/00123-A", {"ORD-2026/00123-A"}),
        ("order number PO 99123", {"99123"}),
        ("order number;4711882;x", {"4711882"}),
        ("order number,4711882,4711883", {"4711882", "4711883"}),
        ('{"order_id":4711882}', {"4711882"}),
        ("order 2026", set()),
        ("order 1200", set()),
        ("order 4711 euros", set()),
        ("order from 2026-03-14", set()),
        ("order by 12:30", set()),
        ("the order was 1249.00", set()),
        ("order 12/2026", set()),
        ("https://example.com/order/4711882", set()),
    ],
)
def test_order_numbers(text: str, found: set[str]) -> None:
    assert kinds_in(text) == {("order-number", value) for value in found}


@pytest.mark.parametrize("kind", NUMBERS)
def test_an_answer_is_what_was_asked_for(kind: str) -> None:
    asked = kind.replace("-", " ")
    assert kinds_in(f"Could you give me the {asked}?", "Sure, it's 88123990") == {
        (kind, "88123990")
    }


@pytest.mark.parametrize(
    "answer",
    [
        "I moved to 12345 Elm Street",
        "my phone is 4155550100",
        "I bought it on 14/03/2026",
        "I do not have it, but I paid 12500 yen and it took them 20000 hours to tell me",
    ],
)
def test_not_every_number_of_an_answer_is_it(answer: str) -> None:
    assert kinds_in("What is your account number?", answer) == set()


@given(st.text("AB01 -/#.,:", max_size=40), st.sampled_from(["order ", "account no. ", ""]))
def test_no_label_and_no_number_make_it_fail(text: str, label: str) -> None:
    for _, value in kinds_in(label + text):
        assert any(sign.isalnum() for sign in value)
        assert value == value.strip()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my username is janeroe", ["janeroe"]),
        ("Username: jane.roe.", ["jane.roe"]),
        ('{"username":"jroe_84"}', ["jroe_84"]),
        ("my handle is jroe84", ["jroe84"]),
        ("my login is broken", []),
        ("My username is not accepted", []),
        ("the username ********", []),
        ("follow @lumena on every network", []),
        ("I am @jane_roe there", ["jane_roe"]),
    ],
)
def test_user_names(text: str, found: list[str]) -> None:
    assert found_in("username", text) == found


def test_a_user_name_answers_the_question_for_it() -> None:
    assert found_in("username", "What is your username?", "it's croe730") == ["croe730"]
    assert found_in("username", "What is your size?", "it's croe730") == []


@pytest.mark.parametrize(
    ("address", "personal"),
    [
        ("https://www.linkedin.com/in/jane-roe", True),
        ("https://www.linkedin.com/company/example", False),
        ("https://x.com/jane_roe", True),
        ("https://x.com/jane_roe/status/1", False),
        ("https://www.youtube.com/@janeroe", True),
        ("https://www.youtube.com/watch?v=a1b2c3d4e5f", False),
        ("https://shop.example.com/reset/9f8e7d6c5b4a39281706", True),
        ("https://shop.example.com/reset-password", False),
        ("https://shop.example.com/p/kettle?utm_source=mail", False),
        ("https://shop.example.com/?email=jane%40example.com", True),
    ],
)
def test_links_of_one_person(address: str, personal: bool) -> None:
    assert found_in("personal-url", f"see {address}, thanks") == ([address] if personal else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jane at example dot com", ["jane at example dot com"]),
        ("jane[at]example[dot]co[dot]uk", ["jane[at]example[dot]co[dot]uk"]),
        ("jane.roe at gmail.com", ["jane.roe at gmail.com"]),
        ("I bought it at example.com", []),
        ("meet me at example dot com", []),
        ("write to jane@example.com", []),
    ],
)
def test_addresses_in_words(text: str, found: list[str]) -> None:
    assert found_in("email-in-words", text) == found
