"""The least that any audit must do: DuckDB reads the file once and hashes every column of it.

python -m benchmarks.floor export.parquet
"""

import sys
from pathlib import Path

import duckdb


def main(export: str) -> None:
    """Read the file."""
    reader = f"read_parquet('{export}')" if Path(export).suffix == ".parquet" else f"read_csv('{export}', all_varchar = TRUE)"
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    columns = ", ".join(f'"{row[0]}"' for row in con.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall())
    con.execute(f"SELECT bit_xor(hash({columns})) FROM {reader}").fetchall()


if __name__ == "__main__":
    main(*sys.argv[1:])
