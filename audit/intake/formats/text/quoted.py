"""On which line each row of a text begins, counted apart from any CSV reader: quoted notes may run over lines.

A lost quote joins rows into one cell without any error. Such a cell betrays itself: a line within it is a whole row.
"""

from array import array
from collections.abc import Iterator, Sequence

from audit.intake.formats.text.lines import EMPTY
from audit.intake.formats.text.looks import Looks


def row_starts(blocks: Iterator[Sequence[str]], ahead: int, looks: Looks) -> "array[int] | None":
    """The line of each row behind the first `ahead` lines; empty lines are no rows.

    None where a quote may be lost, so that no count can be trusted.
    """
    starts = array("Q")
    number, first, is_open = 0, "", False
    for block in blocks:
        if not is_open and number >= ahead and block[0] in EMPTY and block.count(block[0]) == len(block):
            number += len(block)
            continue
        for line in block:
            number += 1
            if number <= ahead:
                continue
            if is_open:
                if looks.joined(first, line):
                    return None
            elif line not in EMPTY:
                starts.append(number)
                first = line
            if '"' in line and line.count('"') % 2:
                is_open = not is_open
    return None if is_open else starts
