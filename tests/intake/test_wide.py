"""Wide exports: one row a visit, its claim lines side by side. Every group that holds something is one line, and none is lost."""

from decimal import Decimal
from pathlib import Path

import pytest

from audit.errors import InputError
from audit.intake import survey
from audit.intake.columns.groups import find_groups
from audit.model import Intake
from tests.intake.test_load import read, rejects, rows, write
from tests.macros import session

SHARED = "Claim #,Patient ID,DOS,Payer,Rendering NPI"
TWO = f"{SHARED},CPT 1,Mod 1,Units 1,Charge 1,CPT 2,Mod 2,Units 2,Charge 2\n"
VISIT = "C1,P1,11/13/2025,Aetna,1245319599"
LINE = "claim_id, claim_line_number, patient_id, procedure_code, modifier_1, modifier_2, units, charge_amount"


def warned(intake: Intake) -> str:
    return "\n".join(intake.warnings)


def test_every_group_that_holds_something_is_a_line_of_its_row(tmp_path: Path) -> None:
    text = TWO + f'{VISIT},97140,"59, GP",2,"$1,120.00",97124,GP,1,60\n' + "C2,P2,11/14/2025,Aetna,,97110,,3,90.50,,,,\n"
    con, intake = read(write(tmp_path, text))
    assert rows(con, LINE) == [
        ("C1", 1, "P1", "97140", "59", "GP", Decimal("2.00"), Decimal("1120.00")),
        ("C1", 2, "P1", "97124", "GP", None, Decimal("1.00"), Decimal("60.00")),
        ("C2", 1, "P2", "97110", None, None, Decimal("3.00"), Decimal("90.50")),
    ]
    assert rows(con, "source_row, CAST(service_date AS VARCHAR), payer_name, rendering_npi") == [
        (2, "2025-11-13", "Aetna", "1245319599"),
        (2, "2025-11-13", "Aetna", "1245319599"),
        (3, "2025-11-14", "Aetna", None),
    ]
    assert len(set(rows(con, "line_id"))) == 3
    assert (intake.rows, intake.rejected_rows) == (3, 0)
    assert intake.files[0].dollars.charge_amount == Decimal("1270.50")
    assert intake.files[0].unmapped_columns == ()
    assert "export.csv is wide: 2 rows hold 3 claim lines" in warned(intake)
    how = {column.name: column.how for column in intake.files[0].mapping}
    assert how["procedure_code"] == "one of 2 groups across: CPT 1 to CPT 2"


@pytest.mark.parametrize(
    "headers",
    [
        "CPT1,Units1,CPT2,Units2,CPT3,Units3",
        "cpt_code_1,units_1,cpt_code_2,units_2,cpt_code_3,units_3",
        "Proc 1 Code,Proc 1 Qty,Proc 2 Code,Proc 2 Qty,Proc 3 Code,Proc 3 Qty",
        "Line 1 CPT,Line 1 Units,Line 2 CPT,Line 2 Units,Line 3 CPT,Line 3 Units",
        "ProcedureCode1,UnitsOfService1,ProcedureCode2,UnitsOfService2,ProcedureCode3,UnitsOfService3",
        "1st CPT,1st Units,2nd CPT,2nd Units,3rd CPT,3rd Units",
        "CPT,Units,CPT.1,Units.1,CPT.2,Units.2",
        "Code,Units,Code 2,Units 2,Code 3,Units 3",
        "CPT #1,Units #1,CPT #2,Units #2,CPT #3,Units #3",
        "HCPCS 01,Units 01,HCPCS 02,Units 02,HCPCS 03,Units 03",
    ],
)
def test_groups_are_told_however_their_numbers_are_written(headers: str, tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, f"Claim #,Patient ID,DOS,Payer,{headers}\nC1,P1,2025-11-13,Aetna,97140,1,97124,2,G0283,3\n"))
    lines = [(1, "97140", Decimal(1)), (2, "97124", Decimal(2)), (3, "G0283", Decimal(3))]
    assert rows(con, "claim_line_number, procedure_code, units") == lines


