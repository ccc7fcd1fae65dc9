"""Invented identifiers of northern Europe, Asia, Africa and Australia."""

from random import Random

from made_digits import (
    SIGNS,
    _until,
    birth,
    digits,
    either_case,
    grouped,
    in_groups,
    letters,
    luhn,
    sums,
    verhoeff,
)

# --- Finland, Sweden, Poland


def fi_henkilotunnus(r: Random) -> str:
    born, serial = birth(r), r.randint(2, 899)
    sign = r.choice("ABCDEF" if born.year > 1999 else "-YXWVU")
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(f"{born:%d%m%y}{serial:03}") % 31]
    return either_case(r, f"{born:%d%m%y}{sign}{serial:03}{check}")


def swedish(r: Random, moved: int) -> str:
    born = birth(r)
    body = f"{born:%y%m}{born.day + moved:02}{r.randint(1, 999):03}"
    ten = body + luhn(body)
    century, by = r.choice(["", f"{born.year // 100}"]), r.choice(["", "-"])
    return century + ten[:6] + by + ten[6:]


def se_personnummer(r: Random) -> str:
    return swedish(r, 0)


def se_samordningsnummer(r: Random) -> str:
    return swedish(r, 60)


def se_organisationsnummer(r: Random) -> str:
    body = r.choice("1235679") + digits(r, 1) + r.choice("23456789") + digits(r, 6)
    return in_groups(r, body + luhn(body), (6, 4), "-")


def pl_pesel(r: Random) -> str:
    born = birth(r)
    month = born.month + (20 if born.year > 1999 else 0)
    body = f"{born:%y}{month:02}{born:%d}{digits(r, 4)}"
    return body + str(sums(body, (9, 7, 3, 1, 9, 7, 3, 1, 9, 7)) % 10)


