"""Columns that headers alone do not settle: addressed by the user, told by their values, or asked about."""

from decimal import Decimal
from pathlib import Path

import pytest

from audit.errors import ConfigError, InputError
from audit.intake import survey
from audit.intake.columns.addresses import address, find_column
from audit.model import Intake
from tests.intake.test_load import read, rows, write

BASE = "Claim #,Patient ID,DOS,CPT,Units,Payer"
LINE = "C1,P1,11/13/2025,97124,1,Aetna"
NPIS = ("1245319599", "1497758544", "1003000126", "1245319599", "1497758544")


def warned(intake: Intake) -> str:
    return "\n".join(intake.warnings)


def table(folder: Path, header: str, *columns: list[str], base: str = BASE, line: str = LINE) -> Path:
    """An export of as many rows as the further columns have cells."""
    body = "".join(",".join([line, *cells]) + "\n" for cells in zip(*columns, strict=True))
    return write(folder, f"{base},{header}\n{body}")


def test_a_doubled_header_is_asked_about_with_what_to_write(tmp_path: Path) -> None:
    path = table(tmp_path, "Charge,Paid,Charge,Paid", ["10"], ["1"], ["20"], ["2"])
    with pytest.raises(
        InputError, match=r"'Charge' \(column 7\) and 'Charge' \(column 9\) could each be charge_amount"
    ) as caught:
        read(path)
    assert "'Paid' (column 8) and 'Paid' (column 10) could each be paid_amount" in caught.value.message
    assert '  charge_amount = "Charge#1"  # or "Charge#2"\n  paid_amount = "Paid#1"  # or "Paid#2"' in caught.value.hint


@pytest.mark.parametrize("count", [2, 3, 4])
def test_modifiers_under_one_header_are_taken_in_their_order(count: int, tmp_path: Path) -> None:
    marks = ["GP", "59", "KX", "CQ"][:count]
    path = table(tmp_path, ",".join(["Modifier"] * count), *([mark] for mark in marks))
    con, intake = read(path)
    assert rows(con, ", ".join(f"modifier_{n}" for n in range(1, count + 1))) == [tuple(marks)]
    assert "were taken for the modifiers, in this order" in warned(intake)


@pytest.mark.parametrize("header", ["Mod,Mod,Mod,Mod,Mod", "Mod,Mod,Charge,Charge", "Mod,Mod,Status,Status"])
def test_modifiers_under_one_header_are_asked_about_where_more_is_repeated(header: str, tmp_path: Path) -> None:
    path = table(tmp_path, header, *([cell] for cell in ["GP", "59", "10", "20", "1"][: header.count(",") + 1]))
    with pytest.raises(InputError, match="could each be modifier_1"):
        read(path)


@pytest.mark.parametrize(
    ("charge", "paid", "read_as"),
    [("Charge#1", "Paid#2", ("10.00", "2.00")), ("charge#2", "paid #1", ("20.00", "1.00")), ("#9", "#8", ("20.00", "1.00"))],
)
def test_a_column_is_addressed_by_its_turn_or_its_number(
    charge: str, paid: str, read_as: tuple[str, str], tmp_path: Path
) -> None:
    path = table(tmp_path, "Charge,Paid,Charge,Paid", ["10"], ["1"], ["20"], ["2"])
    con, intake = read(path, column_overrides={"charge_amount": charge, "paid_amount": paid})
    assert rows(con, "CAST(charge_amount AS VARCHAR), CAST(paid_amount AS VARCHAR)") == [read_as]
    assert sorted(intake.files[0].unmapped_columns) == ["Charge", "Paid"]


def test_an_address_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, "Charge,Charge", ["10"], ["20"])
    for wanted, said in (("Charge#3", "'Charge' 2 times"), ("#9", "has 8 columns"), ("Charge", "'Charge' 2 times")):
        with pytest.raises(InputError, match=said) as caught:
            read(path, column_overrides={"charge_amount": wanted})
        assert caught.value.hint
    assert '"Charge#1" or "Charge#2"' in caught.value.hint


