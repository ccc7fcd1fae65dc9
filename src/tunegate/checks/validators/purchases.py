"""Tell the code of an order where nobody says "order number": "Refund for AB-20417"."""

import re

from tunegate.checks.judging import word_set

# Capitals, a hyphen and a count, as shops number their orders; a part or a model is shorter.
_CODE = re.compile(r"[A-Z]{2,4}-(?:[0-9]{5,12}|[0-9]{4,8}-[0-9]{2,8})")
# Codes in the same form that stand for a kind of thing or a document, or for another number.
_OTHER_CODES = word_set(
    """
    SKU ISO CVE CWE RFC KB PN SN EN DIN IEC ASTM ANSI IEEE UN EC CAS ART REF MOD VER REV HTTP ERR
    TKT CASE INC REQ CHG CS RMA SR TT BUG JIRA ACC ACCT CUST MEM POL CLM UTC GMT PIN TAN OTP VIN
    """
)
# What is done with an order. `*`: any ending; a noun or verb stem in each language.
PURCHASE_WORDS = word_set(
    """
    refund* reimburs* return* cancel* exchang* replac* deliver* discount* ship* dispatch* warranty
    purchase* invoic* billing parcel* voucher* coupon* charge* damaged address* item* receipt*
    label* package* box boxes paid payment* cover*
    regist* euro* eur usd dollar*
    stornier* erstatt* rückerstatt* rückgabe* rücksend* zurückschick* zurückgeb* umtausch*
    geliefert* liefer* rabatt* transportschaden* garantie* rechnung* gutschein* kauf* käufe*
    anschrift* lieferadresse* adresse* zettel* zurück* artikel* bezahl* beleg* paket* karton*
    abgesichert gedeckt
    rembours* retour* renvoy* annul* échang* livr* remise* colis facture* achat* garanti*
    article* payé* paiement* étiquet* couvert*
    reembols* devol* devuel* anul* cambi* entreg* descuento* compra* envío* factura* paquete*
    artículo* direcci* pagad* pago* etiquet* cubiert* caja*
    rimbors* reso resi restitu* consegn* sconto* acquist* spedi* fattur*
    articol* indirizz* pagat* scontrino
    troc* desconto* encomend* fatura* artigo* endereç* cobert* caixa*
    terugbetal* terugstur* omruil* lever* korting* bezorg* factu* gekocht
    adres* betaal* etiket* gedekt doos pakket* aankop* terug*
    zwrot* dostaw* rabat* faktur* paczk*
    återbetal* avbeställ* leverans* retur* refusion* levering*
    """
)
# Words right before a code that make it something else: "error AB-20417".
_VETO = re.compile(
    r"(?i)\b(?:err(?:or|eur|ore)|fehler\w*|fout\w*|erro|code|código|codice|model\w*|modell\w*|modèle"
    r"|modelo|version|versión|versão|part|teil|teile\w*|pieza|pièce|peça|sku|serial|serien\w*|série"
    r"|serie|artikel(?:nummer|nr)\w*|item (?:no|number)|ticket\w*|case|bug|issue|firmware|driver"
    r"|patch|flight|flug|vol|vuelo|voo|volo|vlucht|room|seat|plate|kennzeichen|policy|claim|passport)\b"
    r"[^\w\n.!?]{1,3}(?:(?:no|nr|n[°º]|is|ist|est|es|è|é)\b[.: ]{1,2})?\Z"
)
_BEFORE, _AFTER, _NEAR = 160, 120, 32  # code points
_WORD = re.compile(r"[^\W\d_]{3,}")
_STEMS = tuple(sorted(word.rstrip("*") for word in PURCHASE_WORDS if word.endswith("*")))
_WHOLE = frozenset(word for word in PURCHASE_WORDS if not word.endswith("*"))


def is_of_purchase(text: str, start: int, end: int) -> bool:
    """Tell whether a code stands among words for what people do with an order."""
    value = text[start:end]
    if not _CODE.fullmatch(value) or value.partition("-")[0] in _OTHER_CODES:
        return False
    if _VETO.search(text, max(0, start - _NEAR), start):
        return False
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    words = (word.lower() for part in (before, after) for word in _WORD.findall(part))
    return any(word in _WHOLE or word.startswith(_STEMS) for word in words)