def pl_nip(r: Random) -> str:
    def make() -> str | None:
        body = digits(r, 9, "123456789")
        check = sums(body, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11
        if check == 10:
            return None
        sizes = r.choice([(3, 3, 2, 2), (3, 2, 2, 3)])
        return r.choice(["", "PL"]) + in_groups(r, f"{body}{check}", sizes, "-")

    return _until(make)


def pl_regon(r: Random) -> str:
    body = digits(r, 8)
    nine = f"{body}{sums(body, (8, 9, 2, 3, 4, 5, 6, 7)) % 11 % 10}"
    if r.random() < 0.5:
        return nine
    long = nine + digits(r, 4)
    return f"{long}{sums(long, (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)) % 11 % 10}"


def pl_identity_card(r: Random) -> str:
    series, number = letters(r, 3), digits(r, 5)
    total = sum(int(sign, 36) * by for sign, by in zip(series, (7, 3, 1), strict=True))
    check = (total + sums(number, (7, 3, 1, 7, 3))) % 10
    return either_case(r, f"{series}{r.choice(['', ' '])}{check}{number}")


# --- India, Korea


def in_aadhaar(r: Random) -> str:
    body = digits(r, 11, "23456789")
    return in_groups(r, body + verhoeff(body), (4, 4, 4), " -:")


def in_pan(r: Random) -> str:
    made = letters(r, 3) + r.choice("ABCFGHJLPT") + letters(r, 1) + digits(r, 4) + letters(r, 1)
    return either_case(r, made)


def in_gstin(r: Random) -> str:
    body = f"{r.randint(1, 38):02}{in_pan(r).upper()}{r.choice('123456789')}Z"
    factor, total = 2, 0
    for sign in reversed(body):
        high, low = divmod(factor * int(sign, 36), 36)
        total, factor = total + high + low, 3 - factor
    return either_case(r, body + SIGNS[(36 - total % 36) % 36])


def in_passport(r: Random) -> str:
    return (
        letters(r, 1, "ABCDEFGHIJKLMNOPRSTUVWY") + digits(r, 6, "123456789") + r.choice("123456789")
    )


def in_voter_id(r: Random) -> str:
    return either_case(r, letters(r, 3) + digits(r, 7))


def in_driving_licence(r: Random) -> str:
    state, office = r.choice(["MH", "DL", "KA", "TN", "UP"]), f"{r.randint(1, 99):02}"
    by = r.choice(["", " ", "-"])
    return f"{state}{by}{office}{by}{r.randint(1985, 2024)}{digits(r, 7)}"


def korean(r: Random, sexes: str, base: int) -> str:
    born = birth(r)
    sex = sexes[r.randrange(2) + (2 if born.year > 1999 else 0)]
    body = f"{born:%y%m%d}{sex}{digits(r, 5)}"
    check = (base - sums(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10
    return in_groups(r, f"{body}{check}", (6, 7), "-")


def kr_resident_number(r: Random) -> str:
    return korean(r, "1234", 11)


def kr_foreigner_number(r: Random) -> str:
    return korean(r, "5678", 13)


def kr_business_number(r: Random) -> str:
    body = digits(r, 9, "123456789")
    total = sums(body, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(body[8]) // 2
    return in_groups(r, f"{body}{(10 - total % 10) % 10}", (3, 2, 5), "-")


def kr_passport(r: Random) -> str:
    new = r.choice("MSRD") + digits(r, 3) + letters(r, 1) + digits(r, 4)
    return either_case(r, r.choice([new, r.choice("MSRD") + digits(r, 8)]))


def kr_driver_license(r: Random) -> str:
    return in_groups(r, f"{r.randint(11, 28)}{digits(r, 10)}", (2, 2, 6, 2))


# --- Singapore, Thailand, Philippines


def sg_nric(r: Random) -> str:
    kind, number = r.choice("STFGM"), digits(r, 7)
    extra = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}[kind]
    rest = (sums(number, (2, 7, 6, 5, 4, 3, 2)) + extra) % 11
    if kind == "M":
        return kind + number + "KLJNPQRTUWX"[10 - rest]
    table = "ABCDEFGHIZJ" if kind in "ST" else "KLMNPQRTUWX"
    return either_case(r, kind + number + table[10 - rest])


def sg_uen(r: Random) -> str:
    if r.random() < 0.5:
        business = digits(r, 8)
        return business + "XMKECAWLJDB"[sums(business, (10, 4, 9, 3, 8, 2, 7, 1)) % 11]
    company = f"{r.randint(1960, 2024)}{digits(r, 5)}"
    return company + "ZKCMDNERGWH"[sums(company, (10, 8, 6, 4, 9, 7, 5, 3, 1)) % 11]


def th_national_id(r: Random) -> str:
    province = r.choice([*range(10, 28), *range(30, 50), *range(70, 78), *range(90, 97)])
    body = f"{r.choice('12345678')}{province}{digits(r, 9)}"
    check = (11 - sums(body, range(13, 1, -1)) % 11) % 10
    return in_groups(r, f"{body}{check}", (1, 4, 5, 2, 1))


def ph_tin(r: Random) -> str:
    def make() -> str | None:
        body = digits(r, 8)
        check = sums(body, range(9, 1, -1)) % 11
        if check == 10:
            return None
        tail = r.choice(["", "000", "00000"])
        sizes = (3, 3, 3, len(tail)) if tail else (3, 3, 3)
        return in_groups(r, f"{body}{check}{tail}", sizes, "-")

    return _until(make)


def ph_philhealth(r: Random) -> str:
    def make() -> str | None:
        body = digits(r, 11)
        check = 11 - sums(body, range(2, 13)) % 11
        return None if check == 10 else in_groups(r, f"{body}{check % 11}", (2, 9, 1), "-")

    return _until(make)


def ph_umid(r: Random) -> str:
    return r.choice([grouped(digits(r, 12), (4, 7, 1), "-"), "00" + digits(r, 10)])


def ph_sss(r: Random) -> str:
    return in_groups(r, digits(r, 10), (2, 7, 1), "-")


def ph_philsys(r: Random) -> str:
    count = r.choice([3, 4])
    return in_groups(r, digits(r, 4 * count), (4,) * count)


def ph_passport(r: Random) -> str:
    new, old = letters(r, 1) + digits(r, 7) + letters(r, 1), letters(r, 2) + digits(r, 7)
    return either_case(r, r.choice([new, old]))


# --- Nigeria, South Africa, Australia


def ng_nin(r: Random) -> str:
    return digits(r, 11)


def ng_bvn(r: Random) -> str:
    return "22" + digits(r, 9)


def za_id_number(r: Random) -> str:
    body = f"{birth(r):%y%m%d}{digits(r, 4)}{r.choice('01')}{r.choice('89')}"
    return in_groups(r, body + luhn(body), (6, 4, 3), " ")


def za_driving_licence(r: Random) -> str:
    return digits(r, 8) + letters(r, 4)


def za_tax_number(r: Random) -> str:
    body = digits(r, 9, "012349")
    return in_groups(r, body + luhn(body), (4, 3, 3), "/ ")


def za_passport(r: Random) -> str:
    return r.choice("ADMT") + digits(r, 8)


def au_abn(r: Random) -> str:
    def make() -> str | None:
        body = digits(r, 9)
        for check in range(10, 100):
            if (sums(f"{check}{body}", (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) - 10) % 89 == 0:
                return in_groups(r, f"{check}{body}", (2, 3, 3, 3), " ")
        return None

    return _until(make)


def au_acn(r: Random) -> str:
    body = digits(r, 8)
    return in_groups(r, f"{body}{(10 - sums(body, range(8, 0, -1)) % 10) % 10}", (3, 3, 3), " ")


def au_tfn(r: Random) -> str:
    def make() -> str | None:
        body = digits(r, 8)
        for last in range(10):
            if sums(f"{body}{last}", (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0:
                return in_groups(r, f"{body}{last}", (3, 3, 3))
        return None

    return _until(make)


def au_medicare(r: Random) -> str:
    body = digits(r, 8, "23456")
    check = sums(body, (1, 3, 7, 9, 1, 3, 7, 9)) % 10
    return in_groups(r, f"{body}{check}{r.randint(1, 9)}", (4, 5, 1), " ")
