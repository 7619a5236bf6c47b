"""The frame, the draw and the worksheet of a sample."""

import csv
import hashlib
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
import python_calamine

from audit.errors import ConfigError, InputError
from audit.runs.estimates import LINES
from audit.runs.ledgers import decisions
from audit.runs.ledgers.decisions import Decision, Entry
from audit.sampling import cautions, decided, design, draw, generator, worksheet
from audit.sampling.design import DrawnStratum, OfFrame, Size
from audit.sampling.draw import Plan
from audit.sampling.frame import Choice, Stratum, open_frame
from audit.terms import DecisionWord
from tests.end_to_end.command import claims_audit
from tests.sampling.fixture import NOW, drawn, fill, lines, no_error, run_folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_folder(tmp_path_factory.mktemp("run") / "out" / "2025-11")


def listed(folder: Path) -> list[dict[str, str]]:
    with (folder / design.FRAME).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_frame_is_listed_whole_in_the_order_of_its_keys(run: Path, tmp_path: Path) -> None:
    sample = drawn(run, tmp_path / "s", Choice("line", "all"), size=10)
    rows = listed(tmp_path / "s")
    wanted = [(line["claim_id"], str(line["claim_line_number"]), str(line["line_amount"])) for line in lines()]
    assert [(row["claim_id"], row["claim_line_number"], row["amount"]) for row in rows] == wanted
    assert [int(row["number"]) for row in rows] == list(range(1, 201))
    assert sample.frame.units == 200
    assert sample.frame.amount == sum(line["line_amount"] for line in lines())
    assert sample.frame.sha256 == hashlib.sha256((tmp_path / "s" / design.FRAME).read_bytes()).hexdigest()


def test_the_order_of_the_runs_rows_does_not_matter(run: Path, tmp_path: Path) -> None:
    other = run_folder(tmp_path / "out" / "2025-11", lines()[::-1])
    first, second = (drawn(one, tmp_path / name, Choice("claim"), size=10) for one, name in ((run, "a"), (other, "b")))
    assert first.frame.sha256 == second.frame.sha256
    assert first.rows == second.rows


@pytest.mark.parametrize(
    ("choice", "units"),
    [
        (Choice("line", "findings"), 50),
        (Choice("claim", "findings"), 50),
        (Choice("line", "all"), 200),
        (Choice("claim", "all"), 100),
        (Choice("patient", "all"), 40),
        (Choice("patient", "findings"), 20),
        (Choice("line", "tim001"), 50),
        (Choice("line", "MOD001"), 20),
        (Choice("line", "MOD, TIM001"), 60),
    ],
)
def test_what_is_drawn_from(run: Path, choice: Choice, units: int) -> None:
    with open_frame(run, choice) as frame:
        assert frame.units == units


def test_a_claim_is_drawn_whole(run: Path) -> None:
    with open_frame(run, Choice("claim", "findings")) as frame:
        assert frame.amount == sum(line["line_amount"] for line in lines() if int(line["claim_id"][1:]) % 2 == 0)
        assert [line["claim_line_number"] for line in frame.lines_of([1, 2], decided.words_on(()))] == [1, 2, 1, 2]


def test_units_without_an_amount_above_zero_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = lines(20)
    for at, amount in ((0, None), (2, Decimal("0.00")), (4, Decimal("-5.00")), (6, Decimal("0.01"))):
        rows[at]["line_amount"] = amount
    run = run_folder(tmp_path / "run", rows)
    with open_frame(run, Choice("line", "all")) as frame:
        assert (frame.units, frame.left_out) == (37, 3)
    with open_frame(run, Choice("claim", "all")) as frame:
        assert (frame.units, frame.left_out) == (19, 1), "a claim of which one line has no amount"
    sample = drawn(run, tmp_path / "s", Choice("line", "all"), size=5)
    assert any("3 units of the run are not in the frame" in warning for warning in sample.warnings)


def test_a_key_that_stands_twice_is_two_units(tmp_path: Path) -> None:
    rows = lines(3)
    rows.append({**rows[0], "occurrence": 2, "line_amount": Decimal("1.00")})
    with open_frame(run_folder(tmp_path / "run", rows), Choice("line", "all")) as frame:
        assert frame.units == 7
        assert [row["amount"] for row in frame.rows(1, [2])] == [Decimal("1.00")]


