"""Judge what a pattern matched: is it really a card, an IBAN, a phone number?

A validator gets a text and the span that matched, and returns the span that counts, which may be
narrower or take an extension along, with how certain it is; or None. Each looks at a bounded
stretch of text, so that a hostile text costs no more than a long one.
"""

from collections.abc import Callable, Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators import secrets
from tunegate.checks.validators.general import GENERAL, passes_luhn
from tunegate.checks.validators.passwords import PASSWORDS
from tunegate.checks.validators.secrets import SECRETS

__all__ = ["MAKERS", "VALIDATORS", "passes_luhn"]

VALIDATORS: Mapping[str, Validator] = {**GENERAL, **SECRETS, **PASSWORDS}
MAKERS: Mapping[str, Callable[[str], str]] = {**secrets.MAKERS}
