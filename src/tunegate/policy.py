"""Which rules run, what each may do, and what closes the gate."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from tunegate.errors import PolicyError, RuleError
from tunegate.model import DatasetCheck
from tunegate.redaction import AllowEntry, AllowSettings, RedactionSettings
from tunegate.rules import (
    Action,
    Closed,
    Rule,
    Severity,
    bundled,
    first_problem,
    nearest,
)
from tunegate.strict_yaml import read_yaml

DEFAULT = "support-tickets"
RECHECKED = ("pii", "secret", "format")  # families that judge the written files too


class Override(Closed):
    """What a policy changes in the rules that a line selects; null changes nothing."""

    severity: Severity | None = None
    action: Action | None = None
    params: dict[str, Any] = Field(default_factory=dict)
    optional: bool | None = None


class SourceSettings(Closed):
    """How the source is read.

    group: field that names the customer. subject: kept as metadata, or also put before the first
    user message. agents: ids, addresses, domains or names that are staff. bots: drop what a
    machine wrote, or learn from it as from an agent. quotes, signatures: cut those of mails.
    repair: mend mojibake. attachments: write `[attachment: name]` for one. day_first: what
    03/04/2025 means where a file cannot tell. columns: which column of a table is what. roles:
    which value of a role column is which role. system: prompt put before each conversation that
    has none.
    """

    group: str | None = None
    subject: Literal["metadata", "first-line"] = "metadata"
    agents: tuple[str, ...] = ()
    bots: Literal["drop", "assistant"] = "drop"
    quotes: bool = True
    signatures: bool = True
    repair: bool = False
    attachments: bool = False
    day_first: bool | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    roles: dict[str, str] = Field(default_factory=dict)
    system: str | None = None


class SplitSettings(Closed):
    """How train and validation are told apart; `seed` is public and fixes every assignment."""

    validation: float = Field(default=0.1, ge=0, lt=1)
    seed: str = "tunegate"


class GateSettings(Closed):
    """What closes the gate.

    on: judge the files as written, or the source as it came. severity: findings below it never
    close. allow: rule or glob → findings that are accepted. max_unreadable: share of records.
    """

    on: Literal["written", "source"] = "written"
    severity: Severity = Severity.LOW
    allow: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    max_unreadable: float = Field(default=0.01, ge=0, le=1)


class PolicyFile(Closed):
    """What stands in a policy's YAML file; `rules` maps a slug or a glob to changes."""

    summary: str
    version: Literal[1] = 1
    target: str = "openai"
    rules: dict[str, Override | None]
    source: SourceSettings = SourceSettings()
    redaction: RedactionSettings = RedactionSettings()
    allow: AllowSettings = AllowSettings()
    split: SplitSettings = SplitSettings()
    gate: GateSettings = GateSettings()


class TargetFile(Closed):
    """A destination with its contract, as of a date.

    vocabulary: what its tokens are counted with. rules: changes that its limits make to rules;
    a policy's own changes come after them.
    """

    summary: str
    as_of: date
    sources: tuple[str, ...]
    vocabulary: str
    rules: dict[str, Override]


@dataclass(frozen=True)
class Target:
    """A destination by name."""

    name: str
    file: TargetFile


