"""A share of the random exports, judged by the program and by the oracle: no difference in flags, direction or cents.

The whole of it, with every difference and its rows: `python -m tests.oracle_rules --lines 20000 --seed 1`.
"""

import csv
from pathlib import Path

import pytest

from tests.claim_rows import completed
from tests.oracle_rules.compare import READ, SHARED_SHAPES, compare, compare_export, over_of
from tests.oracle_rules.explained import Explanation, listed
from tests.rule_cases import rows_of

LINES = 500
SEED = 1


@pytest.mark.parametrize("shape", SHARED_SHAPES)
def test_program_and_oracle_tell_the_same(shape: str, tmp_path: Path) -> None:
    comparison = compare(tmp_path, SEED, shape, LINES, READ)
    assert [f"{d.rule} {sorted(d.members)[:4]}: oracle {d.ours}, program {d.theirs}" for d in comparison.differences] == []
    assert comparison.over == over_of(comparison)
    assert not [note for note in comparison.notes if not note.startswith("the program knows no key")]
    # Exports on which hardly a rule finds anything would agree for nothing.
    assert sum(1 for rule in READ if comparison.flagged[rule]) >= len(READ) * 2 // 3


@pytest.mark.parametrize("kind", listed(), ids=lambda kind: kind.name)
def test_each_explained_kind_explains_a_difference_that_is_there(kind: Explanation, tmp_path: Path) -> None:
    claims, config = tmp_path / "claims.csv", tmp_path / "audit.toml"
    config.write_text("", encoding="utf-8")
    rows = completed([{"modifier_1": "GP"} | row for row in rows_of(kind.lines)])
    with claims.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sorted({column for row in rows for column in row}))
        writer.writeheader()
        writer.writerows(rows)
    comparison = compare_export(claims, config, kind.rules)
    assert (comparison.differences, set(comparison.explained)) == ([], {kind.name})


def test_explained_kinds_are_of_rules_that_are_read() -> None:
    assert {rule for kind in listed() for rule in kind.rules} <= set(READ)
