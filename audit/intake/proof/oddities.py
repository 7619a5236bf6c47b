"""What is strange about a file's rows though every cell of them can be read: said in a sentence, and nothing is changed."""

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.intake.columns.mapping import FileMapping
from audit.intake.rows.store import table_of


def oddities(con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping) -> list[str]:
    """Sentences on amounts below zero and units of nought."""
    said = []
    money = [column for column in MONEY_COLUMNS if mapping.named(column) is not None]
    below = [(column, count) for column in money if (count := _count(con, file_no, f"{column} < 0"))]
    if below:
        listed = ", ".join(f"{column} on {count:,} {'row' if count == 1 else 'rows'}" for column, count in below)
        said.append(f"{name}: some amounts are below zero and were read as they stand ({listed}).")
    if mapping.named("units") is not None and (count := _count(con, file_no, "units = 0")):
        said.append(f"{name}: {count:,} {'row has' if count == 1 else 'rows have'} 0 units.")
    return said


def _count(con: duckdb.DuckDBPyConnection, file_no: int, condition: str) -> int:
    found = con.execute(f"SELECT count(*) FROM {table_of(file_no)} WHERE {condition}").fetchone()
    return int(found[0]) if found else 0
