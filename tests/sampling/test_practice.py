"""The sample practice: a sample of its findings, reviewed by its answer key, holds what the key says was overpaid."""

import csv
import html
import json
import shutil
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.runs.estimates import LINES
from audit.sampling import design
from audit.sampling.design import Row
from audit.sampling.estimate import Estimate, estimate
from audit.sampling.frame import Choice, open_frame
from tests.end_to_end.command import SAMPLES, claims_audit
from tests.end_to_end.sample_home import copy_of_sample_home
from tests.sampling.fixture import Answer, drawn, fill, no_error

Truth = Mapping[str, Decimal]


@cache
def keyed() -> Truth:
    """What the answer key says was overpaid on each claim: of several findings on one line the largest counts."""
    lines = dict[tuple[str, str], Decimal]()
    with (SAMPLES / "answer_key" / "answer_key.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["direction"] == "over":
                key = (row["claim_id"], row["claim_line_number"])
                lines[key] = max(lines.get(key, Decimal(0)), Decimal(row["amount_at_risk"]))
    claims = defaultdict[str, Decimal](Decimal)
    for (claim, _), amount in lines.items():
        claims[claim] += amount
    return claims


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_sample_home(tmp_path_factory, tmp_path_factory.mktemp("practice") / "home")


def test_every_audited_line_is_kept_once_with_its_dollars(practice: Path) -> None:
    rows = pq.read_table(practice / LINES).to_pylist()
    keys = [(row["claim_id"], row["claim_line_number"], row["occurrence"]) for row in rows]
    assert len(set(keys)) == len(keys) == 12_789
    assert keys == sorted(keys)
    findings = pq.read_table(practice / "findings.parquet").to_pylist()
    assert sum(row["counted_once"] for row in rows) == sum(row["counted_once"] for row in findings)
    rules = {rule for row in rows for rule in row["over_rules"].split()}
    assert rules == {row["rule_id"] for row in findings if row["direction"] == "over"}
    bearing = {row["bearing_rule"] for row in rows if row["counted_once"]}
    assert bearing == {row["rule_id"] for row in findings if row["counted_once"]}


def reviewed(practice: Path, out: Path, choice: Choice, seed: str, size: int) -> tuple[Estimate, Decimal]:
    """A sample filled from the answer key, and what the key says of its whole frame."""
    drawn(practice, out, choice, seed=seed, size=size)
    with open_frame(practice, choice) as frame:
        amounts = dict(frame.con.execute("SELECT claim_id, amount FROM frame").fetchall())
    truth = {claim: min(keyed().get(claim, Decimal(0)), amount) for claim, amount in amounts.items()}

    def answer(row: Row) -> Answer:
        overpaid = truth[row.key[0]]
        return {"error": "yes" if overpaid else "no", "allowed_amount": float(row.amount - overpaid)}

    return estimate(fill(out, answer)), sum(truth.values(), Decimal(0))


@pytest.mark.parametrize("strata", [None, "dollars", "payer"])
def test_a_sample_of_the_findings_holds_the_keys_total(practice: Path, tmp_path: Path, strata: design.By | None) -> None:
    found, truth = reviewed(practice, tmp_path / "s", Choice("claim", "findings", strata), "48863.78", 90)
    interval = found.difference.intervals[90]
    assert truth > 5000, "the key plants about $6,000"
    assert interval.lower <= truth <= interval.upper
    assert found.lower <= truth
    assert interval.percent is not None
    assert interval.percent < 15


def test_a_sample_of_all_claims_holds_the_keys_total(practice: Path, tmp_path: Path) -> None:
    found, truth = reviewed(practice, tmp_path / "s", Choice("claim", "all"), "48863.78", 200)
    interval = found.difference.intervals[90]
    assert interval.lower <= truth <= interval.upper
    assert any("Only" in one and "are overpaid" in one for one in found.cautions)
    low, high = found.errors.limits[90]
    assert low <= sum(1 for amount in keyed().values() if amount) <= high


def test_the_worked_example_of_the_docs(practice: Path, tmp_path: Path) -> None:
    text = (SAMPLES.parent / "docs" / "sampling.md").read_text(encoding="utf-8")
    overpaid = defaultdict[str, Decimal](Decimal)
    for row in pq.read_table(practice / LINES).to_pylist():
        overpaid[row["claim_id"]] += row["counted_once"]
    assert f"${sum(overpaid.values()):,}" in text

    def agrees(row: Row) -> Answer:
        amount = overpaid[row.key[0]]
        return {"error": "yes" if amount else "no", "allowed_amount": float(row.amount - amount)}

    probe, full = tmp_path / "samples" / "probe", tmp_path / "samples" / "full"
    words = ("sample", practice, "--unit", "claim", "--out")
    told = claims_audit(*words, probe, "--size", 30, "--seed", "48863.78", "--spares", 3, cwd=tmp_path).err
    told += claims_audit("estimate", fill(probe, agrees), cwd=tmp_path).out
    sized = ("--precision", 10, "--probe", probe / design.WORKSHEET)
    told += claims_audit(*words, full, *sized, "--seed", "51234.56", "--spares", 5, cwd=tmp_path).err
    told += claims_audit("estimate", fill(full, agrees), cwd=tmp_path).out
    blocks = [block for block in text.split("```")[1::2] if block.startswith(("\nFrame", "\nOverpayment"))]
    assert len(blocks) == 3
    for line in "".join(blocks).split("\n"):
        assert line.strip(".") in told
    assert len(design.read(full).strata[0].numbers) == 77


def test_the_runs_report_tells_of_its_reviewed_samples(practice: Path, tmp_path: Path) -> None:
    run = tmp_path / "out" / practice.name
    shutil.copytree(practice, run)
    first, second = (tmp_path / "out" / "samples" / name for name in ("first", "<b>second"))
    for folder, seed in ((first, "1"), (second, "2")):
        drawn(run, folder, Choice("claim"), seed=seed, size=40)
    fill(first, lambda row: {"record": "not found"} if row.drawn < 30 else no_error(row))

    def report() -> str:
        assert claims_audit("report", run, cwd=tmp_path).code == 0
        return (run / "report.html").read_text(encoding="utf-8")

    assert 'id="samples"' not in report(), "nothing was reviewed"
    done = claims_audit("estimate", first / design.WORKSHEET, cwd=tmp_path)
    assert f"claims-audit report {run}" in done.err
    found, text = estimate(first / design.WORKSHEET), report()
    assert 'href="#samples"' in text
    assert found.statement in html.unescape(text)
    assert "Records that were not found: 29." in text
    assert "the one counts that was named before" not in text
    claims_audit("estimate", fill(second, no_error), cwd=tmp_path)
    text = report()
    assert "&lt;b&gt;second" in text
    assert "the one counts that was named before" in text
    kept = json.loads((first / "estimate.json").read_text(encoding="utf-8"))
    (first / "estimate.json").write_text(json.dumps({**kept, "lines_sha256": "0" * 64}), encoding="utf-8")
    (second / "estimate.json").write_text("{", encoding="utf-8")
    assert 'id="samples"' not in report(), "one is of other lines, one cannot be read"
