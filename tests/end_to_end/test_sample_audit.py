"""The audit of the sample practice equals its answer key: every planted finding, nothing else, dollars to the cent."""

import csv
import hashlib
import json
import re
import stat
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.end_to_end.command import SAMPLES, claims_audit

LABEL = "2025-09_2025-11"
CONFIG = SAMPLES / "audit.toml"


def audited(source: Path, cwd: Path) -> Path:
    done = claims_audit("run", source, "--config", CONFIG, "--out", cwd / "out", "--phi", "full", cwd=cwd)
    assert done.code == 0, done.err
    assert done.out.strip() == str(cwd / "out" / LABEL / "report.html")
    return cwd / "out" / LABEL


@pytest.fixture(scope="module")
def from_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audited(SAMPLES, tmp_path_factory.mktemp("csv"))


@pytest.fixture(scope="module")
def from_parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audited(SAMPLES / "canonical", tmp_path_factory.mktemp("parquet"))


def found(run: Path) -> set[tuple[str, ...]]:
    rows = pq.read_table(run / "findings.parquet").to_pylist()
    keys = ("rule_id", "subject", "claim_id", "claim_line_number", "patient_id", "service_date", "direction")
    return {(*(str(row[key]) for key in keys), f"{row['amount_at_risk'] or Decimal(0):.2f}") for row in rows}


def answers() -> set[tuple[str, ...]]:
    keys = ("rule_id", "subject", "claim_id", "claim_line_number", "patient_id", "service_date", "direction")
    with (SAMPLES / "answer_key" / "answer_key.csv").open(encoding="utf-8", newline="") as file:
        return {(*(row[key] for key in keys), f"{Decimal(row['amount_at_risk'] or 0):.2f}") for row in csv.DictReader(file)}


def test_the_csv_audit_equals_the_answer_key(from_csv: Path) -> None:
    expected, got = answers(), found(from_csv)
    assert len(expected) >= 100
    assert got - expected == set(), "findings that were not planted"
    assert expected - got == set(), "planted findings that were missed"


def test_the_parquet_audit_finds_the_same(from_csv: Path, from_parquet: Path) -> None:
    where = ["source_file", "source_row"]
    for name in ("findings.parquet", "finding_lines.parquet"):
        left, right = (pq.read_table(run / name).drop_columns(where) for run in (from_csv, from_parquet))
        assert left.equals(right), name


def test_no_decoy_is_flagged(from_csv: Path) -> None:
    flagged = {(row[0], row[2], row[3]) for row in found(from_csv)}
    with (SAMPLES / "answer_key" / "decoys.csv").open(encoding="utf-8", newline="") as file:
        decoys = {(row["rule_id"], row["claim_id"], row["claim_line_number"]) for row in csv.DictReader(file)}
    assert len(decoys) >= 100
    assert not flagged & decoys


def by_line(file: Iterable[str]) -> dict[int, list[str]]:
    """Each row under the line on which it begins, as an editor numbers lines."""
    reader, found, before = csv.reader(file), {}, 0
    for cells in reader:
        found[before + 1] = cells
        before = reader.line_num
    return found


def test_every_finding_points_to_the_row_it_came_from(from_csv: Path) -> None:
    exports = {}
    for path in SAMPLES.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            exports[path.name] = by_line(file)
    for row in pq.read_table(from_csv / "findings.parquet").to_pylist():
        cells = exports[row["source_file"]][row["source_row"]]
        assert row["claim_id"] in cells
        assert row["procedure_code"] in cells


def test_two_runs_give_the_same_bytes(from_csv: Path, tmp_path: Path) -> None:
    again = audited(SAMPLES, tmp_path)
    for name in ("findings.parquet", "finding_lines.parquet", "findings.csv", "rejected_rows.csv"):
        assert sha256(again / name) == sha256(from_csv / name), name
    ids = [json.loads((run / "manifest.json").read_text(encoding="utf-8"))["run"]["id"] for run in (from_csv, again)]
    assert ids[0] == ids[1]


