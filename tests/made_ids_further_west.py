"""Made-up identifiers of western and northern Europe."""

from random import Random

from made_ids_parts import born, digits, eleven, letters, luhn, summed, until, verhoeff, written


def fr_nir(rng: Random) -> str:
    place = rng.choice(["75", "13", "69", "2A", "2B"])
    body = rng.choice("12") + born(rng, "ym") + place + digits(rng, 6)
    number = int(body.replace("2A", "19").replace("2B", "18"))
    key = f"{97 - number % 97:02}"
    return written(rng, body + key, "# ## ## ## ### ### ##", "# ## ## ## ### ### / ##")


def fr_tax(rng: Random) -> str:
    body = digits(rng, 10, "0123")
    return written(rng, body + f"{int(body) % 511:03}", "## ## ### ### ###")


def fr_siren(rng: Random) -> str:
    body = digits(rng, 8)
    return written(rng, body + luhn(body), "### ### ###", "###.###.###")


def fr_siret(rng: Random) -> str:
    body = digits(rng, 8)
    body += luhn(body) + "000" + digits(rng, 1)
    return written(rng, body + luhn(body), "### ### ### #####")


def nl_bsn(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = digits(rng, 8)
        check = summed(body, "98765432") % 11
        return None if check == 10 else body + str(check)

    return written(rng, until(rng, make), "### ### ###", "####.##.###", "###-###-###")


def be_national(rng: Random) -> str:
    young = rng.random() < 0.3
    day = born(rng, "ymd", 2000, 2009) if young else born(rng, "ymd")
    body = day + digits(rng, 3)
    check = 97 - int(("2" if young else "") + body) % 97
    return written(rng, body + f"{check:02}", "##.##.##-###.##", "## ## ## ### ##", "######-###-##")


def be_national_wrong(rng: Random) -> str:
    body = born(rng, "ymd") + digits(rng, 3)
    right = {97 - int(body) % 97, 97 - int("2" + body) % 97}
    check = rng.choice([n for n in range(1, 98) if n not in right])
    return written(rng, body + f"{check:02}", "##.##.##-###.##")


def be_enterprise(rng: Random) -> str:
    body = "0" + digits(rng, 7, "456789")
    return written(rng, body + f"{97 - int(body) % 97:02}", "####.###.###", "#### ### ###")


def pt_nif(rng: Random) -> str:
    body = digits(rng, 8, "12356")
    return written(rng, body + str(eleven(body, "98765432", ten="0")), "### ### ###", "###.###.###")


def pt_citizen_card(rng: Random) -> str:
    while True:
        body = digits(rng, 9) + letters(rng, 2)
        total = 0
        for place, sign in enumerate(body):
            value = int(sign, 36)
            if place % 2 == 0:
                value = value * 2 - (9 if value * 2 > 9 else 0)
            total += value
        return written(rng, body + str(-total % 10), "######## # ###", "######## # ## #")


def pt_niss(rng: Random) -> str:
    body = digits(rng, 10, "12")
    check = 9 - summed(body, (29, 23, 19, 17, 13, 11, 7, 5, 3, 2)) % 10
    return written(rng, body + str(check), "### #### ####", "### ### ### ##")


def ie_pps(rng: Random) -> str:
    body, second = digits(rng, 7, "0123456789"), rng.choice(["", "A", "B"])
    total = summed(body, "8765432") + (9 * int(second, 36) - 81 if second else 0)
    number = body + "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] + second
    return written(rng, number, "####### #", "####### ##")


def at_insurance(rng: Random) -> str:
    while True:
        serial, day = digits(rng, 3), born(rng, "dmy")
        check = (summed(serial, "379") + summed(day, "584216")) % 11
        if check < 10:
            return written(
                rng, serial + str(check) + day, "#### ######", "#### ## ## ##", "####-######"
            )


def at_tax(rng: Random) -> str:
    body = rng.choice(["09", "12", "22", "59", "68"]) + digits(rng, 6)
    return written(rng, body + luhn(body), "##-###/####", "## ###/####")


def ean(body: str) -> str:
    """Return the check digit of thirteen digits as on a barcode."""
    return str(-summed(body, "131313131313") % 10)


def ch_ahv(rng: Random) -> str:
    body = "756" + digits(rng, 9)
    return written(rng, body + ean(body), "###.####.####.##", "### #### #### ##")


def ch_uid(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = digits(rng, 8)
        check = eleven(body, "54327654")
        return check and "CHE" + body + check

    return written(rng, until(rng, make), "###-###.###.###", "### ### ### ###")


def lu_national(rng: Random) -> str:
    body = born(rng, "Ymd") + digits(rng, 3)
    return written(rng, body + luhn(body) + verhoeff(body), "#### #### #### #", "#### ## ## ### ##")


def dk_cpr(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = born(rng, "dmy") + digits(rng, 3, "0123")
        check = eleven(body, "432765432")
        return check and body + check

    return written(rng, until(rng, make), "######-####", "###### ####")


def dk_cpr_wrong(rng: Random) -> str:
    made = dk_cpr(rng)
    return "35" + made[2:]


def dk_cvr(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = digits(rng, 7)
        check = eleven(body, "2765432")
        return check and body + check

    return written(rng, until(rng, make), "## ## ## ##")


def no_birth(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = born(rng, "dmy") + digits(rng, 3, "01234")
        if rng.random() < 0.2:
            body = str(int(body[0]) + 4) + body[1:]
        first = eleven(body, "376189452")
        second = first and eleven(body + first, "5432765432")
        return first and second and body + first + second

    return written(rng, until(rng, make), "###### #####", "######-#####")


def no_organisation(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = digits(rng, 8, "89")
        check = eleven(body, "32765432")
        return check and body + check

    number = written(rng, until(rng, make), "### ### ###")
    return number + " MVA" * (rng.random() < 0.2)


def no_organisation_wrong(rng: Random) -> str:
    number = no_organisation(rng).removesuffix(" MVA")
    return number[:-1] + str((int(number[-1]) + rng.randint(1, 9)) % 10)


def is_kennitala(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = born(rng, "dmy") + digits(rng, 2)
        check = eleven(body, "32765432")
        return check and body + check + "9"

    return written(rng, until(rng, make), "######-####", "###### ####")


def baltic(rng: Random) -> str:
    body = rng.choice("34") + born(rng, "ymd") + digits(rng, 3)
    check = summed(body, "1234567891") % 11
    if check == 10:
        check = summed(body, "3456789123") % 11
    return body + str(check % 10)


def lv_person(rng: Random) -> str:
    new = rng.random() < 0.4
    body = "32" + digits(rng, 8) if new else born(rng, "dmy") + "1" + digits(rng, 3)
    check = (1 + summed(body, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10
    return written(rng, body + str(check), "######-#####", "###### #####")
