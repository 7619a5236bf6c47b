"""A filled worksheet: what is refused, what counts, and what is said of the whole."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from audit.errors import ConfigError, InputError
from audit.sampling import amounts, attributes, design, page, review, sizes
from audit.sampling.attributes import Counted
from audit.sampling.design import Row
from audit.sampling.estimate import Estimate, estimate
from audit.sampling.frame import Choice
from audit.sampling.sizes import Part
from tests.end_to_end.command import claims_audit
from tests.sampling.fixture import Answer, drawn, fill, lines, no_error, run_folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_folder(tmp_path_factory.mktemp("run") / "out" / "2025-11")


@pytest.fixture
def folder(run: Path, tmp_path: Path) -> Path:
    """A sample of 12 of the run's 200 lines, with 3 spares; the worksheet is blank."""
    drawn(run, tmp_path / "s", Choice("line", "all"), spares=3, size=12)
    return tmp_path / "s"


def half(row: Row) -> Answer:
    """Every third unit is overpaid by half."""
    if row.drawn % 3:
        return no_error(row)
    return {"error": "yes", "allowed_amount": float((row.amount / 2).quantize(Decimal("0.01"))), "reason": "one unit too many"}


def differing(number: int, **answer: Any) -> Any:
    """All as `half` has it but the unit drawn so; a field that is None is left blank."""

    def answered(row: Row) -> Answer:
        if row.drawn != number:
            return half(row)
        return {name: value for name, value in answer.items() if value is not None}

    return answered


def refused(folder: Path, answer: Any, sheets: Any = None) -> str:
    fill(folder, answer, sheets)
    with pytest.raises(InputError) as error:
        estimate(folder / design.WORKSHEET)
    return str(error.value)


def estimated(folder: Path, answer: Any) -> Estimate:
    return estimate(fill(folder, answer))


def test_the_figures_are_those_of_the_arithmetic(folder: Path) -> None:
    found = estimated(folder, half)
    rows = design.read(folder).of(1, spares=False)
    differences = [row.amount - Decimal(str(half(row)["allowed_amount"])) for row in rows]
    assert found.difference.strata[0] == amounts.total(200, differences)
    assert found.examined.strata[0] == amounts.total(200, [row.amount for row in rows])
    assert found.audited.point == found.examined.point - found.difference.point
    assert found.errors == attributes.unrestricted(Counted(200, 12, 4))
    assert found.found == sum(differences)


def test_the_amount_to_state_is_the_lower_limit_at_ninety(folder: Path) -> None:
    found = estimated(folder, lambda row: {"error": "yes", "allowed_amount": float(row.amount) / 4})
    assert found.lower == round(found.difference.intervals[90].lower)
    assert 0 < found.lower < found.difference.point
    assert found.statement.startswith(f"State ${found.lower:,}: the lower limit of the two-sided 90 % interval.")


def test_a_lower_limit_that_is_not_above_zero_states_nothing(folder: Path) -> None:
    found = estimated(folder, lambda row: {"error": "yes", "allowed_amount": 0.0} if row.drawn == 1 else no_error(row))
    assert found.difference.intervals[90].lower < 0
    assert found.lower == 0
    assert found.statement.startswith("State no extrapolated amount")
    assert f"${found.found:,.2f}" in found.statement


def test_no_error_at_all(folder: Path) -> None:
    found = estimated(folder, no_error)
    assert (found.lower, found.found, found.sizes) == (0, 0, None)
    assert found.errors.limits[90][0] == 0
    assert found.errors.limits[90][1] > 20, "twelve clean units say little of two hundred"
    assert any("no width" in one for one in found.cautions)


def test_a_worksheet_that_nobody_has_filled_is_refused(folder: Path) -> None:
    with pytest.raises(InputError) as error:
        estimate(folder / design.WORKSHEET)
    assert "row 2: not reviewed" in str(error.value)
    assert "and 2 more" in str(error.value)


