"""Feed readers with damaged exports: `python tests/fuzz_readers.py [seconds]`, after `make fuzz`.

Coverage-guided by atheris, over every reader, from the sample exports. `survive` is what both this
and the property tests ask of a reader.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

import samples
from tunegate.errors import TunegateError
from tunegate.model import Reader, ReadOptions

SECONDS = 120
MOST = 1 << 16  # bytes of one input


def seeds() -> Iterator[tuple[str, str, bytes]]:
    """Yield the reader, the name and the content of each sample file."""
    for name in samples.names():
        sample = samples.module(name)
        for file, content in sample.files().items():
            yield sample.NAME, Path(file).name, content[:MOST]


def survive(reader: Reader, name: str, content: bytes, folder: Path) -> None:
    """Read an input; assert that nothing crashes and that no record goes without a trace.

    A user's error is fine. Records that leave the reader are turns, excluded or unreadable; every
    line that is cut out of the input is a fragment.
    """
    # Here, so that atheris can instrument them as they are imported.
    from tunegate.readers import find
    from tunegate.readers.inputs.sources import head

    path = folder / name
    path.write_bytes(content)
    options = ReadOptions(agents=("help.example", "Mira Lund"), day_first=True)
    try:
        sources, _ = find([path], folder / "spool")
        if not all(reader.recognises(head(source), source.name) for source in sources):
            return
        plan = reader.plan(sources, options)
        frames = [part for split in plan.splits for part in reader.read(split, plan)]
    except TunegateError:
        return
    if not frames:
        return
    fragments = pl.concat(frames)
    assert fragments["row"].is_unique().all()
    reading = reader.assemble(fragments, plan)
    faulty = fragments.filter(pl.col("record").is_null()).height
    assert reading.unreadable.height >= faulty
    batch = reading.batch
    assert batch.conversations["row"].is_sorted()
    assert set(batch.turns["row"]) <= set(batch.conversations["row"])


def main(seconds: int) -> None:
    """Run atheris for a time over all readers."""
    import atheris

    with atheris.instrument_imports(include=["tunegate.readers"]):
        from tunegate.readers.choosing import readers

        known = readers()
    corpus = list(seeds())

    def one(data: bytes) -> None:
        if not data:
            return
        reader, name, seed = corpus[data[0] % len(corpus)]
        provider = atheris.FuzzedDataProvider(data[1:])
        content = bytearray(seed)
        for _ in range(provider.ConsumeIntInRange(0, 6)):
            at = provider.ConsumeIntInRange(0, max(0, len(content) - 1))
            length = provider.ConsumeIntInRange(0, 40)
            content[at : at + length] = provider.ConsumeBytes(20)
        with TemporaryDirectory() as folder:
            survive(known[reader], name, bytes(content), Path(folder))

    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", "-timeout=30", "-rss_limit_mb=2048"], one
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
