"""The table of header names: one row a name, nothing said twice, nothing at odds, and what audit.toml adds to it."""

import re
from collections import Counter
from pathlib import Path

import pytest

from audit.contract import BY_NAME
from audit.errors import ConfigError, InputError
from audit.intake import given, survey
from audit.intake.columns import names
from audit.intake.columns.names import FIELDS, FILE, MEANINGS, STRENGTHS, HeaderName, Names, normalized
from audit.settings.config import combine
from tests.intake.test_load import read, rows, write

SHIPPED = names.shipped()
BASE = "Claim ID,Patient ID,DOS,CPT,Units,Payer"
LINE = "C1,P1,11/13/2025,97124,1,Aetna"


def conflicts(table: tuple[HeaderName, ...]) -> list[str]:
    """What a table says twice or in two ways."""
    said = [(name.column, normalized(name.header)) for name in table if name.strength != "never"]
    twice = [f"{column} has {key} {count} times" for (column, key), count in Counter(said).items() if count > 1]
    own = [f"{column} need not name itself" for column, key in said if key == normalized(column)]
    strong: dict[str, set[str]] = {normalized(column): {column} for column in BY_NAME}
    for name in table:
        if name.strength == "strong":
            strong.setdefault(normalized(name.header), set()).add(name.column)
    at_odds = [f"{key} is strong for {', '.join(sorted(columns))}" for key, columns in strong.items() if len(columns) > 1]
    return [*twice, *own, *at_odds]


def test_the_table_is_one_row_a_name_with_known_words() -> None:
    assert FILE.read_text(encoding="utf-8").splitlines()[0] == ",".join(FIELDS)
    assert len(SHIPPED) > 250
    for name in names.rows():
        assert name.column.replace("{n}", "1") in BY_NAME, name
        assert name.header.strip() == name.header != "", name
        assert name.strength in STRENGTHS, name
        assert name.meaning in MEANINGS, name
        assert normalized(name.header), name
        assert ("{n}" in name.column) == ("{n" in name.header or "{letter}" in name.header), name


def test_no_name_stands_twice_or_means_two_columns() -> None:
    assert conflicts(SHIPPED) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (HeaderName("patient_id", "m-r-n"), "patient_id has mrn 2 times"),
        (HeaderName("payer_name", "INS.", "strong"), "payer_name has ins 2 times"),
        (HeaderName("member_id", "MRN"), "mrn is strong for member_id, patient_id"),
        (HeaderName("units", "Minutes"), "minutes is strong for minutes, units"),
        (HeaderName("units", "UNITS"), "units need not name itself"),
    ],
)
def test_a_row_that_says_something_twice_or_at_odds_is_found(more: HeaderName, said: str) -> None:
    assert said in conflicts((*SHIPPED, more))


def test_the_rows_stand_by_the_contracts_columns() -> None:
    order = [column.replace("_1", "") for column in BY_NAME]
    columns = [re.sub(r"_(\{n\}|\d+)$", "", name.column) for name in names.rows()]
    places = [order.index(column) for column in columns]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("header", "column", "tier"),
    [
        ("patient_id", "patient_id", names.OWN_NAME),
        ("From Date", "service_date", names.WEAK_ALIAS),
        ("Acct #", "patient_id", names.WEAK_ALIAS),
        ("Ins", "payer_name", names.WEAK_ALIAS),
        ("Notes", "note_text", names.WEAK_ALIAS),
        ("HCPCS_3RD_MDFR_CD", "modifier_3", names.ALIAS),
        ("Dx 12", "diagnosis_12", names.ALIAS),
        ("ICD-10", "diagnosis_1", names.WEAK_ALIAS),
        ("Ticket No", "claim_id", names.WEAK_ALIAS),
        ("Treating Clinician NPI", "rendering_npi", names.WEAK_ALIAS),
        ("Progress Note", "note_text", names.WEAK_ALIAS),
        ("CPT Mod", "modifier_1", names.WEAK_ALIAS),
        ("dtl_mod2", "modifier_2", names.ALIAS),
        ("Reversal Flag", "is_void", names.WEAK_ALIAS),
    ],
)
def test_code_and_page_tell_the_same_of_a_name(header: str, column: str, tier: int) -> None:
    assert list(names.known().of(header)) == [(column, tier)]
    page = (Path(__file__).resolve().parents[2] / "docs" / "claim-line.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{column}` |")).rsplit("|", 2)[1]
    strong, _, lesser = row.partition("lesser: ")
    place = lesser if tier == names.WEAK_ALIAS else strong
    assert tier == names.OWN_NAME or normalized(header) in {normalized(name) for name in place.split(";")[0].split(",")}


