"""Values that are planted: documented test values, and secrets made up at run time.

No secret stands here as a literal. Each is put together from a public prefix and random letters,
and the files hold it with one character escaped (see `files.escaped`).
"""

import base64
import json
import string
import unicodedata
from collections.abc import Callable
from random import Random
from uuid import UUID

ALNUM = string.ascii_letters + string.digits
BASE32 = string.ascii_uppercase + "234567"
URL_SAFE = ALNUM + "-_"
HEX = "0123456789abcdef"

CARDS = (
    "4111 1111 1111 1111",
    "5555 5555 5555 4444",
    "3782 822463 10005",
    "4111-1111-1111-1111",
    "5555555555554444",
    "4012 8888 8888 1881",
    "378282246310005",
    "5105 1051 0510 5100",
)
IBANS = (
    "GB82 WEST 1234 5698 7654 32",
    "DE89 3704 0044 0532 0130 00",
    "FR14 2004 1010 0505 0001 3M02 606",
    "ES91 2100 0418 4502 0005 1332",
    "DE89370400440532013000",
    "GB82WEST12345698765432",
    "ES9121000418450200051332",
    "FR1420041010050500013M02606",
)
SSNS = ("078-05-1120", "219-09-9999")
SPECIAL_TOKENS = (
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|fim_suffix|>",
    "<|endofprompt|>",
)


def letters(rng: Random, alphabet: str, length: int) -> str:
    """Return random letters of an alphabet."""
    return "".join(rng.choices(alphabet, k=length))


