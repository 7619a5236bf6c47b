"""Coded columns as exports write them: in words, with the code before its name, with noughts in front, or as something else."""

from pathlib import Path

import pytest

from audit.intake.columns.code_words import COLUMNS, FILE, read_code
from tests.intake.test_load import read, rows, write

# Of each column what exports write, and the code that it means: "" for none, None where nobody can tell.
MEANT: dict[str, dict[str, str | None]] = {
    "payer_sequence": {
        "P": "P",
        "p": "P",
        "Primary": "P",
        "PRIMARY": "P",
        "primary insurance": "P",
        "1": "P",
        "01": "P",
        "1.0": "P",
        "1st": "P",
        "PRI": "P",
        "P - Primary": "P",
        "(P) Primary": "P",
        "Primary (P)": "P",
        "Primary/1": "P",
        "1-Primary": "P",
        "Ins1": "P",
        "Insurance #2": "S",
        "Ins 2": "S",
        "Secondary": "S",
        "SEC": "S",
        "2nd Insurance": "S",
        "S-Secondary": "S",
        "Crossover": "S",
        "MSP": "S",
        "Tertiary": "T",
        "3": "T",
        "3rd": "T",
        "U": "U",
        "A": "A",
        "4": "A",
        "Unknown": "U",
        "Payer Responsibility Four": "A",
        "Patient": None,
        "Aetna": None,
        "1 - Secondary": None,
        "Primary/Secondary": None,
        "0": None,
        "Non-primary": None,
        "Plan A": None,
        "Smith, Ann": None,
        "P1": "P",
        "12": None,
        "Primary payer only": "P",
        "P - Blue Cross": "P",
    },
    "claim_frequency_code": {
        "1": "1",
        "7": "7",
        "7.0": "7",
        "07": "7",
        "1 - Original": "1",
        "Original": "1",
        "ORIGINAL CLAIM": "1",
        "Replacement": "7",
        "Replacement of Prior Claim": "7",
        "7 - Replacement of prior claim": "7",
        "7-Corrected Claim": "7",
        "Corrected": "7",
        "Corrected/Replacement": "7",
        "Void": "8",
        "8 - Void/Cancel of Prior Claim": "8",
        "Void/Cancel": "8",
        "6": "7",
        "6 - Corrected": "7",
        "Adjustment of prior claim": "7",
        "Late Charge(s) Only": "5",
        "Admit thru Discharge": "1",
        "Interim - First Claim": "2",
        "Interim - Continuing Claim": "3",
        "Interim - Last Claim": "4",
        "Resubmission": None,
        "weekly": None,
        "8 - Original": None,
        "New claim": "1",
        "Non-Payment/Zero": "0",
        "Replacement/Void": None,
        "Initial": "1",
        "G": "G",
    },
    "place_of_service": {
        "11": "11",
        "11 - Office": "11",
        "Office": "11",
        "011": "11",
        "11.0": "11",
        "2": "02",
        "02": "02",
        "POS 11": "11",
        "POS-11": "11",
        "11/Office": "11",
        "11 Office": "11",
        "Telehealth": "02",
        "Patient's Home": "12",
        "Home": "12",
        "10 - Telehealth Provided in Patient's Home": "10",
        "02-Telehealth Provided Other than in Patient's Home": "02",
        "Telehealth in patient home": "10",
        "Inpatient Hospital": "21",
        "21 - Inpatient Hospital": "21",
        "Skilled Nursing Facility": "31",
        "SNF": "31",
        "SNF (31)": "31",
        "Nursing Facility": "32",
        "22 - On Campus-Outpatient Hospital": "22",
        "On Campus-Outpatient Hospital": "22",
        "Main Street Clinic": None,
        "12 Oak Street": None,
        "100 Main": None,
        "Office 11": "11",
        "CORF": "62",
        "Westside": None,
        "0": None,
        "00": None,
        "999": None,
        "Other Place of Service": "99",
        "11 - Northside Clinic": "11",
    },
    "claim_filing_indicator": {
        "MB": "MB",
        "mb": "MB",
        "MA": "MA",
        "16": "16",
        "Medicare Part B": "MB",
        "Medicare B": "MB",
        "MEDICARE": "MB",
        "MB - Medicare Part B": "MB",
        "Medicare Part A": "MA",
        "Medicare Advantage": "16",
        "Medicare HMO": "16",
        "16 - HMO Medicare Risk": "16",
        "16 - HMO": "16",
        "Health Maintenance Organization (HMO) Medicare Risk": "16",
        "HM": "HM",
        "HMO": "HM",
        "CI": "CI",
        "Commercial": "CI",
        "Commercial Insurance Co.": "CI",
        "Blue Cross/Blue Shield": "BL",
        "BCBS": "BL",
        "Workers' Compensation": "WC",
        "Workers Comp": "WC",
        "Worker's Compensation Health Claim": "WC",
        "Automobile Medical": "AM",
        "Auto": "AM",
        "Medicaid": "MC",
        "TRICARE": "CH",
        "Tricare/CHAMPUS": "CH",
        "VA": "VA",
        "Veterans Affairs Plan": "VA",
        "PPO": "12",
        "Self Pay": "09",
        "9": "09",
        "Federal Employees Program": "FI",
        "Non-Medicare": None,
        "Humana": None,
        "Other": "ZZ",
        "Medicare Supplement": None,
        "Medicare and Medicaid": None,
        "Medicare Part B - Traditional": "MB",
    },
    "bill_type": {
        "131": "131",
        "0131": "0131",
        "131 - Hospital Outpatient": "131",
        "13X": "13X",
        "Professional": "",
        "CMS-1500": "",
        "HCFA 1500": "",
        "837P": "",
        "UB-04": "UB04",
        "UB04": "UB04",
        "Institutional": "UB04",
        "0740": "0740",
        "Electronic": None,
        "741": "741",
        "Statement": None,
    },
    "revenue_code": {
        "0420": "0420",
        "420": "420",
        "0420 - Physical Therapy": "0420",
        "420-PT General": "420",
        "Physical Therapy": "0420",
        "OT": "0430",
        "Speech Therapy": "0440",
        "Cash": None,
    },
    "rendering_taxonomy": {
        "225100000X": "225100000X",
        "225100000x": "225100000X",
        "225100000X - Physical Therapist": "225100000X",
        "225200000X/Physical Therapy Assistant": "225200000X",
        "Physical Therapist": "225100000X",
        "Physical Therapist Assistant": "225200000X",
        "PTA": "225200000X",
        "Physical Therapy Assistant": "225200000X",
        "PT": "225100000X",
        "OT": "225X00000X",
        "COTA": "224Z00000X",
        "COTA/L": "224Z00000X",
        "LMT": "225700000X",
        "Licensed Massage Therapist": "225700000X",
        "Massage Therapist": "225700000X",
        "Chiropractor": "111N00000X",
        "PT, DPT": "225100000X",
        "2251X0800X": "2251X0800X",
        "Athletic Trainer": "2255A2300X",
        "Smith": None,
        "PT/OT": None,
        "Physical Therapist - Orthopedic": None,
    },
}


