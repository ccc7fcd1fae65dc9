"""Invented identifiers of North America, the United Kingdom, southern Europe and Germany."""

from collections.abc import Sequence
from random import Random

from made_digits import (
    LETTERS,
    SIGNS,
    _until,
    birth,
    digits,
    either_case,
    grouped,
    hybrid,
    in_groups,
    letters,
    luhn,
    sums,
)

# --- North America


def us_itin(r: Random) -> str:
    group = r.choice([*range(50, 66), *range(70, 89), 90, 91, 92, *range(94, 100)])
    return in_groups(r, f"9{digits(r, 2)}{group}{digits(r, 4, '123456789')}", (3, 2, 4))


def us_npi(r: Random) -> str:
    body = digits(r, 9, "12")
    return in_groups(r, body + luhn("80840" + body), (4, 3, 3))


MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"


def us_mbi(r: Random) -> str:
    letter, either = MBI_LETTERS, MBI_LETTERS + "0123456789"
    shape = ["123456789", letter, either, "0123456789", letter, either, "0123456789"]
    made = "".join(map(r.choice, [*shape, letter, letter, "0123456789", "0123456789"]))
    return either_case(r, in_groups(r, made, (4, 3, 4), "-"))


def us_dea(r: Random) -> str:
    body = digits(r, 6)
    check = (sum(map(int, body[::2])) + 2 * sum(map(int, body[1::2]))) % 10
    return letters(r, 1, "ABCDEFGHJKLMPRSTUX") + r.choice(LETTERS) + body + str(check)


def us_passport(r: Random) -> str:
    return r.choice([digits(r, 9), letters(r, 1, "ABXYZ") + digits(r, 8)])


def us_driver_license(r: Random) -> str:
    return r.choice(
        [
            letters(r, 1) + digits(r, 7),  # California
            digits(r, 8),  # Texas
            letters(r, 1) + grouped(digits(r, 12), (3, 3, 2, 3, 1), "-"),  # Florida
            letters(r, 2) + digits(r, 6),  # Ohio
            letters(r, 1) + grouped(digits(r, 14), (4, 5, 5), " "),  # New Jersey
            digits(r, 9),  # New York
        ]
    )


def ca_sin(r: Random) -> str:
    body = digits(r, 8, "12345679")
    return in_groups(r, body + luhn(body), (3, 3, 3))


def ca_health_card(r: Random) -> str:
    def ontario() -> str:
        body = digits(r, 9, "12345678")
        number = in_groups(r, body + luhn(body), (4, 3, 3))
        return number + r.choice(["", "-" + letters(r, 2)])

    def quebec() -> str:
        born = birth(r)
        month = born.month + r.choice([0, 50])
        return letters(r, 4) + in_groups(r, f"{born:%y}{month:02}{born:%d}{digits(r, 2)}", (4, 4))

    return r.choice([ontario, quebec])()


def ca_passport(r: Random) -> str:
    old, new = letters(r, 2) + digits(r, 6), letters(r, 1) + digits(r, 6) + letters(r, 2)
    return either_case(r, r.choice([old, new]))


# --- United Kingdom


def uk_nhs(r: Random) -> str:
    def make() -> str | None:
        body = digits(r, 9)
        check = (11 - sums(body, range(10, 1, -1)) % 11) % 11
        return None if check == 10 else in_groups(r, body + str(check), (3, 3, 4))

    return _until(make)


def uk_nino(r: Random) -> str:
    first, second = "ABCEGHJKLMNOPRSTWXYZ", "ABCEGHJKLMNPRSTWXYZ"
    never = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ", "OO"}
    pair = _until(
        lambda: (
            made
            if (made := r.choice(first) + r.choice(second)) not in never and made[0] != "O"
            else None
        )
    )
    made = pair + digits(r, 6) + r.choice("ABCD")
    return either_case(r, in_groups(r, made, r.choice([(2, 2, 2, 2, 1), (2, 6, 1)]), " "))


def uk_utr(r: Random) -> str:
    body = digits(r, 9)
    lead = 11 - sums(body, (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11
    return in_groups(r, f"{lead if lead < 10 else lead - 9}{body}", (5, 5), " ")


def uk_passport(r: Random) -> str:
    return digits(r, 9)


def uk_driving_licence(r: Random) -> str:
    born = birth(r)
    name = letters(r, r.randint(2, 5)).ljust(5, "9")
    month = born.month + r.choice([0, 50])
    middle = f"{born.year // 10 % 10}{month:02}{born:%d}{born.year % 10}"
    initials = r.choice(LETTERS) + r.choice(LETTERS + "9")
    made = name + middle + initials + r.choice(SIGNS) + letters(r, 2)
    return either_case(r, in_groups(r, made, (5, 6, 5), " "))


# --- Spain, Italy, Turkey


def dni_letter(number: int) -> str:
    return dict(enumerate("TRWAGMYFPDXBNJZSQVHLCKE"))[number - number // 23 * 23]


def es_nif(r: Random) -> str:
    number = digits(r, 8)
    return either_case(r, number + r.choice(["", "-", " "]) + dni_letter(int(number)))


def es_nie(r: Random) -> str:
    kind, number = r.randrange(3), digits(r, 7)
    by = r.choice(["", "-"])
    return either_case(r, f"{'XYZ'[kind]}{by}{number}{by}{dni_letter(int(f'{kind}{number}'))}")


def es_cif(r: Random) -> str:
    kind, number = r.choice("ABCDEFGHJNPQRSUVW"), digits(r, 7)
    check = int(luhn(number))
    sign = "JABCDEFGHI"[check] if kind in "NPQRSW" else str(check)
    return f"{kind}{r.choice(['', '-'])}{number}{sign}"


def es_passport(r: Random) -> str:
    return either_case(r, letters(r, 3) + digits(r, 6))


CF_ODD = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
), strict=True))  # fmt: skip


