"""Dates of birth and ages: told from all other dates and years by what stands beside them."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Certainty, Judged, Validator

_FIRST_YEAR, _LAST_YEAR = 1900, 2099  # the words beside it decide, not whether it has come
_DAYS, _MONTHS = 31, 12
_NUMBERS = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
# A day without its year counts only right after these.
_BORN = re.compile(
    r"(?i)(?:birthday|birthdate|d\.?o\.?b\.?|date of birth|born|geburtstag|geburtsdatum|geboren"
    r"|anniversaire|née?|cumpleaños|nacimiento|nací|compleanno|nat[oa]|aniversário|nasci(?:mento)?"
    r"|verjaardag|geboortedatum)"
    r"[\s:,]{1,3}(?:(?:is|was|on|the|ist|war|am|est|le|es|el|è|il|é|em|op|it's)[\s:]{1,2}){0,3}\Z"
)
_BORN_WINDOW = 40  # code points: the longest of them
_OTHER_DATE = re.compile(
    r"(?i)\b(?:today|tomorrow|yesterday|appointment|expir\w+|order(?:ed)?|deliver\w*|invoice|bought|purchase\w*|since|until|due"
    r"|valid|joined|signed|check-?in|check-?out|departure|arriv\w+|flight|booked|booking|termin|gekauft"
    r"|bestell\w*|liefer\w*|gültig|rechnung\w*|commandé|livraison|rendez-vous|comprado|entrega|cita"
    r"|consegna|scadenza|bezorg\w*|died|death|sold|updated?|created)\b[^.!?\n]{0,24}\Z"
)


def birth_date(text: str, start: int, end: int) -> Judged | None:
    """Accept a date that can be somebody's birthday; which one it is, the words beside it say."""
    written = text[start:end]
    numbers = [int(number) for number in _NUMBERS.findall(written)]
    month_named = bool(_LETTERS.search(written)) and "年" not in written
    if not _is_date(numbers, written, month_named=month_named):
        return None
    if _OTHER_DATE.search(text, max(0, start - _BORN_WINDOW), start):
        return None
    if _has_year(numbers, month_named=month_named):
        return Judged(start, end, Certainty.UNSURE)
    born = _BORN.search(text, max(0, start - _BORN_WINDOW), start)
    return Judged(start, end, Certainty.LIKELY) if born else None


def _has_year(numbers: list[int], *, month_named: bool) -> bool:
    return len(numbers) == (2 if month_named else 3) or max(numbers) > _DAYS


def _is_date(numbers: list[int], written: str, *, month_named: bool) -> bool:
    """Tell whether day, month and year are possible, in one of their orders.

    A day that a month does not have, such as 31/06, is a date all the same: people mistype.
    """
    if len(numbers) == 1 and len(written) == 8 and written.isdigit():
        return _is_compact(written)
    years = [number for number in numbers if number > _DAYS]
    if len(years) > 1 or any(not _is_year(year) for year in years):
        return False
    small = [number for number in numbers if number <= _DAYS]
    if month_named:
        return len(small) <= 2 and min(small, default=1) >= 1
    months = [number for number in small if 1 <= number <= _MONTHS]
    return len(numbers) in (2, 3) and bool(months) and (len(small) == 3 or min(small) >= 1)


def _is_year(year: int) -> bool:
    return _FIRST_YEAR <= year <= _LAST_YEAR or _DAYS < year < 100


def _is_compact(digits: str) -> bool:
    """Tell whether eight digits are a date with its year at one of the ends."""
    for year, rest in ((digits[:4], digits[4:]), (digits[4:], digits[:4])):
        one, two = int(rest[:2]), int(rest[2:])
        if _FIRST_YEAR <= int(year) <= _LAST_YEAR and 1 <= min(one, two) <= _MONTHS:
            return max(one, two) <= _DAYS
    return False


