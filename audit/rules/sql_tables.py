"""What a SELECT touches, found in its syntax tree: the tables it reads, and whether it does nothing but read staged rows."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from audit.errors import RuleError
from audit.rules import allowed

Tree = Mapping[str, Any]

_TABLE_MACRO = re.compile(r"CREATE OR REPLACE MACRO (\w+)\(([^)]*)\) AS TABLE\s+(.*?);\s*\Z", re.DOTALL)
_MACRO = re.compile(r"CREATE OR REPLACE MACRO (\w+)\(")


@dataclass(frozen=True, eq=False)
class SqlTables:
    """The macros of the project that rules may call, and the tables that each table macro reads."""

    of_macro: Mapping[str, frozenset[str]]
    macros: frozenset[str] = frozenset()

    @classmethod
    def of_macros(cls, folder: Path) -> "SqlTables":
        """Read the macros of a folder, of table macros one a file. Raises RuleError where one does not parse."""
        return cls._of_texts(tuple((path, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))))

    @classmethod
    @cache
    def _of_texts(cls, files: tuple[tuple[Path, str], ...]) -> "SqlTables":
        found = {}
        names: set[str] = set()
        for path, text in files:
            names.update(_MACRO.findall(text))
            macro = _TABLE_MACRO.search(text)
            if macro:
                found[macro[1]] = frozenset(tables_of(tree_of(macro[3], path), cls({"query_table": frozenset()}), path))
        return cls(found, frozenset(names))


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
    return {table for node, scope in _scoped(tree) for table in _tables_of_node(node, known, path) - scope}


def prove_harmless(tree: Tree, known: SqlTables, path: Path) -> None:
    """Raises RuleError where a SELECT holds a node or a function that stands on no list of audit/rules/allowed.py.

    Nothing else is left that could change rows, or ask for the machine, the session, the clock or chance.
    """
    callable_names = allowed.FUNCTIONS | known.macros
    for node, _ in _scoped(tree):
        kind = node.get("type")
        if isinstance(kind, str) and kind not in allowed.NODES:
            raise RuleError(f"{path}: a rule may not {allowed.refusal(kind)}: it only reads the staged rows.")
        if node.get("sample"):
            raise RuleError(f"{path}: a rule may not sample: two runs must agree.")
        if node.get("at_clause"):
            raise RuleError(f"{path}: a rule may not read another state of a table.")
        _prove_names(node, callable_names, path)


def _prove_names(node: Tree, callable_names: frozenset[str], path: Path) -> None:
    # The function of a table function is proven where its tables are found.
    function = "" if node.get("is_table_function") else str(node.get("function_name", ""))
    columns = node.get("column_names", [])
    bare = str(columns[0]).lower() if len(columns) == 1 else ""
    if function and (node.get("schema") or node.get("catalog")):
        raise RuleError(f"{path}: a rule may not name a schema before {function}.")
    if (function and function.lower() not in callable_names) or bare in allowed.BARE:
        raise RuleError(f"{path}: a rule may not use {function or bare}: it is not among the functions of rules.")


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
        handed = [argument["expression"].get("literal", {}).get("text") for argument in function["arguments"]]
        if name != "query_table" and not all(handed):
            raise RuleError(f"{path}: {name} is handed the name of a table, written out between quotation marks.")
        return known.of_macro[name] | {str(text) for text in handed if text}
    if name in allowed.TABLE_FUNCTIONS:
        return frozenset()
    raise RuleError(f"{path}: a rule may not call the table function {name}: it reads outside the staged tables.")


def _scoped(tree: Tree) -> list[tuple[Tree, frozenset[str]]]:
    """Every node of a tree with the names of the CTEs that can be seen from it."""
    found: list[tuple[Tree, frozenset[str]]] = []
    _gather(tree, frozenset(), found)
    return found


def _gather(tree: Any, scope: frozenset[str], found: list[tuple[Tree, frozenset[str]]]) -> None:
    # Two thirds of a tree's values are words and numbers: those are not gone into.
    if isinstance(tree, list):
        for value in tree:
            if isinstance(value, dict | list):
                _gather(value, scope, found)
        return
    if tree.get("type") == "RECURSIVE_CTE_NODE":
        scope |= {tree["cte_name"]}
    for entry in tree.get("cte_map", {}).get("map", []):
        # A CTE sees those before it and not itself: there its own name is the table of that name.
        _gather(entry["value"], scope, found)
        scope |= {entry["key"]}
    found.append((tree, scope))
    for key, value in tree.items():
        if key == "function" and tree.get("type") == "TABLE_FUNCTION":
            _gather({**value, "is_table_function": True}, scope, found)
        elif key != "cte_map" and isinstance(value, dict | list):
            _gather(value, scope, found)
