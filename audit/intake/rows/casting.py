"""The SELECT that turns a raw table into typed contract columns, with the faults of each row beside it.

A row's `faults` is NULL where every cell was read, else a list of (column_name, value, reason): nothing is dropped here.
An empty list marks a row in which every mapped cell is blank: it is no claim line and no fault either.
"""

from collections.abc import Sequence

from audit.contract import BY_NAME, MONEY_COLUMNS
from audit.intake.columns.entries import Entries
from audit.intake.columns.mapping import Assignment
from audit.intake.raw import RawTable
from audit.intake.rows.faults import blank_before, faults, left_out, unread
from audit.intake.rows.modifiers import MODIFIERS, Modifiers
from audit.intake.rows.values import Quick, cell_of, is_blank_in, quick_value, read_from, tidied


def select_typed(table: RawTable, assignments: Sequence[Assignment], entries: Entries | None = None) -> str:
    """SELECT giving source_row, ahead, place, the typed columns, `<money>_raw` texts, `left_out`, `unread` and `faults`.

    The typed columns are typed_names(); blank_before() tells where a constant filled one. `left_out` is the reason for which a
    row is no claim line, else NULL; `unread` lists columns whose cell holds something that was not read and is no fault of the
    row. `entries` tells rows that are no services.
    """
    return typed_from(cells_of(table, assignments, entries), table, assignments, entries)


def cells_of(table: RawTable, assignments: Sequence[Assignment], entries: Entries | None = None) -> str:
    """SELECT of the cells that are read, as they stand: what typed_from() takes."""
    columns = [f"CAST({table.source_row} AS BIGINT) AS source_row", f"{table.place} AS place"]
    columns += [f"{cell} AS {name}" for name, cell in cells(table, assignments).items()]
    columns += [f"{entries.is_entry(table)} AS is_entry"] if entries is not None else []
    columns += [f"{is_blank_in(table, a)} AS {blank_before(a.name)}" for a in assignments if a.constant]
    quick = {a.name: quick_value(table, a) for a in plain(assignments)}
    columns += [f"{one.given} AS given_{name}" for name, one in quick.items() if one is not None and one.given]
    return f"SELECT {', '.join(columns)} FROM {table.relation}"


def typed_from(cells_select: str, table: RawTable, assignments: Sequence[Assignment], entries: Entries | None = None) -> str:
    """select_typed() of the cells that the given SELECT has, however it came by them."""
    modifiers = Modifiers.of(table, assignments)
    outer = ["source_row", f"CAST({table.ahead} AS BIGINT) AS ahead", "place"]
    outer += [f'{_typed_name(name, modifiers)} AS "{name}"' for name in typed_names(assignments)]
    outer += raw_amounts(assignments)
    outer += [blank_before(a.name) for a in assignments if a.constant]
    outer += ["left_out", f"{unread(assignments)} AS unread", f"{faults(assignments, modifiers)} AS faults"]
    named = plain(assignments)
    quick = {a.name: one for a in named if (one := quick_value(table, a))}
    # In a SELECT of its own each, because a macro writes out its argument as often as it looks at it: one within another takes
    # longer to plan than a file to read.
    steps = [
        [
            *(f"{one.value} AS quick_{name}" for name, one in quick.items()),
            *(f"{value} AS quick_{name}" for name, value in modifiers.quick().items()),
        ],
        [*(f"{_text(a, has_quick=a.name in quick)} AS text_{a.name}" for a in named), *modifiers.texts()],
        [f"{_value(a, quick.get(a.name))} AS value_{a.name}" for a in named],
        [f"{left_out(assignments, entries)} AS left_out", f"{modifiers.several()} AS modifier_list"],
    ]
    return f"SELECT {', '.join(outer)} FROM {stepwise(cells_select, steps)}"


def stepwise(select: str, steps: Sequence[Sequence[str]]) -> str:
    """SQL to stand after FROM: the SELECT, and step by step further columns made of those before."""
    relation = f"({select})"
    for step in steps:
        relation = f"(SELECT {', '.join(['*', *step])} FROM {relation})"
    return relation


def plain(assignments: Sequence[Assignment]) -> list[Assignment]:
    """The assignments that are read each from a cell of its own: all but the modifiers."""
    return [a for a in assignments if a.name not in MODIFIERS]


def cells(table: RawTable, assignments: Sequence[Assignment]) -> dict[str, str]:
    """SQL for each cell that is read, by the name of its column in cells_of()."""
    named = {f"cell_{a.name}": cell_of(table, a) for a in plain(assignments)}
    modifiers = Modifiers.of(table, assignments).cells
    return named | {f"cell_modifiers_{place}": cell for place, cell in enumerate(modifiers, start=1)}


def raw_amounts(assignments: Sequence[Assignment]) -> list[str]:
    """The columns of amounts as they stand in the file, but for a comma before cents, for the control totals."""
    return [f"{a.cell.replace('{cell}', f'cell_{a.name}')} AS {a.name}_raw" for a in assignments if a.name in MONEY_COLUMNS]


def _text(assignment: Assignment, *, has_quick: bool) -> str:
    """SQL for the tidy text of a cell that is not read yet, NULL where it is blank."""
    cell = f"cell_{assignment.name}"
    text = tidied(assignment, cell)
    return f"CASE WHEN quick_{assignment.name} IS NULL AND {cell} IS NOT NULL THEN {text} END" if has_quick else text


def _value(assignment: Assignment, quick: Quick | None) -> str:
    name = assignment.name
    if quick is not None and quick.is_all:
        return f"quick_{name}"
    read = read_from(assignment, f"text_{name}")
    return read if quick is None else f"coalesce(quick_{name}, {read})"


def typed_names(assignments: Sequence[Assignment]) -> tuple[str, ...]:
    """The contract columns that select_typed() fills, in order: a code's cell may hold modifiers that none is mapped to."""
    named = {a.name for a in assignments}
    named |= set(MODIFIERS) if "procedure_code" in named or named & set(MODIFIERS) else set()
    return tuple(name for name in BY_NAME if name in named)


def _typed_name(name: str, modifiers: Modifiers) -> str:
    return modifiers.value(name) if name in MODIFIERS else f"value_{name}"
