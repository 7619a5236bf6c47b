"""`explain RUN CLAIM`: what a run's folder holds of one claim, to the cent, and plainly where it holds nothing."""

import csv
import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.cli import claim_page
from audit.runs import claim as claims
from tests.end_to_end.command import claims_audit
from tests.end_to_end.test_command_line import changed, write_csv


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("explain")
    lines = (
        changed(Claim_ID="C1", DOS="11/13/2025"),
        changed(Claim_ID="C1/2", DOS="11/14/2025"),
        changed(Claim_ID="OTHER", DOS="10/16/2025"),
    )
    done = claims_audit("run", write_csv(home / "a.csv", *lines), "--select", "TIM001", "--period", "2025-11", cwd=home)
    assert done.code == 0, done.err
    return home / Path(done.out.strip()).parent


def explained(folder: Path, claim: str) -> dict[str, object]:
    done = claims_audit("explain", str(folder), claim, "--json", cwd=folder.parent.parent)
    assert done.code == 0, done.err
    found: dict[str, object] = json.loads(done.out)
    return found


@pytest.mark.parametrize("claim", ["C1", "C1/2"])
def test_dollars_are_those_of_the_run_and_an_id_with_a_slash_is_an_id(folder: Path, claim: str) -> None:
    stored = [row for row in pq.read_table(folder / "findings.parquet").to_pylist() if row["claim_id"] == claim]
    found = explained(folder, claim)
    assert found["line"] is None
    assert stored
    shown = [(f["finding_id"], Decimal(f["amount_at_risk"]), Decimal(f["counted_once"])) for f in found["findings"]]  # type: ignore[attr-defined]
    assert shown == [(row["finding_id"], row["amount_at_risk"], row["counted_once"]) for row in stored]


def test_a_line_is_chosen_and_another_line_is_not_there(folder: Path) -> None:
    assert explained(folder, "C1/1")["line"] == 1
    assert claims_audit("explain", str(folder), "C1/3", cwd=folder.parent).code == 3


def test_the_page_shows_arithmetic_dollars_and_fits_paper(folder: Path) -> None:
    page = claims_audit("explain", str(folder), "C1", cwd=folder.parent.parent).out
    finding = explained(folder, "C1")["findings"][0]  # type: ignore[index]
    assert finding["how_made"] in " ".join(page.split())
    assert f"${Decimal(finding['amount_at_risk']):,.2f}" in page
    assert max(map(len, page.splitlines())) <= 100


def test_dollars_at_risk_and_counted_once_are_told_apart_and_none_is_unknown(folder: Path) -> None:
    held = claims.read(folder, "C1")
    row = {**held.findings[0], "amount_at_risk": Decimal("1234.50"), "counted_once": Decimal("0.25"), "how_made": None}
    assert "potential $1,234.50, counted once $0.25" in claim_page.as_text(replace(held, findings=(row,), rejected=0))
    unknown = claim_page.as_text(replace(held, findings=({**row, "amount_at_risk": None},), rejected=3))
    assert "potential unknown, counted once $0.25" in unknown
    assert "The run rejected 3 rows" in unknown


def test_a_row_left_out_is_shown_with_its_reason(folder: Path) -> None:
    page = claims_audit("explain", str(folder), "OTHER", cwd=folder.parent.parent).out
    assert "Findings: 0" in page
    assert "a.csv row 4" in page
    assert "Rows left out: 1" in page
    assert len(explained(folder, "OTHER/1")["excluded"]) == 1  # type: ignore[arg-type]
    assert claims_audit("explain", str(folder), "OTHER/2", cwd=folder.parent).code == 3


def verdicts(found: dict[str, object]) -> list[tuple[str, str, str]]:
    return [(one["rule_id"], one["subject"], one["said"]) for one in found["judged"]["verdicts"]]  # type: ignore[index]