def test_patients_that_the_run_hides_cannot_be_drawn(tmp_path: Path) -> None:
    hidden = run_folder(tmp_path / "run", [{**line, "patient_id": None} for line in lines(5)])
    with pytest.raises(InputError, match="no patients"), open_frame(hidden, Choice("patient", "all")):
        pass
    with open_frame(hidden, Choice("claim", "all")) as frame:
        assert frame.units == 5


@pytest.mark.parametrize(
    ("frame", "hint"), [("TIM099", "TIM0"), ("finding", "findings.csv"), ("", "findings.csv"), ("TIM001,,", "")]
)
def test_a_frame_that_is_none_is_refused(run: Path, frame: str, hint: str) -> None:
    with pytest.raises(ConfigError) as error, open_frame(run, Choice("line", frame)):
        pass
    assert hint in str(error.value)


def test_a_run_that_was_changed_or_is_older_is_refused(tmp_path: Path) -> None:
    run = run_folder(tmp_path / "run")
    (run / LINES).write_bytes((run / LINES).read_bytes() + b" ")
    with pytest.raises(InputError, match="not as the run wrote it"), open_frame(run, Choice()):
        pass
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"] = [one for one in manifest["outputs"] if one["file"] != LINES]
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InputError, match="earlier release"), open_frame(run, Choice()):
        pass


def test_strata_by_payer_join_those_of_fewer_than_thirty(run: Path) -> None:
    with open_frame(run, Choice("claim", "all", "payer")) as frame:
        # 40, 40 and 20 claims.
        assert [(one.name, one.universe) for one in frame.strata] == [
            ("Bluebird", 40),
            ("Medicare Part B", 40),
            ("all others", 20),
        ]
        assert sum(one.amount for one in frame.strata) == frame.amount


def test_strata_by_rule_go_by_the_rule_that_bears_the_dollars(run: Path) -> None:
    with open_frame(run, Choice("claim", "all", "rule")) as frame:
        # Ten claims of MOD001 alone are too few.
        assert [(one.name, one.universe) for one in frame.strata] == [("TIM001", 50), ("no finding", 40), ("all others", 10)]


def test_strata_by_provider(tmp_path: Path) -> None:
    rows = [{**line, "rendering_npi": None if line["claim_id"] < "C1050" else "1003000126"} for line in lines()]
    rows[-1]["rendering_npi"] = "1003000134"
    with open_frame(run_folder(tmp_path / "run", rows), Choice("claim", "all", "provider")) as frame:
        assert [(one.name, one.universe) for one in frame.strata] == [
            ("1003000126", 49),
            ("no provider named", 50),
            ("all others", 1),
        ]


def test_strata_by_dollars_hold_a_like_share_and_keep_equal_amounts_together(run: Path) -> None:
    with open_frame(run, Choice("line", "all", "dollars")) as frame:
        assert len(frame.strata) == 3
        for one in frame.strata:
            assert abs(float(one.amount) - float(frame.amount) / 3) < 100
        edges = [tuple(float(edge.lstrip("$")) for edge in one.name.split(" to ")) for one in frame.strata]
        assert edges == sorted(edges)
        assert all(low <= high for low, high in edges)
        assert edges[0][1] < edges[1][0]


def test_amounts_all_alike_make_one_stratum(tmp_path: Path) -> None:
    alike = run_folder(tmp_path / "run", [{**line, "line_amount": Decimal("10.00")} for line in lines(20)])
    with open_frame(alike, Choice("line", "all", "dollars")) as frame:
        assert [(one.name, one.universe, one.deviation) for one in frame.strata] == [("$10.00 to $10.00", 40, 0.0)]


def test_mean_and_deviation_of_a_stratum(tmp_path: Path) -> None:
    rows = lines(2)
    for row, amount in zip(rows, ("1", "2", "3", "4"), strict=True):
        row["line_amount"] = Decimal(amount)
    with open_frame(run_folder(tmp_path / "run", rows), Choice("line", "all")) as frame:
        assert frame.strata[0].mean == 2.5
        assert frame.strata[0].deviation == pytest.approx((5 / 3) ** 0.5)


