"""What a SELECT touches, found in its syntax tree: the tables it reads, and whether it reaches outside the staged rows."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from audit.errors import RuleError

Tree = Mapping[str, Any]

# Table functions that make rows out of their own arguments; every other one could read files or settings.
_HARMLESS = frozenset({"unnest", "range", "generate_series"})
_TABLE_MACRO = re.compile(r"CREATE OR REPLACE MACRO (\w+)\(([^)]*)\) AS TABLE\s+(.*?);\s*\Z", re.DOTALL)

# Functions that tell of the machine, the session or the clock, that leave something to chance, or that change something.
_FORBIDDEN = re.compile(
    r"age|current_.*|currval|gen_random_uuid|get_current_.*|getenv|getvariable|has_\w+_privilege|in_search_path|local.*time.*|nextval|now"
    r"|pg_.*|random|session_user|setseed|sleep_.*|stats|today|transaction_timestamp|txid_.*|user|uuid(v\d)?|version|write_.*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SqlTables:
    """The table macros that rules may call, and the tables that each reads."""

    of_macro: Mapping[str, frozenset[str]]

    @classmethod
    def of_macros(cls, folder: Path) -> "SqlTables":
        """Read the table macros of a folder, one a file. Raises RuleError where one does not parse."""
        found = {}
        for path in sorted(folder.glob("*.sql")):
            macro = _TABLE_MACRO.search(path.read_text(encoding="utf-8"))
            if macro:
                found[macro[1]] = frozenset(tables_of(tree_of(macro[3], path), cls({"query_table": frozenset()}), path))
        return cls(found)


def tree_of(sql: str, path: Path) -> Tree:
    """The syntax tree of one SELECT. `path` is for the error message only. Raises RuleError where it does not parse."""
    tree: Tree = json.loads(duckdb.execute("SELECT json_serialize_sql($1)", [sql]).fetchall()[0][0])
    if tree.get("error"):
        raise RuleError(f"{path}: the SQL does not parse: {tree.get('error_message')}")
    return tree


def tables_of(tree: Tree, known: SqlTables, path: Path) -> set[str]:
    """Names of the tables that a SELECT reads; a CTE is no table where its name is in scope.

    Raises RuleError for a table function that is neither harmless nor one of the known macros.
    """
    return {table for node, scope in _scoped(tree, frozenset()) for table in _tables_of_node(node, known, path) - scope}


def prove_harmless(tree: Tree, path: Path) -> None:
    """Raises RuleError where a SELECT asks for the machine, the session, the clock or chance, or would change something."""
    for node, _ in _scoped(tree, frozenset()):
        names = node.get("column_names", [])
        name = node.get("function_name") or (names[0] if len(names) == 1 else "")
        if _FORBIDDEN.fullmatch(str(name)):
            raise RuleError(f"{path}: a rule may not use {name}: it knows nothing but the staged rows.")
        if node.get("type") == "SHOW_REF":
            raise RuleError(f"{path}: a rule may not describe, summarize or show tables.")
        if node.get("sample"):
            raise RuleError(f"{path}: a rule may not sample: two runs must agree.")


def _tables_of_node(node: Tree, known: SqlTables, path: Path) -> frozenset[str]:
    if node.get("type") == "BASE_TABLE":
        if node.get("schema_name") or node.get("catalog_name"):
            raise RuleError(f"{path}: {node['schema_name']}.{node['table_name']} is not a staging table.")
        return frozenset({str(node["table_name"])})
    if node.get("type") == "TABLE_FUNCTION":
        return _tables_of_function(node["function"], known, path)
    return frozenset()


def _tables_of_function(function: Tree, known: SqlTables, path: Path) -> frozenset[str]:
    name = function["function_name"]
    if name in known.of_macro:
        # A table macro may be handed the name of a table as text; that table is read too.
        handed = (argument["expression"].get("literal", {}).get("text") for argument in function["arguments"])
        return known.of_macro[name] | {str(text) for text in handed if text}
    if name in _HARMLESS:
        return frozenset()
    raise RuleError(f"{path}: a rule may not call the table function {name}: it reads outside the staged tables.")


def _scoped(tree: Any, scope: frozenset[str]) -> Iterator[tuple[Tree, frozenset[str]]]:
    """Every node of a tree with the names of the CTEs that can be seen from it."""
    if isinstance(tree, list):
        for value in tree:
            yield from _scoped(value, scope)
    if not isinstance(tree, dict):
        return
    if tree.get("type") == "RECURSIVE_CTE_NODE":
        scope |= {tree["cte_name"]}
    for entry in tree.get("cte_map", {}).get("map", []):
        # A CTE sees those before it and not itself: there its own name is the table of that name.
        yield from _scoped(entry["value"], scope)
        scope |= {entry["key"]}
    yield tree, scope
    for key, value in tree.items():
        if key != "cte_map":
            yield from _scoped(value, scope)
