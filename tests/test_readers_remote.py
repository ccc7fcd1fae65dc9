"""What comes over a network or a pipe is copied once, and no secret of its address is shown."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from archives import packed
from tunegate.errors import InputError
from tunegate.readers import find
from tunegate.readers.inputs.remote import is_remote, remote_name
from tunegate.readers.inputs.sources import blocks

LINES = b'{"messages": []}\n' * 1000
FILES = {"/a.jsonl": LINES, "/a.zip": packed({"b.jsonl": LINES}), "/odd%20name.dat": LINES}


class _Server(BaseHTTPRequestHandler):
    """Serves `FILES`; other paths go wrong in the way that they name."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        content = self._answer()
        if content:
            self.wfile.write(content)

    def _answer(self) -> bytes | None:
        path = self.path.partition("?")[0]
        if path.startswith("/status/"):
            self.send_error(int(path.removeprefix("/status/")))
            return None
        content = FILES.get(path, LINES if path == "/cut.jsonl" else None)
        if content is None:
            self.send_error(404)
            return None
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) + 10 * (path == "/cut.jsonl")))
        self.end_headers()
        return content

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    pytest.importorskip("fsspec")
    pytest.importorskip("aiohttp")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_remote_file_is_copied_and_read(host: str, tmp_path: Path) -> None:
    (source,), passed = find([f"http://{host}/a.jsonl"], tmp_path / "spool")
    assert b"".join(blocks(source)) == LINES
    assert (source.size, source.sha256) == (len(LINES), hashlib.sha256(LINES).hexdigest())
    assert Path(source.path).parent == tmp_path / "spool"
    assert Path(source.path).stat().st_mode & 0o077 == 0
    assert not source.listed
    assert passed == []


def test_a_remote_archive_stands_for_its_entries(host: str, tmp_path: Path) -> None:
    (source,), _ = find([f"http://{host}/a.zip?key=SECRET"], tmp_path / "spool")
    assert source.name == f"http://{host}/a.zip/b.jsonl"
    assert b"".join(blocks(source)) == LINES


def test_a_name_holds_no_secret_of_the_address(host: str, tmp_path: Path) -> None:
    address = f"http://me:SECRET@{host}/a.jsonl?key=SECRET#SECRET"
    (source,), _ = find([address], tmp_path / "spool")
    assert source.name == f"http://{host}/a.jsonl"
    assert "SECRET" not in repr(source)


def test_addresses_that_look_alike_are_numbered(host: str, tmp_path: Path) -> None:
    given = [f"http://{host}/a.jsonl?key={key}" for key in "21"]
    names = [source.name for source in find([*given, *given], tmp_path / "spool")[0]]
    assert names == [f"http://{host}/a.jsonl", f"http://{host}/a.jsonl (2)"]


FAILURES = {
    "/none.jsonl": "there is no such file",
    "/status/403": "it may not be read",
    "/status/500": "the server answers with status 500",
    "/cut.jsonl": "the connection failed|the transfer ended",
}


@pytest.mark.parametrize(("path", "reason"), FAILURES.items(), ids=FAILURES.keys())
def test_what_goes_wrong_is_said_without_secrets(
    path: str, reason: str, host: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=reason) as refused:
        find([f"http://me:SECRET@{host}{path}?key=SECRET"], tmp_path / "spool")
    assert refused.value.where == f"http://{host}{path}"
    assert refused.value.hint
    assert "SECRET" not in str(refused.value)
    assert refused.value.__context__ is None
    assert not list((tmp_path / "spool").glob("*"))


def test_a_server_that_is_not_there_is_an_error(host: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the connection failed") as refused:
        find(["http://127.0.0.1:1/a.jsonl?key=SECRET"], tmp_path / "spool")
    assert "SECRET" not in str(refused.value)


NAMES = {
    "s3://bucket/a/b.jsonl": "s3://bucket/a/b.jsonl",
    "https://me@host/a.jsonl?x=1#y": "https://host/a.jsonl",
    "https://me:key@host:8443/a.jsonl": "https://host:8443/a.jsonl",
    "abfs://box@account.dfs.core.windows.net/a": "abfs://box@account.dfs.core.windows.net/a",
    "az://me:key@box/a": "az://box/a",
    "hf://datasets/org/set@main/a.parquet": "hf://datasets/org/set@main/a.parquet",
}


@pytest.mark.parametrize(("address", "name"), NAMES.items(), ids=NAMES.keys())
def test_an_address_is_shown_without_user_and_query(address: str, name: str) -> None:
    assert is_remote(address)
    assert remote_name(address) == name


@pytest.mark.parametrize("given", ["a.jsonl", "-", "C://a", "ftp://host/a", "file:///a", Path("a")])
def test_what_is_no_known_address_is_local(given: object) -> None:
    assert not is_remote(given)


@pytest.mark.parametrize(
    ("address", "package"),
    [("s3://b/a", "s3fs"), ("gs://b/a", "gcsfs"), ("https://h/a", "aiohttp")],
)
def test_a_missing_package_is_named(
    address: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("fsspec", "fsspec.core", "aiohttp"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=f"needs fsspec and {package}") as refused:
        find([address], tmp_path / "spool")
    assert 'pip install "tunegate[remote]"' in str(refused.value.hint)


def test_nothing_is_imported_for_local_inputs(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    program = (
        "import sys; from tunegate.readers import find; from pathlib import Path\n"
        "find([sys.argv[1]], Path('spool'))\n"
        "print(sorted({'fsspec', 'aiohttp', 'python_calamine', 'pyarrow'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "a.jsonl")]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert said.stdout == "[]\n"
    assert not (tmp_path / "spool").exists()


class _Piped:
    """Standard input as a program sees it."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_standard_input_is_copied_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Piped(LINES))
    (source,), _ = find(["-", "-", Path("-")], tmp_path / "spool")
    assert source.name == "standard input"
    assert b"".join(blocks(source)) == LINES
    assert b"".join(blocks(source)) == LINES


def test_standard_input_may_be_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Piped(FILES["/a.zip"]))
    (source,), _ = find(["-"], tmp_path / "spool")
    assert source.name == "standard input/b.jsonl"