def test_names_of_ones_own_are_added(tmp_path: Path) -> None:
    path = write(tmp_path, "Claim ID,Kundennummer,DOS,CPT,Units,Payer\nC1,P1,11/13/2025,97124,1,Aetna\n")
    con, intake = read(path, header_names={"patient_id": ["Kunden-Nummer", "Patientin"]})
    assert rows(con, "patient_id") == [("P1",)]
    (column,) = [column for column in intake.files[0].mapping if column.name == "patient_id"]
    assert column.how == "a name of the practice's patient number, by [header_names] in audit.toml"


def test_a_name_of_ones_own_goes_before_the_known_ones_and_is_no_other_columns(tmp_path: Path) -> None:
    path = write(tmp_path, f"{BASE},MRN,Charge\n{LINE},P2,9.00\n")
    con, _ = read(path, header_names={"patient_id": ["mrn"], "allowed_amount": ["Charge"]})
    assert rows(con, "patient_id, charge_amount, CAST(allowed_amount AS VARCHAR)") == [("P2", None, "9.00")]


def test_a_name_of_ones_own_that_no_file_has_is_no_fault(tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, f"{BASE}\n{LINE}\n"), header_names={"minutes": ["Tx Time"]})
    assert rows(con, "minutes") == [(None,)]


def test_a_wide_files_groups_go_by_names_of_ones_own(tmp_path: Path) -> None:
    header = "Claim ID,Patient ID,DOS,Payer,Leistung 1,Units 1,Leistung 2,Units 2"
    path = write(tmp_path, f"{header}\nC1,P1,11/13/2025,Aetna,97124,1,97140,2\n")
    con, _ = read(path, header_names={"procedure_code": ["Leistung"]})
    assert rows(con, "procedure_code, CAST(units AS VARCHAR)") == [("97124", "1.00"), ("97140", "2.00")]


def test_audit_toml_adds_names_and_a_column_that_is_none_is_refused(tmp_path: Path) -> None:
    given = write(tmp_path, '[header_names]\nminutes = ["Tx Time", "Behandlung"]\n', "audit.toml")
    assert combine(("x.csv",), given, {}).header_names == {"minutes": ["Tx Time", "Behandlung"]}
    wrong = write(tmp_path, '[header_names]\nminute = ["Tx Time"]\n', "wrong.toml")
    with pytest.raises(ConfigError, match=r"\[header_names\] 'minute' is not a column"):
        combine(("x.csv",), wrong, {})


def test_a_name_that_is_given_to_two_columns_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, f"{BASE},Tx Time\n{LINE},30\n")
    with pytest.raises(ConfigError, match=r"\[header_names\] gives 'tx-time' to minutes and to units"):
        read(path, header_names={"minutes": ["Tx Time"], "units": ["tx-time"]})


def test_a_draft_pins_what_names_of_ones_own_told(tmp_path: Path) -> None:
    path = write(tmp_path, f"{BASE},Tx Time\n{LINE},30\n")
    assert survey([path], given(header_names={"minutes": ["Tx Time"]})).columns["minutes"] == "Tx Time"


def test_names_without_additions_are_the_shipped_ones() -> None:
    assert names.with_given({}) is names.known()
    assert Names(SHIPPED).of("MRN") == names.known().of("MRN")


BARE = "Claim ID,Patient ID,DOS,CPT,Units,Payer,{}"


@pytest.mark.parametrize(
    ("header", "cell", "column"),
    [
        *[(header, "48.00", "paid_amount") for header in (
            "Ins. 1 Paid", "Ins Pmts", "Payer Payment", "Primary Insurance Insurance Payment", "Primary Ins Insurance Payment",
            "Ins Pd", "Insurance Pd",
            "Pri Ins Paid", "SVC03 Paid Amount")],
        *[(header, "60.00", "allowed_amount") for header in ("Primary Insurance Allowed", "Allow", "Allowable", "Allow Amt")],
        *[(header, "120.00", "charge_amount") for header in (
            "Billed Charge", "Charged", "All Charges", "Tot Chg", "Chg", "Chg Amt", "SVC02 Charge Amount")],
        *[(header, "25", "minutes") for header in ("Time (Minutes)", "Tx Min", "Treatment Min")],
        ("Total Min", "45", "visit_total_minutes"),
        ("Claim Status Code", "22", "claim_status"),
        *[(header, "7", "claim_frequency_code") for header in ("Claim Freq", "Claim Frequency Type Code")],
        *[(header, "3", "claim_line_number") for header in ("Ln", "Ln #", "Ln No")],
        *[(header, "M54.50", "diagnosis_1") for header in (
            "ICD1 Code", "Encounter Diagnosis ID 1", "ICD-10 Codes", "Diag Codes", "ICD10 Code")],
    ],
)  # fmt: skip
def test_a_header_of_the_field_s_systems_fills_its_column(tmp_path: Path, header: str, cell: str, column: str) -> None:
    con, _ = read(write(tmp_path, f"{BARE.format(header)}\n{LINE},{cell}\n"))
    assert [str(found) for (found,) in rows(con, column)] == [cell]


