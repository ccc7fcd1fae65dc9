"""Where a letter names whom it is to and who wrote it: after a greeting, and below its closing."""

import numpy as np

from tunegate.checks.names import lexicon, tokens
from tunegate.checks.names.features import Scene, is_one_of
from tunegate.checks.names.tokens import Flags, Ints, Small, hash_words

CERTAINTY = 0.9
_GREETING_WORDS = 8  # of a line that opens with a greeting: "Greetings from Leeds to you, Anna,"
_CLOSING_WORDS = 6  # "looking forward to hearing from you,"
_FIRM_WORDS = 5  # of the line below a name: "customer service of Acme"
_SIGNED_WORDS = 2
_GREETS = hash_words(
    """
    hi hello hey hiya dear good greetings welcome hallo guten schönen liebe lieber sehr moin servus
    grüße grüezi bonjour bonsoir salut cher chère un hola buenos buenas saludos estimado estimada
    querido querida qué muy ciao buongiorno buonasera salve gentile caro cara olá oi bom boa
    saudações prezado prezada caro hej hei hallå god goedemiddag goedemorgen goedenavond goedendag
    beste geachte groeten dzień cześć witam szanowny szanowna
    """.split()
)
_OF_PLACES = hash_words(
    "from in at of to near aus von nach bei de desde en à a da do di dal del uit van te z w"
    " från".split()
)
_ENDS = (tokens.COMMA, tokens.COLON, tokens.MARK, tokens.LINE, tokens.EDGE)


def addressed(seen: Scene) -> Flags:
    """Tell which words are given names at the end of a greeting, or alone below a closing."""
    words, flags = seen.words, seen.flags
    found = np.zeros(len(words), bool)
    if not len(words):
        return found
    titled = (seen.shape == tokens.TITLE) & ((flags & lexicon.NEVER) == 0)
    given = titled & ((flags & lexicon.GIVEN) != 0)
    plain = titled & ((flags & (lexicon.ORDINARY | lexicon.CAPITAL | lexicon.PLACE)) == 0)
    at = np.flatnonzero(given | plain)
    if not len(at):
        return found
    line = np.searchsorted(seen.line_begin, words.start[at], side="right") - 1
    first, last = seen.line_word[line], seen.line_word[line + 1]
    after = words.kind_at(words.end[at])
    found[at[given[at] & _greeted(seen, at, first, after)]] = True
    found[at[_signs(seen, at, first, last, given[at])]] = True
    return found


def _greeted(seen: Scene, at: Ints, first: Ints, after: Small) -> Flags:
    before = np.maximum(at - 1, 0)
    fits: Flags = is_one_of(seen.words.hash[first], _GREETS) & (at > first)
    fits &= (at - first < _GREETING_WORDS) & np.isin(after, _ENDS)
    return fits & ~is_one_of(seen.words.hash[before], _OF_PLACES)


def _signs(seen: Scene, at: Ints, first: Ints, last: Ints, given: Flags) -> Flags:
    words = seen.words
    own: Flags = (at == first) & (last - first <= _SIGNED_WORDS)
    own &= words.kind_at(words.start[at] - 1) == tokens.LINE
    own &= (seen.lowers[last] == seen.lowers[first]) & ~is_one_of(words.hash[at], _GREETS)
    end = words.end[last - 1]
    ended = words.kind_at(end)
    own &= np.isin(ended, (tokens.LINE, tokens.EDGE, tokens.COMMA, tokens.STOP))
    # The line before, if there is one in this text, is a closing with a comma.
    before = np.maximum(at - 1, 0)
    above = np.searchsorted(seen.line_begin, words.start[before], side="right") - 1
    short = at - seen.line_word[above] <= _CLOSING_WORDS
    gap = words.start[at] - words.end[before]
    follows = seen.together(at, at - 1)
    closed = (words.kind_at(words.end[before]) == tokens.COMMA) & (gap <= 4) & short & follows
    # Or the firm stands below: "Anna,\nAcme support".
    below = np.minimum(last, len(words) - 1)
    next_line = np.searchsorted(seen.line_begin, words.start[below], side="right") - 1
    size = seen.line_word[next_line + 1] - seen.line_word[next_line]
    ends_text = ~seen.together(at, last)
    firm = (ended == tokens.COMMA) & (words.kind_at(end + 1) == tokens.LINE) & ~ends_text
    firm &= (size <= _FIRM_WORDS) & (below == seen.line_word[next_line])
    over = (ended == tokens.EDGE) | (words.kind_at(end + 1) == tokens.LINE)
    over |= words.kind_at(end + 1) == tokens.EDGE
    # Or it ends the message, apart from what was said.
    alone = given & (last - first == 1) & (gap > 1) & follows
    alone &= (words.kind_at(end) == tokens.EDGE) & (
        words.kind_at(words.start[at] - 2) == tokens.LINE
    )
    signed: Flags = own & ((closed & (given | over)) | (firm & given) | alone)
    return signed
