"""Parquet exports. Columns that already have the contract's type are taken as they are; the rest go through text."""

import re
from pathlib import Path

import duckdb

from audit.errors import InputError
from audit.intake.formats.kinds import HEAD, PARQUET, TEXT, another_kind, kind_of
from audit.intake.formats.reader import OneWay, Sample
from audit.intake.raw import Field, RawTable, sql_path

_SAMPLE = 500
_DECIMAL = re.compile(r"DECIMAL\(\d+,(?P<places>\d+)\)")


class Parquet:
    """Parquet files, typed or all text."""

    title = "Parquet"
    suffixes = (".parquet", ".pq")

    def open(self, con: duckdb.DuckDBPyConnection, path: Path, name: str, scratch: Path) -> OneWay:  # noqa: ARG002
        """Look at the file's schema and first rows."""
        with path.open("rb") as stream:
            kind = kind_of(stream.read(HEAD))
        if kind not in (PARQUET, TEXT):
            raise another_kind(name, kind)
        table = _table(con, path, name)
        return OneWay("parquet", table, _sample(con, table))


def _table(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> RawTable:
    """The file as a raw table. InputError where it is cut short, is no Parquet file or has no rows."""
    relation = f"read_parquet({sql_path(path)}, file_row_number = TRUE)"
    try:
        described = con.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {relation}").fetchall()
        rows = _rows(con, path)
    except duckdb.Error as error:
        raise InputError(
            f"{name} is not a readable Parquet file: it may be cut short or be of another kind.",
            "Export or copy it again.",
        ) from error
    if not rows:
        raise InputError(f"{name} has columns and no rows.", "Check the export's date range and filters.")
    fields = tuple(_field(header, kind) for header, kind, *_ in described)
    return RawTable(relation, fields, source_row="file_row_number + 1", rows=rows)


def _sample(con: duckdb.DuckDBPyConnection, table: RawTable) -> Sample:
    """First rows as text."""
    texts = ", ".join(f"CAST({field.text} AS VARCHAR)" for field in table.fields)
    found = con.execute(f"SELECT {texts} FROM {table.relation} LIMIT {_SAMPLE}").fetchall()
    return tuple(tuple(cell or "" for cell in row) for row in found)


def _rows(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    found = con.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({sql_path(path)})").fetchone()
    return int(found[0] or 0) if found else 0


def _field(header: str, kind: str) -> Field:
    quoted = '"' + header.replace('"', '""') + '"'
    if kind in ("DOUBLE", "FLOAT"):
        text = _text_of_float(quoted, "9007199254740992" if kind == "DOUBLE" else "16777216")
    elif decimal := _DECIMAL.fullmatch(kind):
        text = _text_of_decimal(quoted, int(decimal["places"]))
    elif kind == "BLOB":
        text = f"TRY_CAST(decode({quoted}) AS VARCHAR)"
    else:
        text = f"CAST({quoted} AS VARCHAR)" if kind != "VARCHAR" else quoted
    return Field(header, text, quoted, kind)


def _text_of_decimal(quoted: str, places: int) -> str:
    """The number without cents that are all nought: 12345.00 in a column of claim numbers is the number 12345."""
    text, nought = f"CAST({quoted} AS VARCHAR)", "." + "0" * places
    return f"CASE WHEN ends_with({text}, '{nought}') THEN left({text}, -{len(nought)}) ELSE {text} END" if places else text


def _text_of_float(quoted: str, exact: str) -> str:
    """Whole numbers without ".0", others with four places, and NaN as the word, which counts as blank.

    Beyond `exact` such a number has lost its last digits: it is written so that an id of it is known for one.
    """
    return (
        f"CASE WHEN abs({quoted}) > {exact} AND isfinite({quoted}) THEN format('{{:.6e}}', CAST({quoted} AS DOUBLE)) "
        f"WHEN {quoted} = floor({quoted}) AND abs({quoted}) < 1e15 THEN CAST(CAST({quoted} AS BIGINT) AS VARCHAR) "
        f"ELSE coalesce(CAST(TRY_CAST({quoted} AS DECIMAL(18, 4)) AS VARCHAR), CAST({quoted} AS VARCHAR)) END"
    )
