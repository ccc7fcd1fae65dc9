"""Invented values to plant beside a dataset, of which a run must let none through."""

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tunegate.case_maker import maker_of
from tunegate.checks.validators import passes_luhn
from tunegate.rules import Action, Rule

_REMOVING = (Action.REDACT, Action.REVIEW, Action.DROP)
_VOWELS, _CONSONANTS = "aeiou", "bdfklmnprstvz"
_FIRST_NAMES = ("Anna", "Daniel", "Maria", "Thomas", "Julia", "Peter", "Laura", "Michael")
_REPLY = "Thank you, that is noted."

Turns = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Canary:
    """A conversation in which a rule must find a value.

    value: all that must not come through; of a sentence, the part that is somebody's alone.
    """

    rule: str
    value: str
    turns: Turns


def canaries(rules: Sequence[Rule], number: int, seed: str) -> list[Canary]:
    """Return canaries of the rules that take values out; the same ones from the same seed.

    Personal data and secrets take turns, and so do the rules of each.
    """
    removing = [rule for rule in rules if rule.file.action in _REMOVING and not rule.file.roles]
    personal = [rule for rule in removing if rule.id in _PERSONAL]
    secret = [rule for rule in removing if rule.family == "secret" and rule.file.cases.generated]
    draw = Random(f"{seed} canaries")  # noqa: S311 - invented values
    draw.shuffle(secret)
    families = [family for family in (personal, secret) if family]
    made: dict[str, int] = {}
    for place in range(number if families else 0):
        family = families[place % len(families)]
        rule = family[place // len(families) % len(family)]
        made[rule.id] = made.get(rule.id, 0) + 1
    planted = {rule.id: _planted(rule, made[rule.id], seed) for rule in removing if rule.id in made}
    return [canary for rule_id in sorted(planted) for canary in planted[rule_id]]


def _planted(rule: Rule, number: int, seed: str) -> list[Canary]:
    if rule.id in _PERSONAL:
        draw = Random(f"{seed} {rule.id}")  # noqa: S311 - invented values
        said = [_PERSONAL[rule.id](draw) for _ in range(number)]
    else:
        cases = maker_of(rule, f"{seed} {rule.id}").values(number)
        said = [(case.text, case.text[case.start : case.end]) for case in cases]
    return [Canary(rule.id, value, _conversation(text, n)) for n, (text, value) in enumerate(said)]


def _conversation(text: str, number: int) -> Turns:
    """Return a conversation with the text in it, in every other one also as an answer."""
    answer = text if number % 2 else _REPLY
    return (("user", text), ("assistant", answer))


def _figures(draw: Random, number: int) -> str:
    return "".join(draw.choices(string.digits, k=number))


def _word(draw: Random, syllables: int) -> str:
    """Return a word that nobody has as a name, of two letters a syllable."""
    return "".join(draw.choice(_CONSONANTS) + draw.choice(_VOWELS) for _ in range(syllables))


def _email(draw: Random) -> tuple[str, str]:
    value = f"{_word(draw, 6)}@{_word(draw, 5)}.com"
    return f"Please write to {value} about it.", value


def _card(draw: Random) -> tuple[str, str]:
    body = f"4{_figures(draw, 14)}"
    number = next(body + last for last in string.digits if passes_luhn(body + last))
    value = draw.choice((number, " ".join(number[n : n + 4] for n in range(0, 16, 4))))
    return f"My card is {value}, it was charged twice.", value


def _iban(draw: Random) -> tuple[str, str]:
    account = _figures(draw, 18)
    check = 98 - int(f"{account}131400") % 97  # DE as figures, and 00 for the check itself
    value = f"DE{check:02}{account}"
    return f"Please refund it to {value}.", value


def _phone(draw: Random) -> tuple[str, str]:
    value = f"+49 30 {draw.randint(2, 8)}{_figures(draw, 7)}"
    return f"You can call me on {value} after five.", value


def _ssn(draw: Random) -> tuple[str, str]:
    value = f"{draw.randint(101, 665)}-{draw.randint(10, 99)}-{draw.randint(1001, 9999)}"
    return f"My social security number is {value}.", value


def _ipv4(draw: Random) -> tuple[str, str]:
    value = ".".join(str(draw.randint(20, 99)) for _ in range(4))
    return f"My IP address is {value} today.", value


def _address(draw: Random) -> tuple[str, str]:
    street = _word(draw, 6).capitalize()
    return f"I live at {draw.randint(2, 98)} {street} Street, please send it there.", street


def _name(draw: Random) -> tuple[str, str]:
    last = _word(draw, 6).capitalize()
    return f"My name is {draw.choice(_FIRST_NAMES)} {last} and I need help.", last


_PERSONAL: Mapping[str, Callable[[Random], tuple[str, str]]] = {
    "pii/email-address": _email,
    "pii/payment-card": _card,
    "pii/iban": _iban,
    "pii/phone-number": _phone,
    "pii/us-ssn": _ssn,
    "pii/ipv4-address": _ipv4,
    "pii/postal-address": _address,
    "pii/person-name": _name,
}
