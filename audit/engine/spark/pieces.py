"""Rows on their way: a table as bytes with the types that DuckDB gave it, addressed to a part of an exchange."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

# So many bytes of rows in one piece at most, more or less: Spark hands pieces on whole.
PIECE_BYTES = 24_000_000
_STREAMED = 122_880  # rows: as many as DuckDB keeps together
_TYPES = b"claims_audit_types"
_PACKED = pa.ipc.IpcWriteOptions(compression="lz4")
_ENUM = re.compile(r"ENUM\((?:[^()']|'(?:[^']|'')*')*\)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of one table: for which exchange (`address`), for which of its parts, and the rows as Arrow's stream format."""

    address: str
    part: int
    table: str
    rows: bytes


def taken(con: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """The result of a SELECT, with DuckDB's types beside Arrow's: Arrow has no whole number of 128 bits."""
    told = _types(con, query)
    return con.sql(query).to_arrow_table().replace_schema_metadata(told)


def streamed(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[pa.Table]:
    """The same, some rows at a time."""
    told = _types(con, query)
    with con.sql(query).to_arrow_reader(_STREAMED) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch]).replace_schema_metadata(told)


def _types(con: duckdb.DuckDBPyConnection, query: str) -> dict[bytes, bytes]:
    # Of an ENUM each part knows its own values: it travels as text.
    described = con.execute(f"DESCRIBE {query}").fetchall()
    return {_TYPES: "\n".join(f'"{name}" {_ENUM.sub("VARCHAR", kind)}' for name, kind, *_ in described).encode()}


def packed(address: str, part: int, name: str, rows: pa.Table) -> Iterator[Piece]:
    """Rows as pieces of a bounded size; at least one, so that a table without rows arrives with its columns."""
    step = max(1, rows.num_rows * PIECE_BYTES // max(rows.nbytes, 1))
    for start in range(0, max(rows.num_rows, 1), step):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema, options=_PACKED) as writer:
            writer.write_table(rows.slice(start, step))
        yield Piece(address, part, name, sink.getvalue().to_pybytes())


def by_part(address: str, name: str, rows: pa.Table) -> Iterator[Piece]:
    """Rows that stand in the order of their first column, the number of their part, as pieces for those parts."""
    runs = pc.run_end_encode(rows.column(0).combine_chunks())
    rows, start = without_first(rows), 0
    for part, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield from packed(address, part, name, rows.slice(start, end - start))
        start = end


def without_first(rows: pa.Table) -> pa.Table:
    """Rows without their first column, the number of their part."""
    told = rows.schema.metadata[_TYPES].split(b"\n", 1)[1]
    return rows.drop_columns([rows.column_names[0]]).replace_schema_metadata({_TYPES: told})


def opened(piece: Piece) -> pa.Table:
    """The rows of a piece."""
    return pa.ipc.open_stream(piece.rows).read_all()


def put(con: duckdb.DuckDBPyConnection, pieces: Iterable[Piece]) -> None:
    """Bring rows into tables of their names, which are made where they are not there."""
    made: set[str] = set()
    for piece in pieces:
        rows = opened(piece)
        if piece.table not in made:
            columns = (rows.schema.metadata or {})[_TYPES].decode().replace("\n", ", ")
            con.execute(f"CREATE TABLE IF NOT EXISTS {piece.table} ({columns})")
            made.add(piece.table)
        if rows.num_rows:
            con.register("arrived", rows)
            con.execute(f"INSERT INTO {piece.table} SELECT * FROM arrived")
            con.unregister("arrived")
