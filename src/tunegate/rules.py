"""Read rule files and build their checks.

A rule is data: one YAML file whose family and name are its path. Loading one never runs code from
it; code arrives only in an installed package, through the entry points `tunegate.checks`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from tunegate.errors import RuleError
from tunegate.strict_yaml import read_yaml

_IN_CHECKOUT = {"rules": "rules", "templates": "reports/templates"}
_NOT_RULES = ("policies", "targets", "accuracy")

On = Literal["source", "cleaned", "written"]


def bundled(name: str) -> Traversable:
    """Return a data directory that ships with the package.

    A wheel carries it under `tunegate/_data`; a checkout keeps it at the top level.
    """
    packaged = files("tunegate") / "_data" / name
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / _IN_CHECKOUT[name]


class Severity(StrEnum):
    """How bad a finding is, in ascending order."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Action(StrEnum):
    """What a finding does to its conversation.

    keep: nothing, it is reported. fix, redact, trim: edits. review, drop: dispositions.
    """

    KEEP = "keep"
    FIX = "fix"
    REDACT = "redact"
    TRIM = "trim"
    REVIEW = "review"
    DROP = "drop"


class Closed(BaseModel):
    """A part of a file that we read: unknown keys are errors, and nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Case(Closed):
    """One example that a rule must flag or pass, in one of four forms.

    text: one user message. turns: a conversation, one `role: text` a turn. record: a chat record
    as it would stand on a line. conversations: several, of which those at `flagged` (from 0) are
    flagged. params: replace those of the rule, so that a limit can be shown on a short text.
    In a text ⟦ and ⟧ enclose a span that must be found, and ‖ is dropped, so that an invented
    secret never stands in the file as one literal.
    """

    text: str | None = None
    turns: tuple[dict[str, str], ...] | None = None
    record: dict[str, Any] | None = None
    conversations: tuple[tuple[dict[str, str], ...], ...] | None = None
    flagged: tuple[int, ...] = ()
    params: dict[str, Any] = Field(default_factory=dict)


class Cases(Closed):
    """The examples that prove a rule; generated: how many more are made from its pattern."""

    generated: int = Field(default=0, ge=0)
    flags: tuple[str | tuple[dict[str, str], ...] | Case, ...] = ()
    passes: tuple[str | tuple[dict[str, str], ...] | Case, ...] = ()


class RuleFile(Closed):
    """What stands in a rule's YAML file.

    on: the text it judges. roles, parts: only findings there count; empty means everywhere.
    priority: among overlapping spans the higher one is redacted. placeholder: the word that
    replaces a span. needs: the extra that must be installed.
    """

    summary: str
    why: str
    severity: Severity
    action: Action
    check: str
    params: dict[str, Any] = Field(default_factory=dict)
    on: On = "source"
    roles: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    priority: int = 0
    placeholder: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    needs: str | None = None
    sources: tuple[str, ...] = ()
    version: int = 1
    cases: Cases = Cases()


@dataclass(frozen=True)
class Rule:
    """A rule as a run uses it: its file, with the policy's overrides applied.

    optional: a failure of its check does not make the audit incomplete.
    """

    id: str
    file: RuleFile
    optional: bool = False

    @property
    def family(self) -> str:
        """The folder it lives in."""
        return self.id.partition("/")[0]

    @property
    def placeholder(self) -> str:
        """The word that replaces a span of this rule."""
        return self.file.placeholder or self.id.rpartition("/")[2].replace("-", "_").upper()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that can change what the rule finds or does."""
        judged = self.file.model_dump(mode="json", exclude={"cases", "why", "summary", "sources"})
        return hashlib.sha256(json.dumps(judged, sort_keys=True).encode()).hexdigest()

    def changed(self, *, optional: bool = False, **overrides: Any) -> "Rule":  # noqa: ANN401 - as varied as a rule file's fields
        """Return the rule with other severity, action or parameters."""
        return replace(self, file=self.file.model_copy(update=overrides), optional=optional)

    def build(self) -> Any:  # noqa: ANN401 - one of the shapes of model.py, told apart by its methods
        """Return the check with this rule's parameters; made once, since checks never change.

        Raises:
            RuleError: there is no such check, or it does not take these parameters.
        """
        return self._check

    def __getstate__(self) -> dict[str, Any]:
        """Leave the check behind: another process makes its own."""
        return {name: value for name, value in self.__dict__.items() if name != "_check"}

    @cached_property
    def _check(self) -> Any:  # noqa: ANN401 - the same
        where = f"rules/{self.id}.yaml"
        kind = _check_class(self.file.check, where=where, needs=self.file.needs)
        known = [f.name for f in fields(kind)]
        for name in self.file.params:
            if name not in known:
                raise RuleError(
                    f"check `{self.file.check}` has no parameter `{name}`",
                    where=where,
                    hint=nearest(name, known),
                )
        try:
            return _adapter(kind).validate_python(self.file.params)
        except ValidationError as error:
            raise RuleError(first_problem(error, "params"), where=where) from None


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the closest known name, or all of them."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    return f"did you mean `{close[0]}`?" if close else f"known: {', '.join(names)}"


