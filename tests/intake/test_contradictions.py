"""Headers that say one thing over cells that say another: what is read of them, and what is told or asked."""

from pathlib import Path

import pytest

from audit.errors import InputError
from audit.intake import survey
from audit.intake.columns.body_words import names_body_areas
from audit.intake.columns.likely import likely, may_be_shown, nearest
from audit.intake.columns.modifiers import is_named_so
from audit.model import Intake
from tests.intake.test_load import read, rows, write

BASE = "Claim ID,Patient ID,DOS,CPT,Modifier 1,Units,Payer"
LINES = ("C1,P1,2025-11-13,97124,GP,1,Aetna", "C2,P2,2025-11-14,97140,GP,2,Aetna", "C3,P3,2025-11-17,97110,GP,1,Cigna")


def table(folder: Path, header: str, *cells: str, base: str = BASE, lines: tuple[str, ...] = LINES) -> Path:
    body = "".join(f"{line},{cell}\n" for line, cell in zip(lines, cells, strict=True))
    return write(folder, f"{base},{header}\n{body}")


def source_of(intake: Intake, column: str) -> str:
    """The header that fills a column, "" where none does."""
    return next((one.source_column for one in intake.files[0].mapping if one.name == column), "")


def warned(intake: Intake, words: str) -> bool:
    return any(words in said for said in intake.warnings)


@pytest.mark.parametrize(
    ("header", "column"),
    [("Allowed %", "allowed_amount"), ("Payment %", "paid_amount"), ("% Allowed", "allowed_amount"), ("Paid (%)", "paid_amount"),
     ("Charge #", "charge_amount"), ("Payment #", "paid_amount")],
)  # fmt: skip
def test_a_share_or_a_number_is_no_amount(header: str, column: str, tmp_path: Path) -> None:
    _, intake = read(table(tmp_path, header, "56", "70", "80"))
    assert source_of(intake, column) == ""
    assert warned(intake, f"it was not read as {column}")


@pytest.mark.parametrize("header", ["Payment Pct", "Allowed Pct", "Paid Percent", "Charge Rate", "Payment Count", "Paid Ratio"])
def test_words_for_shares_rates_and_counts_name_no_amount(header: str, tmp_path: Path) -> None:
    _, intake = read(table(tmp_path, header, "56", "70", "80"))
    assert header in intake.files[0].unmapped_columns


def test_cells_in_percent_are_no_amounts_under_any_header(tmp_path: Path) -> None:
    _, intake = read(table(tmp_path, "Allowed", "56%", "70 %", "80.5%"))
    assert source_of(intake, "allowed_amount") == ""
    _, intake = read(table(tmp_path, "Allowed", "56.00", "70.00", "80.50"))
    assert source_of(intake, "allowed_amount") == "Allowed"


@pytest.mark.parametrize(
    ("cells", "is_money"),
    [(("1", "0", "1"), False), (("Y", "N", "Y"), False), (("1.0", "1.0", "0.0"), False), (("true", "false", "true"), False),
     (("0", "0", "0"), True), (("0.00", "0.00", "1.00"), True), (("1", "0", "2"), True), (("1", "0", "45.00"), True),
     (("", "", "1"), True), (("", "", "Y"), False)],
)  # fmt: skip
def test_a_money_column_of_noughts_and_ones_is_a_flag(cells: tuple[str, ...], is_money: bool, tmp_path: Path) -> None:
    con, intake = read(table(tmp_path, "Billed,Fee", *(f"{cell},9{place}.00" for place, cell in enumerate(cells))))
    assert source_of(intake, "charge_amount") == ("Billed" if is_money else "Fee")
    assert len(rows(con, "claim_id")) == 3


def test_a_flag_that_the_user_names_is_read_as_it_stands(tmp_path: Path) -> None:
    _, intake = read(table(tmp_path, "Billed", "1", "0", "1"), column_overrides={"charge_amount": "Billed"})
    assert source_of(intake, "charge_amount") == "Billed"


def test_units_that_are_words_are_not_the_units(tmp_path: Path) -> None:
    base = "Claim ID,Patient ID,DOS,CPT,Modifier 1,Payer"
    lines = tuple(line.rsplit(",", 2)[0] + ",Aetna" for line in LINES)
    con, intake = read(table(tmp_path, "Units,Quantity", "UN,2", "UN,1", "UN,3", base=base, lines=lines))
    assert source_of(intake, "units") == "Quantity"
    assert rows(con, "CAST(units AS INTEGER)") == [(2,), (1,), (3,)]
    _, intake = read(table(tmp_path, "Units,Quantity", "2,9", "1,9", "3,9", base=base, lines=lines))
    assert source_of(intake, "units") == "Units"


