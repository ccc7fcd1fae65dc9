"""Find what stands below a message in every mail of its author: signatures and footers."""

import re
from collections.abc import Sequence

from tunegate.readers.bodies.said import Line

_DELIMITER = re.compile(r"(?:--|—|––|__)$")
_RULE = re.compile(r"_{5,}$")
_ORNAMENT = re.compile(r"[-–—*#~=_+ᐧ•·.]{2,}$|[-–—ᐧ]$")
_MOST_LINES = 12  # below a delimiter; more is a section of the message
_MOST_CHARACTERS = 1200
_MOST_BELOW_RULE = 4  # lines: a rule is not always a delimiter
_WIDEST_BELOW_RULE = 80

# "Sent from my …": how a line of a mail program on a telephone begins, or ends.
_SENT_FROM = re.compile(
    r"""[\W_]*(?:
    (?:sent|written|typed)\ (?:from|via|with|by|using|on)\ (?:a\ |an\ |my\ |the\ )?\S.{0,90}
    |(?:from|someone\ from)\ (?:my\ )?(?:iphone|ipad|ipod|android|mobile|phone|blackberry).{0,20}
    |(?:von|aus)\ (?:meinem|unterwegs).{0,50}(?:gesendet|geschickt|gesandt|verschickt)
    |gesendet\ (?:von|mit|über|aus)\ \S.{0,90}
    |diese\ (?:nachricht|e-?mail|mail)\ wurde\ (?:von|mit)\ .{3,60}(?:gesendet|verschickt)
    |(?:envoyé|envoyée)\ (?:depuis|de|à\ partir\ de|avec|via)\ \S.{0,90}
    |(?:enviado|enviada|mandado)\ (?:desde|de|do|da|a\ partir|con|com|via|usando)\ \S.{0,90}
    |(?:inviato|inviata)\ (?:da|dal|dalla|con|tramite)\ \S.{0,90}
    |(?:verzonden|verstuurd)\ (?:vanaf|vanuit|met|via|van)\ \S.{0,90}
    |(?:skickat|skickades)\ (?:från|med|via)\ \S.{0,90}
    |(?:sendt|sent)\ (?:fra|med|via)\ \S.{0,90}
    |lähetetty\ \S.{0,90}
    |(?:wysłane|wysłano)\ (?:z|ze|przy)\ \S.{0,90}
    |odesl[áa]no\ (?:z|ze|pomocí)\ \S.{0,90}
    |odoslan[ée]\ (?:z|zo)\ \S.{0,90}
    |отправлено\ (?:с|из|через)\ \S.{0,90}
    |надіслано\ (?:з|із|через)\ \S.{0,90}
    |trimis\ (?:de\ pe|din)\ \S.{0,90}
    |\S.{0,30}['’]?(?:dan|den|ımdan|imden)\ gönderildi
    |.{0,20}iphone(?:から送信|で送信|\ ?傳送|\ ?发送)
    |(?:发自|發自|從)我的.{2,30}
    |나의\ .{2,30}에서\ (?:보냄|보냈습니다)
    |נשלח\ מה.{2,30}|أُ?رسلت?\ من\ .{2,30}
    |(?:get|download|télécharge[zr]|obtenir|obtener|obtén|ottieni|scarica|obter|hämta|pobierz
    |holen\ sie\ sich)
       \ (?:\S+\ )?\W?(?:outlook|bluemail|proton|spark|yahoo).{0,80}
    |outlook\ (?:für|for|pour|para|per|voor|för|til)\ (?:ios|android).{0,80}
    |virus-?free\b.{0,60}|virenfrei\b.{0,60}|(?:garanti\ )?sans\ virus\b.{0,60}
    |libre\ de\ virus\b.{0,60}
    )[\W_]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_DEVICE = re.compile(
    r"iphone|ipad|ipod|android|phone|handy|mobil|samsung|galaxy|huawei|xiaomi|htc|nokia|blackberry"
    r"|outlook|mail|gmx|web\.de|windows|yahoo|airmail|proton|spark|thunderbird|telefon|téléphone"
    r"|teléfono|celular|tablet|móvil|smartphone|cell|device|gerät|appareil|dispositiv|toestel"
    r"|my \S+$"
    r"|my [A-Z0-9]\S*(?: \S+){0,3}$|телефон|устройств|пристро|puhelim|cihaz",
    re.IGNORECASE,
)
_LONGEST_SENT_FROM = 110
# What help desks and mailing systems put below what their users write.
_FOOTER = re.compile(
    r"[\W_]*(?:this e-?mail is a service from\b|reply to this e-?mail directly\b"
    r"|delivered by zendesk\b"
    r"|powered by (?:zendesk|freshdesk|help ?scout|intercom|zoho)\b|sent (?:by|with) help ?scout\b"
    r"|you(?:’|'| a)re receiv(?:ing|ed) this (?:e-?mail|message|notification|because)\b"
    r"|to (?:unsubscribe|stop receiving) (?:from )?(?:these|this|from)\b"
    r"|diese e-?mail ist ein service von\b"
    r"|cet e-?mail est un service de\b|este correo electrónico es un servicio de\b)",
    re.IGNORECASE,
)
_LONGEST_FOOTER = 300
# A disclaimer has words of both kinds, and is long.
_SECRECY = re.compile(
    r"confidential|privileged|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk|poufn|"
    r"konfidentiel|konfidensiel|конфиденциальн|luottamuksel",
    re.IGNORECASE,
)
_ADDRESSEE = re.compile(
    r"intended (?:recipient|for|only|solely|addressee)|addressee|unauthori[sz]ed|in error"
    r"|adressat|empfänger|destinatai|destinatari|geadresseerde|adresat|modtager|mottaker|mottagare"
    r"|получател|адресат|vastaanottaja",
    re.IGNORECASE,
)
_SHORTEST_DISCLAIMER = 120
_MOST_OF_A_DISCLAIMER = 60  # lines

# The same lines below several mails are a signature if they look like one.
_CONTACT = re.compile(
    r"@\w|\bwww\.|https?://|\+?\d[\d ()/.-]{6,}\d|\s\|\s|\b(?:tel|phone|fon|fax|mobile?|gmbh|ltd"
    r"|inc)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\b(?:regards|sincerely|cheers|best|thanks|thank you|yours|gr[uü](?:ß|ss)e?n?|mfg|lg|vg"
    r"|cordialement"
    r"|salutations|bien à vous|merci|saludos|atentamente|gracias|atenciosamente|abraços|obrigad[oa]"
    r"|cumprimentos|saluti|cordialmente|grazie|groet(?:en|jes)?|hälsningar|hilsen|terveisin"
    r"|pozdrawiam"
    r"|pozdravem|уважением|повагою|saygılarımla)\b",
    re.IGNORECASE,
)
_WIDEST_REPEATED = 100
_LEAST_REPEATED = 2


def tail(lines: Sequence[Line]) -> int:
    """Return where the signature at the end of the lines begins; their number if none does."""
    end = len(lines)
    while True:
        end = _without_blank(lines, end)
        start = _footer(lines, end)
        if start == end:
            return end
        end = start


def _without_blank(lines: Sequence[Line], end: int) -> int:
    while end and lines[end - 1].is_blank and not lines[end - 1].depth:
        end -= 1
    return end


def _footer(lines: Sequence[Line], end: int) -> int:
    """Return where the last piece of a signature that ends at `end` begins."""
    if not end:
        return end
    last = lines[end - 1]
    if last.depth:
        return end
    if last.signed or _ORNAMENT.match(last.text) or _is_sent_from(last.text):
        return end - 1
    if len(last.text) <= _LONGEST_FOOTER and _FOOTER.match(last.text):
        return end - 1
    start = _paragraph(lines, end)
    said = " ".join(line.text for line in lines[start:end])
    if len(said) >= _SHORTEST_DISCLAIMER and _SECRECY.search(said) and _ADDRESSEE.search(said):
        return start
    return _delimited(lines, end)


def _is_sent_from(text: str) -> bool:
    if len(text) > _LONGEST_SENT_FROM or not _SENT_FROM.match(text):
        return False
    return _DEVICE.search(text) is not None


def _paragraph(lines: Sequence[Line], end: int) -> int:
    """Return where the last paragraph begins; `end` if it is too long for a disclaimer."""
    start = end
    while start and not lines[start - 1].is_blank and not lines[start - 1].depth:
        start -= 1
        if end - start > _MOST_OF_A_DISCLAIMER:
            return end
    return start


def _delimited(lines: Sequence[Line], end: int) -> int:
    """Return the place of the delimiter above the last lines, or `end`."""
    below = characters = 0
    widest = 0
    for place in range(end - 1, -1, -1):
        line = lines[place]
        if line.depth:
            return end
        if below and _DELIMITER.match(line.text):
            return place
        ruled = below <= _MOST_BELOW_RULE and widest <= _WIDEST_BELOW_RULE
        if below and ruled and _RULE.match(line.text):
            return place
        below += not line.is_blank
        characters += len(line.text)
        widest = max(widest, len(line.text))
        if below > _MOST_LINES or characters > _MOST_CHARACTERS:
            return end
    return end


def repeated(messages: Sequence[Sequence[Line]]) -> list[int]:
    """Return for each message of one author where the lines begin that end others of theirs too.

    Only lines that look like a signature count, and never all that a message says.
    """
    ends = [[line for line in message if not line.is_blank] for message in messages]
    found = [len(message) for message in messages]
    previous: dict[tuple[str, ...], list[int]] = {}
    for number, lines in enumerate(ends):
        if len(lines) > _LEAST_REPEATED:
            previous.setdefault(_key(lines, _LEAST_REPEATED), []).append(number)
    for alike in previous.values():
        if len(alike) < 2:
            continue
        # All of them end with the same two lines; how far up they agree is the signature.
        size = _LEAST_REPEATED
        shortest = min(len(ends[number]) for number in alike)
        while size < min(shortest - 1, _MOST_LINES):
            if len({_key(ends[number], size + 1) for number in alike}) > 1:
                break
            size += 1
        shared = ends[alike[0]][-size:]
        if not _is_signature([line.text for line in shared]):
            continue
        for number in alike:
            first = ends[number][-size]
            found[number] = next(
                place for place, line in enumerate(messages[number]) if line is first
            )
    return found


def _key(lines: Sequence[Line], size: int) -> tuple[str, ...]:
    return tuple(" ".join(line.text.split()).casefold() for line in lines[-size:])


def _is_signature(texts: Sequence[str]) -> bool:
    if any(len(text) > _WIDEST_REPEATED or text.endswith(("?", ":")) for text in texts):
        return False
    if any(_CONTACT.search(text) for text in texts[1:]):
        return True
    return len(texts) > _LEAST_REPEATED and _CLOSING.search(texts[0]) is not None