def test_what_is_drawn_is_what_ratstats_draws(run: Path, tmp_path: Path) -> None:
    sample = drawn(run, tmp_path / "s", Choice("line", "all"), spares=4, size=10)
    numbers, spares = generator.single_stage(48863.78, 1, 200, 10, 4)
    assert (sample.strata[0].numbers, sample.strata[0].spares) == (numbers, spares)
    assert tuple(row.number for row in sample.of(1, spares=False)) == numbers
    assert tuple(row.number for row in sample.of(1, spares=True)) == spares
    by_number = {int(row["number"]): row for row in listed(tmp_path / "s")}
    for row in sample.rows:
        found = by_number[row.number]
        assert row.key == (found["claim_id"], found["claim_line_number"], found["occurrence"])
        assert row.amount == Decimal(found["amount"])
    assert design.read(tmp_path / "s") == sample


def test_strata_are_drawn_apart_each_with_its_own_seed(run: Path, tmp_path: Path) -> None:
    sample = drawn(run, tmp_path / "s", Choice("claim", "all", "payer"), spares=3, size=30)
    assert [one.seed for one in sample.strata] == [str(seed) for seed in generator.strata_seeds(48863.78, 3)]
    places = {(row["stratum"], row["place"]): row["claim_id"] for row in listed(tmp_path / "s")}
    for number, one in enumerate(sample.strata, start=1):
        numbers, spares = generator.single_stage(float(one.seed), 1, one.universe, len(one.numbers), 3)
        assert (one.numbers, one.spares) == (numbers, spares)
        for row in sample.rows:
            if row.stratum == number:
                assert row.key == (places[(str(number), str(row.place))],)
    assert [row.drawn for row in sample.rows] == list(range(1, len(sample.rows) + 1))


def strata_of(*parts: tuple[int, float]) -> list[Stratum]:
    return [Stratum("", universe, Decimal(universe), 1.0, deviation) for universe, deviation in parts]


@pytest.mark.parametrize(
    ("size", "parts", "wanted"),
    [
        (60, ((1000, 5.0),), (60,)),
        (100, ((500, 1.0), (500, 3.0)), (30, 70)),
        (60, ((500, 1.0), (500, 3.0)), (30, 30)),
        (59, ((500, 1.0), (500, 3.0)), (15, 45)),
        (200, ((10, 9.0), (500, 1.0), (500, 1.0)), (10, 95, 95)),
        (20, ((500, 0.0), (500, 3.0)), (2, 18)),
        (90, ((500, 0.0), (500, 1.0), (500, 2.0)), (30, 30, 30)),
        (1000, ((500, 1.0), (500, 3.0)), (500, 500)),
    ],
)
def test_a_size_is_shared_among_strata(size: int, parts: tuple[tuple[int, float], ...], wanted: tuple[int, ...]) -> None:
    assert draw.shared(size, strata_of(*parts)) == wanted


@pytest.mark.parametrize("size", [0, 1001])
def test_more_than_the_frame_is_refused(size: int) -> None:
    with pytest.raises(ConfigError, match="1,000 units"):
        draw.shared(size, strata_of((500, 1.0), (500, 3.0)))


def test_size_and_spares_beyond_the_frame_are_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        drawn(run, tmp_path / "s", spares=1, size=50)
    assert not list(tmp_path.iterdir())
    assert drawn(run, tmp_path / "s", spares=1, size=49).strata[0].universe == 50


def test_size_from_an_error_rate(run: Path, tmp_path: Path) -> None:
    sample = drawn(run, tmp_path / "s", Choice("line", "all"), precision=25.0, confidence=90, error_rate=0.5)
    one = sample.strata[0]
    mean, square = one.mean / 2, (one.deviation**2 + one.mean**2 / 2) / 2
    exact = 200**2 * square / ((0.25 * mean * 200 / 1.6448536) ** 2 + 200 * square)
    assert len(one.numbers) == round(exact)
    assert sample.size.error_rate == 0.5
    assert not any("without a probe" in warning for warning in sample.warnings)


def test_a_sample_is_not_drawn_over_another(run: Path, tmp_path: Path) -> None:
    drawn(run, tmp_path / "s", size=10)
    before = (tmp_path / "s" / design.NAME).read_bytes()
    with pytest.raises(ConfigError, match="already"):
        drawn(run, tmp_path / "s", seed="1", size=10)
    assert (tmp_path / "s" / design.NAME).read_bytes() == before