def test_each_rule_says_flagged_passed_or_why_not_with_its_arithmetic(tmp_path: Path) -> None:
    lines = (
        changed(Claim_ID="C1", DOS="11/13/2025"),
        changed(Claim_ID="C2", DOS="11/14/2025", Units="1"),
        changed(Claim_ID="C3", DOS="11/17/2025", Payer="Self Pay"),
    )
    done = claims_audit("run", write_csv(tmp_path / "a.csv", *lines), "--period", "2025-11", cwd=tmp_path)
    folder = tmp_path / Path(done.out.strip()).parent
    flagged, passed, open_one = (explained(folder, claim) for claim in ("C1", "C2", "C3"))
    assert ("TIM001", "the visit", "flagged") in verdicts(flagged)
    assert ("TIM001", "the visit", "passed") in verdicts(passed)
    assert ("TIM001", "the visit", "not evaluated") in verdicts(open_one)
    assert ("CLM003", "line 1", "passed") in verdicts(passed)
    # A rule of the whole practice's days and providers tells of the claim's own.
    assert ("TIM010", "the provider's day", "passed") in verdicts(passed)
    rules = {one.stem.split("_")[0] for one in Path("queries/rules").rglob("*.sql")}
    for found in (flagged, passed, open_one):
        told = {rule for rule, _, _ in verdicts(found)}
        assert not told & set(found["judged"]["not_about"])  # type: ignore[index]
        assert told | set(found["judged"]["not_about"]) == rules  # type: ignore[index]
    # Flagged for the claim alone is what the run found.
    assert {rule for rule, _, said in verdicts(flagged) if said == "flagged"} == {
        finding["rule_id"]
        for finding in flagged["findings"]  # type: ignore[attr-defined]
    }
    page = " ".join(claims_audit("explain", folder, "C3", cwd=tmp_path).out.split())
    assert "not evaluated: self-pay: no payer rule applies" in page
    assert "timed minutes" in page
    assert "a.csv row 4, line 1: audited" in page
    assert "Payer" not in page
    assert "payer name Self Pay" in page


def test_rows_as_read_hold_back_what_the_run_holds_back(folder: Path) -> None:
    found = explained(folder, "C1")
    (row,) = found["judged"]["rows"]  # type: ignore[index]
    assert row["patient_id"] == found["judged"]["visits"][0]["patient_id"]  # type: ignore[index]
    assert str(row["patient_id"]).startswith("P-")
    assert row["note_text"] == "held back"
    assert row["procedure_code"]
    page = claims_audit("explain", folder, "C1", cwd=folder.parent.parent).out
    assert "held back, shown by an audit with --phi full: note text" in page
    with (folder.parent.parent / "a.csv").open(encoding="utf-8", newline="") as stream:
        export = next(csv.DictReader(stream))
    assert export["Note"] not in page
    assert f"patient id {export['Patient ID']}" not in page


def test_stored_alone_reads_no_source(folder: Path) -> None:
    page = claims_audit("explain", folder, "C1", "--stored", cwd=folder.parent.parent).out
    assert "Verdicts" not in page
    assert "This is what the run's folder holds" in page
    assert explained(folder, "C1")["judged"] is not None


def test_a_claim_without_findings_is_shown_while_the_sources_hold(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder.parent.parent, tmp_path, dirs_exist_ok=True)
    clean = changed(Claim_ID="CLEAN", DOS="11/20/2025", Units="1")
    source = write_csv(tmp_path / "b.csv", clean, changed(Claim_ID="C1", DOS="11/13/2025"))
    run = tmp_path / Path(claims_audit("run", source, "--select", "TIM001", "--out", "clean", cwd=tmp_path).out.strip()).parent
    page = claims_audit("explain", run, "CLEAN/1", cwd=tmp_path).out
    assert "Claim CLEAN line 1" in page
    assert "Passed: 1" in page
    asked = claims_audit("explain", run, "CLEAN/2", cwd=tmp_path)
    assert asked.code == 3
    assert "sources were read again, and they hold no row of it" in asked.err
    stored = claims_audit("explain", run, "CLEAN", "--stored", cwd=tmp_path)
    assert stored.code == 3
    assert "does not tell a clean claim from one that was never read" in stored.err