@pytest.mark.parametrize(
    ("cells", "is_area"),
    [(("LORAIN", "LORAIN", "AKRON"), False), (("Northeast", "Great Lakes", "Mid Atlantic"), False), (("1", "2", "3"), False),
     (("Head Office", "Back Bay", "Lower Manhattan"), False), (("", "", ""), False), (("neck", "upper back", "L4-5"), True),
     (("C-spine", "left shoulder and neck", "lumbar paraspinals"), True), (("Lumbar", "not stated", "cervical"), True),
     (("Cx", "Lx", "Tx"), True)],
)  # fmt: skip
def test_a_region_is_a_body_area_where_its_words_are(cells: tuple[str, ...], is_area: bool, tmp_path: Path) -> None:
    assert names_body_areas([cell for cell in cells if cell]) == is_area
    for header in ("Region", "Area"):
        _, intake = read(table(tmp_path, header, *cells))
        assert source_of(intake, "body_region") == (header if is_area else "")


def test_a_header_that_says_body_is_believed(tmp_path: Path) -> None:
    _, intake = read(table(tmp_path, "Body Region", "sitio A", "sitio B", "sitio A"))
    assert source_of(intake, "body_region") == "Body Region"


@pytest.mark.parametrize("header", ["Insurance ID", "Ins ID"])
@pytest.mark.parametrize(
    ("cells", "column"),
    [(("W123456789", "W987654321", "W555555555"), "member_id"), (("1EG4-TE5-MK73",) * 3, "member_id"),
     (("60054", "60054", "62308"), "payer_id"), (("A1", "A2", "A3"), "member_id")],
)  # fmt: skip
def test_an_insurances_id_is_the_payers_or_the_members_by_its_cells(
    header: str, cells: tuple[str, ...], column: str, tmp_path: Path
) -> None:
    _, intake = read(table(tmp_path, header, *cells))
    assert {name: source_of(intake, name) for name in ("payer_id", "member_id") if source_of(intake, name)} == {column: header}


def test_record_numbers_of_payers_are_asked_about_where_a_type_stands_beside_them(tmp_path: Path) -> None:
    base, lines = BASE.removesuffix(",Payer"), tuple(line.rsplit(",", 1)[0] for line in LINES)
    path = table(tmp_path, "Payer ID,Insurance Type", "3,Medicare", "17,Blue Cross", "3,Medicare", base=base, lines=lines)
    with pytest.raises(InputError, match="which name no payer; 'Insurance Type'") as caught:
        read(path)
    assert '  payer_name = "Insurance Type"' in caught.value.hint
    con, _ = read(path, column_overrides={"payer_name": "Insurance Type"})
    assert rows(con, "payer_name, payer_id") == [("Medicare", "3"), ("Blue Cross", "17"), ("Medicare", "3")]
    con, _ = read(path, column_overrides={"payer_id": "Payer ID"})
    assert rows(con, "payer_name, payer_id") == [(None, "3"), (None, "17"), (None, "3")]


@pytest.mark.parametrize(
    ("header", "cells", "column", "better", "theirs"),
    [
        ("Subtotal", ("60.00", "70.00", "80.00"), "charge_amount", "Total", "65.00"),
        ("Bill Dt", ("2025-11-15",) * 3, "submitted_date", "First Bill Date", "2025-11-14"),
    ],
)
def test_a_lesser_header_serves_where_no_other_names_the_column(
    header: str, cells: tuple[str, ...], column: str, better: str, theirs: str, tmp_path: Path
) -> None:
    con, intake = read(table(tmp_path, header, *cells))
    assert [str(cell) for (cell,) in rows(con, column)] == [*cells]
    assert warned(intake, f"was read as {column}, because no other header names")
    con, intake = read(table(tmp_path, f"{header},{better}", *(f"{cell},{theirs}" for cell in cells)))
    assert {str(cell) for (cell,) in rows(con, column)} == {theirs}
    assert not warned(intake, "no other header names")
    _, intake = read(table(tmp_path, header, "yes", "no", "yes"))
    assert not warned(intake, "no other header names")
    _, intake = read(table(tmp_path, f"{header},{header}", *(f"{cell},{cell}" for cell in cells)))
    assert source_of(intake, column) == "", "which of the two nobody knows"


