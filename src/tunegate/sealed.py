"""The map from placeholders back to values: a file that only the holder of the key can read.

A file is a line that names the key, a salt, and sealed blocks. Each block is AES-256-GCM with a
secret of the file's own; its number and whether it is the last are part of its nonce, so that none
can be left out, moved or cut off unseen.
"""

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from tunegate.errors import KeyFileError
from tunegate.keys import Key, Keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_HEAD = b"tunegate map 1 "
_SALT_BYTES = 32
_NONCE_BYTES = 12
_LENGTH_BYTES = 4
_MOST = 1 << 28  # bytes of one block; a longer one is no block of ours
_WRONG = "cannot be opened: the key is another, or the file was changed"

Entry = Mapping[str, Any]


def require_cipher() -> None:
    """Raise unless the package that encrypts is installed."""
    _cipher_class()


def is_map(path: Path) -> bool:
    """Tell whether a file begins like a map."""
    try:
        with path.open("rb") as file:
            return file.read(len(_HEAD)) == _HEAD
    except OSError:
        return False


def seal(secret: bytes, entries: Iterable[Entry]) -> bytes:
    """Return entries encrypted, to lie in a working folder until a map is written."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(secret).encrypt(nonce, _lines(entries), b"part")


def unseal(secret: bytes, sealed: bytes) -> list[dict[str, Any]]:
    """Return what `seal` encrypted."""
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    return _parsed(_cipher(secret).decrypt(nonce, text, b"part"))


def write_map(path: Path, key: Key, blocks: Iterable[Iterable[Entry]]) -> None:
    """Write a map, readable by its owner alone; the caller puts it in its place when all is done.

    Raises:
        KeyFileError: it cannot be written there.
    """
    try:
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            _write(file, key, blocks)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise KeyFileError(f"cannot be written: {error.strerror}", where=str(path)) from None


def read_map(path: Path, keys: Keys) -> Iterator[dict[str, Any]]:
    """Yield the entries of a map.

    Raises:
        KeyFileError: it is no map, the key is another, or somebody changed it.
    """
    try:
        with path.open("rb") as file:
            yield from _read(file, keys, str(path))
    except OSError as error:
        raise KeyFileError(f"cannot be read: {error.strerror}", where=str(path)) from None


def _write(file: BinaryIO, key: Key, blocks: Iterable[Iterable[Entry]]) -> None:
    salt = secrets.token_bytes(_SALT_BYTES)
    head = _HEAD + key.id.encode() + b"\n" + salt
    file.write(head)
    cipher = _cipher(key.derived("map", salt))
    number = 0
    for number, block in enumerate(blocks, start=1):
        _write_block(file, cipher.encrypt(_nonce(number, last=False), _lines(block), head))
    _write_block(file, cipher.encrypt(_nonce(number + 1, last=True), b"", head))


def _write_block(file: BinaryIO, sealed: bytes) -> None:
    file.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)


def _read(file: BinaryIO, keys: Keys, where: str) -> Iterator[dict[str, Any]]:
    from cryptography.exceptions import InvalidTag

    line = file.readline(64)
    if not line.startswith(_HEAD) or not line.endswith(b"\n"):
        raise KeyFileError("is not a map of this version", where=where)
    named = line[len(_HEAD) : -1].decode("ascii", "replace")
    key = keys.of(named)
    if key is None:
        raise KeyFileError(
            "was made with a key that the key file does not hold",
            where=where,
            hint="pass the key file that was used, with its earlier keys",
        )
    salt = file.read(_SALT_BYTES)
    cipher = _cipher(key.derived("map", salt))
    number, text = 0, b"more"
    while text:
        number += 1
        length = int.from_bytes(file.read(_LENGTH_BYTES), "big")
        sealed = file.read(length) if 0 < length <= _MOST else b""
        # The last block is empty but for its tag.
        nonce = _nonce(number, last=length == _TAG_BYTES)
        try:
            text = cipher.decrypt(nonce, sealed, line + salt)
        except (InvalidTag, ValueError):
            raise KeyFileError(_WRONG, where=where) from None
        yield from _parsed(text)
    if file.read(1):
        raise KeyFileError(_WRONG, where=where)


_TAG_BYTES = 16  # of AES-GCM


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NONCE_BYTES - 1, "big") + (b"\x01" if last else b"\x00")


def _lines(entries: Iterable[Entry]) -> bytes:
    # ASCII: a text may hold half a pair of surrogates, which UTF-8 cannot.
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries) or b"\n"


def _parsed(text: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split(b"\n") if line]


def _cipher(secret: bytes) -> "AESGCM":
    return _cipher_class()(secret)


def _cipher_class() -> "type[AESGCM]":
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # optional, for maps alone
    except ImportError:
        raise KeyFileError(
            "a map needs the package `cryptography`", hint='pip install "tunegate[reversible]"'
        ) from None
    return AESGCM
