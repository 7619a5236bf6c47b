"""Amounts that are a claim's total, repeated on each of its lines: found, named in a sentence, and marked for staging.

Institutional exports often write them so. Added up line by line they count many times over, and no line's own amount is
known from them.
"""

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.intake.columns.mapping import FileMapping
from audit.intake.rows.store import table_of

# A file writes totals in a column where so many of its institutional claims of several lines repeat every amount of it.
_SHARE = 0.9


def create_table(con: duckdb.DuckDBPyConnection) -> None:
    """The table `claim_total`: claims of a file of whose lines a money column holds the claim's total."""
    con.execute("CREATE OR REPLACE TABLE claim_total (source_file VARCHAR, claim_id VARCHAR, column_name VARCHAR)")


def mark_claim_totals(con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping) -> list[str]:
    """Fill claim_total for one file; gives a sentence for each column in which it writes totals."""
    if mapping.named("bill_type") is None:
        return []
    columns = [column for column in MONEY_COLUMNS if mapping.named(column) is not None]
    return [sentence for column in columns if (sentence := _mark(con, file_no, name, column))]


def _mark(con: duckdb.DuckDBPyConnection, file_no: int, name: str, column: str) -> str:
    # Rejected lines count too: a claim's other lines may have no procedure code, and its total stands on them as well.
    # A total that was taken back stands on as many lines again, with its sign turned.
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE several_lines AS
        WITH amount_of_claim AS (
            SELECT claim_id, abs({column}) AS amount, count(*) AS lines
            FROM {table_of(file_no)}
            WHERE bill_type IS NOT NULL AND {column} <> 0
            GROUP BY claim_id, amount
        )
        SELECT claim_id, CAST(sum(lines) AS BIGINT) AS lines, min(lines) > 1 AS repeats
        FROM amount_of_claim
        GROUP BY claim_id
        HAVING sum(lines) > 1
        """
    )
    found = con.execute("SELECT count(*) FILTER (repeats), count(*), sum(lines) FILTER (repeats) FROM several_lines").fetchone()
    repeating, claims, lines = found or (0, 0, 0)
    if not claims or repeating < _SHARE * claims:
        return ""
    con.execute("INSERT INTO claim_total SELECT ?, claim_id, ? FROM several_lines WHERE repeats", [name, column])
    return (
        f"{name}: {repeating:,} institutional claims show one and the same {column} on each of their {lines:,} lines. It is the "
        "claim's total: the lines' own amounts are not known, and no finding counts dollars on them."
    )
