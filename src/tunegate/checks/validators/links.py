"""Pages of people, links that open an account, names for signing in, and addresses in words."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Certainty, Judged, Validator, word_set
from tunegate.checks.validators.labels import OTHER_NUMBERS

# Where the first step of the path names a person. None of these steps does.
_NETWORKS = re.compile(
    r"(?xi)(?:[a-z]{1,3}\.)?(?:"
    r"(?:facebook|instagram|twitter|x|threads|tiktok|github|gitlab|medium|patreon|twitch|soundcloud|vk"
    r"|pinterest|tumblr|flickr|vimeo|snapchat|mastodon|xing|behance|dribbble|venmo|paypal|ok|weibo)"
    r"\.(?:com|tv|net|social|me|ru|co|org)|t\.me|wa\.me|paypal\.me|linktr\.ee|bsky\.app|cash\.app"
    r"|(?:linkedin|youtube|reddit|steamcommunity|stackoverflow|quora|spotify|open\.spotify)\.com"
    r")(?P<path>/.*)"
)
_NO_PERSON = word_set(
    """
    about help support login signup share sharer sharer.php intent home explore search
    settings privacy terms policies policy legal watch events groups pages hashtag i tos
    business developers docs features pricing enterprise marketplace topics trending orgs
    apps jobs company feed download p reel reels tv stories discover games directory ads tag
    signin oauth dialog plugins embed video videos shorts playlist results questions tags r
    s c blog news www
    """
)
# Networks that put a word before the name: /in/jane-roe, /user/jane, /u/jane, /@jane.
_NAMED_STEP = re.compile(
    r"/(?:in|pub|user|users|u|id|profiles?|people|add|channel|profile\.php\?id=)[/=]?[\w.%-]{2,}"
)
_HANDLE_STEP = re.compile(r"/@[\w.-]{2,}")
_SECOND_LEVEL = re.compile(
    r"(?i)(?:linkedin|youtube|reddit|steamcommunity|stackoverflow|quora|spotify)\.com"
)
_PARAMETER = re.compile(
    r"(?i)[?&#;](?:[\w-]*(?:token|email|e-mail|mail|user_?id|uid|subscriber|recipient|customer|member|hash|session"
    r"|sid|signature|sig|auth|otp|invite|confirm(?:ation)?|reset|unsub\w*|key|code|jwt|magic)[\w-]*)=[^&#\s]{6,}"
)
_OPENS = re.compile(
    r"(?i)/(?:[\w-]*(?:unsubscribe|optout|opt-out|reset|verify|verification|confirm|activate|activation|invite|magic"
    r"|track|click|preferences|abmelden|desabonner|unsub|password)[\w-]*)/(?:[\w.~%=-]*/)*"
    r"(?=[\w~%=-]{12,})(?=[\w~%=-]*[0-9])[\w~%=-]+"
)
_OWN = re.compile(
    r"(?i)(?:\b(?:my|our|his|her|their|meine?[rn]?|unsere?|mon|ma|mi|mio|mia|meu|minha|mijn)\b"
    r"[^.!?\n]{0,24}\b(?:web ?site|webseite|website|homepage|home page|blog|page|portfolio|profile?"
    r"|channel|store|shop|url|site|web|sito|página|pagina|perfil|profil|seite|kanal|chaîne|canal)\b[^.!?\n]{0,12}"
    r"|\b(?:photo|picture|selfie|video|foto)s? (?:on |at |here[: ]+)?)\Z"
)
_OWN_WINDOW = 64
_TRAILING = ".,;:!?'\")]}>*_"


def personal_url(text: str, start: int, end: int) -> Judged | None:
    """Accept a profile, a page that somebody calls theirs, or a link made for one person."""
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    written = text[start:end]
    address = re.sub(r"(?i)\A(?:https?://)?(?:www\.)?", "", written)
    personal = (
        _is_profile(address)
        or _PARAMETER.search(address)
        or _OPENS.search(address)
        or (_OWN.search(text, max(0, start - _OWN_WINDOW), start))
    )
    return Judged(start, end, Certainty.LIKELY) if personal and "." in address else None


def _is_profile(address: str) -> bool:
    network = _NETWORKS.fullmatch(address)
    if network is None:
        return False
    path = network["path"]
    if _HANDLE_STEP.match(path) or _NAMED_STEP.match(path):
        return True
    if _SECOND_LEVEL.match(address):
        return False
    first, *rest = path[1:].split("?")[0].rstrip("/").split("/")
    return len(first) > 1 and not rest and first.lower() not in _NO_PERSON and "." not in first[-4:]


_NO_NAME = word_set(
    """
    is was are the a an my your and or not no yes it its it's that this to in on at for with
    of have has had can cannot can't does doesn't didn't do did don't will won't would
    should be been being name names password passwords email mail phone number page screen
    button link field form issue issues problem problems error errors failed fails works
    working attempt attempts details information credentials account again please thanks
    here there from via using through into as if but when then so because either same
    correct wrong incorrect invalid unknown required changed new old both field taken
    already available ist und oder nicht est et ou no es y o e è non lautet wie wird keine
    falsch
    """
)
_PLAIN = re.compile(r"[^\W\d_]+")
_MASKED = re.compile(r"[*xX.\-_]+")
_LONG_ENOUGH = 3
_ANSWER = re.compile(  # "sure, it's ", or a name before it
    r"(?i)[^\w@]{0,3}(?:(?:it|it['’]?s|is|sure|yes|yeah|yep|ok|okay|that|would|be|mine|the|here|hi|hello)"
    r"[^\w@]{1,3}){0,5}(?:[^\W\d_]{1,20} [^\W\d_]{1,20}[,;.\n] ?)?"
)


def username(text: str, start: int, end: int) -> Judged | None:
    """Accept what follows "user name" or a network's name; an answer is unsure."""
    while end > start and text[end - 1] in _TRAILING and text[end - 1] != "_":
        end -= 1
    written = text[start:end]
    lower = written.lower()
    if end - start < _LONG_ENOUGH or lower in _NO_NAME or _MASKED.fullmatch(written):
        return None
    if "@" in written or text[end : end + 1] == "@":  # an address is found as such
        return None
    if _ANSWER.fullmatch(text, 0, start):
        person = re.search("[a-z]", written) and re.search("[0-9_]", written)
        return Judged(start, end, Certainty.UNSURE) if person else None
    return Judged(start, end, Certainty.LIKELY)


