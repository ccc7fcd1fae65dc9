"""The key file of a project: what fingerprints, tokens and maps of values are made with.

A fingerprint without a key is no protection: whoever has it can try all phone numbers. Nothing is
ever made of a value here without a secret, and each purpose has a secret of its own.
"""

import hmac
import json
import os
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from tunegate.errors import KeyFileError

FORMAT = 1
SECRET_BYTES = 32  # as long as the output of SHA-256; RFC 2104 advises no less
FINGERPRINT_BYTES = 16  # 128 bits: no two values of any dataset meet by chance
_HOLDS = "tunegate-key"
_ID = re.compile(r"k[1-9][0-9]{0,5}-[0-9a-f]{8}")
MAKE = "make one with `tunegate key new PATH`"


@dataclass(frozen=True, repr=False)
class Key:
    """A secret of the project, and the name by which artefacts say which key made them."""

    id: str
    secret: bytes

    def derived(self, purpose: str, salt: bytes = b"") -> bytes:
        """Return a secret for one purpose: HKDF of RFC 5869 with SHA-256, one block."""
        extracted = hmac.digest(salt or bytes(32), self.secret, "sha256")
        return hmac.digest(extracted, f"tunegate/{purpose}\x01".encode(), "sha256")


@dataclass(frozen=True, repr=False)
class Keys:
    """What a key file holds, the newest key first."""

    all: tuple[Key, ...]

    @property
    def current(self) -> Key:
        """The key that new things are made with."""
        return self.all[0]

    def of(self, identifier: str) -> Key | None:
        """Return the key of that id; None when the file has it no more."""
        return next((key for key in self.all if key.id == identifier), None)


def mac(secret: bytes, *parts: str) -> bytes:
    """Return HMAC-SHA-256 over parts that cannot run into each other."""
    said = b"".join(
        len(part).to_bytes(8, "big") + part
        for part in (p.encode(errors="surrogatepass") for p in parts)
    )
    return hmac.digest(secret, said, "sha256")


def new_key_file(path: Path) -> Key:
    """Write a key file with one new key, readable by its owner alone.

    Raises:
        KeyFileError: something stands there already, or it cannot be written.
    """
    key = _fresh(1)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(
            "exists already, and a lost key cannot be made again",
            where=str(path),
            hint="choose another path, or add a key with `tunegate key rotate`",
        ) from None
    except OSError as error:
        raise KeyFileError(f"cannot be written: {error.strerror}", where=str(path)) from None
    with os.fdopen(handle, "wb") as file:
        file.write(_written(Keys((key,))))
        file.flush()
        os.fsync(file.fileno())
    return key


def rotate(path: Path) -> Key:
    """Put a new key before those of a key file; the earlier ones stay, for what they made.

    Raises:
        KeyFileError: it is no key file, or it cannot be written.
    """
    held = _read(path)
    newest = int(held.current.id[1:].partition("-")[0])
    key = _fresh(newest + 1)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(_written(Keys((key, *held.all))))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise KeyFileError(f"cannot be written: {error.strerror}", where=str(path)) from None
    return key


@lru_cache(maxsize=4)
def load_keys(path: Path) -> Keys:
    """Return what a key file holds; kept, so that a worker reads it once.

    Raises:
        KeyFileError: there is none, others may read it, or it is no key file.
    """
    return _read(path)


def _fresh(number: int) -> Key:
    secret = secrets.token_bytes(SECRET_BYTES)
    # Of 256 random bits a short digest tells nothing.
    return Key(f"k{number}-{sha256(b'tunegate/id' + secret).hexdigest()[:8]}", secret)


def _written(keys: Keys) -> bytes:
    held = [{"id": key.id, "secret": key.secret.hex()} for key in keys.all]
    return json.dumps({_HOLDS: FORMAT, "keys": held}, indent=1).encode() + b"\n"


def _read(path: Path) -> Keys:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except FileNotFoundError:
        raise KeyFileError("no such key file", where=str(path), hint=MAKE) from None
    except OSError as error:
        raise KeyFileError(f"cannot be read: {error.strerror}", where=str(path)) from None
    if os.name == "posix" and mode & 0o077:
        raise KeyFileError(
            "can be read by others than its owner", where=str(path), hint=f"chmod 600 {path}"
        )
    keys = _parsed(text)
    if keys is None:
        raise KeyFileError("is not a key file of this version", where=str(path), hint=MAKE)
    return keys


def _parsed(text: bytes) -> Keys | None:
    try:
        content = json.loads(text)
        if content[_HOLDS] != FORMAT:
            return None
        keys = tuple(
            Key(str(each["id"]), bytes.fromhex(each["secret"])) for each in content["keys"]
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    sound = keys and all(_ID.fullmatch(k.id) and len(k.secret) == SECRET_BYTES for k in keys)
    return Keys(keys) if sound else None
