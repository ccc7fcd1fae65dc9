"""Tell by where a mail lies, or is labelled to lie, that it was never sent or was thrown away."""

import re
from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import Iterable
from pathlib import PurePath, PurePosixPath

from tunegate.model import Source
from tunegate.readers.merge import DELETED, NOT_SENT
from tunegate.readers.visibility import fold

# As Gmail, Outlook, Apple Mail and Thunderbird call them. A comma parts the names of a language.
_UNSENT = """
draft, drafts, template, templates, unsent, unsent messages, unsent mail, outbox, scheduled
entwurf, entwürfe, vorlage, vorlagen, postausgang, ungesendete nachrichten, geplant
brouillon, brouillons, modèles, boîte d'envoi, messages non envoyés, messages en attente
programmés, planifiés, messages programmés, borrador, borradores, plantillas, bandeja de salida
mensajes sin enviar, programados, rascunho, rascunhos, modelos, caixa de saída, a enviar
agendados, agendado, programado, mensagens não enviadas, concept, concepten, sjablonen
postvak uit, niet-verzonden berichten, gepland, bozza, bozze, modelli, posta in uscita, in uscita
messaggi non inviati, programmati, posta programmata, szkice, kopie robocze, wersje robocze
szablony, skrzynka nadawcza, zaplanowane, utkast, mallar, maler, utkorg, utboks, kladder, kladde
skabeloner, udbakke, schemalagt, planlagt, luonnokset, mallit, lähtevät, ajastetut, koncepty
rozepsané, šablony, k odeslání, pošta k odeslání, piszkozatok, sablonok, elküldésre vár, kimenő
ciorne, mesaje nefinalizate, șabloane, taslaklar, şablonlar, giden kutusu, planlananlar
черновики, черновик, шаблоны, исходящие, неотправленные, запланированные, чернетки, вихідні
чернови, πρόχειρα, πρότυπα, εξερχόμενα, טיוטות, المسودات, مسودات
下書き, テンプレート, 送信トレイ, 未送信メッセージ, 予約送信, 予定, 草稿, 草稿箱, 寄件匣, 发件箱
草稿夹, 模板, 範本, 已排定, 已安排发送, 임시보관함, 임시 보관함, 보낼 편지함, 예약됨, ฉบับร่าง
thư nháp, bản nháp, konsep, draf
"""
_THROWN_AWAY = """
trash, bin, junk, spam, deleted, deleted items, deleted messages, junk email, junk e-mail, junk mail
bulk mail, recycle bin, recoverable items, papierkorb, gelöscht, gelöschte elemente
gelöschte objekte, gelöschte nachrichten, junk-e-mail, junk-mail, unerwünscht, spamverdacht
corbeille, éléments supprimés, messages supprimés, supprimés, indésirables, courrier indésirable
pourriel, papelera, papelera de reciclaje, elementos eliminados, mensajes eliminados, eliminados
correo no deseado, correo basura, lixeira, lixo, itens excluídos, itens eliminados
mensagens excluídas, lixo eletrônico, lixo eletrónico, correio publicitário não solicitado
prullenbak, prullenmand, verwijderde items, verwijderde berichten, verwijderd, ongewenst
ongewenste e-mail, ongewenste reclame, cestino, posta eliminata, messaggi eliminati, eliminata
posta indesiderata, indesiderata, kosz, elementy usunięte, usunięte, wiadomości-śmieci
niechciane, papperskorg, papperskorgen, borttaget, borttagna objekt, skräppost, søppel, søppelpost
papirkurv, slettede elementer, slettet, slettet post, uønsket e-post, uønsket mail, uønsket post
roskakori, roskaposti, poistetut, koš, odstraněná pošta, nevyžádaná pošta, nevyžádané, kuka, lomtár
törölt elemek, levélszemét, coș de gunoi, gunoi, elemente șterse, çöp, çöp kutusu, silinmiş öğeler
gereksiz, istenmeyen, корзина, удаленные, удалённые, спам, нежелательная почта, кошик, видалені
κάδος απορριμμάτων, διαγραμμένα, ανεπιθύμητα, אשפה, דואר זבל, סל מיחזור, المهملات, البريد العشوائي
ゴミ箱, ごみ箱, 削除済みアイテム, 迷惑メール, 垃圾桶, 垃圾箱, 垃圾邮件, 垃圾郵件, 已删除邮件
已刪除的郵件, 已删除, 刪除的郵件, 휴지통, 스팸함, 지운 편지함, ถังขยะ, thùng rác, thư rác
sampah, tong sampah
"""

_BEHIND = re.compile(r"\.(?:gz|zst|mbox|mbx|sbd|maildir|txt)$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?: ?\(\d{1,3}\)|[-_ ]\d{1,3})$")
# A colon is no character of a name on every system, so programs write others.
_FLAGS = re.compile(r"[:;!,_\-]2,([A-Za-z]{0,26})$")
_IMAP_WORD = re.compile(r"&([A-Za-z0-9+,]*)-")
_DELIVERED = ("cur", "new")  # the folders of a Maildir


def _names(written: str) -> frozenset[str]:
    return frozenset(fold(name) for name in re.split(r",|\n", written) if name.strip())


_REASONS = dict.fromkeys(_names(_UNSENT), NOT_SENT) | dict.fromkeys(_names(_THROWN_AWAY), DELETED)


def of_labels(fields: Iterable[str]) -> str | None:
    """Return why a mail with such fields of labels is left out, None if no label says so."""
    labels = [label.strip(" \"'") for field in fields for label in field.split(",")]
    return _worst(_REASONS.get(fold(label)) for label in labels)


def of_place(source: Source, *, single: bool) -> str | None:
    """Return why the mails of an input are left out, None if its name does not say so.

    single: it is one mail, whose own name is a subject or its flags in a Maildir.
    """
    path = PurePosixPath(source.name)
    # Also the folder that was named itself, which the input's name leaves out.
    folders = [*path.parts[:-1], *_around(source)]
    found = [_of_folder(part) for part in (folders if single else [*folders, path.name])]
    is_delivered = any(name in _DELIVERED for name in (path.parent.name, *_around(source)))
    if (single or is_delivered) and (flags := _FLAGS.search(path.name)):
        found += [DELETED] * ("T" in flags[1]) + [NOT_SENT] * ("D" in flags[1])
    return _worst(found)


def _around(source: Source) -> list[str]:
    if source.member is not None:
        return []
    folder = PurePath(source.path).parent
    return [folder.name, folder.parent.name] if folder.name in _DELIVERED else [folder.name]


def _of_folder(part: str) -> str | None:
    name = part
    while (found := _BEHIND.search(name)) and found.start():
        name = name[: found.start()]
    name = _IMAP_WORD.sub(_decoded, name)
    if name.startswith(".") or name.upper().startswith("INBOX."):
        name = name.rpartition(".")[2]  # Maildir++ writes folders in folders so
    return _REASONS.get(fold(name)) or _REASONS.get(fold(_NUMBERED.sub("", name)))


def _decoded(word: re.Match[str]) -> str:
    """Return a stretch of a folder's name as IMAP encodes it (RFC 3501, 5.1.3)."""
    if not word[1]:
        return "&"
    packed = word[1].replace(",", "/")
    try:
        return a2b_base64(packed + "=" * (-len(packed) % 4)).decode("utf-16-be")
    except (NotBase64, UnicodeDecodeError):
        return word[0]


def _worst(reasons: Iterable[str | None]) -> str | None:
    found = set(reasons)
    return DELETED if DELETED in found else NOT_SENT if NOT_SENT in found else None
