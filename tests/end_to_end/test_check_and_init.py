"""`check` tells what a run would rest on and writes nothing; `init` drafts an audit.toml that changes no finding."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from audit.settings import config as configuration
from tests.end_to_end.command import ROOT, Finished, claims_audit
from tests.end_to_end.part_of_sample import visits_of

TUVA = ROOT.parent / "shared" / "samples" / "tuva_medical_claim_2018.csv"
HEADER = "Claim #,Line,Acct #,Patient Name,DOS,CPT,Mod 1,Units,Minutes,Payer,Billed"
ONE_RULE = "TIM009"
ROWS = (
    "C77001,1,P4417,SYN ONE,2025-11-03,97140,GP,2,30,Medicare Part B,100.00",
    "C77002,1,P4418,SYN TWO,2025-11-04,97110,GP,2,20,Acme Health,80.00",
    "C77003,1,P4419,SYN THREE,2025-11-05,97124,GP,1,15,Acme Health,40.00",
)


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def checked(*arguments: object, cwd: Path, **variables: str) -> tuple[Finished, dict[str, Any]]:
    """What check tells; `CLAIMS_AUDIT_SELECT=ONE_RULE` spares it the rules where nobody looks at what they can judge."""
    done = claims_audit("check", *arguments, "--format", "json", cwd=cwd, **variables)
    return done, json.loads(done.out)


def ran(source: Path, cwd: Path, *arguments: object) -> Path:
    # Runs of two homes have two keys of pseudonyms.
    done = claims_audit("run", source, "--out", cwd / "out", "--phi", "full", *arguments, cwd=cwd)
    assert done.code == 0, done.err
    return Path(done.out.strip()).parent


def findings(run: Path) -> list[dict[str, Any]]:
    return pq.read_table(run / "findings.parquet").to_pylist()


def lines(run: Path) -> list[dict[str, Any]]:
    return pq.read_table(run / "finding_lines.parquet").to_pylist()


def manifest(run: Path) -> dict[str, Any]:
    return json.loads((run / "manifest.json").read_text(encoding="utf-8"))


def test_check_shows_mapping_totals_payers_and_rules_and_writes_nothing(tmp_path: Path) -> None:
    source = write(tmp_path / "export.csv", *ROWS)
    done = claims_audit("check", source, cwd=tmp_path, CLAIMS_AUDIT_SELECT=ONE_RULE)
    assert done.code == 0, done.err
    for said in ("Acct #", "a lesser name of", "Patients' data, not loaded: Patient Name", "medicare_ffs", "220.00", "TIM009"):
        assert said in done.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.csv"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's visits with findings."""
    return visits_of(tmp_path_factory.mktemp("sample") / "claims.csv")