def test_record_numbers_of_payers_alone_are_told(tmp_path: Path) -> None:
    base, lines = BASE.removesuffix(",Payer"), tuple(line.rsplit(",", 1)[0] for line in LINES)
    _, intake = read(table(tmp_path, "Payer ID", "3", "17", "3", base=base, lines=lines))
    assert warned(intake, "numbers of the export's own records")
    _, intake = read(table(tmp_path, "Payer ID", "60054", "62308", "60054", base=base, lines=lines))
    assert not warned(intake, "numbers of the export's own records")


@pytest.mark.parametrize("header", ["Fin Class", "Financial Class", "Payer Type", "insurance_category", "LOB", "Ins Class Desc"])
def test_a_payers_class_stands_in_where_nothing_else_names_the_payer(header: str, tmp_path: Path) -> None:
    base, lines = BASE.removesuffix(",Payer"), tuple(line.rsplit(",", 1)[0] for line in LINES)
    cells = ("MCR", "COMM", "MCR")
    con, intake = read(table(tmp_path, header, *cells, base=base, lines=lines))
    assert rows(con, "payer_name") == [(cell,) for cell in cells]
    assert warned(intake, f"{header!r} (column {len(base.split(',')) + 1}) stands in for it")
    con, intake = read(table(tmp_path, header, *cells))
    assert source_of(intake, "payer_name") == "Payer"
    with pytest.raises(InputError, match="a payer"):
        read(table(tmp_path, header, "Primary", "SEC", "primary", base=base, lines=lines))
    with pytest.raises(InputError, match="a payer"):
        read(table(tmp_path, header, "1", "2", "1", base=base, lines=lines))


PLAIN = BASE.replace(",Modifier 1", "")
PLAIN_LINES = tuple(line.replace(",GP", "") for line in LINES)


@pytest.mark.parametrize("header", ["proc_mod1", "Submitted Mod 1", "procedure_modifier_code_1", "Proc Modifier 1", "1st Mod",
                                    "MDFR_CD_1", "HCPCS Mod 1", "mod_code_1", "Svc Mod 1", "modifier1Code", "PxMod"])  # fmt: skip
def test_modifiers_go_by_many_names(header: str, tmp_path: Path) -> None:
    con, intake = read(table(tmp_path, header, "59", "GP", "", base=PLAIN, lines=PLAIN_LINES))
    assert rows(con, "modifier_1") == [("59",), ("GP",), (None,)]
    assert intake.files_without_modifiers == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("First Modifier", "Second Modifier"),
        ("Line Mod A", "Line Mod B"),
        ("1st CPT Line Modifier", "2nd CPT Line Modifier"),
        ("SVC_LINE_MDFR_CD_1", "SVC_LINE_MDFR_CD_2"),
        ("modifiers[0]", "modifiers[1]"),
        ("BillMod1", "BillMod2"),
    ],
)
def test_headers_that_say_which_modifier_they_hold_are_taken_and_said(first: str, second: str, tmp_path: Path) -> None:
    path = table(tmp_path, f"{first},{second}", "59,GP", "GP,", ",", base=PLAIN, lines=PLAIN_LINES)
    con, intake = read(path)
    assert rows(con, "modifier_1, modifier_2") == [("59", "GP"), ("GP", None), (None, None)]
    assert intake.files_without_modifiers == ()
    assert any(first in warning and "modifier_1" in warning for warning in intake.warnings)


@pytest.mark.parametrize(
    "headers",
    [
        "Line Mod B,Line Mod C",
        "mods.0,mods.2",
        "Line Mod A,Charge Line Mod A",
        "Modifier Type 1,Modifier Type 2",
        "Modif A 1,Modif B 1",
    ],
)
def test_headers_that_leave_a_place_open_are_asked_about(headers: str, tmp_path: Path) -> None:
    path = table(tmp_path, headers, "59,GP", "GP,", ",", base=PLAIN, lines=PLAIN_LINES)
    with pytest.raises(InputError, match="may hold modifiers, and no other column does"):
        read(path)


@pytest.mark.parametrize("header", ["xMods", "mod_string", "Mdfr", "ModFlagX"])
def test_a_header_that_says_modifier_and_fills_none_is_asked_about(header: str, tmp_path: Path) -> None:
    path = table(tmp_path, header, "59", "GP", "", base=PLAIN, lines=PLAIN_LINES)
    with pytest.raises(InputError, match="may hold modifiers, and no other column does") as caught:
        read(path)
    assert f'  modifier_1 = "{header}"' in caught.value.hint
    con, _ = read(path, column_overrides={"modifier_1": header})
    assert rows(con, "modifier_1") == [("59",), ("GP",), (None,)]
    con, intake = read(path, constants={"modifier_1": ""})
    assert (rows(con, "modifier_1"), intake.files_without_modifiers) == ([(None,)] * 3, ())
    (file,) = survey([path]).files
    assert [question.candidates for question in file.questions] == [(header,)]
    assert not file.is_ready


