"""Faults for which a file is refused as it stands: what would be left of it is not what was billed."""

from collections.abc import Mapping

import duckdb

from audit.contract import BY_NAME
from audit.errors import InputError
from audit.intake.rows.faults import LOST_DIGITS, SEVERAL_CODES
from audit.intake.rows.numbering import rows_of

_MENDS: Mapping[str, str] = {
    SEVERAL_CODES: "An audit needs one row for each service, with its own units and amounts: export the lines of the claims.",
    LOST_DIGITS: "Numbers that differ look alike then, and claims or patients run together. Export again, keep the column as "
    "text, and do not save the file from a spreadsheet.",
}


def refuse_unsound(con: duckdb.DuckDBPyConnection, file_no: int, name: str) -> None:
    """InputError where cells hold several services, or an id of claims or patients lost its digits in a spreadsheet."""
    found = con.execute(
        f"""
        SELECT fault.reason, fault.column_name, count(*), min(row_number)
        FROM (SELECT row_number, unnest(faults) AS fault FROM {rows_of(file_no)} WHERE faults IS NOT NULL)
        WHERE list_contains(?, fault.reason)
        GROUP BY ALL
        ORDER BY ALL
        """,
        [list(_MENDS)],
    ).fetchall()
    if not found:
        return
    said = [_sentence(name, *row) for row in found]
    raise InputError("\n".join(said), "\n".join(dict.fromkeys(_MENDS[row[0]] for row in found)))


def _sentence(name: str, reason: str, column: str, rows: int, first: int) -> str:
    where = f"on row {first:,}" if rows == 1 else f"on {rows:,} rows, the first of them row {first:,}"
    return f"{name}: {column} ({BY_NAME[column].meaning}) holds {reason}, {where}."
