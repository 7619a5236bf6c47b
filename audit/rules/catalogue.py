"""The catalogue: reads every rule file and proves it, so that a bad rule never runs.

A rule file is TOML front matter in a block comment, then one SELECT (see docs/writing-rules.md). What can be proven
without data is proven here: the file's name, the front matter, one SELECT and nothing else, parameters bound as
declared, tables read as declared, no function that reaches outside the session. The output columns are proven by the
engine when the rule has run over the staged tables, before its result counts.
"""

import dataclasses
import difflib
import hashlib
import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import duckdb
import msgspec

from audit import assets
from audit.errors import ConfigError, RuleError
from audit.rules.sql_tables import SqlTables, prove_harmless, tables_of, tree_of
from audit.terms import About, ParamValue, Partition

# The tables that a rule may read; docs/writing-rules.md describes their columns.
READABLE = frozenset(
    {
        "body_area", "claim_line", "export_column", "export_line", "export_visit", "export_year", "first_code", "judged_pair",
        "lexicon", "line_area", "missing_time", "modifier_conflict", "modifier_role", "mue", "note", "payer_limit",
        "paired_line", "payer_never_beside", "payer_policy", "procedure", "provider_role", "ptp_coverage", "ptp_edit", "ptp_pair",
        "separated_pair", "superseded_service", "threshold", "unit_without_time", "visit", "visit_code", "year_line",
    }
)  # fmt: skip

_FRONT = re.compile(r"\A\s*/\*\+\+\+\n(?P<front>.*?)\n\+\+\+\*/\n(?P<sql>.*)\Z", re.DOTALL)
_PARAM_TYPE: dict[str, tuple[type, ...]] = {"integer": (int,), "number": (int, float), "text": (str,), "boolean": (bool,)}


