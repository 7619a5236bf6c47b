"""Ledgers: rows that are no charges are left out and counted, and payments below zero are the system's sign."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit.errors import InputError
from audit.intake.columns.entries import may_tell_entries
from tests.intake.test_load import read, rows, write

HEADER = "Claim #,Patient ID,DOS,CPT,{},Units,Payer,Charge,Paid\n"


def ledger(header: str, *kinds: str, charge: str = "CHARGE", paid: str = "-48.00") -> str:
    lines = []
    for n in (1, 2):
        lines.append(f"C{n},P{n},2025-11-0{n},97110,{charge},2,Medicare,120.00,0.00\n")
        lines += [f"C{n},P{n},2025-11-0{n},97110,{kind},0,Medicare,0.00,{paid}\n" for kind in kinds]
    return HEADER.format(header) + "".join(lines)


@pytest.mark.parametrize("header", ["LINE_TYPE", "Type"])
def test_rows_that_are_no_charges_are_left_out_and_counted(header: str, tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, ledger(header, "PAYMENT", "ADJUSTMENT")))
    assert rows(con, "claim_id, units, charge_amount") == [(f"C{n}", Decimal(2), Decimal(120)) for n in (1, 2)]
    (file,) = intake.files
    assert (file.rows, file.left_out_rows, file.rejected_rows) == (6, 4, 0)
    assert file.dollars.charge_amount == Decimal("240.00")
    assert (
        f"export.csv: {header!r} tells services from other entries of a ledger: 4 rows that are no services were left out."
        in (intake.warnings)
    )


@pytest.mark.parametrize(
    "header", ["Transaction Type", "Trans Type", "Tran Type", "Entry Type", "LINE_TYPE", "Type", "Txn Type", "transaction_type"]
)
def test_headers_of_such_a_column(header: str, con: duckdb.DuckDBPyConnection) -> None:
    (found,) = may_tell_entries(
        con, ["Claim #", header, "Visit Type"], [["C1", "CHARGE", "CHARGE"], ["C1", "PAYMENT", "PAYMENT"]]
    )
    assert (found.index, found.header) == (1, header)


KINDS = (
    *("Payment", "Adjustment", "WRITE-OFF", "Write Off", "WRITEOFF", "TRANSFER", "Refund", "CREDIT", "DEBIT", "BALANCE"),
    *("COPAY", "CO-PAY", "DEDUCTIBLE", "VOID", "Ins Payment", "Patient Payment", "PMT", "ADJ", "WRITE_OFF", "Reversal"),
    *("Contractual Adjustment", "BALANCE FORWARD", "TRANSFERIN", "TRANSFEROUT", "Transfer In", "Charge Reversal"),
)


def test_so_are_all_kinds_of_entries(tmp_path: Path) -> None:
    """One of them that nobody knew would be named, and its rows read as services."""
    con, intake = read(write(tmp_path, ledger("Transaction Type", *KINDS, charge="Charge")))
    assert not [one for one in intake.warnings if "holds words" in one]
    assert (len(rows(con, "claim_id")), intake.left_out_rows, intake.rejected_rows) == (2, 2 * len(KINDS), 0)


TAKEN_BACK = "C1,P1,2025-11-01,97110,{},-2,Medicare,-120.00,0.00\n"
TAKING_BACK = ("VOID", "REVERSAL", "CHARGE REVERSAL", "Charge Void", "Reversed Charge", "BACKOUT", "Charge Correction")


def test_a_charge_that_is_taken_back_keeps_the_row_that_does_so(tmp_path: Path) -> None:
    """Left out, it would leave the charge that it takes back as one that was billed."""
    text = ledger("Txn Type", "PAYMENT") + "".join(map(TAKEN_BACK.format, TAKING_BACK))
    con, intake = read(write(tmp_path, text))
    assert not [one for one in intake.warnings if "holds words" in one]
    assert rows(con, "claim_id, units, charge_amount") == [
        ("C1", Decimal(2), Decimal(120)), ("C2", Decimal(2), Decimal(120)),
        *[("C1", Decimal(-2), Decimal(-120))] * len(TAKING_BACK),
    ]  # fmt: skip
    assert (intake.left_out_rows, intake.rejected_rows) == (2, 0)


def test_a_payment_that_is_taken_back_is_no_service(tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, ledger("Txn Type", "PAYMENT", "PAYMENT REVERSAL", "VOID", paid="48.00")))
    assert (intake.left_out_rows, intake.rejected_rows) == (6, 0)


@pytest.mark.parametrize(
    ("header", "kinds", "charge"),
    [
        ("Transaction Type", ("CHARGE",), "CHARGE"),  # charges alone
        ("Transaction Type", ("PAYMENT",), "ADJUSTMENT"),  # no charge at all
        ("Visit Type", ("PAYMENT",), "CHARGE"),  # another header
        ("Type", ("Follow-up",), "Eval"),
    ],
)
def test_otherwise_nothing_changes(header: str, kinds: tuple[str, ...], charge: str, tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, ledger(header, *kinds, charge=charge)))
    assert intake.left_out_rows == 0
    assert not [one for one in intake.warnings if "ledger" in one]


UNKNOWN = "'Transaction Type' (column 5) {}holds words on {} that are not known{}."


def test_a_word_that_no_ledger_uses_is_named_and_its_row_read_wherever_it_stands(tmp_path: Path) -> None:
    text = ledger("Transaction Type", "PAYMENT") + "C9,P9,2025-11-09,97110,CHARGE,1,Medicare,60.00,0.00\n" * 3000
    con, intake = read(write(tmp_path, text + "C8,P8,2025-11-09,97110,Lockbox,1,Medicare,60.00,0.00\n"))
    assert (intake.left_out_rows, len(rows(con, "claim_id"))) == (2, 3003)
    said = UNKNOWN.format("", "1 row", ': "Lockbox" 1')
    assert f"export.csv: {said} They were read as services." in intake.warnings


@pytest.mark.parametrize(
    ("kinds", "charge", "unknown"),
    [
        (("PAYMENT", "Zip", "Zap"), "Visit fee", '"Visit fee" 2, "Zap" 2, "Zip" 2'),
        (("PAYMENT", "Zip", "Zap", "Zop"), "CHARGE", '"Zap" 2, "Zip" 2, "Zop" 2'),
        (("PAYMENT",), "Visit fee", '"Visit fee" 2'),
    ],
)
def test_a_column_that_is_not_understood_but_has_payments_is_named(
    kinds: tuple[str, ...], charge: str, unknown: str, tmp_path: Path
) -> None:
    _, intake = read(write(tmp_path, ledger("Transaction Type", *kinds, charge=charge)))
    assert intake.left_out_rows == 0
    rows_of = 2 * (unknown.count(",") + 1)
    before = "may tell services from payments and other entries of a ledger, and was not read: it "
    said = UNKNOWN.format(before, f"{rows_of} rows", f": {unknown}")
    assert f"export.csv: {said} If some rows are no services, leave them out of the export." in intake.warnings


def test_words_that_may_be_a_patient_s_are_counted_and_not_shown(tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, ledger("Transaction Type", "PAYMENT", "Zip 00123456")))
    (said,) = [one for one in intake.warnings if "that are not known" in one]
    assert "2 rows" in said
    assert "Zip" not in said


def test_payments_in_rows_of_their_own_are_not_noughts_of_the_charges(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, ledger("Transaction Type", "PAYMENT", paid="48.00")))
    assert rows(con, "paid_amount") == [(None,), (None,)]
    assert intake.files[0].dollars.paid_amount == Decimal("96.00")


@pytest.mark.parametrize("kind", ["ICD10", "ICD9", "COPAY", "TAX"])
def test_a_type_of_code_tells_services_too(kind: str, tmp_path: Path) -> None:
    text = ledger("code_type", kind, charge="CPT4").replace(f"97110,{kind}", f",{kind}")
    con, intake = read(write(tmp_path, text + "C3,P3,2025-11-03,G0283,HCPCS,1,Medicare,20.00,9.00\n"))
    assert (len(rows(con, "claim_id")), intake.left_out_rows, intake.rejected_rows) == (3, 2, 0)


PAID = "Claim #,Patient ID,DOS,CPT,Units,Payer,Charge,Paid\n"


def payments(*amounts: str, charge: str = "120.00") -> str:
    return PAID + "".join(f"C{n},P{n},2025-11-0{n},97110,2,Medicare,{charge},{paid}\n" for n, paid in enumerate(amounts, 1))


@pytest.mark.parametrize(
    "amounts", [("-48.00", "-22.40", "-9.00"), ("(48.00)", "0.00", "(22.40)", "($9.00)"), ("48.00-", "9-", "-9", "")]
)
def test_payments_all_below_zero_are_read_as_their_opposites(amounts: tuple[str, ...], tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, payments(*amounts)))
    read_as = [Decimal(str(paid)) for (paid,) in rows(con, "paid_amount") if paid]
    assert len(read_as) == 3
    assert min(read_as) > 0
    assert intake.files[0].dollars.paid_amount == sum(read_as)
    (said,) = [one for one in intake.warnings if "every payment is below zero" in one]
    assert "(Paid, 3 rows)" in said
    assert not [one for one in intake.warnings if "read as they stand" in one]


def test_a_payment_taken_back_among_many_below_zero_is_read_as_one(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, payments(*["-9.00"] * 10, "9.00").replace("-010,", "-10,").replace("-011,", "-11,")))
    assert sorted(rows(con, "paid_amount")) == [(Decimal("-9.00"),), *[(Decimal("9.00"),)] * 10]
    (said,) = [one for one in intake.warnings if "nearly every payment is below zero, 1 above it," in one]
    assert "(Paid, 10 rows)" in said


def test_nine_to_one_is_no_sign(tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, payments(*["-9.00"] * 9, "9.00").replace("-010,", "-10,")))
    assert rows(con, "paid_amount").count((Decimal("-9.00"),)) == 9


@pytest.mark.parametrize(
    ("payer", "shown"),
    [
        ("SELF PAY - OAKENFELD PEREGRINE", "SELF PAY"),
        ("Oakenfeld; P. (self-pay)", "self-pay"),
        ("Patient Pays Oakenfeld", "Patient Pays"),
        ("Self Pay Sliding Scale", "Self Pay Sliding Scale"),
        ("Self-Pay", "Self-Pay"),
        ("Paysafe Health", "Paysafe Health"),
        ("Private Health Partners", "Private Health Partners"),
    ],
)
def test_a_payer_who_is_a_patient_is_not_named(payer: str, shown: str, tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, payments("10.00", "10.00").replace("Medicare", payer)))
    assert {name for (name,) in rows(con, "payer_name")} == {shown}


@pytest.mark.parametrize(
    ("amounts", "charge"),
    [
        (("-48.00", "-22.40", "9.00"), "120.00"),  # both signs
        (("-48.00", "-22.40"), "120.00"),  # too few
        (("-48.00", "-22.40", "-9.00"), "-120.00"),  # claims that were taken back
        (("-48.00", "-22.40", "-9.00"), ""),
    ],
)
def test_other_payments_below_zero_stay_as_they_are(amounts: tuple[str, ...], charge: str, tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, payments(*amounts, charge=charge)))
    assert [paid for (paid,) in rows(con, "paid_amount")] == [Decimal(amount) for amount in amounts]
    assert not [one for one in intake.warnings if "every payment" in one]


_LINES = "Claim #,Patient ID,DOS,CPT,Units,Payer,Charge\nC1,P1,11/13/2025,97140,1,Aetna,60\n"


@pytest.mark.parametrize(
    "cell",
    ["No Show", "NO-SHOW", "NOSHOW", "Noshow fee", "NS", "N/S", "DNA", "Late Cancel", "Late Cancel Fee", "Cancelled", "CXL",
     "CANC", "Canceled by patient", "Cancellation < 24 hrs", "Missed Appointment", "Did not attend", "Rescheduled", "NSF",
     "NSF fee", "Late Fee", "Records fee", "Form completion fee", "Returned check charge", "Copy charge", "NS50"],
)  # fmt: skip
def test_a_missed_visit_or_a_fee_is_excluded_for_what_it_is(cell: str, tmp_path: Path) -> None:
    text = (
        f"Claim #,Patient ID,DOS,CPT,Units,Payer,Charge\nC1,P1,11/13/2025,97140,1,Aetna,60\nC2,P1,11/14/2025,{cell},1,Aetna,25\n"
    )
    con, intake = read(write(tmp_path, text))
    assert (intake.rows, intake.left_out_rows, intake.rejected_rows) == (2, 1, 0)
    found = con.execute("SELECT reason FROM left_out_row").fetchall()
    assert found == [("no service: a missed or cancelled visit, or a fee, stands where the procedure code would",)]


@pytest.mark.parametrize(
    "cell",
    ["97140 No Show", "97140 late fee", "97140 (cancelled 97124)", "G0283 missed visit", "Massage fee", "Show", "SMITH", "Cancer",
     "Fee for therapy", "Evaluation charge", "CMT"],
)  # fmt: skip
def test_what_may_be_a_service_is_read_or_rejected(cell: str, tmp_path: Path) -> None:
    text = (
        f"Claim #,Patient ID,DOS,CPT,Units,Payer,Charge\nC1,P1,11/13/2025,97140,1,Aetna,60\nC2,P1,11/14/2025,{cell},1,Aetna,25\n"
    )
    try:
        _, intake = read(write(tmp_path, text))
    except InputError:
        return  # several codes in one cell
    assert intake.left_out_rows == 0
