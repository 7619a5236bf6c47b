"""Which rules rest on which column of an export: told from the SQL of the rules and of staging, and from nothing else.

A rule rests on a column where its SELECT names it, or names a staged column that is made from it. Staging is followed
expression by expression; what decides only which rows are joined is not.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
_STAGED = re.compile(r"CREATE OR REPLACE (?:TABLE|VIEW) \w+ AS\s+(.*?);?\s*\Z", re.DOTALL)
_TABLE_MACRO = re.compile(r"CREATE OR REPLACE MACRO (\w+)\([^)]*\) AS TABLE\s+(.*?);?\s*\Z", re.DOTALL)

Made = Mapping[str, set[str]]


def rules_by_column(catalogue: Sequence[Rule]) -> dict[str, tuple[str, ...]]:
    """Contract column -> ids of the rules that rest on it, in the catalogue's order; columns that no rule reads are left out."""
    made, macros = _made_of(), _table_macros()
    resting: dict[str, list[str]] = defaultdict(list)
    for rule in catalogue:
        tree = tree_of(rule.sql, rule.path)
        named = set(_named(tree)).union(*(macros[name] for name in _called(tree) if name in macros))
        for column in _followed(named, made) & BY_NAME.keys():
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


@cache
def _made_of() -> Made:
    """Staged column -> the names in the expressions that it is made by, over all of staging."""
    made: dict[str, set[str]] = defaultdict(set)
    for path, query in _queries("staging"):
        staged = _STAGED.search(query)
        if staged:
            for item in _select_items(tree_of(staged[1], path)):
                made[str(item["alias"])].update(_named(item))
    return made


@cache
def _table_macros() -> dict[str, set[str]]:
    found = {}
    for path, query in _queries("macros"):
        macro = _TABLE_MACRO.search(query)
        if macro:
            found[macro[1]] = set(_named(tree_of(macro[2], path)))
    return found


def _queries(folder: str) -> Iterator[tuple[Path, str]]:
    for path in sorted((assets.queries() / folder).glob("*.sql")):
        for statement in duckdb.extract_statements(path.read_text(encoding="utf-8")):
            yield path, statement.query


def _followed(names: Iterable[str], made: Made) -> set[str]:
    """The names and all that they are made of."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += made.get(name, ())
    return seen


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
