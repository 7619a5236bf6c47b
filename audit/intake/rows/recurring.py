"""Cells that recur: a column of few values is read by comparing them, for that costs a third of judging each cell anew.

What is read of a cell follows from its text alone. So the texts of a file's first rows are read once, and a later cell of the
same text is what they were; one that is none of them is judged as any other.
"""

from collections.abc import Mapping, Sequence

from audit.contract import BY_NAME, Kind
from audit.intake.columns.mapping import Assignment
from audit.intake.raw import sql_text
from audit.intake.rows.values import TELLING_IDS

# A cell is compared with each of them; more than these cost as much as the judging.
_FEW = 8
_NEVER_FEW = (Kind.DATE, Kind.TIME)

# By the name of a cell's column ("cell_units"), what is read of each of its recurring texts, as text.
Recurring = Mapping[str, Mapping[str, str]]
NONE: Recurring = {}


def may_recur(assignment: Assignment) -> bool:
    """Whether a column may have few values."""
    return assignment.name not in TELLING_IDS and BY_NAME[assignment.name].kind not in _NEVER_FEW


def recurring_in(rows: Sequence[Sequence[str | None]], columns: Sequence[str]) -> Recurring:
    """What recurs in rows that hold for each of `columns`, which are cells', its text and what is read of it, NULL if nothing."""
    found = {}
    for place, column in enumerate(columns):
        read = {row[2 * place]: row[2 * place + 1] for row in rows}
        known = {text: value for text, value in read.items() if text is not None and value is not None}
        if len(known) <= _FEW:
            found[column] = known
    return found


def compared(recurring: Recurring, cell: str, value: str, kind: str) -> str:
    """SQL for `value`, which judges the cell, with its recurring texts known beforehand; `kind` is the type of what is read."""
    known = recurring.get(cell, {})
    texts = [text for text in known if kind != "VARCHAR" or known[text] == text]
    if not texts:
        return value
    # Not IN (...): of a list of five DuckDB makes a join, and a join keeps no order, by which rows are numbered.
    values = {text: cell if kind == "VARCHAR" else f"CAST({sql_text(known[text])} AS {kind})" for text in texts}
    cases = " ".join(f"WHEN {sql_text(text)} THEN {values[text]}" for text in texts)
    return f"CASE {cell} {cases} ELSE {value} END"


def columns_of(assignments: Sequence[Assignment], modifiers: int) -> dict[str, str]:
    """For the name of each cell's column that may recur the name of what is read of it."""
    named = {f"cell_{a.name}": f"quick_{a.name}" for a in assignments if may_recur(a)}
    return named | {f"cell_modifiers_{place}": f"quick_modifiers_{place}" for place in range(1, modifiers + 1)}
