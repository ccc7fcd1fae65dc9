"""Values that are planted a few times each: numbers of people, banks, things; newer secrets.

A check digit is right, all else is made up at random; where a country keeps numbers for examples,
they are these.
"""

import hashlib
import string
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sample_data.generator.values import ALNUM, HEX, letters

DIGITS = string.digits
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
CAPITALS = string.ascii_uppercase
ALL = ("en", "de", "es", "fr")
Maker = Callable[[Random], str]


@dataclass(frozen=True)
class Kind:
    """What is planted under one name of a sentence.

    rule: what must find it. languages: in which there are sentences for it.
    """

    rule: str
    make: Maker
    languages: tuple[str, ...] = ("en",)


def _one(*values: str) -> Maker:
    return lambda rng: rng.choice(values)


def _weighted(number: str, weights: range | tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))


def _routing(rng: Random) -> str:
    body = f"0{rng.randint(1, 9)}{letters(rng, DIGITS, 6)}"
    return body + str(-_weighted(body, (3, 7, 1, 3, 7, 1, 3, 7)) % 10)


def _nhs(rng: Random) -> str:
    # 999 is kept for tests.
    while True:
        body = "999" + letters(rng, DIGITS, 6)
        check = -_weighted(body, range(10, 1, -1)) % 11
        if check < 10:
            return f"{body[:3]} {body[3:6]} {body[6:]}{check}"


def _nif(rng: Random) -> str:
    number = letters(rng, DIGITS, 8)
    return number + "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]


def _steuer_id(rng: Random) -> str:
    kept = rng.sample("123456789", 9)
    body = [*kept, kept[0]]
    rng.shuffle(body)
    rest = 10
    for digit in body:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    made = "".join(body) + str((11 - rest) % 10)
    return f"{made[:2]} {made[2:5]} {made[5:8]} {made[8:]}"