def test_thirteen_groups_and_codes_apart_from_their_units(tmp_path: Path) -> None:
    numbers = range(1, 14)
    header = ",".join([SHARED, *(f"CPT {n}" for n in numbers), *(f"Units {n}" for n in numbers)])
    cells = ",".join([*(f"97{100 + n}" for n in numbers), *(str(n) for n in numbers)])
    con, _ = read(write(tmp_path, f"{header}\n{VISIT},{cells}\n"))
    assert rows(con, "claim_line_number, procedure_code, units") == [(n, f"97{100 + n}", Decimal(n)) for n in numbers]


def test_modifiers_and_diagnoses_of_a_group_have_its_word_and_those_of_the_claim_do_not(tmp_path: Path) -> None:
    header = f"{SHARED},Dx 1,Dx 2"
    for n in (1, 2):
        header += f",CPT {n},CPT {n} Mod 1,CPT {n} Mod 2,Units {n}"
    con, _ = read(write(tmp_path, f"{header}\n{VISIT},M54.50,M62.81,97140,59,GP,1,97124,GP,,2\n"))
    assert rows(con, "procedure_code, modifier_1, modifier_2, diagnosis_1, diagnosis_2, units") == [
        ("97140", "59", "GP", "M54.50", "M62.81", Decimal(1)),
        ("97124", "GP", None, "M54.50", "M62.81", Decimal(2)),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        "Claim #,CPT,Units,Mod 1,Mod 2,Mod 3,Mod 4,Dx 1,Dx 2",
        "claim_id,hcpcs_code,units,hcpcs_modifier_1,hcpcs_modifier_2,DiagnosisCode1,DiagnosisCode2",
        "hcpcs_code,service_unit_quantity,procedure_code_1,procedure_date_1,procedure_code_2,procedure_date_2",
        "ProcedureCode,ProcedureModifier1,ProcedureModifier2,Units,Insurance 1,Insurance 2,Paid 1,Paid 2",
    ],
)
def test_numbered_modifiers_diagnoses_and_payers_are_no_groups(headers: str) -> None:
    assert find_groups("export.csv", headers.split(",")) is None


def test_a_group_without_its_code_is_rejected_by_its_number_and_its_neighbours_stay(tmp_path: Path) -> None:
    text = TWO + f"{VISIT},97140,59,2,120,,GP,1,60\n" + "C2,P2,11/14/2025,Aetna,,97110,,x,90,97124,,1,30\n"
    con, intake = read(write(tmp_path, text))
    assert rows(con, "claim_id, claim_line_number, procedure_code") == [("C1", 1, "97140"), ("C2", 2, "97124")]
    assert rejects(con) == [
        (2, "procedure_code", None, "group 2: CPT or HCPCS code is blank"),
        (3, "units", "A", "group 1: is not a number of units"),
    ]
    assert (intake.rows, intake.rejected_rows) == (4, 2)
    file = intake.files[0]
    assert (file.dollars.charge_amount, file.rejected_dollars.charge_amount) == (Decimal("300.00"), Decimal("150.00"))


def test_two_bad_groups_of_one_row_are_two_rejected_lines(tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, TWO + f"{VISIT},97140,,x,120,,,1,60\n"))
    assert (intake.rows, intake.rejected_rows) == (2, 2)


def test_a_row_without_any_group_is_one_rejected_row_and_an_empty_row_none(tmp_path: Path) -> None:
    text = TWO + f"{VISIT},,,,,,,,\n" + "," * 12 + "\n" + f"{VISIT},97140,,1,60,,,,\n"
    con, intake = read(write(tmp_path, text))
    assert {(row, reason) for row, _, _, reason in rejects(con)} == {
        (2, "no group across holds anything: CPT or HCPCS code is blank"),
        (2, "no group across holds anything: units billed is blank"),
    }
    assert rows(con, "source_row, procedure_code") == [(4, "97140")]
    assert (intake.rows, intake.rejected_rows) == (2, 1)
    assert "1 row is blank" in warned(intake)


