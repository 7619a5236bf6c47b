"""The findings that weigh most: which they are, and all that stands behind each of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from audit.report import ReportOptions, build_view
from audit.report.sections import listed, weightiest
from audit.report.view import Single, Weightiest
from tests.report.fixture import make_run

FULL = ReportOptions(patients="full", charts=False)


def heaviest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = ("service_date", "claim_id", "claim_line_number", "finding_id")
    return sorted(rows, key=lambda row: (-row["amount_at_risk"], *(row[key] for key in keys)))


def shown(tmp_path: Path, change: Any = None, options: ReportOptions = FULL) -> tuple[Weightiest, list[dict[str, Any]]]:
    kept: list[dict[str, Any]] = []

    def keep(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        if change:
            change(heaviest(rows)[0])
        kept.extend(rows)

    return build_view(make_run(tmp_path / "run", change=keep), options).weightiest, kept


def fact(item: Single, label: str) -> str:
    return next((fact.value for fact in item.facts if fact.label == label), "")


def test_they_are_the_thirty_with_the_most_dollars(tmp_path: Path) -> None:
    found, rows = shown(tmp_path)
    assert [item.id for item in found.items] == [row["finding_id"] for row in heaviest(rows)[:30]]
    assert found.note.startswith(f"These are 30 of {len(rows)} findings, largest amount first.")
    assert "findings.xlsx" in found.note


@pytest.mark.parametrize(("left", "said"), [(0, False), (1, True)])
def test_where_all_stand_nothing_is_said_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int, said: bool
) -> None:
    _, rows = shown(tmp_path)
    monkeypatch.setattr(weightiest, "PRINTED", len(rows) - left)
    found, _ = shown(tmp_path / "again")
    assert bool(found.note) is said


def test_each_says_how_its_dollars_were_made_and_where_it_stands(tmp_path: Path) -> None:
    found, rows = shown(tmp_path)
    for item, row in zip(found.items, heaviest(rows), strict=False):
        assert item.amount == f"${row['amount_at_risk']:.2f}"
        assert item.head == f"{row['service_date']}, claim {row['claim_id']} line {row['claim_line_number']}"
        assert fact(item, "How the dollars were made") == row["how_made"]
        assert fact(item, "In the export") == f"{row['source_file']}, row {row['source_row']:,}"
        assert fact(item, "Patient") == row["patient_id"]
        assert fact(item, "Evidence").startswith("minutes: ")
        assert fact(item, "Judged by").startswith(f"{item.rule_id} version 1")


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ({"units_billed": 3.0, "excess": 1.25}, "units billed: 3; excess: 1.25"),
        ({"procedure_code": "97124", "modifiers": ["GP"], "mue": 4}, "most units of the edit: 4"),
        (
            {"year_to_date": 2505.4, "unit_rule": "cms"},
            "allowed amounts of the year so far: $2,505.40; units counted by: total time (CMS)",
        ),
        ({"p": 1.2e-25, "lower_bound": 0.9}, "by chance alone: less than once in a million"),
        ({"p": 0.001}, "by chance alone: once in 1,000"),
        ({"p": 1.0, "provider_role": "massage_therapist"}, "by chance alone: always; provider role: massage therapist"),
        (
            {"companion": {"code": "97140", "shows": "distinct_structure"}},
            "stands beside: code 97140, the record shows another part of the body",
        ),
        (
            {"sessions": [{"claim_id": "C1", "minutes": 2, "kept": False}, {"claim_id": "C2", "column_1_denied": True}]},
            "sessions: claim C1, minutes 2; claim C2, column 1 line was denied",
        ),
        ({"found": True, "lacks": False, "none": None, "empty": []}, "found: yes; lacks: no"),
        (
            {"codes": ["97124", "97140"], "days": [{"claim_id": "C1", "line": 2}]},
            "codes: 97124, 97140; days: claim C1, line 2",
        ),
        ([1, 2], "[1, 2]"),
    ],
)
def test_evidence_reads_as_words(tmp_path: Path, evidence: Any, said: str) -> None:
    found, _ = shown(tmp_path, lambda row: row.update(evidence=json.dumps(evidence)))
    assert fact(found.items[0], "Evidence") == said


@pytest.mark.parametrize(("evidence", "said"), [("no JSON", "no JSON"), (None, ""), ("{}", "")])
def test_evidence_that_is_no_list_of_facts_stands_as_it_is(tmp_path: Path, evidence: Any, said: str) -> None:
    found, _ = shown(tmp_path, lambda row: row.update(evidence=evidence))
    assert fact(found.items[0], "Evidence") == said


def test_a_hidden_patient_is_nowhere(tmp_path: Path) -> None:
    found, rows = shown(tmp_path, options=ReportOptions(patients="hidden", charts=False))
    assert all(fact(item, "Patient") == "" for item in found.items)
    assert rows[0]["patient_id"] not in str(found)


@pytest.mark.parametrize("most", [7, 8])
def test_the_page_holds_the_weightiest_of_all_rules_and_says_what_it_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(listed, "IN_PAGE", most)
    view = build_view(make_run(tmp_path / "run"), FULL)
    assert sum(len(rule.examples.rows) for rule in view.findings) == most
    for rule in view.findings:
        whole = int(rule.examples.caption.split(" ")[0].replace(",", ""))
        expected = f"{len(rule.examples.rows)} of them stand here, among the {most} that weigh most" if whole > most else ""
        assert rule.examples.note.startswith(expected)
        assert bool(rule.examples.note) is (whole > len(rule.examples.rows))


@pytest.mark.parametrize(
    ("whole", "beside", "files", "book"),
    [
        (5, "", "findings.xlsx and findings.csv", ""),
        (6, "the rest", "findings.xlsx and findings.csv", ""),
        (7, "the rest", "findings.xlsx and findings.csv", ""),
        (8, "those up to the 7 that weigh most", "findings.xlsx and findings.csv", ""),
        (9, "those up to the 7 that weigh most", "findings.csv", " (the 8 that weigh most)"),
    ],
)
def test_at_each_limit_the_list_says_where_the_others_are(
    monkeypatch: pytest.MonkeyPatch, whole: int, beside: str, files: str, book: str
) -> None:
    for name, most in (("IN_PAGE", 5), ("IN_PAGES", 7), ("IN_WORKBOOK", 8)):
        monkeypatch.setattr(listed, name, most)
    folder = f" up to the 5 that weigh most, and {beside} in the folder findings beside it" if beside else ""
    assert weightiest._rest(4, whole).endswith(f" on the screen{folder}, and all of them in {files}.")
    assert (weightiest._rest(whole, whole), weightiest._in_workbook(whole)) == ("", book)
