"""Words and numbers that say that none is known: as an id they would make one of several, elsewhere they are blanks."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit.intake.rows.faults import NO_ID
from tests.intake.test_load import read, rejects, rows, write

HEADER = "Claim #,Line,Patient ID,DOS,CPT,Units,Payer,Visit #,Member ID,Rendering NPI,Original Claim"
SOUND = "C{n},1,P{n},11/13/2025,97140,1,Aetna,V{n},W{n}4,1247658447,"
NO_IDS = (
    "UNKNOWN", "unknown", "Unk", "TBD", "tba", "TEST", "Test Patient", "PENDING", "Unknown Patient", "missing", "dummy", "self",
    "SAME", "0", "00", "000000", "0000000000", "999999", "999999999", "XXXXXX", "xxx", "***", "*****", "REDACTED", "deidentified",
    "not yet known", "To be determined", "No Number", "0.0", " UNKNOWN ", '="000000"', "New Patient", "not yet assigned",
)  # fmt: skip
IDS = (
    "P1", "9999", "99999", "100000", "0001", "000010", "Unknown1", "U100", "T1", "TEST1", "X1", "XX", "1111", "999998", "A-0",
    "123456789", "K*", "N1", "Newman", "Testa", "9999990", "0A",
)  # fmt: skip


def export(*lines: str) -> str:
    sound = [SOUND.format(n=n) for n in range(1, 4)]
    return "\n".join([HEADER, *sound, *lines, ""])


@pytest.mark.parametrize("column", ["claim_id", "patient_id"])
def test_a_row_whose_claim_or_patient_is_not_known_is_rejected(column: str, tmp_path: Path) -> None:
    ids = [(cell, "P9") if column == "claim_id" else ("C9", cell) for cell in NO_IDS]
    lines = [
        f"{_quoted(claim)},{n},{_quoted(patient)},11/13/2025,97140,1,Aetna,,,," for n, (claim, patient) in enumerate(ids, start=1)
    ]
    con, intake = read(write(tmp_path, export(*lines)))
    assert [(row[0], row[1], row[3]) for row in rejects(con)] == [(n, column, NO_ID) for n in range(5, 5 + len(lines))]
    assert (intake.rows, intake.rejected_rows) == (3 + len(lines), len(lines))
    assert rows(con, "claim_id, patient_id") == [("C1", "P1"), ("C2", "P2"), ("C3", "P3")]


@pytest.mark.parametrize("column", ["claim_id", "patient_id"])
def test_what_only_looks_like_it_is_an_id(column: str, tmp_path: Path) -> None:
    ids = [(cell, "P9") if column == "claim_id" else ("C9", cell) for cell in IDS]
    lines = [f"{claim},{n},{patient},11/13/2025,97140,1,Aetna,,,," for n, (claim, patient) in enumerate(ids, start=1)]
    con, intake = read(write(tmp_path, export(*lines)))
    assert rejects(con) == []
    assert [row[0] for row in rows(con, column)][3:] == list(IDS)
    assert not [said for said in intake.warnings if "none is known" in said]


def test_both_of_a_row_are_named(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, export("UNKNOWN,1,000000,11/13/2025,97140,1,Aetna,,,,")))
    assert [row[1] for row in rejects(con)] == ["claim_id", "patient_id"]
    assert intake.rejected_rows == 1


@pytest.mark.parametrize("cell", ["UNKNOWN", "0", "000000", "999999999", "TBD", "xxxxx", "Pending", "SAME"])
def test_another_id_of_that_kind_is_blank_and_counted(cell: str, tmp_path: Path) -> None:
    line = f"C9,1,P9,11/13/2025,97140,1,Aetna,{cell},{cell},1247658447,{cell}"
    con, intake = read(write(tmp_path, export(line)))
    assert rows(con, "encounter_id, member_id, original_claim_id")[-1] == (None, None, None)
    assert rows(con, "encounter_id, member_id")[0] == ("V1", "W14")
    for column in ("original_claim_id", "encounter_id", "member_id"):
        assert any(f"{column} on 1 row says that none is known" in said for said in intake.warnings), column


@pytest.mark.parametrize("cell", ["9999999999", "0000000000", "9999999999.0", "UNKNOWN", "tbd", "Pending", "0", "000000"])
def test_what_a_form_is_filled_with_is_no_npi(cell: str, tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, export(f"C9,1,P9,11/13/2025,97140,1,Aetna,,,{cell},")))
    assert rows(con, "rendering_npi") == [("1247658447",)] * 3 + [(None,)]
    assert any("rendering_npi on 1 row says that none is known" in said for said in intake.warnings)


def test_npis_that_say_nothing_throughout_are_none(tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, export().replace("1247658447", "9999999999")))
    assert rows(con, "rendering_npi") == [(None,)] * 3


@pytest.mark.parametrize("cell", ["UNKNOWN", "unk", "TBD", "Pending", "To be determined", "not known", "Not yet known"])
def test_elsewhere_such_a_word_is_a_blank(cell: str, tmp_path: Path) -> None:
    header = "Claim #,Line,Patient ID,DOS,CPT,Units,Payer,Minutes,Paid,POS,Paid Date,Dx 1,Modifier 1,Start Time,Bill Type"
    sound = "C1,1,P1,11/13/2025,97140,1,Aetna,15,10.00,11,11/20/2025,M54.2,GP,9:00 AM,"
    line = f"C2,1,P2,11/13/2025,97140,1,Aetna,{','.join([cell] * 8)}"
    con, intake = read(write(tmp_path, f"{header}\n{sound}\n{line}\n"))
    assert rejects(con) == []
    asked = "minutes, paid_amount, place_of_service, paid_date, diagnosis_1, modifier_1, start_time, bill_type"
    assert rows(con, asked)[1] == (None,) * 8
    assert rows(con, asked)[0][:3] == (15, Decimal("10.00"), "11")
    assert intake.rows == 2


def test_a_word_of_that_kind_says_something_of_a_payer_or_a_state(tmp_path: Path) -> None:
    text = "Claim #,Line,Patient ID,DOS,CPT,Units,Payer,Status\nC1,1,P1,11/13/2025,97140,1,UNKNOWN,Pending\n"
    con, _ = read(write(tmp_path, text))
    assert rows(con, "payer_name, claim_status") == [("UNKNOWN", "Pending")]


@pytest.mark.parametrize("column", ["units", "service_date", "procedure_code"])
def test_what_a_line_must_have_is_then_blank_and_rejects_it(column: str, tmp_path: Path) -> None:
    cells = {"service_date": "11/13/2025", "procedure_code": "97140", "units": "1"} | {column: "TBD"}
    con, _ = read(write(tmp_path, export(f"C9,1,P9,{','.join(cells.values())},Aetna,,,,")))
    assert [row[:2] for row in rejects(con)] == [(5, column)]


def test_many_files_read_together_hold_to_it(tmp_path: Path) -> None:
    files = [write(tmp_path, "\n".join([HEADER, SOUND.format(n=n), ""]), f"{n}.csv") for n in range(1, 9)]
    files.append(write(tmp_path, "\n".join([HEADER, SOUND.format(n=9).replace("P9", "UNKNOWN"), ""]), "9.csv"))
    files.append(write(tmp_path, "\n".join([HEADER, SOUND.format(n=10).replace("W104", "000000"), ""]), "91.csv"))
    con, intake = read(*files)
    assert [(row[1], row[3]) for row in rejects(con)] == [("patient_id", NO_ID)]
    assert rows(con, "claim_id, member_id")[-1] == ("C10", None)
    assert any(said.startswith("91.csv: member_id on 1 row") for said in intake.warnings)


@pytest.mark.parametrize(
    ("ids", "rejected"), [(range(12), 0), ([*range(12), "000000"], 1), ([0, *range(5, 17)], 1), (range(4), 1)]
)
def test_nought_is_the_first_of_a_numbering_without_gaps(ids: Iterable[object], rejected: int, tmp_path: Path) -> None:
    lines = [f"C{n},1,{patient},11/13/2025,97140,1,Aetna,,,," for n, patient in enumerate(ids)]
    _, intake = read(write(tmp_path, "\n".join([HEADER, *lines, ""])))
    assert intake.rejected_rows == rejected


@pytest.mark.parametrize("kind", ["VARCHAR", "BIGINT", "DOUBLE"])
def test_a_typed_file_holds_to_it(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    duckdb.sql(
        f"SELECT CAST(n AS {kind}) AS claim_id, 1 AS line, CAST(n + 7 AS {kind}) AS patient_id, DATE '2025-11-13' AS dos, "
        "'97140' AS cpt, 1 AS units, 'Aetna' AS payer FROM (VALUES (0), (5), (999999999)) AS t(n)"
    ).write_parquet(str(path))
    con, _ = read(path)
    assert rows(con, "claim_id, patient_id") == [("5", "12")]
    assert [row[:2] for row in rejects(con)] == [(1, "claim_id"), (3, "claim_id")]


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
