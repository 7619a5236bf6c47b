"""Columns of the 835's adjustment reasons: their bare codes told from a system's own, several columns of them read together."""

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from audit import assets
from audit.intake.columns.assignments import Draft
from audit.intake.columns.contradictions import is_reason_code
from audit.intake.columns.headers import Candidate, candidates
from audit.intake.columns.shapes import cells_of
from audit.intake.columns.spelling import words_of

_NAME = "denial_reason"
_OF_835 = frozenset({"carc", "carcs", "cas"})
_GROUP = re.compile(r"(?i)\s*(CO|PR|OA|PI|CR)\s*")
# Under "Adjustment" alone a bare number is an amount.
_OF_CODES = frozenset({"reason", "reasons", "rsn", "code", "codes", *_OF_835})
_CODE = re.compile(r"(?i)0*([1-9][0-9]{0,2}|[ABP][0-9]{1,2})(\.0)?")


def take(draft: Draft) -> None:
    """Let bare codes be reasons where their header or a column of groups beside them says so, and read several together.

    Bare codes that would deny lines, and of which nothing says that they are the 835's, are told.
    """
    options = [option for option in candidates(draft.headers, draft.names).get(_NAME, ()) if option.index not in draft.taken()]
    bare = [
        option
        for option in options
        if _words(draft.headers[option.index]) & _OF_CODES and _are_bare_codes(cells_of(draft.sample, option.index))
    ]
    if _NAME not in draft.chosen and bare:
        known = [option for option in bare if _says_835(draft.headers[option.index]) or _has_groups(draft)]
        if known:
            draft.assign(known[0], "; its cells are the 835's codes")
        elif any(_denies(cell) for cell in cells_of(draft.sample, bare[0].index)):
            _tell(draft, bare[0])
    _read_together(draft, options, bare)


def _read_together(draft: Draft, options: Sequence[Candidate], bare: Sequence[Candidate]) -> None:
    """Further columns of codes that are written as the first one's are; words and codes are not mixed."""
    chosen = draft.chosen.get(_NAME)
    if chosen is None or chosen.index < 0 or chosen.how.startswith("named"):
        return
    cells = cells_of(draft.sample, chosen.index)
    alike: Sequence[Candidate] = ()
    if _are_bare_codes(cells):
        alike = bare
    elif cells and all(map(is_reason_code, cells)):
        alike = [one for one in options if (found := cells_of(draft.sample, one.index)) and all(map(is_reason_code, found))]
    beside = tuple(sorted({one.index for one in alike} - {chosen.index}))
    if beside:
        draft.chosen[_NAME] = replace(chosen, beside=beside)


def _tell(draft: Draft, option: Candidate) -> None:
    draft.warnings.append(
        f"{draft.file}: {draft.shown(option.index)} may hold the 835's reasons of adjustment, by which lines were denied, or a "
        f"system's own codes, and was not read. If they are the 835's, name it under [columns] in audit.toml: {_NAME}."
    )


def _are_bare_codes(cells: Sequence[str]) -> bool:
    return bool(cells) and all(map(_code, cells))


def _words(header: str) -> set[str]:
    return set(words_of(header))


def _says_835(header: str) -> bool:
    words = _words(header)
    return bool(words & _OF_835) or {"claim", "adjustment", "reason"} <= words


def _has_groups(draft: Draft) -> bool:
    """Whether a column of the file holds the 835's groups of adjustments and nothing else."""
    cells = (cells_of(draft.sample, index) for index in range(len(draft.headers)))
    return any(found and all(map(_GROUP.fullmatch, found)) for found in cells)


def _denies(cell: str) -> bool:
    return _table()[_code(cell)] == "denied"


def _code(cell: str) -> str:
    """The 835's reason that a cell is, "" where it is none."""
    found = _CODE.fullmatch(cell.strip())
    return found[1].upper() if found and found[1].upper() in _table() else ""


@cache
def _table() -> dict[str, str]:
    with (assets.reference_data() / "adjustment_reason.csv").open(encoding="utf-8", newline="") as stream:
        return {row["reason_code"]: row["role"] for row in csv.DictReader(stream)}
