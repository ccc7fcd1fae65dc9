"""Made-up identifiers of the further countries, right and wrong, in the forms people write.

Written apart from the validators, so that the one proves the other. `VALID` and `INVALID` hold a
generator for each rule; what has no check digit and no day in it has no entry in `INVALID`.
`SAID` has sentences in which people write them.
"""

from collections.abc import Mapping
from random import Random

import made_ids_further_east as east
import made_ids_further_west as west
import made_ids_world as world
from made_ids_parts import Maker, digits, letters, spoilt, written


def fr_identity(rng: Random) -> str:
    return f"{rng.randint(0, 20):02}{rng.randint(1, 12):02}" + digits(rng, 8)


def fr_passport(rng: Random) -> str:
    return digits(rng, 2, "012") + letters(rng, 2) + digits(rng, 5)


def fr_licence(rng: Random) -> str:
    return f"{rng.randint(75, 99)}{rng.randint(1, 12):02}" + digits(rng, 8)


def nl_passport(rng: Random) -> str:
    return letters(rng, 2, "NPSX") + letters(rng, 2, "BCDF") + digits(rng, 5)


def nl_licence(rng: Random) -> str:
    return digits(rng, 10, "3456")


def mt_identity(rng: Random) -> str:
    return digits(rng, 7, "0123") + rng.choice("MGAPL")


def eu_vat(rng: Random) -> str:
    country, make = rng.choice(
        [
            ("PT", west.pt_nif),
            ("BE", west.be_enterprise),
            ("DK", west.dk_cvr),
            ("IE", west.ie_pps),
            ("EL", east.gr_tax),
            ("HR", east.hr_oib),
            ("RO", east.ro_fiscal),
            ("SI", east.si_tax),
            ("CY", east.cy_tax),
            ("CZ", east.cz_company),
        ]
    )
    number = "".join(filter(str.isalnum, make(rng)))
    return country + rng.choice(["", " "]) + number


def numbered(rng: Random) -> str:
    """Return a document's number of no known country."""
    return rng.choice(
        [
            digits(rng, 9),
            letters(rng, 1) + digits(rng, 8),
            letters(rng, 2) + digits(rng, 7),
            written(rng, digits(rng, 9), "###-###-###", "### ### ###"),
        ]
    )


