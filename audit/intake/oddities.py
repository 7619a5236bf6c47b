"""What is strange about a file's rows though every cell of them can be read: said in a sentence, and nothing is changed."""

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.intake.mapping import FileMapping
from audit.intake.store import table_of


def oddities(con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping) -> list[str]:
    """Sentences on claim totals repeated on lines, amounts below zero, and units of nought."""
    said = []
    money = [column for column in MONEY_COLUMNS if mapping.named(column) is not None]
    if mapping.named("bill_type") is not None:
        said += [sentence for column in money if (sentence := _repeated_total(con, file_no, name, column))]
    below = [(column, count) for column in money if (count := _count(con, file_no, f"{column} < 0"))]
    if below:
        listed = ", ".join(f"{column} on {count:,}" for column, count in below)
        said.append(f"{name}: some amounts are below zero and were read as they stand ({listed} rows).")
    if mapping.named("units") is not None and (count := _count(con, file_no, "units = 0")):
        said.append(f"{name}: {count:,} {'row has' if count == 1 else 'rows have'} 0 units.")
    return said


def _count(con: duckdb.DuckDBPyConnection, file_no: int, condition: str) -> int:
    found = con.execute(f"SELECT count(*) FROM {table_of(file_no)} WHERE {condition}").fetchone()
    return int(found[0]) if found else 0


def _repeated_total(con: duckdb.DuckDBPyConnection, file_no: int, name: str, column: str) -> str:
    """Institutional exports often write the claim's total on each of its lines; added up, it counts many times."""
    found = con.execute(
        f"""
        SELECT count(*), coalesce(sum(lines), 0)
        FROM (
            SELECT count(*) AS lines FROM {table_of(file_no)}
            WHERE faults IS NULL AND bill_type IS NOT NULL AND {column} <> 0
            GROUP BY claim_id HAVING count(*) > 2 AND count(DISTINCT {column}) = 1
        )
        """
    ).fetchone()
    claims, lines = found or (0, 0)
    if not claims:
        return ""
    return (
        f"{name}: {claims:,} institutional claims show one and the same {column} on all of their {lines:,} lines. "
        "It is likely the claim's total, so the lines' amounts do not add up to what was paid or charged."
    )