def ascii_name(name: str) -> str:
    """Return a name as it can stand in a mail address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(c for c in plain.lower() if c.isalnum())


def email(rng: Random, first: str, last: str) -> str:
    """Return a mail address in a domain reserved for examples."""
    one, two = ascii_name(first), ascii_name(last)
    local = rng.choice((f"{one}.{two}", f"{one[0]}{two}", f"{one}_{two}", f"{one}.{two}+shop"))
    return f"{local}{rng.randint(2, 98)}@example.{rng.choice(('com', 'org', 'net'))}"


def phone(rng: Random, language: str) -> str:
    """Return a number from a range kept for fiction, as it is written in the country."""
    three, two, four = rng.randint(100, 999), rng.randint(10, 99), rng.randint(10, 99)
    written = {
        "en": (f"+1 202-555-01{two}", f"(202) 555-01{two}", f"+44 20 7946 0{three}"),
        "de": (f"+49 30 23125 {three}", f"030 23125 {three}", f"+49 (0)30 23125-{three}"),
        "fr": (f"01 99 00 {two} {four}", f"+33 1 99 00 {two} {four}", f"01.99.00.{two}.{four}"),
        "es": (f"+34 600 000 0{two}", f"+34 600000{three}"),
    }
    return rng.choice(written.get(language, written["en"]))


def ipv4(rng: Random) -> str:
    """Return an address from a documentation block."""
    return f"{rng.choice(('192.0.2', '198.51.100', '203.0.113'))}.{rng.randint(1, 254)}"


def ipv6(rng: Random) -> str:
    """Return an address from the documentation block, short or in full."""
    a, b, c = (letters(rng, HEX[1:], 4) for _ in range(3))
    return rng.choice(
        (
            f"2001:db8::{rng.randint(2, 99)}",
            f"2001:db8:{a}::{b}:{c}",
            f"2001:0db8:{a}:0000:0000:8a2e:{b}:{c}",
            f"2001:DB8:{a.upper()}::{b.upper()}",
        )
    )


def personal(rng: Random, rule: str, language: str, name: tuple[str, str]) -> str:
    """Return a value that a rule of the family `pii` must find."""
    makers: dict[str, Callable[[], str]] = {
        "pii/email-address": lambda: email(rng, *name),
        "pii/phone-number": lambda: phone(rng, language),
        "pii/payment-card": lambda: rng.choice(CARDS),
        "pii/iban": lambda: rng.choice(IBANS),
        "pii/ipv4-address": lambda: ipv4(rng),
        "pii/ipv6-address": lambda: ipv6(rng),
        "pii/us-ssn": lambda: rng.choice(SSNS),
    }
    return makers[rule]()


PERSONAL = (
    "pii/email-address",
    "pii/phone-number",
    "pii/payment-card",
    "pii/iban",
    "pii/ipv4-address",
    "pii/ipv6-address",
    "pii/us-ssn",
)


def _url_credentials(rng: Random) -> str:
    # Hosts without a dot: what stands around the @ must not read as a mail address as well.
    scheme, user, host = rng.choice(
        (
            ("postgres", "report", "db-main:5432/shop"),
            ("redis", "cache", "localhost:6379/0"),
            ("https", "deploy", "build-box/shop.git"),
            ("amqp", "worker", "queue:5672/orders"),
        )
    )
    return f"{scheme}://{user}:{letters(rng, ALNUM, 14)}@{host}"


def _aws(rng: Random) -> str:
    # The key of Amazon's own documentation, or one of the same form.
    documented = "AKIA" + "IOSFODNN7" + "EXAMPLE"
    return rng.choice((documented, "AKIA" + letters(rng, BASE32, 16)))


def _github(rng: Random) -> str:
    kind = rng.choice(("ghp", "gho", "ghs", "pat"))
    if kind == "pat":
        return f"github_{kind}_{letters(rng, ALNUM, 22)}_{letters(rng, ALNUM, 59)}"
    return f"{kind}_{letters(rng, ALNUM, 36)}"


def _slack(rng: Random) -> str:
    numbers = f"1{letters(rng, string.digits, 11)}-2{letters(rng, string.digits, 12)}"
    return f"xoxb-{numbers}-{letters(rng, ALNUM, 24)}"


def _openai(rng: Random) -> str:
    middle = "T3Blbk" + "FJ"
    size, prefix = rng.choice(((20, "sk-"), (74, "sk-proj-")))
    return f"{prefix}{letters(rng, ALNUM, size)}{middle}{letters(rng, ALNUM, size)}"


def _json_web_token(rng: Random) -> str:
    header = {"alg": "HS256", "typ": "JWT"}
    claims = {"sub": str(rng.randint(1000, 9999)), "name": "sample", "iat": 1_760_000_000}
    parts = [
        base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).decode()
        for part in (header, claims)
    ]
    return ".".join([part.rstrip("=") for part in parts] + [letters(rng, URL_SAFE[:-2], 43)])


def _private_key(rng: Random) -> str:
    kind = rng.choice(("RSA ", "EC ", "", "OPENSSH "))
    lines = "\n".join(letters(rng, ALNUM + "+/", 64) for _ in range(4))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


_SECRETS: dict[str, Callable[[Random], str]] = {
    "secret/url-credentials": _url_credentials,
    "secret/aws-access-key": _aws,
    "secret/github-token": _github,
    "secret/gitlab-token": lambda rng: "glpat-" + letters(rng, ALNUM, 20),
    "secret/slack-token": _slack,
    "secret/stripe-key": lambda rng: (
        rng.choice(("sk_live_", "rk_live_", "sk_test_")) + letters(rng, ALNUM, 24)
    ),
    "secret/openai-key": _openai,
    "secret/anthropic-key": lambda rng: "sk-ant-api03-" + letters(rng, URL_SAFE, 93) + "AA",
    "secret/google-api-key": lambda rng: "AIza" + letters(rng, ALNUM, 35),
    "secret/sendgrid-key": lambda rng: f"SG.{letters(rng, ALNUM, 22)}.{letters(rng, ALNUM, 43)}",
    "secret/npm-token": lambda rng: "npm_" + letters(rng, ALNUM, 36),
    "secret/huggingface-token": lambda rng: "hf_" + letters(rng, string.ascii_letters, 34),
    "secret/json-web-token": _json_web_token,
    "secret/private-key": _private_key,
}
SECRETS = tuple(_SECRETS)


def secret(rng: Random, rule: str) -> str:
    """Return an invented secret that a rule of the family `secret` must find."""
    return _SECRETS[rule](rng)


def _fails_luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 != 0


def _order_number(rng: Random) -> str:
    number = "4" + letters(rng, string.digits, 15)
    return number if _fails_luhn(number) else number[:-1] + str((int(number[-1]) + 1) % 10)


def _isbn(rng: Random) -> str:
    figures = f"9783{rng.randint(10, 69)}{rng.randint(100000, 999999)}"
    check = -sum(int(d) * (1 + 2 * (n % 2)) for n, d in enumerate(figures)) % 10
    return f"{figures[:3]}-{figures[3]}-{figures[4:6]}-{figures[6:]}-{check}"


# What looks like one of the above and is not, or belongs to a rule of `identity.FROM_LOOKALIKES`.
LOOKALIKES: dict[str, Callable[[Random], str]] = {
    "order-number": _order_number,
    "version": lambda rng: ".".join(str(rng.randint(1, 20)) for _ in range(4)),
    "tracking-number": lambda rng: "1Z" + letters(rng, string.digits + BASE32[:8], 16),
    "long-tracking-number": lambda rng: "00340434" + letters(rng, string.digits, 13),
    "price": lambda rng: rng.choice(("1.249,00 €", "$1,049.00", "EUR 2 399,00", "£1,299.99")),
    "date": lambda rng: rng.choice(("14.03.2026", "2026-03-14", "14/03/2026", "03-14-2026")),
    "timestamp": lambda rng: f"2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}T12:30:45.120Z",
    "isbn": _isbn,
    "ticket-reference": lambda rng: f"#{rng.randint(10000, 99999)}-{rng.randint(10, 99)}",
    "uuid": lambda rng: str(UUID(int=rng.getrandbits(128), version=4)),
    "mac-address": lambda rng: ":".join(letters(rng, HEX, 2) for _ in range(6)).upper(),
    "error-code": lambda rng: rng.choice(("0x80070057", "0xC0000005", "0x8024402C")),
    "at-sign": lambda rng: f"{rng.randint(2, 9)} @ {rng.randint(3, 40)}",
    "time-of-day": lambda rng: f"{rng.randint(10, 23)}:{rng.randint(10, 59)}:{rng.randint(10, 59)}",
    "scope-operator": lambda rng: rng.choice(("std::vector", "std::bad_alloc", "Sync::Session")),
    "iban-checksum": lambda rng: rng.choice(
        ("GB82WEST12345698765433", "DE88370400440532013000", "ES90 2100 0418 4502 0005 1332")
    ),
    "ssn-area": lambda rng: rng.choice(("000-12-3456", "666-45-6789")),
    "resolution": lambda rng: rng.choice(("1920x1080", "2560 x 1440", "640x480")),
    "device-age": lambda _: "5",
    "device-password": lambda _: "",
    "security-code": lambda _: "",
    "part-number": lambda rng: (
        f"{rng.randint(100, 999)}.{rng.randint(10, 99)}-{letters(rng, HEX[1:10], 3)}"
    ),
    "model-code": lambda rng: f"KX{rng.randint(100, 999)}-{rng.choice(('A', 'B'))}",
    "handle": lambda rng: rng.choice(("@lumena", "@lumena_support", "@lumena-help")),
}
