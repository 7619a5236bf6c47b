"""The tables of files as claim_row: the rows without fault, in all of the contract's columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from audit.contract import COLUMNS, MONEY_COLUMNS
from audit.intake.raw import sql_text
from audit.intake.rows.coded import Coded, settle_codes
from audit.intake.rows.numbering import FILE_OF_ROW, PLACE_BITS, ROWS_PER_FILE_BITS, rows_of, table_of

# A view over more tables than this takes longer to plan, each time that it is read, than its rows take to copy once.
_MOST_TABLES = 32


@dataclass(frozen=True, slots=True)
class Batch:
    """A table of several files' rows, all without fault, and the contract columns that they fill."""

    table: str
    columns: tuple[str, ...]


def publish(
    con: duckdb.DuckDBPyConnection, files: Mapping[int, Sequence[str]], batches: Sequence[Batch], names: Sequence[str]
) -> Coded:
    """Make claim_row of files (by number, with the columns that each fills) and of batches; `names` are all the files'.

    Gives what is to be said of coded columns.
    """
    selects = {table_of(number): _of_file(number, names[number - 1], files[number]) for number in sorted(files)}
    if batches:
        _name_files(con, names)
    selects |= {batch.table: _of_batch(batch) for batch in batches}
    held = {table_of(number): columns for number, columns in files.items()} | {one.table: one.columns for one in batches}
    for table, columns in held.items():
        _drop_raw(con, table, columns)
        _name_no_person(con, table, columns)
    coded = settle_codes(con, held)
    if len(selects) <= _MOST_TABLES:
        con.execute(f"CREATE OR REPLACE VIEW claim_row AS {' UNION ALL '.join(selects.values())}")
        return coded
    parts = list(selects.values())
    for first in range(0, len(parts), _MOST_TABLES):
        into = "INSERT INTO claim_row" if first else "CREATE OR REPLACE TABLE claim_row AS"
        con.execute(f"{into} {' UNION ALL '.join(parts[first : first + _MOST_TABLES])}")
    for table in selects:
        con.execute(f"DROP TABLE {table}")
    return coded


def _name_files(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    with con.cursor() as cursor:
        cursor.register("given_names", pa.table({"name": pa.array(names, pa.string())}))
        numbered = "SELECT row_number() OVER () AS file_no, name FROM given_names"
        cursor.execute(f"CREATE OR REPLACE TABLE intake_file_name AS {numbered}").fetchall()


def _of_file(number: int, name: str, columns: Sequence[str]) -> str:
    return (
        f"SELECT (CAST({number} AS BIGINT) << {ROWS_PER_FILE_BITS}) "
        f"+ CASE WHEN place IS NULL THEN row_number ELSE (row_number << {PLACE_BITS}) + place END AS line_id, "
        f"{sql_text(name)} AS source_file, row_number AS source_row, {_contract_columns(columns)} "
        f"FROM {rows_of(number)} WHERE faults IS NULL AND left_out IS NULL"
    )


def _of_batch(batch: Batch) -> str:
    return (
        f"SELECT source_row AS line_id, name AS source_file, source_row & {(1 << ROWS_PER_FILE_BITS) - 1} AS source_row, "
        f"{_contract_columns(batch.columns)} FROM {batch.table} INNER JOIN intake_file_name ON file_no = {FILE_OF_ROW}"
    )


def _drop_raw(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
    for money in MONEY_COLUMNS:
        if money in columns:
            con.execute(f"ALTER TABLE {table} DROP COLUMN {money}_raw")


def _name_no_person(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
    """A patient who pays alone may be named in the column of payers: what says self-pay stays, the name goes no further."""
    if "payer_name" not in columns:
        return
    shown = "payer_without_person(payer_name)"
    names_one = f"payer_name ILIKE '%pay%' AND payer_name <> {shown}"
    # Payers are few, and each is looked at once (out of a list: DISTINCT would be put off until all rows are looked at); most
    # files name no patient among them.
    payers = f"SELECT unnest(list(DISTINCT payer_name)) AS payer_name FROM {table}"
    if con.execute(f"SELECT 1 FROM ({payers}) WHERE {names_one} LIMIT 1").fetchone():
        con.execute(f"UPDATE {table} SET payer_name = {shown} WHERE {names_one}")


def _contract_columns(held: Sequence[str]) -> str:
    """SQL for all of the contract's columns of a table that holds some of them."""
    return ", ".join(
        f'"{column.name}"' if column.name in held else f'CAST(NULL AS {column.kind.sql_type}) AS "{column.name}"'
        for column in COLUMNS
    )