def _pesel(rng: Random) -> str:
    body = f"{rng.randint(50, 99)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    body += letters(rng, DIGITS, 4)
    return body + str(-_weighted(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


def _cpf(rng: Random) -> str:
    body = letters(rng, DIGITS, 9)
    for length in (10, 11):
        rest = _weighted(body, range(length, 1, -1)) * 10 % 11
        body += str(rest % 10)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def _luhn(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 * (value > 9)
    return body + str(-total % 10)


def _bitcoin(rng: Random) -> str:
    payload = b"\x00" + rng.randbytes(20)
    check = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, made = int.from_bytes(payload + check, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        made = BASE58[digit] + made
    return "1" + made


def _mac(rng: Random) -> str:
    return ":".join(letters(rng, HEX, 2) for _ in range(6)).upper()


def _full_width(number: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in number)


KINDS: dict[str, Kind] = {
    "address-en": Kind(
        "pii/postal-address",
        _one(
            "48 Old Mill Road, Apt 4B, Burlington, VT 05401",
            "221 Maple Street, Springfield, IL 62704",
            "Flat 3, 12 High Street, Leeds LS1 4DY",
        ),
    ),
    "address-de": Kind("pii/postal-address", _one("Musterweg 12, 10115 Berlin"), ("de",)),
    "address-es": Kind("pii/postal-address", _one("Calle Mayor, 5, 28013 Madrid"), ("es",)),
    "address-fr": Kind("pii/postal-address", _one("6 rue des Lilas, 75017 Paris"), ("fr",)),
    "postcode-en": Kind("pii/postcode", _one("LS1 4DY", "SW1A 1AA", "94107")),
    "postcode-de": Kind("pii/postcode", _one("10115", "80331"), ("de",)),
    "postcode-fr": Kind("pii/postcode", _one("75002", "69001"), ("fr",)),
    "birth-en": Kind("pii/date-of-birth", _one("12/03/1984", "May 1st 1980")),
    "birth-de": Kind("pii/date-of-birth", _one("12.03.1984", "3. Juli 1971"), ("de",)),
    "birth-es": Kind("pii/date-of-birth", _one("2 de mayo de 1991"), ("es",)),
    "birth-fr": Kind("pii/date-of-birth", _one("14 juillet 1979"), ("fr",)),
    "age": Kind("pii/age", lambda rng: str(rng.randint(61, 89)), ALL),
    "swift": Kind("pii/swift-code", _one("DEUTDEFF500", "NWBKGB2L", "BNPAFRPP"), ALL),
    "routing": Kind("pii/us-routing-number", _routing),
    "nhs": Kind("pii/uk-nhs-number", _nhs),
    "codice-fiscale": Kind("pii/it-codice-fiscale", _one("RSSMRA85T10A562S", "BNCLRA80A41H501M")),
    "nif": Kind("pii/es-nif", _nif, ("es", "en")),
    "steuer-id": Kind("pii/de-steuer-id", _steuer_id, ("de", "en")),
    "pesel": Kind("pii/pl-pesel", _pesel),
    "cpf": Kind("pii/br-cpf", _cpf),
    "aadhaar": Kind("pii/in-aadhaar", _one("4598 0136 5053", "9960 3483 2968")),
    "passport": Kind("pii/us-passport", lambda rng: "B" + letters(rng, DIGITS, 8)),
    "driving-licence": Kind("pii/uk-driving-licence", _one("HF999710314PTZLD")),
    "imei": Kind("pii/imei", lambda rng: _luhn("35" + letters(rng, DIGITS, 12)), ALL),
    "vin": Kind("pii/vehicle-number", _one("1HGCM82633A004352", "1M8GDM9AXKP042788")),
    "plate": Kind("pii/licence-plate", _one("AB12 CDE", "LM14 KXP")),
    "bitcoin": Kind("pii/crypto-wallet", _bitcoin, ALL),
    "ether": Kind("pii/crypto-wallet", lambda rng: "0x" + letters(rng, HEX, 40)),
    "cvv": Kind("pii/card-security-code", lambda rng: letters(rng, "123456789", 3), ALL),
    "mail-in-words": Kind(
        "pii/email-in-words", _one("jane at example dot com", "jane (at) example [dot] com")
    ),
    "card-in-words": Kind(
        "pii/payment-card",
        _one(
            "four one one one, one one one one, one one one one, one one one one",
            "five five five five five five five five five five five five four four four four",
        ),
    ),
    "card-full-width": Kind("pii/payment-card", lambda _: _full_width("4111 1111 1111 1111"), ALL),
    "phone-full-width": Kind("pii/phone-number", lambda _: _full_width("+1 202-555-0143")),
    "password": Kind(
        "secret/password", lambda rng: letters(rng, ALNUM, 6) + "!" + letters(rng, DIGITS, 3), ALL
    ),
    "digitalocean": Kind(
        "secret/digitalocean-token", lambda rng: "dop_v1_" + letters(rng, HEX, 64)
    ),
    "shopify": Kind("secret/shopify-token", lambda rng: "shpat_" + letters(rng, HEX, 32)),
    "linear": Kind("secret/linear-key", lambda rng: "lin_api_" + letters(rng, ALNUM, 40)),
    "postman": Kind(
        "secret/postman-key",
        lambda rng: f"PMAK-{letters(rng, HEX, 24)}-{letters(rng, HEX, 34)}",
    ),
    "groq": Kind("secret/groq-key", lambda rng: "gsk_" + letters(rng, ALNUM, 52)),
}
VENDORS = ("digitalocean", "shopify", "linear", "postman", "groq")
# Carried by the sentences for lookalikes, which existed before there was a rule for them.
FROM_LOOKALIKES = {
    "tracking-number": "pii/tracking-number",
    "long-tracking-number": "pii/tracking-number",
    "ticket-reference": "pii/ticket-number",
    "uuid": "pii/uuid",
    "mac-address": "pii/mac-address",
}
