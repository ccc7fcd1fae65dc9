"""Where people live: postal addresses and postcodes."""

from collections.abc import Mapping

from tunegate.checks.addresses import postal_address, postcode
from tunegate.checks.judging import Validator

CONTACTS: Mapping[str, Validator] = {
    "postal-address": postal_address,
    "postcode": postcode,
}
