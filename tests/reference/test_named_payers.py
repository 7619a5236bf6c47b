"""What payers publish: each fact is a setting that audit.toml takes, offered to its own payer and to no other."""

import csv
from datetime import date
from pathlib import Path

import pytest

from audit.cli import init_published
from audit.reference import named_payers
from audit.settings import config as configuration

CLASSES = ("commercial", "blues", "medicare_advantage", "tricare", "workers_comp", "unknown")


@pytest.mark.parametrize(
    "fact", [fact for fact in named_payers.table() if fact.setting], ids=lambda fact: f"{fact.payer} {fact.key}"
)
def test_a_setting_is_one_that_audit_toml_takes(fact: named_payers.Published, tmp_path: Path) -> None:
    path = tmp_path / "audit.toml"
    path.write_text(f'[[payer]]\nmatch = ["x"]\neffective_from = {fact.first_day}\n{fact.setting}\n', encoding="utf-8")
    settings, _ = configuration.read_settings(path)
    assert len(settings.payer) == 1


def test_every_fact_says_how_surely_it_is_known_and_whence() -> None:
    with named_payers.FILE.open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(named_payers.table()) >= 15
    for fact in named_payers.table():
        assert fact.certainty in named_payers.CERTAINTIES
        assert fact.says
        assert fact.source
        assert fact.first_day <= fact.last_day


@pytest.mark.parametrize(
    ("name", "payer"),
    [
        ("uhc choice", "UnitedHealthcare and Optum"),
        ("united healthcare", "UnitedHealthcare and Optum"),
        ("optum", "UnitedHealthcare and Optum"),
        ("highmark bcbs", "Highmark"),
        ("bcbs of nebraska", "BCBS Nebraska"),
        ("blue cross blue shield of north dakota", "BCBS North Dakota"),
        ("anthem bcbs ohio", "Anthem in IN, KY, MO, OH and WI"),
        ("horizon bcbs new jersey", "Horizon BCBS of New Jersey"),
        ("humana", "Humana"),
        ("tricare east", "TRICARE"),
        ("premera blue cross", "Premera and LifeWise"),
        ("aetna open access", "Aetna"),
    ],
)
def test_a_payer_is_known_by_its_name(name: str, payer: str) -> None:
    assert {fact.payer for fact in named_payers.of(name, CLASSES)} == {payer}


@pytest.mark.parametrize(
    "name", ["acme health", "anthem bcbs california", "bcbs of texas", "united airlines plan", "self pay", ""]
)
def test_no_other_payer_is_offered_its_facts(name: str) -> None:
    assert named_payers.of(name, CLASSES) == ()


def test_a_fact_is_offered_from_its_own_date_on() -> None:
    def keys(first: date, last: date) -> tuple[set[str], list[date]]:
        offered = init_published.offers("anthem bcbs ohio", CLASSES, (first, last))
        return {fact.key for fact in offered.first}, [day for day, _ in offered.later]

    assert keys(date(2021, 3, 1), date(2021, 3, 31)) == (set(), [])
    assert keys(date(2021, 3, 1), date(2021, 4, 1)) == (set(), [date(2021, 4, 1)])
    assert keys(date(2021, 4, 1), date(2021, 4, 30)) == ({"daily_timed_units"}, [])


def test_what_is_offered_stands_as_comments_alone() -> None:
    offered = init_published.offers("uhc choice", CLASSES, (date(2020, 6, 1), date(2025, 11, 30)))
    written = [*init_published.lines(offered), *init_published.own_tables(offered, 'match = ["uhc choice"]')]
    assert any('unit_rule = "cms"' in line for line in written)
    assert any("effective_from = 2020-07-01" in line for line in written)
    assert all(line.startswith("#") for line in written)
