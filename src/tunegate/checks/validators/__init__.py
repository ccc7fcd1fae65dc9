"""Judge what a pattern matched: is it really a card, an IBAN, a phone number?

A validator gets a text and the span that matched, and returns the span that counts, which may be
narrower or take an extension along, with how certain it is; or None. Each looks at a bounded
stretch of text, so that a hostile text costs no more than a long one.
"""

from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.africa_australia import AFRICA_AUSTRALIA
from tunegate.checks.validators.general import GENERAL, passes_luhn
from tunegate.checks.validators.germany import GERMANY
from tunegate.checks.validators.india_korea import INDIA_KOREA
from tunegate.checks.validators.nordics_poland import NORDICS_POLAND
from tunegate.checks.validators.north_america import NORTH_AMERICA
from tunegate.checks.validators.south_east_asia import SOUTH_EAST_ASIA
from tunegate.checks.validators.southern_europe import SOUTHERN_EUROPE
from tunegate.checks.validators.united_kingdom import UNITED_KINGDOM

__all__ = ["MAKERS", "VALIDATORS", "passes_luhn"]

VALIDATORS: Mapping[str, Validator] = {
    **AFRICA_AUSTRALIA,
    **GENERAL,
    **GERMANY,
    **INDIA_KOREA,
    **NORDICS_POLAND,
    **NORTH_AMERICA,
    **SOUTH_EAST_ASIA,
    **SOUTHERN_EUROPE,
    **UNITED_KINGDOM,
}
