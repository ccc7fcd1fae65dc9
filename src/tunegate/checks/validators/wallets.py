"""Addresses of crypto currencies: most carry a check, so that a typing error loses no money."""

import hashlib
import re
from collections.abc import Mapping

from tunegate.checks.judging import Certainty, Judged, Validator
from tunegate.checks.validators.keccak import keccak_256

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE58 = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

# Version bytes before a key hash or script hash of 20 bytes: Bitcoin, Litecoin, Dogecoin, Dash,
# Tron; Zcash's have two bytes. A private key (0x80) has 32 bytes and is a secret, not an address.
_VERSIONS = frozenset(
    {b"\x00", b"\x05", b"\x30", b"\x32", b"\x1e", b"\x16", b"\x4c", b"\x10", b"\x41"}
    | {b"\x1c\xb8", b"\x1c\xbd"}
)
_HASH_BYTES, _CHECK_BYTES = 20, 4
_SOLANA_BYTES = 32
_PREFIXES = ("bc", "ltc", "addr", "stake", "cosmos")  # of BIP 173: the part before the last 1
_BECH32_CHECKS = {1: "bech32", 0x2BC830A3: "bech32m"}  # BIP 173, BIP 350
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CASH_GENERATOR = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
_MONERO_KINDS = (18, 19, 42)  # of the main net: standard, integrated, sub-address
_MONERO_BLOCK = {11: 8, 10: 7, 9: 6, 7: 5, 6: 4, 5: 3, 3: 2, 2: 1}  # letters → bytes
_STELLAR_KIND = 6 << 3  # an account's public key, "G"


def _number(letters: str, alphabet: str) -> int | None:
    total = 0
    for letter in letters:
        digit = alphabet.find(letter)
        if digit < 0:
            return None
        total = total * len(alphabet) + digit
    return total


def _base58(letters: str, alphabet: str = _BASE58) -> bytes | None:
    total = _number(letters, alphabet)
    if total is None:
        return None
    zeros = len(letters) - len(letters.lstrip(alphabet[0]))
    return bytes(zeros) + total.to_bytes((total.bit_length() + 7) // 8, "big")


def _twice_hashed(body: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(body).digest()).digest()[:_CHECK_BYTES]


def _is_base58check(letters: str) -> bool:
    """Tell whether it is a version, the hash of a key or script, and their check."""
    for alphabet in (_BASE58, _RIPPLE58):
        whole = _base58(letters, alphabet)
        if whole is None or len(whole) < _HASH_BYTES + _CHECK_BYTES:
            continue
        body, check = whole[:-_CHECK_BYTES], whole[-_CHECK_BYTES:]
        version = body[:-_HASH_BYTES]
        known = version in _VERSIONS if alphabet is _BASE58 else version == b"\x00"
        if known and _twice_hashed(body) == check:
            return True
    return False


def _polymod(values: list[int], generator: tuple[int, ...], bits: int) -> int:
    check, mask = 1, (1 << bits) - 1
    for value in values:
        top = check >> bits
        check = (check & mask) << 5 ^ value
        for place, number in enumerate(generator):
            check ^= number if top >> place & 1 else 0
    return check


def _is_bech32(written: str) -> bool:
    """Tell whether a segregated witness address or one like it has the right check."""
    lower = written.lower()
    prefix, _, letters = lower.rpartition("1")
    if prefix not in _PREFIXES or (written not in (lower, written.upper())):
        return False
    values = [_BECH32.find(letter) for letter in letters]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    return min(values) >= 0 and _polymod(expanded + values, _BECH32_GENERATOR, 25) in _BECH32_CHECKS


def _is_cash_address(written: str) -> bool:
    """Tell whether a Bitcoin Cash address, which may stand without its prefix, has its check."""
    letters = written.lower().removeprefix("bitcoincash:")
    values = [_BECH32.find(letter) for letter in letters]
    prefix = [ord(letter) & 31 for letter in "bitcoincash"] + [0]
    return min(values) >= 0 and _polymod(prefix + values, _CASH_GENERATOR, 35) == 1


def _is_checked_hex(digits: str) -> bool:
    """Tell whether the case of an Ethereum address is its check (EIP-55)."""
    nibbles = keccak_256(digits.lower().encode()).hex()
    return all(
        letter.isdigit() or letter.isupper() == (nibble >= "8")
        for letter, nibble in zip(digits, nibbles, strict=False)
    )


def _is_monero(letters: str) -> bool:
    """Tell whether a Monero address, written in blocks of eleven letters, has its check."""
    whole = b""
    for begin in range(0, len(letters), 11):
        block = letters[begin : begin + 11]
        number, size = _number(block, _BASE58), _MONERO_BLOCK.get(len(block), 0)
        if number is None or number >> (8 * size):
            return False
        whole += number.to_bytes(size, "big")
    body, check = whole[:-_CHECK_BYTES], whole[-_CHECK_BYTES:]
    return whole[0] in _MONERO_KINDS and keccak_256(body)[:_CHECK_BYTES] == check


def _is_stellar(letters: str) -> bool:
    """Tell whether a Stellar account id has its check (CRC-16/XMODEM)."""
    number = _number(letters, _BASE32)
    if number is None:
        return False
    whole = number.to_bytes(35, "big")
    check = 0
    for byte in whole[:-2]:
        check ^= byte << 8
        for _ in range(8):
            check = (check << 1 ^ (0x1021 if check & 0x8000 else 0)) & 0xFFFF
    return whole[0] == _STELLAR_KIND and check.to_bytes(2, "little") == whole[-2:]


_HEX = re.compile(r"0[xX][0-9A-Fa-f]{40}")
_STELLAR = re.compile(r"G[A-Z2-7]{55}")
_MONERO = re.compile(r"[48][0-9A-Za-z]{94}(?:[0-9A-Za-z]{11})?")
_CASH = re.compile(r"(?i:bitcoincash:)?[qpQP][0-9A-Za-z]{41}")
_SEGMENTED = re.compile(r"(?i:bc|ltc|addr|stake|cosmos)1[0-9A-Za-z]{6,110}")
_SHORT = re.compile(r"[1-9A-Za-z]{25,36}")
_SOLANA = re.compile(r"[1-9A-HJ-NP-Za-km-z]{43,44}")


def crypto_wallet(text: str, start: int, end: int) -> Judged | None:
    """Accept an address whose check is right: Bitcoin, Ethereum, and a dozen others.

    Solana's have no check and are unsure, as are Ethereum's in one case.
    """
    written = text[start:end]
    if _HEX.fullmatch(written):
        digits = written[2:]
        one_case = digits in (digits.lower(), digits.upper())
        if not one_case and _is_checked_hex(digits):
            return Judged(start, end, Certainty.SURE)
        varied = len(set(digits.lower())) > 4
        return Judged(start, end, Certainty.UNSURE) if varied else None
    checked = (
        (_SEGMENTED.fullmatch(written) and _is_bech32(written))
        or (_CASH.fullmatch(written) and _is_cash_address(written))
        or (_STELLAR.fullmatch(written) and _is_stellar(written))
        or (_MONERO.fullmatch(written) and _is_monero(written))
        or (_SHORT.fullmatch(written) and _is_base58check(written))
    )
    if checked:
        return Judged(start, end, Certainty.SURE)
    solana = _SOLANA.fullmatch(written) and _base58(written)
    if solana and len(solana) == _SOLANA_BYTES and re.search(r"[0-9]", written):
        return Judged(start, end, Certainty.UNSURE)
    return None


WALLETS: Mapping[str, Validator] = {"crypto-wallet": crypto_wallet}
