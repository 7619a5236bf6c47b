"""Sections of the report, each figure told from those that stand near it, and each word that only some runs show."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from audit.model import NotEvaluated
from audit.report import ReportOptions, build_view
from audit.report.charts import trend_charts, vega
from audit.report.sections import (
    actions,
    breakdown,
    checks,
    criteria,
    figures,
    listed,
    measures,
    overview,
    review,
    scope,
    trend,
    weightiest,
)
from audit.report.stored import tally
from audit.report.stored.findings import first
from audit.report.stored.source import StoredRun, read_run
from audit.report.view import Fact, Figure, ReportView
from audit.runs.format.manifest import ProviderFigures, ProviderName
from audit.runs.format.review_records import Replaced
from audit.settings.config import ProviderSetting
from tests.report.fixture import figures_of, make_run, past
from tests.report.golden_review import RECURRENCES

PLAIN = ReportOptions(patients="hidden", charts=False)
Rows = list[dict[str, Any]]
Change = Callable[[Rows, dict[str, Any]], None]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return read_run(make_run(tmp_path_factory.mktemp("out") / "2025-11"))


@pytest.fixture(scope="module")
def view(run: StoredRun) -> ReportView:
    return build_view(run.folder, PLAIN)


def of(run: StoredRun, **parts: Any) -> StoredRun:
    """The run with other parts of its manifest."""
    return StoredRun(run.folder, msgspec.structs.replace(run.manifest, **parts), run.findings, run.set_aside, run.lines)


def of_summary(run: StoredRun, **parts: Any) -> StoredRun:
    return of(run, summary=msgspec.structs.replace(run.manifest.summary, **parts))


def of_totals(run: StoredRun, **parts: Any) -> StoredRun:
    return of(run, totals=msgspec.structs.replace(run.manifest.totals, **parts))


def ranked(run: StoredRun, *figures: dict[str, Any]) -> StoredRun:
    """The run with as many rules as there are figures, of these figures."""
    rules = zip(run.manifest.rules, figures, strict=False)
    return of(run, rules=tuple(msgspec.structs.replace(rule, **given) for rule, given in rules))


def test_the_sections_anchors(view: ReportView, tmp_path: Path) -> None:
    assert (view.review.name, view.trend.name) == ("review", "trend")


def test_a_confirmed_finding_whose_lines_changed_needs_its_record_again(tmp_path: Path) -> None:
    def change(rows: Rows, manifest: dict[str, Any]) -> None:
        for row in rows[:2]:
            row["confidence"] = "likely"
        manifest["review"] = {
            "rules": [], "confirmed": [], "gone": 0,
            "decided": [
                {"finding_id": row["finding_id"], "decision": "confirm", "amount": None, "refunded_on": None, "reviewer": "AB",
                 "decided_on": "2025-12-05", "rests": rests}
                for row, rests in zip(rows[:2], (True, False), strict=True)
            ],
        }  # fmt: skip
        rows[0]["message"], rows[1]["message"] = "settled", "changed"

    asked = actions.needs_record(read_run(make_run(tmp_path / "run", change=change)))["message"].to_pylist()
    assert ("settled" in asked, "changed" in asked) == (False, True)


@pytest.mark.parametrize(("lines", "visits", "few"), [(10, 99, True), (11, 5, False), (0, 5, False)])
def test_a_row_of_few_lines_is_warned_of(run: StoredRun, lines: int, visits: int, few: bool) -> None:
    months = tuple(
        msgspec.structs.replace(month, lines=lines, visits=visits, month=f"2025-{at + 10}")
        for at, month in enumerate(run.manifest.summary.by_month * 2)
    )
    payers = tuple(msgspec.structs.replace(payer, lines=500) for payer in run.manifest.summary.by_payer)
    shown = breakdown.by_dimension(of_summary(run, by_month=months, by_payer=payers), ())
    (found,) = [one for one in shown if one.name == "months"] or [one for one in shown if "month" in one.title.lower()]
    assert (breakdown._SMALL in found.text) is few


def test_rows_of_equal_dollars_stand_by_their_findings() -> None:
    made = [{**figures_of([], 500), "findings": 3, "lines_with_error": 9}, {**figures_of([], 500), "findings": 4}]
    entries = [ProviderFigures(**one, rendering_npi=None, provider_role=None) for one in made]
    assert [one.findings for one in tally.by_weight(entries)] == [4, 3]


def test_what_of_a_rule_s_dollars_counts_is_said() -> None:
    five = Decimal("5.00")
    assert checks._borne({"under": five}, None) == ""
    assert checks._borne({"over": five}, five) == ", all counted once"
    assert checks._borne({"over": five}, Decimal("2.00")) == "; $2.00 counted once"
    assert checks._borne({"over": five}, None) == "; counted under other rules"


def test_the_pills_of_a_rule_are_named(tmp_path: Path) -> None:
    def in_part(rows: Rows, manifest: dict[str, Any]) -> None:
        coding = {rule["id"] for rule in manifest["rules"] if rule["direction"] in ("coding", "none")}
        next(row for row in rows if row["rule_id"] in coding).update(direction="over", amount_at_risk=Decimal("9.00"))

    view = build_view(make_run(tmp_path / "run", change=in_part), PLAIN)
    labels = [[pill.label for pill in one.pills] for one in view.findings]
    assert ["Severity", "Kind", "Kind", "Confidence"] in labels
    assert {tuple(one) for one in labels} == {("Severity", "Kind", "Kind", "Confidence"), ("Severity", "Kind", "Confidence")}


def test_an_edition_that_nobody_recorded_is_said(run: StoredRun) -> None:
    (edition,) = run.manifest.references
    unknown = of(run, references=(dataclasses.replace(edition, edition=""),))
    rule = msgspec.structs.replace(run.rules[0], reads=[edition.table])
    values = {fact.value for fact in criteria.sources(unknown, rule)}
    assert "edition not recorded" in values
    assert f"edition {edition.edition}" in {fact.value for fact in criteria.sources(run, rule)}


@pytest.mark.parametrize(("priced", "drawn"), [(1, 0), (2, 1)])
def test_dollars_by_rule_are_drawn_from_two_rules_on(
    run: StoredRun, monkeypatch: pytest.MonkeyPatch, priced: int, drawn: int
) -> None:
    seen: list[list[tuple[str, float, str]]] = []
    monkeypatch.setattr(vega, "dollars_by_rule", lambda rows, text: seen.append(rows) or Figure("d", "D", "", text))
    given = [
        {"id": name, "name": other, "direction": "over", "gross_at_risk": Decimal(5 if at < priced else 0)}
        for at, (name, other) in enumerate([("B", "a"), ("A", "b"), ("C", "c")])
    ]
    assert len(figures.by_rule(ranked(run, *given))) == drawn
    assert seen == ([[("A", 5.0, "over"), ("B", 5.0, "over")]] if drawn else [])


def test_a_month_s_share_is_of_its_lines(run: StoredRun, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[tuple[str, float]]] = []
    monkeypatch.setattr(vega, "months", lambda rows, text: seen.append(rows) or Figure("m", "M", "", text))
    months = tuple(
        msgspec.structs.replace(month, month=f"2025-{at + 10}", lines=lines, visits=50, lines_with_error=10)
        for at, (month, lines) in enumerate(zip(run.manifest.summary.by_month * 3, (100, 40, 0), strict=True))
    )
    (drawn,) = figures.months(of_summary(run, by_month=months))
    assert seen == [[("2025-10", 0.1), ("2025-11", 0.25)]]
    assert drawn.text == "2025-10 10.0 %; 2025-11 25.0 %."


def test_the_rates_of_claims_and_of_lines_are_their_own(run: StoredRun) -> None:
    told = of_totals(run, claims=1000, claims_with_error=100, lines=8000, lines_with_error=3000)
    claims, lines = measures.measures(told)[:2]
    assert (claims.value, lines.value) == ("90.0 %", "62.5 %")
    assert (claims.note, lines.note) == ("900 of 1,000", "5,000 of 8,000")


def test_a_run_without_claims_or_lines_has_no_rates(run: StoredRun) -> None:
    none = of_totals(run, claims=0, claims_with_error=0, lines=0, lines_with_error=0)
    claims, lines = measures.measures(none)[:2]
    assert "claims" in f"{claims.value} {claims.note}".split()
    assert "lines" in f"{lines.value} {lines.note}".split()


def test_a_headline_that_found_nothing(run: StoredRun) -> None:
    said = overview._headline(of_totals(run, claims=9, claims_with_error=0))
    assert said.startswith("None of 9 claims shows a potential error in what could be checked.")


def test_the_note_on_what_is_new(tmp_path: Path) -> None:
    def note(name: str, status: str, previous: str | None, replaced: bool) -> str:
        def change(rows: Rows, manifest: dict[str, Any]) -> None:
            for row in rows:
                row["status"] = status
            one = Replaced("c0ffee", datetime(2025, 12, 2, 6, tzinfo=UTC), 2, 91, 1)
            manifest["history"].update(previous=previous, replaced=msgspec.to_builtins(one) if replaced else None, trend=[])

        return overview._change_note(read_run(make_run(tmp_path / name, change=change)))

    assert note("a", "new", "2025-10", False) == "Compared with run 2025-10."
    assert note("b", "repeat", None, True) == ""
    assert note("c", "new", None, False) == "No earlier run is on record, so every finding counts as new."
    assert note("d", "new", None, True) == (
        "No run of an earlier time is on record, so every finding counts as new; this run replaces one of 2025-12-02."
    )


def test_where_nothing_is_to_be_done_the_report_is_kept(tmp_path: Path) -> None:
    def clean(rows: Rows, manifest: dict[str, Any]) -> None:
        rows.clear()
        manifest["rules"] = []
        manifest["control_totals"]["rows"].update(rejected=0, audited=8732)
        for payer in manifest["summary"]["by_payer"]:
            payer["over_once"] = "0.00"

    found = overview._first_steps(read_run(make_run(tmp_path / "run", change=clean)))
    assert found == ["Keep this report with the month's compliance file."]


def test_rules_of_equal_weight_stand_by_findings_then_id(run: StoredRun) -> None:
    alike = {"severity": "high", "gross_at_risk": Decimal("0.00"), "lines_flagged": 7}
    given = [
        {"id": "Z3", "name": "a", "flagged": 2, **alike}, {"id": "Z1", "name": "b", "flagged": 2, **alike},
        {"id": "Z2", "name": "c", "flagged": 4, **alike, "lines_flagged": 1}, {"id": "Z4", "name": "d", "flagged": 0, **alike},
    ]  # fmt: skip
    assert [rule.id for rule in overview._by_weight(ranked(run, *given))] == ["Z2", "Z1", "Z3"]


@pytest.mark.parametrize(("recurring", "said"), [(3, False), (4, True)])
def test_what_came_again_and_is_not_shown_is_counted(run: StoredRun, recurring: int, said: bool) -> None:
    history = msgspec.structs.replace(run.manifest.history, recurring=recurring, recurrences=RECURRENCES)
    table = review._again(of(run, history=history))
    assert table.note.endswith(" 1 more, not shown.") is said
    assert ("not shown" in table.note) is said


def test_a_payer_s_cover_of_massage_is_in_words(run: StoredRun) -> None:
    covers = ("unknown", "plan_of_care", "covered", "not_covered")
    payers = zip(run.manifest.payers, covers, strict=False)
    told = of(run, payers=tuple(msgspec.structs.replace(payer, massage_coverage=cover) for payer, cover in payers))
    table = scope._payers(told)
    at = [column.heading for column in table.columns].index("Massage (97124)")
    # By lines, the most first: the first four payers have 2,900, 1,400, 2,100 and 1,600.
    assert [row[at].text for row in table.rows[:4]] == ["not stated", "covered", "not covered", "inside a plan of care"]


def test_what_was_not_tested_stands_by_what_is_left_then_id(run: StoredRun) -> None:
    def left(name: str, other: str, many: int, error: str = "") -> dict[str, Any]:
        figures = {"population": 10, "evaluated": 10 - many, "not_evaluated": (NotEvaluated("no minutes", many),) if many else ()}
        return {"id": name, "name": other, "status": "error" if error else "done", "error": error, **figures}

    judged = (left("Z3", "a", 2), left("Z1", "c", 2), left("Z2", "b", 5), left("Z0", "d", 0))
    told = ranked(run, *judged, left("Y2", "a", 0, "it broke"), left("Y1", "b", 0, "it broke"))
    assert [row[0].note for row in scope.not_tested(told).rows] == ["Y1", "Y2", "Z2", "Z1", "Z3"]


def test_a_threshold_that_is_a_yes_or_no_is_said_so(run: StoredRun) -> None:
    params = {"strict": True, "lenient": False, "least": 3, "words": ""}
    rule = msgspec.structs.replace(run.manifest.rules[0], params=params, param_help={"strict": "strictly"})
    assert list(scope.settings_of(rule)) == [("strictly", "yes"), ("lenient", "no"), ("least", "3"), ("words", "not set")]


def test_a_run_s_point_and_when_accuracy_is_drawn(run: StoredRun, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(trend_charts, "accuracy_by_run", lambda points, _: drawn.append(len(points)) or Figure("a", "A", "", ""))
    monkeypatch.setattr(trend_charts, "dollars_by_run", lambda *_: Figure("d", "D", "", ""))

    def entry(label: str, wrong: int | None) -> Any:
        day = date(2025, 11, 1)
        return past(label, day, day, run.manifest.totals, lines=200, findings=50, lines_with_error=wrong)

    assert trend._point(entry("a", 10)).accuracy == pytest.approx(0.95)
    assert trend._point(entry("a", None)).accuracy is None
    assert trend._point(msgspec.structs.replace(entry("a", 0), findings=0)).accuracy == 1
    assert trend._point(msgspec.structs.replace(entry("a", 0), lines=0)).accuracy is None
    trend._figures([entry("a", None), entry("b", 10)])
    assert drawn == []
    trend._figures([entry("a", 20), entry("b", 10)])
    assert drawn == [2]


def test_a_heavy_finding_without_dollars_and_one_that_was_decided(tmp_path: Path) -> None:
    kept: list[str] = []

    def change(rows: Rows, manifest: dict[str, Any]) -> None:
        del rows[2:]
        rows[0].update(amount_at_risk=Decimal("0.00"))
        rows[1].update(amount_at_risk=Decimal("8.00"), direction="over")
        kept.extend(row["finding_id"] for row in rows)
        manifest["review"] = {
            "rules": [], "confirmed": [], "gone": 0,
            "decided": [{"finding_id": kept[1], "decision": "refer", "amount": None, "refunded_on": None, "reviewer": "AB",
                         "decided_on": "2025-12-05", "rests": True}],
        }  # fmt: skip

    heavy, light = build_view(make_run(tmp_path / "run", change=change), PLAIN).weightiest.items
    assert (heavy.id, heavy.amount, light.id, light.amount) == (kept[1], "$8.00", kept[0], "no dollars")
    decisions = [fact for item in (heavy, light) for fact in item.facts if fact.label.startswith("Decision")]
    assert decisions == [Fact("Decision", "Referred by AB on 2025-12-05")]


def test_a_heavy_finding_s_share_is_what_counts_once(tmp_path: Path) -> None:
    def change(rows: Rows, _: dict[str, Any]) -> None:
        del rows[3:]
        for row, amount in zip(rows, ("9.00", "4.00", "7.00"), strict=True):
            row.update(amount_at_risk=Decimal(amount), direction="over", claim_id="C1", claim_line_number=1)
        rows[2].update(claim_line_number=2)

    items = build_view(make_run(tmp_path / "run", change=change), PLAIN).weightiest.items
    once = [next(fact.value for fact in item.facts if fact.label == "Counted once") for item in items]
    assert once == ["$9.00", "$7.00", "nothing: other findings of these lines count the dollars"]


def test_a_share_of_a_heavy_finding_s_dollars_is_that_share(run: StoredRun) -> None:
    (one,) = first(run.findings, 1)
    part = dataclasses.replace(one, direction="over", amount_at_risk=Decimal("9.00"), counted_once=Decimal("4.00"))
    assert weightiest._once(part) == "$4.00"


def test_the_heaviest_are_counted_among_findings_and_not_their_lines(run: StoredRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "IN_WORKBOOK", 40)
    without = StoredRun(run.folder, run.manifest, run.findings, run.set_aside, run.lines.slice(0, 0))
    found = weightiest.weightiest(without, lambda _: "P-X")
    assert (found.note.split(" findings")[0], found.in_workbook) == (
        f"These are 30 of {run.findings.num_rows}",
        " (the 40 that weigh most)",
    )


def test_a_finding_without_a_rendering_provider_is_its_biller_s(tmp_path: Path) -> None:
    def change(rows: Rows, _: dict[str, Any]) -> None:
        del rows[2:]
        rows[0]["rendering_npi"] = None

    found = first(read_run(make_run(tmp_path / "run", change=change)).findings, 2)
    assert sorted(one.provider == "1992000000" for one in found) == [False, True]


def named(run: StoredRun, **figures: Any) -> StoredRun:
    by_provider = ProviderFigures(**{**figures_of([], 900), **figures}, rendering_npi="1234567893", provider_role="aide")
    other = ProviderFigures(**figures_of([], 900), rendering_npi="1003000126", provider_role="aide")
    names = (ProviderName("1234567893", "By the export"), ProviderName("1003000126", "Export's other"))
    config = msgspec.structs.replace(run.manifest.config, providers=(ProviderSetting("1003000126", "By audit.toml", "lead"),))
    return of_summary(of(run, config=config), by_provider=(by_provider, other), by_provider_name=names)


def test_a_provider_s_name_is_audit_toml_s_before_the_export_s(run: StoredRun) -> None:
    found = {one.npi: (one.name, one.role) for one in tally.providers(named(run))}
    assert found == {"1234567893": ("By the export", "aide"), "1003000126": ("By audit.toml", "lead")}


def test_providers_of_equal_dollars_stand_by_findings_and_cards_go_to_those_with_findings(run: StoredRun) -> None:
    found = tally.providers(named(run, findings=3, lines_with_error=0))
    assert [one.npi for one in found] == ["1234567893", "1003000126"]
    assert [one.npi for one in tally.with_card(found)] == ["1234567893"]
    alike = tally.providers(named(run, findings=0, lines_with_error=5))
    assert tally.with_card(alike) == []


def test_cards_stand_by_findings_then_npi(run: StoredRun) -> None:
    def one(npi: str, name: str, findings: int, wrong: int) -> tally.Provider:
        (plain, _) = tally.providers(named(run))
        return dataclasses.replace(plain, npi=npi, name=name, findings=findings, lines_with_error=wrong)

    found = [one("1234567893", "A", 3, 9), one("1003000126", "B", 3, 1), one("1003000134", "C", 4, 0)]
    assert [one.npi for one in tally.with_card(found)] == ["1003000134", "1003000126", "1234567893"]
