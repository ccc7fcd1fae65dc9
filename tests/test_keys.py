"""The key file: made once, read by its owner alone, rotated without losing what it made."""

import os
import pickle
from pathlib import Path

import pytest

from tunegate.cli import main
from tunegate.errors import KeyFileError
from tunegate.keys import FINGERPRINT_BYTES, Key, load_keys, mac, new_key_file, rotate


def test_a_new_key_file_is_for_its_owner_alone_and_no_two_are_alike(tmp_path: Path) -> None:
    one, two = (new_key_file(tmp_path / name) for name in "ab")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert one.secret != two.secret
    assert len(one.secret) == 32
    assert load_keys(tmp_path / "a").current.secret == one.secret


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key"
    new_key_file(path)
    before = path.read_bytes()
    with pytest.raises(KeyFileError, match="exists already"):
        new_key_file(path)
    assert path.read_bytes() == before


def test_rotation_puts_a_new_key_first_and_keeps_the_earlier_ones(tmp_path: Path) -> None:
    path = tmp_path / "key"
    first = new_key_file(path)
    second, third = rotate(path), rotate(path)
    held = load_keys(path)
    assert [key.id for key in held.all] == [third.id, second.id, first.id]
    assert [key.id.partition("-")[0] for key in held.all] == ["k3", "k2", "k1"]
    assert held.current.id == third.id
    earlier = held.of(first.id)
    assert earlier is not None
    assert earlier.secret == first.secret
    assert held.of("k9-00000000") is None
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


SPOILT = {
    "nothing": b"",
    "no JSON": b"secret",
    "another format": b'{"tunegate-key": 2, "keys": []}',
    "no keys": b'{"tunegate-key": 1, "keys": []}',
    "a short secret": b'{"tunegate-key": 1, "keys": [{"id": "k1-00000000", "secret": "00"}]}',
    "a list": b"[]",
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("content", SPOILT.values(), ids=SPOILT)
def test_what_is_no_key_file_is_refused_without_a_word_of_it(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=r"is not a key file.*\n  hint: make one") as error:
        load_keys(path)
    assert "secret" not in str(error.value)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    new_key_file(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match=r"can be read by others.*\n  hint: chmod 600"):
        load_keys(path)


def test_each_purpose_and_each_salt_has_a_secret_of_its_own() -> None:
    key = Key("k1-00000000", bytes(range(32)))
    secrets = {key.derived(purpose, salt) for purpose in ("map", "hash") for salt in (b"", b"x")}
    assert len(secrets) == 4
    assert key.secret not in secrets
    assert key.derived("map") == Key("k2-11111111", bytes(range(32))).derived("map")


def test_the_derivation_is_hkdf_with_sha_256() -> None:
    hkdf = pytest.importorskip("cryptography.hazmat.primitives.kdf.hkdf")
    hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
    key = Key("k1-00000000", bytes(range(32)))
    for salt in (b"", b"salt"):
        theirs = hkdf.HKDF(hashes.SHA256(), 32, salt or None, b"tunegate/map")
        assert key.derived("map", salt) == theirs.derive(key.secret)


def test_parts_of_a_fingerprint_do_not_run_into_each_other() -> None:
    secret = b"s" * 32
    assert mac(secret, "EMAIL", "ann") != mac(secret, "EMAILann", "")
    assert mac(secret, "EMAIL", "ann") != mac(secret, "PHONE", "ann")
    assert mac(secret, "\ud800")  # half a pair of surrogates is a text as well
    assert FINGERPRINT_BYTES * 8 >= 128


def test_a_secret_shows_in_no_representation(tmp_path: Path) -> None:
    key = new_key_file(tmp_path / "key")
    shown = repr(key) + repr(load_keys(tmp_path / "key"))
    assert key.secret.hex() not in shown
    assert repr(key.secret) not in shown
    assert pickle.loads(pickle.dumps(key)) == key


def test_the_commands_make_and_rotate_a_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "project.key"
    codes = []
    for arguments in (["new"], ["rotate"], ["new"]):
        with pytest.raises(SystemExit) as ended:
            main(["key", *arguments, str(path)])
        codes.append(ended.value.code)
    assert codes == [0, 0, 2]
    told = capsys.readouterr()
    secrets = [key.secret.hex() for key in load_keys(path).all]
    assert len(secrets) == 2
    assert not any(secret in told.out + told.err for secret in secrets)
    assert "rotate" in told.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(KeyFileError, match="cannot be written"):
        new_key_file(tmp_path / "key")
