"""Amounts that are the claim's total on each of its lines are named, tied out apart, and no line's own."""

from decimal import Decimal
from pathlib import Path

import pytest

from audit.engine.duckdb_session import Session, open_session
from audit.intake import given, load
from audit.model import Intake
from audit.runs import control_totals
from audit.settings.config import Config

HEADER = "Claim #,Line,Patient ID,DOS,CPT,Units,Payer,Bill Type,Charge,Paid\n"


def staged(session: Session, folder: Path, rows: str) -> Intake:
    path = folder / "export.csv"
    path.write_text(HEADER + rows)
    taken = load(session.con, [path], scratch=folder)
    session.stage(taken, Config(sources=()))
    return taken


def lines(*, claim: str, bill_type: str, paid: list[str], code: str = "97110") -> str:
    return "".join(
        f"{claim},{n},P{claim},2025-11-03,{code},1,Medicare,{bill_type},{amount},{amount}\n" for n, amount in enumerate(paid, 1)
    )


def test_a_total_on_each_line_is_no_lines_own_and_is_tied_out_apart(tmp_path: Path) -> None:
    rows = lines(claim="A", bill_type="131", paid=["500.00"] * 3) + lines(claim="B", bill_type="", paid=["60.00", "60.00"])
    rows += "A,4,PA,2025-11-03,,1,Medicare,131,500.00,500.00\n"  # a revenue line: left out, and the total stands on it too
    with open_session(Config(sources=()), tmp_path / "spill") as session:
        taken = staged(session, tmp_path, rows)
        (said,) = [warning for warning in taken.warnings if "paid_amount" in warning]
        assert "1 institutional claim shows one and the same paid_amount on each of its 4 lines" in said
        found = session.rows("SELECT claim_id, line_amount, charge_amount FROM claim_line ORDER BY line_id")
        assert [row["line_amount"] for row in found] == [None, None, None, Decimal("60.00"), Decimal("60.00")]
        assert [row["charge_amount"] for row in found] == [None, None, None, Decimal("60.00"), Decimal("60.00")]
        totals = (Path(__file__).parents[2] / "queries" / "summary" / "file_totals.sql").read_text()
        fate = control_totals.of_files(taken, session.rows(totals))["export.csv"]
        assert fate.rows == {"read": 6, "audited": 5, "excluded": 1, "rejected": 0}
        assert fate.dollars["paid_amount"] == {
            "read": Decimal("2120.00"),
            "audited": Decimal("120.00"),
            "excluded": Decimal("500.00"),
            "rejected": Decimal("0.00"),
            "claim_totals": Decimal("1500.00"),
        }


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        (lines(claim="A", bill_type="131", paid=["60.00", "61.00"]), True),
        (lines(claim="A", bill_type="", paid=["60.00", "60.00"]), True),
        (lines(claim="A", bill_type="131", paid=["60.00"]), True),
        (lines(claim="A", bill_type="131", paid=["60.00", "60.00"]), False),
        # Taken back and paid anew: the total of each of the three stands on both lines.
        (
            "".join(
                f"A,{n},PA,2025-11-03,97110,1,Medicare,131,{amount},{amount}\n"
                for amount in ("60.00", "-60.00", "80.00")
                for n in (1, 2)
            ),
            False,
        ),
    ],
)
def test_only_institutional_claims_that_repeat_every_amount_are_taken_so(rows: str, known: bool, tmp_path: Path) -> None:
    with open_session(Config(sources=()), tmp_path / "spill") as session:
        staged(session, tmp_path, rows)
        amounts = {row["line_amount"] for row in session.rows("SELECT line_amount FROM claim_line")}
    assert (None not in amounts) == known


def test_a_file_that_writes_the_lines_own_amounts_keeps_a_claim_of_equal_lines(tmp_path: Path) -> None:
    rows = "".join(lines(claim=f"A{n}", bill_type="131", paid=["60.00", "45.00"]) for n in range(3))
    with open_session(Config(sources=()), tmp_path / "spill") as session:
        taken = staged(session, tmp_path, rows + lines(claim="B", bill_type="131", paid=["60.00", "60.00"]))
        assert session.rows("SELECT count(*) AS n FROM claim_line WHERE line_amount IS NULL") == [{"n": 0}]
    assert not [warning for warning in taken.warnings if "total" in warning]


PROFESSIONAL = "Claim #,Line,Patient ID,DOS,CPT,Units,Payer,Line Charge,{}\n"


def professional(*claims: tuple[tuple[str, str], ...], header: str = "Total Paid") -> str:
    return PROFESSIONAL.format(header) + "".join(
        f"C{n},{line},P{n},2025-11-0{n},9711{line},1,Medicare,{charge},{paid}\n"
        for n, claim in enumerate(claims, 1)
        for line, (charge, paid) in enumerate(claim)
    )


def known_amounts(folder: Path, text: str, header: str) -> list[Decimal | None]:
    path = folder / "export.csv"
    path.write_text(text)
    columns = {"paid_amount": header, "charge_amount": "Line Charge"}
    with open_session(Config(sources=()), folder / "spill") as session:
        session.stage(load(session.con, [path], given=given(columns), scratch=folder), Config(sources=()))
        return [row["paid_amount"] for row in session.rows("SELECT paid_amount FROM claim_line ORDER BY line_id")]


TOTALS = ((("120", "70.40"), ("55", "70.40")), (("120", "104"), ("140", "104")), (("60", "24"),))


@pytest.mark.parametrize("header", ["Total Paid", "Claim Paid", "Claim Amount", "Claim Payment Total", "TotalPaid"])
def test_a_header_that_says_so_and_lines_that_differ_show_a_professional_claims_total(header: str, tmp_path: Path) -> None:
    assert known_amounts(tmp_path, professional(*TOTALS, header=header), header) == [None] * 4 + [Decimal("24.00")]


@pytest.mark.parametrize(
    ("claims", "header"),
    [
        (TOTALS, "Paid"),  # the header does not say so
        (TOTALS, "Total Line Payment"),
        ((*TOTALS, (("60", "20"), ("60", "21"))), "Total Paid"),  # one claim against
        (((("60", "24"), ("60", "24")), (("55", "22"), ("55", "22"))), "Total Paid"),  # equal lines of equal price
        (((("60", "24"),), (("55", "22"),)), "Total Paid"),  # no claim of several lines
        (((("60", "0"), ("55", "0")),), "Total Paid"),
    ],
)
def test_other_amounts_stay_the_lines_own(claims: tuple[tuple[tuple[str, str], ...], ...], header: str, tmp_path: Path) -> None:
    assert None not in known_amounts(tmp_path, professional(*claims, header=header), header)
