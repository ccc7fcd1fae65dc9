"""Tell what people wrote in WhatsApp from what the app put in its place."""

import re
from typing import NamedTuple

from tunegate.readers.chats.whatsapp_lines import GENERATED

# What stands for a file that was not exported, without brackets and full stops, folded.
_OMITTED = re.compile(
    r"""
    (?:media|image|photo|video|video\ note|audio|gif|sticker|document|contact\ card)\ omitted
    | (?:bild|video|videonachricht|audio|gif|sticker|dokument|kontaktkarte|medien)
      \ (?:weggelassen|ausgeschlossen)
    | (?:multimedia|archivo|imagen|foto|v[ií]deo|audio|gif|sticker|documento|tarjeta\ de\ contacto)
      \ omitid[oa]
    | (?:m[ií]dia|arquivo\ de\ m[ií]dia|imagem|foto|v[ií]deo|[aá]udio|gif|figurinha|documento)
      \ (?:omitid[oa]|ocult[oa]|ocultad[oa])
    | (?:m[ée]dias?|image|photo|vid[ée]o|audio|gif|sticker|document)\ (?:omis[e]?s?|absente?s?)
    | (?:media|immagine|foto|video|audio|gif|sticker|documento)\ (?:omess[oaie]|esclus[oaie])
    | (?:media|afbeelding|foto|video|audio|gif|sticker|document)\ (?:weggelaten|niet\ opgenomen)
    | pominięto\ multimedia | multimedia\ pominięto
    | без\ медиафайлов | медиафайл\ пропущен | файл\ пропущен
    | (?:изображение|фото|видео|аудио|стикер|документ|gif)\ (?:пропущено|пропущен|отсутствует)
    | medya\ dahil\ edilmedi | (?:görüntü|video|ses|çıkartma|belge|gif)\ dahil\ edilmedi
    | media\ tidak\ disertakan | メディアは?(?:除外|含まれていません) | 画像は含まれていません
    | 省略多媒体文件 | 省略多媒體檔案 | 미디어\ 파일을\ 제외 | (?:media|bild|video)\ utelämnad
    | view\ once\ (?:message|photo|image|video|voice\ message)\ omitted | album\ omitted
    | (?:location|standort|ubicación|localização|localisation\ ?|posizione|locatie):
      \ https?://\S*maps\S*
    | live\ location\ (?:shared|ended) | live-standort\ (?:wird\ geteilt|geteilt|beendet)
    | ubicación\ en\ tiempo\ real\ (?:compartida|finalizada)
    | localização\ em\ tempo\ real\ (?:compartilhada|encerrada)
    | localisation\ en\ direct\ (?:partagée|terminée) | posizione\ in\ tempo\ reale\ condivisa
    | live\ ?locatie\ (?:gedeeld|beëindigd)
    """,
    re.VERBOSE,
)
# On Android what stands for a message is in brackets, whatever the language.
_BRACKETED = re.compile(r"<[^\W\d_]+(?:[ -][^\W\d_]+)+>")
# What the app wrote where it had no text, without full stops at the end, folded.
_OF_THE_APP = re.compile(
    r"""
    waiting\ for\ this\ message\.\ (?:this|it)\ may\ take\ a\ while(?:\.\ learn\ more)?
    | (?:warten?\ auf\ diese\ nachricht|auf\ diese\ nachricht\ warten)\.\ (?:das|dies)\ kann\b.*
    | esperando\ (?:este|el)\ mensaje\.\ (?:esto\ )?puede\b.*
    | aguardando\ (?:esta\ )?mensagem\.\ (?:essa\ ação|isso|isto)\ pode\b.*
    | en\ attente\ de\ ce\ message\.\ (?:cela|ceci)\ peut\b.*
    | in\ attesa\ (?:del|di\ questo)\ messaggio\.\ (?:questo\ )?(?:potrebbe|può)\b.*
    | wachten\ op\ dit\ bericht\.\ dit\ kan\b.*
    | ожидание\ (?:этого\ )?сообщения\.\ это\ может\b.*
    | bu\ mesaj\ bekleniyor\.\ bu\b.*
    | (?:missed|silenced)\ (?:group\ )?(?:voice|video)\ call
      (?:[.,]\ (?:tap\ to\ call\ back|focus\ mode|do\ not\ disturb))?
    | (?:group\ )?(?:voice|video)\ call[.,]\ (?:\d+\ (?:s|sec|min|h|hr|joined)|no\ answer
      |tap\ to\ call\ back|answered\ on\ other\ device)
    | verpasster\ (?:gruppen-?)?(?:sprach|video)anruf
    | (?:videollamada|llamada\ (?:de\ voz|de\ video|grupal))\ perdida
    | (?:chamada|ligação)\ de\ (?:voz|vídeo)\ perdida
    | appel\ (?:vocal|vidéo)\ manqué
    | (?:chiamata\ vocale|videochiamata)\ persa
    | gemiste\ (?:spraakoproep|video-?oproep)
    | пропущенный\ (?:аудио|видео)звонок
    | cevapsız\ (?:sesli|görüntülü)\ arama
    | this\ message\ can['’]t\ be\ displayed\ here\b.*
    | you\ (?:received|sent)\ a\ view\ once\ (?:message|photo|video|voice\ message)\b.*
    | poll:\n.*\noption:.*
    """,
    re.VERBOSE | re.DOTALL,
)
_NULL = "null"  # Android writes it for what it cannot export
_DELETED = re.compile(
    r"""
    this\ message\ was\ deleted(?:\ by\ (?:an\ )?admin\b.*)?
    | you\ deleted\ this\ message(?:\ as\ (?:an\ )?admin)?
    | diese\ nachricht\ wurde\ (?:von\ (?:einem\ )?admin\b.*\ )?gelöscht
    | du\ hast\ diese\ nachricht\ (?:als\ (?:gruppen)?admin\ )?gelöscht
    | eliminaste\ este\ mensaje\ como\ admin\w*
    | (?:esta\ )?mensagem\ (?:foi\ )?apagada\ p(?:or\ um|elo)\ admin.*
    | você\ apagou\ esta\ mensagem\ como\ admin\w*
    | vous\ avez\ supprimé\ ce\ message\ en\ tant\ qu.*
    | se\ eliminó\ este\ mensaje | eliminaste\ este\ mensaje | este\ mensaje\ fue\ eliminado
    | (?:esta\ )?mensagem\ (?:foi\ )?apagada | você\ apagou\ esta\ mensagem
    | ce\ message\ a\ été\ supprimé | vous\ avez\ supprimé\ ce\ message
    | questo\ messaggio\ è\ stato\ eliminato | hai\ eliminato\ questo\ messaggio
    | dit\ bericht\ is\ verwijderd | (?:u\ hebt|je\ hebt)\ dit\ bericht\ verwijderd
    | данное\ сообщение\ удалено | вы\ удалили\ данное\ сообщение
    | bu\ mesaj\ silindi | bu\ mesajı\ sildiniz
    """,
    re.VERBOSE,
)
_EDITED = re.compile(
    rf"(?<!\s)\s*+{GENERATED}?<(?:this message was edited|diese nachricht wurde bearbeitet"
    r"|se editó este mensaje|ce message a été modifié|(?:esta )?mensagem (?:foi )?editada"
    r"|questo messaggio è stato modificato|dit bericht is bewerkt)\.?>\s*$",
    re.IGNORECASE,
)
# iPhones: `<attached: 00000012-PHOTO.jpg>`; Android: `IMG-20260302-WA0001.jpg (file attached)`.
_ATTACHED = re.compile(
    rf"(?<!\s)\s*+{GENERATED}?<[^<>:\n]{{1,40}}:\s?(?P<file>[^<>\n]+\.\w{{2,5}})>"
    rf"|^{GENERATED}?(?P<sent>[A-Z]{{3}}-\d{{8}}-WA\d{{4}}\.\w{{2,5}}) \([^()\n]{{1,40}}\)$"
    rf"|^{GENERATED}?(?P<named>[^\n]{{1,200}}\.\w{{2,5}})"
    r" \((?:file attached|datei angehängt|archivo adjunto|fichier joint|file allegato"
    r"|arquivo anexado|bestand bijgevoegd|файл добавлен|dosya ekli)\)$",
    re.IGNORECASE | re.MULTILINE,
)


class Content(NamedTuple):
    """What a message holds.

    text: what its author wrote. files: the names of what was attached. deleted: its text was
    taken back. generated: nobody wrote it, and it stands for no file.
    """

    text: str = ""
    files: tuple[str, ...] = ()
    deleted: bool = False
    generated: bool = False


def content(text: str) -> Content:
    """Return what the text of a message holds."""
    text = _EDITED.sub("", text)
    bare = text.strip().strip(GENERATED).strip("<>").rstrip(".").strip()
    folded = bare.casefold()
    if _DELETED.fullmatch(folded):
        return Content(deleted=True)
    if text.strip() == _NULL or _OF_THE_APP.fullmatch(folded):
        return Content(generated=True)
    if _OMITTED.fullmatch(folded) or _BRACKETED.fullmatch(text.strip().strip(GENERATED)):
        return Content(files=(bare,))
    files = tuple(
        found["file"] or found["sent"] or found["named"] for found in _ATTACHED.finditer(text)
    )
    if files:
        return Content(_ATTACHED.sub("", text).strip().strip(GENERATED), files)
    if text.lstrip().startswith(GENERATED):
        return Content(generated=True)
    return Content(text.replace(GENERATED, ""))
