"""Arrow tables to files: CSV for people's spreadsheets, inert; Parquet with the text as it is. And back from Parquet.

Parquet is read in the thread that asks for it: where the system gives no other (ulimit -u, a container's limit of processes),
Arrow waits for one without end.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from audit.files.door import must_be_plain, new_file
from audit.files.inert import FORMULA_START, TURNS


def write_csv(table: pa.Table, path: Path) -> Path:
    """Write a table as CSV, every text cell inert; gives its path."""
    safe = pa.table({name: inert(table[name]) for name in table.column_names})
    with new_file(path) as stream:
        pa_csv.write_csv(safe, stream, pa_csv.WriteOptions(quoting_style="needed"))
    return path


def write_parquet(table: pa.Table, path: Path) -> Path:
    """Write a table as Parquet; gives its path."""
    with new_file(path) as stream:
        pq.write_table(table, stream, compression="zstd")
    return path


def write_batches(tables: Iterable[pa.Table], schema: pa.Schema, path: Path) -> Path:
    """Write tables of one schema as one Parquet file, each as it comes; gives its path."""
    with new_file(path) as stream, pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)
    return path


def schema_of(path: Path) -> pa.Schema:
    """The columns of a Parquet file. Raises OSError or ArrowException where they cannot be read."""
    must_be_plain(path)
    return pq.read_schema(path)


def read_parquet(
    path: Path,
    columns: Sequence[str] | None = None,
    dictionaries: Sequence[str] = (),
    where: Callable[[pa.RecordBatch], pa.Array] | None = None,
) -> pa.Table:
    """Columns of a Parquet file (None: all), in that order: `dictionaries` of them as such, rows that `where` lets through.

    Raises OSError or ArrowException where the file cannot be read, ArrowKeyError where it lacks a column.
    """
    must_be_plain(path)
    with pq.ParquetFile(path, read_dictionary=list(dictionaries), pre_buffer=False) as file:
        schema = file.schema_arrow
        names = schema.names if columns is None else list(columns)
        if missing := set(names) - set(schema.names):
            raise pa.ArrowKeyError(", ".join(sorted(missing)))
        if where is None:
            return file.read(names, use_threads=False).select(names).unify_dictionaries()
        batches = [batch.filter(where(batch)) for batch in file.iter_batches(columns=names, use_threads=False)]
        return pa.Table.from_batches(batches, pa.schema([schema.field(name) for name in names])).unify_dictionaries()


def write_csv_batches(rows: pa.RecordBatchReader, path: Path) -> Path:
    """Write rows as CSV as they come, every text cell inert; gives its path."""
    options = pa_csv.WriteOptions(quoting_style="needed")
    with new_file(path) as stream, pa_csv.CSVWriter(stream, rows.schema, write_options=options) as writer:
        for batch in rows:
            table = pa.table(batch)
            writer.write_table(pa.table({name: inert(table[name]) for name in table.column_names}))
    return path


def inert(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A text column of which each cell is as audit.files.inert.text makes it; other columns as they are."""
    if not pa.types.is_string(column.type):
        return column
    column = pc.replace_substring(column, pattern="\0", replacement="")
    if pc.any(pc.match_substring_regex(column, f"[{TURNS}]")).as_py():
        for turn in TURNS:
            column = pc.replace_substring(column, pattern=turn, replacement=f"[U+{ord(turn):04X}]")
    starts_formula = pc.match_substring_regex(column, FORMULA_START)
    return pc.if_else(starts_formula, pc.binary_join_element_wise("'", column, ""), column)
