"""Invented phone numbers, addresses and postcodes, each in a sentence that says what it is."""

from collections.abc import Callable
from random import Random

Made = tuple[str, str]  # a sentence, and the value in it

_STREETS = ["Maple", "Oakfield", "Old Mill", "Harbour View", "Quarry"]
_TOWNS = ["Springfield", "Wexbridge", "Northam", "Lower Fenwick"]
_PHONE_SENTENCES = [
    "My phone number is {}.",
    "Call me on {} please",
    "Tel: {}",
    "Meine Telefonnummer ist {}.",
    "Mon téléphone : {}",
    "Mi teléfono es {}",
]
_ADDRESS_SENTENCES = ["My address is {}.", "Please ship it to {}", "I live at {}."]
_POSTCODE_SENTENCES = ["My postcode is {}.", "zip code: {}", "the postal code is {}, thanks"]


def _digits(rng: Random, shape: str) -> str:
    """Return the shape with a digit for each `#`, none of them 0 or 1 where it leads a group."""
    return "".join(rng.choice("23456789") if sign == "#" else sign for sign in shape)


def _said(rng: Random, sentences: list[str], value: str) -> Made:
    return rng.choice(sentences).format(value), value


def phone_number(rng: Random) -> Made:
    """Return a number of one of several countries."""
    shapes = [
        "+1 ###-555-01##", "(###) 555-01##", "###-555-01##", "+44 20 7946 0###", "020 7946 0###",
        "+49 30 #####-##", "030 23125###", "01 99 00 ## ##", "6## ## ## ##", "06-########",
        "+91 98### #####", "+55 11 9####-####",
    ]  # fmt: skip
    return _said(rng, _PHONE_SENTENCES, _digits(rng, rng.choice(shapes)))


def postal_address(rng: Random) -> Made:
    """Return an address of one of several countries, whole."""
    number, town = rng.randint(2, 980), rng.choice(_TOWNS)
    street = rng.choice(_STREETS)
    addresses = [
        f"{number} {street} {rng.choice(['Street', 'Ave', 'Road', 'Boulevard'])}, {town}, "
        f"{rng.choice(['TX', 'OR', 'VT'])} {_digits(rng, '#####')}",
        f"{number} {street} Lane, Apt {rng.randint(2, 40)}B, {town}, IL {_digits(rng, '#####')}",
        f"Flat {rng.randint(2, 9)}, {number} {street} Road, {town} LS1 4DY",
        f"{number} {street} Street, {town} NSW {_digits(rng, '2###')}",
        f"{number} {street} Crescent, {town}, ON K1A 0B1",
        f"Lindenstraße {number}, {_digits(rng, '3####')} Neustadt",
        f"{number} rue des Lilas, {_digits(rng, '7####')} Villeneuve",
        f"Calle Mayor, {number}, {_digits(rng, '2####')} Villanueva",
        f"Via Garibaldi {number}, {_digits(rng, '5####')} Borgonuovo",
        f"Kerkstraat {number}, {_digits(rng, '2###')} GC Nieuwdorp",
        f"Rua das Flores {number}, {_digits(rng, '4###-###')} Vilanova",
        f"Storgatan {number}, {_digits(rng, '### ##')} Nystad",
        f"ul. Leśna {number}, {_digits(rng, '##-###')} Nowe Miasto",
        f"PO Box {number}, {town}, OR {_digits(rng, '97###')}",
    ]
    return _said(rng, _ADDRESS_SENTENCES, rng.choice(addresses))


def postcode(rng: Random) -> Made:
    """Return a postcode of one of several countries."""
    shapes = ["#####", "#####-####", "LS# #DY", "K#A #B#", "#### GC", "####-###", "##-###", "####"]
    return _said(rng, _POSTCODE_SENTENCES, _digits(rng, rng.choice(shapes)))


VALID: dict[str, Callable[[Random], Made]] = {
    "pii/phone-number": phone_number,
    "pii/postal-address": postal_address,
    "pii/postcode": postcode,
}
