"""Cards, accounts, addresses of machines and mailboxes: what is known in every country."""

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Mapping

from tunegate.checks.judging import (
    DIGITS,
    Certainty,
    Judged,
    Validator,
    continues_code,
    likely_if,
)
from tunegate.checks.phones import phone_number


def passes_luhn(digits: str) -> bool:
    """Tell whether the last digit is the Luhn check digit (ISO/IEC 7812-1)."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    odd = sum(int(digit) for digit in digits[-1::-2])
    return (odd + sum(twice - 9 if twice > 9 else twice for twice in doubled)) % 10 == 0


# Issuer prefixes with the lengths they come in: Visa, Mastercard, American Express, Discover,
# Diners Club, JCB, UnionPay, Maestro, RuPay, Mir (ISO/IEC 7812 ranges as the schemes publish them).
_ISSUERS = re.compile(
    r"""(?x) 4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})
    | (?:5[1-5][0-9]{2} | 222[1-9] | 22[3-9][0-9] | 2[3-6][0-9]{2} | 27[01][0-9] | 2720)[0-9]{12}
    | 3[47][0-9]{13}
    | (?:6011 | 64[4-9][0-9] | 65[0-9]{2})[0-9]{12}
    | 3(?:0[0-5] | [689][0-9])[0-9]{11}
    | (?:352[89] | 35[3-8][0-9])[0-9]{12}
    | 62[0-9]{14,17}
    | (?:5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 676[1-3])[0-9]{12,15}
    | (?:508[5-9] | 60[0-9]{2} | 8[12][0-9]{2})[0-9]{12}
    | 220[0-4][0-9]{12}"""
)
_PRINTED = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (6, 13)}
_BEFORE_CARD = re.compile(r"(?:[0-9]{1,3}[ -])?")  # a count; a longer number is the card's own
_AFTER_CARD = re.compile(  # a date of expiry and a security code
    r"(?:[ -](?:[0-9]{1,3}|(?:0[1-9]|1[0-2])[0-9]{2}|20[0-9]{2})){0,3}"
)


def payment_card(text: str, start: int, end: int) -> Judged | None:
    """Accept a number of a known issuer whose check digit is right.

    Printed groups are sure, an unbroken number is likely, groups that no issuer prints, and the
    13 digits that no Visa card has had for decades, are unsure.
    """
    if continues_code(text, start):
        return None
    groups = [match.span() for match in DIGITS.finditer(text, start, end)]
    for count in range(len(groups), 0, -1):
        for first in range(len(groups) - count + 1):
            last = first + count
            begin, stop = groups[first][0], groups[last - 1][1]
            if not _BEFORE_CARD.fullmatch(text, start, begin):
                break  # and so would all that begin later
            if not _AFTER_CARD.fullmatch(text, stop, end):
                continue
            digits = "".join(text[a:b] for a, b in groups[first:last])
            if not (_ISSUERS.fullmatch(digits) and passes_luhn(digits) and len(set(digits)) > 1):
                continue
            if tuple(b - a for a, b in groups[first:last]) in _PRINTED:
                return Judged(begin, stop, Certainty.SURE)
            return Judged(begin, stop, likely_if(count == 1 and len(digits) > 13))
    return None


# IBAN registry: how long the numbers of a country are.
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FK FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
_ALNUM = re.compile(r"[A-Za-z0-9]")
_PROSE = re.compile(r"[A-Za-z]{5,}")


def iban(text: str, start: int, end: int) -> Judged | None:
    """Accept an account number whose two check digits are right (ISO 13616, modulo 97)."""
    signs = list(_ALNUM.finditer(text, start, end))
    length = _IBAN_LENGTHS.get(text[start : start + 2].upper(), len(signs) + 1)
    if length > len(signs) or (
        length < len(signs) and signs[length].start() == signs[length - 1].end()
    ):
        return None
    end = signs[length - 1].end()
    plain = "".join(sign[0] for sign in signs[:length]).upper()
    if end - start > length and _PROSE.search(text, start, end):
        return None
    number = int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4]))
    digits = sum(sign.isdigit() for sign in plain)
    valid = number % 97 == 1 and "02" <= plain[2:4] <= "98" and 2 * digits >= length
    return Judged(start, end, Certainty.SURE) if valid else None


def us_ssn(text: str, start: int, end: int) -> Judged | None:
    """Accept a number that could have been issued; without dashes it is unsure.

    Areas 000, 666 and 900 to 999, group 00 and serial 0000 are never issued (20 CFR 422.103).
    """
    digits = "".join(DIGITS.findall(text[start:end]))
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    if area in ("000", "666") or area[0] == "9" or group == "00" or serial == "0000":
        return None
    dashed = text[start + len(area)] not in "0123456789 "
    return Judged(start, end, Certainty.LIKELY if dashed else Certainty.UNSURE)


def ipv4(text: str, start: int, end: int) -> Judged | None:
    """Accept an address that can belong to a machine: no loopback, no mask, no 0.0.0.0.

    Four numbers below 100 are unsure, because most of them are versions.
    """
    try:
        address = ipaddress.IPv4Address(text[start:end])
    except ValueError:
        return None
    if address.packed[0] in (0, 127, 255):
        return None
    return Judged(start, end, likely_if(max(address.packed) > 99))


def ipv6(text: str, start: int, end: int) -> Judged | None:
    """Accept an address that can belong to a machine; not a time, a MAC address or a C++ name.

    Every address in use begins with a group of three digits or more, or with the two prefixes
    for IPv4 addresses, `::ffff:` and `64:ff9b:`; `12::30` and `std::dec` do not.
    """
    if text.endswith(":", start, end) and not text.endswith("::", start, end):
        end -= 1
    written = text[start:end].lower()
    try:
        address = ipaddress.IPv6Address(written)
    except ValueError:
        return None
    groups = written.split(":")
    if address.is_loopback or address.is_unspecified or not re.search("[0-9]", written):
        return None
    if all(len(group) == 2 for group in groups):  # a 64-bit MAC address
        return None
    mapped = written.startswith(("::ffff:", "64:ff9b:"))
    return Judged(start, end, Certainty.SURE) if mapped or len(groups[0]) > 2 else None


# A name before @, read backwards. In JSON an escape such as \u00e9 belongs to it, \n does not.
_NAME = re.compile(r"(?:[0-9A-Fa-f]{4}u\\|[A-Za-z0-9_\u00c0-\u1fff+%&'’-](?!\\)|\.(?![.\\]))+")
_NAME_WINDOW = 128  # code points: RFC 5321 allows 64, and mailing lists do not keep to it
_AFTER_AUTHORITY = re.compile(r"[\s/?#,;<>\"']")


def email_address(text: str, start: int, end: int) -> Judged | None:
    """Accept a host with the name before its @, which it takes along.

    The end of `scheme://user:password@host` is none, and no `git@host:path` is.
    """
    name = _NAME.match(text[max(0, start - _NAME_WINDOW) : start][::-1])
    written = name[0][::-1].lstrip(".&'’-") if name else ""
    if not written or (written == "git" and text.startswith(":", end)):
        return None
    begin = start - len(written)
    scheme = text.rfind("://", max(0, begin - _NAME_WINDOW), begin)
    if scheme >= 0 and not _AFTER_AUTHORITY.search(text, scheme + 3, begin):
        return None
    return Judged(begin, end, Certainty.SURE)


def json_web_token(text: str, start: int, end: int) -> Judged | None:
    """Accept a token whose first part decodes to a JOSE header (RFC 7519)."""
    head = text[start:end].partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    known = isinstance(header, dict) and ("alg" in header or "typ" in header)
    return Judged(start, end, Certainty.SURE) if known else None


GENERAL: Mapping[str, Validator] = {
    "email-address": email_address,
    "iban": iban,
    "ipv4": ipv4,
    "ipv6": ipv6,
    "json-web-token": json_web_token,
    "payment-card": payment_card,
    "phone-number": phone_number,
    "us-ssn": us_ssn,
}
