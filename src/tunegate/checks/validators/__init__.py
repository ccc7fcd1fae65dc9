"""Judge what a pattern matched: is it really a card, an IBAN, a phone number?

A validator gets a text and the span that matched, and returns the span that counts, which may be
narrower or take an extension along, with how certain it is; or None. Each looks at a bounded
stretch of text, so that a hostile text costs no more than a long one.
"""

from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.accounts import ACCOUNT_WORDS, ACCOUNTS
from tunegate.checks.validators.africa_australia import AFRICA_AUSTRALIA
from tunegate.checks.validators.asia_further import ASIA_FURTHER
from tunegate.checks.validators.cards import CARDS
from tunegate.checks.validators.contacts import CONTACTS
from tunegate.checks.validators.dates import DATE_WORDS, DATES
from tunegate.checks.validators.devices import DEVICES
from tunegate.checks.validators.documents import DOCUMENTS
from tunegate.checks.validators.eu_vat import EU_VAT
from tunegate.checks.validators.europe_east import EUROPE_EAST
from tunegate.checks.validators.europe_north import EUROPE_NORTH
from tunegate.checks.validators.europe_west import EUROPE_WEST
from tunegate.checks.validators.finance import FINANCE
from tunegate.checks.validators.general import GENERAL, passes_luhn
from tunegate.checks.validators.germany import GERMANY
from tunegate.checks.validators.india_korea import INDIA_KOREA
from tunegate.checks.validators.latin_america import LATIN_AMERICA
from tunegate.checks.validators.links import LINKS
from tunegate.checks.validators.nordics_poland import NORDICS_POLAND
from tunegate.checks.validators.north_america import NORTH_AMERICA
from tunegate.checks.validators.passwords import PASSWORDS
from tunegate.checks.validators.secrets import MAKERS, SECRETS
from tunegate.checks.validators.south_east_asia import SOUTH_EAST_ASIA
from tunegate.checks.validators.southern_europe import SOUTHERN_EUROPE
from tunegate.checks.validators.united_kingdom import UNITED_KINGDOM
from tunegate.checks.validators.wallets import WALLETS

__all__ = ["MAKERS", "NEEDED_WORDS", "VALIDATORS", "passes_luhn"]

VALIDATORS: Mapping[str, Validator] = {
    **ACCOUNTS,
    **AFRICA_AUSTRALIA,
    **ASIA_FURTHER,
    **CARDS,
    **CONTACTS,
    **DATES,
    **DEVICES,
    **DOCUMENTS,
    **EU_VAT,
    **EUROPE_EAST,
    **EUROPE_NORTH,
    **EUROPE_WEST,
    **FINANCE,
    **GENERAL,
    **GERMANY,
    **INDIA_KOREA,
    **LATIN_AMERICA,
    **LINKS,
    **NORDICS_POLAND,
    **NORTH_AMERICA,
    **PASSWORDS,
    **SECRETS,
    **SOUTH_EAST_ASIA,
    **SOUTHERN_EUROPE,
    **UNITED_KINGDOM,
    **WALLETS,
}

# Validators that read the words beside a value themselves: one of these must be there.
NEEDED_WORDS: Mapping[str, frozenset[str]] = {**ACCOUNT_WORDS, **DATE_WORDS}
