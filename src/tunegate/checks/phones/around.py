"""What stands beside digits and says that they are a phone number, or something else."""

import re

BEFORE_WINDOW = 24  # code points looked at before a number; 12 after it
AFTER_WINDOW = 24
_GLUED_WINDOW = 6
_NOT_BEFORE_PHONE = re.compile(
    r"(?:[$€£¥₹₽₩] ?|\b(?:USD|EUR|GBP|CHF|INR|BRL|JPY|Rs\.?) ?|[#№@&_]|\w/|[0-9][.:])\Z"
)
_NOT_AFTER_PHONE = re.compile(
    r"[@%°_]|(?!x ?[0-9]|ext)[A-Za-z\u00c0-\u1fff]|[.:][0-9]|,[0-9]{1,2}(?![0-9]|,\S)| ?[$€£¥₹₽₩]"
    r"| ?(?:USD|EUR|GBP|CHF|INR|BRL|JPY|dollars?|euros?|pounds?|bytes|[kKmMgG]i?B|am|pm)\b"
)
# A comma between digits divides columns, but also a fraction or thousands from what stands before:
# then two digits at most or three follow, and a space or a point.
_DECIMAL_COMMA = re.compile(r"[0-9],\Z")
_THOUSANDS_COMMA = re.compile(r"(?<![0-9])[0-9]{1,3},\Z")
_FRACTION, _THOUSANDS = re.compile(r"[0-9]{1,2}[ .]"), re.compile(r"[0-9]{3}[ .]")
_GLUED_BEFORE, _GLUED_AFTER = re.compile(r"\w-\Z"), re.compile(r"[-/]\w")
# After a number that stands for itself a sentence ends, or goes on with no noun to be counted.
_NOTHING_FOLLOWS = re.compile(r"[ ]?(?:\Z|[\t\n.,;:!?)\]}\"'<>|=…])")
_NO_NOUN_FOLLOWS = re.compile(
    r"""(?xi)[ ](?: is | isn't | was | works | will | would | should | can | and | or | if | when
    | while | until | before | after | between | during | from | at | any | anytime | anyway
    | today | tomorrow | tonight | now | instead | please | pls | thanks | thank | thx | ok | okay
    | ask | leave | my | her | his | our | their
    | ist | und | oder | bitte | danke | ab | wenn | heute | morgen | et | ou | est | merci | svp
    | y | o | es | por | gracias | hoy | e | grazie | per | oggi | domani | obrigado | obrigada
    | en | graag | bedankt | i | lub | jest | dziękuję | och | eller | tack | og | tak | takk
    )\b"""
)
_COUNTED = re.compile(
    r"""(?xi)(?:[0-9][ ]?[x×*+=/<>~-] | [x×*+=<>~] | \b(?: have | has | had | hold | sold | bought
    | paid | pay | costs? | worth | total | totals | only | about | around | approximately
    | nearly | almost | over | under | above | below | than | least | most | of | in | since | by
    | another | exactly | years? | pages? | sizes? | rooms? | gates? | flights? | bus | chapters?
    | parts? | items? | models? | units? | levels? | codes? | scores? | errors? | lines? | rows?
    | january | february | march | april | may | june | july | august | september | october
    | november | december | jan | feb | mar | apr | jun | jul | aug | sept? | oct | nov | dec
    | habe | haben | hat | etwa | rund | von | seit | größen? | jahre? | seiten? | environ
    | tailles? | années? | depuis | unos | casi | desde | años? | circa | quasi | anni ))
    [ ]?\Z"""
)
_ALONE_BEFORE = re.compile(
    r"(?:\A|[\n:=>]\s*|\b(?:try|use|dial|text|it is|it's|is|at|unter|au|al)\s)\Z", re.IGNORECASE
)


def is_other_number(text: str, start: int, end: int, written: str) -> bool:
    """Tell whether a sign beside the digits makes them a sum, a name or a part of more."""
    before = text[max(0, start - _GLUED_WINDOW) : start]
    return bool(
        _NOT_BEFORE_PHONE.search(before)
        or _NOT_AFTER_PHONE.match(text[end : end + AFTER_WINDOW])
        or _continues_number(before, written)
    )


def is_glued(text: str, start: int, end: int) -> bool:
    """Tell whether a dash or a slash joins the digits to a word."""
    before = text[max(0, start - _GLUED_WINDOW) : start]
    return bool(_GLUED_BEFORE.search(before) or _GLUED_AFTER.match(text, end))


def counts_something(text: str, start: int, end: int) -> bool:
    """Tell whether the words around may make the digits an amount, a size or a year."""
    after = text[end : end + AFTER_WINDOW]
    if not (_NOTHING_FOLLOWS.match(after) or _NO_NOUN_FOLLOWS.match(after)):
        return True
    return bool(_COUNTED.search(text[max(0, start - BEFORE_WINDOW) : start]))


def stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether the digits open the text or follow a word for using them, and count nothing."""
    before = text[max(0, start - BEFORE_WINDOW) : start]
    return bool(_ALONE_BEFORE.search(before)) and not counts_something(text, start, end)


def _continues_number(before: str, written: str) -> bool:
    """Tell whether a comma before makes the digits the end of a number: 1,234 567 or 0,25 1000."""
    if _FRACTION.match(written):
        return bool(_DECIMAL_COMMA.search(before))
    return bool(_THOUSANDS.match(written) and _THOUSANDS_COMMA.search(before))
