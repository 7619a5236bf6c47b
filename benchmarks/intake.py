"""Times the reading of a CSV export beside DuckDB's own read_csv to a table, turn by turn on the same file.

Two files: one whose columns all serve the contract, which is the hardest, and one with the columns that a billing system
adds (names, addresses, internal numbers), which intake leaves unread and read_csv cannot.

    python -m benchmarks.intake --lines 1000000 --turns 5
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import duckdb

from audit import intake
from audit.engine.duckdb_session import open_session
from audit.settings.config import Config
from benchmarks import generate

_EXTRA = """
    'Last' || pick(visit, 'last', 9000) || ', First' AS "Patient Name", DATE '1950-01-01' + pick(visit, 'dob', 20000) AS "DOB",
    pick(visit, 'street', 9999) || ' Long Road' AS "Patient Address", 'Batch ' || visit // 500 AS "Batch",
    'free text of the billing desk, number ' || visit AS "Desk Remark", visit * 7 AS "Internal Number",
    DATE '2024-02-01' + pick(visit, 'day', 700) AS "Posting Date", 'Ledger' || pick(visit, 'ledger', 40) AS "Ledger"
"""


def write(lines: int, plain: Path, wide: Path) -> None:
    """Write the two files."""
    generate.write(lines, plain)
    con = duckdb.connect()
    con.execute("CREATE MACRO pick(seed, salt, choices) AS CAST(hash(seed, salt) % choices AS INTEGER)")
    con.execute(
        f"COPY (SELECT * EXCLUDE (visit), {_EXTRA} FROM (SELECT *, CAST(claim_id[2:] AS BIGINT) AS visit "
        f"FROM read_csv('{plain}', all_varchar = TRUE))) TO '{wide}' (FORMAT csv, HEADER)"
    )
    con.close()


def seconds_of_read_csv(path: Path) -> float:
    """DuckDB reads the file into a table, with the types it finds."""
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    began = time.perf_counter()
    con.execute(f"CREATE TABLE export AS FROM read_csv('{path}')")
    seconds = time.perf_counter() - began
    con.close()
    return seconds


def seconds_of_intake(path: Path, scratch: Path) -> float:
    """Intake reads it into claim rows and rejects, hashes it and adds up its control totals."""
    with open_session(Config(sources=()), scratch / "spill") as session:
        began = time.perf_counter()
        intake.load(session.con, [path], scratch=scratch)
        return time.perf_counter() - began


def main() -> None:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000, help="claim lines (default: 1000000)")
    parser.add_argument("--turns", type=int, default=5, help="timed turns after one that is not counted (default: 5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plain, wide = Path(folder) / "contract.csv", Path(folder) / "vendor.csv"
        write(options.lines, plain, wide)
        for path in (plain, wide):
            turns = [(seconds_of_read_csv(path), seconds_of_intake(path, Path(folder))) for _ in range(options.turns + 1)][1:]
            ratio = statistics.median(ours / theirs for theirs, ours in turns)
            theirs, ours = (statistics.median(column) for column in zip(*turns, strict=True))
            size = f"{path.name}, {path.stat().st_size / 1e6:.0f} MB"
            print(f"{size}: read_csv {theirs:.2f} s, intake {ours:.2f} s; ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
