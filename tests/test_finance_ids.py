"""Bank codes, account numbers, card details and wallets are known by checks and words."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_entities import BASE58, UPPER, digits, ethereum, wallet, weighted
from tunegate.checks.judging import Certainty
from tunegate.checks.pattern import Pattern
from tunegate.checks.validators import VALIDATORS
from tunegate.checks.validators.keccak import keccak_256
from tunegate.model import to_batch
from tunegate.rules import load_rules

SURE, LIKELY, UNSURE = Certainty.SURE, Certainty.LIKELY, Certainty.UNSURE
CHECKS: dict[str, Pattern] = {
    rule.id.partition("/")[2]: rule.build() for rule in load_rules() if rule.file.check == "pattern"
}


def certainty(validator: str, text: str) -> Certainty | None:
    """Return what a validator makes of a whole text."""
    judged = VALIDATORS[validator](text, 0, len(text))
    return judged.certainty if judged else None


def found_in(rule: str, *texts: str) -> list[str]:
    """Return what a rule finds in the user messages of one conversation."""
    found = CHECKS[rule].check(to_batch([[("user", text) for text in texts]]))
    places = found.select("turn", "start", "end").rows()
    return [texts[turn][start:end] for turn, start, end in places]


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ],
)
def test_keccak_is_the_one_of_ethereum(message: bytes, digest: str) -> None:
    assert keccak_256(message).hex() == digest


def test_a_message_longer_than_a_block_is_mixed_in_whole() -> None:
    assert len({keccak_256(b"x" * size) for size in (135, 136, 137, 271, 272, 273)}) == 6


@pytest.mark.parametrize(
    "address",
    [
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",  # Bitcoin, the first block
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",  # BIP 173
        "BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ",
        "bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297",  # BIP 350
        "LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ",  # Litecoin
        "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L",  # Dogecoin
        "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",  # Ripple
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",  # Tron
        "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
        "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
        "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ",  # Stellar
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",  # EIP-55
    ],
    ids=lambda address: address[:12],
)
def test_a_wallet_is_sure_and_with_one_wrong_letter_it_is_none(address: str) -> None:
    assert certainty("crypto-wallet", address) is SURE
    for place in (len(address) // 3, -2):
        letter = next(c for c in "q7a2" if c.upper() != address[place].upper())
        changed = list(address)
        changed[place] = letter.upper() if address.isupper() else letter
        assert certainty("crypto-wallet", "".join(changed)) is not SURE


@given(st.integers())
def test_every_made_wallet_is_sure(seed: int) -> None:
    assert certainty("crypto-wallet", wallet(Random(seed))) is SURE


def test_an_ethereum_address_in_one_case_needs_a_word() -> None:
    address = ethereum(Random(1)).lower()
    assert found_in("crypto-wallet", f"see {address}") == []
    assert found_in("crypto-wallet", f"my wallet is {address}") == [address]


@given(st.text(BASE58, min_size=26, max_size=44))
def test_random_letters_are_no_sure_wallet(letters: str) -> None:
    assert certainty("crypto-wallet", letters) is not SURE


@given(st.sampled_from(["01", "11", "26", "32", "61", "72", "80"]), st.integers(0, 999_999))
def test_one_digit_in_ten_completes_a_routing_number(district: str, rest: int) -> None:
    body = f"{district}{rest:06}"
    right = [d for d in "0123456789" if certainty("us-routing-number", body + d)]
    assert [body + d for d in right] == [weighted(body, (3, 7, 1))]


@given(st.integers())
def test_a_clabe_with_another_check_digit_is_none(seed: int) -> None:
    number = weighted("032180" + digits(Random(seed), 11), (3, 7, 1), each=True)
    others = [number[:-1] + d for d in "0123456789" if d != number[-1]]
    assert certainty("mx-clabe", number) is UNSURE
    assert not any(certainty("mx-clabe", other) for other in others)


@pytest.mark.parametrize("code", ["DEUTDEFF", "NWBKGB2LXXX", "BNPAFRPP"])
def test_a_bank_code_has_a_country(code: str) -> None:
    assert certainty("swift-code", code) is UNSURE
    assert certainty("swift-code", code[:4] + "XX" + code[6:]) is None


@given(st.text(UPPER, min_size=8, max_size=8))
def test_a_word_in_capitals_is_no_bank_code(word: str) -> None:
    assert found_in("swift-code", f"SHOUTING {word} AGAIN") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4111 1111 1111 1111 12/29 737", ["737"]),
        ("4111111111111111, exp 12/2029, 737", ["737"]),
        ("4111111111111111 and 737", []),
        ("it has 737 seats", []),
    ],
)
def test_a_code_counts_unnamed_behind_a_card_and_its_expiry(text: str, found: list[str]) -> None:
    assert found_in("card-security-code", text) == found


@pytest.mark.parametrize("name", ["passport", "coupon", "subscription", "Reisepass", "garantía"])
def test_what_else_expires_in_a_month_is_no_card(name: str) -> None:
    assert found_in("card-expiry", f"The {name} expires 12/29.") == []
    assert found_in("card-expiry", "The card expires 12/29.") == ["12/29"]


def test_the_balance_behind_a_pin_is_no_pin() -> None:
    assert found_in("card-pin", "My PIN is 9503", "Your current balance is 2514 in credit.") == [
        "9503"
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20-00-00 55779911", ["55779911"]),
        ("sort code 20-00-00, account 55779911", ["55779911"]),
        ("BSB 062-000 account 12345678", ["12345678"]),
        ("my bank account, call 404-524-5555", []),
        ("my bank account since 20-03-2026", []),
        ("my bank account held 120000 euros", []),
    ],
)
def test_bank_accounts(text: str, found: list[str]) -> None:
    assert found_in("bank-account", text) == found
