"""The package as others get it: wheel, sdist, layers, weight, size of modules."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tunegate.rules import load_rules

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "tests" / "example_plugin"
HEAVY = {"pandas", "sklearn", "numba", "torch", "openai", "datasketch", "detoxify", "ray"}
HEAVY |= {"spacy", "presidio_analyzer", "transformers", "onnxruntime", "tokenizers"}


def run(*words: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run([str(w) for w in words], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", folder)
    return folder


def new_environment(folder: Path) -> Path:
    """Make an environment that borrows this one's dependencies, but not its `tunegate`."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    borrowed = sysconfig.get_path("purelib")
    (Path(site) / "borrowed.pth").write_text(borrowed + "\n", encoding="utf-8")
    return python


def install(python: Path, *what: str | Path) -> None:
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", "--no-build-isolation", *what)


@pytest.mark.package
@pytest.mark.parametrize("kind", ["wheel", "sdist", "editable"])
def test_every_way_to_install_gives_the_same_rules(built: Path, tmp_path: Path, kind: str) -> None:
    python = new_environment(tmp_path / "env")
    if kind == "editable":
        install(python, "-e", ROOT)
    else:
        install(python, next(built.glob("*.whl" if kind == "wheel" else "*.tar.gz")))
    listed = run(tmp_path / "env" / "bin" / "tunegate", "rules", cwd=tmp_path)
    assert [line.split()[0] for line in listed.splitlines()] == [r.id for r in load_rules()]
    where = run(python, "-c", "import tunegate; print(tunegate.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(ROOT / "src" if kind == "editable" else tmp_path)


@pytest.mark.package
def test_an_installed_wheel_audits_from_anywhere(built: Path, tmp_path: Path) -> None:
    python = new_environment(tmp_path / "env")
    install(python, next(built.glob("*.whl")))
    line = json.dumps({"messages": [{"role": "user", "content": "hi"}]})
    (tmp_path / "chat.jsonl").write_text(line + "\n", encoding="utf-8")
    run(tmp_path / "env" / "bin" / "tunegate", "audit", "chat.jsonl", "-o", "out", cwd=tmp_path)
    assert (tmp_path / "out" / "report.html").stat().st_size > 1000


@pytest.mark.package
def test_a_third_partys_check_runs_once_it_is_installed(built: Path, tmp_path: Path) -> None:
    python = new_environment(tmp_path / "env")
    install(python, next(built.glob("*.whl")), PLUGIN)
    script = (
        "import sys; from pathlib import Path\n"
        "from tunegate.rules import load_rules\n"
        "from tunegate.cases import wrong_cases\n"
        "rules = {r.id: r for r in load_rules(Path(sys.argv[1]))}\n"
        "print(list(wrong_cases(rules['quality/echo'])))\n"
    )
    assert run(python, "-c", script, PLUGIN / "rules", cwd=tmp_path).strip() == "[]"
    command = tmp_path / "env" / "bin" / "tunegate"
    shown = run(command, "rules", "--rules", PLUGIN / "rules", "test", "quality/echo", cwd=tmp_path)
    assert shown.split() == ["quality/echo", "3", "of", "3", "cases", "right"]
    chat = json.dumps(
        {
            "messages": [
                {"role": "user", "content": "My parcel has not arrived, where is it now?"},
                {"role": "assistant", "content": "My parcel has not arrived, where is it now? Hm."},
            ]
        }
    )
    (tmp_path / "chat.jsonl").write_text(chat + "\n", encoding="utf-8")
    words = ("audit", "chat.jsonl", "-o", "out", "--rules", PLUGIN / "rules")
    run(command, *words, cwd=tmp_path)
    assert "held for review" in run(command, "explain", "out", "row:0", cwd=tmp_path)


@pytest.mark.package
def test_the_archives_hold_what_they_should_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert "tunegate/_data/rules/pii/email-address.yaml" in names
    assert "tunegate/_data/templates/report.html.j2" in names
    assert "tunegate/py.typed" in names
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        packed = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"rules/pii/email-address.yaml", "Makefile", "LICENSE", "NOTICE"} <= packed
    assert not [
        n for n in packed if "_cache" in n or "__pycache__" in n or n.startswith((".venv", "runs"))
    ]


@pytest.mark.parametrize(
    "program",
    ["import tunegate", "from tunegate.cli import main; main(['--help'])"],
    ids=["import", "help"],
)
def test_nothing_heavy_is_imported_before_it_is_needed(program: str) -> None:
    script = (
        f"import sys\ntry:\n    {program}\nexcept SystemExit: pass\n"
        f"print(sorted({HEAVY | {'polars', 'numpy', 'tiktoken', 'pydantic'}!r} & set(sys.modules)))"
    )
    assert run(sys.executable, "-c", script).splitlines()[-1] == "[]"


def test_no_module_is_longer_than_400_lines_and_no_test_than_450() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for folder in ("src", "tests", "sample_data", "benchmarks", "docs")
        for path in (ROOT / folder).rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines()))
        > (400 if folder != "tests" else 450)
    }
    assert not long


def test_the_public_names_exist_and_are_few() -> None:
    import tunegate

    assert len(tunegate.__all__) < 15
    assert all(getattr(tunegate, name) is not None for name in tunegate.__all__)


def test_make_names_a_way_out_when_python_is_too_old(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    done = subprocess.run(
        ["make", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}", "audit"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "MAKEFLAGS": ""},
    )
    assert done.returncode == 2
    assert "hint: make PYTHON=" in done.stdout
