"""Words that look like names and mostly are none: these must be surer than others.

A word that opens a sentence has its capital from that; a place after "to" and a month after "since"
are no people; German writes every noun with a capital, and an article or "Ihre" before it says so.
"""

import numpy as np

from tunegate.checks.names import lexicon, tokens
from tunegate.checks.names.features import CUES, Scene, in_code, is_one_of
from tunegate.checks.names.tagger import Floats
from tunegate.checks.names.tokens import Flags, Ints, hash_words

_OPENER, _PLACED, _NOUN, _LOWER, _SOMEWHERE = 0.78, 0.6, 0.76, 0.5, 0.5  # certainty asked for
_UNKNOWN, _RARE = 0.79, 0.9  # in small letters, and on no list of names or a short one
NEVER = 2.0
_LONGER_THAN_TITLES = 5  # letters: what stands behind "Prof." opens no sentence
_TOWARDS = hash_words(
    "to in from at near since until till by for of via nach aus in bei ab seit bis von vor desde en"
    " hasta para à vers depuis pour jusque em até da do uit sinds tot naar te a di dal z do od w"
    " leaves leave".split()
)
_NOUNS_FOLLOW = hash_words(
    "der die das den dem des ein eine einen einem einer eines ihr ihre ihren ihrer ihrem mein meine"
    " meinen meiner meinem unser unsere unseren unserer kein keine keinen diese dieser"
    " dieses diesen"
    " im am zum zur vom beim einzige einzigen un une mon votre"
    " notre ce cette meilleure meilleur una nuestra nuestro este esta minha meu sua seu mijn"
    " een".split()
)
_ENGLISH_NOUNS_FOLLOW = hash_words("the an my your our this that every".split())
# After the first word of a sentence these tell that it is none of English, of which the model was
# learned; where every sentence opens with a capital it knows too little of the words that may.
_ABROAD = hash_words(
    """
    haben ist sind wird es ob sie ich wir der das den dem ein eine einen mit zu für von
    nicht sich auf und oder ziehen que o os um uma eu se não na da ao por com para
    el la los las un una unos lo al del en yo su mi es de le les des du une je nous vous ce votre
    mon ma à sur dans et ne pas avant het u een uw mijn onze ik niet voor om te
    il gli di che si suo mio
    """.split()
)
_NEGATIONS = hash_words("nie nic się nicht nichts niet niets pas plus não nada no non".split())
# What letters begin and end with, beyond the lists.
_COURTESIES = hash_words(
    "pardon perdón perdone disculpe disculpen désolé désolée excusez cheers cumprimentos"
    " atenciosamente atentamente cordialmente cordialement saludos salutations saudações regards"
    " grüße gruß grüßen entschuldigung verzeihung hartelijke vriendelijke groet groeten bonne bien"
    " caros caras estimados estimadas prezados cari gentili beste thanks danke merci gracias grazie"
    " obrigado obrigada bedankt dank sorry comprendo entiendo compreendo"
    " entendido entendida mfg lg vg perfecto perfekt parfait perfetto perfeito genial".split()
)
# Companies that are called as people are.
_COMPANIES = (
    "mercedes benz|louis vuitton|calvin klein|tommy hilfiger|ralph lauren|hugo boss|jack daniels"
    "|johnnie walker|wells fargo|morgan stanley|goldman sachs|harley davidson|aston martin"
    "|alfa romeo|rolls royce|john deere|black decker|hewlett packard|michael kors|kate spade"
    "|marc jacobs|victoria beckham|charles schwab|franklin templeton|virgin atlantic|jo malone"
    "|dr martens|doc martens|estée lauder|estee lauder|elizabeth arden|helena rubinstein"
    "|yves rocher|peek cloppenburg|giorgio armani|emporio armani|paul smith|ted baker|ann taylor"
    "|foot locker|marks spencer|lloyds bank|dolce gabbana|santa fe|samuel adams|jim beam"
)
_COMPANY = np.array([hash_words(each.split()) for each in _COMPANIES.split("|")])
_PARTICLES = hash_words(
    "de da di du del della der den van von bin ibn al el la le dos das ter ten st y e".split()
)
_AFTER_SENTENCE = (tokens.STOP, tokens.COLON, tokens.MARK, tokens.HYPHEN, tokens.LINE, tokens.EDGE)