@dataclass(frozen=True)
class Policy:
    """A policy file and the rules that it selects, with its changes applied."""

    name: str
    file: PolicyFile
    rules: tuple[Rule, ...]
    target: Target

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the policy and of every rule as it will run."""
        judged = self.file.model_dump(mode="json", exclude={"summary"})
        judged["target"] = self.target.name  # the one that was asked for may be another
        judged["rules"] = [[rule.id, rule.digest, rule.optional] for rule in self.rules]
        return hashlib.sha256(json.dumps(judged, sort_keys=True).encode()).hexdigest()

    def on(self, text: str) -> list[Rule]:
        """Return the rules that judge the source, the cleaned or the written text."""
        if text == "written":
            return [
                rule for rule in self.rules if rule.file.on == "written" or rule.family in RECHECKED
            ]
        return [rule for rule in self.rules if rule.file.on == text]

    def with_prompt(self, tokens: int) -> "Policy":
        """Return the policy for conversations that get a system prompt of so many tokens."""
        if not tokens:
            return self
        rules = [
            rule.changed(
                params={**rule.file.params, "system_tokens": tokens}, optional=rule.optional
            )
            if rule.file.check == "token-limit"
            else rule
            for rule in self.rules
        ]
        return replace(self, rules=tuple(rules))

    def rule(self, rule_id: str) -> Rule:
        """Return the selected rule of that id."""
        return next(rule for rule in self.rules if rule.id == rule_id)


def parse_policy(
    text: str, *, name: str, where: str, rules: Sequence[Rule], target: str | None = None
) -> Policy:
    """Return the policy that a YAML text describes, over the catalogue `rules`.

    target: instead of the one that the policy names.

    Raises:
        PolicyError: it is not a policy; names the first problem and the nearest known name.
    """
    content = read_yaml(text, where=where, error=PolicyError)
    if not isinstance(content, dict):
        raise PolicyError("is not a mapping of policy settings", where=where)
    _refuse_unknown(content, where)
    try:
        file = PolicyFile.model_validate(content)
    except ValidationError as error:
        raise PolicyError(first_problem(error), where=where) from None
    chosen = load_target(target or file.target)
    return Policy(name, file, _select(file, rules, chosen.file, where), chosen)


def load_target(name: str) -> Target:
    """Return a bundled target.

    Raises:
        PolicyError: there is none of that name.
    """
    ready = _ready("targets")
    if name not in ready:
        raise PolicyError(f"no target named `{name}`", hint=nearest(name, ready))
    where = f"rules/targets/{name}.yaml"
    content = read_yaml(ready[name].read_text(encoding="utf-8"), where=where, error=PolicyError)
    try:
        return Target(name, TargetFile.model_validate(content))
    except ValidationError as error:
        raise PolicyError(first_problem(error), where=where) from None


def _ready(folder: str) -> dict[str, Traversable]:
    return {
        entry.name.removesuffix(".yaml"): entry
        for entry in (bundled("rules") / folder).iterdir()
        if entry.name.endswith(".yaml")
    }


def load_policy(choice: str | None, rules: Sequence[Rule], *, target: str | None = None) -> Policy:
    """Return the policy of a file, or a bundled one by name; None is the default.

    Raises:
        PolicyError: there is none of that name, it cannot be read, or it is wrong.
    """
    name = DEFAULT if choice is None else choice
    ready = _ready("policies")
    if name in ready:
        text, where = ready[name].read_text(encoding="utf-8"), f"rules/policies/{name}.yaml"
        return parse_policy(text, name=name, where=where, rules=rules, target=target)
    path = Path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        hint = nearest(name, ready)
        raise PolicyError("no such policy file", where=name, hint=hint) from None
    except UnicodeDecodeError:
        raise PolicyError("is not UTF-8", where=name, hint="save it as UTF-8") from None
    except OSError as error:
        raise PolicyError(f"cannot be read: {error.strerror}", where=name) from None
    return parse_policy(text, name=path.name, where=name, rules=rules, target=target)


def _refuse_unknown(content: dict[str, Any], where: str) -> None:
    places: list[tuple[str, Any, type[Closed]]] = [("", content, PolicyFile)]
    places += [
        ("source.", content.get("source"), SourceSettings),
        ("split.", content.get("split"), SplitSettings),
        ("gate.", content.get("gate"), GateSettings),
        ("redaction.", content.get("redaction"), RedactionSettings),
        ("allow.", content.get("allow"), AllowSettings),
    ]
    allowed = content.get("allow")
    for kind, entries in allowed.items() if isinstance(allowed, dict) else ():
        for entry in entries if isinstance(entries, list) else ():
            places.append((f"allow.{kind}.", entry, AllowEntry))
    selected = content.get("rules")
    for rule, override in selected.items() if isinstance(selected, dict) else ():
        places.append((f"rules.{rule}.", override, Override))
    for prefix, part, kind in places:
        for name in part if isinstance(part, dict) else ():
            if name not in kind.model_fields:
                raise PolicyError(
                    f"unknown key `{prefix}{name}`",
                    where=where,
                    hint=nearest(str(name), kind.model_fields),
                )


def _select(
    file: PolicyFile, rules: Sequence[Rule], target: TargetFile, where: str
) -> tuple[Rule, ...]:
    known = [rule.id for rule in rules]
    allowed = [entry.rules for entries in file.allow.entries.values() for entry in entries]
    for place, patterns in (
        ("rules", list(file.rules)),
        ("gate.allow", list(file.gate.allow)),
        ("redaction.styles", list(file.redaction.styles)),
        ("allow", allowed),
    ):
        for pattern in patterns:
            if not any(fnmatchcase(rule_id, pattern) for rule_id in known):
                raise PolicyError(
                    f"`{place}`: no rule matches `{pattern}`",
                    where=where,
                    hint=nearest(pattern, known) if "*" not in pattern else "see `tunegate rules`",
                )
    chosen = []
    for rule in rules:
        own = [file.rules[pattern] for pattern in matching(rule.id, file.rules)]
        if own and not _is_left_out(rule, file):
            changes = [target.rules.get(rule.id), _of_split(rule, file), *own]
            chosen.append(_changed(rule, changes))
            _refuse_impossible(chosen[-1], _built(chosen[-1], own, where), where)
    if not chosen:
        raise PolicyError("selects no rule", where=where, hint="see `tunegate rules`")
    return tuple(chosen)


def _is_left_out(rule: Rule, file: PolicyFile) -> bool:
    """Tell whether a rule does nothing until it is told what with: `*` does not mean such a one."""
    own = matching(rule.id, file.rules)
    named = any(pattern.startswith(f"{rule.family}/") for pattern in own)
    told = any(override and override.params for override in map(file.rules.get, own))
    waits = rule.file.check == "neural-entities" and not rule.file.params.get("engine")
    return waits and not named and not told


def matching(rule_id: str, patterns: Iterable[str]) -> list[str]:
    """Return the patterns that match a rule, the most exact last.

    That is its own id, or else the longest; not what stands last, since order is not meaning.
    """
    found = (pattern for pattern in patterns if fnmatchcase(rule_id, pattern))
    return sorted(found, key=lambda pattern: (pattern == rule_id, len(pattern), pattern))


def _of_split(rule: Rule, file: PolicyFile) -> Override | None:
    return Override(params=file.split.model_dump()) if rule.family == "split" else None


def _changed(rule: Rule, overrides: Sequence[Override | None]) -> Rule:
    """Apply the broadest pattern first, so that the more exact one has the last word."""
    for override in overrides:
        if override is None:
            continue
        changes: dict[str, Any] = {}
        if override.severity:
            changes["severity"] = override.severity
        if override.action:
            changes["action"] = override.action
        if override.params:
            changes["params"] = {**rule.file.params, **override.params}
        optional = rule.optional if override.optional is None else override.optional
        if changes or optional != rule.optional:  # what does not change keeps its check
            rule = rule.changed(optional=optional, **changes)
    return rule


def _built(rule: Rule, own: Sequence[Override | None], where: str) -> object:
    try:
        return rule.build()
    except RuleError as error:
        if not any(override and override.params for override in own):
            raise
        problem = f"`rules.{rule.id}`: {error.problem}"
        raise PolicyError(problem, where=where, hint=error.hint) from None


def _refuse_impossible(rule: Rule, check: object, where: str) -> None:
    action = rule.file.action
    if action is Action.FIX and not (hasattr(check, "fix") and getattr(check, "fixable", True)):
        why = "there is no repair without guessing"
    elif action in (Action.FIX, Action.REDACT, Action.TRIM) and rule.file.on != "source":
        why = "an edit can only follow from the source text"
    elif action in (Action.FIX, Action.REDACT, Action.TRIM) and isinstance(check, DatasetCheck):
        why = "it judges conversations, not spans"
    elif action is not Action.KEEP and rule.file.on == "written":
        why = "what is written has been decided; the gate judges it"
    else:
        return
    raise PolicyError(
        f"`rules.{rule.id}`: action `{action}` is not possible: {why}",
        where=where,
        hint="use keep" if rule.file.on == "written" else "use keep, review or drop",
    )
