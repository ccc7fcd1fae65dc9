"""Judge what a pattern matched: is it really a card, an IBAN, a phone number?

A validator gets a text and the span that matched, and returns the span that counts, which may be
narrower or take an extension along, with how certain it is; or None. Each looks at a bounded
stretch of text, so that a hostile text costs no more than a long one.
"""

from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.asia_further import ASIA_FURTHER
from tunegate.checks.validators.documents import DOCUMENTS
from tunegate.checks.validators.eu_vat import EU_VAT
from tunegate.checks.validators.europe_east import EUROPE_EAST
from tunegate.checks.validators.europe_north import EUROPE_NORTH
from tunegate.checks.validators.europe_west import EUROPE_WEST
from tunegate.checks.validators.general import GENERAL, passes_luhn
from tunegate.checks.validators.latin_america import LATIN_AMERICA

__all__ = ["VALIDATORS", "passes_luhn"]

VALIDATORS: Mapping[str, Validator] = {
    **GENERAL,
    **ASIA_FURTHER,
    **DOCUMENTS,
    **EUROPE_EAST,
    **EUROPE_NORTH,
    **EUROPE_WEST,
    **EU_VAT,
    **LATIN_AMERICA,
}
