"""A printed report saved as a table: repeated headers, titles, captions, totals and footers are no claims and no faults."""

from pathlib import Path

import pytest

from audit.intake.formats.structure import Structure
from tests.intake.test_load import read, rejects, rows, write

HEADER = "Claim ID,Line,Patient ID,DOS,CPT,Units,Payer,Charge,Paid"
NAMES = tuple(HEADER.split(","))
EMPTY = [""] * len(NAMES)


def claim(number: int, day: str = "11/13/2025") -> str:
    return f"C{number},1,P{number},{day},97110,2,Medicare Part B,120.00,60.00"


def row(*cells: str, charge: str = "", paid: str = "") -> str:
    filled = [*cells, *EMPTY][: len(NAMES)]
    return ",".join([*filled[:-2], charge, paid])


def lines(*texts: str) -> str:
    return "\n".join(texts) + "\n"


CLAIMS = [claim(number) for number in range(1, 5)]


@pytest.mark.parametrize(
    ("between", "said"),
    [
        (HEADER, "1 row repeats the header line and was"),
        (HEADER.upper().replace(" ", "_"), "1 row repeats the header line and was"),
        (HEADER.replace(",", " , "), "1 row repeats the header line and was"),
        (
            row("Subtotal", charge="240.00", paid="120.00"),
            "its totals line states paid_amount 120.00, and its rows add up to that",
        ),
        (row("", "", "P2 Total", charge="240.00", paid="120.00"), "1 row states totals"),
        (row("Total for", "", "", "11/13/2025", charge="240.00", paid="120.00"), "1 row states totals"),
        (row(charge="240.00", paid="120.00"), "1 row states totals"),
        (row("Provider: Jane Roe, PT".replace(",", "")), "1 row is a caption and was"),
        (row("Provider:", "Jane Roe"), "1 row is a caption and was"),
        (row("ROE JANICE"), "1 row is a caption and was"),
        ("Provider: Jane Roe", "1 row is a caption and was"),
        ("ROE, JANICE (P3)", "1 row is a caption and was"),
        ('"Patient: ROE, JANICE M (P3)"', "1 row is a caption and was"),
        (row("Average", charge="120.00", paid="60.00"), "1 row is a footer of the report and was"),
        ("Page 2 of 3", "1 row is a footer of the report and was"),
        (row("Page 2 of 3"), "1 row is a footer of the report and was"),
        (row("Printed on", "11/30/2025 8:00 AM"), "1 row is a footer of the report and was"),
        ("-----", "1 row is a ruled line and was"),
        ("", ""),
    ],
)
def test_what_stands_between_claims_is_passed_over_and_said(between: str, said: str, tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, lines(HEADER, *CLAIMS[:2], between, *CLAIMS[2:])))
    assert (intake.rows, intake.rejected_rows, rejects(con)) == (4, 0, [])
    assert rows(con, "claim_id, source_row") == [("C1", 2), ("C2", 3), ("C3", 5), ("C4", 6)]
    assert any(said in sentence for sentence in (*intake.warnings, *intake.notes)) or not said
    assert "ROE" not in " ".join([*intake.warnings, *intake.notes])
    assert "Roe" not in " ".join([*intake.warnings, *intake.notes])


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (row("C9"), "blank"),
        (row("", "", "P9"), "blank"),
        (row("C9", "1", "P9", "", "97110", "2", "Aetna"), "blank"),
        (row(charge="241.00", paid="120.00"), "blank"),
        (row("Provider", "1", "P9", "11/13/2025", "97110"), "blank"),
        ("C9,1,P9", "3 cells"),
        ("tolerated well", "1 cells"),
    ],
)
def test_what_may_be_a_claim_is_rejected(broken: str, reason: str, tmp_path: Path) -> None:
    header, claims = HEADER, CLAIMS
    if broken == "tolerated well":  # in a file with notes it may be the end of one
        header, claims = f"{HEADER},Note", [f"{one},walked and felt better than the last time" for one in CLAIMS]
    con, intake = read(write(tmp_path, lines(header, *claims, broken, *claims)))
    assert (intake.rows, intake.rejected_rows) == (9, 1)
    assert {line for line, *_ in rejects(con)} == {6}
    assert reason in " ".join(str(one[3]) for one in rejects(con))


def test_totals_of_every_level_are_held_against_the_rows_above_them(tmp_path: Path) -> None:
    text = lines(
        HEADER,
        *CLAIMS[:2],
        row("Patient total", charge="240.00", paid="120.00"),
        CLAIMS[2],
        row("Patient total", charge="120.00", paid="61.00"),
        row("Grand Total", charge="360.00", paid="180.00"),
        row("Count: 3"),
    )
    _, intake = read(write(tmp_path, text))
    assert intake.rows == 3
    said = " ".join(intake.warnings)
    assert "its 3 totals lines state charge_amount, and its rows add up to each of them" in " ".join(intake.notes)
    assert "each of them" not in said
    assert "its totals line in row 6 states paid_amount 61.00, but its rows add up to 180.00" in said
    assert "3 rows state totals" in said


