"""Every system tells the same talks, and they become the same turns; no internal note escapes."""

from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from sample_data.generator.exports.talks import NOTE_MARKER, Talk, talks

from exports import write
from samples import module, names
from tunegate import audit
from tunegate.model import ReadOptions
from tunegate.readers import choose, find
from tunegate.readers.choosing import readers

REPO = Path(__file__).parents[1]

each = pytest.mark.parametrize("name", names())


@each
def test_the_talks_come_out_as_they_were_said(name: str, tmp_path: Path) -> None:
    sample = module(name)
    write(tmp_path / "export", sample.files())
    options = ReadOptions(**sample.OPTIONS)
    choice = choose(find([tmp_path / "export"], tmp_path / "spool")[0], options)
    assert choice.reader.name == sample.NAME
    assert choice.marks > choice.rival, "another reader knows it as well"
    plan = choice.reader.plan(choice.sources, options)
    frames = [part for split in plan.splits for part in choice.reader.read(split, plan)]
    reading = choice.reader.assemble(pl.concat(frames), plan)
    assert reading.unreadable.is_empty()
    turns = reading.batch.turns.filter(pl.col("turn").is_not_null())
    told = turns.group_by("row", maintain_order=True).agg("role", "text")
    found = [list(zip(roles, texts, strict=True)) for _, roles, texts in told.iter_rows()]
    expected = getattr(sample, "turns", Talk.turns)  # pairs hold more, prompts less
    assert sorted(found) == sorted(expected(talk) for talk in talks())


@each
def test_no_internal_note_reaches_any_output(name: str, tmp_path: Path) -> None:
    sample = module(name)
    write(tmp_path / "export", sample.files())
    agents = sample.OPTIONS.get("agents", ())
    run = audit(tmp_path / "export", out=tmp_path / "run", agents=agents)
    assert run.record["reader"] == sample.NAME
    for path in (tmp_path / "run").rglob("*"):
        if path.is_file():
            content = (
                str(pl.read_parquet(path).rows()).encode()
                if path.suffix == ".parquet"
                else path.read_bytes()
            )
            assert NOTE_MARKER.encode() not in content, path.name


def test_every_reader_has_a_sample() -> None:
    named = Counter(module(name).NAME for name in names())
    assert set(readers()) - set(named) - {"tickets"} == set()


@each
def test_the_sample_in_the_repository_is_what_the_generator_makes(name: str) -> None:
    folder = REPO / "sample_data/exports" / name
    made = module(name).files()
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert held == set(made)
    assert all((folder / file).read_bytes() == content for file, content in made.items())
