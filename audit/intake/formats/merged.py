"""Cells of a sheet that are merged over several rows: what one of them says holds for each of its rows.

Reports of visits are printed so: patient, date and payer once, over as many rows as the visit has lines. A sheet keeps the
text in the first row alone, and the others would read as blanks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

# Corner to corner, each as (row, column), counted from 0.
Range = tuple[tuple[int, int], tuple[int, int]]
# Row -> columns whose cell stands in an earlier row, and which; counted from 0.
Fills = Mapping[int, Mapping[int, int]]


def fills_of(ranges: Iterable[Range], rows: Sequence[Sequence[object]]) -> Fills:
    """What is to be filled in where: below the first row of a merged range, in its first column.

    A row without a cell of its own is no row of the table but the rest of one that is several rows high: filled in, it would
    be the same claim line again.
    """
    fills: dict[int, dict[int, int]] = {}
    for (first, column), (last, _) in ranges:
        for row in range(first + 1, min(last, len(rows) - 1) + 1):
            fills.setdefault(row, {})[column] = first
    return {row: columns for row, columns in fills.items() if any(map(_is_filled, rows[row]))}


def filled(rows: Iterable[list[str]], fills: Fills) -> Iterator[list[str]]:
    """The rows with each merged cell's text in every row that it covers."""
    said: dict[tuple[int, int], str] = {}
    wanted = {(first, column) for columns in fills.values() for column, first in columns.items()}
    starts: dict[int, list[int]] = {}
    for first, column in wanted:
        starts.setdefault(first, []).append(column)
    for number, cells in enumerate(rows):
        for column in starts.get(number, ()):
            said[number, column] = cells[column] if column < len(cells) else ""
        for column, first in fills.get(number, {}).items():
            if column < len(cells) and not cells[column]:
                cells[column] = said[first, column]
        yield cells


def columns_below(fills: Fills, header: int) -> frozenset[int]:
    """The columns with cells that are merged over several rows below the header's, counted from 0."""
    return frozenset(column for columns in fills.values() for column, first in columns.items() if first > header)


def _is_filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""
