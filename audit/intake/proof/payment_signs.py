"""Payments that a system writes below zero, as a ledger does: read as their opposites where all of a file's are so."""

from dataclasses import replace

import duckdb

from audit.intake.columns.mapping import FileMapping
from audit.intake.proof.totals import FileTotals
from audit.intake.raw import sql_text
from audit.intake.rows.numbering import table_of
from audit.model import Dollars

_LINES = 3


def turn_payments(
    con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping, totals: FileTotals
) -> tuple[FileTotals, list[str]]:
    """Turn the sign of a file's payments where every one is below zero beside charges above it; gives the totals, and says so.

    A file with payments of both signs stays as it is: there one below zero was taken back.
    """
    if mapping.named("paid_amount") is None or mapping.named("charge_amount") is None:
        return totals, []
    table = table_of(file_no)
    if con.execute(f"SELECT 1 FROM {table} WHERE paid_amount > 0 LIMIT 1").fetchone():
        return totals, []
    found = con.execute(
        f"SELECT count(*) FILTER (charge_amount > 0), count(*) FROM {table} "
        "WHERE paid_amount < 0 AND faults IS NULL AND left_out IS NULL"
    ).fetchone()
    beside, below = found or (0, 0)
    # Where charges are taken back as well, payments below zero may be those that went with them.
    if beside < _LINES or beside < below:
        return totals, []
    con.execute(f"UPDATE {table} SET paid_amount = -paid_amount WHERE paid_amount IS NOT NULL")
    con.execute(f"UPDATE left_out_row SET paid_amount = -paid_amount WHERE source_file = {sql_text(name)}")
    one = mapping.named("paid_amount")
    said = (
        f"{name}: every payment is below zero beside charges above it ({one.header.strip() if one else 'paid_amount'}, {below:,} "
        "rows). That is the system's sign for money that came in: paid_amount was read as the opposite."
    )
    return FileTotals(_turned(totals.read), _turned(totals.rejected)), [said]


def _turned(dollars: Dollars) -> Dollars:
    paid = dollars.paid_amount
    return dollars if paid is None else replace(dollars, paid_amount=-paid)
