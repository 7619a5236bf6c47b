"""Rows of a report that are no claims, set apart before rows are counted; totals among them are held against the rows."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import duckdb

from audit.intake.columns.mapping import FileMapping
from audit.intake.formats.structure import AMOUNTS, CAPTION, NAMED, TOTAL, Structure, passed_over
from audit.intake.proof.totals_lines import judge_totals
from audit.intake.raw import ORDER_TELLS, RawTable
from audit.intake.rows.numbering import rows_of, table_of
from audit.intake.rows.store import Store

_REQUIRED = ("claim_id", "patient_id", "service_date", "procedure_code", "units")
_LAST_ROWS = 3
_BATCH = 10_000
# Titles are kept without blanks and signs.
_NPI = re.compile(r"NPI\D{0,4}\d{10}(?!\d)", re.IGNORECASE)


@dataclass(slots=True)
class Apart:
    """How many rows were set apart, by what they are, and how the totals among them compare with the rows."""

    counts: Counter[str] = field(default_factory=Counter)
    rows: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)
    names_npi: bool = False

    def said(self, name: str, mapping: FileMapping) -> list[str]:
        """A sentence for each kind, and for totals that the rows do not add up to; what agrees stands in `agreed`."""
        kinds = [f"{name}: {passed_over(what, count)}." for what, count in sorted(self.counts.items())]
        if self.names_npi and mapping.named("rendering_npi") is None:
            kinds.append(
                f"{name}: a caption or title names an NPI, and the lines have no column for one: no line has the NPI of who "
                "treated. Export it on each line."
            )
        return kinds + self.wrong


def set_apart(store: Store, file_no: int, name: str, table: RawTable, numbers: Sequence[int], mapping: FileMapping) -> Apart:
    """Take the rows out of the file's table that are no claims.

    `table` is the file's own, not that of a wide file's lines, and `numbers` are those of its rows.
    """
    con = store.con
    apart = Apart(Counter(table.apart), names_npi=any(map(_NPI.search, table.titles)))
    # A row of as many cells as the header is no line of a note, whatever prose the file holds.
    structure = Structure(tuple(one.header for one in table.fields), table.titles)
    suspects = _suspects(con, file_no)
    last = _last_rows(con, file_no) if suspects else frozenset()
    totals: dict[int, bool] = {}
    for rows, cells in _cells(con, table, numbers, suspects):
        what = structure.what_is(cells)
        if what in (TOTAL, AMOUNTS, NAMED):
            totals |= {row: what == TOTAL or (what == AMOUNTS and row in last) for row in rows}
        elif what is not None:
            apart.counts[what] += len(rows)
            apart.rows += rows
            apart.names_npi |= what == CAPTION and any(_NPI.search(cell) for cell in cells)
    judged = judge_totals(con, file_no, name, mapping, totals, apart.rows, frozenset(suspects))
    apart.counts += Counter({TOTAL: len(judged.rows)})  # which leaves noughts out
    apart.rows += judged.rows
    apart.wrong += judged.wrong
    apart.agreed += judged.agreed
    store.set_apart(file_no, apart.rows)
    return apart


def _suspects(con: duckdb.DuckDBPyConnection, file_no: int) -> list[int]:
    """Rows that lack two at least of what a claim line must have, in every line of theirs."""
    held = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {rows_of(file_no)}").fetchall()}
    lacking = " + ".join(f"({column} IS NULL)::INTEGER" for column in _REQUIRED if column in held)
    is_suspect = f"coalesce(len(faults) > 0, FALSE) AND {lacking} >= 2"
    if not con.execute(f"SELECT 1 FROM {table_of(file_no)} WHERE {is_suspect} LIMIT 1").fetchone():
        return []
    found = con.execute(
        f"""
        SELECT row_number FROM {rows_of(file_no)}
        GROUP BY row_number
        HAVING bool_and({is_suspect})
        ORDER BY row_number
        """
    ).fetchall()
    return [row for (row,) in found]


def _cells(
    con: duckdb.DuckDBPyConnection, table: RawTable, numbers: Sequence[int], rows: Sequence[int]
) -> Iterator[tuple[list[int], list[str]]]:
    """The rows' raw cells, read once more from the file's table, each time with the numbers of all rows that hold the same."""
    if not rows:
        return
    # Where notes run over lines, the order of the table's rows is not yet the number of their lines.
    counted = table.source_row == ORDER_TELLS
    places = {table.ahead + 1 + bisect_left(numbers, row) if counted else row: row for row in rows}
    cells = ", ".join(f"CAST({one.text} AS VARCHAR)" for one in table.fields)
    cursor = con.cursor().execute(
        f"SELECT list(place), cells FROM (SELECT {table.row_number} AS place, [{cells}] AS cells FROM {table.relation}) "
        "WHERE place IN (SELECT unnest(CAST(? AS BIGINT[]))) GROUP BY cells",
        [list(places)],
    )
    while batch := cursor.fetchmany(_BATCH):
        for found, held in batch:
            yield [places[place] for place in found], [cell or "" for cell in held]


def _last_rows(con: duckdb.DuckDBPyConnection, file_no: int) -> frozenset[int]:
    found = con.execute(
        f"SELECT DISTINCT row_number FROM {rows_of(file_no)} ORDER BY row_number DESC LIMIT {_LAST_ROWS}"
    ).fetchall()
    return frozenset(row for (row,) in found)