def test_modifiers_under_a_header_that_says_nothing_are_asked_about(tmp_path: Path) -> None:
    path = table(tmp_path, "Flag2", *["GP", "KX", "59"] * 2, base=PLAIN, lines=PLAIN_LINES * 2)
    with pytest.raises(InputError, match=r"'Flag2' \(column 7\) may hold modifiers"):
        read(path)
    # A clinic's state is none, though CO and GA are modifiers too.
    _, intake = read(table(tmp_path, "Clinic St", *["CO", "GA", "CO"] * 2, base=PLAIN, lines=PLAIN_LINES * 2))
    assert intake.files_without_modifiers == ("export.csv",)


@pytest.mark.parametrize("header", ["Modality", "Modified By", "Last Mod Date", "Date Modified", "Model", "Mode", "Mod Amount"])
def test_a_header_that_only_begins_like_one_is_not_asked_about(header: str, tmp_path: Path) -> None:
    assert not is_named_so(header)
    _, intake = read(table(tmp_path, header, "x1", "x2", "x3", base=PLAIN, lines=PLAIN_LINES))
    assert intake.files_without_modifiers == ("export.csv",)


def test_a_header_whose_cells_are_no_modifiers_is_not_asked_about(tmp_path: Path) -> None:
    _, intake = read(table(tmp_path, "Mod", "group", "single", "group", base=PLAIN, lines=PLAIN_LINES))
    assert intake.files[0].unmapped_columns in ((), ("Mod",))
    _, intake = read(table(tmp_path, "xMods", "group therapy", "single", "group", base=PLAIN, lines=PLAIN_LINES))
    assert intake.files_without_modifiers == ("export.csv",)


def test_modifiers_behind_the_code_are_a_column_only_where_one_stands(tmp_path: Path) -> None:
    text = "Claim ID,Patient ID,DOS,CPT,Units,Payer\nC1,P1,2025-11-13,{},1,Aetna\n"
    _, intake = read(write(tmp_path, text.format("97140 GP")))
    assert intake.files_without_modifiers == ()
    _, intake = read(write(tmp_path, text.format("97140 - manual therapy")))
    assert intake.files_without_modifiers == ("export.csv",)


def test_of_several_files_only_those_without_modifiers_are_named(tmp_path: Path) -> None:
    first = write(tmp_path, f"{BASE}\n{LINES[0]}\n", "a.csv")
    second = write(tmp_path, f"{PLAIN}\n{PLAIN_LINES[1]}\n", "b.csv")
    _, intake = read(first, second)
    assert intake.files_without_modifiers == ("b.csv",)
    third = write(tmp_path, f"{BASE},Dx 1\n{LINES[0].replace('C1', 'C9')},M54.50\n", "c.csv")
    _, intake = read(first, second, third)
    assert intake.files_without["diagnosis_1"] == ("a.csv", "b.csv")
    assert "units" not in intake.files_without, "every file has it"


@pytest.mark.parametrize(
    ("name", "headers", "found"),
    [("patient_id", ["Chart Nbr.", "Claim Ref"], "Chart Nbr."), ("patient_id", ["Pt Acct Id"], "Pt Acct Id"),
     ("units", ["procedure_units", "Rate"], "procedure_units"), ("payer_name", ["Payer Plan Name", "Clinic"], "Payer Plan Name"),
     ("claim_id", ["Claims[NPI]"], ""), ("claim_id", ["Claim Amount"], ""), ("patient_id", ["Patient Email"], ""),
     ("units", ["Adjustment Reason"], ""), ("patient_id", ["Smith, Ada"], ""), ("claim_id", [], "")],
)  # fmt: skip
def test_a_refusal_names_the_header_that_most_likely_holds_the_field(name: str, headers: list[str], found: str) -> None:
    assert likely(name, headers) == found


