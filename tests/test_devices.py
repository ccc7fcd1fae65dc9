"""Devices, vehicles and places: what can be one, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_entities import UPPER, luhn
from tunegate.checks.judging import Certainty
from tunegate.checks.pattern import Pattern
from tunegate.checks.validators import VALIDATORS
from tunegate.model import to_batch
from tunegate.rules import load_rules

CHECKS: dict[str, Pattern] = {
    rule.id.partition("/")[2]: rule.build() for rule in load_rules() if rule.file.check == "pattern"
}


def found_in(rule: str, *texts: str) -> list[str]:
    """Return what a rule finds in the user messages of one conversation."""
    found = CHECKS[rule].check(to_batch([[("user", text) for text in texts]]))
    places = found.select("turn", "start", "end").rows()
    return [texts[turn][start:end] for turn, start, end in places]


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("3C:5A:B4:1F:90:E2", True),
        ("3c-5a-b4-1f-90-e2", True),
        ("3c5a.b41f.90e2", True),
        ("FF:FF:FF:FF:FF:FF", False),
        ("00:00:00:00:00:00", False),
        ("01-02-03-04-05-06", False),
        ("3C:5A:B4:1F:90:E2:11", False),
        ("3C:5A-B4:1F-90:E2", False),
    ],
)
def test_addresses_of_network_devices(address: str, is_one: bool) -> None:
    assert found_in("mac-address", f"It says {address} there") == ([address] if is_one else [])


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("5f0c2d7e-9a41-4c3b-8f27-1b6d0e9a4c55", True),
        ("session id 5f0c2d7e-9a41-0c3b-0f27-1b6d0e9a4c55", True),
        ("5f0c2d7e-9a41-0c3b-0f27-1b6d0e9a4c55", False),
        ("00000000-0000-0000-0000-000000000000", False),
        ("0000180f-0000-1000-8000-00805f9b34fb", False),
        ("CLSID {5f0c2d7e-9a41-4c3b-8f27-1b6d0e9a4c55}", False),
    ],
)
def test_identifiers_count_unless_a_standard_gave_them_out(text: str, is_one: bool) -> None:
    assert bool(found_in("uuid", text)) == is_one


@given(st.integers(10**13, 10**14 - 1))
def test_a_phone_s_number_needs_its_name_and_its_check_digit(body: int) -> None:
    number = luhn(str(body))
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert found_in("imei", f"number {number}") == found_in("imei", f"IMEI {wrong}") == []


@given(st.text(UPPER + "0123456789", min_size=17, max_size=17))
def test_random_signs_are_no_vehicle(signs: str) -> None:
    judged = VALIDATORS["vehicle-number"](signs, 0, 17)
    assert judged is None or (judged.certainty is Certainty.UNSURE) or signs[-4:].isdigit()


@pytest.mark.parametrize(
    "plate",
    [
        "AB12 CDE", "B-MW 1234", "M-X 1", "AB-123-CD", "AB123CD", "1234 BCD", "AB-123-C",
        "12-AB-34",
        "MH 12 AB 1234", "7ABC123", "ABC-1234", "ABC1D23", "WA 12345", "901 FSA",
    ],
)  # fmt: skip
def test_a_plate_is_found_behind_the_word(plate: str) -> None:
    assert found_in("licence-plate", f"My number plate is {plate}, thanks") == [plate]


@pytest.mark.parametrize("text", ["plate 296,95 EUR", "placa 12 GB", "Flight BA 1234", "SW1A 1AA"])
def test_amounts_and_flights_are_no_plates(text: str) -> None:
    assert found_in("licence-plate", text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("at 40.712776, -74.005974 now", ["40.712776, -74.005974"]),
        ("at 40.712776,-74.005974", ["40.712776,-74.005974"]),
        ("GPS 48.858, 2.294", ["48.858, 2.294"]),
        ("it is 48.858, 2.294 wide", []),
        ("vector [12.34567, 13.45678, 14.56789]", []),
        ("[0.12345, 0.54321]", []),
        ("91.23456, 12.34567", []),
        ("12.34567, 181.23456", []),
        ("$12.50, 13.75", []),
    ],
)
def test_coordinates_are_a_pair_that_leads_to_a_house(text: str, found: list[str]) -> None:
    assert found_in("gps-coordinates", text) == found