def test_a_further_sample_names_those_before(run: Path, tmp_path: Path) -> None:
    drawn(run, tmp_path / "first", size=10)
    second = drawn(run, tmp_path / "second", seed="1", size=10)
    assert second.earlier == ("first",)
    assert any("another sample, first" in warning for warning in second.warnings)
    fill(tmp_path / "first", no_error)
    third = drawn(run, tmp_path / "third", seed="2", size=10)
    assert third.earlier == ("first", "second")
    assert any("Sample first of the same run has answers already" in warning for warning in third.warnings)


@pytest.mark.parametrize(("seed", "said"), [("20240701", True), ("48863.78", False), ("12345", False)])
def test_a_seed_that_falls_together_with_others_is_warned_of(run: Path, tmp_path: Path, seed: str, said: bool) -> None:
    sample = drawn(run, tmp_path / "s", seed=seed, size=10)
    assert any("16 bits" in warning for warning in sample.warnings) == said


@pytest.mark.parametrize("seed", ["", "x", "nan", "inf", "1e999"])
def test_a_seed_that_is_no_number_is_refused(run: Path, tmp_path: Path, seed: str) -> None:
    with pytest.raises(ConfigError, match="no number"):
        drawn(run, tmp_path / "s", seed=seed, size=10)


def test_fewer_than_thirty_are_warned_of(run: Path, tmp_path: Path) -> None:
    assert any("fewer than 30" in one for one in drawn(run, tmp_path / "a", size=29).warnings)
    assert not any("fewer than 30" in one for one in drawn(run, tmp_path / "b", size=30).warnings)


def cells(path: Path, sheet: str) -> list[list[Any]]:
    found: list[list[Any]] = python_calamine.load_workbook(str(path)).get_sheet_by_name(sheet).to_python()
    return found


def test_the_worksheet_holds_the_units_in_the_order_of_the_frame(run: Path, tmp_path: Path) -> None:
    sample = drawn(run, tmp_path / "s", Choice("claim", "findings"), spares=3, size=12)
    path = tmp_path / "s" / design.WORKSHEET
    rows = cells(path, worksheet.SAMPLE)
    heads = rows[0]
    assert heads[:4] == ["record", "error", "allowed amount", "reason"]
    by_drawn = {int(row[heads.index("drawn")]): row for row in rows[1:]}
    assert sorted(by_drawn) == [row.drawn for row in sample.of(1, spares=False)]
    assert [row[heads.index("number")] for row in rows[1:]] == sorted(row[heads.index("number")] for row in rows[1:])
    for row in sample.of(1, spares=False):
        shown = by_drawn[row.drawn]
        assert (shown[heads.index("claim id")], shown[heads.index("amount")]) == (row.key[0], float(row.amount))
        assert shown[:6] == [""] * 6
    spares = [row[heads.index("drawn")] for row in cells(path, worksheet.SPARES)[1:]]
    assert spares == [13, 14, 15]
    assert len(cells(path, "Lines")) == 1 + 2 * 15
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_never_becomes_a_formula(tmp_path: Path) -> None:
    rows = [{**line, "claim_id": "=1+" + line["claim_id"], "payer_name": "@cmd"} for line in lines(40)]
    drawn(run_folder(tmp_path / "run", rows), tmp_path / "s", Choice("claim", "all", "payer"), size=10)
    sheet = cells(tmp_path / "s" / design.WORKSHEET, worksheet.SAMPLE)
    assert all(row[sheet[0].index("claim id")].startswith("'=1+C") for row in sheet[1:])
    assert all(row["claim_id"].startswith("'=1+C") for row in listed(tmp_path / "s"))


