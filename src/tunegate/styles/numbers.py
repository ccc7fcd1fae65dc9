"""Other numbers of the same shape, in ranges that nobody has where there are such."""

import re
from collections.abc import Callable

from tunegate.styles.draw import Draw

TRIES = (
    200  # candidates; of two check digits one in 97 fits, and for each ten last digits are tried
)
_FEW_LETTERS = 3  # that may stay where a check allows no others: a country or a type, not a name
_SIGN = re.compile(r"[^\W_]")
_UPPER, _LOWER = "ABCDEFGHJKLMNPRSTUVWXYZ", "abcdefghjkmnprstuvwxyz"

_EXTENSION = re.compile(r"[^\W\d_]")
_TRUNK = re.compile(r"\(0\)")

# Numbers that the regulators keep free for films and books, as digits with the calling code;
# `.` is a digit that is kept, `#` one that is drawn. NANPA 555-0100 to 555-0199; Ofcom, numbers
# for drama use; ARCEP, decision 2018-0881; ACMA, numbers for films and books.
_FICTITIOUS = tuple(
    (re.compile(known), written)
    for known, written in (
        (r"1[2-9]\d{9}", "....55501##"),
        (r"447\d{9}", "447700900###"),
        (r"4420\d{8}", "442079460###"),
        (r"441(?:1[3-8]|21|31|41|51|61)\d{7}", ".....4960###"),
        (r"44191\d{7}", "441914980###"),
        (r"331\d{8}", "3319900####"),
        (r"332\d{8}", "3326191####"),
        (r"333\d{8}", "3335301####"),
        (r"334\d{8}", "3346571####"),
        (r"335\d{8}", "3353649####"),
        (r"33[67]\d{8}", "3363998####"),
        (r"61[2378]\d{8}", "...5550####"),
    )
)
_NATIONAL = (  # how numbers look at home → the calling code to read them with
    (re.compile(r"\(?[2-9]\d{2}\)?[ .-]*\d{3}[ .-]?\d{4}"), "1", ""),
    (re.compile(r"0[127][\d ()-]{9,13}"), "44", "0"),
    (re.compile(r"0[1-7](?:[ .-]?\d{2}){4}"), "33", "0"),
    (re.compile(r"\(?0[2378]\)?(?:[ -]?\d{4}){2}"), "61", "0"),
)
_AREA = 3  # digits of a national number that stay where no fictitious range is known


def varied(value: str, draw: Draw, *, keep: int = 0, letters: bool = True) -> str:
    """Return a value with other digits and letters of the same classes.

    keep: how many of them stay at the beginning. letters: whether letters change.
    """
    new = []
    kept = 0
    for sign in value:
        if not _SIGN.fullmatch(sign):
            new.append(sign)
        elif kept < keep:
            new.append(sign)
            kept += 1
        elif sign.isdigit():
            # A leading zero stays one, and no other number begins with it.
            leads = not any(map(str.isdigit, new))
            new.append(
                sign
                if leads and sign == "0"
                else str(1 + draw.below(9) if leads else draw.below(10))
            )
        elif not letters:
            new.append(sign)
        else:
            new.append(draw.among(_LOWER if sign.islower() else _UPPER))
    return "".join(new)


def hardware(value: str, draw: Draw) -> str:
    """Return a hardware address that no maker has: one of those that are given out locally.

    IEEE 802, 8.4: the second bit of the first byte says so.
    """
    drawn = [draw.below(16), draw.among((0x2, 0x6, 0xA, 0xE)), *(draw.below(16) for _ in value)]
    digits = (f"{number:x}" for number in drawn)
    signs = (next(digits) if _SIGN.fullmatch(sign) else sign for sign in value)
    new = "".join(signs)
    return new.upper() if value.upper() == value else new


def checked(value: str, draw: Draw, valid: Callable[[str], bool], *, keep: int = 0) -> str | None:
    """Return a varied value that a validator accepts, or None where none of many is."""
    few = sum(map(str.isalpha, value)) <= keep + _FEW_LETTERS
    for letters in (True, False) if few else (True,):
        for _ in range(TRIES):
            candidate = varied(value, draw, keep=keep, letters=letters)
            for whole in _last_digits(candidate):
                if valid(whole):
                    return whole
    return None


