"""Made-up identifiers of central and eastern Europe."""

from random import Random

from made_ids_parts import born, digits, eleven, letters, luhn, summed, until, written


def cz_birth(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        day = born(rng, "ymd", 1954, 2003)
        if rng.random() < 0.5:
            day = day[:2] + str(int(day[2]) + 5) + day[3:]
        body = day + digits(rng, 3)
        check = -int(body + "0") % 11
        return None if check == 10 else body + str(check)

    return written(rng, until(rng, make), "######/####", "###### / ####")


def cz_company(rng: Random) -> str:
    body = digits(rng, 7, "2345678")
    check = (11 - summed(body, "8765432") % 11) % 10
    return written(rng, body + str(check), "### ## ###", "## ## ## ##")


def sk_tax(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = rng.choice("12") + "0" + rng.choice("2347") + digits(rng, 6)
        check = -int(body + "0") % 11
        return None if check == 10 else body + str(check)

    return written(rng, until(rng, make), "### ### ## ##")


def ro_cnp(rng: Random) -> str:
    body = rng.choice("12") + born(rng, "ymd") + f"{rng.randint(1, 46):02}" + digits(rng, 3)
    check = summed(body, "279146358279") % 11
    return written(rng, body + ("1" if check == 10 else str(check)), "# ###### ######")


def ro_fiscal(rng: Random) -> str:
    body = digits(rng, rng.randint(6, 8))
    return body + str(summed(body.rjust(9, "0"), "753217532") * 10 % 11 % 10)


def hu_taj(rng: Random) -> str:
    body = digits(rng, 8)
    return written(rng, body + str(summed(body, "37373737") % 10), "### ### ###", "###-###-###")


def hu_tax(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = "8" + str(rng.randint(30000, 48000)) + digits(rng, 3)
        check = summed(body, "123456789") % 11
        return None if check == 10 else body + str(check)

    return written(rng, until(rng, make), "## #### ####", "### ### ####")


def hu_personal(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        if rng.random() < 0.3:
            body = rng.choice("34") + born(rng, "ymd", 2000, 2009) + digits(rng, 3)
            check = sum(int(d) * (10 - n) for n, d in enumerate(body)) % 11
        else:
            body = rng.choice("12") + born(rng, "ymd", 1940, 1996) + digits(rng, 3)
            check = sum(int(d) * (n + 1) for n, d in enumerate(body)) % 11
        return None if check == 10 else body + str(check)

    return written(rng, until(rng, make), "#-######-####", "# ###### ####")


def hu_company(rng: Random) -> str:
    body = digits(rng, 7)
    body += str(-summed(body, "9731973") % 10)
    return written(rng, body + rng.choice("12") + f"{rng.randint(2, 20):02}", "########-#-##")


def bg_egn(rng: Random) -> str:
    day = born(rng, "ymd")
    if rng.random() < 0.3:
        day = born(rng, "y", 2000, 2009) + str(int(day[2]) + 4) + day[3:]
    body = day + digits(rng, 3)
    return body + str(summed(body, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10)


def bg_foreigner(rng: Random) -> str:
    body = digits(rng, 9)
    return body + str(summed(body, (21, 19, 17, 13, 11, 9, 7, 3, 1)) % 10)


def gr_tax(rng: Random) -> str:
    body = digits(rng, 8, "01234")
    total = 0
    for sign in body:
        total = (total + int(sign)) * 2
    return written(rng, body + str(total % 11 % 10), "### ### ###")


def gr_amka(rng: Random) -> str:
    body = born(rng, "dmy") + digits(rng, 4)
    return written(rng, body + luhn(body), "###### #####")


def gr_identity(rng: Random) -> str:
    return (
        letters(rng, 2, "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧABEZHIKMNOPTYX")
        + rng.choice([" ", "-", ""])
        + digits(rng, 6)
    )


def cy_tax(rng: Random) -> str:
    body = digits(rng, 8, "34569")
    odd = {str(n): value for n, value in enumerate((1, 0, 5, 7, 9, 13, 15, 17, 19, 21))}
    total = sum(odd[d] if n % 2 == 0 else int(d) for n, d in enumerate(body))
    return body + chr(65 + total % 26)


def hr_oib(rng: Random) -> str:
    body = digits(rng, 10)
    carry = 10
    for sign in body:
        carry = ((carry + int(sign)) % 10 or 10) * 2 % 11
    return written(rng, body + str((11 - carry) % 10), "### ### ### ##", "### #### ####")


def master(rng: Random, region: str) -> str:
    """Return a master number of the former Yugoslavia."""

    def make(rng: Random) -> str | None:
        day = born(rng, "dmY")
        body = day[:4] + day[5:] + region + digits(rng, 4)
        check = eleven(body, "765432765432")
        return check and body + check

    return until(rng, make)


def jmbg(rng: Random) -> str:
    return written(rng, master(rng, rng.choice("1347")), "#######-######", "####### ######")


def si_emso(rng: Random) -> str:
    return written(rng, master(rng, "5"), "#######-######", "####### ######")


def si_tax(rng: Random) -> str:
    def make(rng: Random) -> str | None:
        body = digits(rng, 7)
        check = 11 - summed(body, "8765432") % 11
        return None if check == 11 else body + str(check % 10)

    return written(rng, until(rng, make), "## ## ## ##", "### ### ##")


def ua_taxpayer(rng: Random) -> str:
    body = str(rng.randint(14000, 40000)) + digits(rng, 4)
    total = summed(body, (-1, 5, 7, 9, 4, 6, 10, 5, 7))
    return body + str(total % 11 % 10)


def ua_record(rng: Random) -> str:
    return born(rng, "Ymd") + "-" + digits(rng, 5)


def ru_inn(rng: Random) -> str:
    region = f"{rng.randint(1, 92):02}"
    if rng.random() < 0.4:
        body = region + digits(rng, 7)
        return body + str(summed(body, (2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10)
    body = region + digits(rng, 8)
    body += str(summed(body, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10)
    number = body + str(summed(body, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10)
    return written(rng, number, "## ## ###### ##", "#### #### ####")


def ru_snils(rng: Random) -> str:
    body = digits(rng, 9, "01")
    check = summed(body, "987654321") % 101
    return written(
        rng, body + f"{check % 100:02}", "###-###-### ##", "###-###-###-##", "### ### ### ##"
    )


def ru_ogrn(rng: Random) -> str:
    if rng.random() < 0.5:
        body = "1" + f"{rng.randint(2, 24):02}" + digits(rng, 9)
        return body + str(int(body) % 11 % 10)
    body = "3" + f"{rng.randint(4, 24):02}" + digits(rng, 11)
    return body + str(int(body) % 13 % 10)


def ru_passport(rng: Random) -> str:
    region, year = f"{rng.randint(1, 92):02}", f"{rng.randint(0, 24):02}"
    return written(
        rng, region + year + digits(rng, 6), "#### ######", "## ## ######", "#### № ######"
    )
