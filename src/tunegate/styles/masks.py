"""Stars for what identifies somebody, and the rest as it is."""

from tunegate.styles.kinds import Kind

_KEPT_DIGITS = {
    Kind.CARD: 4,
    Kind.ACCOUNT: 4,
    Kind.PHONE: 2,
}  # PCI DSS 3.4.1 allows a card's last 4
_FEWEST_HIDDEN = 6  # of a number so short that its last digits say too much, none is kept
_SECRET = "*" * 8  # whatever its length, which says what it opens


def mask(value: str, kind: Kind) -> str:
    """Return a value with stars for its letters and digits.

    Of cards and accounts the last four digits stay, of phone numbers the last two, of an e-mail
    address the first letter of each side and the end; of a secret not even the length.
    """
    if kind is Kind.SECRET:
        return _SECRET
    if kind is Kind.EMAIL and "@" in value:
        return _email(value)
    signs = sum(map(str.isalnum, value))
    kept = _KEPT_DIGITS.get(kind, 0)
    if signs - kept < _FEWEST_HIDDEN:
        kept = 0
    masked = []
    for character in value:
        if character.isalnum():
            masked.append(character if signs <= kept else "*")
            signs -= 1
        else:
            masked.append(character)
    return "".join(masked)


def _email(value: str) -> str:
    name, _, host = value.rpartition("@")
    domain, dot, end = host.rpartition(".") if "." in host else (host, "", "")
    return f"{name[:1]}***@{domain[:1]}***{dot}{end}"
