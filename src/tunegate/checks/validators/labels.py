"""Read the words before a number: whose number do they say it is?

People name a number and then give it: "my order number is 4711", "Kundennr.: 4711", "número de
pedido 4711". The words are looked up one by one, backwards from the number, so that it costs the
same however many labels are known.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from tunegate.checks.judging import word_set

_WINDOW = 72  # code points: "the customer number that is printed on my last bill is"
# An elided article is a word of its own: d'envoi, dell'ordine, l'ordre.
_TOKEN = re.compile(
    r"(?:d|l|dell|nell|un)(?=['’][^\W\d_])"
    r"|(?<=[dln])['’](?=[^\W\d_])|[^\W\d_]+(?:['’][^\W\d_]+)*|[0-9]+|[^\w\s]|\n"
)
_MOST_TOKENS = 14
_MOST_FILLERS = 8  # words between a label with "number" and a verb, "that I got from you yesterday"


class Label(NamedTuple):
    """What a number is called.

    explicit: "order number 12", not merely "order 12". linked: by a verb or a sign.
    """

    kind: str
    explicit: bool
    linked: bool


# A noun alone may stand before any number; with one of QUALIFIERS it names the number.
_NOUNS = {
    "account-number": """account acct accounts ac client customer member membership subscriber user
        loyalty subscription patron profile login employee student donor contributor merchant seller
        cuenta cliente usuario socio abonado compte client adhérent abonné membre conto utente
        conta utilizador usuário assinante sócio klant lid konto kund medlem klienta konta
        клиента счёта счета аккаунта абонента müşteri hesap asiakas ügyfél zákazníka πελάτη""",
    "order-number": """order orders purchase po invoice receipt transaction payment
        pedido compra factura recibo transacción commande achat facture reçu transaction
        ordine acquisto fattura ricevuta encomenda fatura recibo transação order bestelling factuur
        bestellung auftrag rechnung zamówienie zamówienia zamówieniem zamówieniu faktury fakturę
        beställning faktura ordre ordrenr
        заказ заказа sipariş tilaus rendelés objednávky παραγγελία παραγγελίας""",
    "ticket-number": """ticket case incident request inquiry enquiry complaint reference ref rma
        issue return claim caso incidencia solicitud reclamación referencia dossier demande
        réclamation référence incident segnalazione richiesta reclamo pratica riferimento
        protocolo chamado solicitação referência klacht referentie zaak
        vorgang anfrage anliegen reklamation zgłoszenia sprawy ärende sag обращения заявки
        тикета talep başvuru""",
    "policy-number": """policy policies insurance contract póliza contrato seguro police contrat
        assurance polizza contratto apólice polis contract vertrag polisy umowy försäkring avtal
        полиса договора poliçe sözleşme""",
    "booking-reference": """booking reservation confirmation itinerary pnr locator reserva
        confirmación localizador réservation confirmation prenotazione conferma confirmação boeking
        reservering buchung reservierung rezerwacji bokning booking бронирования брони rezervasyon
        varaus""",
    "tracking-number": """tracking shipment shipping parcel package consignment waybill awb delivery
        dispatch usps ups fedex dhl dpd gls evri yodel hermes colissimo chronopost correos postnl
        envoi seguimento acompanhamento verzending bezorging levering envío
        seguimiento paquete rastreo guía colis suivi expédition
        spedizione tracciamento pacco rastreio rastreamento envio zending pakket sendung paket
        przesyłka przesyłki przesyłkę paczka paczki paczkę
        försändelse paket forsendelse отправления посылки трек kargo gönderi""",
    "serial-number": """serial imei série serie seriale série serienummer seryjny seri серийный""",
}  # fmt: skip
# One word that says number as well. A `*` stands for any ending.
_COMPOUNDS = {
    "account-number": """kundennummer* kundennr kunden kundenkonto kundenkennung mitgliedsnummer*
        mitgliedsnr benutzernummer* teilnehmernummer* klantnummer* klantnr lidnummer* kundnummer*
        medlemsnummer* kundenummer* medlemsnr kontonummer* kontonr rekeningnummer* asiakasnumero*
        ügyfélszám* accountno accountnumber acctno accountid
        customernumber customerid customerno userid memberid clientid
        kontonummer* vertragskontonummer* vertragskonto personalnummer* matrikelnummer*""",
    "order-number": """bestellnummer* bestellnr auftragsnummer* auftragsnr rechnungsnummer*
        rechnungsnr belegnummer* transaktionsnummer* bestelnummer* ordernummer* ordernr
        factuurnummer* beställningsnummer* fakturanummer* ordrenummer* bestillingsnummer*
        tilausnumero* rendelésszám* orderid orderno ordernumber
        invoicenumber invoiceno po# transactionid""",
    "ticket-number": """ticketnummer* ticketnr vorgangsnummer* vorgangsnr fallnummer* aktenzeichen
        referenznummer* reklamationsnummer* schadennummer* schadensnummer* bearbeitungsnummer*
        zaaknummer* meldingsnummer* referentienummer* ärendenummer* sagsnummer* saksnummer*
        ticketid ticketnumber casenumber caseid caseno""",
    "policy-number": """versicherungsnummer* versicherungsscheinnummer* policennummer*
        vertragsnummer* vertragsnr polisnummer* contractnummer* försäkringsnummer* avtalsnummer*
        policyno policynumber""",
    "booking-reference": """buchungsnummer* buchungsnr buchungscode* reservierungsnummer*
        bestätigungsnummer* boekingsnummer* reserveringsnummer* bokningsnummer* bookingnummer*
        varausnumero* bookingref
        bookingid reservationid""",
    "tracking-number": """sendungsnummer* sendungsnr paketnummer* trackingnummer* frachtbriefnummer*
        sendungsverfolgungsnummer* zendingnummer* pakketnummer* verzendnummer* kollinummer*
        forsendelsesnummer* paketnr trackingnumber trackingid""",
    "serial-number": """seriennummer* seriennr gerätenummer* serienummer* serienr sarjanumero*
        sorozatszám* serialnumber serialno gerätekennung*""",
}  # fmt: skip
_UNSPACED = {
    "account-number": """会員番号 顧客番号 お客様番号 アカウント番号 口座番号 账号 帐号 会员号
        客户编号 고객번호 회원번호 계좌번호""",
    "order-number": "注文番号 ご注文番号 订单号 订单编号 주문번호 請求書番号 发票号",
    "ticket-number": "受付番号 お問い合わせ番号 工单号 접수번호 문의번호",
    "policy-number": "証券番号 契約番号 保单号 合同号 증권번호 계약번호",
    "booking-reference": "予約番号 预订号 预定号 예약번호",
    "tracking-number": "追跡番号 お問い合わせ伝票番号 快递单号 运单号 物流单号 운송장번호 송장번호",
    "serial-number": "シリアル番号 製造番号 序列号 시리얼번호 일련번호",
}
_QUALIFIERS = word_set(
    """
    number numbers no nr num id ids code key # nº n° № º ° numero número numéro núm num nro
    n nummer identifier identification reference ref locator kennung identifiant
    identificador numer номер no° numarası numarasi no'su numeron numeronne számа szám číslo
    αριθμός identificativo codice código kod kodu номера
    """
)
# Nouns that name a number only with a word for it: "request no. 12", not "the delivery 12".
_LOOSE = word_set(
    """
    purchase compra transaction payment transacción transação acquisto delivery dispatch
    shipping request inquiry enquiry issue return incident complaint profile login user
    employee student demande solicitud caso anfrage anliegen richiesta police polis seguro
    insurance contrato contratto contrat confirmation confirmación conferma confirmação
    usuario usuário utente suivi seguimiento trek guía envoi seguimento acompanhamento levering
    bezorging verzending hermes
    """
)
_STRONG = word_set(
    """
    pnr locator localizador awb waybill acct rma imei ref reference aktenzeichen guía
    """
)
_LINKS = word_set(
    """
    is was are were : = be being reads shows says has ist war lautet lauten sind es era son
    est était sont è era sono é eram são is zijn luidt to jest był är er var on - – → > - to
    this это является fue foi fu fut
    """
)
# What may stand between the label, the verb and the number.
_FILLERS = word_set(
    """
    the a my our your his her their this that it its it's of for and's just also again new
    old same following yes sorry " ' ( [ „ “ ” ‘ ’ « » * _ ` , the's called as i'm
    customer's \\ | { } < ] der die das dem den mein meine meiner meinem ihre ihr unsere
    deine folgende hier el la los las mi su tu nuestro nuestra este del de le les ma mon
    votre notre du d l d'un il lo mio mia suo sua di della dell dell' do da dos meu minha
    seu het mijn uw jouw ons onze van mój moja mitt min din ваш мой моего моей benim
    """
)
_JOINS = word_set(", and & or und oder y et ou")
_ENDS = frozenset(".!?;\n")
_COLUMNS = frozenset("\n;")  # a heading or a cell, with the value in the next
_SIGNS = word_set("# : = №")


