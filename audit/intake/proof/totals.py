"""Control totals: dollars of a file added up from the export's own cells in Python, apart from the SQL that types them.

The two ways share no code, so that an amount lost, doubled or misread on the way to claim_row does not tie.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.errors import ReconciliationError
from audit.intake.rows.store import rows_of, table_of
from audit.model import Dollars

_CENT = Decimal("0.01")
_NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?")
_LARGEST = Decimal("9999999999.99")
_BATCH = 100_000


@dataclass(frozen=True, slots=True)
class FileTotals:
    """Dollars of all rows read, and of those among them that were rejected."""

    read: Dollars
    rejected: Dollars

    def against(self, name: str, stated: Mapping[str, Decimal]) -> list[str]:
        """What to say of the amounts that the file's own totals line states: whether its rows add up to them."""
        said = []
        for column, amount in stated.items():
            read = getattr(self.read, column)
            if read == amount:
                said.append(f"{name}: its totals line states {column} {amount:,}, and its rows add up to that.")
            else:
                said.append(f"{name}: its totals line states {column} {amount:,}, but its rows add up to {read:,}.")
        return said


def amount_of(cell: str | None) -> Decimal | None:
    """The dollars that a cell states, to the cent; None where it states none or cannot be read."""
    text = (cell or "").replace("\xa0", " ").strip()
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1]
    elif text.endswith("-"):
        negative, text = True, text[:-1]
    text = text.strip()
    if text.startswith("-") and not negative:
        negative, text = True, text[1:].strip()
    text = text.removeprefix("$").strip()
    if text.startswith("-") and not negative:
        negative, text = True, text[1:]
    if not text.isascii() or not any(sign.isdigit() for sign in text) or not _NUMBER.fullmatch(text):
        return None
    amount = Decimal(text.replace(",", ""))
    # Of a number of forty digits no cents can be made at all.
    if amount > _LARGEST + 1 or (amount := amount.quantize(_CENT, ROUND_HALF_UP)) > _LARGEST:
        return None
    return -amount if negative else amount


def file_totals(
    con: duckdb.DuckDBPyConnection,
    file_no: int,
    name: str,
    money: tuple[str, ...],
    footer_rows: Sequence[int],
) -> FileTotals:
    """Add up the raw cells of one file and hold them against its typed rows; ReconciliationError where they differ."""
    read: dict[str, Decimal] = {}
    rejected: dict[str, Decimal] = {}
    where = "TRUE"
    if footer_rows:
        where = f"row_number NOT IN ({', '.join(map(str, footer_rows))})"
    for column in money:
        kept, refused = _raw_sums(con, file_no, column, where)
        typed = _typed_sum(con, file_no, column)
        if typed != kept:
            raise ReconciliationError(
                f"{name}: {column} adds up to {kept} in the export and to {typed} in the rows read from it.",
                "Nothing was audited. Report this file's shape; its amounts are not read rightly.",
            )
        read[column], rejected[column] = kept + refused, refused
    return FileTotals(dollars(read), dollars(rejected))


def dollars(amounts: dict[str, Decimal]) -> Dollars:
    """The amounts as a record; a column that the export lacks stays None."""
    return Dollars(*(amounts.get(column) for column in MONEY_COLUMNS))


def _raw_sums(con: duckdb.DuckDBPyConnection, file_no: int, column: str, where: str) -> tuple[Decimal, Decimal]:
    sums = {False: Decimal("0.00"), True: Decimal("0.00")}
    cursor = con.execute(
        f"SELECT {column}_raw, faults IS NOT NULL, count(*) FROM {rows_of(file_no)} "
        f"WHERE {column}_raw IS NOT NULL AND {where} GROUP BY ALL"
    )
    while batch := cursor.fetchmany(_BATCH):
        for cell, bad, count in batch:
            sums[bad] += (amount_of(cell) or Decimal(0)) * count
    return sums[False], sums[True]


def _typed_sum(con: duckdb.DuckDBPyConnection, file_no: int, column: str) -> Decimal:
    row = con.execute(f"SELECT coalesce(sum({column}), 0) FROM {table_of(file_no)} WHERE faults IS NULL").fetchone()
    return Decimal(row[0]).quantize(_CENT) if row else Decimal("0.00")
