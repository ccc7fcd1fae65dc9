"""The lines that mail programs put above what they quote, in the languages they speak.

Each table says what a program writes, so that a reader who knows one more language adds a word.
"""

import re

# "On Monday … Jane wrote:". First persons are missing on purpose: who writes "I wrote on Monday:"
# quotes nobody's mail.
_WROTE = """
wrote|writes|has written|schrieb|hat geschrieben|geschrieben|a écrit|avez écrit|escribió|ha escrito
|escreveu|ha scritto|schreef|geschreven|skrev|har skrevet|kirjoitti|napisał|napisała|napisał\\(a\\)
|pisze|napsal|napsala|napsal\\(a\\)|napísal|napísala|napísal\\(a\\)|написал|написала|написал\\(а\\)
|пишет|написав|написала|пише|написа|a scris|yazdı|έγραψε|ezt írta|írta|va escriure|je napisao
|je napisala|napisao je|napisala je|je napisal|rašė|rakstīja|kirjutas|đã viết|menulis|ditulis
|skrifaði|kirjoittanut|a scrís|idatzi du|เขียนว่า
"""
_WROTE_UNSPACED = (
    "写道|寫道|書きました|のメール|님이 작성|작성했습니다|쓰셨습니다|작성|כתב|כתבה|كتب|نوشت"
)
# How such a line begins.
_STARTS = """
on|at|am|um|le|el|il|lo|op|em|no dia|a|dne|dňa|den|d\\.|på|w dniu|dnia|dana|dne|pe|în data de|la
|ke|kl\\.|στις|τη|vào|pada|tarihinde|op datum|tanggal|user|пользователь|в|у|на|az|el dia
"""
_DAYS = """
mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag
|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi
|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì
|venerdì|sabato|domenica|segunda|terça|quarta|quinta|sexta|maandag|dinsdag|woensdag|donderdag
|vrijdag|zaterdag|zondag|poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|понедельник
|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс|нд
"""


def _words(table: str) -> str:
    return "(?:" + "|".join(word.strip() for word in table.replace("\n", "").split("|")) + ")"


# Only from where a word begins: from each place within one it would be quadratic.
_MAIL = r"(?<![^\s<>@])[^\s<>@]{1,64}@[^\s<>@]{1,253}"
_DATE = re.compile(
    r"\d{1,4}[./年-]\s?\d|\d{1,2}[:.h]\d\d|\b(?:19|20)\d\d\b|\d{1,2}[.,]?\s[^\W\d_]{3}|\d月|\d월"
)
_ADDRESS = re.compile(_MAIL)
_VERB = re.compile(rf"(?<!\w){_words(_WROTE)}(?!\w)|{_WROTE_UNSPACED}", re.IGNORECASE)
_OPENING = re.compile(
    rf"[\W_]*(?:(?:{_words(_STARTS)}|{_words(_DAYS)})(?!\w)|在|\d|[^\W\d_]{{1,12}}[.,]{{0,2}}\s\d)",
    re.IGNORECASE,
)
_LONGEST_NAME = 80  # characters before the address of a line that begins with a name
_CALENDAR = re.compile(
    rf"[\W_]*(?:{_words(_STARTS)}|{_words(_DAYS)})(?!\w)|[\W_]*(?:在|\d)", re.IGNORECASE
)
# "I wrote on Monday:" and the like.
_MYSELF = re.compile(
    r"\b(?:i|we) (?:wrote|have written)\b|\bschrieb(?:en)? (?:ich|wir)\b|\b(?:schreef|schreven) "
    r"(?:ik|we|wij)\b|\bskrev (?:jag|vi|jeg)\b|\b(?:ich|wir) .{0,40}geschrieben\b",
    re.IGNORECASE,
)
_ENDING = re.compile(r"[:：]\W{0,3}$|-{2,}\s*$")
# Gmail before it knew languages: `2013/7/20 Jane Doe <jane@…>`, `2016-03-03 17:21 GMT+01:00 Jane`.
_OLD_GMAIL = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:,? \d{1,2}:\d\d)?(?: GMT[+-]\d\d:\d\d"
    rf"(?: [^\W\d_][\w'’-]*){{1,4}}| [^\n<>:@]{{1,80}}<\s?{_MAIL}>?):?$"
)
_ZOHO = re.compile(r"-{2,}\s?\S.*(?:\d|@).*-{2,}$")
LONGEST = 350  # characters of an attribution, with its names and addresses


def ends_attribution(line: str) -> bool:
    """Tell whether an attribution may end with this line; cheap, and mostly false."""
    return (
        line.endswith((":", "：", "-", "*", ">", "_")) and _ENDING.search(line) is not None
    ) or _OLD_GMAIL.match(line) is not None