# Numbers that have rules of their own or none: "the PIN of my account is".
OTHER_NUMBERS = word_set(
    """
    pin pins phone telephone mobile cell tel zip zipcode postcode postal ssn social card
    visa mastercard amex cvv cvc birth birthdate born birthday dob street st road rd avenue
    ave lane apt apartment unit suite flat address version model year age am born since
    dated password passcode sort bsb routing iban amount total price paid cost costs charged
    usd eur euro euros dollars bought ip balance limit fee moved live living not don't can't
    forgot geburtsdatum geburtstag geboren telefon handy plz straße strasse hausnummer preis
    betrag jahr téléphone né née rue prix nacimiento teléfono móvil calle precio telefono
    via nascita telefone rua telefoon straat prijs extension ext room floor page section
    error
    """
)


def _table(groups: dict[str, str]) -> dict[str, str]:
    return {word: kind for kind, words in groups.items() for word in words.split()}


_NOUN = _table(_NOUNS)
_WHOLE = {word: kind for word, kind in _table(_COMPOUNDS).items() if not word.endswith("*")}
_OPEN = _table(
    {
        kind: " ".join(word[:-1] for word in words.split() if word.endswith("*"))
        for kind, words in _COMPOUNDS.items()
    }
)
_KNOWN = _QUALIFIERS | _LINKS | _FILLERS | _JOINS | _NOUN.keys()
_IS = re.compile(r" {1,2}(?:is|was|ist|war|es|era|est|è|é) {1,2}", re.IGNORECASE)
_MOST_AFTER = 6  # words: "the number of my account"
_LONGEST_ENDING = 4  # "Bestellnummern"
_NO_SPACES = re.compile("|".join(word for words in _UNSPACED.values() for word in words.split()))
_KIND_OF_UNSPACED = _table(_UNSPACED)
_AFTER_UNSPACED = re.compile(r"[はがのを是为為:：は은는이가 ]{0,4}\Z")


