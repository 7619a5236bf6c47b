"""docs/coverage.md places every rule beside a published check, and no rule that there is not."""

import re

from audit import rules
from tests.house.checkout import ROOT

PAGE = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")


def named() -> set[str]:
    """The ids on the page, those between the ends of "MOD002 to MOD005" among them."""
    found = set(re.findall(r"\b[A-Z]{3}\d{3}\b", PAGE))
    for family, first, last in re.findall(r"\b([A-Z]{3})(\d{3}) to \1(\d{3})\b", PAGE):
        found |= {f"{family}{number:03}" for number in range(int(first), int(last) + 1)}
    return found


def test_every_rule_has_its_place_and_no_other_is_named() -> None:
    assert named() == {rule.id for rule in rules.load()}


def test_each_published_check_says_what_checks_it_or_why_nothing_does() -> None:
    rows = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| published")]
    assert len(rows) > 25
    assert [row[0] for row in rows if not (row[-1].strip() or row[-2].strip())] == []
