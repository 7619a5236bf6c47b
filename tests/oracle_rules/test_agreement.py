"""A share of the random exports, judged by the program and by the oracle: no difference in flags, direction or cents.

The whole of it, with every difference and its rows: `python -m tests.oracle_rules --lines 20000 --seed 1`.
"""

from pathlib import Path

import pytest

from tests.oracle_rules.compare import AGREED, AGREED_SHAPES, READ, compare, over_of

LINES = 500


@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("shape", AGREED_SHAPES)
def test_program_and_oracle_tell_the_same(shape: str, seed: int, tmp_path: Path) -> None:
    comparison = compare(tmp_path, seed, shape, LINES, AGREED)
    assert [f"{d.rule} {sorted(d.members)[:4]}: oracle {d.ours}, program {d.theirs}" for d in comparison.differences] == []
    assert comparison.over == over_of(comparison)
    assert not [note for note in comparison.notes if not note.startswith("the program knows no key")]
    # Exports on which hardly a rule finds anything would agree for nothing.
    assert sum(1 for rule in AGREED if comparison.flagged[rule]) >= len(AGREED) * 2 // 3


def test_what_is_agreed_is_read() -> None:
    assert set(AGREED) <= set(READ)
