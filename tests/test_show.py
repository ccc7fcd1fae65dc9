"""`show` reads a conversation from its source again, with what was cut and what was left out."""

from pathlib import Path

import pytest

from exports import write
from samples import module, names
from tunegate import audit
from tunegate.errors import InputError, RunError
from tunegate.model import ReadOptions
from tunegate.pipeline.show import mask, show

MAIL = """From - Mon Mar  2 09:00:00 2026
From: Ana <ana@customer.example>
To: desk@help.example
Subject: Parcel
Message-ID: <1@customer.example>
Date: Mon, 2 Mar 2026 09:00:00 +0000

Where is my parcel?

From - Mon Mar  2 10:00:00 2026
From: Mira <mira@help.example>
To: ana@customer.example
Subject: Re: Parcel
Message-ID: <2@help.example>
In-Reply-To: <1@customer.example>
References: <1@customer.example>
Date: Mon, 2 Mar 2026 10:00:00 +0000

It comes on Friday.

On Mon, 2 Mar 2026 at 09:00, Ana <ana@customer.example> wrote:
> Where is my parcel?

"""
STAFF = ("help.example",)


def test_what_was_cut_stands_in_its_place(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"m.mbox": MAIL})
    run = audit(path, out=tmp_path / "run", agents=STAFF)
    key = run.decisions["key"][0]
    options = ReadOptions(agents=STAFF)
    told = show(run.folder, key, [path], options, reveal=True)
    before, cut = told.split("⟦quoted text: ")
    assert "It comes on Friday." in before
    assert "> Where is my parcel?" in cut.split("⟧")[0]
    masked = show(run.folder, key, [path], options)
    assert "parcel" not in masked
    assert len(masked) == len(told)


@pytest.mark.parametrize("name", names())
def test_every_kept_conversation_can_be_shown(name: str, tmp_path: Path) -> None:
    sample = module(name)
    write(tmp_path / "export", sample.files())
    agents = sample.OPTIONS.get("agents", ())
    run = audit(tmp_path / "export", out=tmp_path / "run", agents=agents)
    for key, turns in run.decisions.select("key", "turns").head(2).iter_rows():
        told = show(run.folder, key, [tmp_path / "export"], ReadOptions(agents=agents), reveal=True)
        assert told.count("user:") + told.count("assistant:") >= turns - 1


def test_other_inputs_than_those_of_the_run_are_refused(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"m.mbox": MAIL})
    run = audit(path, out=tmp_path / "run", agents=STAFF)
    path.write_text(MAIL.replace("Friday", "Monday"))
    with pytest.raises(InputError, match="not those of the run"):
        show(run.folder, run.decisions["key"][0], [path], ReadOptions(agents=STAFF))
    with pytest.raises(RunError, match="no conversation of that name"):
        show(run.folder, "nobody", [path], ReadOptions(agents=STAFF))


def test_a_mask_keeps_the_shape_alone() -> None:
    assert mask("Ärger um 9:30, Ana!") == "Xxxxx xx 0:00, Xxx!"
