"""An export's headers matched to the contract by name: the user's own word first, then the contract's names and aliases."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.contract import BY_NAME, COLUMNS

_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A header that may fill a contract column. `rank` 0 is the contract's own name, then its aliases in their order."""

    name: str
    index: int
    rank: int
    how: str


def normalized(header: str) -> str:
    """A header without case, blanks, underscores, punctuation or byte-order mark: "Date of Service " -> dateofservice."""
    return _PUNCTUATION.sub("", header.replace("\ufeff", "").casefold())


def _index_aliases() -> dict[str, tuple[str, int]]:
    index: dict[str, tuple[str, int]] = {}
    for column in COLUMNS:
        index[normalized(column.name)] = (column.name, 0)
    for column in COLUMNS:
        for rank, alias in enumerate(column.aliases, start=1):
            index.setdefault(normalized(alias), (column.name, rank))
    return index


_ALIASES: Mapping[str, tuple[str, int]] = _index_aliases()


def is_known(header: str) -> bool:
    """Whether some contract column goes by this header."""
    return normalized(header) in _ALIASES


def candidates(headers: Sequence[str]) -> dict[str, list[Candidate]]:
    """Contract column -> the headers that go by its name, best first."""
    found: dict[str, list[Candidate]] = {}
    for index, header in enumerate(headers):
        match = _ALIASES.get(normalized(header))
        if match is not None:
            name, rank = match
            how = "the contract's own name" if rank == 0 else f"a known name of {BY_NAME[name].meaning}"
            found.setdefault(name, []).append(Candidate(name, index, rank, how))
    for options in found.values():
        options.sort(key=lambda option: (option.rank, option.index))
    return found
