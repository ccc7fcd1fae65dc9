"""Passwords said in a conversation: is the word after "my password is" one, or its state?"""

import base64
import re
from collections.abc import Mapping

from tunegate.checks.judging import Certainty, Judged, Validator, likely_if
from tunegate.checks.validators.randomness import is_placeholder
from tunegate.checks.validators.secrets import is_random

_FEWEST = 4  # characters; what is shorter is a count or a word such as "ok"
_LONGEST_PIN = 8  # digits; longer numbers belong to accounts
_OPENING = "\"'`«„“‚‘<([{*"
_CLOSING = re.compile(r"[.,;:?)\]}>'\"`»”’*]+\Z")
# Where a value is over though no space follows: the next field of a connection string or an
# address, an escaped line break, the sentence in a script that is written without spaces.
_NEXT = re.compile(r"[;&]\w[\w ]{0,30}=|\\[nrt\\\"]|[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]")
_AROUND = 24  # code points before a value in which it is given away how it was written
_ASSIGNED = re.compile(r"(?:[=:：→]|->|は|是|為|为)\s*[\"'`«„“‚‘(]{0,3}\Z")
_QUOTED = re.compile(r"[\"'`«„“‚‘]\Z")
_ENDS = re.compile(r"[\"'`»”’)]{0,2}(?:[.!,;]?\s*(?:\Z|\n|\\n)|[.,;]\s)")
_NO_VALUE = re.compile(
    r"(?i)[\[<{(].*|.*[>\]}]|\$\{?\w+\}?|%\w+%?|https?:.*|www\..*|[^@\s]+@[^@\s]+\.[a-z]+"
    r"|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|[0-9]{1,2}:[0-9]{2}(?:[ap]m)?"
    r"|[0-9]{1,3}[- ]?(?:factor|step|digit|char|day|time|year|week|month|hour|min|bit)\w*"
    r"|[0-9](?:st|nd|rd|th)|[0-9.,]+%"
    r"|(?:the|an?|my|your|our|this|that|user|admin|db|old|new)[_-]?pass(?:word)?"
    r"|(?:process\.env|os\.environ|env|config|settings|self|this|args|params|input|request)[.\[(].*"
    r"|[a-z_.]+\(.*|[A-Z]+_[A-Z_]+|.*/[a-z-]+/.*"
)
# What a password is, or what one does with it, when the sentence does not tell it.
_STATE_WORDS = """
a about again all already also always an and any anything as asked at because been before being
both but by can cannot case-sensitive changed complex compromised confidential correct created
default different disabled easy either empty enough entered etc exactly exposed expired expiring
false fine first for forgotten from fully generated gone good hacked hashed hard here hidden how
if impossible in incorrect invalid it just known leaked less long lost masked mine missing more
must my necessary needed never new no none nonsense not nothing null number numbers of off ok okay
old on only optional or our out outdated over please private protected public random recovery
rejected required reset right safe same saved secret secure sensitive sent set short so still
string strong stolen stuck stored temporary text that the their then there this to today too true
undefined unique unknown unset unsafe up updated used user username useless valid value very
visible weak what whatever when where which with without working wrong yes yet you your
alphanumeric bad blank broken easily encrypted entirely foo forgot great help hi hello i im locked
pending restricted return simple sorry thanks thank unchanged void we they why who will would
abgelaufen aktuell alt anders auch bekannt dein falsch fehlt geheim gleich gesperrt ich ihr immer
jetzt kein korrekt leider leer mein mehr neu nicht noch nötig richtig schwach sicher sein ungültig
unbekannt unsicher verloren vergessen weg zu zurückgesetzt gültig geändert ganz sehr changé expiré
faux faible ici incorrecte inconnu invalide le la les ma mon ne nouveau oublié pas perdu plus
requis refusé toujours trop valide valable erroné bon mauvais actual bloqueada caducada cambiada
cambiado correcta correcto de débil equivocada el en errónea expirada incorrecta incorrecto
inválida mal mi muy nueva nuevo obligatoria olvidada olvidé perdida segura tu vencida errada
esqueci esqueceu está estava expirou fraca minha nova não obrigatória sua errata scaduta sbagliata
non corretta debole obbligatoria dimenticata niet verkeerd vergeten verlopen onjuist nieuw oud
mijn fout juist
"""
_STATES = frozenset(_STATE_WORDS.split())
_VERBAL = re.compile(r"(?i)(?:.{3}(?:ing|ed|ly|able|ible|ten|ert|iert|ado|ada|ido|ida))")
_ONE_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_DIGITS_ONLY = re.compile(r"[0-9]{4,}")
_UNIT = re.compile(
    r"(?i)\s*(?:char|digit|letter|day|time|year|month|week|hour|minute|second|attempt|zeichen|stellen"
    r"|tage|mal|jours?|fois|caract|d[ií]as|veces|cifre|tekens|%|€|\$|euro?|usd|dollar)"
)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out quotes around a value, and the punctuation of the sentence."""
    while start < end and text[start] in _OPENING:
        start += 1
    if over := _NEXT.search(text, start + 1, end):
        end = over.start()
    if closing := _CLOSING.search(text, start, end):
        end = closing.start()
    return start, end


def _is_strong(value: str) -> bool:
    """Tell whether it holds what words do not: digits, signs, a capital inside."""
    inside = value[1:]
    return bool(
        re.search(r"[0-9]", value)
        or re.search(r"[^\w'’.,-]", value)
        or (inside != inside.lower() and not value.isupper())
    )


def password(text: str, start: int, end: int) -> Judged | None:
    """Accept what was called a password, unless it is the state of one.

    A value with digits or signs is likely. A mere word is, where it is quoted, or where it closes
    the line after a colon or the sentence after "is" and says nothing about passwords.
    """
    start, end = _trimmed(text, start, end)
    value = text[start:end]
    if end - start < _FEWEST or _NO_VALUE.fullmatch(value) or is_masked(value):
        return None
    if value.lower() in _STATES or _UNIT.match(text, end):
        return None
    if _is_strong(value):
        return Judged(start, end, Certainty.LIKELY)
    before = text[max(0, start - _AROUND) : start]
    if not _ONE_WORD.fullmatch(value) or _VERBAL.fullmatch(value):
        return None
    likely = _QUOTED.search(before) or _ENDS.match(text, end)
    return Judged(start, end, Certainty.LIKELY) if likely else None


def is_masked(value: str) -> bool:
    """Tell whether only stars, dots, crosses or the word itself stand for a value."""
    plain = re.sub(
        r"(?i)pass(?:word|wd)?|secret|changeme|your|my|here|example|[*•.xX_\-…#]", "", value
    )
    return not plain or (len(set(value)) == 1 and not value.isdigit())


def pin(text: str, start: int, end: int) -> Judged | None:
    """Accept the digits of a PIN or a one-time code; not a count of something."""
    if _UNIT.match(text, end) or re.match(r"[./,-][0-9]", text[end : end + 2]):
        return None
    return Judged(start, end, Certainty.LIKELY)


def answered_password(text: str, start: int, end: int) -> Judged | None:
    """Accept what can be the answer to a question for a password; unsure without the question."""
    judged = password(text, start, end)
    if judged is None:
        return None
    value = text[judged.start : judged.end]
    if not _is_strong(value) or (value.isdigit() and len(value) > _LONGEST_PIN):
        return None
    return judged._replace(certainty=Certainty.UNSURE)


def basic_credentials(text: str, start: int, end: int) -> Judged | None:
    """Accept what decodes to `user:password` (RFC 7617)."""
    value = text[start:end]
    try:
        user, colon, secret = (
            base64.b64decode(value + "=" * (-len(value) % 4)).decode().partition(":")
        )
    except ValueError:  # not base64, or not text
        return None
    spoken = colon and (user + secret).isprintable() and len(user + secret) >= _FEWEST
    return Judged(start, end, Certainty.SURE) if spoken else None


def bearer(text: str, start: int, end: int) -> Judged | None:
    """Accept a token behind `Bearer`; an invented word is none."""
    value = text[start:end]
    random = is_random(value, bits=2.5) or (len(value) >= 20 and not is_placeholder(value))
    return Judged(start, end, Certainty.LIKELY) if random and re.search("[0-9]", value) else None


_OBVIOUS = re.compile(  # shapes with a meaning of their own
    r"(?i)https?:.*|/.*|.*\.(?:js|py|json|ya?ml|xml|txt|pem|crt|key|java|ts|go|rb|php|md|html?|com|org|net)"
    r"|v?[0-9]+(?:\.[0-9]+)+.*|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[^@]+@[^@]+\.[a-z]+|sha(?:256|384|512)[-:].*"
    r"|[0-9.,:+-]+|arn:.*|[A-Za-z]:\\.*"
)


def generic_key(text: str, start: int, end: int) -> Judged | None:
    """Accept a random value that was given to the name of a key; precision comes first."""
    start, end = _trimmed(text, start, end)
    value = text[start:end]
    if _OBVIOUS.fullmatch(value) or not re.search("[0-9]", value):
        return None
    bits = 3.0 if len(value) < 32 else 3.2
    return Judged(start, end, likely_if(True)) if is_random(value, bits=bits) else None


PASSWORDS: Mapping[str, Validator] = {
    "answered-password": answered_password,
    "basic-credentials": basic_credentials,
    "bearer": bearer,
    "generic-key": generic_key,
    "password": password,
    "pin": pin,
}
