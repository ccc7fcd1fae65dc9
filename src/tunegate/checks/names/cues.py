"""What people write around names: questions for one, introductions, greetings, fields of records."""

import re
from collections.abc import Iterator


def _ends(words: str) -> tuple[str, ...]:
    return tuple(f" {each}" for each in words.split("|"))


# A question for the other's name, or for confirming it; read at the end of a message.
_ASKS = re.compile(
    r"""(?ix)
    \b(?:your|full|first|last|complete|account\s?holder'?s?|cardholder|the|a)\s(?:\w+\s){0,2}?name\b
      [^.!?]{0,80}(?:\?|please|$)
    | \bname\s(?:please|of\sthe\s(?:account|card)\s?holder|on\sthe\s(?:account|card|order|booking))
    | \bwho(?:m|'s|\s(?:am|do|is))?\b[^.!?]{0,25}\b(?:speak|talk|chat|calling|this)\w*
    | \b(?:speaking|chatting|talking)\s(?:with|to)\b[^.!?]{0,20}(?:\?|$)
    | \b(?:ihre?n?|dein(?:en)?|der|wie\sist)\s(?:\w+\s){0,2}name\w*\b | \bwie\shei(?:ß|ss)en\ssie
    | \bmit\swem\s(?:spreche|habe)
    | \b(?:votre|ton|quel\sest)\s(?:\w+\s){0,2}nom\b | \bcomment\s(?:vous|t')\s?appel
    | \b(?:su|tu|cu[aá]l\ses)\s(?:\w+\s){0,2}nombre\b | \bc[oó]mo\s(?:se|te)\sllama
    | \b(?:seu|qual\s(?:o|é|e))\s(?:\w+\s){0,2}nome\b | \b(?:suo|tuo|qual\sè\sil)\s(?:\w+\s){0,2}nome
    | \bcome\s(?:si|ti)\schiama | \b(?:uw|je|wat\sis)\s(?:\w+\s){0,2}naam\b | \bimi[eę]\b
    | как\sвас\sзовут | ваше\s(?:полное\s)?имя
    """
)
ASKING_WORDS = [
    "name",
    "names",
    "speaking",
    "chatting",
    "talking",
    "who",
    "whom",
    "namen",
    "heissen",
    "heißen",
    "wem",
    "nom",
    "appelez",
    "nombre",
    "llama",
    "nome",
    "chiama",
    "chiami",
    "naam",
    "imie",
    "imię",
    "зовут",
    "имя",
]
_WORD = re.compile(r"[^\W\d_]{2,}")
_LAST_PART = 240  # code points of a message in which a question is looked for

# What stands right before the writer's own name, and before the name of whom they write to; each
# begins where a word does. Plain ends of a text are found a hundred times faster than by `re`.
_SELF = _ends(
    "my name is|my name's|my names|name is|name's|my first name is|my last name is|my full name is"
    "|my name|my name would be|name would be|i'm|im|i am|this is|it's|its|it is|call me|calls me"
    "|known as|bin|heiße|heisse|mein name ist|name ist|hier ist|hier spricht|je suis|je m'appelle"
    "|mon nom est|ici|soy|me llamo|mi nombre es|mi chiamo|sono|meu nome é|me chamo|ik ben"
    "|mijn naam is|nazywam się|mitt namn är|меня зовут|мене звати"
)
_OTHER = _ends(
    "hi|hi there|hello|hello there|hey|hey there|hiya|dear|good morning|good afternoon|good evening"
    "|good day|greetings|welcome|welcome back|hallo|guten tag|guten morgen|guten abend|liebe"
    "|lieber|sehr geehrte|sehr geehrter|bonjour|bonsoir|cher|chère|hola|buenos días|buenas tardes"
    "|estimado|estimada|ciao|buongiorno|gentile|olá|beste|hej|thanks|thank you|thank you so much"
    "|thanks so much|thx|okay|ok|sure|sorry|danke|merci|gracias|grazie|obrigado|obrigada"
)
_CLOSING = _ends(
    "regards|wishes|thanks|thank you|thx|cheers|sincerely|faithfully|truly|best|greetings|advance"
    "|grüßen|grüße|gruessen|gruss|gruß|danke|cordialement|saludos|saluti|groeten|groet|hälsningar"
    "|pozdrawiam|you|weekend|appreciation|vous|saludo|saudações|abraço"
)
_TITLES = _ends("mr|mrs|ms|miss|dr|prof|herr|herrn|frau|madame|monsieur|mme|m|sr|sra|sig")
_AFTER_OWN = (" here", ", here", " speaking", ", speaking", " hier", " am apparat")
_BETWEEN = " ,:;.!-–—~\n\r\t"  # stands between such words and the name
_BEFORE, _AFTER = 48, 20  # code points looked at beside a name
_SIGNATURE = 200  # what may follow the name at the end of a message