# Who is so old: a word for a person, at most a few words before the number.
_PERSON = (
    "i|he|she|they|we|who|you|son|daughter|child|kid|baby|toddler|boy|girl|man|woman|mother|mum|mom|father"
    "|dad|wife|husband|brother|sister|grandmother|grandma|grandfather|grandpa|grandson|granddaughter|niece"
    "|nephew|uncle|aunt|friend|partner|parent|patient|client|customer|passenger|guest|student|person|lady"
    "|gentleman|guy|mr|mrs|ms|dr|miss|twin|children|teenager|teen|adult|pensioner|retiree|widow|widower"
    "|ich|er|sie|wir|sohn|tochter|kind|mutter|vater|frau|mann|oma|opa|bruder|schwester|patientin|junge|mädchen"
    "|je|tu|elle|fils|fille|mère|père|femme|mari|enfant|frère|sœur|homme"
    "|yo|él|ella|hijo|hija|madre|padre|esposa|esposo|marido|niño|niña|hermano|hermana|mujer|hombre"
    "|io|lui|lei|figlio|figlia|moglie|marito|bambino|bambina|fratello|sorella|nonno|nonna|uomo|donna"
    "|eu|ele|ela|filho|filha|mãe|pai|menino|menina|avó|avô|homem|mulher"
    "|ik|hij|zij|zoon|dochter|moeder|vader|vrouw|jongen|meisje"
)
_PERSON_BEFORE = re.compile(
    rf"(?i)\b(?:{_PERSON})s?\b(?:['’](?:m|s|re))?(?: [^\W\d_]+,?| [(,]){{0,3}}[ ,(]{{1,2}}\Z"
)
_PERSON_AFTER = re.compile(rf"(?i)[ -](?:old[ -])?(?:[^\W\d_]+ )?(?:{_PERSON})s?\b")
_NAMED = re.compile(
    r"(?<![^\s.!?,])(?!(?:The|My|Our|Your|This|That|It|These|Is)\b)[A-Z][^\W\d_]+"
    r"(?: [A-Z][^\W\d_]+)?"
    r"(?: (?:is|was|turned)(?: now| only| a| an)?|,) \Z"
)
_THING = re.compile(
    r"(?i)\b(?:laptop|computer|pc|mac|macbook|phone|iphone|tv|television|account|car|vehicle|house|building"
    r"|home|roof|boiler|fridge|washer|dryer|machine|printer|router|modem|device|product|unit|system|software"
    r"|app|version|company|business|site|website|subscription|membership|contract|policy|warranty|order"
    r"|ticket|invoice|battery|wine|whisky|whiskey|scotch|rum|cheese|dog|cat|puppy|kitten|horse|pet|tree|bug"
    r"|issue|problem|topic|thread|post|video|game|console|camera|bike|shoes|jacket|mattress|sofa|book|plan"
    r"|lease|loan|mortgage|bond|furniture|gerät|rechner|auto|haus|konto|vertrag|garantie|hund|katze"
    r"|ordinateur|voiture|maison|compte|chien|chat|coche|casa|cuenta|perro|gato|ordenador|garantía|macchina"
    r"|conto|cane|gatto|garanzia|carro|conta|cachorro|computador|garantia|huis|hond)s?\b"
    r"|\b(?:it|that|this|these|those|which)(?:['’]s| is| was| are) (?:[^\W\d_]+ )?\Z"
)
# "The old one is", "el viejo tiene": which one, and not who.
_ONE_OF_SORTS = re.compile(
    r"(?i)\b(?:(?:old|older|new|newer|first|last|other|previous|current|original) ones?"
    r"|(?:das|der|die|den|el|la|le|il|lo|o|a|de|het|mein|meine|mi|mon|mio|meu|minha|mijn) "
    r"(?:alte|altes|alter|neue|neues|neuer|erste|viejo|vieja|nuevo|nueva|anterior|antiguo|antigua"
    r"|ancien|ancienne|vieux|vieille|nouveau|nouvelle|vecchio|vecchia|nuovo|nuova|antigo|antiga"
    r"|velho|velha|novo|nova|oude|nieuwe)|l['’]ancien(?:ne)?)"
    r"(?: (?:is|was|ist|war|wird|tiene|tenía|a|avait|ha|aveva|tem|tinha|heeft|déjà|ya|già|já)){0,2}"
    r" ?(?:already |now |about |only |just |schon |erst |déjà |ya |già |já |al )?\Z"
)
_OURS = re.compile(r"(?i)\b(?:my|our|his|her|their|your) \Z")  # "my 5-year-old"
_CLAUSE = re.compile(r"[.!?;\n]")
_WINDOW, _AFTER_WINDOW = 48, 24  # code points
_OLDEST = 122  # years: the longest life that is documented


def age(text: str, start: int, end: int) -> Judged | None:
    """Accept the years of a person; a laptop of five years is none.

    What matched begins with a word where that word says who is so old: "aged 71", "j'ai 34 ans".
    """
    number = _NUMBERS.search(text, start, end)
    if number is None or not 0 < int(number[0]) <= _OLDEST:
        return None
    found = Judged(*number.span(), Certainty.LIKELY)
    if _PERSON_AFTER.match(text, end):
        return found
    before = _CLAUSE.split(text[max(0, start - _WINDOW) : start])[-1]
    # What matched may begin with the verb: the words before that are read with it.
    subject = before + text[start : found.start] if start < found.start else before
    if (
        _ONE_OF_SORTS.search(subject)
        or _THING.search(before)
        or _THING.search(text, end, end + _AFTER_WINDOW)
    ):
        return None
    noun = _OURS.search(before) and text.endswith("old", found.end, end) and text[found.end] == "-"
    said = noun or start < found.start or _PERSON_BEFORE.search(before) or _NAMED.search(before)
    return found if said else None


DATES: Mapping[str, Validator] = {"age": age, "birth-date": birth_date}

# Of `_BORN`: without them, or a word of the rule's own, no date is a birthday.
DATE_WORDS: Mapping[str, frozenset[str]] = {
    "birth-date": frozenset(
        [
            *("birth", "born", "d.o.b", "dob*", "geburt", "geboren", "geboorte", "anniversaire"),
            *("né*", "cumpleaños", "nacimiento", "nací", "compleanno", "nato*", "nata*"),
            *("aniversário", "nasci", "verjaardag"),
        ]
    )
}