def test_the_run_ties_out_and_is_private(from_csv: Path) -> None:
    manifest = json.loads((from_csv / "manifest.json").read_text(encoding="utf-8"))
    rows = manifest["control_totals"]["rows"]
    assert rows["read"] == rows["audited"] + rows["excluded"] + rows["rejected"]
    assert rows["read"] >= 12_000
    for amounts in manifest["control_totals"]["dollars"].values():
        assert Decimal(amounts["read"]) == sum(Decimal(amounts[fate]) for fate in ("audited", "excluded", "rejected"))
    assert stat.S_IMODE(from_csv.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in from_csv.iterdir() if path.is_file()} == {0o600}
    for entry in manifest["outputs"]:
        assert sha256(from_csv / entry["file"]) == entry["sha256"]


def _exported() -> dict[tuple[str, int], dict[str, str]]:
    """The sample's rows by claim and line."""
    rows: dict[tuple[str, int], dict[str, str]] = {}
    for path in sorted(SAMPLES.glob("claims_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows |= {(row["Claim #"], int(row["Line"])): row for row in csv.DictReader(file)}
    return rows


def _by_line(run: Path) -> dict[tuple[str, int], Decimal]:
    """What each line is exposed to: its largest amount, a surplus of time being smaller by the units that an edit takes away."""
    findings = {one["finding_id"]: one for one in pq.read_table(run / "findings.parquet").to_pylist()}
    exported = _exported()
    paid = {key: Decimal(re.sub(r"[^0-9.]", "", row["Paid"]) or 0) for key, row in exported.items()}
    visit = {key: (row["Acct #"], row["DOS"], row["Payer"]) for key, row in exported.items()}
    units = {key: Decimal(row["Units"]) for key, row in exported.items()}
    surplus: dict[tuple[object, ...], dict[tuple[str, int], Decimal]] = {}
    other: list[tuple[tuple[str, int], Decimal]] = []
    for line in pq.read_table(run / "finding_lines.parquet").to_pylist():
        finding, key = findings[line["finding_id"]], (line["claim_id"], line["claim_line_number"])
        billed, supported = finding["units_billed"], finding["units_supported"]
        of_time = finding["family"] == "time" and finding["subject"] != "line"
        if finding["direction"] == "over" and of_time and None not in (billed, supported) and billed > supported:
            surplus.setdefault((line["finding_id"], visit[key]), {})[key] = line["amount_at_risk"]
        elif finding["direction"] == "over":
            other.append((key, line["amount_at_risk"]))
    whole = {key for key, amount in other if amount >= paid[key] > 0 and exported[key]["Minutes"]}
    exposed = list(other)
    for (_, where), amounts in surplus.items():
        gone = {key for key in whole if visit[key] == where}
        left = sum(amount / paid[key] * units[key] for key, amount in amounts.items() if amount) - sum(units[key] for key in gone)
        for key in sorted(amounts.keys() - gone, key=lambda key: paid[key] / units[key]):
            price = paid[key] / units[key]
            counted = min(amounts[key], (max(left, 0) * price).quantize(Decimal("0.01")))
            left -= counted / price if price else 0
            exposed.append((key, counted))
    return {key: max(amount for one, amount in exposed if one == key) for key, _ in exposed}


def test_each_dollar_counts_once(from_csv: Path) -> None:
    manifest = json.loads((from_csv / "manifest.json").read_text(encoding="utf-8"))
    over = manifest["totals"]["over"]
    gross = sum(
        row["amount_at_risk"] for row in pq.read_table(from_csv / "findings.parquet").to_pylist() if row["direction"] == "over"
    )
    assert Decimal(over["counted_once"]) == sum(_by_line(from_csv).values())
    assert Decimal(over["gross"]) == gross
    assert Decimal(over["counted_once"]) < gross


def test_one_month_of_three(tmp_path: Path) -> None:
    words = ("--config", CONFIG, "--period", "2025-11", "--select", "TIM001", "--out", "out")
    done = claims_audit("run", SAMPLES, *words, cwd=tmp_path)
    assert done.code == 0, done.err
    manifest = json.loads((tmp_path / "out" / "2025-11" / "manifest.json").read_text(encoding="utf-8"))
    excluded = {row["reason"]: row["rows"] for row in manifest["exclusions"]}
    assert excluded["outside the period"] > 5_000
    assert manifest["run"]["first_service_date"] >= "2025-11-01"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