# Given after a fixed phrase, in scripts whose names the word lists do not tell.
_HAN = r"[\u3400-\u9fff々]"
_PHRASES = (
    ("我叫", rf"我叫(?P<name>{_HAN}{{2,4}})"),
    ("名字", rf"名字(?:是|叫)(?P<name>{_HAN}{{2,4}})"),
    ("と申します", rf"(?P<name>(?:{_HAN}|[\u30a0-\u30ff]){{2,10}})と申します"),
    ("名前は", rf"名前は(?P<name>(?:{_HAN}|[\u30a0-\u30ff]){{2,8}})(?:です|と)"),
    ("이름은", r"이름은\s?(?P<name>[가-힣]{2,4}?)(?:입니다|이에요|예요|이고|\s|[.,]|\Z)"),
    ("저는", r"저는\s(?P<name>[가-힣]{2,4}?)(?:입니다|이라고|라고)"),
    ("зовут", r"(?i:меня\sзовут)\s(?P<name>[А-ЯЁ]\w{1,20}(?:\s[А-ЯЁ]\w{1,20}){0,2})"),
    ("звати", r"(?i:мене\sзвати)\s(?P<name>[А-ЯІЇЄҐ]\w{1,20}(?:\s[А-ЯІЇЄҐ]\w{1,20}){0,2})"),
)  # fmt: skip
_COMPILED = tuple((literal, re.compile(pattern)) for literal, pattern in _PHRASES)

# Fields of records that hold a person.
_FIELD = (
    r"(?:full|first|last|middle|given|family|customer|client|user|contact|agent|assignee|requester"
    r"|author|passenger|guest|patient|recipient|holder|owner|billing|shipping|account)[_\s-]?(?:full_?)?name"
    r"|name|customer|requester|assignee|passenger|recipient|surname|contact_?person"
)
_JSON_FIELD = re.compile(rf'(?i)"(?:{_FIELD})"\s*:\s*"(?P<value>[^"\\]{{2,80}})"')
_NAMED_PART = re.compile(rf"(?i)/(?:{_FIELD})\Z")


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, without initials."""
    return tuple(_WORD.findall(name.lower()))


def asks_for_name(text: str) -> bool:
    """Tell whether a message ends with a question for a name."""
    return bool(_ASKS.search(text[-_LAST_PART:]))


def is_named_part(part: str) -> bool:
    """Tell whether a part of a record holds the name of somebody, by its key."""
    return bool(_NAMED_PART.search(part))


def fields(text: str) -> Iterator[tuple[int, int]]:
    """Yield the values of fields that hold names, in a text that is JSON."""
    for match in _JSON_FIELD.finditer(text):
        yield match.span("value")


def after_phrases(text: str) -> Iterator[tuple[int, int]]:
    """Yield names that follow a fixed phrase in scripts without capitals, or Cyrillic."""
    for literal, pattern in _COMPILED:
        if literal in text:
            for match in pattern.finditer(text):
                start, end = match.span("name")
                lead = len(text[start:end]) - len(text[start:end].lstrip())
                yield start + lead, end


def is_own(text: str, start: int, end: int) -> bool | None:
    """Tell whose name stands there: the writer's, the other's (False), or unknown (None)."""
    before = text[max(0, start - _BEFORE) : start].lower().replace("’", "'")
    said = before.rstrip(_BETWEEN)
    flat = f" {said}".replace("\n", " ").replace(",", " ")
    for title in _TITLES:
        if flat.endswith(title):
            flat = flat[: -len(title)].rstrip(_BETWEEN)
            break
    apart = before[len(said) :]
    if "\n" in apart and flat.endswith(_CLOSING) and len(text) - end < _SIGNATURE:
        return True
    if text[end : end + _AFTER].lower().startswith(_AFTER_OWN):
        return True
    if "." in apart or "!" in apart:
        return None
    return True if flat.endswith(_SELF) else False if flat.endswith(_OTHER) else None
