"""Postal addresses of many countries: from a street or a box to the postcode and the country."""

from tunegate.checks.addresses.judge import postal_address
from tunegate.checks.addresses.postcodes import postcode

__all__ = ["postal_address", "postcode"]