def row_of(folder: Path, number: int) -> int:
    """The row of the sheet in which the unit drawn so stands."""
    ordered = sorted(design.read(folder).of(1, spares=False), key=lambda row: row.number)
    return next(at for at, row in enumerate(ordered, start=2) if row.drawn == number)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({}, "not reviewed"),
        ({"error": "no"}, "allowed amount is blank"),
        ({"allowed_amount": 1.0}, "error is blank"),
        ({"error": " ", "allowed_amount": 1.0}, "error is blank"),
        ({"reason": "see chart"}, "error and allowed amount are blank"),
        ({"record": "found"}, "error and allowed amount are blank"),
        ({"error": "perhaps", "allowed_amount": 1.0}, "neither yes nor no"),
        ({"error": "yes", "allowed_amount": "a half"}, "no amount"),
        ({"error": "yes", "allowed_amount": -1.0}, "not 0 or more"),
        ({"error": "yes", "allowed_amount": "nan"}, "not 0 or more"),
        ({"error": "no", "allowed_amount": 0.0}, "error is no, and yet"),
        ({"record": "lost", "error": "yes", "allowed_amount": 0.0}, "record is none of"),
        ({"record": "not found", "error": "no"}, "error in full"),
        ({"record": "not found", "allowed_amount": 5.0}, "error in full"),
        ({"record": "not of the frame"}, "no reason is stated"),
        ({"record": "not of the frame", "reason": "void", "error": "no"}, "and yet answered"),
    ],
)
def test_an_answer_that_is_none_is_named_and_refused(folder: Path, answer: dict[str, Any], said: str) -> None:
    told = refused(folder, differing(5, **answer))
    assert f"sheet Sample, row {row_of(folder, 5)}: " in told
    assert said in told
    assert told.count("row ") == 1, "no other row is at fault"


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "YES", "allowed_amount": "$1,000.50"},
        {"error": " no ", "allowed_amount": None},
        {"record": "Found", "error": "yes", "allowed_amount": 0},
        {"error": "yes", "allowed_amount": "12.345"},
    ],
)
def test_answers_as_people_write_them(folder: Path, answer: dict[str, Any]) -> None:
    row = next(row for row in design.read(folder).rows if row.drawn == 5)
    if answer["allowed_amount"] is None:
        answer = {**answer, "allowed_amount": f"${row.amount}"}
    found = estimated(folder, differing(5, **answer))
    (one,) = (one for one in found.review.reviewed if one.row.drawn == 5)
    wanted = {"$1,000.50": Decimal("1000.50"), 0: Decimal("0.00"), "12.345": Decimal("12.35")}
    assert one.audited == wanted.get(answer["allowed_amount"], row.amount)


def test_what_was_paid_too_little_counts_below_zero(folder: Path) -> None:
    found = estimated(folder, lambda row: {"error": "yes", "allowed_amount": float(row.amount) + 5})
    assert found.difference.point == -1000
    assert found.lower == 0


def test_a_record_that_is_not_found_is_an_error_in_full(folder: Path) -> None:
    found = estimated(folder, differing(5, record="not found"))
    (one,) = (one for one in found.review.reviewed if one.row.drawn == 5)
    assert (one.audited, one.difference, one.is_error) == (0, one.row.amount, True)
    assert any("Records that were not found: 1." in caution for caution in found.cautions)


def test_the_next_spare_takes_the_place_of_what_was_not_of_the_frame(folder: Path) -> None:
    def answer(row: Row) -> Answer:
        # The first spare is not of the frame either; the third is not needed and stays blank.
        if row.drawn in (2, 13):
            return {"record": "not of the frame", "reason": "a test patient"}
        return {} if row.drawn == 15 else half(row)

    found = estimated(folder, answer)
    assert [one.row.drawn for one in found.review.reviewed] == [1, 14, *range(3, 13)]
    assert [(one.row.drawn, one.spare.drawn) for one in found.review.replaced] == [(2, 13), (13, 14)]
    assert found.difference.strata[0].moments.sample == 12


