"""Rows whose every cell has the shape that most exports write: read in one cheap pass, and the others put by.

To look at every cell of a row for what may be amiss takes half as long again as to read it. So a file is first read for the
usual shapes alone (rows.values knows them). A row in which each cell has one is whole: it has no fault, and nothing is left
out or unread. The cells of every other row are kept as they stand, and rows.casting reads those.
"""

from collections.abc import Sequence

from audit.contract import PAYER_COLUMNS
from audit.intake.columns.mapping import Assignment, FileMapping
from audit.intake.raw import RawTable
from audit.intake.rows.casting import cells, cells_of, plain, raw_amounts, stepwise, typed_from, typed_names
from audit.intake.rows.faults import REQUIRED_CELLS, may_fail
from audit.intake.rows.modifiers import MODIFIERS, Modifiers
from audit.intake.rows.values import quick_value, read_from, tidied

# What select_typed() gives of a row that is whole.
_WHOLE = (
    "CAST(NULL AS VARCHAR) AS left_out",
    "CAST(NULL AS VARCHAR[]) AS unread",
    'CAST(NULL AS STRUCT(column_name VARCHAR, "value" VARCHAR, reason VARCHAR)[]) AS faults',
)


def can_be_read_so(table: RawTable, mapping: FileMapping) -> bool:
    """Whether the file's cells are texts, none of them filled by a constant, and its rows are all services."""
    mapped = [a for a in mapping.assignments if a.index >= 0]
    typed = any(table.fields[a.index].native for a in mapped)
    return not typed and mapping.entries is None and not any(a.constant for a in mapping.assignments)


def select_usual(table: RawTable, assignments: Sequence[Assignment]) -> str:
    """SELECT of select_typed()'s columns, and `cells`: NULL for a row that is whole, else its cells in the order of cells().

    A row that is not whole stands there to keep its place; nothing that is typed of it may be used.
    """
    modifiers = Modifiers.of(table, assignments)
    outer = ["source_row", f"CAST({table.ahead} AS BIGINT) AS ahead", "place"]
    outer += [f'{_value(name, modifiers)} AS "{name}"' for name in typed_names(assignments)]
    outer += [*raw_amounts(assignments), *_WHOLE]
    outer += [f"CASE WHEN is_odd THEN [{', '.join(cells(table, assignments))}] END AS cells"]
    quick = {a.name: one for a in plain(assignments) if (one := quick_value(table, a))}
    others = [a for a in plain(assignments) if a.name not in quick]
    steps = [
        [
            *(f"{one.value} AS quick_{name}" for name, one in quick.items()),
            *modifiers.quick(),
            *(f"{tidied(a, f'cell_{a.name}')} AS text_{a.name}" for a in others),
        ],
        [f"{read_from(a, f'text_{a.name}')} AS quick_{a.name}" for a in others],
        [f"({' OR '.join(_odd(assignments, set(quick), modifiers))}) AS is_odd"],
    ]
    return f"SELECT {', '.join(outer)} FROM {stepwise(cells_of(table, assignments), [step for step in steps if step])}"


def select_odd(relation: str, table: RawTable, assignments: Sequence[Assignment]) -> str:
    """select_typed() of rows whose cells were put by; `relation` gives source_row, place and `cells`."""
    columns = [f"cells[{place}] AS {name}" for place, name in enumerate(cells(table, assignments), start=1)]
    return typed_from(f"SELECT source_row, place, {', '.join(columns)} FROM {relation}", table, assignments)


def _value(name: str, modifiers: Modifiers) -> str:
    if name not in MODIFIERS:
        return f"quick_{name}"
    own = modifiers.places.get(name, 0)
    return f"quick_modifiers_{own}" if own else "CAST(NULL AS VARCHAR)"


def _odd(assignments: Sequence[Assignment], quick: set[str], modifiers: Modifiers) -> list[str]:
    """Conditions, any of which makes a row one that has to be looked at."""
    names = [a.name for a in plain(assignments)]
    required = [name for name in REQUIRED_CELLS if name in names]
    found = [f"quick_{name} IS NULL" for name in required]
    for a in plain(assignments):
        if a.name in required:
            continue
        if a.name in quick:
            found.append(f"(quick_{a.name} IS NULL AND cell_{a.name} IS NOT NULL)")
        elif may_fail(a):
            found.append(f"(quick_{a.name} IS NULL AND text_{a.name} IS NOT NULL)")
    places = range(1, len(modifiers.cells) + 1)
    found += [f"(quick_modifiers_{place} IS NULL AND cell_modifiers_{place} IS NOT NULL)" for place in places]
    payers = [f"quick_{name} IS NULL" for name in PAYER_COLUMNS if name in names]
    return [*found, f"({' AND '.join(payers)})"] if payers else found
