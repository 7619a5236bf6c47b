"""The measures of the summary, each worked out here by other means, and at their bounds."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.report import ReportOptions, build_view
from audit.report.sections import measures
from audit.report.stored import tally
from audit.report.stored.source import read_run
from audit.report.view import Fact, ReportView
from tests.report.fixture import make_run

PLAIN = ReportOptions(patients="hidden", charts=False)


def facts(view: ReportView) -> tuple[Fact, ...]:
    return (*view.summary.exposure, *view.summary.accuracy)


def shown(folder: Path, change: Any = None) -> dict[str, Fact]:
    return {fact.label: fact for fact in facts(build_view(make_run(folder, change=change), PLAIN))}


def payers_pay(**once: str) -> Any:
    def change(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for payer in manifest["summary"]["by_payer"]:
            payer["over_once"] = once.get(payer["payer_class"], "0.00")
        manifest["totals"]["over"]["counted_once"] = "200.00"
        manifest["totals"]["amount"] = "40000.00"

    return change


@pytest.mark.parametrize("payer_class", ["medicare_ffs", "medicare_advantage", "medicaid", "tricare", "va"])
def test_federal_payers_are_those_of_the_united_states(tmp_path: Path, payer_class: str) -> None:
    def change(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["summary"]["by_payer"][0]["payer_class"] = payer_class
        payers_pay(**{payer_class: "50.00"})(rows, manifest)
        for payer in manifest["summary"]["by_payer"][1:]:
            payer["over_once"] = "0.00"

    found = shown(tmp_path / "run", change)["Potentially overpaid by federal payers"]
    assert (found.value, found.note) == ("$50.00", "25.0 % of it; once confirmed, due back within 60 days")


@pytest.mark.parametrize("payer_class", ["commercial", "blues", "workers_comp", "self_pay"])
def test_others_are_not(tmp_path: Path, payer_class: str) -> None:
    view = build_view(make_run(tmp_path / "run", change=payers_pay(**{payer_class: "50.00"})), PLAIN)
    found = {fact.label: fact for fact in facts(view)}["Potentially overpaid by federal payers"]
    assert (found.value, found.note, found.tone) == ("$0.00", "", "")
    assert not any("60 days" in step for step in view.summary.first_steps)


def test_the_dollar_error_rate_is_of_the_dollars_reviewed(tmp_path: Path) -> None:
    found = shown(tmp_path / "run", payers_pay())["Dollars potentially overpaid"]
    assert (found.value, found.note) == ("0.5 %", "$200.00 of $40,000.00 paid")


def rules_judge(left: int) -> Any:
    def change(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for rule in manifest["rules"]:
            rule.update(population=1000, evaluated=1000, not_evaluated=[])
        for rule, reason in zip(manifest["rules"], ("no minutes", "no minutes", "no note", "no NPI"), strict=False):
            if left:
                rule.update(evaluated=1000 - left, not_evaluated=[{"reason": reason, "count": left}])

    return change


def test_checks_not_made_and_the_reasons_that_left_most(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", change=rules_judge(130))
    found = {fact.label: fact for fact in build_view(folder, PLAIN).summary.accuracy}["Checks that could not be made"]
    assert (found.value, found.note, found.tone) == ("4.0 %", "520 of 13,000 checks", "warn")
    assert measures.why_not_judged(read_run(folder)) == "no minutes (260); no NPI (130)"


def test_where_every_check_was_made_nothing_warns(tmp_path: Path) -> None:
    found = shown(tmp_path / "run", rules_judge(0))["Checks that could not be made"]
    assert (found.value, found.tone) == ("0 %", "")


@pytest.mark.parametrize(
    ("confidence", "subject", "npis", "outside"),
    [
        ("pattern", "provider", ["1", "1", "2"], "2"),
        ("pattern", "provider", [None, None, None], "0"),
        ("pattern", "line", ["1", "1", "2"], "0"),
        ("likely", "provider", ["1", "1", "2"], "0"),
    ],
)
def test_a_provider_with_a_pattern_counts_once(
    tmp_path: Path, confidence: str, subject: str, npis: list[str | None], outside: str
) -> None:
    def change(rows: list[dict[str, Any]], _manifest: dict[str, Any]) -> None:
        for row in rows:
            row.update(confidence="likely", subject="line")
        for row, npi in zip(rows, npis, strict=False):
            row.update(confidence=confidence, subject=subject, rendering_npi=npi)

    assert shown(tmp_path / "run", change)["Providers with an unusual pattern"].value == outside


def test_the_federal_share_is_counted_once(tmp_path: Path) -> None:
    run = read_run(make_run(tmp_path / "run", change=payers_pay(medicare_ffs="1.10", medicaid="2.20", blues="4.40")))
    classes = [payer.payer_class for payer in run.manifest.summary.by_payer]
    expected = Decimal("1.10") * classes.count("medicare_ffs") + Decimal("2.20") * classes.count("medicaid")
    assert measures.federal(run) == expected > 0


@pytest.mark.parametrize(("confidence", "claims"), [("certain", 2), ("pattern", 1)])
def test_a_claim_counts_once_a_direction_and_a_pattern_makes_no_error(tmp_path: Path, confidence: str, claims: int) -> None:
    def change(rows: list[dict[str, Any]], _manifest: dict[str, Any]) -> None:
        del rows[3:]
        for row, claim, sure in zip(rows, ("C1", "C1", "C2"), ("certain", "likely", confidence), strict=True):
            row.update(claim_id=claim, direction="over", confidence=sure)

    assert tally.claims(read_run(make_run(tmp_path / "run", change=change))) == {"over": claims}


def test_a_finding_on_two_claims_doubts_both(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", change=lambda rows, _: rows.__delitem__(slice(1, None)))
    path = folder / "finding_lines.parquet"
    lines = pq.read_table(path)
    (first,) = lines.to_pylist()
    pq.write_table(pa.Table.from_pylist([first, {**first, "claim_id": "another"}], schema=lines.schema), path)
    run = read_run(folder)
    assert tally.claims(run) == {run.findings["direction"][0].as_py(): 2}