def test_spares_go_by_the_order_drawn_and_not_by_the_sheet(folder: Path) -> None:
    def answer(row: Row) -> Answer:
        return {"record": "not of the frame", "reason": "void"} if row.drawn in (11, 4) else half(row)

    found = estimated(folder, answer)
    assert [(one.row.drawn, one.spare.drawn) for one in found.review.replaced] == [(4, 13), (11, 14)]


def test_a_spare_that_is_needed_is_reviewed(folder: Path) -> None:
    def answer(row: Row) -> Answer:
        if row.drawn == 2:
            return {"record": "not of the frame", "reason": "void"}
        return {} if row.is_spare else half(row)

    assert "sheet Spares, row 2: not reviewed" in refused(folder, answer)


def test_where_no_spare_is_left(folder: Path) -> None:
    def answer(row: Row) -> Answer:
        return {"record": "not of the frame", "reason": "void"} if row.drawn in (1, 2, 3, 4) else half(row)

    assert "no spare is left" in refused(folder, answer)


def column(cells: list[list[Any]], name: str) -> int:
    return cells[0].index(name)


def changed(name: str, value: Any) -> Any:
    """Change a cell of the second row of the sheet Sample."""

    def change(sheet: str, cells: list[list[Any]]) -> None:
        if sheet == "Sample":
            cells[1][column(cells, name)] = value

    return change


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", 1.0),
        ("amount", ""),
        ("number", 999),
        ("claim id", "C9999"),
        ("claim line number", 7),
        ("drawn", 99),
        ("drawn", ""),
    ],
)
def test_a_row_that_was_changed_is_refused(folder: Path, name: str, value: Any) -> None:
    assert "row 2: " in refused(folder, half, changed(name, value))


def test_a_row_that_is_gone_or_stands_twice_is_refused(folder: Path) -> None:
    def gone(sheet: str, cells: list[list[Any]]) -> None:
        if sheet == "Sample":
            del cells[3]

    def twice(sheet: str, cells: list[list[Any]]) -> None:
        if sheet == "Sample":
            cells.append(list(cells[1]))

    assert "1 rows that were drawn are gone" in refused(folder, half, gone)
    drawn_again = folder.with_name("again")
    drawn(Path(design.read(folder).run.folder), drawn_again, Choice("line", "all"), spares=3, size=12)
    assert "stands twice" in refused(drawn_again, half, twice)


def test_rows_and_columns_may_be_moved(folder: Path) -> None:
    fill(folder, half)
    before = estimate(folder / design.WORKSHEET)

    def moved(_: str, cells: list[list[Any]]) -> None:
        cells[1:] = cells[:0:-1]
        for at, row in enumerate(cells):
            cells[at] = row[::-1]
        cells.append([""] * len(cells[0]))

    fill(folder, lambda _: {}, moved)
    after = estimate(folder / design.WORKSHEET)
    assert (after.difference, after.errors) == (before.difference, before.errors)


def test_a_column_that_is_gone_is_named(folder: Path) -> None:
    def renamed(_: str, cells: list[list[Any]]) -> None:
        cells[0][column(cells, "allowed amount")] = "allowed"

    assert "no column allowed amount" in refused(folder, half, renamed)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no workbook", b"claim_id,amount\n"])
def test_what_is_no_worksheet_is_refused(folder: Path, damage: bytes) -> None:
    (folder / design.WORKSHEET).write_bytes(damage)
    done = claims_audit("estimate", folder / design.WORKSHEET, cwd=folder)
    assert done.code == 3
    assert "cannot be read" in done.err


