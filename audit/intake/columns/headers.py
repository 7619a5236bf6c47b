"""An export's headers matched to the contract by name: the contract's own names, then everyday aliases, then weak ones."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.contract import BY_NAME, COLUMNS
from audit.intake.columns.known_names import STRONG, WEAK

_PUNCTUATION = re.compile(r"[\W_]+")
OWN_NAME, ALIAS, WEAK_ALIAS = 0, 1, 2
_HOW = {
    OWN_NAME: "the contract's own name",
    ALIAS: "a known name of {}",
    WEAK_ALIAS: "a lesser name of {}, and no better one is there",
}
# "ICD-10" over a column is the code system, not the tenth diagnosis.
_NOT_THE_TENTH = ("diagnosis_10", "icd10")
_CONFIDENCE = {OWN_NAME: 1.0, ALIAS: 0.95, WEAK_ALIAS: 0.8}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A header that may fill a contract column; `tier` is OWN_NAME, ALIAS or WEAK_ALIAS."""

    name: str
    index: int
    tier: int

    @property
    def how(self) -> str:
        """Why the header was taken for the column."""
        return _HOW[self.tier].format(BY_NAME[self.name].meaning)

    @property
    def confidence(self) -> float:
        """From 0 to 1."""
        return _CONFIDENCE[self.tier]


def normalized(header: str) -> str:
    """A header without case, blanks, underscores, punctuation or byte-order mark: "Date of Service " -> dateofservice."""
    return _PUNCTUATION.sub("", header.replace("\ufeff", "").casefold())


def _index_names() -> dict[str, list[tuple[str, int]]]:
    index: dict[str, dict[str, int]] = {}
    weak = {(column, normalized(alias)) for column, aliases in WEAK.items() for alias in aliases}
    for column in COLUMNS:
        named = [(column.name, OWN_NAME)]
        named += [(alias, ALIAS) for alias in (*column.aliases, *STRONG.get(column.name, ()))]
        named += [(alias, WEAK_ALIAS) for alias in WEAK.get(column.name, ())]
        for alias, tier in named:
            key = normalized(alias)
            if (column.name, key) == _NOT_THE_TENTH:
                continue
            tier_here = WEAK_ALIAS if tier == ALIAS and (column.name, key) in weak else tier
            index.setdefault(key, {}).setdefault(column.name, tier_here)
    return {key: sorted(columns.items(), key=lambda item: item[1]) for key, columns in index.items()}


_NAMES: Mapping[str, list[tuple[str, int]]] = _index_names()


def is_known(header: str) -> bool:
    """Whether some contract column goes by this header."""
    return normalized(header) in _NAMES


def names_of(header: str) -> Sequence[tuple[str, int]]:
    """The contract columns that go by this header, each with its tier, the best first."""
    return _NAMES.get(normalized(header), ())


def candidates(headers: Sequence[str]) -> dict[str, list[Candidate]]:
    """Contract column -> the headers that go by its name, the best tier first."""
    found: dict[str, list[Candidate]] = {}
    for index, header in enumerate(headers):
        for name, tier in names_of(header):
            found.setdefault(name, []).append(Candidate(name, index, tier))
    for options in found.values():
        options.sort(key=lambda option: (option.tier, option.index))
    return found