def test_a_comma_before_the_decimals_of_every_group_is_read_so(tmp_path: Path) -> None:
    rest = ";97140;GP;1;1.120,50;97124;59;2;40,00\n"
    con, intake = read(write(tmp_path, TWO.replace(",", ";") + VISIT.replace(",", ";") + rest))
    assert [str(amount) for (amount,) in rows(con, "charge_amount")] == ["1120.50", "40.00"]
    assert str(intake.files[0].dollars.charge_amount) == "1160.50"


def test_noughts_in_an_unused_group_are_no_line(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, TWO + f"{VISIT},97140,,1,60,,,0,$0.00\n" + f"{VISIT},97124,,1,60,--,N/A,0.0,-\n"))
    assert rows(con, "procedure_code") == [("97140",), ("97124",)]
    assert (intake.rows, intake.rejected_rows) == (2, 0)


def test_what_stands_once_a_row_is_the_visits_and_no_lines(tmp_path: Path) -> None:
    header = f"{SHARED},Charges,Paid,Minutes,CPT 1,Units 1,CPT 2,Units 2\n"
    con, intake = read(write(tmp_path, header + f"{VISIT},180,90,45,97140,1,97124,2\n"))
    assert rows(con, "charge_amount, paid_amount, minutes") == [(None, None, None)] * 2
    for header, name in (("Charges", "charge_amount"), ("Paid", "paid_amount"), ("Minutes", "minutes")):
        assert f"{header!r} stands once for all groups of a row, so it was not read as each line's {name}" in warned(intake)
    assert intake.files[0].unmapped_columns == ("Charges", "Paid", "Minutes")
    assert intake.files[0].dollars.charge_amount is None


def test_units_that_stand_once_a_row_are_no_lines_units(tmp_path: Path) -> None:
    header = f"{SHARED},Units,CPT 1,Charge 1,CPT 2,Charge 2\n"
    with pytest.raises(InputError, match=r"units \(units billed\)"):
        read(write(tmp_path, header + f"{VISIT},3,97140,60,97124,30\n"))


def test_a_claim_in_several_rows_has_no_line_number_twice(tmp_path: Path) -> None:
    text = TWO + f"{VISIT},97140,,1,60,97124,,1,30\n" + f"{VISIT},97110,,1,40,97112,,1,45\n"
    con, _ = read(write(tmp_path, text))
    assert rows(con, "claim_id, claim_line_number, procedure_code") == [
        ("C1", 1, "97140"), ("C1", 2, "97124"), ("C1", 3, "97110"), ("C1", 4, "97112"),
    ]  # fmt: skip


def test_a_number_of_the_row_is_no_number_of_its_lines(tmp_path: Path) -> None:
    text = TWO.replace("Claim #,", "Claim #,Line,") + f"{VISIT},97140,,1,60,97124,,1,30\n".replace("C1,", "C1,1,")
    con, intake = read(write(tmp_path, text))
    assert rows(con, "claim_id, claim_line_number") == [("C1", 1), ("C1", 2)]
    assert "'Line' stands once for all groups of a row, so it was not read as each line's claim_line_number" in warned(intake)


def test_payments_by_two_payers_are_no_groups_of_six(tmp_path: Path) -> None:
    header = f"{SHARED},CPT 1,Units 1,CPT 2,Units 2,CPT 3,Units 3,Paid 1,Paid 2\n"
    con, intake = read(write(tmp_path, header + f"{VISIT},97140,1,97124,2,,,50,20\n"))
    assert rows(con, "procedure_code, paid_amount") == [("97140", None), ("97124", None)]
    assert "Paid 1, Paid 2 are not one for each group across, and were not read" in warned(intake)
    assert intake.files[0].unmapped_columns == ("Paid 1", "Paid 2")