def test_a_worksheet_without_its_sample_is_refused(folder: Path) -> None:
    (folder / design.NAME).unlink()
    done = claims_audit("estimate", folder / design.WORKSHEET, cwd=folder)
    assert done.code == 3
    assert "beside its sample.json" in done.err
    (folder / design.NAME).write_text("{", encoding="utf-8")
    assert claims_audit("estimate", folder / design.WORKSHEET, cwd=folder).code == 3


def test_numbers_that_the_seed_does_not_draw_are_refused(folder: Path) -> None:
    fill(folder, half)
    plain = json.loads((folder / design.NAME).read_text(encoding="utf-8"))
    plain["strata"][0]["seed"] = "1"
    (folder / design.NAME).write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(InputError, match="not those that its seeds draw"):
        estimate(folder / design.WORKSHEET)


def test_a_frame_that_was_changed_or_lost_is_said(folder: Path) -> None:
    fill(folder, half)
    frame = folder / design.FRAME
    assert not any(design.FRAME in one for one in estimate(folder / design.WORKSHEET).cautions)
    frame.write_bytes(frame.read_bytes() + b"201,1,201,C9,1,1,5.00\n")
    assert any("changed after the draw" in one for one in estimate(folder / design.WORKSHEET).cautions)
    frame.unlink()
    assert any("is gone" in one for one in estimate(folder / design.WORKSHEET).cautions)


def test_a_run_that_was_made_again_is_said(tmp_path: Path) -> None:
    run = run_folder(tmp_path / "out" / "2025-11")
    drawn(run, tmp_path / "s", size=12)
    fill(tmp_path / "s", half)
    run.rename(tmp_path / "out" / "kept")
    assert not any("made again" in one for one in estimate(tmp_path / "s" / design.WORKSHEET).cautions)
    run_folder(run, lines(99))
    assert any("made again" in one for one in estimate(tmp_path / "s" / design.WORKSHEET).cautions)


def test_strata(run: Path, tmp_path: Path) -> None:
    drawn(run, tmp_path / "s", Choice("claim", "all", "payer"), spares=2, size=90)
    found = estimated(tmp_path / "s", half)
    sample = found.review.sample
    parts = [
        (one.universe, [row.amount - Decimal(str(half(row)["allowed_amount"])) for row in sample.of(number, spares=False)])
        for number, one in enumerate(sample.strata, start=1)
    ]
    assert found.difference == amounts.stratified(parts)
    counted = [
        Counted(one.universe, len(one.numbers), sum(row.drawn % 3 == 0 for row in sample.of(number, spares=False)))
        for number, one in enumerate(sample.strata, start=1)
    ]
    assert found.errors == attributes.stratified(counted)


def test_a_stratum_of_one_reviewed_unit_is_refused(run: Path, tmp_path: Path) -> None:
    drawn(run, tmp_path / "s", Choice("line", "all"), size=1)
    assert "one reviewed unit" in refused(tmp_path / "s", no_error)


def test_a_probe_gives_the_size_of_the_sample(run: Path, tmp_path: Path) -> None:
    drawn(run, tmp_path / "probe", Choice("line", "all"), size=30)
    found = estimated(tmp_path / "probe", half)
    assert found.sizes is not None
    full = drawn(
        run,
        tmp_path / "full",
        Choice("line", "all"),
        seed="1",
        precision=25,
        confidence=90,
        probe=tmp_path / "probe" / "sample.xlsx",
    )
    assert len(full.strata[0].numbers) == found.sizes[25][90] > 30
    assert full.size.probe == "probe"
    assert full.earlier == ()
    assert not any("probe" in one or "answers already" in one for one in full.warnings)


def test_a_probe_of_another_frame_is_refused(run: Path, tmp_path: Path) -> None:
    drawn(run, tmp_path / "probe", Choice("line", "all"), size=30)
    path = fill(tmp_path / "probe", half)
    for choice in (Choice("claim", "all"), Choice("line", "findings"), Choice("line", "all", "payer")):
        with pytest.raises(ConfigError, match="another run, unit or frame"):
            drawn(run, tmp_path / "full", choice, seed="1", precision=25, probe=path)