@pytest.mark.parametrize(("column", "cell", "code"), [(c, cell, code) for c, m in MEANT.items() for cell, code in m.items()])
def test_what_a_cell_means(column: str, cell: str, code: str | None) -> None:
    assert read_code(column, cell) == code


def test_every_coded_column_has_words_and_variants() -> None:
    assert {line.split(",")[0] for line in FILE.read_text(encoding="utf-8").splitlines()[1:]} == set(COLUMNS) == set(MEANT)


HEADER = "Claim #,Line,Patient ID,DOS,CPT,Mod 1,Units,Payer,Coverage Order,Frequency,POS,TOB,Charge\n"


def export(*cells: tuple[str, str, str, str]) -> str:
    """Lines with an order of coverage, a frequency, a place of service and a type of bill."""
    return HEADER + "".join(
        f"C{n},1,P{n},2025-11-0{n},97110,GP,1,Aetna,{order},{frequency},{place},{bill},9\n"
        for n, (order, frequency, place, bill) in enumerate(cells, 1)
    )


def test_intake_brings_words_to_codes_and_says_so(tmp_path: Path) -> None:
    one = write(tmp_path, export(("Primary", "1 - Original", "11 - Office", ""), ("", "Corrected", "2", "")), "one.csv")
    two = write(tmp_path, export(("2nd", "", "", "131 - Outpatient")), "two.csv")
    con, intake = read(one, two)
    assert rows(con, "payer_sequence, claim_frequency_code, place_of_service, bill_type") == [
        ("P", "1", "11", None),
        (None, "7", "02", None),
        ("S", None, None, "131"),
    ]
    assert (
        "payer_sequence stands in words or in another form than the code's, and was read as P on 1 row, S on 1 row."
        in intake.notes
    )
    assert not [one for one in intake.warnings if "understood" in one]


def test_codes_stay_as_they_are_and_nothing_is_said(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, export(("P", "1", "11", "131"), ("S", "7", "02", "0131"))))
    assert rows(con, "payer_sequence, claim_frequency_code, place_of_service, bill_type") == [
        ("P", "1", "11", "131"),
        ("S", "7", "02", "0131"),
    ]
    assert intake.notes == ()
    assert not [one for one in intake.warnings if "understood" in one]


def test_what_is_no_code_is_told_goes_no_further_and_leaves_primary_lines_in_peace(tmp_path: Path) -> None:
    cells = (("Primary", "weekly", "Main Street", "HCFA"), ("Aetna", "Original", "12 Oak Street", "Roe"))
    con, intake = read(write(tmp_path, export(*cells)))
    assert rows(con, "payer_sequence, claim_frequency_code, place_of_service, bill_type") == [
        ("P", None, None, None),
        ("AETNA", "1", None, None),
    ]
    said = [one for one in intake.warnings if "understood" in one]
    assert [one.split(":")[0] for one in said] == [
        "payer_sequence is not understood on 1 row",
        "claim_frequency_code is not understood on 1 row",
        "place_of_service is not understood on 2 rows",
        "bill_type is not understood on 1 row",
    ]
    assert not any(name in sentence for sentence in said for name in ("Main", "Oak", "Roe", "Aetna"))
    assert "place_of_service" not in intake.filled_columns, "rules on it are not evaluated"


def test_a_column_that_tells_no_order_at_all_makes_no_line_secondary(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, export(("Insurance", "", "", ""), ("Aetna", "", "", ""))))
    assert rows(con, "payer_sequence") == [(None,), (None,)]
    (said,) = [one for one in intake.warnings if "payer_sequence" in one]
    assert said.endswith("so all lines are judged as primary claims.")


def test_an_order_that_counts_from_nought_is_told_and_keeps_lines_apart(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, export(("0", "", "", ""), ("1", "", "", ""))))
    assert rows(con, "payer_sequence") == [("0",), ("1",)]
    (said,) = [one for one in intake.warnings if "payer_sequence" in one]
    assert "numbered from 0" in said


def test_rows_that_are_rejected_are_not_counted_among_those_read(tmp_path: Path) -> None:
    text = export(("Primary", "", "", ""), ("Huh", "", "", "")).replace("C2,1,P2,2025-11-02", "C2,1,P2,soon")
    _, intake = read(write(tmp_path, text))
    assert intake.rejected_rows == 1
    assert not [one for one in intake.warnings if "payer_sequence" in one]