def test_modifiers_that_may_be_any_lines_are_asked_about_and_can_be_given_to_all(tmp_path: Path) -> None:
    header = f"{SHARED},CPT 1,Units 1,CPT 2,Units 2,Mod 1,Mod 2,Mod 3\n"
    path = write(tmp_path, header + f"{VISIT},97140,1,97124,2,59,GP,KX\n")
    with pytest.raises(InputError, match="not one for each group: Mod 1, Mod 2, Mod 3") as caught:
        read(path)
    assert 'modifier_1 = "Mod 1", modifier_2 = "Mod 2"' in caught.value.hint
    con, _ = read(path, column_overrides={"modifier_1": "Mod 1", "modifier_2": "Mod 2", "modifier_3": "Mod 3"})
    assert rows(con, "procedure_code, modifier_1, modifier_2, modifier_3") == [
        ("97140", "59", "GP", "KX"), ("97124", "59", "GP", "KX"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ("CPT 1,Units 1,CP,Units 2,CPT 3,Units 3", "'Units 2' and no code of that group: its codes are numbered 1, 3"),
        ("CPT 1,Units 1,CP,nits 2,CPT 3,Units 3", "groups on both sides of number 2 and no code of that group"),
        ("CPT 1,Units 1,CPT 2,Units 2,CP,Units 3", "'Units 3' and no code of that group: its codes are numbered 1, 2"),
        ("CP,Charge 1,CPT 2,Charge 2,CPT 3,Charge 3", "'Charge 1' and no code of that group: its codes are numbered 2, 3"),
    ],
)
def test_a_group_whose_code_has_a_name_that_nobody_knows_is_not_left_out(headers: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        read(write(tmp_path, f"{SHARED},{headers}\n{VISIT},97140,2,97124,1,97110,3\n"))
    assert said in refusal.value.message
    assert "one line a row" in refusal.value.hint


def test_codes_alone_and_codes_in_groups_are_asked_about(tmp_path: Path) -> None:
    header = f"{SHARED},HCPCS,Units,CPT 1,Units 1,CPT 2,Units 2\n"
    path = write(tmp_path, header + f"{VISIT},97140,1,97124,2,97110,3\n")
    with pytest.raises(InputError, match="codes under 'HCPCS' and in groups") as caught:
        read(path)
    assert 'procedure_code = "HCPCS" reads one line a row, procedure_code = "CPT 1" one line a group' in caught.value.hint
    for header, codes in (("HCPCS", ["97140"]), ("CPT 1", ["97124", "97110"])):
        con, _ = read(path, column_overrides={"procedure_code": header})
        assert rows(con, "procedure_code") == [(code,) for code in codes]


def test_groups_of_an_unknown_name_are_named_by_their_first_header(tmp_path: Path) -> None:
    header = f"{SHARED},Svc Cd 1,Units 1,Svc Cd 2,Units 2\n"
    con, _ = read(write(tmp_path, header + f"{VISIT},97140,1,97124,2\n"), column_overrides={"procedure_code": "Svc Cd 1"})
    assert rows(con, "procedure_code, units") == [("97140", Decimal(1)), ("97124", Decimal(2))]


def test_a_totals_line_below_groups_is_no_line_and_is_held_against_all_of_them(tmp_path: Path) -> None:
    text = TWO + f"{VISIT},97140,,1,60,97124,,1,30\n" + "Total,,,,,,,,60.00,,,,30.00\n"
    con, intake = read(write(tmp_path, text))
    assert (intake.rows, intake.rejected_rows, len(rows(con, "1"))) == (2, 0, 2)
    assert "its totals line states charge_amount 90.00, and its rows add up to that" in "".join(intake.notes)
    assert "add up" not in warned(intake)


def test_a_ragged_row_of_a_wide_file_is_one_rejected_row(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, TWO + "C9,P9\n" + f"{VISIT},97140,,1,60,97124,,1,30\n"))
    assert rows(con, "source_row, claim_line_number") == [(3, 1), (3, 2)]
    assert (intake.rows, intake.rejected_rows) == (3, 1)


