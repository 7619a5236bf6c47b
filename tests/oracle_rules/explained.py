"""Differences that are explained: where the rules' text allows two readings, the oracle read in the program's way tells the same.

The kinds are data, in explained.toml. A difference that no kind explains to the cent is one.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracle_rules.compare import Difference

LIST = Path(__file__).with_name("explained.toml")
SELF_PAY = "self-pay"
TWO_THERAPISTS = "two therapists"
REPEATS = "repeats"
TWO_TOTALS = "two totals"
WHOLE_TREATMENT = "whole treatment"
KINDEST_ORDER = "kindest order"
NOT_ASKED_TO_PAY = "not asked to pay"
SEPARATE_PRACTITIONER = "separate practitioner"
GX_AS_GY = "GX as GY"
MASSAGE_AGAIN = "massage again"


@dataclass(frozen=True)
class Explanation:
    """One kind of difference: the rules that it touches, the two readings, why both stand, and lines that show it."""

    name: str
    rules: tuple[str, ...]
    oracle: str
    program: str
    reason: str
    sentence: str
    lines: str


def listed(path: Path = LIST) -> tuple[Explanation, ...]:
    """The kinds of explained.toml."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["explained"]
    return tuple(Explanation(**{**entry, "rules": tuple(entry["rules"])}) for entry in entries)


def explain(
    found: Iterable["Difference"], judged_again: Callable[[str, frozenset[str]], Iterable["Difference"]]
) -> tuple[list["Difference"], Counter[str]]:
    """The differences that no kind explains, and how many each kind does.

    `judged_again` gives a rule's differences with the export read in other ways. Each kind is tried alone, then all of
    the rule's together.
    """
    by_rule: dict[str, list[Difference]] = {}
    for difference in found:
        by_rule.setdefault(difference.rule, []).append(difference)
    left: list[Difference] = []
    counts: Counter[str] = Counter()
    for rule, differing in by_rule.items():
        kinds = [kind.name for kind in listed() if rule in kind.rules]
        ways = [frozenset([kind]) for kind in kinds] + ([frozenset(kinds)] if len(kinds) > 1 else [])
        still_differ: Mapping[frozenset[str], set[object]] = {
            way: {line for difference in judged_again(rule, way) for line in difference.members} for way in ways
        }
        for difference in differing:
            way = next((way for way in ways if not difference.members & still_differ[way]), None)
            if way is None:
                left.append(difference)
            counts.update(way or ())
    return left, counts
