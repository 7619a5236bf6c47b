"""Reading a run folder: what is refused and in which words, what is made inert, and what sets a finding aside."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.errors import InputError
from audit.report.stored.source import evidence_of, read_run, why_aside
from tests.report.fixture import aside, make_run

AGAIN = "Run the audit again."
Rows = list[dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_run(tmp_path / "2025-11")


def change_table(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(path)), path)


def refused(folder: Path) -> tuple[str, str]:
    with pytest.raises(InputError) as told:
        read_run(folder)
    return told.value.message, told.value.hint


@pytest.mark.parametrize("name", ["findings.parquet", "finding_lines.parquet"])
def test_a_table_that_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert refused(folder) == (f"{folder} holds no {name}.", AGAIN)


@pytest.mark.parametrize("name", ["findings.parquet", "finding_lines.parquet"])
def test_a_table_that_is_none(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"PAR1 cut short")
    said, hint = refused(folder)
    assert said.startswith(f"{folder / name} cannot be read: Parquet")
    assert said.endswith(".")
    assert hint == AGAIN


@pytest.mark.parametrize(("name", "column"), [("findings.parquet", "how_made"), ("finding_lines.parquet", "claim_id")])
def test_a_column_that_is_missing(folder: Path, name: str, column: str) -> None:
    change_table(folder / name, lambda table: table.drop_columns([column]))
    assert refused(folder) == (f"{folder / name} lacks the column {column}.", AGAIN)


@pytest.mark.parametrize(
    ("name", "column", "kind"),
    [
        ("findings.parquet", "finding_id", pa.binary()),
        ("findings.parquet", "claim_id", pa.binary()),
        ("findings.parquet", "patient_id", pa.binary()),
        ("findings.parquet", "how_made", pa.binary()),
        ("findings.parquet", "message", pa.binary()),
        ("findings.parquet", "claim_line_number", pa.string()),
        ("findings.parquet", "minutes", pa.float64()),
        ("findings.parquet", "source_row", pa.float64()),
        ("findings.parquet", "units_billed", pa.float64()),
        ("findings.parquet", "units_supported", pa.float64()),
        ("findings.parquet", "amount_at_risk", pa.float64()),
        ("findings.parquet", "counted_once", pa.float64()),
        ("findings.parquet", "service_date", pa.timestamp("us")),
        *(
            ("findings.parquet", name, pa.binary())
            for name in (
                "rule_id", "family", "severity", "confidence", "direction", "subject", "rendering_npi", "billing_npi",
                "payer_name", "payer_class", "procedure_code", "modifiers", "status", "source_file",
            )
        ),
        ("finding_lines.parquet", "finding_id", pa.binary()),
        ("finding_lines.parquet", "claim_id", pa.binary()),
        ("finding_lines.parquet", "claim_line_number", pa.string()),
    ],
)  # fmt: skip
def test_a_column_of_another_type(folder: Path, name: str, column: str, kind: pa.DataType) -> None:
    def retyped(table: pa.Table) -> pa.Table:
        at = table.column_names.index(column)
        return table.set_column(at, column, table[column].cast(kind))

    change_table(folder / name, retyped)
    assert refused(folder) == (f"{folder / name}: the column {column} is of another type.", AGAIN)


def test_findings_of_rules_that_the_manifest_does_not_list_name_the_first(tmp_path: Path) -> None:
    def strange(rows: Rows, _: dict[str, Any]) -> None:
        rows[0]["rule_id"], rows[1]["rule_id"] = "ZZZ002", "ZZZ001"

    folder = make_run(tmp_path / "run", change=strange)
    said = f"{folder / 'findings.parquet'} holds findings of ZZZ001, a rule that manifest.json does not list."
    assert refused(folder) == (said, AGAIN)


def test_a_finding_that_is_set_aside_may_not_be_of_a_strange_rule_either(tmp_path: Path) -> None:
    def strange(rows: Rows, manifest: dict[str, Any]) -> None:
        rows[0].update(rule_id="ZZZ001", status="suppressed")
        manifest["suppressions"] = [aside(rows[0]["finding_id"])]

    folder = make_run(tmp_path / "run", change=strange)
    assert "holds findings of ZZZ001" in refused(folder)[0]


@pytest.mark.parametrize("status", ["suppressed", "dismissed"])
def test_what_is_set_aside_needs_a_reason(tmp_path: Path, status: str) -> None:
    folder = make_run(tmp_path / "run", change=lambda rows, _: rows[0].update(status=status))
    said = f"{folder / 'findings.parquet'} holds a finding that is set aside without a reason in manifest.json."
    assert refused(folder) == (said, AGAIN)


def decided(finding_id: str, decision: str, rests: bool) -> dict[str, Any]:
    return {
        "finding_id": finding_id, "decision": decision, "amount": None, "refunded_on": None, "reviewer": "AB",
        "decided_on": "2025-12-05", "rests": rests,
    }  # fmt: skip


@pytest.mark.parametrize(("decision", "rests"), [("dismiss", False), ("confirm", True)])
def test_only_a_dismissal_that_holds_sets_a_finding_aside(tmp_path: Path, decision: str, rests: bool) -> None:
    def change(rows: Rows, manifest: dict[str, Any]) -> None:
        rows[0]["status"] = "dismissed"
        one = decided(rows[0]["finding_id"], decision, rests)
        manifest["review"] = {"rules": [], "confirmed": [], "decided": [one], "gone": 0}

    folder = make_run(tmp_path / "run", change=change)
    assert "without a reason" in refused(folder)[0]


def test_what_sets_each_finding_aside(tmp_path: Path) -> None:
    kept: list[str] = []

    def change(rows: Rows, manifest: dict[str, Any]) -> None:
        rows[0]["status"], rows[1]["status"], rows[-1]["status"] = "dismissed", "suppressed", "suppressed"
        kept.extend(row["finding_id"] for row in (rows[0], rows[1], rows[-1]))
        manifest["review"] = {
            "rules": [], "confirmed": [], "decided": [decided(kept[0], "dismiss", True)], "gone": 0,
        }  # fmt: skip
        of_kind = {**aside(kept[2], "a kind"), "finding_id": None, "rule_id": rows[-1]["rule_id"], "payer_name": None}
        # The finding's own comes before that of its kind, and a dismissal before a suppression of the same finding.
        manifest["suppressions"] = [of_kind, aside(kept[1], "its own"), aside(kept[0], "suppressed too")]

    run = read_run(make_run(tmp_path / "run", change=change))
    assert sorted(run.set_aside["finding_id"].to_pylist()) == sorted(kept)
    assert not set(kept) & set(run.findings["finding_id"].to_pylist())
    why: dict[str, Any] = dict(why_aside(run))
    assert set(why) == set(kept)
    assert why[kept[0]].decision == "dismiss"
    assert (why[kept[1]].reason, why[kept[2]].reason) == ("its own", "a kind")


def test_rules_stand_by_severity_then_dollars_then_findings_then_id(tmp_path: Path) -> None:
    ranks = {
        "A": ("low", "9.00", 1), "B": ("high", "5.00", 1), "C": ("high", "5.00", 2), "D": ("high", "6.00", 1),
        "E": ("high", "5.00", 2),
    }  # fmt: skip

    def change(rows: Rows, manifest: dict[str, Any]) -> None:
        rows.clear()
        ranked = zip(ranks.items(), manifest["rules"], strict=False)
        manifest["rules"] = [
            {**rule, "id": name, "severity": severity, "gross_at_risk": gross, "flagged": flagged}
            for (name, (severity, gross, flagged)), rule in ranked
        ][::-1]

    run = read_run(make_run(tmp_path / "run", change=change))
    assert [rule.id for rule in run.rules] == ["D", "C", "E", "B", "A"]


def test_text_is_inert_and_prose_and_sql_are_whole(tmp_path: Path) -> None:
    long = "word " * 200

    def change(rows: Rows, manifest: dict[str, Any]) -> None:
        rule = manifest["rules"][0]
        rule.update(why=long, fix=long, false_positives=long, checks=long, sql=f"SELECT 1\x00 \u202e{long}\n")
        rows[0]["payer_name"] = "Payer\u202e of rows"
        manifest["warnings"] = ["said\x07 \u202e"]
        manifest["rules"][1]["params"] = {"key\u202e": 1}

    run = read_run(make_run(tmp_path / "run", change=change))
    rule = run.manifest.rules[0]
    assert rule.why == rule.fix == rule.false_positives == long.strip()
    assert rule.checks == f"{long[:400]}… (1,000 characters)"
    assert rule.sql == f"SELECT 1 \u202e{long}\n"
    assert run.manifest.warnings == ("said[U+0007] [U+202E]",)
    assert "key[U+202E]" in run.manifest.rules[1].params
    assert "Payer[U+202E] of rows" in run.findings["payer_name"].to_pylist()


def test_evidence_is_read_for_those_asked_for_alone(folder: Path) -> None:
    asked = pq.read_table(folder / "findings.parquet", columns=["finding_id", "evidence"]).slice(3, 2).to_pylist()
    found = evidence_of(read_run(folder), [row["finding_id"] for row in asked])
    assert found == {row["finding_id"]: row["evidence"] for row in asked}
    assert all(found.values())


def test_a_finding_without_evidence_has_an_empty_one(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", change=lambda rows, _: rows[0].update(evidence=None))
    key = pq.read_table(folder / "findings.parquet")["finding_id"][0].as_py()
    assert evidence_of(read_run(folder), [key]) == {key: ""}
