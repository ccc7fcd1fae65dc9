"""Open files, and say what is wrong with one that cannot be read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from tunegate.errors import InputError

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def shown(name: Path | str) -> str:
    """Return a name that can be written anywhere.

    Bytes that are not UTF-8 become escapes, and so do control characters.
    """
    text = str(name).encode(errors="backslashreplace").decode()
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


@contextmanager
def opened(path: Path, name: str) -> Iterator[BufferedReader]:
    """Open a file; what goes wrong with it, also while it is read, is an `InputError`."""
    try:
        if path.exists() and not path.is_file():
            raise InputError(
                "is not a regular file",
                where=name,
                hint="write what it yields to a file, and pass that",
            )
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise InputError(
            "there is no such file", where=name, hint=f"looked for {shown(path.absolute())}"
        ) from None
    except PermissionError:
        raise InputError(
            "may not be read", where=name, hint="give this user permission to read it"
        ) from None
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", where=name, hint="copy it to a local disk"
        ) from None