def is_attribution(joined: str) -> bool:
    """Tell whether a line, or some joined by spaces, says who wrote what is quoted below."""
    if len(joined) > LONGEST:
        return False
    if _OLD_GMAIL.match(joined):
        return True
    if not _ENDING.search(joined):
        return False
    dated = _DATE.search(joined)
    addresses = list(_ADDRESS.finditer(joined)) if "@" in joined else []
    if not dated and not addresses:
        return False
    verb = _VERB.search(joined)
    if joined.startswith("--"):
        return bool(dated and verb and _ZOHO.match(joined))
    if not _OPENING.match(joined) and not (addresses and _is_named(joined, addresses[0].start())):
        return False
    if verb:
        return not _MYSELF.search(joined)
    # Where the language has no verb, the address stands last: `2024年1月5日(金) 10:00 Jane <…>:`.
    if not dated or not addresses or dated.start() > addresses[-1].start():
        return False
    return not joined[addresses[-1].end() :].strip(" :：>*_")


def _is_named(joined: str, address: int) -> bool:
    """Tell whether nothing but a name stands before the first address."""
    return address <= _LONGEST_NAME and ":" not in joined[:address].replace("mailto:", "")


def opens_attribution(line: str) -> bool:
    """Tell whether a line begins as an attribution's first line does, and has a date."""
    return _CALENDAR.match(line) is not None and _DATE.search(line) is not None


# Headers of a mail, as Outlook and others copy them above it.
_FROM = """
from|von|de|da|van|från|fra|od|от|від|kimden|lähettäjä|feladó|από|発信者|发件人|寄件者|寄件人|差出人
|보낸 사람|보낸사람|מאת|من|gönderen|dari|từ|จาก|expéditeur|remitente|mittente|afzender|kohteesta
"""
_SENT = """
sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviada em|enviado em|data|inviato
|fecha|verzonden|skickat|sendt|dato|wysłano|odesláno|отправлено|дата|надіслано|gönderildi|tarih
|lähetetty|päivämäärä|päiväys|elküldve|küldve|dátum|发送时间|日期|傳送日期|送信日時|日時
|보낸 날짜|날짜
|נשלח|تاريخ|trimis|dikirim|ημερομηνία|date d'envoi|odoslané
"""
_TO = """
to|an|à|a|para|aan|till|til|do|komu|кому|kime|alıcı|vastaanottaja|címzett|收件人|宛先|받는 사람
|받는사람|אל|إلى|către|kepada|προς|destinataire|destinatario|cc|kopie|copie|копия
"""
_SUBJECT = """
subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|předmět|predmet|тема|konu
|aihe|tárgy|主题|主旨|件名|제목|נושא|الموضوع|subiect|perihal|θέμα|re
"""
_LABELS = {"from": _FROM, "sent": _SENT, "to": _TO, "subject": _SUBJECT}
_LABEL = {
    kind: re.compile(rf"[\s*_>|]*{_words(table)}\s?\*{{0,2}}\s?[:：]", re.IGNORECASE)
    for kind, table in _LABELS.items()
}
_ANY_LABEL = re.compile(
    rf"[\s*_>|]*{_words('|'.join(_LABELS.values()))}\s?\*{{0,2}}\s?[:：]", re.IGNORECASE
)
_ONE_LINE = re.compile(
    rf"[\s*_>"
    rf"|]*{_words(_FROM)}\s?\*{{0,2}}\s?[:：].{{1,200}}?\s\**{_words(_SENT)}\s?\*{{0,2}}\s?[:：]"
    rf".{{1,600}}?\s\**{_words(_SUBJECT)}\s?\*{{0,2}}\s?[:：]",
    re.IGNORECASE,
)
_OTHER_LABEL = re.compile(r"[\s*_>|]*[^\W\d_][\w -]{1,20}\*{0,2}\s?[:：](?:\s|$)")
_MOST_HEADERS = 12  # lines, with long lists of addresses
_MOST_WRAPPED = 2
_MOST_OF_ONE_KIND = 3


def header_length(lines: list[str]) -> int:
    """Return how many of the lines are the copied header of a mail, 0 if the first opens none."""
    if not lines or not _has_colon(lines[0]) or not _ANY_LABEL.match(lines[0]):
        return 0
    if _ONE_LINE.match(lines[0]):
        return 1
    kinds: set[str] = set()
    end = wrapped = 0
    for place, line in enumerate(lines[:_MOST_HEADERS]):
        labelled = _has_colon(line)
        known = {kind for kind, label in _LABEL.items() if labelled and label.match(line)}
        if known - kinds or (known and not line.strip()):
            kinds |= known
            end, wrapped = place + 1, 0
        elif known or _OTHER_LABEL.match(line):
            end, wrapped = place + 1, 0
        elif line.strip() and wrapped < _MOST_WRAPPED and kinds:
            wrapped += 1
        elif line.strip() or place + 1 - end > 1:
            break
        if place >= _MOST_OF_ONE_KIND and len(kinds) < 2:
            break
    complete = "from" in kinds and len(kinds) >= 3 and not kinds.isdisjoint({"sent", "subject"})
    return end if complete else 0