def demand(seen: Scene, at: Ints, threshold: float) -> Floats:
    """Return how certain each word at some places must be to count as a name."""
    words, flags, shape = seen.words, seen.flags[at], seen.shape[at]
    asked = np.full(len(at), threshold, np.float32)
    if not len(at):
        return asked
    given = (flags & lexicon.GIVEN) != 0
    place = (flags & lexicon.PLACE) != 0
    ordinary = (flags & lexicon.ORDINARY) != 0
    lower, titled = shape == tokens.LOWER, shape == tokens.TITLE
    hash_before = words.hash[np.maximum(at - 1, 0)]
    near = (at > 0) & (words.start[at] - words.end[np.maximum(at - 1, 0)] == 1)

    def ask(which: Flags, certainty: float) -> None:
        asked[which] = np.maximum(asked[which], np.float32(certainty))

    ask(titled & _opens(seen, at) & ~(given & ~ordinary & ~place), _OPENER)
    ask(titled & _numbered(seen, at) & ~(given & ~ordinary & ~place), _UNKNOWN)
    ask(_after_placeholder(seen, at) & ~(given & ~ordinary & ~place), _NOUN)
    ask(place & near & is_one_of(hash_before, _TOWARDS), _PLACED)
    digit = words.kind_at(words.start[at] - 2) == tokens.DIGIT
    ask(place & ordinary & digit, _PLACED)  # "9 April"
    ask(~given & near & is_one_of(hash_before, _NOUNS_FOLLOW), _NOUN)
    ask(lower & ~given & near & is_one_of(hash_before, _ENGLISH_NOUNS_FOLLOW), _NOUN)
    ask(lower & ~given, _LOWER)
    rare = lower & ((flags & lexicon.NAME) == lexicon.LAST_RARE)
    ask(rare & near & is_one_of(hash_before, _NEGATIONS), _RARE)
    ask(lower & ((flags & lexicon.NAME) == 0) & ~_introduced(seen, at), _UNKNOWN)
    ask(place & ~((flags & lexicon.FIRST) != 0), _SOMEWHERE)
    ask(is_one_of(words.hash[at], _COURTESIES), NEVER)
    ask(is_one_of(words.hash[at], _COMPANY.ravel()) & _in_company(seen, at), NEVER)
    unlisted = (flags & (lexicon.NAME | lexicon.PLACE)) == 0
    ask(titled & unlisted & _is_sentence(seen, at), _RARE)
    elided = (words.end[at] - words.start[at] == 1) & (
        words.kind_at(words.end[at]) == tokens.APOSTROPHE
    )
    ask(elided & lower, NEVER)  # j'échange
    return asked


def _opens(seen: Scene, at: Ints) -> Flags:
    """Tell which words open a sentence that goes on in another language than English."""
    words = seen.words
    before, further = words.kind_at(words.start[at] - 1), words.kind_at(words.start[at] - 2)
    opens: Flags = (before == tokens.LINE) | (before == tokens.EDGE)
    opens |= (before == tokens.SPACE) & np.isin(further, _AFTER_SENTENCE)
    after = words.kind_at(words.end[at])
    follower = np.minimum(at + 1, len(words) - 1)
    goes_on: Flags = (after == tokens.SPACE) | (after == tokens.HYPHEN)
    goes_on |= (after == tokens.COMMA) & (words.kind_at(words.end[at] + 1) == tokens.SPACE)
    goes_on &= (follower > at) & (words.start[follower] - words.end[at] <= 2)
    goes_on &= seen.shape[follower] == tokens.LOWER
    second = np.minimum(at + 2, len(words) - 1)
    foreign = is_one_of(words.hash[follower], _ABROAD) | (
        is_one_of(words.hash[second], _ABROAD)
        & (seen.shape[second] == tokens.LOWER)
        & seen.together(at, at + 2)
    )
    result: Flags = opens & goes_on & foreign
    return result


