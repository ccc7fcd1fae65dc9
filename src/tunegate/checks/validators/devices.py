"""Numbers of devices, SIM cards and vehicles, and places on the map."""

import re
from collections.abc import Mapping
from uuid import UUID

from tunegate.checks.judging import DIGITS, Certainty, Judged, Validator, likely_if, word_set
from tunegate.checks.validators.general import passes_luhn


def _digits(text: str, start: int, end: int) -> str:
    return "".join(DIGITS.findall(text, start, end))


def mac_address(text: str, start: int, end: int) -> Judged | None:
    """Accept an address that one device can have: not broadcast, and no row of numbers."""
    octets = bytes.fromhex(re.sub(r"[-:.]", "", text[start:end]))
    if len(set(octets)) < 3 or not re.search("[A-Fa-f]|:", text[start:end]):
        return None
    return Judged(start, end, Certainty.LIKELY)


_WELL_KNOWN = re.compile(r"(?i)-0000-1000-8000-00805f9b34fb\Z")  # numbers of Bluetooth services
_VARIANTS = "89abAB"  # RFC 9562, 4.1


def uuid_of_someone(text: str, start: int, end: int) -> Judged | None:
    """Accept an identifier of a known version; those that a standard gives out are none."""
    written = text[start:end]
    value = UUID(written)
    if value.int in (0, (1 << 128) - 1) or _WELL_KNOWN.search(written):
        return None
    random = written[14] in "1345678" and written[19] in _VARIANTS
    braced = text[start - 1 : start] == "{"  # a class or an interface of Windows
    return Judged(start, end, likely_if(random and not braced))


def imei(text: str, start: int, end: int) -> Judged | None:
    """Accept 15 digits with a right check digit, or 16 that end in a version (TS 23.003)."""
    digits = _digits(text, start, end)
    if len(digits) == 15 and not passes_luhn(digits):
        return None
    if digits[:2] in ("00", "02", "04") or len(set(digits)) < 4:
        return None
    printed = re.fullmatch(r"[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9]{1,2}", text[start:end])
    return Judged(start, end, likely_if(printed is not None))


def sim_number(text: str, start: int, end: int) -> Judged | None:
    """Accept the number of a SIM card (ICCID, ITU-T E.118) or of a subscriber (IMSI)."""
    digits = _digits(text, start, end)
    if len(digits) < 18:  # IMSI: country codes begin with 2 to 7
        return Judged(start, end, Certainty.UNSURE) if "2" <= digits[0] <= "7" else None
    whole = passes_luhn(digits) or (len(digits) == 20 and passes_luhn(digits[:19]))
    return Judged(start, end, Certainty.UNSURE) if whole and digits.startswith("89") else None


_VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN = re.compile(
    r"[1-9A-HJ-NPR-Z][A-HJ-NPR-Z0-9]{8}[A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z0-9]{2,3}[0-9]{4,5}"
)


def vehicle_number(text: str, start: int, end: int) -> Judged | None:
    """Accept a vehicle identification number (ISO 3779); outside North America it has no check."""
    written = text[start:end].upper()
    digits = sum(sign.isdigit() for sign in written)
    if not _VIN.fullmatch(written) or digits == len(written) or digits < 5:
        return None
    total = sum(
        weight * (int(sign) if sign.isdigit() else _VIN_VALUES[sign])
        for sign, weight in zip(written, _VIN_WEIGHTS, strict=True)
    )
    checked = written[8] == "0123456789X"[total % 11] and text[start:end].isupper()
    return Judged(start, end, likely_if(checked))


_DEGREES = re.compile(r"[-+]?[0-9]{1,3}\.[0-9]+")
_ITEM_BEFORE = re.compile(r"[0-9][,;] ?\Z")
_ITEM_AFTER = re.compile(r"[,;] ?-?[0-9]+\.[0-9]")
_PRECISE = 4  # decimals of a degree: eleven metres, one house