def test_a_header_that_has_a_number_sign_is_itself_first() -> None:
    assert find_column("a.csv", ["Claim #", "Code#2", "Code", "Code"], "claim_id", "Claim #") == 0
    assert find_column("a.csv", ["Claim #", "Code#2", "Code", "Code"], "procedure_code", "Code#2") == 1
    assert find_column("a.csv", ["Chart#2", "Chart"], "patient_id", "chart #2") == 0
    assert find_column("a.csv", ["Line 2"], "claim_line_number", "Line#2") == 0
    assert find_column("a.csv", ["Line 2"], "claim_line_number", "Dose#2") is None


@pytest.mark.parametrize("headers", [["A", "B", "A", "", "a "], ["A#2", "A", "A"], ["#", "#", "x"], [" A", "A "]])
def test_every_column_has_an_address_of_its_own(headers: list[str]) -> None:
    for index in range(len(headers)):
        assert find_column("a.csv", headers, "note_text", address(headers, index)) == index


def test_a_draft_names_doubled_and_nameless_columns_by_their_address(tmp_path: Path) -> None:
    dates = ["11/13/2025"] * 5
    path = table(
        tmp_path,
        "Date,Date,",
        ["word"] * 5,
        dates,
        list(NPIS),
        base="Claim #,Patient ID,CPT,Units,Payer",
        line="C1,P1,97124,1,Aetna",
    )
    columns = survey([path]).columns
    assert (columns["service_date"], columns["rendering_npi"]) == ("Date#2", "#8")
    con, _ = read(path, column_overrides=columns)
    assert rows(con, "CAST(service_date AS VARCHAR), rendering_npi")[0] == ("2025-11-13", "1245319599")


def test_several_columns_make_one_id_as_a_digest(tmp_path: Path) -> None:
    text = "Patient Name,DOS,CPT,Units,Payer\n" + "".join(
        f"{who},11/{day}/2025,97124,1,Aetna\n"
        for who, day in (("Ada Example", 13), ("Ada Example", 13), ("Ada Example", 14), ("", 14))
    )
    given = {"patient_id": "Patient Name", "claim_id": "Patient Name + DOS"}
    con, intake = read(write(tmp_path, text), column_overrides=given)
    ids = [str(one) for (one,) in rows(con, "claim_id")]
    assert ids[0] == ids[1] != ids[2]
    assert all(len(one) == 13 and "Ada" not in one for one in ids)
    assert rows(con, "claim_line_number") == [(1,), (2,), (1,)]
    assert intake.rejected_rows == 1
    with pytest.raises(ConfigError, match="joins several headers to units"):
        read(write(tmp_path, text), column_overrides={**given, "units": "Units + CPT"})


@pytest.mark.parametrize("other", [["", "", "", "", ""], ["new", "old", "new", "old", "new"]])
def test_of_two_dates_of_one_name_the_one_that_holds_dates_is_taken_and_said(other: list[str], tmp_path: Path) -> None:
    base, line = "Claim #,Patient ID,CPT,Units,Payer", "C1,P1,97124,1,Aetna"
    con, intake = read(table(tmp_path, "DOS,DOS", other, ["11/13/2025"] * 5, base=base, line=line))
    assert rows(con, "CAST(service_date AS VARCHAR)")[0] == ("2025-11-13",)
    (column,) = [column for column in intake.files[0].mapping if column.name == "service_date"]
    assert "of the 2 columns of that name, column 7 alone holds dates" in column.how
    assert column.confidence == 0.8
    assert "column 7 was taken for service_date, because it alone holds dates" in warned(intake)


@pytest.mark.parametrize("other", [["11/14/2025"] * 5, ["", "", "11/14/2025", "", ""]])
def test_of_two_dates_of_one_name_that_both_hold_dates_none_is_taken(other: list[str], tmp_path: Path) -> None:
    base, line = "Claim #,Patient ID,CPT,Units,Payer", "C1,P1,97124,1,Aetna"
    with pytest.raises(InputError, match="could each be service_date"):
        read(table(tmp_path, "DOS,DOS", other, ["11/13/2025"] * 5, base=base, line=line))