def test_a_probe_without_overpayment_gives_no_size(run: Path, tmp_path: Path) -> None:
    drawn(run, tmp_path / "probe", Choice("line", "all"), size=30)
    path = fill(tmp_path / "probe", no_error)
    with pytest.raises(ConfigError, match="no overpayment"):
        drawn(run, tmp_path / "full", Choice("line", "all"), seed="1", precision=25, probe=path)


def test_thirty_are_drawn_though_a_probe_asks_for_fewer(run: Path, tmp_path: Path) -> None:
    drawn(run, tmp_path / "probe", Choice("line", "all"), size=30)
    path = fill(tmp_path / "probe", lambda row: {"error": "yes", "allowed_amount": float(row.amount) - 10})
    full = drawn(run, tmp_path / "full", Choice("line", "all"), seed="1", precision=25, probe=path)
    assert len(full.strata[0].numbers) == 30


def test_the_verb_and_its_page(folder: Path) -> None:
    fill(folder, lambda row: {**half(row), "reason": "<script>alert(1)</script>"})
    done = claims_audit("estimate", folder / design.WORKSHEET, cwd=folder)
    assert done.code == 0, done.err
    found = estimate(folder / design.WORKSHEET)
    assert done.out.strip().endswith(found.statement)
    assert "Units in error: 4 of 12" in done.out
    text = (folder / page.NAME).read_text(encoding="utf-8")
    for said in (
        found.statement,
        found.review.sample.frame.sha256,
        "seed 48863.78, 12 numbers, 3 spares, low 1, high 200.",
        "What goes wrong in the field",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ):
        assert said in text, said
    assert "<script>alert" not in text
    assert (folder / page.NAME).stat().st_mode & 0o777 == 0o600


def test_the_figures_as_json(folder: Path) -> None:
    fill(folder, half)
    done = claims_audit("estimate", folder / design.WORKSHEET, "--json", cwd=folder)
    plain = json.loads(done.out)
    found = estimate(folder / design.WORKSHEET)
    assert plain["overpayment"]["limits"]["90"][0] == found.difference.intervals[90].lower
    assert plain["amount_to_state"] == found.lower
    assert plain["errors"]["limits"]["95"] == list(found.errors.limits[95])


def test_a_page_of_strata_tells_each_seed(run: Path, tmp_path: Path) -> None:
    sample = drawn(run, tmp_path / "s", Choice("claim", "all", "payer"), size=90)
    fill(tmp_path / "s", half)
    assert claims_audit("estimate", tmp_path / "s" / design.WORKSHEET, cwd=tmp_path).code == 0
    text = (tmp_path / "s" / page.NAME).read_text(encoding="utf-8")
    for one in sample.strata:
        assert f"Stratum {one.name}: seed {one.seed}, {len(one.numbers)} numbers, low 1, high {one.universe}." in text


def test_whether_a_worksheet_has_answers(folder: Path) -> None:
    assert not review.is_answered(folder / design.WORKSHEET)
    fill(folder, lambda row: {"error": "no"} if row.drawn == 3 else {})
    assert review.is_answered(folder / design.WORKSHEET)
    assert not review.is_answered(folder / "none.xlsx")


def overpaid_in(*numbers: int, part: float = 1.0) -> Any:
    """The units drawn so are overpaid by a part of their amount."""

    def answered(row: Row) -> Answer:
        if row.drawn not in numbers:
            return no_error(row)
        return {"error": "yes", "allowed_amount": float((row.amount * Decimal(str(1 - part))).quantize(Decimal("0.01")))}

    return answered