def label_words(kind: str) -> frozenset[str]:
    """Return the words one of which stands in every text with such a label; `*`: or longer ones."""
    nouns = {word for word, other in _NOUN.items() if other == kind}
    longer = {f"{word}*" for word, other in {**_WHOLE, **_OPEN}.items() if other == kind}
    return frozenset((*nouns, *longer, *(f"{word}*" for word in _UNSPACED[kind].split())))


def label_before(text: str, start: int) -> Label | None:
    """Return what the words before a place call what stands there, or None."""
    return _label(text[max(0, start - _WINDOW) : start])


def label_after(text: str, end: int) -> Label | None:
    """Return what a text that goes on with "is my order number" calls what stood before."""
    follows = _IS.match(text, end)
    if follows is None:
        return None
    tokens = _TOKEN.findall(text[follows.end() : follows.end() + _WINDOW].lower())[:_MOST_AFTER]
    for place, word in enumerate(tokens):
        whole = compound(word)
        if whole or word in _NOUN:
            qualified = whole or any(other in _QUALIFIERS for other in tokens)
            return Label(whole or _NOUN[word], explicit=True, linked=True) if qualified else None
        if word not in _FILLERS and word not in _QUALIFIERS:
            return None
        if place == _MOST_AFTER - 1:
            return None
    return None