VALID: Mapping[str, Maker] = {
    "pii/ae-emirates-id": world.ae_identity,
    "pii/ar-cuit": world.ar_cuit,
    "pii/ar-dni": world.ar_dni,
    "pii/at-insurance-number": west.at_insurance,
    "pii/at-tax-number": west.at_tax,
    "pii/be-enterprise-number": west.be_enterprise,
    "pii/be-national-number": west.be_national,
    "pii/bg-egn": east.bg_egn,
    "pii/bg-foreigner-number": east.bg_foreigner,
    "pii/br-cnh": world.br_cnh,
    "pii/br-cnpj": world.br_cnpj,
    "pii/br-cpf": world.br_cpf,
    "pii/br-health-card": world.br_health,
    "pii/br-pis": world.br_pis,
    "pii/br-rg": world.br_rg,
    "pii/br-voter-number": world.br_voter,
    "pii/ch-ahv-number": west.ch_ahv,
    "pii/ch-enterprise-number": west.ch_uid,
    "pii/cl-rut": world.cl_rut,
    "pii/cn-resident-id": world.cn_resident,
    "pii/co-cedula": world.co_cedula,
    "pii/co-nit": world.co_nit,
    "pii/cy-tax-number": east.cy_tax,
    "pii/cz-sk-birth-number": east.cz_birth,
    "pii/cz-sk-company-number": east.cz_company,
    "pii/dk-cpr": west.dk_cpr,
    "pii/dk-cvr": west.dk_cvr,
    "pii/do-identity-number": world.do_identity,
    "pii/driving-licence": numbered,
    "pii/ec-identity-number": world.ec_identity,
    "pii/ec-ruc": world.ec_ruc,
    "pii/ee-isikukood": west.baltic,
    "pii/eg-national-id": world.eg_national,
    "pii/eu-vat": eu_vat,
    "pii/fr-driving-licence": fr_licence,
    "pii/fr-identity-card": fr_identity,
    "pii/fr-nir": west.fr_nir,
    "pii/fr-passport": fr_passport,
    "pii/fr-siren": west.fr_siren,
    "pii/fr-siret": west.fr_siret,
    "pii/fr-tax-number": west.fr_tax,
    "pii/gr-amka": east.gr_amka,
    "pii/gr-identity-card": east.gr_identity,
    "pii/gr-tax-number": east.gr_tax,
    "pii/health-insurance-number": numbered,
    "pii/hk-identity-card": world.hk_identity,
    "pii/hr-oib": east.hr_oib,
    "pii/hu-company-tax-number": east.hu_company,
    "pii/hu-personal-number": east.hu_personal,
    "pii/hu-taj": east.hu_taj,
    "pii/hu-tax-number": east.hu_tax,
    "pii/id-nik": world.id_nik,
    "pii/id-npwp": world.id_npwp,
    "pii/ie-pps": west.ie_pps,
    "pii/il-identity-number": world.il_identity,
    "pii/is-kennitala": west.is_kennitala,
    "pii/jmbg": east.jmbg,
    "pii/jp-corporate-number": world.jp_corporate,
    "pii/jp-driving-licence": world.jp_licence,
    "pii/jp-my-number": world.jp_my_number,
    "pii/jp-passport": world.jp_passport,
    "pii/ke-identity-number": world.ke_identity,
    "pii/ke-kra-pin": world.ke_pin,
    "pii/lt-asmens-kodas": west.baltic,
    "pii/lu-national-number": west.lu_national,
    "pii/lv-personas-kods": west.lv_person,
    "pii/mt-identity-card": mt_identity,
    "pii/mx-curp": world.mx_curp,
    "pii/mx-nss": world.mx_nss,
    "pii/mx-rfc": world.mx_rfc,
    "pii/mx-voter-card": world.mx_voter,
    "pii/my-mykad": world.my_kad,
    "pii/national-id": numbered,
    "pii/nl-bsn": west.nl_bsn,
    "pii/nl-driving-licence": nl_licence,
    "pii/nl-passport": nl_passport,
    "pii/no-birth-number": west.no_birth,
    "pii/no-organisation-number": west.no_organisation,
    "pii/nz-driver-licence": world.nz_licence,
    "pii/nz-ird-number": world.nz_ird,
    "pii/nz-nhi-number": world.nz_nhi,
    "pii/passport-number": numbered,
    "pii/pe-dni": world.pe_dni,
    "pii/pe-ruc": world.pe_ruc,
    "pii/pk-cnic": world.pk_cnic,
    "pii/pt-citizen-card": west.pt_citizen_card,
    "pii/pt-nif": west.pt_nif,
    "pii/pt-niss": west.pt_niss,
    "pii/ro-cnp": east.ro_cnp,
    "pii/ro-fiscal-number": east.ro_fiscal,
    "pii/ru-inn": east.ru_inn,
    "pii/ru-ogrn": east.ru_ogrn,
    "pii/ru-passport": east.ru_passport,
    "pii/ru-snils": east.ru_snils,
    "pii/sa-national-id": world.sa_identity,
    "pii/si-emso": east.si_emso,
    "pii/si-tax-number": east.si_tax,
    "pii/sk-tax-number": east.sk_tax,
    "pii/tax-number": numbered,
    "pii/tw-identity-number": world.tw_identity,
    "pii/ua-record-number": east.ua_record,
    "pii/ua-taxpayer-number": east.ua_taxpayer,
    "pii/uy-identity-number": world.uy_identity,
    "pii/ve-cedula": world.ve_cedula,
    "pii/ve-rif": world.ve_rif,
    "pii/vn-citizen-number": world.vn_citizen,
    "pii/vn-tax-number": world.vn_tax,
}

# No check digit, or one that need not be right, or the right one is not the last sign.
_UNCHECKED = {
    *("ar-dni", "br-rg", "co-cedula", "driving-licence", "eg-national-id", "fr-driving-licence"),
    *("fr-identity-card", "fr-passport", "gr-identity-card", "health-insurance-number", "id-nik"),
    *("jp-driving-licence", "jp-passport", "ke-identity-number", "ke-kra-pin", "mt-identity-card"),
    *("mx-voter-card", "my-mykad", "national-id", "nl-driving-licence", "nl-passport"),
    *("nz-driver-licence", "passport-number", "pk-cnic", "ru-passport", "tax-number"),
    *("ua-record-number", "ve-cedula", "vn-citizen-number"),
}
_OTHERWISE: Mapping[str, Maker] = {
    "pii/be-national-number": west.be_national_wrong,
    "pii/dk-cpr": west.dk_cpr_wrong,
    "pii/ec-ruc": spoilt(world.ec_ruc, place=9),
    "pii/hu-company-tax-number": spoilt(east.hu_company, place=7),
    "pii/id-npwp": spoilt(world.id_npwp, place=8),
    "pii/ie-pps": spoilt(west.ie_pps, place=7),
    "pii/jp-corporate-number": spoilt(world.jp_corporate, place=0),
    "pii/mx-curp": world.mx_curp_wrong,
    "pii/mx-rfc": world.mx_rfc_wrong,
    "pii/no-organisation-number": west.no_organisation_wrong,
    "pii/pe-dni": world.pe_dni_wrong,
    "pii/vn-tax-number": spoilt(world.vn_tax, place=9),
    "pii/is-kennitala": spoilt(west.is_kennitala, place=8),
}
INVALID: Mapping[str, Maker] = {
    rule: _OTHERWISE.get(rule) or spoilt(make)
    for rule, make in VALID.items()
    if rule.removeprefix("pii/") not in _UNCHECKED
}
