"""Invented values that the rules of personal data must find, each in a sentence that names it."""

import hashlib
import string
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from tunegate.checks.validators import passes_luhn
from tunegate.checks.validators.keccak import keccak_256

UPPER = string.ascii_uppercase
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
Made = Callable[[Random], tuple[str, str]]


def digits(rng: Random, count: int, *, first: str = "123456789") -> str:
    """Return digits of which the first is no zero."""
    return rng.choice(first) + "".join(rng.choices(string.digits, k=count - 1))


def capitals(rng: Random, count: int, alphabet: str = UPPER) -> str:
    """Return letters of an alphabet."""
    return "".join(rng.choices(alphabet, k=count))


def luhn(body: str) -> str:
    """Return a number with its check digit."""
    return next(body + digit for digit in string.digits if passes_luhn(body + digit))


def weighted(body: str, weights: tuple[int, ...], *, each: bool = False) -> str:
    """Return a number whose last digit makes the weighted sum a multiple of ten."""
    products = (int(d) * weights[n % len(weights)] for n, d in enumerate(body))
    total = sum(product % 10 if each else product for product in products)
    return body + str(-total % 10)


def base58check(payload: bytes) -> str:
    """Return an address of Bitcoin and its relatives."""
    check = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, letters = int.from_bytes(payload + check, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        letters = BASE58[digit] + letters
    zeros = len(payload) - len(payload.lstrip(b"\0"))
    return BASE58[0] * zeros + letters


def ethereum(rng: Random) -> str:
    """Return an address with the check of EIP-55 in its capitals."""
    plain = f"{rng.getrandbits(160):040x}"
    nibbles = keccak_256(plain.encode()).hex()
    marked = zip(plain, nibbles, strict=False)
    return "0x" + "".join(sign.upper() if nibble >= "8" else sign for sign, nibble in marked)


def wallet(rng: Random) -> str:
    """Return an address of Bitcoin, Litecoin, Dogecoin, Tron or Ethereum."""
    version = rng.choice((b"\x00", b"\x05", b"\x30", b"\x1e", b"\x41", b""))
    return base58check(version + rng.randbytes(20)) if version else ethereum(rng)


def vehicle(rng: Random) -> str:
    """Return a VIN with its check digit (49 CFR 565)."""
    alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ"
    values = dict(zip(alphabet, [*range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)], strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    body = f"1{capitals(rng, 4, alphabet)}{digits(rng, 3)}0A{capitals(rng, 1, alphabet)}"
    body += digits(rng, 6)
    total = sum(
        w * (int(s) if s.isdigit() else values[s]) for s, w in zip(body, weights, strict=True)
    )
    return f"{body[:8]}{'0123456789X'[total % 11]}{body[9:]}"


def birthday(rng: Random) -> str:
    """Return a day of the last century as people write it."""
    day = date(1930, 1, 1) + timedelta(days=rng.randrange(25_000))
    return day.strftime(
        rng.choice(("%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d/%m/%y"))
    )


def birthday_in_words(rng: Random) -> str:
    """Return a day of the last century whose year is written in words."""
    day = rng.choice(("3 March", "the fourteenth of May", "June 2nd,", "march third", "August"))
    tens = rng.choice(("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"))
    ones = rng.choice(("", "-one", " two", "-three", " four", "-six", "-nine"))
    return f"{day} nineteen {tens}{ones}"


def octets(rng: Random) -> str:
    """Return an address of a network device."""
    return rng.choice(":-").join(f"{byte:02X}" for byte in (0xA4, *rng.sample(range(16, 256), 5)))


def said(*sentences: str, value: Callable[[Random], str]) -> Made:
    """Return a maker that puts a new value into one of the sentences."""

    def make(rng: Random) -> tuple[str, str]:
        made = value(rng)
        return rng.choice(sentences).format(made), made

    return make


VALID: dict[str, Made] = {
    "pii/account-number": said(
        "My account number is {}.",
        "Customer ID: {}",
        "Kundennummer {} bitte",
        "numéro de client : {}",
        '{{"account_number": "{}"}}',
        value=lambda rng: rng.choice(
            (digits(rng, 8), f"C-{digits(rng, 6)}", f"{digits(rng, 4)} {digits(rng, 4)}")
        ),
    ),
    "pii/age": said(
        "I'm {} years old.",
        "my mother is {} years old",
        "aged {}",
        "Ich bin {} Jahre alt",
        "J'ai {} ans",
        value=lambda rng: str(rng.randint(18, 99)),
    ),
    "pii/au-bsb": said(
        "BSB {}", "the bsb number is {}", value=lambda rng: f"{digits(rng, 3)}-{digits(rng, 3)}"
    ),
    "pii/bank-account": said(
        "My bank account is {}.",
        "Kontonummer {} bei der Bank",
        "checking account {}",
        "cuenta bancaria {}",
        value=lambda rng: digits(rng, rng.randint(8, 12)),
    ),
    "pii/booking-reference": said(
        "My booking reference is {}.",
        "Buchungsnummer {}",
        "confirmation number: {}",
        value=lambda rng: rng.choice(
            (capitals(rng, 6, "BCDFGHJKLMNPQRSTVWXZ"), f"RZ{digits(rng, 6)}")
        ),
    ),
    "pii/ca-transit": said(
        "transit number {}", value=lambda rng: f"{digits(rng, 5)}-0{digits(rng, 2)}"
    ),
    "pii/card-expiry": said(
        "It expires {} I think",
        "exp {}",
        "gültig bis {}",
        value=lambda rng: f"{rng.randint(1, 12):02}/{rng.randint(26, 39)}",
    ),
    "pii/card-last-digits": said(
        "The card ending in {}.", "**** **** **** {}", value=lambda rng: digits(rng, 4)
    ),
    "pii/card-pin": said("My PIN is {}.", "the pin: {}", value=lambda rng: digits(rng, 4)),
    "pii/card-security-code": said(
        "CVV {}", "Prüfziffer: {}", "the security code is {}", value=lambda rng: digits(rng, 3)
    ),
    "pii/crypto-wallet": said("Please pay to {} today.", "{}", value=wallet),
    "pii/date-of-birth": said(
        "My date of birth is {}.",
        "born on {} in Leeds",
        "Geburtsdatum: {}",
        "née le {}",
        value=birthday,
    ),
    "pii/email-in-words": said(
        "Write to {} please.",
        value=lambda rng: (
            f"{capitals(rng, 6).lower()} {rng.choice(('at', '(at)'))} example dot com"
        ),
    ),
    "pii/gps-coordinates": said(
        "I am at {} now.", value=lambda rng: f"{rng.uniform(2, 89):.5f}, {rng.uniform(2, 179):.5f}"
    ),
    "pii/imei": said("IMEI {}", "the imei is {}", value=lambda rng: luhn("35" + digits(rng, 12))),
    "pii/in-ifsc": said("IFSC code {}", "{}", value=lambda rng: f"SBIN0{digits(rng, 6)}"),
    "pii/licence-plate": said(
        "My number plate is {}.",
        "Kennzeichen {}",
        value=lambda rng: (
            f"K{capitals(rng, 1, 'ABCDEFG')}{rng.randint(51, 74)} {capitals(rng, 3, 'ABCDEFGH')}"
        ),
    ),
    "pii/mac-address": said("The sticker says {}.", "{}", value=octets),
    "pii/mx-clabe": said(
        "Mi CLABE es {}.",
        value=lambda rng: weighted("032180" + digits(rng, 11), (3, 7, 1), each=True),
    ),
    "pii/order-number": said(
        "My order number is {}.",
        "Order #{} is late",
        "Bestellnummer: {}",
        "Numéro de commande {}",
        "El pedido {} no llega",
        '{{"order_id": "{}"}}',
        value=lambda rng: rng.choice(
            (
                digits(rng, 8),
                f"LM-{digits(rng, 5)}",
                f"{digits(rng, 3)}-{digits(rng, 7)}-{digits(rng, 7)}",
            )
        ),
    ),
    "pii/personal-url": said(
        "My profile is {}",
        "see {} for it",
        value=lambda rng: (
            f"https://www.linkedin.com/in/{capitals(rng, 5).lower()}-{digits(rng, 4)}"
        ),
    ),
    "pii/policy-number": said(
        "Policy number {}",
        "Vertragsnummer {}",
        value=lambda rng: f"HO-{digits(rng, 4)}-{digits(rng, 5)}",
    ),
    "pii/serial-number": said(
        "The serial number is {}.", "Seriennummer: {}", value=lambda rng: f"SN{digits(rng, 8)}"
    ),
    "pii/sim-number": said("ICCID {}", value=lambda rng: luhn("8944" + digits(rng, 14))),
    "pii/spelled-birth-date": said(
        "I was born on {}.", "My date of birth is {}, thanks", "DOB {}", value=birthday_in_words
    ),
    "pii/swift-code": said(
        "BIC: {}",
        "The SWIFT code is {}.",
        value=lambda rng: f"{capitals(rng, 4)}DE{capitals(rng, 2)}",
    ),
    "pii/ticket-number": said(
        "My ticket number is {}.",
        "case #{} is open",
        "Vorgangsnummer {}",
        value=lambda rng: digits(rng, 7),
    ),
    "pii/tracking-number": said(
        "Tracking number: {}",
        "Sendungsnummer {} bitte",
        "Numéro de suivi {}",
        value=lambda rng: rng.choice(
            (f"1Z{capitals(rng, 3)}{digits(rng, 13)}", "0034" + digits(rng, 16))
        ),
    ),
    "pii/uk-sort-code": said(
        "sort code {}", value=lambda rng: "-".join(f"{rng.randint(10, 99)}" for _ in range(3))
    ),
    "pii/us-routing-number": said(
        "The routing number is {}.", value=lambda rng: weighted("0210" + digits(rng, 4), (3, 7, 1))
    ),
    "pii/username": said(
        "my username is {}",
        "Username: {}",
        "Benutzername lautet {}",
        value=lambda rng: f"{capitals(rng, 5).lower()}{digits(rng, 3)}",
    ),
    "pii/uuid": said(
        "The device id is {}.",
        "{}",
        value=lambda rng: f"{rng.getrandbits(32):08x}-9a41-4c3b-8f27-{rng.getrandbits(48):012x}",
    ),
    "pii/vehicle-number": said("VIN {}", "my car is {}", value=vehicle),
}