def it_codice_fiscale(r: Random) -> str:
    born = birth(r)
    day = born.day + r.choice([0, 40])
    month = "ABCDEHLMPRST"[born.month - 1]
    body = f"{letters(r, 6)}{born:%y}{month}{day:02}{letters(r, 1)}{digits(r, 3)}"
    total = 0
    for place, sign in enumerate(body, 1):
        alike = LETTERS[int(sign)] if sign.isdigit() else sign
        total += CF_ODD[alike] if place % 2 else LETTERS.index(alike)
    made = body + LETTERS[total % 26]
    return either_case(r, in_groups(r, made, (3, 3, 5, 5), " "))


def it_partita_iva(r: Random) -> str:
    body = digits(r, 7) + f"{r.randint(1, 100):03}"
    return r.choice(["", "IT", "IT "]) + body + luhn(body)


def it_identity_card(r: Random) -> str:
    shapes = [letters(r, 2) + digits(r, 7), letters(r, 2) + digits(r, 5) + letters(r, 2)]
    return either_case(r, r.choice([*shapes, digits(r, 7) + letters(r, 2)]))


def it_passport(r: Random) -> str:
    return either_case(r, letters(r, 2) + digits(r, 7))


def it_driving_licence(r: Random) -> str:
    new = "U1" + letters(r, 7, "BCDFGHJKLMNPRSTVWXYZ0123456789")
    return either_case(r, r.choice([letters(r, 2) + digits(r, 7), new[:8] + "3"]) + letters(r, 1))


def tr_tckn(r: Random) -> str:
    body = digits(r, 9, "123456789")
    tenth = (7 * sum(map(int, body[0::2])) + 9 * sum(map(int, body[1::2]))) % 10
    eleventh = 8 * sum(map(int, body[0::2])) % 10
    return in_groups(r, f"{body}{tenth}{eleventh}", (3, 3, 3, 2), " ")


def tr_vkn(r: Random) -> str:
    body, total = digits(r, 9), 0
    for weight, digit in zip(range(9, 0, -1), body, strict=True):
        shifted = (int(digit) + weight) % 10
        powered = shifted << weight
        total += (powered % 9 or 9) if shifted else 0
    return in_groups(r, f"{body}{(10 - total % 10) % 10}", (3, 3, 4), " ")


# --- Germany


def de_steuer_id(r: Random) -> str:
    def make() -> str | None:
        kept = r.sample("0123456789", 9)
        body = [*kept, kept[0]]
        if r.random() < 0.5:
            body = kept[:8] + [kept[0]] * 2
        r.shuffle(body)
        made = "".join(body)
        return None if made[0] == "0" else made + hybrid(made)

    return in_groups(r, _until(make), (2, 3, 3, 3), " ")


def de_steuernummer(r: Random) -> str:
    sizes = r.choice([(3, 3, 5), (2, 3, 5), (3, 4, 4)])
    return grouped(digits(r, sum(sizes)), sizes, "/")


GERMAN_SERIAL = "CFGHJKLMNPRTVWXYZ"


def icao(body: str) -> str:
    return str(sum(int(sign, 36) * (7, 3, 1)[at % 3] for at, sign in enumerate(body)) % 10)


def german_document(r: Random, first: str) -> str:
    body = r.choice(first) + digits(r, 2) + letters(r, 2, GERMAN_SERIAL) + digits(r, 4)
    return either_case(r, body + r.choice(["", icao(body)]))


def de_personalausweis(r: Random) -> str:
    return german_document(r, "LMNPRTVWXY")


def de_reisepass(r: Random) -> str:
    return german_document(r, "CFGHJK")


def crossed(number: str, weights: Sequence[int]) -> int:
    products = [int(a) * b for a, b in zip(number, weights, strict=True)]
    return sum(sum(map(int, str(product))) for product in products)


def de_kvnr(r: Random) -> str:
    letter, body = r.randrange(26), digits(r, 8)
    check = crossed(f"{letter + 1:02}{body}", (1, 2) * 5) % 10
    return either_case(r, f"{LETTERS[letter]}{body}{check}")


def de_rentenversicherung(r: Random) -> str:
    born, letter = birth(r), r.randrange(26)
    area, serial = r.randint(10, 89), r.randint(0, 99)
    head = f"{area}{born:%d%m%y}"
    check = crossed(f"{head}{letter + 1:02}{serial:02}", (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)) % 10
    return in_groups(r, f"{head}{LETTERS[letter]}{serial:02}{check}", (2, 6, 1, 3), " ")


def de_fuehrerschein(r: Random) -> str:
    made = letters(r, 1) + digits(r, 3) + letters(r, 3) + digits(r, 3) + r.choice(SIGNS)
    return either_case(r, made)


def de_lanr(r: Random) -> str:
    body = digits(r, 6)
    total = 4 * sum(map(int, body[::2])) + 9 * sum(map(int, body[1::2]))
    return f"{body}{(10 - total % 10) % 10}{r.randint(1, 99):02}"


def de_bsnr(r: Random) -> str:
    return digits(r, 9)


def de_ust_id(r: Random) -> str:
    body = digits(r, 8, "123456789")
    return r.choice(["DE", "DE ", "de"]) + in_groups(r, body + hybrid(body), (3, 3, 3), " .")
