"""Faults for which a file is refused as it stands: what would be left of it is not what was billed."""

from collections.abc import Mapping

import duckdb

from audit.contract import BY_NAME
from audit.errors import InputError
from audit.intake.rows.faults import HIDDEN_DIGITS, LOST_DIGITS, ROUNDED, SEVERAL_CODES
from audit.intake.rows.numbering import rows_of
from audit.intake.rows.values import TELLING_IDS

# So many noughts in a row, over all ids, are no chance.
_MOST_BY_CHANCE = 4

_EXPORT_AGAIN = (
    "Numbers that differ look alike then, and claims or patients run together. Export again, keep the column as text, and do not "
    "save the file from a spreadsheet."
)
_MENDS: Mapping[str, str] = {
    SEVERAL_CODES: "An audit needs one row for each service, with its own units and amounts: export the lines of the claims.",
    **dict.fromkeys((LOST_DIGITS, HIDDEN_DIGITS, ROUNDED), _EXPORT_AGAIN),
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
    found += _rounded(con, file_no)
    if not found:
        return
    said = [_sentence(name, *row) for row in found]
    raise InputError("\n".join(said), "\n".join(dict.fromkeys(_MENDS[row[0]] for row in found)))


def _rounded(con: duckdb.DuckDBPyConnection, file_no: int) -> list[tuple[str, str, int, int]]:
    """(reason, column, rows, first row) of ids that a spreadsheet has rounded: it keeps fifteen digits and writes noughts behind.

    All that have more digits end so, and they are too many for chance: numbers of a system do not all end in noughts.
    """
    held = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {rows_of(file_no)}").fetchall()}
    found = []
    for column in (name for name in TELLING_IDS if name in held):
        rows, first, ends, noughts = con.execute(
            f"""
            SELECT count(*), min(row_number), coalesce(bool_and(ends_with(id, repeat('0', length(id) - 15))), FALSE),
                coalesce(sum(length(id) - 15), 0)
            FROM (
                SELECT {column} AS id, min(row_number) AS row_number FROM {rows_of(file_no)}
                WHERE length({column}) > 15 AND regexp_full_match({column}, '[1-9][0-9]{{15,}}') GROUP BY 1
            )
            """
        ).fetchone() or (0, 0, False, 0)
        if rows and ends and noughts >= _MOST_BY_CHANCE:
            found.append((ROUNDED, column, rows, first))
    return found


def _sentence(name: str, reason: str, column: str, rows: int, first: int) -> str:
    where = f"on row {first:,}" if rows == 1 else f"on {rows:,} rows, the first of them row {first:,}"
    return f"{name}: {column} ({BY_NAME[column].meaning}) holds {reason}, {where}."
