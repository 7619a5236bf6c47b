"""Control totals: dollars of a file added up from the export's own cells in Python, apart from the SQL that types them.

The two ways share no code, so that an amount lost, doubled or misread on the way to claim_row does not tie.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.errors import ReconciliationError
from audit.intake.rows.numbering import table_of
from audit.model import Dollars

_CENT = Decimal("0.01")
# Blanks and signs that nobody sees.
_HIDDEN = ((0, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x1680, 0x1680), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F))
_AROUND = "".join(chr(code) for first, last in _HIDDEN for code in range(first, last + 1)) + "\u3000\ufeff"
# The wide digits and signs of Asian keyboards, each 0xFEE0 above its plain one; and signs without width, which are dropped.
_WIDE = {ord(sign) + 0xFEE0: sign for sign in "0123456789.,-()"} | {
    ord(sign): "" for sign in "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
}
_NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?")
_CURRENCY = re.compile(r"^\s*(usd\s*|us(\s*[$]))|\s*usd\s*$", re.IGNORECASE)
_MINUSES = {0x2212: "-", 0x2013: "-"}
_OPENED, _PLUS = re.compile(r"^\s*\$\s*\("), re.compile(r"^\s*\+")
_LARGEST = Decimal("9999999999.99")
_BATCH = 100_000


@dataclass(frozen=True, slots=True)
class FileTotals:
    """Dollars of all rows read, and of those among them that were rejected."""

    read: Dollars
    rejected: Dollars


# What a spreadsheet is made to keep a text by: ="45.00", =T("45.00").
_KEPT = re.compile(r'= ?"(.*)"|=T\("(.*)"\)', re.DOTALL)


def _plain_sign(text: str) -> str:
    """An amount with its bracket first, and without a plus: "$(45.00)" is "(45.00)"."""
    return _OPENED.sub("(", text) if "(" in text else _PLUS.sub("", text)


def amount_of(cell: str | None) -> Decimal | None:
    """The dollars that a cell states, to the cent; None where it states none or cannot be read."""
    text = _plain_sign(_CURRENCY.sub(r"\2", _bare(cell or "").translate(_MINUSES)))
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


def _bare(cell: str) -> str:
    """The cell without blanks around it, and without the ="..." or the apostrophe that protect it in a spreadsheet."""
    text = cell.strip(_AROUND)
    if text.startswith(("'", "\u2019")):
        text = text.strip(_AROUND + "'\u2019")
    elif kept := _KEPT.fullmatch(text):
        text = (kept[1] or kept[2] or "").strip(_AROUND + "'")
    elif text.startswith("=") and re.fullmatch(r"[0-9.]+", text[1:]):
        text = text[1:]
    return text.translate(_WIDE)


def file_totals(
    con: duckdb.DuckDBPyConnection,
    file_no: int,
    name: str,
    money: tuple[str, ...],
) -> FileTotals:
    """Add up the raw cells of one file and hold them against its typed rows; ReconciliationError where they differ."""
    read: dict[str, Decimal] = {}
    rejected: dict[str, Decimal] = {}
    for column in money:
        kept, refused = _raw_sums(con, file_no, column)
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


def _raw_sums(con: duckdb.DuckDBPyConnection, file_no: int, column: str) -> tuple[Decimal, Decimal]:
    sums = {False: Decimal("0.00"), True: Decimal("0.00")}
    cursor = con.execute(
        f"SELECT {column}_raw, faults IS NOT NULL, count(*) FROM {table_of(file_no)} WHERE {column}_raw IS NOT NULL GROUP BY ALL"
    )
    while batch := cursor.fetchmany(_BATCH):
        for cell, bad, count in batch:
            sums[bad] += (amount_of(cell) or Decimal(0)) * count
    return sums[False], sums[True]


def _typed_sum(con: duckdb.DuckDBPyConnection, file_no: int, column: str) -> Decimal:
    row = con.execute(f"SELECT coalesce(sum({column}), 0) FROM {table_of(file_no)} WHERE faults IS NULL").fetchone()
    return Decimal(row[0]).quantize(_CENT) if row else Decimal("0.00")