def test_the_verb(run: Path, tmp_path: Path) -> None:
    done = claims_audit("sample", run, "--size", "30", "--seed", "48863.78", "--out", tmp_path / "s", cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.out.strip() == str(tmp_path / "s" / "sample.xlsx")
    assert "50 lines, with potential overpayment" in done.err
    assert "seed 48863.78: 30 units" in done.err
    again = claims_audit("sample", run, "--size", "30", "--out", tmp_path / "s", cwd=tmp_path)
    assert again.code == 2


def test_the_seed_that_is_left_out_is_seconds_since_midnight(run: Path, tmp_path: Path) -> None:
    epoch = str(1_764_547_200 + 3661)
    done = claims_audit("sample", run, "--size", "30", "--out", tmp_path / "s", cwd=tmp_path, SOURCE_DATE_EPOCH=epoch)
    assert done.code == 0, done.err
    assert design.read(tmp_path / "s").seed == "3661.00"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--size", "10", "--precision", "10"),
        ("--size", "10", "--error-rate", "0.1"),
        ("--size", "10", "--confidence", "95"),
        ("--size", "10", "--probe", "sample.xlsx"),
        ("--precision", "10"),
        ("--size", "0"),
        ("--size", "51"),
        ("--size", "10", "--seed", "soon"),
        ("--size", "10", "--frame", "TIM999"),
        ("--precision", "10", "--error-rate", "0.5", "--confidence", "91"),
    ],
)
def test_words_that_cannot_be_are_refused(run: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = claims_audit("sample", run, *words, "--out", tmp_path / "s", cwd=tmp_path)
    assert done.code == 2, done.err
    assert not (tmp_path / "s").exists()


def test_the_rule_of_a_claim_is_the_one_that_bears_most_of_its_dollars(tmp_path: Path) -> None:
    rows = lines(80)
    for at, line in enumerate(rows):
        first = at % 2 == 0
        line["bearing_rule"] = "AAA001" if first else "ZZZ001"
        line["counted_once"] = Decimal("1.00") if first == (at < 80) else Decimal("2.00")
    with open_frame(run_folder(tmp_path / "run", rows), Choice("claim", "all", "rule")) as frame:
        assert [(one.name, one.universe) for one in frame.strata] == [("AAA001", 40), ("ZZZ001", 40)]


def test_a_claim_of_several_payers_stands_apart(tmp_path: Path) -> None:
    rows = [{**line, "payer_name": "One" if at % 4 else "Two"} for at, line in enumerate(lines(80))]
    with open_frame(run_folder(tmp_path / "run", rows), Choice("claim", "all", "payer")) as frame:
        assert [(one.name, one.universe) for one in frame.strata] == [("One", 40), ("several payers", 40)]


def test_groups_that_are_all_joined_are_one_stratum_and_that_is_said(run: Path, tmp_path: Path) -> None:
    sample = drawn(run, tmp_path / "s", Choice("claim", "MOD001", "payer"), size=10)
    assert [one.name for one in sample.strata] == ["all others"]
    assert sample.strata[0].seed == "48863.78"
    assert any("one stratum, all others" in warning for warning in sample.warnings)
    assert not any("one stratum" in one for one in drawn(run, tmp_path / "t", Choice("claim", "MOD001"), size=10).warnings)


def test_the_answers_are_validated_where_they_are_written(run: Path, tmp_path: Path) -> None:
    drawn(run, tmp_path / "s", Choice("line", "all"), spares=2, size=12)
    with zipfile.ZipFile(tmp_path / "s" / design.WORKSHEET) as book:
        sheets = [book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (2, 3)]
    for sheet, last in zip(sheets, (13, 3), strict=True):
        assert f'type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1" sqref="A2:A{last}"' in sheet
        assert "found,not found,not of the frame" in sheet
        assert f'sqref="B2:B{last}"' in sheet
        assert "yes,no" in sheet
        assert 'type="decimal" operator="greaterThanOrEqual"' in sheet
        assert f'sqref="C2:C{last}"' in sheet


def test_the_lines_tell_what_the_screening_found_and_still_counts(tmp_path: Path) -> None:
    rows = lines(4)
    run = run_folder(
        tmp_path / "run", rows, [(rows[0], "new", "three units, two earned"), (rows[0], "dismissed", "no longer so")]
    )
    with open_frame(run, Choice("line", "all")) as frame:
        lines_said = frame.lines_of([1, 2], decided.words_on(()))
    assert [line["potential_findings"] for line in lines_said] == ["TIM001: three units, two earned", None]


@pytest.mark.parametrize(
    ("word", "amount", "said"),
    [
        ("confirm", Decimal("12.50"), " [confirmed $12.50, 2026-01-02]"),
        ("confirm", None, " [confirmed, 2026-01-02]"),
        ("ask for record", None, " [record asked for, 2026-01-02]"),
    ],
)
def test_the_lines_tell_what_reviewers_decided(tmp_path: Path, word: DecisionWord, amount: Decimal | None, said: str) -> None:
    run = decided_run(tmp_path, word, amount)
    sample = drawn(run, tmp_path / "samples" / "s", Choice("line", "all"), size=8)
    assert said_of_first_line(tmp_path / "samples" / "s") == f"TIM001: three units, two earned{said}"
    assert not any("damaged" in warning for warning in sample.warnings)


@pytest.mark.parametrize("change", [{"rule_version": 99}, {"rests_on": "other lines"}])
def test_a_decision_on_what_the_finding_no_longer_is_is_not_told(tmp_path: Path, change: dict[str, Any]) -> None:
    run = decided_run(tmp_path, "confirm", None, **change)
    drawn(run, tmp_path / "samples" / "s", Choice("line", "all"), size=8)
    assert said_of_first_line(tmp_path / "samples" / "s") == "TIM001: three units, two earned"


def test_a_damaged_ledger_stops_no_sample_and_is_said(tmp_path: Path) -> None:
    run = decided_run(tmp_path, "confirm", None)
    with (run.parent / decisions.NAME).open("ab") as ledger:
        ledger.write(b'{"what": \n')
    sample = drawn(run, tmp_path / "samples" / "s", Choice("line", "all"), size=8)
    assert any("line 2 is damaged" in warning for warning in sample.warnings)
    assert said_of_first_line(tmp_path / "samples" / "s").endswith("[confirmed, 2026-01-02]")


def decided_run(folder: Path, word: DecisionWord, amount: Decimal | None, **change: Any) -> Path:
    """A run with a finding on its first line, and a ledger beside it that decides it."""
    rows = lines(4)
    run = run_folder(folder / "out" / "run", rows, [(rows[0], "new", "three units, two earned")])
    (row,) = pq.read_table(run / "findings.parquet").to_pylist()
    what = Decision(finding_id=row["finding_id"], decision=word, amount=amount, reviewer="AB", decided_on=date(2026, 1, 2))
    entry = Entry(
        what=what,
        imported_at=NOW,
        file_name="findings.csv",
        file_sha256="0",
        first_seen=NOW.date(),
        **{"rule_id": "TIM001", "rule_version": row["rule_version"], "rests_on": row["rests_on"], **change},
    )
    (run.parent / decisions.NAME).write_bytes(msgspec.json.encode(entry) + b"\n")
    return run


def said_of_first_line(folder: Path) -> str:
    """What the worksheet's sheet of lines says was found on line 1 of the first claim."""
    head, *rows = cells(folder / design.WORKSHEET, "Lines")
    found = [dict(zip(head, row, strict=True)) for row in rows]
    (first,) = (row for row in found if row["claim id"] == "C1000" and int(row["claim line number"]) == 1)
    return str(first["potential findings"])


def test_all_and_findings_in_any_case(run: Path, tmp_path: Path) -> None:
    assert claims_audit("sample", run, "--frame", "ALL", "--size", 5, "--out", tmp_path / "s", cwd=tmp_path).code == 0
    assert design.read(tmp_path / "s").frame.units == 200


def test_a_group_of_thirty_is_a_stratum_and_one_of_twenty_nine_is_not(tmp_path: Path) -> None:
    names = ["A"] * 30 + ["B"] * 29 + ["C"] * 31
    rows = [{**line, "payer_name": names[at // 2]} for at, line in enumerate(lines(90))]
    with open_frame(run_folder(tmp_path / "run", rows), Choice("claim", "all", "payer")) as frame:
        assert [(one.name, one.universe) for one in frame.strata] == [("A", 30), ("C", 31), ("all others", 29)]


def stratum(universe: int, numbers: int, spares: int) -> DrawnStratum:
    return DrawnStratum("", "48863.78", universe, Decimal(1), 1.0, 1.0, tuple(range(numbers)), tuple(range(spares)))


@pytest.mark.parametrize(
    ("universe", "numbers", "spares", "too_many", "too_large"),
    [
        (88_704, 1990, 10, False, False),
        (88_704, 1991, 10, True, False),
        (88_704, 2001, 0, True, False),
        (88_705, 30, 0, False, True),
    ],
)
def test_what_ratstats_cannot_repeat_is_said(universe: int, numbers: int, spares: int, too_many: bool, too_large: bool) -> None:
    frame = OfFrame("line", "all", (), "frame.csv", "0" * 64, universe, Decimal(1), 0)
    plan = Plan((numbers,), spares, "48863.78", Size(None, 10.0, 90, 0.5, None))
    said = cautions.of_draw(frame, plan, None, [stratum(universe, numbers, spares)], ())
    assert any("at most 2,000" in one for one in said) == too_many
    assert any("up to 88,704" in one for one in said) == too_large
    assert len(said) == too_many + too_large
