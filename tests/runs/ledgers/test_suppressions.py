"""Findings set aside: who may write when, and what is said of those that do nothing."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from audit.errors import ConfigError, InputError
from audit.files import lock
from audit.runs.format import stored
from audit.runs.format.manifest import Suppression
from audit.runs.ledgers import suppressions
from audit.runs.timeline import history
from audit.runs.timeline.history import Past

TODAY = date(2026, 1, 15)
LATER = date(2026, 6, 30)
IDS = tuple(f"{number:016x}" for number in range(16))


@pytest.fixture(autouse=True)
def one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with one run, which has found IDS, all of one rule, provider and code, for two payers in turn."""
    run: Any = object()
    monkeypatch.setattr(history, "look", lambda _: Past((run,), ("2025-09 is damaged",)))
    monkeypatch.setattr(history, "findings_of", lambda *_: pa.Table.from_pylist([_row(at) for at in range(16)]))


def _row(at: int) -> dict[str, str]:
    return {
        "finding_id": IDS[at],
        "rule_id": "MOD010",
        "payer_name": ("Aetna", "Medicare Part B")[at % 2],
        "rendering_npi": "1234567893",
        "billing_npi": "1003000126",
        "procedure_code": "97110",
    }


def test_sixteen_at_once_lose_none(tmp_path: Path) -> None:
    begin = threading.Barrier(16)

    def one(finding: str) -> None:
        begin.wait()
        suppressions.suppress(tmp_path, finding, "settled", LATER, "desk", TODAY)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, IDS))
    assert [entry.finding_id for entry in suppressions.suppressions(tmp_path)] == list(IDS)


def test_a_writer_waits_for_the_one_before(tmp_path: Path) -> None:
    told: list[str] = []
    with lock.writing(tmp_path / "ledger"):
        waiting = threading.Thread(target=lambda: _write(tmp_path / "ledger", told))
        waiting.start()
        waiting.join(0.2)
        told.append("first")
    waiting.join()
    assert told == ["first", "second"]
    assert (tmp_path / ".ledger.lock").stat().st_mode & 0o777 == 0o600


def _write(path: Path, told: list[str]) -> None:
    with lock.writing(path):
        told.append("second")


@pytest.mark.parametrize(("until", "holds"), [(date(2026, 1, 14), False), (TODAY, True)])
def test_a_suppression_holds_from_today_on(until: date, holds: bool, tmp_path: Path) -> None:
    if holds:
        assert suppressions.suppress(tmp_path, IDS[3], "settled", until, "", TODAY).until == until
        return
    with pytest.raises(ConfigError, match="2026-01-14 is past") as told:
        suppressions.suppress(tmp_path, IDS[3], "settled", until, "", TODAY)
    assert "2026-01-15" in str(told.value)
    assert suppressions.suppressions(tmp_path) == ()


def test_what_is_set_aside_twice_stands_once_as_last_said(tmp_path: Path) -> None:
    suppressions.suppress(tmp_path, IDS[3], "settled", TODAY, "", TODAY)
    suppressions.suppress(tmp_path, IDS[3], " settled again ", LATER, "desk", TODAY)
    assert suppressions.suppressions(tmp_path) == (Suppression(IDS[3], "settled again", LATER, "desk"),)


def test_a_suppression_is_lifted_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    for finding in (IDS[3], IDS[11]):
        suppressions.suppress(tmp_path, finding, "settled", LATER, "", TODAY)
    assert suppressions.lift(tmp_path, IDS[11]).finding_id == IDS[11]
    assert [entry.finding_id for entry in suppressions.suppressions(tmp_path)] == [IDS[3]]
    with pytest.raises(ConfigError, match=f"No finding begins with '{IDS[11]}' among the suppressions"):
        suppressions.lift(tmp_path, IDS[11])


def test_an_id_that_begins_several_is_refused_with_what_was_not_searched(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="16 findings begin with '0000'") as told:
        suppressions.suppress(tmp_path, "0000", "settled", LATER, "", TODAY)
    assert "Not searched: 2025-09 is damaged" in str(told.value)


def test_each_is_told_as_it_stands(tmp_path: Path) -> None:
    suppressions.suppress(tmp_path, IDS[1], "settled", TODAY, "", date(2026, 1, 1))
    suppressions.suppress(tmp_path, IDS[2], "settled", LATER, "", TODAY)
    text = (tmp_path / "suppressions.json").read_text(encoding="utf-8").replace(IDS[2], "f" * 16)
    (tmp_path / "suppressions.json").write_text(text, encoding="utf-8")
    told = [stands for _, stands in suppressions.standing(tmp_path, date(2026, 2, 1))]
    assert told == ["ended", "in force, and no run here has the finding"]
    assert next(stands for _, stands in suppressions.standing(tmp_path, TODAY)) == "in force"


