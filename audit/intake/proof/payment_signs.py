"""Payments that a system writes below zero, as a ledger does: read as their opposites where nearly all of a file's are so."""

from dataclasses import replace

import duckdb

from audit.intake.columns.mapping import FileMapping
from audit.intake.proof.totals import FileTotals
from audit.intake.raw import sql_text
from audit.intake.rows.numbering import table_of
from audit.model import Dollars

_LINES = 3
# So many times as many payments stand below zero as above it, where below zero is the sign of money that came in.
_MANY = 10


def turn_payments(
    con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping, totals: FileTotals
) -> tuple[FileTotals, list[str]]:
    """Turn the sign of a file's payments where nearly all are below zero beside charges above it; gives the totals, says so.

    The few above zero among many below were taken back. A file with many of both signs stays as it is: there those below
    zero were.
    """
    if mapping.named("paid_amount") is None or mapping.named("charge_amount") is None:
        return totals, []
    table = table_of(file_no)
    found = con.execute(
        "SELECT count(*) FILTER (charge_amount > 0 AND paid_amount < 0), count(*) FILTER (paid_amount < 0), "
        f"count(*) FILTER (paid_amount > 0) FROM {table} WHERE faults IS NULL AND left_out IS NULL"
    ).fetchone()
    beside, below, above = found or (0, 0, 0)
    # Where charges are taken back as well, payments below zero may be those that went with them.
    if beside < _LINES or beside < below or above * _MANY > below:
        return totals, []
    con.execute(f"UPDATE {table} SET paid_amount = -paid_amount WHERE paid_amount IS NOT NULL")
    con.execute(f"UPDATE left_out_row SET paid_amount = -paid_amount WHERE source_file = {sql_text(name)}")
    one = mapping.named("paid_amount")
    share = f"nearly every payment is below zero, {above:,} above it," if above else "every payment is below zero"
    said = (
        f"{name}: {share} beside charges above it ({one.header.strip() if one else 'paid_amount'}, {below:,} "
        "rows). That is the system's sign for money that came in: paid_amount was read as the opposite."
    )
    return FileTotals(_turned(totals.read), _turned(totals.rejected)), [said]


def _turned(dollars: Dollars) -> Dollars:
    paid = dollars.paid_amount
    return dollars if paid is None else replace(dollars, paid_amount=-paid)
