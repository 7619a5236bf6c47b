"""Whether a cell says what became of a claim: the words of status_word.csv, the table by which staging reads statuses."""

import csv
import re
from functools import cache

from audit import assets

_DEAD = frozenset({"void", "reversal", "denied"})


def says_a_state(cell: str) -> bool:
    """Whether a cell holds a status that the table knows: "Denied - CO-97", "Paid", "4"."""
    return any(pattern.search(_words(cell)) for _, pattern in _table())


def says_dead(cell: str) -> bool:
    """Whether a cell says in words that a line was voided, taken back or denied."""
    words = _words(cell)
    return any(pattern.search(words) for role, pattern in _table() if role in _DEAD and not pattern.pattern.endswith("$)"))


def _words(cell: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", cell.casefold()).strip()


@cache
def _table() -> tuple[tuple[str, re.Pattern[str]], ...]:
    with (assets.reference_data() / "status_word.csv").open(encoding="utf-8", newline="") as stream:
        return tuple((row["role"], _pattern(row["pattern"])) for row in csv.DictReader(stream))


def _pattern(text: str) -> re.Pattern[str]:
    # A sign alone (4, D) is a status only where nothing stands beside it.
    return re.compile((r"^(" if text.endswith("$") else r"\b(") + text + ")")