def test_titles_that_every_page_repeats_are_passed_over(tmp_path: Path) -> None:
    head = ["Sunrise Therapy", "Claims by date, all sites", "", HEADER]
    con, intake = read(write(tmp_path, lines(*head, *CLAIMS[:2], "Page 1", *head, *CLAIMS[2:], "End of report")))
    assert (intake.rows, intake.rejected_rows) == (4, 0)
    assert [line for (line,) in rows(con, "source_row")] == [5, 6, 12, 13]
    assert any("2 rows repeat title lines" in said for said in intake.warnings)


def test_a_workbook_and_parquet_of_a_report_read_as_its_text(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    text = [HEADER, *CLAIMS[:2], HEADER, CLAIMS[2], row("Total", charge="360.00", paid="180.00")]
    with xlsxwriter.Workbook(tmp_path / "report.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Sunrise Therapy"])
        for number, line in enumerate(text, start=1):
            sheet.write_row(number, 0, line.split(","))
    con, intake = read(tmp_path / "report.xlsx")
    assert (intake.rows, intake.rejected_rows) == (3, 0)
    assert rows(con, "claim_id, source_row") == [("C1", 3), ("C2", 4), ("C3", 6)]
    import pyarrow as pa
    import pyarrow.parquet as pq

    cells = [line.split(",") for line in text[1:]]
    pq.write_table(pa.table({name: [line[place] for line in cells] for place, name in enumerate(NAMES)}), tmp_path / "r.parquet")
    con, intake = read(tmp_path / "r.parquet")
    assert (intake.rows, intake.rejected_rows) == (3, 0)
    assert "its totals line states charge_amount 360.00, and its rows add up to that" in " ".join(intake.notes)


def test_a_delimiter_behind_the_last_name_leaves_nothing_in_doubt(tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, lines(f"{HEADER},", *CLAIMS)))
    assert (intake.rows, intake.rejected_rows) == (4, 0)
    _, intake = read(write(tmp_path, lines(f"{HEADER},,", *(f"{one}," for one in CLAIMS))))
    assert (intake.rows, intake.rejected_rows) == (4, 0)


def test_a_row_with_a_code_is_no_total() -> None:
    structure = Structure(NAMES)
    assert structure.what_is(["Total relief", "", "", "", "97110", "2", "", "", ""]) is None
    assert structure.what_is(["Total relief", "", "", "", "", "97110", "", "", ""]) == "total"


@pytest.mark.parametrize("label", ["November 2025", "Nov-25", "2025-11", "Nov 2025", "11/2025", "November", "nov. 2025",
                                   "Zwischensumme", "Carried forward", "Subtot", "Tot.", "Overall", "2 records"])  # fmt: skip
def test_a_name_before_amounts_is_their_total_where_the_rows_add_up_to_it(tmp_path: Path, label: str) -> None:
    text = lines(
        HEADER, *CLAIMS[:2], row(label, charge="240.00", paid="120.00"), *CLAIMS[2:], row(charge="480.00", paid="240.00")
    )
    con, intake = read(write(tmp_path, text))
    assert (len(rows(con, "1")), intake.rejected_rows) == (4, 0)
    assert any("2 rows state totals" in said for said in intake.warnings)


@pytest.mark.parametrize(
    "cells",
    [row("November 2025", charge="241.00", paid="120.00"), row("Summe", charge="241.00", paid="120.00"),
     row("Novak 2025", charge="240.00", paid="120.00"),
     row("C3", "1", "November 2025", charge="240.00", paid="120.00"), row("November 2025", charge="240.00", paid="Aetna")],
)  # fmt: skip
def test_a_name_that_the_rows_do_not_add_up_to_stays_a_rejected_row(tmp_path: Path, cells: str) -> None:
    _, intake = read(write(tmp_path, lines(HEADER, *CLAIMS[:2], cells, *CLAIMS[2:])))
    assert intake.rejected_rows == 1
    assert not any("totals" in said for said in intake.warnings)


def test_a_rejected_subtotal_does_not_upset_the_grand_total(tmp_path: Path) -> None:
    odd = row("Harbor 7", charge="240.00", paid="120.00")
    _, intake = read(write(tmp_path, lines(HEADER, *CLAIMS[:2], odd, *CLAIMS[2:], row("Total", charge="480.00", paid="240.00"))))
    assert intake.rejected_rows == 1
    assert any("states charge_amount 480.00, and its rows add up to that" in said for said in intake.notes)
    _, intake = read(write(tmp_path, lines(HEADER, *CLAIMS[:2], odd, *CLAIMS[2:], row("Total", charge="481.00", paid="240.00"))))
    assert any("states charge_amount 481.00, but" in said for said in intake.warnings)
