"""Which quarterly tables a period wants: the newest PTP table, an MUE table for each quarter."""

from datetime import date
from pathlib import Path

import pytest

from audit.reference.cms_names import ptp_version, read_name
from audit.reference.due import Due, due
from audit.reference.editions import Edition, Part
from audit.settings.periods import period
from tests.end_to_end.command import claims_audit


def edition(kind: str, day: str, setting: str = "practitioner", *parts: str) -> Edition:
    held = tuple(Part(name, 1, "", "", "", "", "", 1) for name in (parts or ("whole",)))
    return Edition(kind, setting, date.fromisoformat(day), held, "", Path())


def missing(found: tuple[Due, ...]) -> list[tuple[str, str, str]]:
    return [(one.table, one.setting, str(one.quarter)) for one in found if one.is_missing]


@pytest.mark.parametrize(
    ("text", "imported", "lacking"),
    [
        ("2025-11", (), ["ptp 2025-10-01", "mue 2025-10-01"]),
        ("2024-07", (), []),
        ("2024-06", (), ["mue 2024-04-01"]),
        ("2024-10", (), ["ptp 2024-10-01", "mue 2024-10-01"]),
        ("2025-11", (edition("ptp", "2025-10-01"), edition("mue", "2025-10-01")), []),
        ("2025-11", (edition("ptp", "2026-01-01"), edition("mue", "2026-01-01")), ["mue 2025-10-01"]),
        ("2025-11", (edition("ptp", "2025-07-01"), edition("mue", "2025-07-01")), ["ptp 2025-10-01", "mue 2025-10-01"]),
        ("2025-Q4", (edition("ptp", "2025-10-01"), edition("mue", "2025-10-01")), []),
    ],
)
def test_what_is_missing_for_a_period(text: str, imported: tuple[Edition, ...], lacking: list[str]) -> None:
    shipped = [("ptp", date(2024, 7, 1)), ("mue", date(2024, 7, 1))]
    found = due(period(text), imported, shipped)
    assert [f"{table} {day}" for table, _, day in missing(found)] == lacking


def test_a_table_with_parts_missing_is_missing() -> None:
    (ptp, _) = due(period("2025-11"), [edition("ptp", "2025-10-01", "practitioner", "f1", "f2", "f3")], [])
    assert ptp.is_missing
    assert ptp.note == "parts f4 are missing"


def test_other_settings_are_wanted_where_one_is_imported() -> None:
    found = due(period("2025-11"), [edition("mue", "2025-07-01", "hospital"), edition("mue", "2025-10-01", "dme")], [])
    assert [(one.table, one.setting) for one in found] == [
        ("ptp", "practitioner"), ("mue", "practitioner"), ("mue", "dme"), ("ptp", "hospital"), ("mue", "hospital"),
    ]  # fmt: skip
    assert ("mue", "dme", "2025-10-01") not in missing(found)


@pytest.mark.parametrize(("day", "version"), [("2024-07-01", "v302r0"), ("2025-10-01", "v313r0"), ("2026-01-01", "v320r0")])
def test_files_are_named_as_cms_names_them(day: str, version: str) -> None:
    quarter = date.fromisoformat(day)
    assert ptp_version(quarter) == version
    for one in due(period(f"{quarter:%Y-%m}"), [], []):
        assert read_name(one.files.split(" ")[0] + ".zip").editions == {quarter}
        assert read_name(one.files.split(" ")[0] + ".zip").setting == "practitioner"


def test_status_tells_and_its_code_says_whether_something_is_missing(tmp_path: Path) -> None:
    done = claims_audit("reference", "status", "--period", "2025-11", cwd=tmp_path)
    assert done.code == 3
    assert "ccipra-v313r0-f1 to -f4" in done.out
    assert "For 2025-11 2 of 2 tables are missing" in done.err
    assert claims_audit("reference", "status", "--period", "2024-07", cwd=tmp_path).code == 0
    (tmp_path / "audit.toml").write_text('[audit]\nperiod = "2024-07"\n', encoding="utf-8")
    assert '"period": "2024-07"' in claims_audit("reference", "status", "--format", "json", cwd=tmp_path).out
