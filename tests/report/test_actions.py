"""What only the record can settle, and what it is asked for."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from audit import rules
from audit.report import ReportOptions, build_view
from audit.report.sections import actions
from audit.report.stored.source import read_run
from audit.runs.format.manifest import Suppression
from audit.runs.format.review_records import DecidedFinding
from audit.terms import About
from tests.report.fixture import make_run


@pytest.mark.parametrize("family", ["time", "documentation", "claim"])
@pytest.mark.parametrize(("confidence", "listed"), [("certain", 0), ("likely", 1), ("possible", 1), ("pattern", 0)])
def test_what_follows_from_the_data_alone_waits_for_no_record(tmp_path: Path, family: str, confidence: str, listed: int) -> None:
    def change(rows: list[dict[str, Any]], _manifest: dict[str, Any]) -> None:
        for row in rows:
            row["confidence"] = "certain"
        rows[0].update(confidence=confidence, family=family)

    folder = make_run(tmp_path / "run", change=change)
    assert actions.needs_record(read_run(folder)).num_rows == listed
    assert len(build_view(folder, ReportOptions(patients="hidden", charts=False)).worklist.rows) == listed


@pytest.mark.parametrize(
    ("family", "code", "said"),
    [
        ("time", "97140", "the minutes of each timed code, and the total timed minutes"),
        ("time", "97161", "how often the service was given that day, and why"),
        ("time", "97811", "the minutes of each timed code, and the total timed minutes"),
        ("time", None, "the minutes of each timed code, and the total timed minutes"),
        ("documentation", "97161", "the part of the note that is missing"),
    ],
)
def test_an_untimed_service_is_not_asked_for_timed_minutes(family: Any, code: str | None, said: str) -> None:
    assert actions.asked(about(family), code) == said


def about(family: Any, ask: str | None = None) -> About:
    (some,) = [rule.front for rule in rules.load() if rule.front.id == "DOC001"]
    return msgspec.structs.replace(some, family=family, ask=ask)


@pytest.mark.parametrize("code", ["97140", "97161", None])
def test_a_rule_s_own_question_goes_before_its_family_s(code: str | None) -> None:
    assert actions.asked(about("time", "the payer's leave"), code) == "the payer's leave"


def test_a_rule_of_the_payer_s_limits_asks_for_no_plan_of_care() -> None:
    said = {rule.front.id: actions.asked(rule.front, "97140") for rule in rules.load()}
    assert said["MED009"] == "the payer's leave for more units or visits"
    assert said["MED001"] == "the plan of care, who gave the service, and any liability notice"
    # Whether the clock has room for a session, its units do not tell; the like of a limit on units is how often it was given.
    assert {said[rule] for rule in ("TIM007", "TIM009", "TIM010", "TIM013", "TIM014")}.isdisjoint({said["TIM001"]})


def test_the_list_says_what_it_cuts_and_asks_by_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for rule in manifest["rules"]:
            rule["ask"] = None
        (one, other, *_) = (row for row in rows if row["rule_id"] == "TIM001")
        for row in rows:
            row["confidence"] = "certain"
        one.update(confidence="likely", procedure_code="97161", modifiers="97140", amount_at_risk=Decimal("990.00"))
        other.update(confidence="likely", procedure_code="97140", modifiers="97161", amount_at_risk=Decimal("980.00"))
        other["direction"] = "under"

    run = read_run(make_run(tmp_path / "run", change=change))
    whole = actions.worklist(run, str)
    assert [row[4].text for row in whole.rows] == [actions._ASK_UNTIMED, actions._ASK["time"]]
    assert [(row[5].text, row[5].note) for row in whole.rows] == [("$990.00", ""), ("$980.00", "under")]
    assert whole.note == ""
    monkeypatch.setattr(actions, "WORKLIST", 1)
    assert actions.worklist(run, str).note == "First 1 of 2, largest amount first."


def test_why_a_finding_is_set_aside() -> None:
    dismissed = DecidedFinding("f1", "dismiss", None, None, "AB", date(2026, 1, 9), rests=True)
    assert actions._reason(dismissed) == ("Dismissed by AB on 2026-01-09", "while the rule and its lines stay as they are")
    aside = Suppression(finding_id="f1", reason="settled", until=date(2026, 6, 30), by="CD")
    assert actions._reason(aside) == ("settled", "until 2026-06-30")
