"""Which kind of value a rule finds, as far as that decides how it is masked or made up."""

from enum import Enum, auto

from tunegate.rules import Rule


class Kind(Enum):
    """What is done alike."""

    EMAIL = auto()
    PHONE = auto()
    CARD = auto()
    ACCOUNT = auto()
    SSN = auto()
    IP = auto()
    URL = auto()
    NAME = auto()
    DATE = auto()
    WORDS = auto()  # streets, places, companies
    CODE = auto()  # ids, numbers, whatever else has a shape
    SECRET = auto()


_BY_VALIDATOR = {
    "email-address": Kind.EMAIL,
    "phone-number": Kind.PHONE,
    "payment-card": Kind.CARD,
    "iban": Kind.ACCOUNT,
    "us-ssn": Kind.SSN,
    "ipv4": Kind.IP,
    "ipv6": Kind.IP,
}
_BY_WORD = {
    "EMAIL": Kind.EMAIL,
    "PHONE": Kind.PHONE,
    "FAX": Kind.PHONE,
    "CARD": Kind.CARD,
    "IBAN": Kind.ACCOUNT,
    "IP": Kind.IP,
    "URL": Kind.URL,
    "USERNAME": Kind.CODE,
    "PERSON": Kind.NAME,
    "NAME": Kind.NAME,
    "DOB": Kind.DATE,
    "BIRTH": Kind.DATE,
    "BIRTHDAY": Kind.DATE,
    "DATE": Kind.DATE,
    "ADDRESS": Kind.WORDS,
    "STREET": Kind.WORDS,
    "CITY": Kind.WORDS,
    "LOCATION": Kind.WORDS,
    "ORGANISATION": Kind.WORDS,
    "ORGANIZATION": Kind.WORDS,
    "COMPANY": Kind.WORDS,
}


def kind_of(rule: Rule) -> Kind:
    """Return the kind by the rule's family, its validator, or the words of its placeholder."""
    if rule.family == "secret":
        return Kind.SECRET
    validator = rule.file.params.get("validator")
    if isinstance(validator, str) and validator in _BY_VALIDATOR:
        return _BY_VALIDATOR[validator]
    words = rule.placeholder.split("_")
    if words[0] in ("USER", "LOGIN"):
        return Kind.CODE
    return next((_BY_WORD[word] for word in words if word in _BY_WORD), Kind.CODE)