def _is_sentence(seen: Scene, at: Ints) -> Flags:
    """Tell which words are a whole sentence: a question for a field, or "understood" abroad."""
    words = seen.words
    before, further = words.kind_at(words.start[at] - 1), words.kind_at(words.start[at] - 2)
    previous = np.maximum(at - 1, 0)
    titled = words.end[previous] - words.start[previous] < _LONGER_THAN_TITLES
    ended = (further == tokens.MARK) | (further == tokens.EDGE)
    ended |= (further == tokens.STOP) & ~titled
    opens: Flags = (before == tokens.LINE) | (before == tokens.EDGE)
    opens |= (before == tokens.SPACE) & ended
    after = words.kind_at(words.end[at])
    result: Flags = opens & ((after == tokens.STOP) | (after == tokens.MARK))
    return result


def _in_company(seen: Scene, at: Ints) -> Flags:
    """Tell which words are one of the two by which a company is called."""
    found = np.zeros(len(at), bool)
    hashes = seen.words.hash
    for first, second, steps in ((0, 1, 1), (1, 0, -1)):
        other = np.clip(at + steps, 0, len(hashes) - 1)
        for company in _COMPANY:
            found |= (hashes[at] == company[first]) & (hashes[other] == company[second])
    return found


def _numbered(seen: Scene, at: Ints) -> Flags:
    """Tell which words have a number after them: versions, orders, dates."""
    words = seen.words
    after = words.kind_at(words.end[at])
    further, last = words.kind_at(words.end[at] + 1), words.kind_at(words.end[at] + 2)
    marked = ((further & tokens.LETTER) == 0) & (last == tokens.DIGIT)
    numbered: Flags = (after == tokens.SPACE) & ((further == tokens.DIGIT) | marked)
    return numbered


def _after_placeholder(seen: Scene, at: Ints) -> Flags:
    """Tell which words stand behind a placeholder, which reads like a name to the model.

    "<PERSON_1> y nací": one word may stand between.
    """
    found = np.zeros(len(at), bool)
    for steps in (1, 2):
        before = np.maximum(at - steps, 0)
        capital = (seen.shape[before] == tokens.ALL_UPPER) & seen.together(at, at - steps)
        found |= capital & in_code(seen, before)
    return found


def _introduced(seen: Scene, at: Ints) -> Flags:
    """Tell which words stand beside a name, or after a word that names follow."""
    before, after = np.maximum(at - 1, 0), np.minimum(at + 1, len(seen.words) - 1)
    plain = (seen.flags & (lexicon.ORDINARY | lexicon.NEVER)) == 0
    names = plain & ((seen.flags & lexicon.NAME) != 0)
    led: Flags = names[before] | is_one_of(seen.words.hash[before], _PARTICLES)
    led |= is_one_of(seen.words.hash[before], CUES)
    led &= seen.together(at, at - 1)
    led |= names[after] & seen.together(at, at + 1)
    return led


def strays(seen: Scene, chosen: Flags, tied: Flags) -> Flags:
    """Return the chosen words in lower case that are tied to a capital and are on no list."""
    lower = (seen.shape == tokens.LOWER) & chosen & ((seen.flags & lexicon.NAME) == 0)
    at = np.flatnonzero(lower)
    stray = np.zeros(len(chosen), bool)
    at = at[~is_one_of(seen.words.hash[at], _PARTICLES)]
    if not len(at):
        return stray
    titled = chosen & (seen.shape == tokens.TITLE)
    before, after = np.maximum(at - 1, 0), np.minimum(at + 1, len(chosen) - 1)
    stray[at] = (titled[before] & tied[before] & (at > 0)) | (titled[after] & tied[at])
    return stray