@pytest.mark.parametrize("header", ["Insurance Package", "Insurance Plan Desc", "Ins Plan Name", "N1PR Payer Name"])
def test_a_plan_s_header_names_the_payer(tmp_path: Path, header: str) -> None:
    con, _ = read(write(tmp_path, f"Claim ID,Patient ID,DOS,CPT,Units,{header}\n{LINE}\n"))
    assert rows(con, "payer_name") == [("Aetna",)]


@pytest.mark.parametrize(("patient", "units"), [("Patient Acct No", "Chg Units"), ("Acct No", "Paid Units")])
def test_a_ledger_s_account_and_units_are_the_patient_s_and_the_line_s(tmp_path: Path, patient: str, units: str) -> None:
    con, _ = read(write(tmp_path, f"Claim ID,{patient},DOS,CPT,{units},Payer\n{LINE}\n"))
    assert rows(con, "patient_id, units") == [("P1", 1)]


@pytest.mark.parametrize("header", ["Session ID", "CLP07 Payer Claim Control Number"])
def test_a_session_or_a_remittance_s_number_serves_as_the_claim_s(tmp_path: Path, header: str) -> None:
    con, _ = read(write(tmp_path, f"{header},Patient ID,DTM472 Service Date,CPT,SVC05 Units Paid,Payer\n{LINE}\n"))
    assert rows(con, "claim_id, units") == [("C1", 1)]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Ins. 2 Paid", "48.00"), ("Pt. Paid", "5.00"), ("Patient Payment", "5.00"), ("Payer Withheld", "5.00"),
        ("Charged", "11/14/2025"), ("Charged", "Y"), ("Ln", "Testov"), ("Adjusted Charges", "60.00"),
    ],
)  # fmt: skip
def test_what_only_looks_like_such_a_header_fills_nothing(tmp_path: Path, header: str, cell: str) -> None:
    _, intake = read(write(tmp_path, f"{BARE.format(header)}\n{LINE},{cell}\n"))
    assert not {"paid_amount", "allowed_amount", "charge_amount"} & set(intake.filled_columns)
    assert intake.rejected_rows == 0


def test_the_line_s_own_name_goes_before_a_system_s(tmp_path: Path) -> None:
    con, _ = read(
        write(tmp_path, f"{BARE.format('Insurance Paid,Ins. 1 Paid,Charge,Tot Chg')}\n{LINE},50.00,48.00,60.00,120.00\n")
    )
    assert [tuple(map(str, row)) for row in rows(con, "paid_amount, charge_amount")] == [("50.00", "60.00")]


def test_a_refusal_offers_one_header_for_one_column(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read(write(tmp_path, "ID,DOS,CPT,Units,Payer\n7,11/13/2025,97124,1,Aetna\n"))
    assert raised.value.hint.count('_id = "ID"') <= 1


@pytest.mark.parametrize(
    ("header", "is_same"),
    [("Date of Service (required)", True), ("DATE OF SERVICE [Optional]", True), ("Date of Service *required", True),
     ("Date of Service (req.)", True), ("Date of Service required", False), ("Date of Service (required by)", False)],
)  # fmt: skip
def test_what_a_template_demands_is_no_part_of_a_name(header: str, is_same: bool) -> None:
    assert (normalized(header) == normalized("Date of Service")) is is_same


def test_a_header_of_one_sign_over_and_over_is_read_at_once() -> None:
    assert normalized(" (" * 100_000) == ""


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Clm Ref", "claim_id"),
        ("Tkt Number", "claim_id"),
        ("Tkt Stat", "claim_status"),
        ("Pl Svc", "place_of_service"),
        ("Current Ins Pkg", "payer_name"),
        ("Date of Svc", "service_date"),
        ("Svc Prvdr Full Name", "rendering_name"),
        ("tx_note", "note_text"),
        ("ICD A", "diagnosis_1"),
        ("Dx L", "diagnosis_12"),
        ("Clm Stat", "claim_status"),
        # Other words are another column.
        ("Pt Pd", None),
        ("Ref Prov NPI", None),
        ("Secondary Ins Pkg", None),
        ("Post Dt", None),
        ("Birth Dt", None),
        # Of a word alone too much may be meant.
        ("Svc", None),
        # The same words in another order are another thing: a price is no count.
        ("Unit Charge", None),
        ("Charge/Unit", None),
        ("Paid Primary", None),
        # A patient's, or physical therapy's.
        ("PT Code", None),
    ],
)
def test_short_forms_of_a_known_name_are_that_name(header: str, column: str | None) -> None:
    assert next((name for name, _ in names.known().of(header)), None) == column


