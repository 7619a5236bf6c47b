"""Whether words name areas of the body: body_words.csv has the words for areas, and those that stand beside them."""

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("body_words.csv")
_WORD = re.compile(r"[^\W\d_]+\d*")
# A vertebra, alone or as the ends of a stretch of the spine: C3-C5, L4-5, S1.
_VERTEBRA = re.compile(r"c[1-7]|t([1-9]|1[0-2])|l[1-5]|s[1-5]")


def names_body_areas(cells: Sequence[str]) -> bool:
    """Whether at least half of the different cells name an area of the body; no cells name none."""
    different = {cell.strip().casefold() for cell in cells}
    return bool(different) and 2 * sum(map(_names_area, different)) >= len(different)


def _names_area(cell: str) -> bool:
    """A word for an area, and more words that go with it than others: "Head Office" and "Back Bay" are places."""
    kinds = [_kind(word) for word in _WORD.findall(cell)]
    return "area" in kinds and 2 * sum(kind != "" for kind in kinds) > len(kinds)


def _kind(word: str) -> str:
    return "area" if _VERTEBRA.fullmatch(word) else _words().get(word, "")


@cache
def _words() -> dict[str, str]:
    with FILE.open(encoding="utf-8", newline="") as stream:
        return {row["word"]: row["kind"] for row in csv.DictReader(stream)}
