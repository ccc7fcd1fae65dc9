"""Keys and tokens: random enough, named as a key where the shape alone proves nothing."""

import re
import zlib
from collections.abc import Callable, Mapping
from functools import partial

from tunegate.checks.judging import Certainty, Judged, Validator
from tunegate.checks.validators.randomness import (
    entropy,
    is_placeholder,
    is_sequence,
    is_wordy,
)

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CRC_LENGTH = 6  # base-62 digits of a CRC-32
_WITH_CRC = re.compile(r"([a-z]{3}_)([A-Za-z0-9_-]{30,})[A-Za-z0-9]{6}")
_PROBABLY_WORDS = 0.65  # of the pairs of letters; a format of its own must be very wordy to be none


def token(text: str, start: int, end: int) -> Judged | None:
    """Accept what has the shape of one vendor's key, unless it only stands for one.

    `sk-xxxxxxxx` and `glpat-your-token-goes-here` are none. A sequence such as 0123456789 is one:
    nobody else writes the prefix, and to redact it costs nothing.
    """
    value = text[start:end]
    # Prefixes are words: `access-production-`, or an address. What follows them must not be.
    own = value[len(value) // 2 :].rpartition("/")[2]
    if is_placeholder(value) or is_wordy(own, share=_PROBABLY_WORDS):
        return None
    return Judged(start, end, Certainty.SURE)


def crc32_base62(body: str) -> str:
    """Return the six characters that GitHub, npm and Vercel put after the body of a token."""
    number, written = zlib.crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, len(_BASE62))
        written = _BASE62[digit] + written
    return written.rjust(_CRC_LENGTH, _BASE62[0])


def with_crc32(value: str) -> str:
    """Return a token with the right checksum at its end; a token of another kind as it is."""
    parts = _WITH_CRC.fullmatch(value)
    return f"{parts[1]}{parts[2]}{crc32_base62(parts[2])}" if parts else value


def crc32_token(text: str, start: int, end: int) -> Judged | None:
    """Accept a key that ends in its own checksum; one with another end is likely, not sure.

    It may have been mistyped, or be of a kind that has no checksum.
    """
    judged = token(text, start, end)
    value = text[start:end]
    if judged is None or (_WITH_CRC.fullmatch(value) and value == with_crc32(value)):
        return judged
    return judged._replace(certainty=Certainty.LIKELY)


_KEY_WINDOW = 48  # code points before a value in which it must be called a key
_KEY_WORD = re.compile(
    r"(?i)key|token|secret|passw|passcode|pwd|credential|\bcreds|auth(?!or|0)|bearer|licen[cs]e|dsn"
    r"|schlüssel|schluessel|kennwort|geheim|zugangs|\bclé|jeton|mot de passe|clave|llave|contraseña"
    r"|chave|senha|segredo|chiave|segreto|sleutel|wachtwoord|nyckel|lösenord|nøgle|nøkkel|adgangskode"
    r"|avain|klucz|hasło|klíč|heslo|kulcs|jelszó|cheie|anahtar|şifre|κλειδί|ключ|токен|секрет|пароль"
    r"|مفتاح|מפתח|कुंजी|คีย์|khóa|kunci|密钥|密鑰|金鑰|令牌|密码|キー|トークン|鍵|シークレット|키|토큰|비밀"
)
_NO_KEY_WORD = re.compile(
    r"(?i)(?:public|publishable|fingerprint|checksum|digest|sha-?(?:1|256|512)|md5|commit|trace|span"
    r"|request|build|order|ticket|tracking|invoice|parcel|primary|foreign|idempotency|version"
    r"|\bids?|[_ -]id|(?-i:[a-z]Id)(?![A-Za-z])|uuid|guid)"
    r"[\w ?-]{0,12}[\"'`]{0,2}[\s:=#(]{0,3}[\"'`(]{0,2}\Z"
)
_ASSIGNED = re.compile(r"[\"'`]?[ \t]{0,3}(?:=>?|:{1,3}=?|\?=|\|\|)[\s\"'`=]{0,5}\Z")


def is_called_key(text: str, start: int) -> bool:
    """Tell whether a key is named shortly before, and nothing else right before."""
    before = max(0, start - _KEY_WINDOW)
    if _NO_KEY_WORD.search(text[before:start]):
        return False
    return bool(_KEY_WORD.search(text, before, start))


def is_assigned(text: str, start: int) -> bool:
    """Tell whether a value is given to a name, as in `VENDOR=…`, that is not the name of an id."""
    before = text[max(0, start - _KEY_WINDOW) : start]
    return bool(_ASSIGNED.search(before)) and not _NO_KEY_WORD.search(before)


def is_random(value: str, *, bits: float) -> bool:
    """Tell whether a value of no particular shape can be a key.

    bits: the least entropy a character. It needs letters and digits, or at least both cases.
    """
    mixed = re.search("[0-9]", value) or not (value.islower() or value.isupper())
    lettered = re.search("[A-Za-z]", value)
    return bool(
        mixed
        and lettered
        and entropy(value) >= bits
        and not is_placeholder(value)
        and not is_sequence(value)
        and not is_wordy(value)
    )


def keyed(text: str, start: int, end: int, *, bits: float) -> Judged | None:
    """Accept a random value of a vendor's length that is called a key, a token or the like."""
    if not is_random(text[start:end], bits=bits) or not is_called_key(text, start):
        return None
    return Judged(start, end, Certainty.LIKELY)


def named(text: str, start: int, end: int, *, bits: float) -> Judged | None:
    """Accept a random value that is called a key, or given to a name that the pattern knows."""
    if is_assigned(text, start) and is_random(text[start:end], bits=bits):
        return Judged(start, end, Certainty.LIKELY)
    return keyed(text, start, end, bits=bits)


def random_value(text: str, start: int, end: int) -> Judged | None:
    """Accept a value in which nearly all characters differ from their neighbours at random.

    For formats that hold the same sign many times in a row.
    """
    random = entropy(text[start:end]) >= 3.5  # bits; 40 random letters and digits have 4.5
    return Judged(start, end, Certainty.LIKELY) if random else None


SECRETS: Mapping[str, Validator] = {
    "token": token,
    "crc32-token": crc32_token,
    # Bits a character that random values of a length hardly ever go below: 2.5 from 16 hexadecimal
    # digits, 3 from 32 of them or 20 letters and digits, 3.5 from 32 letters and digits.
    "keyed-3": partial(keyed, bits=3),
    **{f"named-{bits}": partial(named, bits=float(bits)) for bits in ("2.5", "3", "3.5")},
    "random": random_value,
}

MAKERS: Mapping[str, Callable[[str], str]] = {"crc32-token": with_crc32}
"""For a validator that checks a checksum: what puts the right one into an invented value."""
