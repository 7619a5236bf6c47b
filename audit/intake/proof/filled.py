"""What became of a constant where the file has a column for it: the column counts, and the constant fills its blank cells."""

from collections.abc import Mapping

import duckdb

from audit.intake.columns.mapping import FileMapping
from audit.intake.rows.faults import blank_before
from audit.intake.rows.numbering import table_of


def filled_by_constants(
    con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping, constants: Mapping[str, str]
) -> list[str]:
    """A sentence for each constant whose column the file has, with the rows that leave it blank."""
    said = []
    for column in constants:
        one = mapping.named(column)
        if one is None or not one.constant:
            continue
        found = con.execute(
            f"SELECT count(*) FROM {table_of(file_no)} WHERE {blank_before(column)} AND len(faults) IS DISTINCT FROM 0"
        ).fetchone()
        said.append(f"{name}: {column}: {one.header.strip()!r} fills it; the constant stands {_where(found[0] if found else 0)}.")
    return said


def _where(rows: int) -> str:
    if not rows:
        return "in no row, for none leaves it blank"
    return "in the 1 row where that is blank" if rows == 1 else f"in the {rows:,} rows where that is blank"
