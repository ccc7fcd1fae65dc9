"""Keys are told from words, placeholders and sequences, and passwords from their state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunegate.checks.judging import Certainty
from tunegate.checks.pattern import Pattern
from tunegate.checks.validators.randomness import entropy, is_placeholder, is_sequence, is_wordy
from tunegate.checks.validators.secrets import crc32_base62, crc32_token, with_crc32
from tunegate.model import to_batch
from tunegate.rules import Rule, bundled, load_rules

RULES = [rule for rule in load_rules() if rule.family == "secret"]
FUSED = Pattern.fuse([(rule, rule.build()) for rule in RULES])
HEX = "9f8a7c6e5d4b3a2f" + "1e0d9c8b7a6f5e4d"


def found(*texts: str) -> list[tuple[str, str]]:
    """Return rule and value of what is found in one conversation of user messages."""
    spans = FUSED.check(to_batch([[("user", text) for text in texts]]))
    rows = spans.select("rule", "turn", "start", "end").iter_rows()
    return [(rule.partition("/")[2], texts[turn][a:b]) for rule, turn, a, b in rows]


def test_entropy_is_in_bits_per_character() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abab") == 1
    assert entropy("abcdefgh") == 3


@pytest.mark.parametrize(
    "value",
    ["xxxxxxxxxxxxxxxx", "0000-0000-0000", "your-api-key", "my_secret_token", "****************",
     "insert key here", "aaaaaaaaaaaaZ9", "<example>"],
)  # fmt: skip
def test_what_stands_for_a_key_is_a_placeholder(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    ["correct-horse-battery-staple", "accessibilityPreferences", "my-service-account-key",
     "IchHabeMeinPasswortVergessen"],
)  # fmt: skip
def test_words_are_wordy(value: str) -> None:
    assert is_wordy(value)


@pytest.mark.parametrize("value", [HEX, "Zk3mQ8vT1xWp5RdLn7Yc", "deadbeefdeadbeefdeadbeef"])
def test_keys_are_not_wordy_and_no_placeholders(value: str) -> None:
    assert not is_wordy(value)
    assert not is_placeholder(value)


def test_sequences_are_told() -> None:
    assert is_sequence("1234567890abcdef")
    assert is_sequence("ZYXWVUTSRQ")
    assert not is_sequence(HEX)


def test_the_checksum_of_a_token_is_the_published_one() -> None:
    # A token that the vendor's own documents and many tools print as an example.
    assert crc32_base62("sbUsUmRNn8X74dFU0DJ9" + "Fm1mvdCgtH") == "474T38"


@given(st.text("abcXYZ019", min_size=30, max_size=40))
def test_a_right_checksum_is_sure_and_a_wrong_one_likely(body: str) -> None:
    value = with_crc32(f"ghp_{body}000000")
    judged = crc32_token(value, 0, len(value))
    if judged is not None:
        assert judged.certainty is Certainty.SURE
        other = value[:-1] + ("0" if value[-1] != "0" else "1")
        changed = crc32_token(other, 0, len(other))
        assert changed is not None
        assert changed.certainty is Certainty.LIKELY


@pytest.mark.parametrize(
    "text",
    [
        f"fixed in commit {HEX}01234567",
        f"ETag: {HEX}, md5 {HEX}",
        f"datadog trace {HEX}",
        f"sentry request id: {HEX}",
        f"image@sha256:{HEX}{HEX}",
        '"integrity": "sha512-' + "q83vEjRWeJASNFZ4kBI0" * 4 + '=="',
        '<img src="data:image/png;base64,' + "iVBORw0KGgoAAAANSUhEUgAA" * 9 + '">',
        "heroku request 01234567-89ab-cdef-0123-456789abcdef",
        "intercom user_id: 01234567-89ab-cdef-0123-456789abcdef",
        "order number 4F8K2L9QX1, tracking 1Z999AA10123456784",
        "#ff8800 #0a1b2c3d background",
        "AKIA is how they begin, glpat- too, and sk-proj-.",
        "token: refresh_token_expiry_in_seconds_2",
        "public key: " + HEX,
    ],
)
def test_what_only_looks_random_is_no_secret(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("my new password should be Kitten77", "Kitten77"),
        ("I changed the password to Kitten77", "Kitten77"),
        ("mon mdp c'est soleil22", "soleil22"),
        ("minha senha é gato2020", "gato2020"),
        ("moje hasło to kot123", "kot123"),
        ("비밀번호는 abc1234", "abc1234"),
        ("<password>abc123x</password>", "abc123x"),
        ("?user=a&password=abc123&x=1", "abc123"),
        ("My username is jane and my password is sunshine.", "sunshine"),
        ("your temporary password is Xk29-mmQ", "Xk29-mmQ"),
        ("Your one-time passcode is 482913", "482913"),
    ],
)
def test_a_password_is_found_without_what_stands_around(text: str, value: str) -> None:
    assert {spoken for _, spoken in found(text)} == {value}


@pytest.mark.parametrize(
    "text",
    [
        "the password is incorrect",
        "Password must contain 8 characters",
        "Your password was reset on 2024-05-01",
        "the password is valid for 24 hours",
        "password manager 1Password is great",
        "пароль неверный",
        "密码错误",
        "password: {{ password }}, passwd: None",
        "my password is same as before!",
        "password is 100% correct",
        "I would pass on that! A 50-yard pass 17-14.",
    ],
)
def test_the_state_of_a_password_is_none(text: str) -> None:
    assert found(text) == []


def test_the_question_for_a_password_makes_the_next_line_one() -> None:
    assert found("What is your password?", "hunter2") == [("password-answer", "hunter2")]
    assert found("What is your order number?", "hunter2") == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_file_of_a_rule_holds_a_whole_key(rule: Rule) -> None:
    # A code host refuses a push with one, so that every invented key is split.
    text = (bundled("rules") / f"{rule.id}.yaml").read_text(encoding="utf-8")
    vendors = {one.id.partition("/")[2] for one in RULES if one.file.cases.generated}
    assert not vendors & {name for name, _ in found(text)}


def test_a_hostile_text_costs_no_more_than_a_long_one() -> None:
    # Each of these would take hours in a pattern with nested or unbounded repetitions.
    for piece in ("password is ", "datadog key ", "a-b_c.", "secret=", "AAAA", "Bearer ", "otp "):
        found(piece * (60_000 // len(piece)))