def test_an_unknown_claim_is_refused_and_no_other_id_is_told(folder: Path) -> None:
    done = claims_audit("explain", str(folder), "C9", cwd=folder.parent.parent)
    assert done.code == 3
    assert done.out == ""
    assert "some of 3 claims" in done.err
    assert "C1" not in done.err
    assert "OTHER" not in done.err


@pytest.mark.parametrize("name", ["findings.parquet", "finding_lines.parquet", "excluded_rows.csv"])
def test_a_file_that_was_changed_after_the_run_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    copy = shutil.copytree(folder, tmp_path / "run")
    with (copy / name).open("ab") as stream:
        stream.write(b"\n")
    done = claims_audit("explain", str(copy), "C1", cwd=tmp_path)
    assert done.code == 3
    assert f"{name} is not as the run wrote it" in done.err


@pytest.mark.parametrize("words", [("RUN",), ("TIM001", "--json")])
def test_a_folder_without_a_claim_and_json_of_a_rule_are_wrong_usage(folder: Path, words: tuple[str, ...]) -> None:
    given = [str(folder) if word == "RUN" else word for word in words]
    assert claims_audit("explain", *given, cwd=folder.parent).code == 2


def test_a_source_that_was_changed_or_is_gone_is_said(folder: Path) -> None:
    source = folder.parent.parent / "a.csv"
    before = source.read_bytes()
    assert explained(folder, "C1")["sources"] == [{"file": "a.csv", "state": "unchanged"}]
    try:
        source.write_bytes(before + b"\n")
        assert explained(folder, "C1")["sources"] == [{"file": "a.csv", "state": "changed"}]
        assert "Source a.csv: not as the run read it" in claims_audit("explain", str(folder), "C1", cwd=source.parent).out
        source.unlink()
        assert "Source a.csv: not found from here" in claims_audit("explain", str(folder), "C1", cwd=source.parent).out
        assert explained(folder, "C1")["sources"] == [{"file": "a.csv", "state": "not found"}]
    finally:
        source.write_bytes(before)


def test_a_source_that_was_moved_and_renamed_is_found_by_its_hash(tmp_path: Path) -> None:
    export = write_csv(tmp_path / "a.csv", changed(Claim_ID="C1", DOS="11/13/2025"))
    done = claims_audit("run", export, "--select", "TIM001", "--period", "2025-11", cwd=tmp_path)
    run = tmp_path / Path(done.out.strip()).parent
    there = claims_audit("explain", run, "C1", cwd=tmp_path).out
    (tmp_path / "archive").mkdir()
    export.rename(tmp_path / "archive" / "november.csv")
    write_csv(tmp_path / "archive" / "another.csv", changed(Claim_ID="C1", DOS="11/14/2025"))
    gone = " ".join(claims_audit("explain", run, "C1", cwd=tmp_path).out.split())
    assert gone.startswith("Claim C1 in run 2025-11 Not every source is where the run read it")
    assert "--sources PATH" in gone
    assert "Verdicts" not in gone
    found = claims_audit("explain", run, "C1", "--sources", "archive", cwd=tmp_path).out
    assert "Verdicts" in found
    assert "a.csv row 2, line 1: audited" in found.replace("november.csv", "a.csv")
    assert there.count("\n") == found.count("\n")
    other = claims_audit("explain", run, "C1", "--sources", "archive/another.csv", cwd=tmp_path).out
    assert "Verdicts" not in other


@pytest.mark.parametrize("words", [("C1", "--stored"), ()])
def test_sources_are_for_a_claim_that_is_judged_again(folder: Path, words: tuple[str, ...]) -> None:
    what = str(folder) if words else "TIM001"
    assert claims_audit("explain", what, *words, "--sources", ".", cwd=folder.parent.parent).code == 2
