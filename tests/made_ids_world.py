"""Made-up identifiers of Latin America, Asia, Africa and New Zealand."""

from random import Random

from made_ids_parts import born, digits, eleven, letters, luhn, summed, until, written

VOWELS, CONSONANTS = "AEIOU", "BCDFGHJKLMNPQRSTVWXYZ"


def zero_to_ten(body: str, weights: tuple[int, ...]) -> str:
    """Return eleven minus the remainder, 0 for more than nine."""
    rest = summed(body, weights) % 11
    return "0" if rest < 2 else str(11 - rest)


def br_cpf(rng: Random) -> str:
    body = digits(rng, 9, "0123456789")
    body += zero_to_ten(body, tuple(range(10, 1, -1)))
    return written(rng, body + zero_to_ten(body, tuple(range(11, 1, -1))), "###.###.###-##")


def br_cnpj(rng: Random) -> str:
    new = rng.random() < 0.5
    body = letters(rng, 2, CONSONANTS) + digits(rng, 4) + letters(rng, 2) if new else digits(rng, 8)
    body += "0001"
    for _ in "12":
        total = sum((ord(c) - 48) * (2 + n % 8) for n, c in enumerate(reversed(body)))
        body += "0" if total % 11 < 2 else str(11 - total % 11)
    return written(rng, body, "##.###.###/####-##")


def br_pis(rng: Random) -> str:
    body = digits(rng, 10, "12")
    return written(rng, body + zero_to_ten(body, (3, 2, 9, 8, 7, 6, 5, 4, 3, 2)), "###.#####.##-#")


