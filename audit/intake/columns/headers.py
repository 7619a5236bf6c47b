"""An export's headers matched to the contract by name: those that audit.toml gives, the contract's own, known ones, weak ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.contract import BY_NAME
from audit.intake.columns.names import ALIAS, GIVEN_NAME, OWN_NAME, SPELLED, WEAK_ALIAS, Names, known

_HOW = {
    GIVEN_NAME: "a name of {}, by [header_names] in audit.toml",
    OWN_NAME: "the contract's own name",
    ALIAS: "a known name of {}",
    WEAK_ALIAS: "a lesser name of {}, and no better one is there",
    SPELLED: "a known name of {}, written in another way",
}
_CONFIDENCE = {GIVEN_NAME: 1.0, OWN_NAME: 1.0, ALIAS: 0.95, WEAK_ALIAS: 0.8, SPELLED: 0.75}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A header that may fill a contract column; `tier` is one of those of audit.intake.columns.names."""

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


def is_known(header: str) -> bool:
    """Whether some contract column goes by this header."""
    return known().is_known(header)


def candidates(headers: Sequence[str], names: Names | None = None) -> dict[str, list[Candidate]]:
    """Contract column -> the headers that go by its name, the best tier first."""
    names = names or known()
    found: dict[str, list[Candidate]] = {}
    for index, header in enumerate(headers):
        for name, tier in names.of(header):
            found.setdefault(name, []).append(Candidate(name, index, tier))
    for options in found.values():
        options.sort(key=lambda option: (option.tier, option.index))
    return found
