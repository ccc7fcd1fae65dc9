"""Phone numbers of every country: what a run of digits, or of digits and words, is."""

from tunegate.checks.phones.judge import phone_number

__all__ = ["phone_number"]