class Param(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A setting of a rule that audit.toml may move off its default."""

    type: Literal["integer", "number", "text", "boolean"]
    default: ParamValue
    help: str

    def accepts(self, value: object) -> bool:
        """Whether a value is of the declared type (a boolean is no integer)."""
        return isinstance(value, _PARAM_TYPE[self.type]) and (self.type == "boolean" or not isinstance(value, bool))


class FrontMatter(About, frozen=True, forbid_unknown_fields=True):
    """What a rule says of itself; the source of its page, of the report's wording and of the findings' columns."""

    partition_by: Partition
    params: dict[str, Param] = msgspec.field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A proven rule: its front matter, its one SELECT, and the values its parameters have in this run."""

    front: FrontMatter
    sql: str
    path: Path
    sha256: str
    values: Mapping[str, ParamValue]

    @property
    def id(self) -> str:
        """Rule id, for example TIM001."""
        return self.front.id

    @property
    def is_shipped(self) -> bool:
        """Whether it comes with the program, whose tests prove on its cases what of a user's rule is proven in each run."""
        return self.path.is_relative_to(assets.queries())


def load(own_folders: Iterable[Path] = (), settings: Mapping[str, Mapping[str, Any]] | None = None) -> tuple[Rule, ...]:
    """Every shipped rule and every rule below the user's own folders, ordered by id, with parameters as `settings` says.

    Raises RuleError for a file that is no valid rule and ConfigError for a setting that names no rule or parameter.
    """
    files = sorted(path for folder in (assets.queries() / "rules", *own_folders) for path in folder.rglob("*.sql"))
    known = SqlTables.of_macros(assets.queries() / "macros")
    rules = sorted((read(path, known) for path in files), key=lambda rule: rule.id)
    for first, second in itertools.pairwise(rules):
        if first.id == second.id:
            raise RuleError(
                f"Rule {first.id} stands in two files: {first.path} and {second.path}.", "Give one of them another id."
            )
    return _with_settings(rules, settings or {})


def choose(rules: Iterable[Rule], select: Iterable[str], ignore: Iterable[str]) -> tuple[Rule, ...]:
    """The rules to run. Ids may be prefixes: TIM stands for every rule whose id begins so. Raises ConfigError."""
    rules = tuple(rules)
    for wanted in (*select, *ignore):
        if not any(rule.id.startswith(wanted) for rule in rules):
            raise ConfigError(f"No rule begins with {wanted!r}.", "See `claims-audit rules` for the ids.")
    selected = tuple(select) or ("",)
    return tuple(r for r in rules if r.id.startswith(selected) and not r.id.startswith(tuple(ignore) or ("\0",)))


def find(rules: Iterable[Rule], rule_id: str) -> Rule:
    """The rule of that id, however it is cased. Raises ConfigError with the nearest ids."""
    by_id = {rule.id: rule for rule in rules}
    if rule_id.upper() not in by_id:
        near = difflib.get_close_matches(rule_id.upper(), by_id, n=3, cutoff=0.5)
        raise ConfigError(
            f"There is no rule {rule_id!r}.", f"Did you mean {', '.join(near)}?" if near else "See `claims-audit rules`."
        )
    return by_id[rule_id.upper()]


def as_json(rule: Rule) -> dict[str, Any]:
    """Everything a rule file says, as plain JSON values, with the parameters' values in force."""
    facts: dict[str, Any] = msgspec.to_builtins(rule.front)
    for name, param in facts["params"].items():
        param["value"] = rule.values[name]
    return {**facts, "sql": rule.sql, "sha256": rule.sha256}


def read(path: Path, known: SqlTables) -> Rule:
    """One rule file, proven. Raises RuleError that names the file."""
    return _proven(path, path.read_text(encoding="utf-8"), known)


@lru_cache(maxsize=1024)
def _proven(path: Path, text: str, known: SqlTables) -> Rule:
    """The rule that a text holds. What was proven once in this process (a job may be one of many) is not proven again."""
    parts = _FRONT.match(text)
    if parts is None:
        raise RuleError(
            f"{path}: the file does not begin with front matter between /*+++ and +++*/.", "See docs/writing-rules.md."
        )
    try:
        front = msgspec.toml.decode(parts["front"].encode(), type=FrontMatter)
    except msgspec.DecodeError as error:
        raise RuleError(f"{path}: front matter: {error}.", "docs/writing-rules.md lists every key and what it may be.") from error
    sql = parts["sql"].strip().rstrip(";")
    _prove(path, front, sql, known)
    values = {name: param.default for name, param in front.params.items()}
    return Rule(front, sql, path, hashlib.sha256(text.encode()).hexdigest(), values)


def _prove(path: Path, front: FrontMatter, sql: str, known: SqlTables) -> None:
    if not path.stem.startswith(f"{front.id}_"):
        raise RuleError(f"{path}: the file's name must begin with the rule's id, {front.id}_.")
    for name, param in front.params.items():
        if not param.accepts(param.default):
            raise RuleError(f"{path}: the default of parameter {name} is not of type {param.type}.")
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise RuleError(f"{path}: the SQL does not parse: {error}") from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise RuleError(f"{path}: a rule is exactly one SELECT statement.")
    _prove_declared(path, "parameters bound", set(statements[0].named_parameters), "params", set(front.params))
    tree = tree_of(sql, path)
    prove_harmless(tree, known, path)
    _prove_declared(path, "tables read", tables_of(tree, known, path), "reads", set(front.reads))
    closed = set(front.reads) - READABLE
    if closed:
        raise RuleError(f"{path}: a rule may not read {min(closed)}.", f"Rules may read {', '.join(sorted(READABLE))}.")


def _prove_declared(path: Path, what: str, found: set[str], key: str, declared: set[str]) -> None:
    if found != declared:
        raise RuleError(
            f"{path}: {what} in the SQL ({', '.join(sorted(found)) or 'none'}) are not those declared under "
            f"{key} ({', '.join(sorted(declared)) or 'none'})."
        )


def _with_settings(rules: list[Rule], settings: Mapping[str, Mapping[str, Any]]) -> tuple[Rule, ...]:
    for rule_id in settings:
        if rule_id not in {rule.id for rule in rules}:
            raise ConfigError(f"audit.toml: [rules.{rule_id}] names no rule.", "See `claims-audit rules` for the ids.")
    return tuple(with_values(rule, settings.get(rule.id, {})) for rule in rules)


def with_values(rule: Rule, settings: Mapping[str, Any]) -> Rule:
    """The rule with some parameters moved off their values. Raises ConfigError for one it lacks or of a wrong type."""
    values = dict(rule.values)
    for name, value in settings.items():
        param = rule.front.params.get(name)
        if param is None:
            known = ", ".join(rule.front.params) or "it has none"
            raise ConfigError(f"audit.toml: rule {rule.id} has no parameter {name!r}.", f"Its parameters: {known}.")
        if not param.accepts(value):
            raise ConfigError(f"audit.toml: {name} of rule {rule.id} must be of type {param.type}, not {value!r}.")
        values[name] = value
    return dataclasses.replace(rule, values=values)
