"""Rows whose every cell has the shape that most exports write: read in one cheap pass, and the others put by.

To look at every cell of a row for what may be amiss takes half as long again as to read it. So a file is first read for the
usual shapes alone (rows.values knows them). A row in which each cell has one is whole: it has no fault, and nothing is left
out or unread. The cells of every other row are kept as they stand, or are had again where the file types them, and rows.casting
reads those.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from audit.contract import BY_NAME, PAYER_COLUMNS
from audit.intake.columns.mapping import Assignment, FileMapping
from audit.intake.raw import ONE_LINE_A_ROW, ORDER_TELLS, RawTable
from audit.intake.rows.casting import cells, cells_of, plain, raw_amounts, select_typed, stepwise, typed_from, typed_names
from audit.intake.rows.faults import REQUIRED_CELLS, may_fail
from audit.intake.rows.modifiers import MODIFIERS, Modifiers
from audit.intake.rows.recurring import NONE, Recurring, columns_of, compared, recurring_in
from audit.intake.rows.values import Quick, quick_value, read_from, tidied

# What select_typed() gives of a row that is whole.
_WHOLE = (
    "CAST(NULL AS VARCHAR) AS left_out",
    "CAST(NULL AS VARCHAR[]) AS unread",
    'CAST(NULL AS STRUCT(column_name VARCHAR, "value" VARCHAR, reason VARCHAR)[]) AS faults',
)


@dataclass(frozen=True, slots=True)
class Tried:
    """How many of a file's first rows are odd, of how many, and which of their cells recur."""

    odd: int
    rows: int
    recurring: Recurring


def can_be_read_so(table: RawTable, mapping: FileMapping) -> bool:
    """Whether no cell is filled by a constant, the rows are all services, and odd ones can be had again where cells are typed."""
    if mapping.entries is not None or any(a.constant for a in mapping.assignments):
        return False
    return not _is_typed(table, mapping.assignments) or (table.source_row != ORDER_TELLS and table.place == ONE_LINE_A_ROW)


def _is_typed(table: RawTable, assignments: Sequence[Assignment]) -> bool:
    """Whether the file types its cells: then what they hold is not all in their texts."""
    return any(table.fields[a.index].native for a in assignments if a.index >= 0)


def usual(table: RawTable, assignments: Sequence[Assignment], recurring: Recurring = NONE) -> str:
    """SQL to stand after FROM: the cells, `quick_<name>` read of each in its usual shape, and whether the row `is_odd`."""
    modifiers = Modifiers.of(table, assignments)
    quick = {a.name: one for a in plain(assignments) if (one := quick_value(table, a))}
    others = [a for a in plain(assignments) if a.name not in quick]

    def known(name: str, value: str) -> str:
        return compared(recurring, f"cell_{name}", value, "VARCHAR")

    steps = [
        [
            *(f"{_quick(name, one, recurring)} AS quick_{name}" for name, one in quick.items()),
            *(f"{known(name, value)} AS quick_{name}" for name, value in modifiers.quick().items()),
            *(f"{known(a.name, tidied(a, f'cell_{a.name}'))} AS text_{a.name}" for a in others),
        ],
        [f"{read_from(a, f'text_{a.name}')} AS quick_{a.name}" for a in others],
        [f"({' OR '.join(_odd(assignments, quick, modifiers))}) AS is_odd"],
    ]
    return stepwise(cells_of(table, assignments), [step for step in steps if step])


def try_rows(con: duckdb.DuckDBPyConnection, table: RawTable, assignments: Sequence[Assignment], most: int) -> Tried:
    """The first rows, as far as they are `most`, read in the usual shapes."""
    texts = [a for a in plain(assignments) if (one := quick_value(table, a)) is None or not one.is_all]
    columns = columns_of(texts, len(Modifiers.of(table, assignments).cells))
    pairs = [f"{cell}, CAST({value} AS VARCHAR)" for cell, value in columns.items()]
    rows = con.execute(f"SELECT {', '.join(['is_odd', *pairs])} FROM {usual(table, assignments)} LIMIT {most}").fetchall()
    # Where these are all rows, nothing is read any more that might be one of them.
    recurring = recurring_in([row[1:] for row in rows], list(columns)) if len(rows) == most else NONE
    return Tried(sum(row[0] for row in rows), len(rows), recurring)


def select_usual(table: RawTable, assignments: Sequence[Assignment], recurring: Recurring) -> str:
    """SELECT of select_typed()'s columns, and `cells`: NULL for a row that is whole, else its cells in the order of cells().

    Of a file that types its cells none are put by: a row of it is had again by its number. A row that is not whole stands there
    to keep its place; nothing that is typed of it may be used.
    """
    modifiers = Modifiers.of(table, assignments)
    outer = ["source_row", f"CAST({table.ahead} AS BIGINT) AS ahead", "place"]
    outer += [f'{_value(name, modifiers)} AS "{name}"' for name in typed_names(assignments)]
    outer += [*raw_amounts(assignments), *_WHOLE]
    put_by = [] if _is_typed(table, assignments) else cells(table, assignments)
    outer += [f"CASE WHEN is_odd THEN CAST([{', '.join(put_by)}] AS VARCHAR[]) END AS cells"]
    return f"SELECT {', '.join(outer)} FROM {usual(table, assignments, recurring)}"


def select_odd(put_by: str, table: RawTable, assignments: Sequence[Assignment]) -> str:
    """select_typed() of rows that are not whole; the relation `put_by` gives their source_row, place and `cells`."""
    if _is_typed(table, assignments):
        return select_typed(table.only(f"SELECT source_row FROM {put_by}"), assignments)
    columns = [f"cells[{place}] AS {name}" for place, name in enumerate(cells(table, assignments), start=1)]
    return typed_from(f"SELECT source_row, place, {', '.join(columns)} FROM {put_by}", table, assignments)


def _quick(name: str, one: Quick, recurring: Recurring) -> str:
    return one.value if one.is_all else compared(recurring, f"cell_{name}", one.value, BY_NAME[name].kind.sql_type)


def _value(name: str, modifiers: Modifiers) -> str:
    if name not in MODIFIERS:
        return f"quick_{name}"
    own = modifiers.places.get(name, 0)
    return f"quick_modifiers_{own}" if own else "CAST(NULL AS VARCHAR)"


def _odd(assignments: Sequence[Assignment], quick: Mapping[str, Quick], modifiers: Modifiers) -> list[str]:
    """Conditions, any of which makes a row one that has to be looked at."""
    names = [a.name for a in plain(assignments)]
    required = [name for name in REQUIRED_CELLS if name in names]
    found = [f"quick_{name} IS NULL" for name in required]
    for a in plain(assignments):
        if a.name in required:
            continue
        if a.name in quick:
            held = "given" if quick[a.name].is_all else "cell"
            found.append(f"(quick_{a.name} IS NULL AND {held}_{a.name} IS NOT NULL)")
        elif may_fail(a):
            found.append(f"(quick_{a.name} IS NULL AND text_{a.name} IS NOT NULL)")
    places = range(1, len(modifiers.cells) + 1)
    found += [f"(quick_modifiers_{place} IS NULL AND cell_modifiers_{place} IS NOT NULL)" for place in places]
    payers = [f"quick_{name} IS NULL" for name in PAYER_COLUMNS if name in names]
    return [*found, f"({' AND '.join(payers)})"] if payers else found