def gps_coordinates(text: str, start: int, end: int) -> Judged | None:
    """Accept a latitude and a longitude; likely where both lead to a house."""
    written = text[start:end]
    if re.search("[°º]", written):
        return Judged(start, end, Certainty.LIKELY)
    numbers = _DEGREES.findall(written)
    if len(numbers) != 2 or abs(float(numbers[0])) > 90 or abs(float(numbers[1])) > 180:
        return None
    if _ITEM_BEFORE.search(text, max(0, start - 3), start) or _ITEM_AFTER.match(text, end):
        return None  # a list of measurements
    precise = all(len(number.partition(".")[2]) >= _PRECISE for number in numbers)
    varied = max(abs(float(number)) for number in numbers) > 1
    return Judged(start, end, likely_if(precise and varied))


_STATES = word_set(
    """
    AN AP AR AS BR CG CH DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB
    PY RJ SK TN TR TS UK UP WB
    """
)
_INDIAN = re.compile(r"([A-Z]{2})[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}")
# Since 2001: area (no I, Q, Z), half-year of registration, three letters (no I, Q).
_BRITISH = re.compile(r"[A-HJ-PR-Y]{2} ?(?:0[1-9]|[1-7][0-9]) [A-HJ-PR-Z]{3}")
# What the registers of Europe and the Americas give out; the longer shapes first.
_PLATE = re.compile(
    r"""(?x)(?:
      [A-Z]{2}[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}       # India
    | [A-Z\u00c4\u00d6\u00dc]{1,3}[ -][A-Z]{1,2}[ -]?[0-9]{1,4}[EH]?  # Germany, Austria
    | [A-Z]{2}[ -]?[0-9]{3}[ -]?[A-Z]{2}                        # France, Italy
    | [0-9]{1,4}[ -][A-Z]{2,3}[ -][0-9]{2}                      # France until 2009
    | [A-Z]{2}[0-9]{2}[ ]?[A-Z]{3}                              # Britain
    | [A-Z][0-9]{1,3}[ ]?[A-Z]{3} | [A-Z]{3}[ ]?[0-9]{1,3}[A-Z] # Britain until 2001
    | [A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,3}                 # Netherlands, Portugal
    | [0-9]{4}[ -]?[A-Z]{3}                                     # Spain
    | [A-Z]{3}[ -]?[0-9][A-Z0-9][0-9]{2}                        # Brazil
    | [A-Z]{2,3}[ ]?[A-Z0-9]{4,5}                               # Poland
    | [A-Z]{3}[ -]?[0-9]{2,3}[A-Z]?                             # Sweden, Argentina
    | [0-9][A-Z]{3}[0-9]{3}                                     # California
    | [A-Z0-9]{2,4}[ -]?[A-Z0-9]{2,4}                           # the rest of the United States
    )(?![A-Za-z0-9])"""
)


_UNIT = re.compile(
    r"\b(?:EUR|USD|GBP|CHF|CAD|AUD|INR|BRL|MXN|PLN|SEK|KG|KM|CM|MM|GB|MB|TB|AM|PM|HP|KW)\b"
)


def licence_plate(text: str, start: int, end: int) -> Judged | None:
    """Accept a plate; only those of Britain and India are known by their shape."""
    plate = _PLATE.match(text, start, end)
    if plate is None:
        return None
    written = plate[0]
    digits = sum(sign.isdigit() for sign in written)
    if digits == 0 or not re.search("[A-Z\u00c4\u00d6\u00dc]", written) or _UNIT.search(written):
        return None
    indian = _INDIAN.fullmatch(written)
    known = _BRITISH.fullmatch(written) or (indian and indian[1] in _STATES)
    return Judged(start, plate.end(), likely_if(bool(known)))


DEVICES: Mapping[str, Validator] = {
    "gps-coordinates": gps_coordinates,
    "imei": imei,
    "licence-plate": licence_plate,
    "mac-address": mac_address,
    "sim-number": sim_number,
    "uuid": uuid_of_someone,
    "vehicle-number": vehicle_number,
}
