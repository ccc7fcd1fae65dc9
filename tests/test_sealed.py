"""A map is opened by its key alone, and by none once a byte of it has changed."""

from pathlib import Path
from typing import Any

import pytest

from tunegate.errors import KeyFileError
from tunegate.keys import Keys, load_keys, new_key_file, rotate
from tunegate.sealed import is_map, read_map, seal, unseal, write_map

pytest.importorskip("cryptography", reason='needs the extra "reversible"')

ENTRIES: list[dict[str, Any]] = [
    {"placeholder": "<EMAIL_1>", "value": "ann@x.de", "line": 1},
    {"placeholder": "<EMAIL_2>", "value": "Zoë \ud800\n", "line": 2},
    {"placeholder": "<EMAIL_3>", "value": "", "line": 3},
]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    new_key_file(tmp_path / "key")
    return load_keys(tmp_path / "key")


def blocks(count: int) -> list[list[dict[str, Any]]]:
    return [ENTRIES[:count], [], ENTRIES[count:]]


@pytest.mark.parametrize("count", range(4))
def test_what_was_written_is_read_again(tmp_path: Path, keys: Keys, count: int) -> None:
    path = tmp_path / "map"
    write_map(path, keys.current, blocks(count))
    assert list(read_map(path, keys)) == ENTRIES
    assert path.stat().st_mode & 0o777 == 0o600
    assert is_map(path)
    held = path.read_bytes()
    assert b"ann" not in held
    assert b"EMAIL" not in held


def test_equal_maps_have_no_equal_bytes(tmp_path: Path, keys: Keys) -> None:
    held = []
    for name in "ab":
        write_map(tmp_path / name, keys.current, [ENTRIES])
        held.append((tmp_path / name).read_bytes().partition(b"\n")[2])
    assert held[0] != held[1]
    assert held[0][:32] != held[1][:32]


def test_a_changed_cut_or_longer_map_is_refused(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "map"
    write_map(path, keys.current, blocks(1))
    whole = path.read_bytes()
    head = whole.index(b"\n") + 1
    spoilt = [whole[:n] for n in range(head, len(whole))]
    spoilt += [whole + b"\0", whole[:head] + whole[head + 1 :]]
    spoilt += [whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :] for n in range(head, len(whole))]
    for content in spoilt:
        path.write_bytes(content)
        with pytest.raises(KeyFileError, match="cannot be opened"):
            list(read_map(path, keys))


def test_blocks_cannot_change_places(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "map"
    write_map(path, keys.current, [ENTRIES[:1], ENTRIES[:1]])
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1 + 32
    size = 4 + int.from_bytes(whole[start : start + 4], "big")
    one, two = whole[start : start + size], whole[start + size : start + 2 * size]
    assert len(one) == len(two)
    for content in (two + one, one + one, one):
        path.write_bytes(whole[:start] + content + whole[start + 2 * size :])
        with pytest.raises(KeyFileError, match="cannot be opened"):
            list(read_map(path, keys))


def test_another_key_opens_nothing_and_a_rotated_file_still_does(
    tmp_path: Path, keys: Keys
) -> None:
    path = tmp_path / "map"
    write_map(path, keys.current, [ENTRIES])
    new_key_file(tmp_path / "other")
    with pytest.raises(KeyFileError, match="a key that the key file does not hold"):
        list(read_map(path, load_keys(tmp_path / "other")))
    rotate(tmp_path / "key")
    load_keys.cache_clear()
    assert list(read_map(path, load_keys(tmp_path / "key"))) == ENTRIES


def test_what_is_no_map_is_told_apart(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    assert not is_map(path)
    assert not is_map(tmp_path / "nowhere")
    with pytest.raises(KeyFileError, match="is not a map"):
        list(read_map(path, keys))
    with pytest.raises(KeyFileError, match="cannot be read"):
        list(read_map(tmp_path / "nowhere", keys))


def test_parts_of_a_map_lie_encrypted_as_well(keys: Keys) -> None:
    secret = keys.current.derived("map-part")
    sealed = seal(secret, ENTRIES)
    assert b"ann" not in sealed
    assert unseal(secret, sealed) == ENTRIES
