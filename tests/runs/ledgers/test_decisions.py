"""Decisions: checked as a whole before one is taken, added once, and never lost."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
import xlsxwriter

from audit.errors import InputError
from audit.runs.ledgers import decisions, review_file, seals
from audit.runs.timeline import history

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
SEEN = date(2026, 1, 21)
KNOWN = {key: decisions.Known(Decimal("50.00"), "TIM001", 2, "ab", TODAY, SEEN) for key in ("F1", "F2")}
HEADS = "finding_id,disposition,amount,refunded_on,reviewer,reviewed_on,note"


def made_of(folder: Path, *rows: str, reviewer: str = "") -> list[decisions.Decision]:
    path = folder / "decisions.csv"
    path.write_text("\n".join([HEADS, *rows]) + "\n", encoding="utf-8")
    return review_file.decisions_of(review_file.read(path), KNOWN, reviewer, TODAY)


def test_a_row_is_read_whole(tmp_path: Path) -> None:
    (one,) = made_of(tmp_path, "F1,Refunded,12.50,2026-01-31,AB,2026-01-30,sent", "F2,,,,,,not yet")
    assert one == decisions.Decision(
        finding_id="F1",
        decision="refunded",
        amount=Decimal("12.50"),
        refunded_on=date(2026, 1, 31),
        reviewer="AB",
        decided_on=date(2026, 1, 30),
        note="sent",
    )


def test_bounds_that_are_taken(tmp_path: Path) -> None:
    (one, two) = made_of(tmp_path, "F1,confirm,50.00,,,2026-02-02,", "F2,dismiss,0,,,,", "F2,dismiss,0,,,,", reviewer="AB")
    assert (one.amount, one.reviewer, two.decided_on) == (Decimal("50.00"), "AB", TODAY)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (["F9,confirm,,,AB,,"], "row 2, column finding_id"),
        (["F1,maybe,,,AB,,"], "row 2, column disposition: not one of"),
        (["F1,confirm,,,AB,,", "F1,dismiss,,,AB,,"], "row 3, column disposition: the finding has another answer"),
        (["F1,confirm,50.01,,AB,,"], "row 2, column amount: more than"),
        (["F1,confirm,-1,,AB,,"], "row 2, column amount: no amount"),
        (["F1,confirm,NaN,,AB,,"], "row 2, column amount: no amount"),
        (["F1,refunded,5,,AB,,"], "a refund needs"),
        (["F1,refunded,,2026-01-31,AB,,"], "a refund needs"),
        (["F1,confirm,,,,,"], "column reviewer"),
        (["F1,confirm,,,AB,2026-02-03,"], "a day to come"),
        (
            ["F1,confirm,,,AB,2026-01-20,", "F2,confirm,,,AB,2026-01-19,"],
            "row 3, column reviewed_on: 2026-01-19 is before",
        ),
        (["F1,confirm,,,AB,2026-01-19,"], "the finding was first seen, 2026-01-21;"),
        (["F1,confirm,,,AB,1/2/26,"], "no date"),
        (["F1,confirm,,,AB,13/1/2026,"], "no date"),
    ],
)
def test_a_fault_is_named_by_row_and_column(tmp_path: Path, rows: list[str], fault: str) -> None:
    with pytest.raises(InputError) as caught:
        made_of(tmp_path, *rows)
    assert fault in caught.value.hint


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        made_of(tmp_path, "F9,maybe,,,,,", "F1,confirm,,,AB,,", "F2,confirm,51,,AB,,")
    assert len(caught.value.hint.splitlines()) == 4


def test_the_ledger_is_added_to_and_the_same_file_adds_nothing(tmp_path: Path) -> None:
    confirm = made_of(tmp_path, "F1,confirm,,,AB,,", "F2,refer,,,AB,,")
    dismiss = made_of(tmp_path, "F1,dismiss,,,AB,,", "F2,refer,,,AB,,")
    file = tmp_path / "decisions.csv"
    assert decisions.add(tmp_path, confirm, KNOWN, file, "one", NOW) == 2
    first = (tmp_path / decisions.NAME).read_bytes()
    assert decisions.add(tmp_path, dismiss, KNOWN, file, "two", NOW) == 1
    assert decisions.add(tmp_path, confirm, KNOWN, file, "one", NOW) == 0
    assert (tmp_path / decisions.NAME).read_bytes().startswith(first)
    assert (tmp_path / decisions.NAME).stat().st_mode & 0o777 == 0o600
    standing = decisions.standing(decisions.read(tmp_path))
    assert {key: entry.what.decision for key, entry in standing.items()} == {"F1": "dismiss", "F2": "refer"}
    assert (standing["F1"].rule_id, standing["F1"].rule_version, standing["F1"].file_sha256) == ("TIM001", 2, "two")


def test_a_damaged_ledger_is_refused_by_its_line(tmp_path: Path) -> None:
    (tmp_path / decisions.NAME).write_text("{\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        decisions.read(tmp_path)


@pytest.mark.parametrize(("version", "line", "rests"), [(2, "ab", True), (3, "ab", False), (2, "ac", False)])
def test_a_decision_rests_on_the_rules_version_and_the_line(tmp_path: Path, version: int, line: str, rests: bool) -> None:
    decisions.add(tmp_path, made_of(tmp_path, "F1,dismiss,,,AB,,"), KNOWN, tmp_path / "a.csv", "one", NOW)
    (entry,) = decisions.read(tmp_path)
    assert decisions.still_rests(entry, version, line) is rests


def test_both_sheets_of_a_workbook_are_read(tmp_path: Path) -> None:
    path = tmp_path / "findings.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for sheet, finding in (("Findings", "F1"), ("Worklist", "F2")):
            page = book.add_worksheet(sheet)
            page.write_row(0, 0, ["disposition", "reviewed on", "finding id"])
            page.write_row(1, 0, ["dismiss", "", finding])
            page.write_datetime(1, 1, datetime(2026, 1, 30), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
            page.write_row(3, 0, ["Total"])
            page.write_row(4, 0, ["The whole run"])
    made = review_file.decisions_of(review_file.read(path), KNOWN, "AB", TODAY)
    assert [(one.finding_id, one.decided_on) for one in made] == [("F1", date(2026, 1, 30)), ("F2", date(2026, 1, 30))]


def test_a_csv_that_a_spreadsheet_saved_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "findings.csv"
    path.write_text(
        "rule_id;finding_id;disposition;reviewed_on;amount\r\nTIM001;F1;Confirm;1/30/2026;$12.50\r\n", encoding="utf-8-sig"
    )
    (one,) = review_file.decisions_of(review_file.read(path), KNOWN, "AB", TODAY)
    assert (one.decision, one.decided_on, one.amount) == ("confirm", date(2026, 1, 30), Decimal("12.50"))


@pytest.mark.parametrize("written", ["2026-01-30", "1/30/2026", "01/30/2026", "46052", "46052.0"])
def test_a_day_is_read_as_a_spreadsheet_leaves_it(written: str, tmp_path: Path) -> None:
    (one,) = made_of(tmp_path, f"F1,confirm,,,AB,{written},")
    assert one.decided_on == date(2026, 1, 30)


def test_words_without_a_disposition_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(f"{HEADS}\nF1,,,,AB,,why is this\nF2,,5,,,,\nF1,,,,AB,2026-01-01,\n", encoding="utf-8")
    assert (review_file.read(path).undecided, review_file.read(path).rows) == (2, ())


def test_a_note_that_is_left_out_takes_none_away(tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    assert decisions.add(tmp_path, made_of(tmp_path, "F1,refer,,,AB,2026-01-30,to counsel"), KNOWN, file, "one", NOW) == 1
    assert decisions.add(tmp_path, made_of(tmp_path, "F1,refer,,,AB,2026-01-30,"), KNOWN, file, "two", NOW) == 0
    assert decisions.add(tmp_path, made_of(tmp_path, "F1,refer,,,AB,2026-01-30,to the payer"), KNOWN, file, "three", NOW) == 1


@pytest.mark.parametrize("spoilt", [b"{\n", b"[]\n", b"\xff\xfe\n", b'{"what": {"finding_id": "0"'])
def test_a_run_keeps_the_entries_of_a_damaged_ledger_that_can_be_read(spoilt: bytes, tmp_path: Path) -> None:
    entry = decisions.Entry(
        what=decisions.Decision(finding_id="0", decision="dismiss", reviewer="desk", decided_on=date(2026, 1, 5)),
        imported_at=datetime(2026, 1, 5, tzinfo=UTC),
        file_name="decisions.csv",
        file_sha256="0" * 64,
        rule_id="TIM001",
        rule_version=1,
        rests_on="1",
        first_seen=date(2026, 1, 4),
    )
    line = msgspec.json.encode(entry) + b"\n"
    assert decisions.legible(tmp_path) == ((), ())
    (tmp_path / decisions.NAME).write_bytes(line)
    assert decisions.legible(tmp_path) == ((entry,), ())
    (tmp_path / decisions.NAME).write_bytes(line + spoilt)
    found, (said,) = decisions.legible(tmp_path)
    assert found == (entry,)
    assert "line 2 is damaged. 1 decision could be read and hold" in said
    (tmp_path / decisions.NAME).unlink()
    (tmp_path / decisions.NAME).mkdir()
    assert decisions.legible(tmp_path)[0] == ()


def test_a_finding_may_have_been_seen_since_the_first_run_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"finding_id": "F1", "rule_id": "TIM001", "rule_version": 2, "amount_at_risk": None, "rests_on": "ab"}

    def run(label: str, day: int) -> history.PastRun:
        at = datetime(2026, 1, day, tzinfo=UTC)
        return history.PastRun(Path(label), label, "r", at, date(2025, 12, 1), date(2025, 12, 31), 1, Decimal(0), final=False)

    monkeypatch.setattr(history, "findings_of", lambda *_: pa.Table.from_pylist([row]))
    days = [(label, f"2026-01-{day:02}T08:00:00Z") for label, day in (("other", 1), ("2025-12", 9), ("2025-12", 21))]
    written = [seals.Seal(label, "run", at, "0") for label, at in days]

    def known(*runs: history.PastRun, written: list[seals.Seal]) -> tuple[date, date]:
        (one,) = decisions.known_among(runs, ["F1"], written).values()
        return one.first_seen, one.seen_from

    # The run of the ninth was replaced on the twenty-first: a decision made from its sheet is none before its time.
    assert known(run("2025-12", 21), written=written) == (date(2026, 1, 21), date(2026, 1, 9))
    assert known(run("2025-12", 21), written=[]) == (date(2026, 1, 21), date(2026, 1, 21))
    assert known(run("2026-01", 30), run("2025-12", 21), written=written) == (date(2026, 1, 21), date(2026, 1, 9))
