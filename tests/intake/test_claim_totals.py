"""Amounts that are the claim's total on each of its lines are named, tied out apart, and no line's own."""

from decimal import Decimal
from pathlib import Path

import pytest

from audit.config import Config
from audit.engine.duckdb_session import Session, open_session
from audit.intake import load
from audit.model import Intake
from audit.runs import control_totals

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
        assert "1 institutional claims show one and the same paid_amount on each of their 4 lines" in said
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
