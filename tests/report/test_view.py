"""The report's content: what it counts, what it never calls clean, and what it keeps to itself."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.errors import InputError
from audit.report import ReportOptions, build_view
from audit.report.view import Cell, ReportView, Table
from tests.report.fixture import aside, make_run

PLAIN = ReportOptions(patients="hidden", charts=False)
_WHY_UNKNOWN = "(blank, or a claim's total repeated on its lines): it is in no sum of dollars, neither reviewed nor found."


def strings(item: object) -> Iterator[str]:
    """Every text of a view."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, tuple):
        for part in item:
            yield from strings(part)
    elif is_dataclass(item):
        for field in fields(item):
            yield from strings(getattr(item, field.name))


def row_of(table: Table, name: str) -> tuple[Cell, ...]:
    return next(row for row in table.rows if row[0].note.startswith(name))


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> ReportView:
    return build_view(make_run(tmp_path_factory.mktemp("out") / "2025-11"), PLAIN)


def test_a_rule_that_judged_nothing_is_not_clean(view: ReportView) -> None:
    result = row_of(view.rules, "TIM009")[2]
    assert (result.text, result.tone) == ("Not evaluated", "warn")
    assert "TIM009" not in view.silent


def test_a_rule_that_examined_nothing_is_not_clean(view: ReportView) -> None:
    assert row_of(view.rules, "TIM002")[2].tone == "mute"


def test_a_rule_that_failed_shows_no_figures(view: ReportView) -> None:
    row = row_of(view.rules, "CLM005")
    assert row[2].text == "Failed to run"
    assert [cell.text for cell in row[3:6]] == ["unknown", "all", "unknown"]
    assert any("CLM005" in caveat for caveat in view.summary.caveats)


def test_a_rule_that_judged_all_and_flagged_none_is_clean(view: ReportView) -> None:
    assert row_of(view.rules, "CLM001")[2].tone == "ok"
    assert view.silent == ("CLM001",)


