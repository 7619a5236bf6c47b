"""What the cells of a wide file's groups hold: whether a group is a service at all, and the sample laid out line by line."""

import re
from collections.abc import Sequence

from audit.contract import BY_NAME, Kind
from audit.intake.columns.groups import Groups
from audit.intake.columns.shapes import is_blank

# Systems fill unused groups with noughts; a nought without a code is no service.
_NOUGHT = r"\s*\$?\s*0*(\.0*)?\s*"
_COUNTED = (Kind.MONEY, Kind.UNITS, Kind.MINUTES)


def unpivoted_sample(sample: Sequence[Sequence[str]], groups: Groups) -> tuple[tuple[str, ...], ...]:
    """Sampled rows laid out as the long table, for guesses by value."""
    inside = groups.indices()
    long = []
    for row in sample:
        for place in range(1, groups.count + 1):
            cells = ["" if index in inside else cell for index, cell in enumerate(row)]
            held = False
            for name, fields in groups.fields.items():
                cell = row[fields[place]] if fields[place] < len(row) else ""
                lead = groups.lead(name)
                if lead < len(cells):
                    cells[lead] = cell
                held = held or is_held(name, cell)
            if held:
                long.append(tuple(cells))
    return tuple(long)


def holds(name: str, cell: str) -> str:
    """SQL for whether a cell of a group holds anything."""
    if BY_NAME[name].kind in _COUNTED:
        return f"NOT (is_blank({cell}) OR regexp_full_match({cell}, '{_NOUGHT}'))"
    return f"NOT is_blank({cell})"


def is_held(name: str, cell: str) -> bool:
    """Whether a cell of a group holds anything."""
    nought = BY_NAME[name].kind in _COUNTED and re.fullmatch(_NOUGHT, cell)
    return not (is_blank(cell) or nought)
