"""Exports of the kinds that are read elsewhere, in other shapes: headers, codes, dates, spans, amounts, marks, lost digits."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit.errors import AuditError, InputError
from audit.intake import check_rejects
from audit.intake.columns.shapes import is_blank, is_clock_span, is_date_span
from audit.model import Intake
from tests.intake.test_load import read, rejects, rows, write

HEADERS = {
    "claim": "Claim ID",
    "line": "Line",
    "patient": "Patient ID",
    "day": "DOS",
    "code": "CPT",
    "modifier": "Mod 1",
    "units": "Units",
    "payer": "Payer",
    "npi": "Rendering NPI",
    "charge": "Charge",
    "paid": "Paid",
}
CELLS = {
    "claim": "C{n}",
    "line": "1",
    "patient": "P{n}",
    "day": "2025-11-13",
    "code": "97110",
    "modifier": "GP",
    "units": "2",
    "payer": "Medicare Part B",
    "npi": "1245319599",
    "charge": "120.00",
    "paid": "60.00",
}


def text_of(cells: Sequence[Mapping[str, str]], headers: Mapping[str, str] = {}, without: str = "") -> str:
    """A CSV of a row for each mapping, which says what differs from CELLS; `headers` renames columns, or adds them."""
    names = {key: header for key, header in {**HEADERS, **headers}.items() if key != without}
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names.values())
    for n, one in enumerate(cells, 1):
        writer.writerow([{**CELLS, **one}.get(key, "").replace("{n}", str(n)) for key in names])
    return stream.getvalue()


def export(folder: Path, key: str, *cells: str, header: str | None = None) -> Path:
    """A file whose column `key` holds the cells, under its usual header or another."""
    return write(folder, text_of([{key: cell} for cell in cells], {} if header is None else {key: header}))


def beside(folder: Path, header: str, *cells: str, without: str = "") -> Path:
    """A file with a further column of the cells."""
    return write(folder, text_of([{"more": cell} for cell in cells], {"more": header}, without))


def warned(intake: Intake, words: str) -> bool:
    return any(words in warning for warning in intake.warnings)


@pytest.mark.parametrize(
    ("key", "header"),
    [
        ("units", "Units (qty)"),
        ("units", "Qty/Units"),
        ("units", "UOS"),
        ("units", "Days or Units"),
        ("units", "SV104"),
        ("code", "CPT Codes"),
        ("code", "Original CPT List"),
        ("paid", "Ins Amount Paid"),
        ("paid", "Amount Paid by Insurance"),
        ("charge", "Gross Charges"),
        ("claim", "TCN"),
        ("patient", "Client #"),
        ("day", "Tx Date"),
    ],
)
def test_columns_go_by_further_names(key: str, header: str, tmp_path: Path) -> None:
    con, _ = read(export(tmp_path, key, CELLS[key], header=header))
    assert rows(con, "claim_id, patient_id, service_date, procedure_code, units, charge_amount, paid_amount") == [
        ("C1", "P1", date(2025, 11, 13), "97110", Decimal(2), Decimal(120), Decimal(60))
    ]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Total Treatment Time", "visit_total_minutes"),
        ("Total Timed Code Treatment Minutes", "visit_timed_minutes"),
        ("Service Minutes", "minutes"),
    ],
)
def test_minutes_go_by_further_names(header: str, column: str, tmp_path: Path) -> None:
    con, _ = read(beside(tmp_path, header, "45"))
    assert rows(con, column) == [(45,)]


@pytest.mark.parametrize("header", ["Treatment Hours", "Time (hrs)"])
def test_hours_go_by_further_names(header: str, tmp_path: Path) -> None:
    con, _ = read(beside(tmp_path, header, "0.75"))
    assert rows(con, "minutes") == [(45,)]


@pytest.mark.parametrize(
    "cell",
    [
        "11132025",
        "Thu 11/13/2025",
        "Thursday, 11/13/2025",
        "11/13/2025 Thu",
        "2025-11-13 (Thu)",
        "13th Nov 2025",
        "November 13th, 2025",
        "2025-Nov-13",
        "20251113T100000",
        "20251113100000",
        "2025-11-13-05:00",
        "Thu Nov 13 10:00:00 2025",
        "Thu Nov 13 2025 00:00:00 GMT-0500 (EST)",
        "D8:20251113",
    ],
)
def test_dates_in_further_shapes(cell: str, tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "day", cell))
    assert (rows(con, "service_date"), intake.rejected_rows) == ([(date(2025, 11, 13),)], 0)


def test_eight_digits_tell_their_order_as_slashes_do(tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "day", "13112025", "03112025"))
    assert rows(con, "service_date") == [(date(2025, 11, 13),), (date(2025, 11, 3),)]
    assert warned(intake, "day/month/year")
    with pytest.raises(InputError, match="none of them tells which"):
        read(export(tmp_path, "day", "03112025", "04112025"))


@pytest.mark.parametrize("cell", ["13132025", "00112025", "11/13/2025 and 11/14/2025", "11/13/2025, 11/14/2025"])
def test_what_is_no_date_or_two_rejects_its_row(cell: str, tmp_path: Path) -> None:
    con, _ = read(export(tmp_path, "day", "2025-11-13", cell))
    assert [row[1] for row in rejects(con)] == ["service_date"]


@pytest.mark.parametrize(
    "cell",
    [
        "10:00 \u2192 10:30",
        "10:00|10:30",
        "10:00, 10:30",
        "10:00; 10:30",
        "10:00 & 10:30",
        "10:00 and 10:30",
        "In: 10:00 Out: 10:30",
        "from 10:00 to 10:30",
        "10:00 AM \u2013 10:30 AM EST",
        "10:00..10:30",
        "10-10:30",
        "10.00-10.30",
        "10h00 - 10h30",
    ],
)
def test_spans_of_time_in_further_shapes(cell: str, tmp_path: Path) -> None:
    assert is_clock_span(cell)
    con, _ = read(beside(tmp_path, "Session", cell))
    assert rows(con, "start_time, end_time") == [(time(10, 0), time(10, 30))]


def test_two_dates_with_a_comma_between_are_no_span() -> None:
    assert is_date_span("11/13/2025 \u2192 11/14/2025")
    assert not is_date_span("11/13/2025, 11/14/2025")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("$(45.00)", "-45.00"),
        ("+45.00", "45.00"),
        ("$ -", "0.00"),
        ("\u221245.00", "-45.00"),
        ("45.00\u2212", "-45.00"),
    ],
)
def test_amounts_in_further_shapes(cell: str, amount: str, tmp_path: Path) -> None:
    con, _ = read(export(tmp_path, "paid", "60.00", cell))
    assert rows(con, "paid_amount")[1] == (Decimal(amount),)


@pytest.mark.parametrize("cell", ["45 CR", "$1,234.50 CR", "45 DR", "45-50", "-(45)", "45,00"])
def test_amounts_that_are_in_doubt_reject_their_row(cell: str, tmp_path: Path) -> None:
    con, _ = read(export(tmp_path, "paid", "60.00", cell))
    assert [row[1] for row in rejects(con)] == ["paid_amount"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("0.56", "0.80", "0", ".7", "0.56", "1.0"), "holds parts of one and no amounts"),
        (("Paid", "Unpaid", "Paid"), "holds words and no numbers"),
    ],
)
def test_parts_of_one_and_words_are_no_amounts(cells: tuple[str, ...], said: str, tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "paid", *cells))
    assert set(rows(con, "paid_amount")) == {(None,)}
    assert warned(intake, said)


def test_a_few_small_amounts_are_no_parts_of_one(tmp_path: Path) -> None:
    con, _ = read(export(tmp_path, "paid", "0.56", "0.80", "0", "0.05", "0.50"))
    assert sum(paid for (paid,) in rows(con, "paid_amount")) == Decimal("1.91")


@pytest.mark.parametrize("header", ["Duration", "Duration (sec)"])
def test_seconds_are_not_taken_for_minutes(header: str, tmp_path: Path) -> None:
    con, intake = read(beside(tmp_path, header, "1800", "900"))
    assert set(rows(con, "minutes")) == {(None,)}
    assert warned(intake, "may hold hours, minutes, seconds or units")


def test_further_words_for_nothing(tmp_path: Path) -> None:
    cells = ("()", '""', "not documented", "<unset>", "[]", "Not on file")
    assert [cell for cell in cells if not is_blank(cell)] == []
    con, intake = read(export(tmp_path, "npi", "1245319599", *cells))
    assert (rows(con, "rendering_npi"), intake.rejected_rows) == ([("1245319599",), *[(None,)] * len(cells)], 0)


ENTRIES = (
    *("CASH", "CHK 1044", "EFT", "CO-45", "PR-1", "Late Fee", "NSF", "Credit Card", "TRANS TO PT", "BADDEBT", "Prepayment"),
    "97140 REFUND",
)


def test_further_entries_of_a_ledger_are_left_out(tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "code", "97110", *ENTRIES))
    assert (rows(con, "procedure_code"), rejects(con)) == ([("97110",)], [])
    assert intake.left_out_rows == len(ENTRIES)


def test_a_cell_that_begins_with_a_code_is_a_service(tmp_path: Path) -> None:
    cells = (
        "97542 WC mgmt, transfer to w/c",
        "97140 Payment pending",
        "97110 - copay applied",
        "97112 balance",
        "98940 Spinal adjustment",
    )
    con, intake = read(export(tmp_path, "code", "97110", *cells))
    assert (rows(con, "procedure_code")[1:], intake.left_out_rows) == ([(cell[:5],) for cell in cells], 0)


@pytest.mark.parametrize(
    ("cell", "modifiers"),
    [("GP - Services under a plan of care", ("GP", None)), ("59 Distinct procedural", ("59", None)), ("GP KX", ("GP", "KX"))],
)
def test_a_modifier_may_stand_before_its_name(cell: str, modifiers: tuple[str | None, str | None], tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "modifier", cell))
    assert (rows(con, "modifier_1, modifier_2"), intake.rejected_rows) == ([modifiers], 0)


def test_a_second_column_of_modifiers_is_taken_or_told(tmp_path: Path) -> None:
    lines = [{"modifier": "GP", "more": "59"}]
    con, intake = read(write(tmp_path, text_of(lines, {"modifier": "Mods", "more": "Mods 2"})))
    assert rows(con, "modifier_1, modifier_2") == [("GP", "59")]
    assert warned(intake, "was taken for modifier_2")
    _, intake = read(write(tmp_path, text_of(lines, {"more": "Remit Mod 1"})))
    assert warned(intake, "'Remit Mod 1' (column 12) may hold modifiers too")


@pytest.mark.parametrize("headers", [("Mod I", "Mod II"), ("mod_one", "mod_two"), ("Primary Modifier", "Secondary Modifier")])
def test_places_of_modifiers_in_further_words(headers: tuple[str, str], tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, text_of([{"modifier": "GP", "more": "59"}], {"modifier": headers[0], "more": headers[1]})))
    assert rows(con, "modifier_1, modifier_2") == [("GP", "59")]


@pytest.mark.parametrize("header", ["CPT 2", "Procedure Code 2", "Secondary CPT", "CPT_2"])
def test_a_second_column_of_codes_is_refused(header: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="further procedure codes") as caught:
        read(beside(tmp_path, header, "97140", "97140"))
    assert "one row for each service" in str(caught.value.hint)


@pytest.mark.parametrize(("header", "cell"), [("CPT4", "97110"), ("CPT 2 Desc", "Massage"), ("Proc Group 2", "Therapy")])
def test_what_is_no_second_code_is_not_asked_about(header: str, cell: str, tmp_path: Path) -> None:
    _, intake = read(beside(tmp_path, header, cell))
    assert intake.rows == 1


@pytest.mark.parametrize(
    "cell", ["97124+97140", "97124 & 97140", "97124\n97140", "97124 and 97140", '["97124","97140"]', "97110-GP, 97140-59"]
)
def test_several_codes_in_one_cell_in_further_shapes(cell: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="several procedure codes in one cell"):
        read(export(tmp_path, "code", "97110", cell))


@pytest.mark.parametrize(
    ("key", "cells"),
    [
        ("patient", ("123456789012345000", "123456789012346000")),
        ("claim", ("1234567890123450", "1234567890123460", "1234567890123470", "1234567890123480")),
        ("patient", ("#####", "########")),
    ],
)
def test_ids_that_a_spreadsheet_has_rounded_or_hidden_are_refused(key: str, cells: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="digits are lost"):
        read(export(tmp_path, key, *cells))


@pytest.mark.parametrize("cells", [("1234567890123451", "1234567890123460"), ("1234567890123450", "C2"), ("100000", "200000")])
def test_ids_that_end_in_noughts_by_chance_are_read(cells: tuple[str, ...], tmp_path: Path) -> None:
    con, _ = read(export(tmp_path, "claim", *cells))
    assert [claim for (claim,) in rows(con, "claim_id")] == list(cells)


@pytest.mark.parametrize(("number", "kind"), [("9912140000000003", "DOUBLE"), ("1245319599", "FLOAT")])
def test_numbers_of_parquet_that_have_lost_digits_are_no_ids(number: str, kind: str, tmp_path: Path) -> None:
    path = write(tmp_path, text_of([{"patient": number}]))
    typed = tmp_path / "typed.parquet"
    cast = f'CAST("Patient ID" AS {kind}) AS "Patient ID"'
    duckdb.sql(f"COPY (SELECT * REPLACE ({cast}) FROM read_csv('{path}', all_varchar = TRUE)) TO '{typed}'")
    with pytest.raises(InputError, match="whose last digits are lost"):
        read(typed)


def test_minutes_among_quantities_are_no_units(tmp_path: Path) -> None:
    kinds = [{"units": "2", "more": "UN"}, {"units": "30", "more": "MJ"}, {"units": "3", "more": ""}]
    con, intake = read(write(tmp_path, text_of(kinds, {"units": "Quantity", "more": "Unit Type"})))
    assert (rows(con, "units"), intake.rejected_rows) == ([(Decimal(2),), (Decimal(3),)], 1)


@pytest.mark.parametrize(
    ("header", "cells", "column"),
    [
        ("Line Void", ("Y", "N"), "is_void"),
        ("Voided Timestamp", ("2025-11-20T10:00:00Z", ""), "is_void"),
        ("Deletion Date", ("11/20/2025", ""), "is_deleted"),
        ("Record Status", ("D", "A"), "is_deleted"),
        ("Row Status", ("Inactive", "Active"), "is_deleted"),
    ],
)
def test_dead_lines_are_marked_under_further_names(header: str, cells: tuple[str, str], column: str, tmp_path: Path) -> None:
    con, _ = read(beside(tmp_path, header, *cells))
    assert [bool(mark) for (mark,) in rows(con, column)] == [True, False]


@pytest.mark.parametrize(
    "header", ["Voided By", "Reversal Note", "Void Reason", "Rev Flag", "REV_IND", "Estado", "Statut", "Storno"]
)
def test_what_may_mark_dead_lines_and_is_not_read_is_told(header: str, tmp_path: Path) -> None:
    _, intake = read(beside(tmp_path, header, "Y", ""))
    assert warned(intake, f"'{header}' (column 12) may say which lines are void")


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Void Amount", "0"),
        ("Cancelled Visits", ""),
        ("Deleted", "0"),
        ("Rev Code", "0420"),
        ("Rev Date", "11/20/2025"),
        ("Estado", "TX"),
    ],
)
def test_what_marks_no_dead_line_is_not_told(header: str, cell: str, tmp_path: Path) -> None:
    _, intake = read(beside(tmp_path, header, cell, ""))
    assert not warned(intake, "may say which lines are void")


@pytest.mark.parametrize("header", ["Reversal Flag", "Is Reversal", "Reversal YN"])
def test_a_mark_of_reversals_is_a_status(header: str, tmp_path: Path) -> None:
    con, _ = read(beside(tmp_path, header, "Y", "0", "R", ""))
    assert rows(con, "is_void, line_status") == [(None, "Reversal"), (None, None), (None, "R"), (None, None)]
    con, _ = read(beside(tmp_path, header, "Y", "0"), column_overrides={"is_void": header})
    assert rows(con, "is_void") == [(True,), (False,)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NM1*IL*1*ROE*JANICE****MI*1EG4TE5MK73~CLM*C1*60~\n", "X12"),
        ("GS*HC*SENDER*ROE*20251113*1200*1*X*005010X222A1~\n", "X12"),
        ("CLM*C1*60***11:B:1~NM1*IL*1*ROE~\n", "X12"),
        ("[{'patient': 'ROE', 'cpt': '97140'}]\n", "JSON"),
        ("UNA:+.? 'UNB+UNOA:1+ROE'\n", "EDIFACT"),
    ],
)
def test_pieces_of_other_formats_are_named_and_not_shown(text: str, kind: str, tmp_path: Path) -> None:
    with pytest.raises(AuditError, match=kind) as caught:
        read(write(tmp_path, text))
    assert "ROE" not in f"{caught.value} {caught.value.hint}"


def faulty(folder: Path, *lines: str, at: int = 3) -> Path:
    """A file of forty sound rows, with the lines among them."""
    header, *sound = text_of([{}] * 40).splitlines(keepends=True)
    return write(folder, "".join([header, *sound[:at], *lines, *sound[at:]]))


def test_rows_of_a_wrong_width_are_left_out_at_full_speed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.intake.formats.text.opened.careful_table", None)
    path = faulty(tmp_path, "C91,1\n", "Total,,,,,,20\n", " \n", "C92," + "x," * 20 + "\n")
    con, intake = read(path)
    assert (intake.rows, intake.rejected_rows) == (42, 2)
    assert rows(con, "source_row") == [(n,) for n in (2, 3, 4, *range(9, 46))]
    assert warned(intake, "1 row states totals and was passed over")
    assert [row[0] for row in rejects(con)] == [5, 8]


def test_faulty_rows_below_a_note_of_several_lines_keep_their_numbers(tmp_path: Path) -> None:
    header, *sound = text_of([{"more": "one\ntwo, three"}, {}, {}], {"more": "Note"}).splitlines(keepends=True)
    path = write(tmp_path, "".join([header, *sound[:-1], "C9,1\n", sound[-1]]))
    con, intake = read(path)
    assert rows(con, "source_row") == [(2,), (4,), (6,)]
    assert [row[0] for row in rejects(con)] == [5]
    assert (intake.rows, intake.rejected_rows) == (4, 1)


def test_a_lost_quote_and_an_extra_blank_cell_are_read_line_by_line(tmp_path: Path) -> None:
    sound = text_of([{}]).splitlines()[1]
    con, intake = read(faulty(tmp_path, sound + ",,\n", sound.replace("Medicare", '"Medicare') + "\n"))
    assert (intake.rows, intake.rejected_rows) == (42, 1)
    assert [row[0] for row in rejects(con)] == [6]
    assert len(rows(con, "claim_id")) == 41


def test_the_gate_counts_rows_that_were_left_out_so(tmp_path: Path) -> None:
    _, intake = read(faulty(tmp_path, "C91,1\n"))
    with pytest.raises(InputError, match="the row has 2 cells and the header 11"):
        check_rejects(intake)


def test_what_was_noted_of_faulty_rows_is_let_go(tmp_path: Path) -> None:
    con, _ = read(faulty(tmp_path, "C91,1\n"))
    assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'csv_fault%'").fetchone() == (0,)