@pytest.fixture(scope="module")
def bare(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's run without any settings."""
    return ran(sample, tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def draft(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings drafted from the sample."""
    folder = tmp_path_factory.mktemp("draft")
    done = claims_audit("init", sample, cwd=folder)
    assert done.code == 0, done.err
    assert done.out.strip() == "audit.toml"
    return folder / "audit.toml"


def test_check_as_json_ties_and_says_what_a_run_says(sample: Path, bare: Path, tmp_path: Path) -> None:
    done, told = checked(sample, cwd=tmp_path)
    assert done.code == 0, done.err
    assert list(tmp_path.iterdir()) == []
    written = manifest(bare)
    for key in ("control_totals", "exclusions", "payers", "rejections", "warnings", "money_basis"):
        assert told[key] == written[key]
    same = ("id", "population", "evaluated", "not_evaluated")
    assert [{key: rule[key] for key in same} for rule in told["rules"]] == [
        {key: rule[key] for key in same} for rule in written["rules"]
    ]
    rows = told["control_totals"]["rows"]
    assert rows["read"] == rows["audited"] + rows["excluded"] + rows["rejected"]


def test_check_shows_the_rejects_and_then_refuses_what_a_run_refuses(tmp_path: Path) -> None:
    source = write(tmp_path / "export.csv", *ROWS, "C77004,1,P4420,SYN FOUR,2025-13-45,97140,GP,1,15,Acme Health,40.00")
    done, told = checked(source, cwd=tmp_path, CLAIMS_AUDIT_SELECT=ONE_RULE)
    assert done.code == 3
    assert "could not be read" in done.err
    assert told["would_run"] is False
    assert [(one["column"], one["rows"]) for one in told["rejections"]] == [("service_date", 1)]
    assert told["control_totals"]["dollars"]["charge_amount"]["rejected"] == "40.00"


def test_check_of_a_month_without_lines_is_exit_3(tmp_path: Path) -> None:
    source = write(tmp_path / "export.csv", *ROWS)
    done, told = checked(source, "--period", "2024-01", cwd=tmp_path)
    assert done.code == 3
    assert told["rules"] == []
    assert "2024-01" in done.err


def test_check_of_a_file_that_is_not_there_is_exit_3(tmp_path: Path) -> None:
    assert claims_audit("check", "absent.csv", cwd=tmp_path).code == 3


def test_init_of_the_sample_changes_no_finding(sample: Path, bare: Path, draft: Path, tmp_path: Path) -> None:
    settings, _ = configuration.read_settings(draft)
    assert settings.columns["procedure_code"] == "CPT"
    assert {payer.payer_class for payer in settings.payer} >= {"medicare_ffs", "blues", "self_pay"}
    drafted = ran(sample, tmp_path, "--config", draft)
    assert findings(drafted) == findings(bare)
    assert len(findings(bare)) > 50
    assert lines(drafted) == lines(bare)


def test_the_draft_shows_no_patients_data(sample: Path, draft: Path) -> None:
    text = draft.read_text(encoding="utf-8")
    hidden = ("Claim #", "Visit #", "Acct #", "Member ID", "DOS", "Time In", "Note", "Dx 1", "Clinical Justification")
    with sample.open(encoding="utf-8", newline="") as file:
        values = {row[header] for row in csv.DictReader(file) for header in hidden if len(row[header]) > 3}
    assert len(values) > 1000
    assert [value for value in values if value in text] == []


def test_init_does_not_overwrite_unless_told_to(tmp_path: Path) -> None:
    source = write(tmp_path / "export.csv", *ROWS)
    mine = tmp_path / "audit.toml"
    mine.write_text('[audit]\nentity = "mine"\n', encoding="utf-8")
    done = claims_audit("init", source, cwd=tmp_path)
    assert (done.code, mine.read_text(encoding="utf-8")) == (2, '[audit]\nentity = "mine"\n')
    assert "--force" in done.err
    assert claims_audit("init", source, "--force", cwd=tmp_path).code == 0
    assert "acme health" in mine.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audit.toml", "export.csv"]


def test_init_says_which_required_field_is_missing(tmp_path: Path) -> None:
    header = HEADER.replace("Units", "Something")
    source = write(tmp_path / "export.csv", *ROWS, header=header)
    done = claims_audit("init", source, cwd=tmp_path)
    assert (done.code, done.out.strip()) == (0, "audit.toml")
    assert "Something is open" in done.err
    assert "REQUIRED and not found: units" in (tmp_path / "audit.toml").read_text(encoding="utf-8")
    settings, _ = configuration.read_settings(tmp_path / "audit.toml")
    assert settings.columns["claim_id"] == "Claim #"


@pytest.mark.skipif(not TUVA.exists(), reason="the Tuva sample is not in this checkout")
def test_the_tuva_sample_runs_on_nothing_but_the_draft(tmp_path: Path) -> None:
    done = claims_audit("init", TUVA, cwd=tmp_path)
    assert done.code == 0, done.err
    run = ran(TUVA, tmp_path)
    written = manifest(run)
    rows = written["control_totals"]["rows"]
    with TUVA.open(encoding="utf-8", newline="") as file:
        export = list(csv.DictReader(file))
    assert rows["read"] == len(export) == rows["audited"] + rows["excluded"] + rows["rejected"]
    charged = sum(Decimal(row["charge_amount"] or 0).quantize(Decimal("0.01")) for row in export)
    assert written["control_totals"]["dollars"]["charge_amount"]["read"] == str(charged)
    # The sample has no minutes. TIM010 alone counts them, out of the units, and says so.
    timed = [row for row in findings(run) if row["minutes"] is not None]
    assert {row["rule_id"] for row in timed} <= {"TIM010"}
    assert all("implied by units" in row["message"] for row in timed)
    judged = {rule["id"]: rule["evaluated"] for rule in written["rules"]}
    for without_its_columns in ("TIM001", "TIM002", "TIM003", "TIM004", "TIM005", "MAN001", "MAN002", "DOC001"):
        assert judged[without_its_columns] == 0
    assert all(rule["status"] == "done" for rule in written["rules"])


def test_init_writes_what_is_open_as_questions_with_their_candidates(tmp_path: Path) -> None:
    header = "Claim #,Line,Acct #,DOS,CPT,Units,Payer,Charge,Charge,Svc_Modif_Z"
    source = write(tmp_path / "export.csv", "C1,1,P1,2025-11-03,97140,1,Acme,40.00,50.00,GP", header=header)
    refused = claims_audit("check", source, cwd=tmp_path)
    assert refused.code == 3
    done = claims_audit("init", source, cwd=tmp_path)
    assert done.code == 0
    draft = tmp_path / "audit.toml"
    text = draft.read_text(encoding="utf-8")
    for line in ('# charge_amount = "Charge#1"', '# charge_amount = "Charge#2"', '# modifier_1 = "Svc_Modif_Z"'):
        assert line in text.splitlines()
    assert "# OPEN: export.csv: 'Charge' (column 8) and 'Charge' (column 9) could each be charge_amount" in text
    configuration.read_settings(draft)
    answered = text.replace('# charge_amount = "Charge#2"', 'charge_amount = "Charge#2"')
    draft.write_text(answered.replace('# modifier_1 = "Svc', 'modifier_1 = "Svc'), encoding="utf-8")
    assert claims_audit("check", source, cwd=tmp_path, CLAIMS_AUDIT_SELECT=ONE_RULE).code == 0


def test_init_names_the_header_that_most_likely_holds_what_is_missing(tmp_path: Path) -> None:
    source = write(
        tmp_path / "export.csv",
        "C1,1,P1,2025-11-03,97140,1,Acme",
        header="Claim #,Line,Chart Nmbr,DOS,CPT,session_units,Plan Title",
    )
    assert claims_audit("init", source, cwd=tmp_path).code == 0
    assert 'Under [columns], most likely: units = "session_units"' in (tmp_path / "audit.toml").read_text(encoding="utf-8")


def test_init_names_the_header_that_most_likely_names_the_payer(tmp_path: Path) -> None:
    header = "Claim #,Line,Acct #,DOS,CPT,Units,Carrier Desc"
    source = write(tmp_path / "export.csv", "C1,1,P1,2025-11-03,97140,1,Acme", header=header)
    refused = claims_audit("check", source, cwd=tmp_path)
    assert 'payer_name = "Carrier Desc"' in refused.err
    done = claims_audit("init", source, cwd=tmp_path)
    assert done.code == 0, done.err
    text = (tmp_path / "audit.toml").read_text(encoding="utf-8")
    assert '# payer_name = "Carrier Desc"' in text.split("[constants]")[0].splitlines()
    # Taken up, the line is all that is needed: the constant is no more than what fills blank cells.
    answered = text.replace('# payer_name = "Carrier Desc"', 'payer_name = "Carrier Desc"')
    (tmp_path / "audit.toml").write_text(answered, encoding="utf-8")
    _, told = checked(source, "--config", tmp_path / "audit.toml", cwd=tmp_path, CLAIMS_AUDIT_SELECT=ONE_RULE)
    assert [payer["payer_name"] for payer in told["payers"]] == ["Acme"]


def test_init_of_a_file_whose_layout_is_open_writes_the_question(tmp_path: Path) -> None:
    header = "Claim #,Acct #,DOS,Payer,Procedure,CPT 1,Units 1,CPT 2,Units 2"
    source = write(tmp_path / "export.csv", "C1,P1,2025-11-03,Acme,97140,97140,1,97124,1", header=header)
    done = claims_audit("init", source, cwd=tmp_path)
    assert done.code == 0
    assert "OPEN: export.csv has codes under 'Procedure' and in groups across" in (tmp_path / "audit.toml").read_text(
        encoding="utf-8"
    )


def test_init_of_a_file_that_a_run_would_refuse_writes_its_draft_and_says_so(tmp_path: Path) -> None:
    source = write(tmp_path / "export.csv", *ROWS, "C77004,1,P4420,SYN FOUR,2025-13-45,97140,GP,1,15,Acme Health,40.00")
    done = claims_audit("init", source, cwd=tmp_path)
    assert done.code == 0
    assert "A run would refuse this export" in done.err
    assert (tmp_path / "audit.toml").exists()


@pytest.mark.parametrize(
    ("row", "settings", "said"),
    [
        (ROWS[0].replace("2025-11-03", "03.99.2025"), ("--config", "audit.toml"), "Every row of the export was rejected"),
        (ROWS[0], ("--period", "2025-10"), "No claim line is left to audit in 2025-10."),
        (ROWS[0] + ",8", (), "Every claim line is void, superseded or reversed"),
    ],
)
def test_where_nothing_is_left_run_refuses_and_check_says_that_it_would(
    row: str, settings: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    (tmp_path / "audit.toml").write_text("[audit]\nmax_rejected = 1\n", encoding="utf-8")
    source = write(tmp_path / "export.csv", row, header=HEADER + (",Freq" if row.endswith(",8") else ""))
    done = claims_audit("run", source, *settings, "--out", tmp_path / "out", cwd=tmp_path)
    assert done.code == 3
    assert said in done.err
    assert not (tmp_path / "out" / "2025-11").exists()
    _, told = checked(source, *settings, cwd=tmp_path)
    assert told["would_run"] is False
    assert said in told["refusal"]
    assert told["rules"] == []
