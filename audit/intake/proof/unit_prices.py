"""A charge that is one and the same at any number of units: it looks like the price of one unit, not the line's."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import duckdb

from audit.intake.columns.mapping import Assignment, FileMapping
from audit.intake.columns.spelling import words_of
from audit.intake.proof.totals import amount_of
from audit.intake.rows.numbering import table_of

# So many codes, or so many lines, must show it, and no code may speak against it; fewer lines where the header says a price.
_CODES = 2
_LINES = 6
_LINES_OF_PRICE = 3
_PRICE = frozenset({"fee", "fees", "price", "rate", "unit", "units", "per", "each", "cost"})
_OTHERS = ("allowed_amount", "paid_amount")


def unit_prices(
    con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping, sample: Sequence[Sequence[str]]
) -> list[str]:
    """A sentence where the charge looks like the price of one unit. First rows that speak against it save the look at all."""
    charge = mapping.named("charge_amount")
    if charge is None or not may_be_unit_prices(mapping, sample):
        return []
    found = con.execute(
        f"""
        SELECT count(*) FILTER (prices = 1), sum(lines) FILTER (prices = 1), count(*) FILTER (prices > 1)
        FROM (
            SELECT procedure_code, count(*) AS lines, count(DISTINCT charge_amount) AS prices
            FROM {table_of(file_no)}
            WHERE charge_amount > 0 AND units > 0 AND faults IS NULL AND left_out IS NULL
            GROUP BY procedure_code
            HAVING count(DISTINCT units) > 1
        )
        """
    ).fetchone()
    codes, lines, against = found or (0, 0, 0)
    enough = _LINES_OF_PRICE if _PRICE & {*words_of(charge.header)} else _LINES
    if against or (codes < _CODES and (lines or 0) < enough):
        return []
    only = "" if any(mapping.named(one) is not None for one in _OTHERS) else " It is the export's only amount."
    shown = f"{codes:,} {'code' if codes == 1 else 'codes'}, {lines:,} lines"
    sentence = (
        f"{name}: {charge.header.strip()!r} is the same at every number of units of a code ({shown}): it looks like the price of "
        f"one unit, and dollars made from it are then too low.{only} Name the charge of the whole line under [columns] in "
        'audit.toml: charge_amount = "<header>".'
    )
    return [sentence]


def may_be_unit_prices(mapping: FileMapping, sample: Sequence[Sequence[str]]) -> bool:
    """Whether a code of the first rows has one charge at several numbers of units, and none has several."""
    charge, units, code = (mapping.named(one) for one in ("charge_amount", "units", "procedure_code"))
    if charge is None or units is None or code is None or min(charge.index, units.index, code.index) < 0:
        return False
    found = _prices(sample, code, units, charge)
    return 1 in found and max(found) == 1


def _prices(sample: Sequence[Sequence[str]], code: Assignment, units: Assignment, charge: Assignment) -> list[int]:
    """How many charges each code of the first rows has that has several numbers of units."""
    last = max(code.index, units.index, charge.index)
    rows = {(row[code.index].strip(), row[units.index], row[charge.index]) for row in sample if last < len(row)}
    numbers = {cell: amount_of(cell) for _, *cells in rows for cell in cells}
    found: dict[str, tuple[set[Decimal], set[Decimal]]] = defaultdict(lambda: (set(), set()))
    for name, *cells in rows:
        for kept, cell in zip(found[name], cells, strict=True):
            number = numbers[cell]
            if number is not None and number > 0:
                kept.add(number)
    return [len(charges) for quantities, charges in found.values() if len(quantities) > 1]
