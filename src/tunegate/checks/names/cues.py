"""What people write around names: questions for one, introductions, greetings, fields of records."""

import re
from collections.abc import Iterator

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
ASKING_WORDS = (
    "name names speaking chatting talking who whom namen heissen heißen wem nom appelez nombre llama"
    " nome chiama chiami naam imie imię зовут имя"
).split()
_LAST_PART = 240  # code points of a message in which a question is looked for

_SELF = re.compile(
    r"""(?ix)(?:
    \b(?:my|the)\s(?:(?:first|last|full|complete)\s)?name(?:'?s|\sis|\swould\sbe)?
    | \bi(?:['’]?m|\sam) | \bthis\sis | \bits? | \bit(?:['’]s|\sis)
    | \b(?:call\sme|calls\sme|known\sas)
    | \b(?:ich\s)?(?:bin|hei(?:ß|ss)e) | \bmein\sname\sist | \bhier\s(?:ist|spricht)
    | \bje\ssuis | \bm['’]appelle | \bmon\snom\sest | \bsoy | \bme\sllamo | \bmi\snombre\ses
    | \bmi\schiamo | \bsono | \bmeu\snome\sé | \bme\schamo | \bik\sben | \bmijn\snaam\sis
    | меня\sзовут )[\s:,]{1,3}\Z"""
)
_OTHER = re.compile(
    r"""(?ix)(?:
    (?:\A|[\n.!?,;]\s*)(?:hi|hello|hey|hiya|dear|good\s(?:morning|afternoon|evening|day)|greetings
      |welcome(?:\sback)?|hallo|guten\s(?:tag|morgen|abend)|liebe[rs]?|sehr\sgeehrte[rs]?|bonjour
      |bonsoir|cher|chère|hola|buen[oa]s\s\w+|estimad[oa]|ciao|buongiorno|gentile|olá|beste|hej)
      (?:\sthere)?
    | \b(?:thanks|thank\syou|thx|okay|ok|sure|sorry|danke|merci|gracias|grazie|obrigad[oa])(?:\sso\smuch)?
    )[,\s]{1,2}(?:(?:mr|mrs|ms|miss|dr|herrn?|frau|madame|monsieur|mme|m|sra?|sig)\b\.?\s)?\Z"""
)
_CLOSING = re.compile(
    r"""(?ix)(?:regards|wishes|thanks|thank\syou|thx|cheers|sincerely|faithfully|truly|best|greetings
    |advance|gr(?:ü|ue)(?:ß|ss)en?|danke|cordialement|saludos|saluti|groet\w*|hälsningar|pozdrawiam
    )[\s,.!]*\n\s*(?:[-–—~]\s*)?\Z"""
)
_INTRODUCES = re.compile(r"(?i)\A(?:\s*,?\s*(?:here|speaking|hier|am\sapparat)\b)")
_BEFORE, _AFTER = 48, 20  # code points looked at beside a name

# Given after a fixed phrase, in scripts whose names the word lists do not tell.
_HAN = r"[\u3400-\u9fff々]"
_PHRASES = (
    ("我叫", rf"我叫(?P<name>{_HAN}{{2,4}})"),
    ("名字", rf"名字(?:是|叫)(?P<name>{_HAN}{{2,4}})"),
    ("と申します", rf"(?P<name>(?:{_HAN}|[\u30a0-\u30ff\u3041-\u3096 　]){{1,7}}{_HAN}|{_HAN}{{1,6}}"
     r"|[\u30a0-\u30ff]{2,10})と申します"),
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


def has_phrase(text: str) -> bool:
    """Tell whether any of these phrases may be in a text, or in many that are joined."""
    return any(literal in text for literal, _ in _COMPILED)


def is_own(text: str, start: int, end: int) -> bool | None:
    """Tell whose name stands there: the writer's, the other's (False), or unknown (None)."""
    before = text[max(0, start - _BEFORE) : start]
    if _SELF.search(before) or _INTRODUCES.search(text[end : end + _AFTER]):
        return True
    if _OTHER.search(before if start <= _BEFORE else " " + before):
        return False
    if _CLOSING.search(before) and len(text) - end < 200:
        return True
    return None