def account(value: str, draw: Draw, valid: Callable[[str], bool]) -> str | None:
    """Return another IBAN of the same country, its check digits computed (ISO 7064, MOD 97-10)."""
    for _ in range(TRIES):
        new = list(varied(value, draw, keep=2))
        places = [n for n, sign in enumerate(new) if _SIGN.fullmatch(sign)]
        signs = "".join(new[n] for n in places)
        turned = f"{signs[4:]}{signs[:2]}00"
        check = 98 - int("".join(str(int(sign, 36)) for sign in turned)) % 97
        new[places[2]], new[places[3]] = str(check // 10), str(check % 10)
        if valid("".join(new)):
            return "".join(new)
    return None


def _last_digits(candidate: str) -> list[str]:
    """Return a candidate with each last digit, its own first."""
    place = next((n for n in range(len(candidate) - 1, -1, -1) if candidate[n].isdigit()), None)
    if place is None:
        return [candidate]
    own = int(candidate[place])
    return [f"{candidate[:place]}{(own + step) % 10}{candidate[place + 1 :]}" for step in range(10)]


def phone(value: str, draw: Draw) -> str:
    """Return another phone number of the same country, area and grouping."""
    extension = _EXTENSION.search(value)
    main = value[: extension.start()] if extension else value
    places = [n for n, sign in enumerate(main) if sign.isdecimal()]
    trunk = _TRUNK.search(main)
    if trunk:
        places.remove(trunk.start() + 1)
    digits = "".join(main[n] for n in places)
    new = list(main)
    for place, digit in zip(places, _dialled(main, digits, draw), strict=True):
        new[place] = digit
    rest = varied(value[len(main) :], draw, letters=False) if extension else ""
    return "".join(new) + rest


def _dialled(written: str, digits: str, draw: Draw) -> str:
    """Return other digits for those of a number, as many."""
    text = written.strip()
    if text.lstrip("(").startswith("+"):
        known, lead = digits, ""
    elif digits.startswith("00"):
        known, lead = digits[2:], "00"
    elif len(digits) == 11 and digits[0] == "1":
        known, lead = digits, ""
    else:
        return _at_home(text, digits, draw)
    return lead + (_fictitious(known, draw) or _kept_area(known, 2 + _AREA, draw))


def _at_home(text: str, digits: str, draw: Draw) -> str:
    for shape, code, trunk in _NATIONAL:
        if shape.fullmatch(text):
            new = _fictitious(code + digits[len(trunk) :], draw)
            if new is not None:
                return trunk + new[len(code) :]
    return _kept_area(digits, _AREA + digits.startswith("0"), draw)


def _fictitious(digits: str, draw: Draw) -> str | None:
    for known, written in _FICTITIOUS:
        if known.fullmatch(digits):
            return "".join(
                old if sign == "." else str(draw.below(10)) if sign == "#" else sign
                for old, sign in zip(digits, written, strict=True)
            )
    return None


def _kept_area(digits: str, area: int, draw: Draw) -> str:
    area = min(area, len(digits) // 2)
    return digits[:area] + "".join(str(draw.below(10)) for _ in digits[area:])


def social_security(value: str, draw: Draw) -> str:
    """Return a US number that is never issued: area 9, and a group that no tax number has.

    Areas 900 to 999 are never given out (20 CFR 422.103), and taxpayer numbers, which begin with
    9, have groups from 50 on (IRS Publication 1915).
    """
    drawn = [9, draw.below(10), draw.below(10), draw.below(5), 1 + draw.below(9)]
    digits = iter([*drawn, *(draw.below(10) for _ in value)])
    return "".join(str(next(digits)) if sign.isdigit() else sign for sign in value)


def internet_address(value: str, draw: Draw) -> str:
    """Return an address of the ranges for documentation: RFC 5737, RFC 3849."""
    if ":" in value:
        groups = [f"{draw.below(1 << 16):x}" for _ in range(4)]
        return f"2001:db8::{':'.join(groups)}"
    net = draw.among(("192.0.2", "198.51.100", "203.0.113"))
    return f"{net}.{1 + draw.below(254)}"