@pytest.mark.parametrize(
    ("count", "part", "rare", "nearly_all"),
    [
        (1, 1.0, True, False),
        (9, 0.5, True, False),
        (10, 0.5, False, False),
        (10, 1.0, False, False),
        (30, 1.0, False, False),
        (31, 1.0, False, True),
        (40, 1.0, False, True),
        (40, 0.5, False, False),
    ],
)
def test_units_nearly_all_of_one_kind_are_warned_of(
    run: Path, tmp_path: Path, count: int, part: float, rare: bool, nearly_all: bool
) -> None:
    drawn(run, tmp_path / "s", Choice("line", "all"), size=40)
    cautions = estimated(tmp_path / "s", overpaid_in(*range(1, count + 1), part=part)).cautions
    assert any(f"Only {count} of 40 reviewed units are overpaid, so the interval" in one for one in cautions) == rare
    assert any(f"Only {40 - count} of 40 reviewed units are not overpaid in full" in one for one in cautions) == nearly_all


def test_a_frame_that_is_reviewed_whole_is_sure_of_itself(run: Path, tmp_path: Path) -> None:
    drawn(run, tmp_path / "s", Choice("line", "MOD001"), size=20)
    found = estimated(tmp_path / "s", overpaid_in(1))
    assert found.lower == round(found.found) > 0
    assert not any("Only" in one or "no width" in one or "fewer than" in one for one in found.cautions)


def test_a_probe_of_another_run_is_refused(run: Path, tmp_path: Path) -> None:
    drawn(run_folder(tmp_path / "other", lines(90)), tmp_path / "probe", Choice("line", "all"), size=30)
    path = fill(tmp_path / "probe", half)
    with pytest.raises(ConfigError, match="another run, unit or frame"):
        drawn(run, tmp_path / "full", Choice("line", "all"), precision=25, probe=path)


def test_a_probe_by_strata_sizes_each_stratum(run: Path, tmp_path: Path) -> None:
    choice = Choice("claim", "all", "payer")
    drawn(run, tmp_path / "probe", choice, size=60)
    found = estimate(fill(tmp_path / "probe", half))
    full = drawn(run, tmp_path / "full", choice, seed="1", precision=10, probe=tmp_path / "probe" / design.WORKSHEET)
    parts = [Part(one.universe, float(one.moments.mean), one.moments.deviation) for one in found.difference.strata]
    wanted = zip(sizes.stratified(parts, 10, 90), full.strata, strict=True)
    assert [len(one.numbers) for one in full.strata] == [max(size, min(30, one.universe)) for size, one in wanted]
    assert found.sizes is not None
    assert found.sizes[10][90] == sum(sizes.stratified(parts, 10, 90))


def test_a_spare_that_was_moved_among_the_sample_is_refused(folder: Path) -> None:
    moved = list[list[Any]]()

    def move(sheet: str, cells: list[list[Any]]) -> None:
        if sheet == "Sample":
            moved.append(cells.pop(1))
        else:
            cells.append(moved[0])

    assert "was not drawn, or stands twice" in refused(folder, half, move)


def test_a_sample_of_a_later_format_is_refused(folder: Path) -> None:
    fill(folder, half)
    plain = json.loads((folder / design.NAME).read_text(encoding="utf-8"))
    for change, said in (({"format": 2}, "format 2"), ({"colour": 1}, "not as"), ({"rows": None}, "not as")):
        (folder / design.NAME).write_text(json.dumps({**plain, **change}), encoding="utf-8")
        with pytest.raises(InputError, match=said):
            estimate(folder / design.WORKSHEET)


def test_a_link_to_the_latest_run_is_not_what_is_kept(run: Path, tmp_path: Path) -> None:
    latest = tmp_path / "latest"
    latest.symlink_to(run, target_is_directory=True)
    drawn(latest, tmp_path / "s", size=12)
    path = fill(tmp_path / "s", half)
    latest.unlink()
    latest.symlink_to(run_folder(tmp_path / "next", lines(90)), target_is_directory=True)
    assert not any("made again" in one for one in estimate(path).cautions)
