"""Judge what a pattern matched: is it really a card, an IBAN, a phone number?

A validator gets a text and the span that matched, and returns the span that counts, which may be
narrower or take an extension along, with how certain it is; or None. Each looks at a bounded
stretch of text, so that a hostile text costs no more than a long one.
"""

from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.accounts import ACCOUNTS
from tunegate.checks.validators.cards import CARDS
from tunegate.checks.validators.dates import DATES
from tunegate.checks.validators.devices import DEVICES
from tunegate.checks.validators.finance import FINANCE
from tunegate.checks.validators.general import GENERAL, passes_luhn
from tunegate.checks.validators.links import LINKS
from tunegate.checks.validators.wallets import WALLETS

__all__ = ["VALIDATORS", "passes_luhn"]

VALIDATORS: Mapping[str, Validator] = {
    **GENERAL,
    **ACCOUNTS,
    **CARDS,
    **DATES,
    **DEVICES,
    **FINANCE,
    **LINKS,
    **WALLETS,
}
