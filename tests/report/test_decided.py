"""What was decided of a finding stands beside it: who, when, what."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from audit.report import ReportOptions, build_view
from audit.report.sections import actions
from audit.report.stored.source import read_run
from audit.runs.format.review_records import Review
from tests.report.fixture import make_run

FULL = ReportOptions(patients="full", charts=False)


def run_with(tmp_path: Path, **decision: Any) -> tuple[Path, str]:
    """A run whose weightiest finding has one decision, and that finding's id."""
    kept: list[str] = []

    def change(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        rows[0].update(amount_at_risk=rows[0]["amount_at_risk"] + 1000, confidence="likely")
        kept.append(rows[0]["finding_id"])
        given = {"amount": None, "refunded_on": None, "reviewer": "AB", "decided_on": "2025-12-05", "rests": True, **decision}
        review = Review((), (), (), 0)
        manifest["review"] = {**msgspec.to_builtins(review), "decided": [{"finding_id": kept[0], **given}]}

    return make_run(tmp_path / "run", change=change), kept[0]


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ({"decision": "confirm"}, "Confirmed by AB on 2025-12-05"),
        ({"decision": "confirm", "amount": "12.50"}, "Confirmed by AB on 2025-12-05, $12.50"),
        ({"decision": "ask for record"}, "Record asked for by AB on 2025-12-05"),
        ({"decision": "refer"}, "Referred by AB on 2025-12-05"),
        (
            {"decision": "refunded", "amount": "12.50", "refunded_on": "2025-12-01"},
            "Paid back on 2025-12-01, recorded by AB on 2025-12-05, $12.50",
        ),
        (
            {"decision": "dismiss", "rests": False},
            "Dismissed by AB on 2025-12-05; the rule or the lines have changed since",
        ),
    ],
)
def test_a_finding_shows_what_was_decided_of_it(tmp_path: Path, decision: dict[str, Any], said: str) -> None:
    folder, finding = run_with(tmp_path, **decision)
    view = build_view(folder, FULL)
    told = {
        key: row[2].note
        for rule in view.findings
        for key, row in zip(rule.examples.keys, rule.examples.rows, strict=True)
        if row[2].note
    }
    assert told == {finding: said}
    shown = [(item.id, fact.value) for item in view.weightiest.items for fact in item.facts if fact.label == "Decision"]
    assert shown == [(finding, said)]


@pytest.mark.parametrize(
    ("decision", "asked"), [("confirm", False), ("refunded", False), ("ask for record", True), ("refer", True)]
)
def test_no_record_is_asked_for_what_is_confirmed(tmp_path: Path, decision: str, asked: bool) -> None:
    folder, finding = run_with(tmp_path, decision=decision)
    assert (finding in actions.needs_record(read_run(folder))["finding_id"].to_pylist()) is asked
