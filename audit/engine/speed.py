"""How fast this machine is at what audits do: one small query, timed on one thread."""

import time

import duckdb

_YARDSTICK = """
SELECT bit_xor(hash(number, text)), count(DISTINCT text)
FROM (SELECT range AS number, 'P' || range % 60000 AS text FROM range(1500000)) AS line
"""


def seconds_of_yardstick(turns: int = 3) -> float:
    """Seconds of CPU that the query takes, the least of some turns."""
    con = duckdb.connect(config={"threads": 1})
    try:
        con.execute("SET enable_progress_bar = false")
        return min(_timed(con) for _ in range(turns))
    finally:
        con.close()


def _timed(con: duckdb.DuckDBPyConnection) -> float:
    began = time.process_time()
    con.execute(_YARDSTICK).fetchall()
    return time.process_time() - began
