"""Which rules rest on which column of an export: told from the SQL of the rules and of staging, and from nothing else.

A rule rests on a column where its SELECT names it, or names a staged column that is made from it. Staging is followed
expression by expression, and a name only into the tables that the SELECT reads, and those that these are made of; what decides
only which rows are joined is not.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from audit import assets
from audit.contract import BY_NAME, PAYER_COLUMNS
from audit.errors import MissingFieldsError
from audit.rules.catalogue import Rule
from audit.rules.sql_tables import tree_of

# Without these a line is taken for the plain case (an original claim, primary, in an office, without that modifier, of no feed
# of CMS's), and every rule judges it.
PLAIN_WITHOUT = frozenset(
    {
        "claim_frequency_code",
        "original_claim_id",
        "is_void",
        "is_deleted",
        "line_status",
        "denial_mark",
        "denial_reason",
        "encounter_id",
        "payer_sequence",
        "bill_type",
        "service_date_to",
        "cms_adjustment_type",
        "cms_control_number",
        "cms_effective_date",
        "cms_processing_indicator",
        "cms_denial_code",
    }
    | {f"modifier_{place}" for place in range(1, 5)}
)
_PAYER = "payer"
_MOST_SHOWN = 12
_STAGED = re.compile(r"CREATE OR REPLACE (?:TABLE|VIEW) (\w+) AS\s+(.*?);?\s*\Z", re.DOTALL)
_TABLE_MACRO = re.compile(r"CREATE OR REPLACE MACRO (\w+)\([^)]*\) AS TABLE\s+(.*?);?\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class _Staged:
    """A staged table: column -> the names in the expressions that it is made by; and every table that these may be of."""

    made: Mapping[str, set[str]]
    reads: frozenset[str]


Staging = Mapping[str, _Staged]


def rules_by_column(catalogue: Sequence[Rule]) -> dict[str, tuple[str, ...]]:
    """Contract column -> ids of the rules that rest on it, in the catalogue's order; columns that no rule reads are left out."""
    staging, macros = _staging(), _table_macros()
    resting: dict[str, list[str]] = defaultdict(list)
    for rule in catalogue:
        tree = tree_of(rule.sql, rule.path)
        named = set(_named(tree)).union(*(macros[name].named for name in _called(tree) if name in macros))
        for column in _followed(named, _within(_read_by(tree, macros), staging), staging) & BY_NAME.keys():
            resting[column].append(rule.id)
    return {column: tuple(resting[column]) for column in BY_NAME if column in resting}


def rules_naming(catalogue: Sequence[Rule], column: str) -> frozenset[str]:
    """Ids of the rules whose own SELECT names the column, so that no other column can serve in its place."""
    return frozenset(rule.id for rule in catalogue if column in set(_named(tree_of(rule.sql, rule.path))))


def cost_of(field: str, resting: Mapping[str, tuple[str, ...]]) -> str:
    """What the lack of a required field costs, in a sentence. `field` is a contract column, or "payer" for any of its three."""
    columns = PAYER_COLUMNS if field == _PAYER else (field,)
    ids = sorted({rule for column in columns for rule in resting.get(column, ())})
    shown = ", ".join(ids[:_MOST_SHOWN]) + (f" and {len(ids) - _MOST_SHOWN} more" if len(ids) > _MOST_SHOWN else "")
    if not ids:
        return f"Without {field} a line cannot be told from others, and nothing is audited."
    rest = "rules rest" if len(ids) > 1 else "rule rests"
    return f"Without {field} nothing is audited: {len(ids)} {rest} on it ({shown})."


@contextmanager
def told(catalogue: Sequence[Rule]) -> Iterator[None]:
    """Where intake refuses an export for what it lacks, say as well which rules rest on that."""
    try:
        yield
    except MissingFieldsError as error:
        resting = rules_by_column(catalogue)
        costs = "\n".join(cost_of(field, resting) for field in error.fields)
        raise MissingFieldsError(error.message, f"{error.hint}\n{costs}", error.fields) from error


@dataclass(frozen=True)
class _Macro:
    """What a table macro names, and the tables that it reads."""

    named: frozenset[str]
    tables: frozenset[str]


@cache
def _staging() -> Staging:
    """The staged tables by name. One that several statements make has the columns of all."""
    found: dict[str, _Staged] = {}
    for path, query in _queries("staging"):
        staged = _STAGED.search(query)
        if not staged:
            continue
        tree, before = tree_of(staged[2], path), found.get(staged[1], _Staged({}, frozenset()))
        made: dict[str, set[str]] = defaultdict(set, before.made)
        for item in _select_items(tree):
            made[str(item["alias"])].update(_named(item))
        found[staged[1]] = _Staged(made, before.reads | _read_by(tree, _table_macros()))
    return found


@cache
def _table_macros() -> dict[str, _Macro]:
    found = {}
    for path, query in _queries("macros"):
        macro = _TABLE_MACRO.search(query)
        if macro:
            tree = tree_of(macro[2], path)
            found[macro[1]] = _Macro(frozenset(_named(tree)), _read_by(tree, {}))
    return found


def _read_by(tree: Any, macros: Mapping[str, _Macro]) -> frozenset[str]:
    """Names of the tables in a tree, CTEs among them, and of those that its table macros read."""
    named = {str(node["table_name"]) for node in _nodes(tree) if node.get("type") == "BASE_TABLE"}
    return frozenset(named.union(*(macros[name].tables for name in _called(tree) if name in macros)))


def _within(tables: Iterable[str], staging: Staging) -> frozenset[str]:
    """The staged tables among these, and all that they are made of: a star hands columns on under their own names."""
    seen: set[str] = set()
    waiting = list(tables)
    while waiting:
        table = waiting.pop()
        if table in staging and table not in seen:
            seen.add(table)
            waiting += staging[table].reads
    return frozenset(seen)


def _queries(folder: str) -> Iterator[tuple[Path, str]]:
    for path in sorted((assets.queries() / folder).glob("*.sql")):
        for statement in duckdb.extract_statements(path.read_text(encoding="utf-8")):
            yield path, statement.query


def _followed(names: Iterable[str], tables: frozenset[str], staging: Staging) -> set[str]:
    """The names, as columns of these tables, and all that they are made of."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, tables) for name in names]
    while waiting:
        name, scope = waiting.pop()
        if (name, scope) in seen:
            continue
        seen.add((name, scope))
        for table in scope:
            if name in staging[table].made:
                inner = _scopes(table)
                waiting += [(made_of, inner) for made_of in staging[table].made[name]]
    return {name for name, _ in seen}


@cache
def _scopes(table: str) -> frozenset[str]:
    """Where the names of a staged table's SQL may come from: itself, for its CTEs, and what it is made of."""
    return _within((table,), _staging())


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)
    elif isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _nodes(value)


def _named(tree: Any) -> Iterator[str]:
    """Every column name in a tree, with those that a join USING names."""
    for node in _nodes(tree):
        if node.get("class") == "COLUMN_REF":
            yield from node["column_names"]
        yield from node.get("using_columns") or ()


def _called(tree: Any) -> Iterator[str]:
    for node in _nodes(tree):
        if node.get("function_name"):
            yield str(node["function_name"])


def _select_items(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Expressions of every SELECT list that have a name of their own."""
    for node in _nodes(tree):
        for item in node.get("select_list") or ():
            if item.get("alias"):
                yield item