def test_none_found_among_a_part_is_not_clean(tmp_path: Path) -> None:
    def half_judged(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        rule = next(rule for rule in manifest["rules"] if rule["id"] == "CLM001")
        rule.update(evaluated=8000, not_evaluated=[{"reason": "no NPI", "count": 722}])

    found = row_of(build_view(make_run(tmp_path / "run", change=half_judged), PLAIN).rules, "CLM001")
    assert found[2].tone == "warn"


def test_the_rate_is_of_what_was_judged(view: ReportView) -> None:
    assert row_of(view.rules, "MOD003")[6].text == "26.7 %"  # 40 of 150 judged, not of 530 examined


def test_over_and_under_stand_apart(view: ReportView) -> None:
    labels = [fact.label for fact in view.summary.exposure]
    assert labels[:3] == ["Potential overpayment", "Potentially overpaid by federal payers", "Potential underbilling"]
    assert "never netted" in view.summary.exposure[2].note


def test_every_row_and_dollar_is_accounted_for(view: ReportView) -> None:
    rows = view.quality.control.rows[0]
    assert [cell.text for cell in rows] == ["Rows", "8,808", "8,722", "76", "10", "0"]
    assert view.quality.tone == "ok"


def test_a_run_that_does_not_tie_says_so_first(tmp_path: Path) -> None:
    def broken(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["control_totals"]["ties"] = False

    view = build_view(make_run(tmp_path / "run", change=broken), PLAIN)
    assert view.quality.tone == "over"
    assert "do not tie" in view.summary.first_steps[0]


def test_examples_are_the_largest_first_and_say_how_many_there_are(view: ReportView) -> None:
    section = next(section for section in view.findings if section.id == "TIM001")
    amounts = [Decimal(row[-1].order) for row in section.examples.rows]
    assert amounts == sorted(amounts, reverse=True)
    assert (len(amounts), section.examples.note) == (64, "")
    assert section.examples.caption == "64 findings of TIM001, largest amount first"


def test_a_provider_with_few_lines_has_no_rate(view: ReportView) -> None:
    scorecard, _ = view.providers.tables
    assert next(row for row in scorecard.rows if row[0].text == "1003000175")[6].text == "too few"


@pytest.mark.parametrize(("patients", "shown"), [("hidden", ""), ("full", "PATIENT-"), ("pseudonym", "P-")])
def test_patients_appear_as_asked(tmp_path: Path, patients: Any, shown: str) -> None:
    options = ReportOptions(patients=patients, key_file=tmp_path / "key", charts=False)
    view = build_view(make_run(tmp_path / "run"), options)
    assert view.findings[0].examples.rows[0][1].note.startswith(shown)
    assert any("PATIENT-" in text for text in strings(view)) is (patients == "full")


def test_suppressed_findings_are_listed_and_counted_nowhere_else(tmp_path: Path) -> None:
    def suppress(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for row in rows:
            if row["rule_id"] == "MAN001":
                row["status"] = "suppressed"
        manifest["suppressions"] = [aside(row["finding_id"]) for row in rows if row["status"] == "suppressed"]

    view = build_view(make_run(tmp_path / "run", change=suppress), PLAIN)
    assert len(view.set_aside.rows) == 22
    reason = view.set_aside.rows[0][-1]
    assert (reason.text, reason.note) == ("reviewed", "MAN001, until 2026-06-30")
    assert "MAN001" not in [section.id for section in view.findings]


def test_a_run_without_findings(tmp_path: Path) -> None:
    def nothing(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        rows.clear()
        for rule in manifest["rules"]:
            rule.update(flagged=0, gross_at_risk="0.00")
        manifest["totals"].update(claims_with_error=0, lines_with_error=0)

    view = build_view(make_run(tmp_path / "run", change=nothing), PLAIN)
    assert view.summary.headline.startswith("None of 1,370 claims")
    assert view.findings == ()


def test_a_run_without_a_claim_has_no_accuracy(tmp_path: Path) -> None:
    def empty(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["totals"].update(claims=0, lines=0, claims_with_error=0, lines_with_error=0)

    accuracy = build_view(make_run(tmp_path / "run", change=empty), PLAIN).summary.accuracy
    assert [(fact.value, fact.note, fact.tone) for fact in accuracy[:2]] == [
        ("\u2013", "no claims in the run", "mute"),
        ("\u2013", "no lines in the run", "mute"),
    ]


@pytest.mark.parametrize(("unknown", "said"), [(322, "The amount of 322 of 2,740 claim lines is not known"), (0, "")])
def test_lines_whose_amount_nobody_knows_are_a_caveat(tmp_path: Path, unknown: int, said: str) -> None:
    def leave_out(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["totals"].update(lines=2740, lines_without_amount=unknown)

    caveats = build_view(make_run(tmp_path / "run", change=leave_out), PLAIN).summary.caveats
    assert [caveat for caveat in caveats if "is not known" in caveat] == ([f"{said} {_WHY_UNKNOWN}"] if said else [])


def test_findings_that_the_manifest_does_not_speak_of_are_refused(tmp_path: Path) -> None:
    def strange(rows: list[dict[str, Any]], _manifest: dict[str, Any]) -> None:
        rows[0]["rule_id"] = "XYZ001"

    def without_reason(rows: list[dict[str, Any]], _manifest: dict[str, Any]) -> None:
        rows[0]["status"] = "suppressed"

    with pytest.raises(InputError, match=r"findings of XYZ001, a rule that manifest\.json does not list"):
        build_view(make_run(tmp_path / "strange", change=strange), PLAIN)
    with pytest.raises(InputError, match="a finding that is set aside without a reason"):
        build_view(make_run(tmp_path / "aside", change=without_reason), PLAIN)


@pytest.mark.parametrize("name", ["claim_line_number", "message", "family", "service_date"])
@pytest.mark.parametrize("is_gone", [True, False])
def test_a_column_of_the_findings_that_is_gone_or_other_is_named(tmp_path: Path, name: str, is_gone: bool) -> None:
    path = make_run(tmp_path / "run") / "findings.parquet"
    table = pq.read_table(path)
    other = pa.array([1.5] * table.num_rows)
    table = table.drop_columns([name]) if is_gone else table.set_column(table.column_names.index(name), name, other)
    pq.write_table(table, path)
    with pytest.raises(InputError, match=f"column {name}"):
        build_view(path.parent, PLAIN)


@pytest.mark.parametrize("name", ["manifest.json", "findings.parquet", "finding_lines.parquet"])
def test_a_missing_or_damaged_file_is_named(tmp_path: Path, name: str) -> None:
    folder = make_run(tmp_path / "run")
    (folder / name).write_bytes(b"{oops")
    with pytest.raises(InputError, match=name):
        build_view(folder, PLAIN)
    (folder / name).unlink()
    with pytest.raises(InputError, match=name):
        build_view(folder, PLAIN)


def test_a_key_that_cannot_be_kept_loses_no_report(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    view = build_view(
        make_run(tmp_path / "run"), ReportOptions(patients="pseudonym", key_file=tmp_path / "file" / "key", charts=False)
    )
    assert view.findings[0].examples.rows[0][1].note == ""
    assert view.summary.caveats[-1].startswith("Patients are left out.")


def test_gaps_days_and_unknown_payers_are_said(tmp_path: Path) -> None:
    def gaps(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["summary"]["by_column"] = [{"column_name": "minutes", "filled": 8700, "lines": 8722}]
        manifest["summary"]["by_day"] = [{"service_date": f"2025-11-{day:02d}", "lines": 9} for day in range(1, 31) if day != 27]
        manifest["payers"][0]["payer_class"] = "unknown"

    quality = build_view(make_run(tmp_path / "run", change=gaps), PLAIN).quality
    assert [cell.text for cell in quality.gaps.rows[0]] == ["minutes", "8,700", "22", "0.3 %"]
    assert quality.silent_days == ("2025-11-27",)
    assert "1 payer with 2,900 lines is not known" in quality.warnings[-1]


def test_one_who_bills_in_two_roles_is_one_provider(tmp_path: Path) -> None:
    def two_roles(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["summary"]["by_provider"][1]["rendering_npi"] = manifest["summary"]["by_provider"][0]["rendering_npi"]

    scorecard, _ = build_view(make_run(tmp_path / "run", change=two_roles), PLAIN).providers.tables
    assert len(scorecard.rows) == 6
    assert next(row for row in scorecard.rows if row[0].text == "1234567893")[1].text == "4,300"


def test_a_coding_rule_with_dollars_says_which_count(tmp_path: Path) -> None:
    def priced(rows: list[dict[str, Any]], _manifest: dict[str, Any]) -> None:
        mine = [row for row in rows if row["rule_id"] == "MAN001"]
        mine[0].update(direction="over", amount_at_risk=Decimal("30.00"))
        mine[1].update(amount_at_risk=Decimal("4.00"))

    cell = row_of(build_view(make_run(tmp_path / "run", change=priced), PLAIN).rules, "MAN001")[7]
    assert (cell.text, cell.note) == ("$30.00", "over, all counted once; coding $4.00, not counted")


def test_what_was_not_tested_is_listed_the_most_first(tmp_path: Path) -> None:
    def one(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["rules"][3].update(not_evaluated=[{"reason": "a single one", "count": 1}], evaluated=7799)

    rows = build_view(make_run(tmp_path / "run", change=one), PLAIN).scope.not_tested.rows
    assert [row[1].text for row in rows] == ["all", "640", "512", "412", "380", "7", "3", "1"]
    assert rows[2][2].text == "a timed line lacks minutes and the visit has no total (412); self-pay: no payer rule applies (100)"


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"confidence": "certain"}, "64 of 3,849 visits judged (1.7 %) did not meet it."),
        ({"confidence": "likely"}, "64 of 3,849 visits judged (1.7 %) appear not to meet it."),
        ({"confidence": "likely", "flagged": 1}, "1 of 3,849 visits judged (< 0.1 %) appears not to meet it."),
        ({"direction": "none", "flagged": 1}, "1 of 3,849 visits judged (< 0.1 %) needs review."),
        ({"direction": "none", "flagged": 2}, "2 of 3,849 visits judged (0.1 %) need review."),
    ],
)
def test_a_condition_claims_no_more_than_the_rule_can(tmp_path: Path, facts: dict[str, Any], verdict: str) -> None:
    def give(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["rules"][0].update(facts)

    view = build_view(make_run(tmp_path / "run", change=give), PLAIN)
    assert next(section for section in view.findings if section.id == "TIM001").condition.startswith(verdict)


@pytest.mark.parametrize(("left", "said"), [(501, " But 50.1 % of the checks could not be made."), (500, "")])
@pytest.mark.parametrize("wrong", [0, 10])
def test_a_run_that_left_most_checks_unmade_says_so_in_its_headline(tmp_path: Path, left: int, said: str, wrong: int) -> None:
    def skip(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["totals"]["claims_with_error"] = wrong
        for rule in manifest["rules"]:
            reasons = [{"reason": "no minutes", "count": left}]
            rule.update(population=1000, evaluated=1000 - left, flagged=0, not_evaluated=reasons)

    headline = build_view(make_run(tmp_path / "run", change=skip), PLAIN).summary.headline
    assert headline.endswith(f".{said}")
    assert ("But" in headline) is bool(said)