def _has_colon(line: str) -> bool:
    return ":" in line or "：" in line


_ORIGINAL = """
original message|original appointment|ursprüngliche nachricht|original-nachricht|originalnachricht
|message d'origine|message d’origine|message original|mensaje original|mensagem original
|messaggio originale|messaggio originario|oorspronkelijk bericht|origineel bericht
|ursprungligt meddelande
|originalmeddelande|originalmelding|opprinnelig melding|oprindelig meddelelse|alkuperäinen viesti
|oryginalna wiadomość|wiadomość oryginalna|původní zpráva|pôvodná správa|eredeti üzenet
|исходное сообщение|оригинальное сообщение|вихідне повідомлення|mesaj original|orijinal mesaj
|özgün ileti|αρχικό μήνυμα|pesan asli|原始邮件|原始郵件|原邮件|元のメッセージ|オリジナルメッセージ
|원본 메일
|원본 메시지|הודעה מקורית|الرسالة الأصلية|izvorna poruka|reply message|previous message
"""
_FORWARDED = """
forwarded message|forwarded by .{1,60}|weitergeleitete nachricht|message transféré|message transmis
|mensaje reenviado|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht
|vidarebefordrat meddelande|vidarebefordrat brev|videresendt melding|videresendt meddelelse
|videresendt besked|välitetty viesti|edelleenlähetetty viesti|przekazana wiadomość
|wiadomość przekazana dalej|přeposlaná zpráva|továbbított üzenet|пересылаемое сообщение
|переслане повідомлення|mesaj redirecționat|iletilen mesaj|yönlendirilmiş ileti|转发的邮件
|轉寄的郵件|已转发邮件|転送メッセージ|転送されたメッセージ|전달된 메시지
|προωθημένο μήνυμα|pesan terusan
"""
_BEGINS = """
begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:transféré
|réexpédié)
|inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht
|início da mensagem (?:encaminhada|reencaminhada)|vidarebefordrat brev
|start på videresendt meddelelse
|videresendt melding|välitetty viesti alkaa|początek przekazywanej wiadomości
|начало переадресованного сообщения
|下面是被转发的邮件|転送されたメッセージ
"""
_DRAWN = r"[\s*_>|]*[-_=]{2,}\s?\**\s*"
_ORIGINAL_LINE = re.compile(
    rf"{_DRAWN}{_words(_ORIGINAL)}\s*[:：]?\s*\**\s?[-_=]{{2,}}\**$", re.IGNORECASE
)
_FORWARDED_LINE = re.compile(
    rf"{_DRAWN}{_words(_FORWARDED)}\s*[:：]?\s*\**\s?[-_=]{{2,}}\**$"
    rf"|[\s*_>|]*{_words(_BEGINS)}\s?[:：]\**$",
    re.IGNORECASE,
)
_MARKED_LINE = re.compile(r"[\s>]*##- .{5,120} -##$")
_ABOVE_LINE = re.compile(
    r"(?:reply|respond|type|write) (?:your reply )?above this line|oberhalb dieser (?:zeile|linie)"
    r"|au-dessus de cette ligne|encima de esta línea|acima d(?:est|ess)a linha"
    r"|sopra (?:di )?quest\S{1,2}riga|boven deze (?:regel|lijn)|ovanför denna rad"
    r"|over denne linje|powyżej tej linii|выше этой (?:строки|линии)",
    re.IGNORECASE,
)
_LONGEST_REQUEST = 120
_RULE = re.compile(r"[\s>*]*(?:[-_=*–—]\s?){5,}$")


_EDGES = tuple("-_=:：*")


def is_original_line(line: str) -> bool:
    """Tell whether a line says that the mail that is answered follows."""
    return line.endswith(_EDGES) and _ORIGINAL_LINE.match(line) is not None


def is_forward_line(line: str) -> bool:
    """Tell whether a line says that a forwarded mail follows."""
    return line.endswith(_EDGES) and _FORWARDED_LINE.match(line) is not None


def is_reply_above_line(line: str) -> bool:
    """Tell whether a help desk asks with this line to write above it."""
    if _MARKED_LINE.match(line):
        return True
    return len(line) <= _LONGEST_REQUEST and _ABOVE_LINE.search(line) is not None


def is_rule(line: str) -> bool:
    """Tell whether a line is drawn, as Outlook draws one above its header."""
    return line.startswith(_EDGES) and _RULE.match(line) is not None
