"""Reads a file's rows into the session: quickly where that gives every row, else by the next way that its format has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from audit.errors import ReconciliationError
from audit.intake.columns.mapping import FileMapping
from audit.intake.files.watch import Watch
from audit.intake.opening import Export
from audit.intake.raw import RawTable
from audit.intake.rows.store import Store

# What DuckDB says of a file that keeps no rules: the next way may still lead through it.
_REFUSALS = (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.NotImplementedException)
Settle = Callable[[RawTable], FileMapping]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's stored rows: the table they were read from, their numbers, and the mapping they were read by."""

    table: RawTable
    numbers: Sequence[int]
    mapping: FileMapping


def read_rows(store: Store, file_no: int, export: Export, settle: Settle, watch: Watch) -> Reading:
    """Store the file's rows by the first of its passes that gives all of them.

    `settle` gives the mapping for a table, once what only its values tell is known. ReconciliationError where rows are
    missing, DuckDB's error where no way leads through the file.
    """
    refusal: duckdb.Error | None = None
    for attempt in export.opened.passes(watch):
        table = export.layout.lines(attempt.table)
        try:
            mapping = settle(table)
            lines = store.insert(table, mapping, file_no)
        except _REFUSALS as error:
            refusal = error
            continue
        rows = export.layout.rows(store.con, file_no, lines)
        numbers = attempt.numbers(rows)
        if numbers is not None:
            store.number_rows(file_no, numbers)
            export.layout.prove(store.con, export.name, attempt.table, mapping, file_no)
            return Reading(attempt.table, numbers, mapping)
        refusal = None
        store.drop(file_no)
    if refusal is not None:
        raise refusal
    raise ReconciliationError(
        f"{export.name}: rows are missing: a reader gave another number of rows than the file has.",
        "Nothing was audited. Export it again.",
    )
