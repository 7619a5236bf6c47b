"""Which tables a SELECT reads, found in its syntax tree; refuses functions that would reach outside the session."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from audit.errors import RuleError

# Table functions that make rows out of their own arguments; every other one could read files or settings.
_HARMLESS = frozenset({"unnest", "range", "generate_series"})
_TABLE_MACRO = re.compile(r"CREATE OR REPLACE MACRO (\w+)\(([^)]*)\) AS TABLE\s+(.*?);\s*\Z", re.DOTALL)


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
                found[macro[1]] = frozenset(tables_of(macro[3], cls({"query_table": frozenset()}), path))
        return cls(found)


def tables_of(sql: str, known: SqlTables, path: Path) -> set[str]:
    """Names of the tables that one SELECT reads, its own CTEs left out. `path` is for the error message only.

    Raises RuleError for a table function that is neither harmless nor one of the known macros.
    """
    tree = json.loads(duckdb.execute("SELECT json_serialize_sql($1)", [sql]).fetchall()[0][0])
    if tree.get("error"):
        raise RuleError(f"{path}: the SQL does not parse: {tree.get('error_message')}")
    nodes = list(_nodes(tree))
    ctes = {entry["key"] for node in nodes for entry in node.get("cte_map", {}).get("map", [])}
    tables = set()
    for node in nodes:
        if node.get("type") == "BASE_TABLE":
            tables.add(_plain_name(node, path))
        elif node.get("type") == "TABLE_FUNCTION":
            tables |= _tables_of_function(node["function"]["function_name"], known, path)
    return tables - ctes


def _plain_name(node: Mapping[str, Any], path: Path) -> str:
    if node.get("schema_name") or node.get("catalog_name"):
        raise RuleError(f"{path}: {node['schema_name']}.{node['table_name']} is not a staging table.")
    return str(node["table_name"])


def _tables_of_function(name: str, known: SqlTables, path: Path) -> frozenset[str]:
    if name in known.of_macro:
        return known.of_macro[name]
    if name in _HARMLESS:
        return frozenset()
    raise RuleError(f"{path}: a rule may not call the table function {name}: it reads outside the staged tables.")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)