def compound(word: str) -> str | None:
    """Return the kind that one word such as Kundennummer names together with "number"."""
    if word in _WHOLE:
        return _WHOLE[word]
    for ending in range(_LONGEST_ENDING):
        kind = _OPEN.get(word[: len(word) - ending])
        if kind:
            return kind
    return None


@lru_cache(maxsize=4096)  # several rules ask about the same number
def _label(before: str) -> Label | None:
    before = before.replace("\\n", "\n")  # in the arguments of a tool call
    words = before.lower().split()
    if not words:
        return None
    last = words[-1]
    if last.isalpha() and last < "\u3000" and last not in _KNOWN and not compound(last):
        return None
    if last > "\u3000" or last[-1] == ":":
        unspaced = _unspaced(before)
        if unspaced:
            return unspaced
    return _walk(_TOKEN.findall(before.lower())[-_MOST_TOKENS:])


def _unspaced(before: str) -> Label | None:
    *_, last = [None, *_NO_SPACES.finditer(before)]
    if last is None or not _AFTER_UNSPACED.match(before, last.end()):
        return None
    return Label(_KIND_OF_UNSPACED[last[0]], explicit=True, linked=True)


def _walk(tokens: list[str]) -> Label | None:
    """Go backwards from the number to the noun that names it."""
    explicit = linked = joined = False
    strange = 0
    weak: Label | None = None
    for place in range(len(tokens) - 1, -1, -1):
        word = tokens[place]
        whole = compound(word)
        if whole:
            return Label(whole, explicit=True, linked=linked) if strange == 0 or linked else None
        if word in _NOUN:
            named = explicit or word in _STRONG or _is_qualified(tokens, place)
            if (strange and not (named and linked)) or (word in _LOOSE and not named):
                return weak
            label = Label(_NOUN[word], explicit=named, linked=linked)
            if word not in _QUALIFIERS or weak:
                return label
            weak, explicit = label, True  # "reference", if it is not that of a booking
            continue
        if word in _QUALIFIERS:
            explicit = explicit or strange == 0 or linked
            linked = linked or word in _SIGNS
        elif word in _LINKS:
            linked = linked or strange == 0
        elif word in _ENDS:
            column = word in _COLUMNS and place == len(tokens) - 1
            if not column and not _is_abbreviation(tokens, place):
                return weak
        elif word in _JOINS or (joined and word.isdigit()):
            if strange:
                return weak  # "my account number and the code is"
            joined = True  # "orders 4711, 4712 and 4713"
        elif word not in _FILLERS:
            strange += 1
            if not linked or strange > _MOST_FILLERS or word in OTHER_NUMBERS:
                return weak
    return weak


def _is_qualified(tokens: list[str], place: int) -> bool:
    """Tell whether "número de" or the like stands before a noun."""
    for word in reversed(tokens[max(0, place - 4) : place]):
        if word in _QUALIFIERS:
            return True
        if word not in _FILLERS and word != ".":
            return False
    return False


def _is_abbreviation(tokens: list[str], place: int) -> bool:
    """Tell whether a point belongs to "no." or "Kundennr."."""
    if tokens[place] != "." or place == 0:
        return False
    word = tokens[place - 1]
    return word in _QUALIFIERS or word in ("acct", "cust", "conf") or compound(word) is not None
