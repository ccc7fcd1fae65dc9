"""Copy what comes over a network or through a pipe, so that it can be read more than once.

An address may hold a password or a key. So only what is shown of it ever reaches an error, and the
messages of the libraries, which quote it, never do.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tunegate.errors import InputError
from tunegate.readers.inputs.files import shown
from tunegate.readers.inputs.spool import Copied, Spool

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "standard input"

_PACKAGES = {
    "abfs": "adlfs",
    "az": "adlfs",
    "gs": "gcsfs",
    "hf": "huggingface_hub",
    "http": "aiohttp",
    "https": "aiohttp",
    "s3": "s3fs",
}
_REMOTE = re.compile(f"({'|'.join(_PACKAGES)})://", re.IGNORECASE)
_CONTAINER_BEFORE_HOST = ("abfs", "az")  # abfs://container@account: no user's name
_PIECE = 1 << 20  # bytes
_SILENCE = 60  # seconds without a byte before a server is given up


def is_remote(given: object) -> bool:
    """Whether an input is an address; a `Path` never is, since it drops a slash of `https://`."""
    return isinstance(given, str) and _REMOTE.match(given) is not None


def remote_name(address: str) -> str:
    """Return an address as it is shown: without user, password, query and fragment."""
    parts = urlsplit(address)
    user, _, host = parts.netloc.rpartition("@")
    if parts.scheme in _CONTAINER_BEFORE_HOST and ":" not in user:
        host = parts.netloc
    return shown(f"{parts.scheme}://{host}{parts.path}")


def piped(spool: Spool) -> Copied:
    """Copy standard input into the spool."""
    return spool.copy(iter(lambda: sys.stdin.buffer.read(_PIECE), b""))


def fetched(address: str, spool: Spool) -> Copied:
    """Copy the file at an address into the spool.

    Raises:
        InputError: it cannot be fetched, or not to its end, or a package for that is missing.
    """
    name = remote_name(address)
    scheme = urlsplit(address).scheme
    reason = None
    try:
        return spool.copy(_pieces(address, scheme, name))
    except InputError:
        raise
    except ImportError:
        missing = True
    # What else these libraries raise differs from one to the next, and quotes the address.
    except Exception as error:
        missing, reason = False, _reason(error)
    # Raised out here, so that the error of the library is not even its context.
    if missing:
        raise InputError(
            f"fetching it needs fsspec and {_PACKAGES[scheme]}",
            where=name,
            hint=f'pip install "tunegate[remote]" {_PACKAGES[scheme]}, or copy the file here first',
        )
    raise InputError(
        f"cannot be fetched: {reason}",
        where=name,
        hint="check the address and the right to read it, or copy the file here first",
    )


def _pieces(address: str, scheme: str, name: str) -> Iterator[bytes]:
    from fsspec.core import url_to_fs  # optional, and slow to import

    is_web = scheme in ("http", "https")
    system, path = url_to_fs(address, skip_instance_cache=True, **(_web() if is_web else {}))
    expected = system.info(path).get("size")
    count = 0
    # Without a block size the web is read as one stream, and not by ranges.
    with system.open(path, "rb", **({"block_size": 0} if is_web else {})) as file:
        while piece := file.read(_PIECE):
            count += len(piece)
            yield piece
    if expected is not None and count != expected:
        raise InputError(
            f"the transfer ended after {count:,} of {expected:,} bytes",
            where=name,
            hint="run again, or copy the file here first",
        )


def _web() -> dict[str, Any]:
    from aiohttp import ClientTimeout

    return {
        # A server that packs what it sends would make its lengths meaningless.
        "headers": {"Accept-Encoding": "identity"},
        "client_kwargs": {
            "timeout": ClientTimeout(total=None, sock_connect=_SILENCE, sock_read=_SILENCE)
        },
    }


def _reason(error: BaseException) -> str:
    # What keeps a file from being looked up is reported as a file that is not there.
    if isinstance(error, FileNotFoundError) and error.__cause__:
        return _reason(error.__cause__)
    status = getattr(error, "status", None)
    if isinstance(error, FileNotFoundError) or status in (404, 410):
        return "there is no such file"
    if isinstance(error, PermissionError) or status in (401, 403):
        return "it may not be read"
    if isinstance(error, TimeoutError):
        return "the server does not answer in time"
    if isinstance(status, int):
        return f"the server answers with status {status}"
    return f"the connection failed ({type(error).__name__})"
