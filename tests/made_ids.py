"""Make invented identifiers of the countries, right and wrong, in the forms people write them in.

Both mappings go by rule id, so that benchmarks and canaries can make values for any rule.
"""

from random import Random

import made_ids_east as east
import made_ids_west as west
from made_digits import LETTERS, Maker

VALID: dict[str, Maker] = {
    "pii/au-abn": east.au_abn,
    "pii/au-acn": east.au_acn,
    "pii/au-medicare": east.au_medicare,
    "pii/au-tfn": east.au_tfn,
    "pii/ca-health-card": west.ca_health_card,
    "pii/ca-passport": west.ca_passport,
    "pii/ca-sin": west.ca_sin,
    "pii/de-bsnr": west.de_bsnr,
    "pii/de-fuehrerschein": west.de_fuehrerschein,
    "pii/de-kvnr": west.de_kvnr,
    "pii/de-lanr": west.de_lanr,
    "pii/de-personalausweis": west.de_personalausweis,
    "pii/de-reisepass": west.de_reisepass,
    "pii/de-rentenversicherung": west.de_rentenversicherung,
    "pii/de-steuer-id": west.de_steuer_id,
    "pii/de-steuernummer": west.de_steuernummer,
    "pii/de-ust-id": west.de_ust_id,
    "pii/es-cif": west.es_cif,
    "pii/es-nie": west.es_nie,
    "pii/es-nif": west.es_nif,
    "pii/es-passport": west.es_passport,
    "pii/fi-henkilotunnus": east.fi_henkilotunnus,
    "pii/in-aadhaar": east.in_aadhaar,
    "pii/in-driving-licence": east.in_driving_licence,
    "pii/in-gstin": east.in_gstin,
    "pii/in-pan": east.in_pan,
    "pii/in-passport": east.in_passport,
    "pii/in-voter-id": east.in_voter_id,
    "pii/it-codice-fiscale": west.it_codice_fiscale,
    "pii/it-driving-licence": west.it_driving_licence,
    "pii/it-identity-card": west.it_identity_card,
    "pii/it-partita-iva": west.it_partita_iva,
    "pii/it-passport": west.it_passport,
    "pii/kr-business-number": east.kr_business_number,
    "pii/kr-driver-license": east.kr_driver_license,
    "pii/kr-foreigner-number": east.kr_foreigner_number,
    "pii/kr-passport": east.kr_passport,
    "pii/kr-resident-number": east.kr_resident_number,
    "pii/ng-bvn": east.ng_bvn,
    "pii/ng-nin": east.ng_nin,
    "pii/ph-passport": east.ph_passport,
    "pii/ph-philhealth": east.ph_philhealth,
    "pii/ph-philsys": east.ph_philsys,
    "pii/ph-sss": east.ph_sss,
    "pii/ph-tin": east.ph_tin,
    "pii/ph-umid": east.ph_umid,
    "pii/pl-identity-card": east.pl_identity_card,
    "pii/pl-nip": east.pl_nip,
    "pii/pl-pesel": east.pl_pesel,
    "pii/pl-regon": east.pl_regon,
    "pii/se-organisationsnummer": east.se_organisationsnummer,
    "pii/se-personnummer": east.se_personnummer,
    "pii/se-samordningsnummer": east.se_samordningsnummer,
    "pii/sg-nric": east.sg_nric,
    "pii/sg-uen": east.sg_uen,
    "pii/th-national-id": east.th_national_id,
    "pii/tr-tckn": west.tr_tckn,
    "pii/tr-vkn": west.tr_vkn,
    "pii/uk-driving-licence": west.uk_driving_licence,
    "pii/uk-national-insurance": west.uk_nino,
    "pii/uk-nhs-number": west.uk_nhs,
    "pii/uk-passport": west.uk_passport,
    "pii/uk-taxpayer-reference": west.uk_utr,
    "pii/us-dea-number": west.us_dea,
    "pii/us-driver-license": west.us_driver_license,
    "pii/us-itin": west.us_itin,
    "pii/us-medicare-mbi": west.us_mbi,
    "pii/us-npi": west.us_npi,
    "pii/us-passport": west.us_passport,
    "pii/za-driving-licence": east.za_driving_licence,
    "pii/za-id-number": east.za_id_number,
    "pii/za-passport": east.za_passport,
    "pii/za-tax-number": east.za_tax_number,
}

# Which letter or digit is the check, where it is not the last.
_CHECK_PLACES = {
    "pii/au-medicare": 8,
    "pii/de-lanr": 6,
    "pii/ph-tin": 8,
    "pii/pl-identity-card": 3,
    "pii/uk-taxpayer-reference": 0,
}
# Those of which no sign checks the others, or which are also found where it is wrong.
_UNCHECKED = {
    "pii/ca-health-card",
    "pii/ca-passport",
    "pii/de-bsnr",
    "pii/de-fuehrerschein",
    "pii/de-personalausweis",
    "pii/de-reisepass",
    "pii/de-steuernummer",
    "pii/de-ust-id",
    "pii/es-passport",
    "pii/in-driving-licence",
    "pii/in-gstin",
    "pii/in-pan",
    "pii/in-passport",
    "pii/in-voter-id",
    "pii/it-codice-fiscale",
    "pii/it-driving-licence",
    "pii/it-identity-card",
    "pii/it-passport",
    "pii/kr-driver-license",
    "pii/kr-foreigner-number",
    "pii/kr-passport",
    "pii/kr-resident-number",
    "pii/ng-bvn",
    "pii/ng-nin",
    "pii/ph-passport",
    "pii/ph-philsys",
    "pii/ph-sss",
    "pii/ph-umid",
    "pii/sg-nric",
    "pii/uk-driving-licence",
    "pii/uk-national-insurance",
    "pii/uk-passport",
    "pii/us-driver-license",
    "pii/us-itin",
    "pii/us-medicare-mbi",
    "pii/us-passport",
    "pii/za-driving-licence",
    "pii/za-passport",
}


def _altered(rule: str) -> Maker:
    def make(r: Random) -> str:
        value = VALID[rule](r)
        signs = [place for place, sign in enumerate(value) if sign.isalnum()]
        place = signs[_CHECK_PLACES.get(rule, -1)]
        others = "0123456789" if value[place].isdigit() else LETTERS
        other = r.choice([sign for sign in others if sign != value[place].upper()])
        return value[:place] + other + value[place + 1 :]

    return make


# The same with another check digit or letter.
WRONG: dict[str, Maker] = {rule: _altered(rule) for rule in VALID if rule not in _UNCHECKED}
