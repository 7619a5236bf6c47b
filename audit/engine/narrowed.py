"""A statement of staging cut down to the columns that somebody reads: the wide table of lines is written once, and narrow.

What is cut is told from the syntax tree: items of the last SELECT whose name nobody knows, then the LEFT JOINs that no item is
left to name (such a join adds columns to a line and never takes a line away), then columns that came along by a star. The
file in queries/staging stays whole, and says what the columns mean.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import duckdb

from audit.engine.sql_files import FileStatement
from audit.rules.sql_tables import tree_of

Node = dict[str, Any]


def narrowed(step: FileStatement, names: frozenset[str]) -> FileStatement:
    """The statement `CREATE ... AS SELECT` with those of its columns alone that are among `names`."""
    path, statement = step
    head, _, select = statement.query.partition(" AS\n")
    tree = dict(tree_of(select.strip().rstrip(";"), path))
    node: Node = tree["statements"][0]["node"]
    node["select_list"] = _named_items(node["select_list"], names)
    while _drop_a_join(node):
        pass
    kept = ", ".join(f"'{name}'" for name in sorted(names))
    ((body,),) = duckdb.execute("SELECT json_deserialize_sql($1)", [json.dumps(tree)]).fetchall()
    sql = f"{head} AS SELECT COLUMNS(lambda name : name IN ({kept})) FROM ({body.rstrip(';')}) AS whole"
    return path, duckdb.extract_statements(sql)[0]


def _named_items(items: list[Node], names: frozenset[str]) -> list[Node]:
    """The items that are wanted, and those that a wanted one names; a star is kept."""
    wanted = {at for at, item in enumerate(items) if item["type"] == "STAR" or _name(item) in names}
    while True:
        told = {column for at in wanted for parts in _columns(items[at]) for column in parts[-1:]}
        more = {at for at, item in enumerate(items) if _name(item) in told} - wanted
        if not more:
            return [items[at] for at in sorted(wanted)]
        wanted |= more


def _drop_a_join(node: Node) -> bool:
    """Take one LEFT JOIN away whose table nothing else names; False where there is none."""
    parent, key, join = node, "from_table", node["from_table"]
    while join["type"] == "JOIN":
        if join["join_type"] == "LEFT" and _alias(join["right"]) not in _tables_named(node, but=join):
            parent[key] = join["left"]
            return True
        parent, key, join = join, "left", join["left"]
    return False


def _tables_named(node: Node, but: Node) -> set[str]:
    """The tables that the SELECT names outside one of its joins."""
    found = {parts[0] for parts in _columns([node["select_list"], node["where_clause"]]) if len(parts) > 1}
    found |= {item["relation_name"] for item in node["select_list"] if item["type"] == "STAR"}
    join = node["from_table"]
    while join["type"] == "JOIN":
        if join is not but:
            found |= {parts[0] for parts in _columns(join["condition"]) if len(parts) > 1}
        join = join["left"]
    return found


def _name(item: Node) -> str:
    return str(item["alias"] or (item["column_names"][-1] if item["type"] == "COLUMN_REF" else ""))


def _alias(table: Node) -> str:
    return str(table["alias"] or table.get("table_name", ""))


def _columns(tree: Any) -> Iterator[list[str]]:
    """The names of every column that a tree refers to, each as its parts: (table, column) or (column)."""
    if isinstance(tree, Mapping):
        if tree.get("type") == "COLUMN_REF":
            yield list(tree["column_names"])
        yield from _columns(tree.values())
    elif isinstance(tree, Iterable) and not isinstance(tree, str):
        for one in tree:
            yield from _columns(one)
