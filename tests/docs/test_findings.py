"""docs/findings.md names every column that the files of findings have, in their order, and no other."""

import re

import pytest

from audit.runs import outputs
from tests.claim_rows import completed, staged_in_turn
from tests.house.checkout import ROOT

PAGE = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")


def columns_of(query: str) -> list[str]:
    with staged_in_turn(completed([{}])) as session:
        session.collect()
        return session.table(query).column_names


@pytest.mark.parametrize(("heading", "query"), [("# What", outputs.FINDINGS), ("## Lines", outputs.FINDING_LINES)])
def test_every_column_is_explained_and_no_other(heading: str, query: str) -> None:
    section = next(part for part in re.split(r"\n(?=## )", PAGE) if part.startswith(heading))
    named = [name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    assert named == columns_of(query)