KIND = {"rule_id": "MOD010", "payer_name": " aetna"}


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        ({}, 8),
        ({"provider": "1234567893"}, 8),
        ({"procedure_code": "97110"}, 8),
        ({"payer_name": "MEDICARE PART B"}, 8),
    ],
)
def test_a_kind_of_finding_is_set_aside_and_lifted(more: dict[str, str], fits: int, tmp_path: Path) -> None:
    entry = suppressions.suppress(tmp_path, {**KIND, **more}, "settled", LATER, "desk", TODAY)
    assert sum(suppressions.fits(entry, _row(at)) for at in range(16)) == fits
    assert suppressions.suppressions(tmp_path) == (entry,)
    assert [stands for _, stands in suppressions.standing(tmp_path, TODAY)] == ["in force"]
    assert suppressions.lift(tmp_path, {**KIND, **more}) == entry
    assert suppressions.suppressions(tmp_path) == ()


@pytest.mark.parametrize(
    "wrong",
    [{"rule_id": "MOD011"}, {"payer_name": "Cigna"}, {"provider": "1003000126"}, {"procedure_code": "97112"}],
    ids=["rule", "payer", "the billing provider of lines that name who treated", "code"],
)
def test_a_kind_that_no_run_has_is_refused(wrong: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"No run of .* has a finding of rule MOD01"):
        suppressions.suppress(tmp_path, {**KIND, **wrong}, "settled", LATER, "", TODAY)
    with pytest.raises(ConfigError, match="is not set aside"):
        suppressions.lift(tmp_path, {**KIND, **wrong})


def test_a_run_names_those_that_have_ended_and_would_have_fitted() -> None:
    entries = [Suppression(finding, "settled", date(2026, 1, 1 + at), "") for at, finding in enumerate(IDS)]
    assert suppressions.ended(entries, date(2026, 1, 1), IDS) == []
    (one,) = suppressions.ended(entries, date(2026, 1, 2), IDS)
    assert one.startswith(f"1 suppression has ended, and its finding counts again: {IDS[0]} (until 2026-01-01).")
    assert suppressions.ended(entries, date(2026, 1, 2), IDS[1:]) == []
    (more,) = suppressions.ended(entries, date(2026, 1, 8), IDS)
    assert more.startswith("7 suppressions have ended, and their findings count again: ")
    assert " and 2 more." in more


def test_a_damaged_file_is_a_plain_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / "suppressions.json").write_text("[{]", encoding="utf-8")
    with pytest.raises(InputError, match="is damaged"):
        suppressions.suppress(tmp_path, IDS[3], "settled", LATER, "", TODAY)
    assert (tmp_path / "suppressions.json").read_text(encoding="utf-8") == "[{]"


@pytest.mark.parametrize(
    ("text", "kept", "said"),
    [
        ("", 0, "No finding is set aside in this run."),
        ('{"version": 2, "entries": [ONE, TWO]}', 2, "2 suppressions could be read and hold"),
        ("[ONE, TWO", 2, "2 suppressions could be read and hold"),
        ('[ONE, {"finding_id": "0000000000000002", "rea', 1, "1 suppression could be read"),
        ('[ONE, {"finding_id": "0000000000000002", "until": "soon"}, TWO]', 2, "2 suppressions could be read"),
        ("[" * 100_000, 0, "No finding is set aside"),
    ],
)
def test_a_run_keeps_what_can_be_read_of_a_damaged_file(text: str, kept: int, said: str, tmp_path: Path) -> None:
    for finding in (IDS[1], IDS[3]):
        suppressions.suppress(tmp_path, finding, "settled", LATER, "", TODAY)
    whole = suppressions.suppressions(tmp_path)
    one, two = (json.dumps(stored.as_json(entry)) for entry in whole)
    (tmp_path / "suppressions.json").write_text(text.replace("ONE", one).replace("TWO", two), encoding="utf-8")
    found, (warning,) = suppressions.legible(tmp_path)
    assert found == whole[:kept]
    assert said in warning
    assert "is damaged" in warning


def test_a_whole_file_says_nothing_and_a_folder_of_its_name_is_told(tmp_path: Path) -> None:
    assert suppressions.legible(tmp_path) == ((), ())
    (tmp_path / "suppressions.json").mkdir()
    found, (warning,) = suppressions.legible(tmp_path)
    assert found == ()
    assert "cannot be read" in warning
