"""Totals lines among a report's rows: what they state, held against the sums of the rows above them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.intake.columns.mapping import FileMapping
from audit.intake.proof.totals import amount_of
from audit.intake.rows.numbering import rows_of

_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Totals:
    """The rows that are totals lines, a sentence for each that the rows do not add up to, and one for those that agree."""

    rows: tuple[int, ...]
    wrong: tuple[str, ...]
    agreed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Of one column: the sum of the rows above each row, with rejected rows that have an amount and without."""

    all_rows: Mapping[int, Decimal]
    sound_rows: Mapping[int, Decimal]
    starts: set[Decimal]

    def tie(self, row: int, amount: Decimal) -> bool:
        """Whether the rows since some totals line, or all sound ones, add up to the amount."""
        return self.all_rows[row] - amount in self.starts or self.sound_rows[row] == amount


def judge_totals(
    con: duckdb.DuckDBPyConnection,
    file_no: int,
    name: str,
    mapping: FileMapping,
    maybe: Mapping[int, bool],
    apart: Sequence[int],
    suspects: frozenset[int],
) -> Totals:
    """Judge the rows that may be totals lines; `maybe` says of each whether it surely is one, as a word in it tells.

    One without such a word is one only where the rows add up to it. `apart` are rows that are no claims. A rejected row (one
    of `suspects`) may be a claim, which a total counts, or a subtotal that nobody knew for one: both sums are tried.
    """
    rows = sorted(maybe)
    money = [column for column in MONEY_COLUMNS if mapping.named(column) is not None]
    stated = _stated(con, file_no, rows, money)
    others = {*maybe, *apart}
    sums = {
        column: _Sums(
            _running(con, file_no, column, rows, others), _running(con, file_no, column, rows, others | suspects), {Decimal(0)}
        )
        for column in money
    }
    found: list[int] = []
    wrong: list[str] = []
    agreed: dict[str, list[Decimal]] = {}
    for row in rows:
        ties = {column: sums[column].tie(row, amount) for column, amount in stated[row].items()}
        if not maybe[row] and not (ties and all(ties.values())):
            continue
        found.append(row)
        for column, amount in stated[row].items():
            if ties[column]:
                agreed.setdefault(column, []).append(amount)
            else:
                wrong.append(_differs(name, row, column, amount, sums[column].all_rows[row]))
        for one in sums.values():
            one.starts.add(one.all_rows[row])
    return Totals(tuple(found), _shortened(name, wrong), tuple(_agreed(name, column, them) for column, them in agreed.items()))


def _differs(name: str, row: int, column: str, stated: Decimal, found: Decimal) -> str:
    return f"{name}: its totals line in row {row:,} states {column} {stated:,}, but its rows add up to {found:,}."


def _shortened(name: str, wrong: Sequence[str]) -> tuple[str, ...]:
    if len(wrong) <= _MOST_SHOWN:
        return tuple(wrong)
    more = f"{name}: {len(wrong) - _MOST_SHOWN:,} more of its totals do not agree with its rows."
    return (*wrong[:_MOST_SHOWN], more)


def _agreed(name: str, column: str, amounts: Sequence[Decimal]) -> str:
    if len(amounts) == 1:
        return f"{name}: its totals line states {column} {amounts[0]:,}, and its rows add up to that."
    return f"{name}: its {len(amounts):,} totals lines state {column}, and its rows add up to each of them."


def _stated(
    con: duckdb.DuckDBPyConnection, file_no: int, rows: Sequence[int], money: Sequence[str]
) -> dict[int, dict[str, Decimal]]:
    """What totals lines state, by row and column; in a wide file a line has an amount for each group across."""
    stated: dict[int, dict[str, Decimal]] = {row: {} for row in rows}
    if not money or not rows:
        return stated
    raws = ", ".join(f"{column}_raw" for column in money)
    found = con.execute(
        f"SELECT row_number, {raws} FROM {rows_of(file_no)} WHERE row_number IN (SELECT unnest(CAST(? AS BIGINT[])))",
        [list(rows)],
    ).fetchall()
    for row, *cells in found:
        for column, cell in zip(money, cells, strict=True):
            amount = amount_of(cell)
            if amount is not None:
                stated[row][column] = stated[row].get(column, Decimal(0)) + amount
    return stated


def _running(
    con: duckdb.DuckDBPyConnection, file_no: int, column: str, totals: Sequence[int], others: set[int]
) -> dict[int, Decimal]:
    """The sum of a column over the rows above each totals line."""
    if not totals:
        return {}
    found = con.execute(
        f"""
        SELECT row_number, max(running)
        FROM (
            SELECT row_number, sum(CASE WHEN row_number NOT IN (SELECT unnest(CAST($others AS BIGINT[]))) THEN {column} END)
                OVER (ORDER BY row_number) AS running
            FROM {rows_of(file_no)}
        )
        WHERE row_number IN (SELECT unnest(CAST($totals AS BIGINT[])))
        GROUP BY row_number
        """,
        {"others": sorted(others), "totals": list(totals)},
    ).fetchall()
    return {row: Decimal(amount or 0).quantize(Decimal("0.01")) for row, amount in found}
