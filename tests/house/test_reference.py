"""Every shipped reference table stands in time and says what it is."""

import csv
import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

DATA = ROOT / "audit" / "reference" / "data"
TABLES = sorted(DATA.glob("*.csv"))


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def test_each_table_states_edition_source_and_coverage() -> None:
    editions = tomllib.loads((DATA / "editions.toml").read_text(encoding="utf-8"))
    assert editions.keys() == {path.stem for path in TABLES}
    assert all(facts.keys() == {"edition", "source", "coverage"} and all(facts.values()) for facts in editions.values())
    assert all(dt.date.fromisoformat(facts["edition"]) for facts in editions.values())


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_each_row_says_from_when_and_until_when(path: Path) -> None:
    found = list(rows(path))
    assert found, "an empty table"
    for number, row in enumerate(found, start=1):
        assert None not in row, f"row {number} has more cells than the header"
        start, end = (dt.date.fromisoformat(row[name]) if row[name] else None for name in ("effective_from", "effective_to"))
        assert start, f"row {number} does not say from when it holds"
        assert end is None or start <= end, f"row {number} ends before it begins"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_no_row_stands_twice(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(set(lines)) == len(lines)