def test_amounts_of_one_name_are_never_settled_by_value(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="could each be paid_amount"):
        read(table(tmp_path, "Paid,Paid", [""] * 5, ["10"] * 5))


def test_two_columns_of_codes_are_asked_about(tmp_path: Path) -> None:
    base, line = "Claim #,Patient ID,DOS,Units,Payer", "C1,P1,11/13/2025,1,Aetna"
    path = table(tmp_path, "F1,F2", ["97124"] * 5, ["97140"] * 5, base=base, line=line)
    with pytest.raises(InputError, match=r"'F1' \(column 6\) and 'F2' \(column 7\) could each be procedure_code") as caught:
        read(path)
    assert 'procedure_code = "F1"  # or "F2"' in caught.value.hint
    con, _ = read(path, column_overrides={"procedure_code": "F2"})
    assert rows(con, "procedure_code")[0] == ("97140",)


@pytest.mark.parametrize(
    ("header", "cells", "name"),
    [
        ("Zip", ["97124"] * 5, "procedure_code"),
        ("Acct", ["97124"] * 5, "procedure_code"),
        ("F1", ["10234", "20345", "60345", "30111", "12001"], "procedure_code"),
        ("Post Dt", ["11/13/2025"] * 5, "service_date"),
        ("Denied On", ["11/13/2025"] * 5, "service_date"),
    ],
)
def test_values_whose_header_says_otherwise_are_not_guessed(header: str, cells: list[str], name: str, tmp_path: Path) -> None:
    kept = [
        (h, c)
        for h, c in zip(BASE.split(","), LINE.split(","), strict=True)
        if h != {"procedure_code": "CPT", "service_date": "DOS"}[name]
    ]
    base, line = ",".join(h for h, _ in kept), ",".join(c for _, c in kept)
    with pytest.raises(InputError, match=f"no column for {name}"):
        read(table(tmp_path, header, cells, base=base, line=line))


def test_an_npi_and_a_medicare_number_are_told_by_their_values_with_reason_and_confidence(tmp_path: Path) -> None:
    mbis = ["1EG4TE5MK73", "1EG4-TE5-MK74", "2EG4TE5MK73", "1EG4TE5MK73", "3EG4TE5MK73"]
    con, intake = read(table(tmp_path, "F1,F2,F3", list(NPIS), mbis, ["1234567890"] * 5))
    assert rows(con, "rendering_npi, member_id")[0] == ("1245319599", "1EG4TE5MK73")
    told = {column.name: column for column in intake.files[0].mapping}
    assert (
        told["rendering_npi"].how == "the only column left that holds NPIs that pass their check digit (5 of 5 cells looked at)"
    )
    assert told["member_id"].confidence == 0.7
    assert "'F1' (column 7) was taken for rendering_npi" in warned(intake)


def test_a_referring_npi_is_not_guessed_and_two_npis_are_left_with_a_question(tmp_path: Path) -> None:
    con, _ = read(table(tmp_path, "Referring Dr NPI", list(NPIS)))
    assert rows(con, "rendering_npi")[0] == (None,)
    con, intake = read(table(tmp_path, "F1,F2", list(NPIS), list(NPIS)))
    assert rows(con, "rendering_npi")[0] == (None,)
    assert 'Say which, under [columns] in audit.toml: rendering_npi = "F1" or "F2"' in warned(intake)