def test_wide_parquet_and_wide_excel_read_as_wide_csv(tmp_path: Path) -> None:
    header = f"{SHARED},CPT 1,Units 1,Minutes 1,CPT 2,Units 2,Minutes 2\n"
    path = write(tmp_path, header + f"{VISIT},97140,1,15,97124,2,30\n" + "C2,P2,11/14/2025,Aetna,,97110,3,45,,,\n")
    con, _ = read(path)
    asked = "* EXCLUDE (line_id, source_file, source_row)"
    expected = rows(con, asked)
    assert len(expected) == 3
    parquet = tmp_path / "wide.parquet"
    session().execute(
        f'COPY (SELECT * REPLACE (strptime(DOS, \'%m/%d/%Y\')::DATE AS DOS, "Units 1"::DOUBLE AS "Units 1", '
        f"\"CPT 2\"::INTEGER AS \"CPT 2\") FROM read_csv('{path}', all_varchar = TRUE)) TO '{parquet}'"
    )
    con, intake = read(parquet)
    assert rows(con, asked) == expected
    assert intake.files[0].format == "parquet, 2 groups across"
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    book = xlsxwriter.Workbook(tmp_path / "wide.xlsx")
    sheet = book.add_worksheet("Visits")
    for number, line in enumerate(path.read_text().splitlines()):
        sheet.write_row(number, 0, [float(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.close()
    con, _ = read(tmp_path / "wide.xlsx")
    assert rows(con, asked) == expected


def test_a_draft_of_a_wide_files_columns_reads_it_as_before(tmp_path: Path) -> None:
    path = write(tmp_path, TWO + f"{VISIT},97140,59,2,120,97124,GP,1,60\n" * 3)
    drafted = survey([path])
    assert drafted.columns["procedure_code"] == "CPT 1"
    con, _ = read(path)
    again, _ = read(path, column_overrides=drafted.columns)
    assert rows(again, LINE) == rows(con, LINE)


def test_rows_of_a_wide_file_with_notes_of_several_lines_are_named_by_the_line_they_begin_on(tmp_path: Path) -> None:
    text = (
        TWO.replace("\n", ",Note\n")
        + f'{VISIT},97140,,2,60,97124,,1,30,"two\nlines"\n'
        + 'C2,P2,11/14/2025,Aetna,,97110,,3,90.50,,,,,"one\n\nthree"\n'
        + "C3,P3,11/14/2025,Aetna,,97110,,1,30,97112,,1,30,\n"
    )
    con, intake = read(write(tmp_path, text))
    assert rows(con, "source_row, claim_id, claim_line_number") == [
        (2, "C1", 1), (2, "C1", 2), (4, "C2", 1), (7, "C3", 1), (7, "C3", 2),
    ]  # fmt: skip
    assert intake.rows == 5
    assert len(set(rows(con, "line_id"))) == 5


@pytest.mark.parametrize("titles", ["", "Charges of November\n", "Charges\nof November\n"])
def test_lines_above_the_header_of_a_wide_file_are_counted(tmp_path: Path, titles: str) -> None:
    text = f'{titles}{TWO.strip()},Note\n{VISIT},97140,,2,60,97124,,1,30,"two\nlines"\n'
    text += "C2,P2,11/14/2025,Aetna,,97110,,3,90.50,,,,,x\n"
    con, _ = read(write(tmp_path, text))
    above = titles.count("\n")
    assert rows(con, "source_row, claim_id") == [(2 + above, "C1"), (2 + above, "C1"), (4 + above, "C2")]