def test_a_header_written_in_another_way_takes_nothing_from_a_known_one(tmp_path: Path) -> None:
    text = f"{BASE},Clm Ref,Pl Svc\n" + f"{LINE},R9,11\n"
    con, intake = read(write(tmp_path, text))
    assert rows(con, "claim_id, place_of_service") == [("C1", "11")]
    (how,) = [one.how for one in intake.files[0].mapping if one.name == "place_of_service"]
    assert how == "a known name of two-digit place of service, written in another way"


def test_from_and_to_are_dates_of_service_where_they_hold_dates(tmp_path: Path) -> None:
    text = "Claim ID,Patient ID,From,Thru,CPT,Units,Payer\nC1,P1,11/13/2025,11/14/2025,97124,1,Aetna\n"
    con, _ = read(write(tmp_path, text))
    assert [str(day) for day in rows(con, "service_date, service_date_to")[0]] == ["2025-11-13", "2025-11-14"]
    con, intake = read(write(tmp_path, f"{BASE},From,To\n{LINE},9:00,9:30\n", "times.csv"))
    assert rows(con, "service_date_to") == [(None,)]
    assert not [one for one in intake.warnings if "was not read as service_date" in one]


def test_a_count_of_each_patients_visits_stands_for_no_claim(tmp_path: Path) -> None:
    text = "Visit No.,Patient ID,DOS,CPT,Units,Payer\n1,P1,11/13/2025,97124,1,Aetna\n{},P2,11/14/2025,97124,1,Aetna\n"
    con, _ = read(write(tmp_path, text.format(2)))
    assert rows(con, "claim_id") == [("1",), ("2",)]
    with pytest.raises(InputError, match=r"'Visit No.' .column 1. holds the same numbers for several patients") as caught:
        read(write(tmp_path, text.format(1), "counts.csv"))
    assert 'claim_id = "Patient ID + DOS"' in str(caught.value.hint)


PERSONS = "Claim ID,Patient ID,DOS,CPT,Units,Payer,Therapist\n"


def by_name(*names: str) -> str:
    """An export that knows who treated by name alone, each line another patient's."""
    return PERSONS + "".join(f'C{n},P{n},11/13/2025,97124,1,Aetna,"{name}"\n' for n, name in enumerate(names))


NAMED = {"rendering_npi": "Therapist"}


def test_a_name_stands_for_a_person_where_the_user_says_so(tmp_path: Path) -> None:
    text = by_name("Pine, Ana PT, DPT", "Pine, Ana PT, DPT", "Ana Pine, PT", "Ash, Ma PTA", "", "PT")
    con, intake = read(write(tmp_path, text), column_overrides=NAMED)
    first, second, turned, other, blank, credential = (npi for (npi,) in rows(con, "rendering_npi"))
    assert first == second == turned != other
    assert re.fullmatch(r"by-name-[0-9a-f]{8}", first)
    assert (blank, credential) == (None, None)
    assert rows(con, "rendering_name")[0] == ("Pine, Ana PT, DPT",)
    assert not [one for one in intake.warnings if "rendering_npi" in one]


def test_a_name_stands_for_no_npi_unasked_and_the_mend_is_told(tmp_path: Path) -> None:
    """A clinic's name, or that of one who signs for all, would make a day of 40 hours."""
    con, intake = read(write(tmp_path, by_name("Elm Street Therapy", "Elm Street Therapy")))
    assert rows(con, "rendering_npi") == [(None,), (None,)]
    (said,) = [one for one in intake.warnings if "rendering_npi" in one]
    assert said.endswith('write under [columns] in audit.toml: rendering_npi = "Therapist".')


def test_an_npi_beside_a_name_is_the_npi(tmp_path: Path) -> None:
    text = "Claim ID,Patient ID,DOS,CPT,Units,Payer,Therapist,Rendering NPI\n" + "".join(
        f"C{n},P{n},11/13/2025,97124,1,Aetna,Ana Pine,{npi}\n" for n, npi in enumerate(("1234567893", ""))
    )
    con, intake = read(write(tmp_path, text))
    assert rows(con, "rendering_npi") == [("1234567893",), (None,)]
    assert not [one for one in intake.warnings if "rendering_npi" in one]


def test_a_constant_npi_needs_no_name(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, by_name("Ana Pine", "Ana Pine")), constants={"rendering_npi": "1234567893"})
    assert rows(con, "rendering_npi") == [("1234567893",)] * 2
    assert not [one for one in intake.warnings if "rendering_npi" in one]


def test_numbers_that_the_user_names_are_read_as_numbers(tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, by_name("1234567893", "1234567893")), column_overrides=NAMED)
    assert rows(con, "rendering_npi") == [("1234567893",)] * 2
