"""What each statement of queries/staging makes and reads, told from its SQL: so that each table is made where its rows are."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import duckdb

from audit import assets
from audit.engine import sql_files
from audit.errors import AuditError
from audit.rules.sql_tables import SqlTables, tables_of, tree_of

Kind = Literal["table", "view", "empty table", "variable", "drop"]

_HEAD = re.compile(
    r"\s*(?:--[^\n]*\n\s*)*"
    r"(CREATE OR REPLACE TABLE|CREATE OR REPLACE VIEW|CREATE TABLE IF NOT EXISTS|SET VARIABLE|DROP TABLE)\s+(?:IF EXISTS\s+)?"
    r"(\w+)\s*(?:AS\b|=)?"
)
_MACRO = re.compile(r"CREATE OR REPLACE MACRO (\w+)")
_VARIABLE = re.compile(r"getvariable\('(\w+)'\)")
_WORD = re.compile(r"\w+")
_CALLED = re.compile(r"\b(\w+)\(")
_KINDS: dict[str, Kind] = {
    "CREATE OR REPLACE TABLE": "table",
    "CREATE OR REPLACE VIEW": "view",
    "CREATE TABLE IF NOT EXISTS": "empty table",
    "SET VARIABLE": "variable",
    "DROP TABLE": "drop",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of staging: the table, view or variable that it `makes`, and the tables and variables that it reads."""

    kind: Kind
    makes: str
    reads: frozenset[str]
    path: Path
    statement: duckdb.Statement

    @property
    def sql(self) -> str:
        """The statement as text, with which it travels."""
        return str(self.statement.query)


@cache
def steps() -> tuple[Step, ...]:
    """Every statement of queries/staging in order. Raises AuditError for one of a form that is not known here."""
    known = SqlTables.of_macros(assets.queries() / "macros")
    return tuple(_step(path, statement, known) for path, statement in sql_files.statements("staging"))


def leading_to(wanted: Iterable[str], given: Collection[str]) -> tuple[Step, ...]:
    """The steps by which the wanted tables, views and variables are made of the given tables; in order.

    Tables that no step makes (reference tables, intake's) are taken to be there.
    """
    makers = {step.makes: step for step in steps() if step.kind != "drop"}
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name in makers and name not in found and name not in given:
            found.add(name)
            waiting += makers[name].reads
    return tuple(step for step in steps() if step.makes in found)


def _step(path: Path, statement: duckdb.Statement, known: SqlTables) -> Step:
    query = statement.query
    head = _HEAD.match(query)
    if head is None:
        raise AuditError(f"{path.name} holds a statement that an engine of parts cannot place.")
    kind = _KINDS[head[1]]
    body = query[head.end() :].strip().rstrip(";")
    if kind == "variable":
        body = f"SELECT {body}"
    reads = tables_of(tree_of(body, path), known, path) if kind in ("table", "view", "variable") else set()
    variables = {name for text in _with_macros(query) for name in _VARIABLE.findall(text)}
    return Step(kind, head[2], frozenset(reads) | variables, path, statement)


def words_of(sql: str) -> frozenset[str]:
    """Every word of a statement and of the macros that it calls: the columns that it can name are among them."""
    return frozenset(word for text in _with_macros(sql) for word in _WORD.findall(text))


def _with_macros(sql: str) -> Iterator[str]:
    """The text of a statement, then those of the macros that it calls, and of those that they call."""
    macros = _macros()
    seen: set[str] = set()
    waiting = [sql]
    while waiting:
        text = waiting.pop()
        yield text
        called = (set(_CALLED.findall(text)) & macros.keys()) - seen
        seen |= called
        waiting += [macros[name] for name in called]


@cache
def _macros() -> Mapping[str, str]:
    """The SQL of each macro of the project by its name."""
    texts = (statement.query for _, statement in sql_files.statements("macros"))
    return {head[1]: text[head.end() :] for text in texts if (head := _MACRO.search(text))}
