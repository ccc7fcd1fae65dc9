"""Where money goes: bank codes and account numbers of countries without an IBAN."""

import re
from collections.abc import Mapping, Sequence

from tunegate.checks.judging import DIGITS, Certainty, Judged, Validator, likely_if, word_set
from tunegate.checks.validators.cards import stands_alone

# ISO 3166-1, with XK, which SWIFT gives to Kosovo.
_COUNTRIES = word_set(
    """
    AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ
    BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM
    DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT
    GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP
    KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL
    PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST
    SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI
    VN VU WF WS XK YE YT ZA ZM ZW
    """
)
_LOOK_BACK = 64  # code points: an IBAN in groups and a few words
_IBAN_BEFORE = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}[ ,;/|(\n]{1,3}"
    r"(?:and |und |et |y |e )?\Z"
)
# Indian banks whose customers write most: the first four letters of a branch's code.
_INDIAN_BANKS = word_set(
    """
    SBIN HDFC ICIC UTIB KKBK PUNB BARB CNRB UBIN IDIB IOBA BKID CBIN UCBA MAHB PSIB IDFB
    YESB INDB FDRL SIBL KVBL CIUB TMBL RATN DLXB KARB JAKA DCBL BDBL AUBL ESFB UJVN AIRP
    PYTM IPOS CITI HSBC SCBL DEUT DBSS IBKL
    """
)


def _digits(text: str, start: int, end: int) -> str:
    return "".join(DIGITS.findall(text, start, end))


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weights[place % len(weights)] for place, digit in enumerate(digits))


# In small letters and without a digit only right after a sign: "bic: deutdeff", not "required".
_GIVEN = re.compile(r"(?i)\b(?:bic|swift)(?:[ /-](?:code|bic|swift|nr|no))?\.? ?[:=] ?\Z")
_WORD_ENDING = re.compile(r"(?i)(?:e[drnts]|ing|i[oe]n|l[yel]|nt|al|us|o[rn]|ty|as|os|ar|ir)\Z")
_GIVEN_WINDOW = 20  # code points


def _is_given(text: str, start: int, end: int) -> bool:
    """Tell whether a field for the code stands before eight or eleven letters that are no word."""
    if " " in text[start:end] or _WORD_ENDING.search(text, start, end):
        return False
    return bool(_GIVEN.search(text, max(0, start - _GIVEN_WINDOW), start))


def swift_code(text: str, start: int, end: int) -> Judged | None:
    """Accept a bank code with a country in it (ISO 9362); likely right after an IBAN."""
    code = text[start:end].replace(" ", "")
    plain = not (code.isupper() or re.search("[0-9]", code))
    if plain and not _is_given(text, start, end):  # "required" has a country in it as well
        return None
    code = code.upper()
    if code[4:6] not in _COUNTRIES or len(code) not in (8, 11):
        return None
    follows = _IBAN_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
    return Judged(start, end, likely_if(follows is not None))


def us_routing_number(text: str, start: int, end: int) -> Judged | None:
    """Accept a number of a Federal Reserve district whose check digit is right (weights 371)."""
    digits = _digits(text, start, end)
    district = int(digits[:2])
    known = 1 <= district <= 12 or 21 <= district <= 32 or 61 <= district <= 72 or district == 80
    if not known or _weighted(digits, (3, 7, 1)) % 10:
        return None
    return Judged(start, end, likely_if("-" in text[start:end]))


def mx_clabe(text: str, start: int, end: int) -> Judged | None:
    """Accept 18 digits whose last is the check digit (weights 371, each product modulo 10)."""
    digits = _digits(text, start, end)
    total = sum(int(d) * (3, 7, 1)[place % 3] % 10 for place, d in enumerate(digits[:17]))
    right = (10 - total % 10) % 10 == int(digits[17]) and len(set(digits)) > 2
    return Judged(start, end, Certainty.UNSURE) if right else None


def in_ifsc(text: str, start: int, end: int) -> Judged | None:
    """Accept a branch code; of a bank that is not known here it is unsure."""
    return Judged(start, end, likely_if(text[start : start + 4] in _INDIAN_BANKS))


_SORT_CODE_AND_ACCOUNT = re.compile(
    r"[ ,;/]{1,3}(?:(?i:account|acc?t?|a/c)[^0-9\n]{0,16})?[0-9]{8}(?![0-9])"
)


def uk_sort_code(text: str, start: int, end: int) -> Judged | None:
    """Accept three pairs of digits; likely where an account of eight digits follows."""
    paired = text[start + 2] == "-" and _SORT_CODE_AND_ACCOUNT.match(text, end)
    return Judged(start, end, likely_if(bool(paired)))


def au_bsb(text: str, start: int, end: int) -> Judged | None:
    """Accept two groups of three digits."""
    return Judged(start, end, Certainty.UNSURE)


def ca_transit(text: str, start: int, end: int) -> Judged | None:
    """Accept a branch and an institution, as printed or in the electronic form with a leading 0."""
    digits = _digits(text, start, end)
    institution = digits[1:4] if len(digits) == 9 else digits[5:]
    known = institution <= "899" and (len(digits) == 8 or digits[0] == "0")
    return Judged(start, end, Certainty.UNSURE) if known else None


_AFTER_SORT_CODE = re.compile(r"(?<![0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}[ ,;/]{1,3}\Z")
_AFTER_BSB = re.compile(r"(?i)\bbsb\b[^0-9\n]{0,12}[0-9]{3}[ -]?[0-9]{3}[^0-9\n]{1,24}\Z")
_NOT_ACCOUNT = re.compile(  # dates, and phone numbers of North America
    r"(?:19|20)[0-9]{2}[ -][0-9]{2}[ -][0-9]{2}|[0-9]{2}[ -][0-9]{2}[ -](?:19|20)[0-9]{2}"
    r"|(?:1[ -])?[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}"
)
_FEWEST_DIGITS, _MOST_DIGITS = 6, 20


def bank_account(text: str, start: int, end: int) -> Judged | None:
    """Accept 6 to 20 digits; likely after a sort code or a BSB."""
    digits = _digits(text, start, end)
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS or len(set(digits)) == 1:
        return None
    divided = end - start > len(digits)
    if divided and (len(digits) == _FEWEST_DIGITS or _NOT_ACCOUNT.fullmatch(text, start, end)):
        return None
    if not stands_alone(text, start, end):
        return None
    first = max(0, start - _LOOK_BACK)
    sort_code = len(digits) == 8 and _AFTER_SORT_CODE.search(text, first, start)
    follows = sort_code or _AFTER_BSB.search(text, first, start)
    return Judged(start, end, likely_if(bool(follows)))


FINANCE: Mapping[str, Validator] = {
    "au-bsb": au_bsb,
    "bank-account": bank_account,
    "ca-transit": ca_transit,
    "in-ifsc": in_ifsc,
    "mx-clabe": mx_clabe,
    "swift-code": swift_code,
    "uk-sort-code": uk_sort_code,
    "us-routing-number": us_routing_number,
}