def first_problem(error: ValidationError, prefix: str = "") -> str:
    """Return the first problem with its field path, without the value, which may be private."""
    problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    path = ".".join(str(step) for step in (prefix, *problem["loc"]) if step != "")
    message = problem["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return f"`{path}`: {message}" if path else message


@cache
def _installed(group: str) -> Mapping[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=group):
        other = found.setdefault(point.name, point)
        if other.value != point.value:
            names = sorted(p.dist.name if p.dist else "?" for p in (other, point))
            raise RuleError(
                f"`{point.name}` is offered by {names[0]} and {names[1]}",
                where=group,
                hint="uninstall one of them",
            )
    return found


def plugins(group: str) -> Mapping[str, EntryPoint]:
    """Return name → entry point of `tunegate.checks` or `tunegate.readers`.

    Raises:
        RuleError: two installed packages offer the same name.
    """
    return _installed(group)


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    """Return the validator of a check's fields, which costs more to make than to use."""
    return TypeAdapter(kind)


def _check_class(name: str, *, where: str, needs: str | None) -> type:
    installed = plugins("tunegate.checks")
    if name not in installed:
        raise RuleError(
            f"no check named `{name}`",
            where=where,
            hint=f"{nearest(name, installed)} (installed: {', '.join(sorted(installed))})",
        )
    try:
        kind = installed[name].load()
    except ImportError as error:
        wanted = f'"tunegate[{needs}]"' if needs else (error.name or "the missing package")
        raise RuleError(
            f"check `{name}` cannot be imported", where=where, hint=f"pip install {wanted}"
        ) from error
    if not (isinstance(kind, type) and is_dataclass(kind)):
        raise RuleError(f"check `{name}` is not a dataclass", where=where)
    return kind


def _yaml_files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            yield from _yaml_files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            yield prefix + entry.name.removesuffix(".yaml"), entry


def parse_rule(text: str, rule_id: str) -> Rule:
    """Return the rule that a YAML text describes.

    Raises:
        RuleError: it is not a rule file; names the first problem.
    """
    where = f"rules/{rule_id}.yaml"
    content = read_yaml(text, where=where)
    if not isinstance(content, dict):
        raise RuleError("is not a mapping of rule fields", where=where)
    for name in content:
        if name not in RuleFile.model_fields:
            hint = nearest(str(name), RuleFile.model_fields)
            raise RuleError(f"unknown key `{name}`", where=where, hint=hint)
    try:
        return Rule(rule_id, RuleFile.model_validate(content))
    except ValidationError as error:
        raise RuleError(first_problem(error), where=where) from None


def load_rules(*folders: Traversable) -> list[Rule]:
    """Return every rule of the bundled catalogue and of `folders`, sorted by id.

    Raises:
        RuleError: a file is not a rule, or two files have the same id.
    """
    catalogue = _catalogue()
    return list(catalogue) if not folders else _read((bundled("rules"), *folders))


@cache
def _catalogue() -> tuple[Rule, ...]:
    """Return the bundled rules, read once a process: they do not change while it runs."""
    return tuple(_read((bundled("rules"),)))


def _read(folders: Iterable[Traversable]) -> list[Rule]:
    rules: dict[str, Rule] = {}
    for folder in folders:
        for rule_id, file in _yaml_files(folder):
            if rule_id.partition("/")[0] in _NOT_RULES:
                continue
            if rule_id in rules:
                raise RuleError(
                    "stands in two rule folders", where=rule_id, hint="rename one of the files"
                )
            try:
                text = file.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                where = f"rules/{rule_id}.yaml"
                raise RuleError("is not UTF-8", where=where, hint="save it as UTF-8") from None
            rules[rule_id] = parse_rule(text, rule_id)
    return [rules[name] for name in sorted(rules)]
