"""A wide file as a raw table of one claim line a row: each group across that holds something is a row of its own.

The long table has the file's own fields in their places. A group's column stands in the field of its first group; the
fields of the other groups are empty. `place` is the group's number, 0 for a row of the file none of whose groups holds
anything: it stays, so that it can be rejected and counted.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

import duckdb

from audit.contract import BY_NAME, MONEY_COLUMNS, Kind
from audit.errors import ReconciliationError
from audit.intake.raw import Field, RawTable
from audit.intake.shapes import is_blank
from audit.intake.store import table_of
from audit.intake.totals import amount_of
from audit.intake.wide import Groups

# Systems fill unused groups with noughts; a nought without a code is no service.
_NOUGHT = r"\s*\$?\s*0*(\.0*)?\s*"
_COUNTED = (Kind.MONEY, Kind.UNITS, Kind.MINUTES)
_AGAIN = "Nothing was audited. Export one line a row, and report this file's shape."
_EMPTY = "CAST(NULL AS VARCHAR)"


def unpivoted(table: RawTable, groups: Groups) -> RawTable:
    """The long table. It has a row number of its own, so the order in which it is read does not matter."""
    inside = groups.indices()
    shared = [index for index in range(len(table.fields)) if index not in inside]
    texts = "".join(f", {table.fields[index].text} AS f{index}" for index in shared)
    names = "".join(f", f{index}" for index in shared)
    leads = {name: groups.lead(name) for name in groups.fields}
    parts = "".join(f", part.f{lead} AS f{lead}" for lead in leads.values())
    lined = ", ".join(_group(table, groups, place) for place in range(1, groups.count + 1))
    nothing = ", ".join(["place: 0", *(f"f{lead}: {_EMPTY}" for lead in leads.values())])
    held = " OR ".join(_holds(name, f"part.f{lead}") for name, lead in leads.items())
    relation = f"""(
        SELECT export_row, part.place AS place{names}{parts}
        FROM (
            SELECT export_row{names}, unnest(CASE WHEN len(held) > 0 THEN held ELSE [{{{nothing}}}] END) AS part
            FROM (
                SELECT {table.source_row} AS export_row{texts}, list_filter([{lined}], lambda part: {held}) AS held
                FROM {table.relation}
            )
        )
    )"""
    kept = set(shared) | set(leads.values())
    fields = tuple(Field(field.header, f"f{index}" if index in kept else _EMPTY) for index, field in enumerate(table.fields))
    return RawTable(
        format=f"{table.format}, {groups.count} groups across",
        relation=relation,
        fields=fields,
        source_row="export_row",
        broken=table.broken,
        warnings=table.warnings,
        place="place",
        export_rows=table.rows,
    )


def unpivoted_sample(sample: Sequence[Sequence[str]], groups: Groups) -> tuple[tuple[str, ...], ...]:
    """Sampled rows laid out as the long table, for guesses by value."""
    inside = groups.indices()
    long = []
    for row in sample:
        for place in range(1, groups.count + 1):
            cells = ["" if index in inside else cell for index, cell in enumerate(row)]
            held = False
            for name, fields in groups.fields.items():
                cell = row[fields[place]] if fields[place] < len(row) else ""
                lead = groups.lead(name)
                if lead < len(cells):
                    cells[lead] = cell
                held = held or _is_held(name, cell)
            if held:
                long.append(tuple(cells))
    return tuple(long)


def prove(con: duckdb.DuckDBPyConnection, name: str, wide: RawTable, groups: Groups, file_no: int) -> None:
    """ReconciliationError where a row of the file made no line, or the groups' amounts are not those of the lines."""
    found = con.execute(f"SELECT count(DISTINCT source_row) FROM {table_of(file_no)}").fetchone()
    if not found or found[0] != wide.rows:
        raise ReconciliationError(f"{name} has {wide.rows} rows and lines were made of {(found or (0,))[0]}.", _AGAIN)
    for column in (column for column in MONEY_COLUMNS if column in groups.fields):
        cells = ", ".join(wide.fields[index].text for index in groups.fields[column].values())
        in_file = _total(con, f"SELECT unnest([{cells}]) AS cell FROM {wide.relation}")
        in_lines = _total(con, f"SELECT {column}_raw AS cell FROM {table_of(file_no)}")
        if in_file != in_lines:
            raise ReconciliationError(
                f"{name}: {column} adds up to {in_file} over the groups of the export and to {in_lines} over its lines.",
                _AGAIN,
            )


def _total(con: duckdb.DuckDBPyConnection, query: str) -> Decimal:
    found = con.execute(f"SELECT cell, count(*) FROM ({query}) WHERE cell IS NOT NULL GROUP BY cell").fetchall()
    return sum(((amount_of(cell) or Decimal(0)) * count for cell, count in found), Decimal(0))


def _group(table: RawTable, groups: Groups, place: int) -> str:
    cells = (f"f{groups.lead(name)}: {table.fields[fields[place]].text}" for name, fields in groups.fields.items())
    return f"{{place: {place}, {', '.join(cells)}}}"


def _holds(name: str, cell: str) -> str:
    """SQL for whether a cell of a group holds anything."""
    if BY_NAME[name].kind in _COUNTED:
        return f"NOT (is_blank({cell}) OR regexp_full_match({cell}, '{_NOUGHT}'))"
    return f"NOT is_blank({cell})"


def _is_held(name: str, cell: str) -> bool:
    nought = BY_NAME[name].kind in _COUNTED and re.fullmatch(_NOUGHT, cell)
    return not (is_blank(cell) or nought)
