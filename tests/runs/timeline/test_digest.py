"""A run in a few figures: each is the one that the report shows."""

from pathlib import Path
from typing import Any

from audit.report.outputs.run_index import Row, group
from audit.report.sections import overview
from audit.report.stored.source import read_run
from audit.runs.timeline.digest import digest
from tests.report.fixture import make_run


def test_what_is_set_aside_or_dismissed_is_no_finding_of_the_index(tmp_path: Path) -> None:
    def change(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        rows[0]["status"] = "dismissed"
        decided = {"amount": None, "refunded_on": None, "reviewer": "AB", "decided_on": "2025-12-05", "rests": True}
        manifest["review"] = {
            "rules": [],
            "confirmed": [],
            "decided": [{"finding_id": rows[0]["finding_id"], "decision": "dismiss", **decided}],
            "gone": 0,
        }

    folder = make_run(tmp_path / "run", change=change)
    figures, run = digest(folder), read_run(folder)
    assert figures.standing["dismissed"] == 1
    assert figures.findings == run.findings.num_rows
    facts = {fact.label: int(fact.value.replace(",", "")) for fact in overview.summary(run).change if fact.value.strip()}
    assert facts["New findings"] + facts.get("Back again", 0) + facts["Seen before"] == figures.findings
    ((_, cells, _kept),) = group("", [Row(figures, "report.html")], [], []).rows
    assert cells[3] == f"{figures.findings:,}"