def test_a_refusal_shows_no_header_that_may_be_a_patients_data(tmp_path: Path) -> None:
    path = write(tmp_path, "Claim ID,Doe Jane,DOS,CPT,Units,Payer,Chart Nmbr\nC1,x,2025-11-13,97124,1,Aetna,7\n")
    with pytest.raises(InputError, match="no column for patient_id") as caught:
        read(path)
    assert "Jane" not in str(caught.value)
    assert "Its headers are: Claim ID, DOS, CPT, Units, Payer and 2 more." in caught.value.message
    assert may_be_shown("Chart Number 2")
    assert not may_be_shown("Doe Jane")
    # Letters beyond ASCII are of no word that headers are made of: here rows of a text that lost a byte, and a name.
    assert not may_be_shown("Units\u0d0d\u0a0a\u4300\u3000")
    assert not may_be_shown("Notes \u674e\u660e")
    assert not may_be_shown("4155550100")


def test_the_nearest_header_is_one_that_is_spelled_alike() -> None:
    assert nearest("Chart Num", ["Ins ID", "Chart No", "Claim ID"]) == "Chart No"
    assert nearest("Chart Num", ["Smith Ada", "CPT"]) == ""


@pytest.mark.parametrize(
    ("cells", "is_note"),
    [(("Signed", "Draft", "Locked"), False), (("Y", "N", "Y"), False), (("11/13/2025", "", "11/17/2025"), False),
     (("Signed", "Manual work to the left shoulder", ""), True), (("", "", ""), True)],
)  # fmt: skip
def test_the_state_of_a_note_is_no_note(cells: tuple[str, ...], is_note: bool, tmp_path: Path) -> None:
    _, intake = read(table(tmp_path, "Progress Note", *cells))
    assert source_of(intake, "note_text") == ("Progress Note" if is_note else "")
    assert warned(intake, "what became of a note") is not is_note


@pytest.mark.parametrize("header", ["CPT/Modifier", "CPT & Modifiers"])
def test_a_column_of_code_and_modifier_may_hold_either(header: str, tmp_path: Path) -> None:
    line = "C{0},P{0},2025-11-13,1,Aetna,{1}\n"
    base = f"Claim ID,Patient ID,DOS,Units,Payer,{header}\n"
    con, _ = read(write(tmp_path, base + line.format(1, "97140-GP") + line.format(2, "97110 GP 59")))
    assert rows(con, "procedure_code, modifier_1, modifier_2") == [("97140", "GP", None), ("97110", "GP", "59")]
    beside = base.replace(header, f"{header},CPT")
    con, _ = read(write(tmp_path, beside + line.format(1, "GP,97140") + line.format(2, "59,97110")))
    assert rows(con, "procedure_code, modifier_1") == [("97140", "GP"), ("97110", "59")]


def test_a_length_of_treatment_is_the_minutes_whatever_it_is_called(tmp_path: Path) -> None:
    con, intake = read(table(tmp_path, "Tx Time", "0h 30m", "PT15M", "1h"))
    assert rows(con, "minutes") == [(30,), (15,), (60,)]
    assert warned(intake, "was taken for minutes")


@pytest.mark.parametrize("header", ["Payer Priority", "Insurance Sequence", "Ins Sequence", "Payer Responsibility Code"])
@pytest.mark.parametrize("cells", [("80.00", "1.00", "80.00"), ("$80", "1", "0"), ("0.00", "0.00", "0"), ("120", "1", "2")])
def test_amounts_are_no_order_of_coverage(header: str, cells: tuple[str, ...], tmp_path: Path) -> None:
    con, intake = read(table(tmp_path, header, *cells))
    assert source_of(intake, "payer_sequence") == ""
    assert warned(intake, "holds amounts and no order of coverage")
    assert rows(con, "payer_sequence") == [(None,)] * 3


@pytest.mark.parametrize("header", ["Payer Responsibility", "Insurance Level", "Coverage Level", "Payer Level"])
def test_what_may_be_an_amount_or_the_tier_of_a_plan_is_no_order_of_coverage(header: str, tmp_path: Path) -> None:
    _, intake = read(table(tmp_path, header, "80.00", "1.00", "2"))
    assert header in intake.files[0].unmapped_columns


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [(("1", "2", "1"), "PSP"), (("1.0", "2.0", "3.0"), "PST"), (("01", "02", "01"), "PSP"), (("10", "1", "2"), "GPS"),
     (("Primary", "2nd", "P"), "PSP")],
)  # fmt: skip
def test_numbers_of_an_order_stay_one(cells: tuple[str, ...], read_as: str, tmp_path: Path) -> None:
    con, _ = read(table(tmp_path, "Payer Priority", *cells))
    assert rows(con, "payer_sequence") == [(one,) for one in read_as]