_MAILBOXES = re.compile(
    r"(?i)\b(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|live|msn|aol|proton(?:mail)?|gmx|web\.de)\b"
)
_AT_WORD = re.compile(
    r"(?i)[ (\[{<]+(?:at|@|ät|arroba|arobase|chiocciola|apenstaartje|klammeraffe)[ )\]}>]+"
)
# "bought at example dot com": words before "at" that are no names of mailboxes.
_NO_LOCAL = word_set(
    """
    me us him her them look looks looking available work works here there meet met located
    arrive arrived be is are was were stay staying shop bought purchased order ordered while
    not it out back live based up call contact sold found find see visit aimed only store
    stores online site website product products page
    """
)


def email_in_words(text: str, start: int, end: int) -> Judged | None:
    """Accept an address whose @ or dots are words; sure where one of them stands in brackets."""
    written = text[start:end]
    local, *host = _AT_WORD.split(written, maxsplit=1)
    name = local.split()[-1].lower()
    if any(sign in written for sign in "([{<"):
        return Judged(start, end, Certainty.SURE)
    if not host:  # with the sign itself; the dot must be a word, or it is an ordinary address
        return Judged(start, end, Certainty.SURE) if " " in written else None
    if name in OTHER_NUMBERS or (name in _NO_LOCAL and not _MAILBOXES.search(written)):
        return None
    # A host with its dot, after "at", is mostly a shop.
    plain = bool(host) and "." in host[0] and "@" not in written
    shop = plain and not (_MAILBOXES.search(host[0]) or re.search(r"[0-9_.]", local))
    return None if shop else Judged(start, end, Certainty.LIKELY)


LINKS: Mapping[str, Validator] = {
    "email-in-words": email_in_words,
    "personal-url": personal_url,
    "username": username,
}
