"""What is strange about a file's rows though every cell of them can be read: said in a sentence, and nothing is changed."""

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.intake.columns.mapping import FileMapping
from audit.intake.rows.numbering import table_of


def oddities(con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping) -> list[str]:
    """Sentences on amounts below zero, units of nought, and numbers whose digits are lost."""
    said = _lost_digits(con, file_no, name)
    money = [column for column in MONEY_COLUMNS if mapping.named(column) is not None]
    below = [(column, count) for column in money if (count := _count(con, file_no, f"{column} < 0"))]
    if below:
        listed = ", ".join(f"{column} on {count:,} {'row' if count == 1 else 'rows'}" for column, count in below)
        said.append(f"{name}: some amounts are below zero and were read as they stand ({listed}).")
    if mapping.named("units") is not None and (count := _count(con, file_no, "units = 0 AND left_out IS NULL")):
        said.append(f"{name}: {count:,} {'row has' if count == 1 else 'rows have'} 0 units.")
    return said


def _lost_digits(con: duckdb.DuckDBPyConnection, file_no: int, name: str) -> list[str]:
    found = con.execute(
        f"SELECT column_name, count(*) FROM (SELECT unnest(unread) AS column_name FROM {table_of(file_no)} "
        "WHERE unread IS NOT NULL) GROUP BY column_name ORDER BY column_name"
    ).fetchall()
    return [
        f"{name}: {column} is a number in scientific notation on {count:,} {'row' if count == 1 else 'rows'}, whose last digits "
        "are lost; it was not read. Keep the column as text, and do not save the export from a spreadsheet."
        for column, count in found
    ]


def _count(con: duckdb.DuckDBPyConnection, file_no: int, condition: str) -> int:
    found = con.execute(f"SELECT count(*) FROM {table_of(file_no)} WHERE {condition}").fetchone()
    return int(found[0]) if found else 0