def br_cnh(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = digits(rng, 9, "0123456789")
        first = sum(int(d) * (9 - n) for n, d in enumerate(body)) % 11
        second = sum(int(d) * (n + 1) for n, d in enumerate(body)) % 11
        return None if 10 in (first, second) else f"{body}{first}{second}"

    return until(rng, make)


def br_rg(rng: Random) -> str:
    return written(rng, digits(rng, 8) + rng.choice("0123456789X"), "##.###.###-#")


def br_voter(rng: Random) -> str:
    body, state = digits(rng, 8, "0123456789"), f"{rng.randint(3, 28):02}"
    first = summed(body, "23456789") % 11 % 10
    second = (int(state[0]) * 7 + int(state[1]) * 8 + first * 9) % 11 % 10
    return written(rng, f"{body}{state}{first}{second}", "#### #### ####")


def br_health(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = rng.choice("789") + digits(rng, 13)
        check = eleven(body, tuple(range(15, 1, -1)))
        return check and body + check

    return written(rng, until(rng, make), "### #### #### ####")


def mx_curp(rng: Random) -> str:
    body = letters(rng, 1) + letters(rng, 1, VOWELS) + letters(rng, 2) + born(rng, "ymd")
    body += (
        rng.choice("HM") + rng.choice(["DF", "JC", "NL", "OC"]) + letters(rng, 3, CONSONANTS) + "0"
    )
    order = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
    total = sum(order.index(sign) * (18 - place) for place, sign in enumerate(body))
    made = body + str((10 - total % 10) % 10)
    return made.lower() if rng.random() < 0.2 else made


def mx_curp_wrong(rng: Random) -> str:
    made = mx_curp(rng).upper()
    return made[:11] + "QQ" + made[13:]


def mx_rfc(rng: Random) -> str:
    body = letters(rng, rng.choice([3, 4])) + born(rng, "ymd") + letters(rng, 1) + digits(rng, 1)
    order = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ \u00d1"
    total = sum(order.index(sign) * (13 - place) for place, sign in enumerate(body.rjust(12)))
    check = (11 - total % 11) % 11
    number = body + ("A" if check == 10 else str(check))
    return written(
        rng, number, "####-######-###", "#### ###### ###", "###-######-###", "### ###### ###"
    )


def mx_rfc_wrong(rng: Random) -> str:
    made = mx_rfc(rng)
    at = next(place for place, sign in enumerate(made) if sign.isdigit())
    return made[: at + 2] + "47" + made[at + 4 :]


def mx_nss(rng: Random) -> str:
    body = digits(rng, 10)
    return written(rng, body + luhn(body), "## ## ## #### #", "##-##-##-####-#")


def mx_voter(rng: Random) -> str:
    body = letters(rng, 6, CONSONANTS) + born(rng, "ymd") + f"{rng.randint(1, 32):02}"
    return body + rng.choice("HM") + digits(rng, 3)


def ar_dni(rng: Random) -> str:
    return written(rng, digits(rng, 8, "1234"), "##.###.###")


def ar_cuit(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = rng.choice(["20", "27", "30"]) + digits(rng, 8)
        check = eleven(body, "5432765432")
        return check and body + check

    return written(rng, until(rng, make), "##-########-#", "## ######## #", "##.########.#")


def cl_rut(rng: Random) -> str:
    body = digits(rng, rng.choice([7, 8]), "12" if rng.random() < 0.5 else "56789")
    total = sum(int(d) * (2 + n % 6) for n, d in enumerate(reversed(body)))
    number = body + "0123456789K0"[11 - total % 11]
    return written(rng, number, "##.###.###-#", "########-#", "#.###.###-#", "#######-#")


def co_cedula(rng: Random) -> str:
    return written(rng, "1" + digits(rng, 9, "0"), "#.###.###.###")


def co_nit(rng: Random) -> str:
    body = digits(rng, 9, "89")
    rest = summed(body[::-1], (3, 7, 13, 17, 19, 23, 29, 37, 41)) % 11
    number = body + str(rest if rest < 2 else 11 - rest)
    return written(rng, number, "###.###.###-#", "#########-#")


def pe_dni(rng: Random) -> str:
    body = digits(rng, 8, "01234567")
    check = (6, 5, 4, 3, 2, 1, 1, 0, 9, 8, 7)[summed(body, "32765432") % 11]
    return body + rng.choice(["", f"-{check}"])


def pe_dni_wrong(rng: Random) -> str:
    body = digits(rng, 8, "01234567")
    check = (6, 5, 4, 3, 2, 1, 1, 0, 9, 8, 7)[summed(body, "32765432") % 11]
    return f"{body}-{(check + rng.randint(1, 9)) % 10}"


def pe_ruc(rng: Random) -> str:
    body = rng.choice(["10", "20"]) + digits(rng, 8)
    return body + str((11 - summed(body, "5432765432") % 11) % 10)


def ve_cedula(rng: Random) -> str:
    return rng.choice(["V-", "V", "E-"]) + written(rng, digits(rng, 8, "12"), "##.###.###")


def ve_rif(rng: Random) -> str:
    letter, body = rng.choice("VEJPG"), digits(rng, 8, "0123")
    total = {"V": 4, "E": 8, "J": 12, "P": 16, "G": 20}[letter] + summed(body, "32765432")
    check = 11 - total % 11
    return written(
        rng, letter + body + str(check if check < 10 else 0), "#-########-#", "#-#########"
    )


def ec_identity(rng: Random) -> str:
    body = f"{rng.randint(1, 24):02}" + digits(rng, 7, "12345")
    return written(rng, body + luhn(body), "#########-#")


def ec_ruc(rng: Random) -> str:
    body = f"{rng.randint(1, 24):02}" + digits(rng, 7, "12345")
    return written(rng, body + luhn(body) + "001", "##########-###")


def uy_identity(rng: Random) -> str:
    body = digits(rng, 7)
    return written(rng, body + str(-summed(body, "2987634") % 10), "#.###.###-#", "#######-#")


def do_identity(rng: Random) -> str:
    body = digits(rng, 10, "04")
    return written(rng, body + luhn(body), "###-#######-#")


def cn_resident(rng: Random) -> str:
    body = rng.choice(["110101", "310115", "440305", "510104"]) + born(rng, "Ymd") + digits(rng, 3)
    total = sum(int(d) * pow(2, 17 - n, 11) for n, d in enumerate(body))
    made = body + "10X98765432"[total % 11]
    made = made.lower() if rng.random() < 0.3 else made
    return written(rng, made, "###### ######## ####", "###### #### #### ####")


def tw_identity(rng: Random) -> str:
    letter = letters(rng, 1)
    place = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(letter) + 10
    body = rng.choice("1289") + digits(rng, 7)
    total = place // 10 + place % 10 * 9 + summed(body, "87654321")
    made = letter + body + str(-total % 10)
    return made.lower() if rng.random() < 0.2 else made


def jp_my_number(rng: Random) -> str:
    body = digits(rng, 11)
    total = sum(int(d) * (n + 1 if n < 7 else n - 5) for n, d in enumerate(reversed(body), start=1))
    check = 11 - total % 11
    return written(rng, body + str(check if check < 10 else 0), "#### #### ####", "####-####-####")


def jp_corporate(rng: Random) -> str:
    body = digits(rng, 12)
    check = 9 - sum(int(d) * (2 if n % 2 else 1) for n, d in enumerate(reversed(body))) % 9
    return written(rng, str(check) + body, "#-####-####-####", "# #### #### ####")


def jp_passport(rng: Random) -> str:
    return letters(rng, 2, "MNT") + digits(rng, 7)


def jp_licence(rng: Random) -> str:
    return written(rng, str(rng.randint(10, 97)) + digits(rng, 10), "#### #### ####")


def hk_identity(rng: Random) -> str:
    prefix, body = letters(rng, rng.choice([1, 1, 2])), digits(rng, 6)
    total = sum(
        weight * (36 if sign == " " else int(sign, 36))
        for sign, weight in zip(prefix.rjust(2) + body, range(9, 1, -1), strict=True)
    )
    check = "0123456789A"[-total % 11]
    return prefix + body + rng.choice(["({})", "{}", " ({})"]).format(check)


def my_kad(rng: Random) -> str:
    body = born(rng, "ymd") + f"{rng.randint(1, 14):02}" + digits(rng, 4)
    return written(rng, body, "######-##-####", "###### ## ####")


def id_nik(rng: Random) -> str:
    day = born(rng, "dmy")
    if rng.random() < 0.5:
        day = str(int(day[0]) + 4) + day[1:]
    body = rng.choice(["3171", "3273", "5103", "7371"]) + f"{rng.randint(1, 20):02}" + day
    return written(rng, body + digits(rng, 4), "#### #### #### ####", "###### ###### ####")


def id_npwp(rng: Random) -> str:
    body = digits(rng, 8, "01234567")
    return written(rng, body + luhn(body) + digits(rng, 3) + "000", "##.###.###.#-###.###")


def il_identity(rng: Random) -> str:
    body = digits(rng, 8, "0123")
    return written(rng, body + luhn(body), "########-#", "# #### ####")


def ae_identity(rng: Random) -> str:
    body = "784" + born(rng, "Y") + digits(rng, 7)
    return written(rng, body + luhn(body), "###-####-#######-#", "### #### ####### #")


def pk_cnic(rng: Random) -> str:
    return written(rng, digits(rng, 13, "34567"), "#####-#######-#", "##### ####### #")


def sa_identity(rng: Random) -> str:
    body = digits(rng, 9, "12")
    return body + luhn(body)


def eg_national(rng: Random) -> str:
    body = "2" + born(rng, "ymd") + rng.choice(["01", "02", "21", "12"]) + digits(rng, 4)
    return written(
        rng, body + str((11 - summed(body, "2765432765432") % 11) % 10), "# ###### ## #####"
    )


def vn_citizen(rng: Random) -> str:
    body = f"{rng.randint(1, 96):03}" + rng.choice("01") + born(rng, "y") + digits(rng, 6)
    return written(rng, body, "### ### ### ###")


def vn_tax(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = digits(rng, 9, "0123")
        check = 10 - summed(body, (31, 29, 23, 19, 17, 13, 7, 5, 3)) % 11
        return body + str(check) if 0 <= check <= 9 else None

    return until(rng, make) + rng.choice(["", "", "-001"])


def nz_ird(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = str(rng.randint(1_100_000, 14_900_000))
        check = eleven(body.rjust(8, "0"), "32765432")
        if check is None:
            check = eleven(body.rjust(8, "0"), "74325276")
        return check and body + check

    return written(rng, until(rng, make), "##-###-###", "###-###-###", "## ### ###", "### ### ###")


def nz_nhi(rng: Random) -> str:
    order = " ABCDEFGHJKLMNPQRSTUVWXYZ"
    head, new = letters(rng, 3, order[1:]), rng.random() < 0.5
    body = head + (digits(rng, 2) + letters(rng, 1, order[1:]) if new else digits(rng, 3))
    values = [int(sign) if sign.isdigit() else order.index(sign) for sign in body]
    total = sum(value * (7 - place) for place, value in enumerate(values))
    if new:
        return body + order[23 - total % 23]
    if total % 11 == 0:
        return nz_nhi(rng)
    return body + str((11 - total % 11) % 10)


def nz_licence(rng: Random) -> str:
    return letters(rng, 2, CONSONANTS) + digits(rng, 6)


def ke_identity(rng: Random) -> str:
    return digits(rng, 8)


def ke_pin(rng: Random) -> str:
    return rng.choice("AP") + "00" + digits(rng, 7) + letters(rng, 1)