@pytest.mark.parametrize(
    ("first", "second", "read_as"),
    [
        (["9:05 AM"] * 5, ["9:50 AM"] * 5, ("09:05:00", "09:50:00")),
        (["13:30"] * 5, ["13:00"] * 5, ("13:00:00", "13:30:00")),
        (
            ["9:00", "10:00", "11:00 AM", "1:00 PM", "14:00"],
            ["9:15", "10:00", "12:10 PM", "2:00 PM", "15:00"],
            ("09:00:00", "09:15:00"),
        ),
    ],
)
def test_of_two_clock_columns_the_earlier_is_the_start(
    first: list[str], second: list[str], read_as: tuple[str, str], tmp_path: Path
) -> None:
    con, intake = read(table(tmp_path, "F1,F2", first, second))
    assert rows(con, "CAST(start_time AS VARCHAR), CAST(end_time AS VARCHAR)")[0] == read_as
    assert "was taken for start_time, because it holds clock times" in warned(intake)


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("F1,F2", ["9:00", "10:00", "11:00", "13:00", "14:00"], ["9:15", "9:45", "11:30", "13:30", "14:30"]),
        ("F1,F2", ["0:15"] * 5, ["0:45"] * 5),
        ("Duration,Time spent", ["9:15"] * 5, ["9:45"] * 5),
        ("F1,F2", ["9:15"] * 5, ["9:15"] * 5),
    ],
)
def test_clock_times_that_do_not_tell_and_lengths_of_time_are_left(
    header: str, first: list[str], second: list[str], tmp_path: Path
) -> None:
    con, _ = read(table(tmp_path, header, first, second))
    assert rows(con, "start_time, end_time")[0] == (None, None)


@pytest.mark.parametrize(
    ("first", "second"), [("Session Notes", "Progress Notes"), ("Comments", "Daily Note"), ("Chart Notes", "Visit Note")]
)
def test_two_that_may_be_notes_are_told_and_refuse_no_file(first: str, second: str, tmp_path: Path) -> None:
    text = (
        f"Claim #,Patient ID,DOS,CPT,Units,Payer,{first},{second}\nC1,P1,11/13/2025,97140,1,Aetna,rubbed the neck,felt better\n"
    )
    path = write(tmp_path, text)
    con, intake = read(path)
    assert rows(con, "note_text") == [(None,)]
    said = " ".join(intake.warnings)
    assert f"{first!r} (column 7) and {second!r} (column 8) could each be note_text" in said
    assert f'note_text = "{first} + {second}" reads them together' in said
    con, _ = read(path, column_overrides={"note_text": f"{first} + {second}"})
    assert rows(con, "note_text")[0][0] is not None


def test_a_better_name_beside_them_is_taken(tmp_path: Path) -> None:
    text = "Claim #,Patient ID,DOS,CPT,Units,Payer,Comments,Notes,Note\nC1,P1,11/13/2025,97140,1,Aetna,a,b,c\n"
    con, intake = read(write(tmp_path, text))
    assert rows(con, "note_text") == [("c",)]
    assert "could each be" not in " ".join(intake.warnings)


def test_lines_of_x12_under_the_names_of_its_elements_are_read(tmp_path: Path) -> None:
    text = (
        "CLM01,2010BA NM109,DTP03,SV101-2,SV101-3,SV101-4,SV102,SV104,SV105,LX01,2310B NM109,2010AA NM109,2010BB NM103,HI01-2\n"
        "C1,1EG4TE5MK73,20251113,97140,59,GP,60.00,2,11,1,1247658447,1003000126,Aetna,M542\n"
    )
    con, _ = read(write(tmp_path, text), column_overrides={"service_date": "DTP03"})
    asked = (
        "claim_id, member_id, procedure_code, modifier_1, modifier_2, charge_amount, units, place_of_service, claim_line_number"
    )
    assert rows(con, asked) == [("C1", "1EG4TE5MK73", "97140", "59", "GP", Decimal("60.00"), Decimal("2.00"), "11", 1)]
    assert rows(con, "rendering_npi, billing_npi, payer_name, diagnosis_1") == [("1247658447", "1003000126", "Aetna", "M542")]


def test_lines_of_a_remittance_under_the_names_of_its_elements_are_read(tmp_path: Path) -> None:
    text = "CLP01,Patient ID,DOS,SVC01,SVC02,SVC03,SVC05,Payer\nC1,P1,11/13/2025,HC:97140:59:GP,60.00,41.50,2,Aetna\n"
    con, _ = read(write(tmp_path, text))
    asked = "claim_id, procedure_code, modifier_1, modifier_2, charge_amount, paid_amount, units"
    assert rows(con, asked) == [("C1", "97140", "59", "GP", Decimal("60.00"), Decimal("41.50"), Decimal("2.00"))]
