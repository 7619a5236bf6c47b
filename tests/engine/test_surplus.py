"""A surplus of units and findings about its lines: units that another finding takes away are too many no more."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from random import Random

import pytest

from audit import rules
from audit.engine.remembered import SUPPRESSED, Remembered, table_of
from audit.rules.catalogue import Rule
from audit.settings.config import Config, PayerSetting
from tests.claim_rows import completed, staged_in_turn
from tests.rules.own_rules import rule, select

Row = dict[str, str]
# No payer that states edits or limits: only what a test asks for is found.
ACME = {"payer_name": "Acme Health"}
MEDICARE = {"payer_name": "Medicare Part B"}


@cache
def shipped(rule_id: str) -> Rule:
    (found,) = [one for one in rules.load() if one.front.id == rule_id]
    return found


def limits(**given: object) -> Config:
    return Config(sources=(), payers=(PayerSetting(match=["acme*"], payer_class="commercial", **given),))  # type: ignore[arg-type]


def counted(
    rows: Sequence[Row],
    *chosen: str | Rule,
    config: Config | None = None,
    aside: tuple[str, ...] = (),
) -> dict[str, str]:
    """Claim -> dollars counted once, by what the lines bear; findings of the rules `aside` are set aside."""
    with staged_in_turn(completed(rows), config) as session:
        for one in chosen:
            outcome = session.evaluate(shipped(one) if isinstance(one, str) else one)
            assert outcome.status == "done", outcome.error
        session.collect()
        if aside:
            ids = [row["finding_id"] for row in session.rows("SELECT * FROM finding") if row["rule_id"] in aside]
            session.collect(Remembered(suppressed_finding=table_of(SUPPRESSED, [{"finding_id": one} for one in ids])))
        shares = session.rows(
            "SELECT finding_id, line_id, claim_id, counted_once FROM line_share JOIN claim_line USING (line_id)"
        )
        amounts = session.rows("SELECT finding_id, line_id, amount_at_risk FROM finding_line")
        totals = session.rows("SELECT claim_id, over_once FROM line_total WHERE over_once > 0 ORDER BY claim_id")
    own = {(row["finding_id"], row["line_id"]): row["amount_at_risk"] for row in amounts}
    # A finding bears no more of a line than it puts at risk there, and the lines' totals are what their findings bear.
    assert all(0 < share["counted_once"] <= own[share["finding_id"], share["line_id"]] for share in shares)
    assert sum(row["counted_once"] for row in shares) == sum(row["over_once"] for row in totals)
    told: dict[str, Decimal] = {}
    for row in totals:
        told[row["claim_id"]] = told.get(row["claim_id"], Decimal(0)) + row["over_once"]
    return {claim: str(amount) for claim, amount in told.items()}


def evaluation(claim: str, paid: str, **more: str) -> Row:
    return {"claim_id": claim, "procedure_code": "97161", "paid_amount": paid, "modifier_1": "GP", **ACME, **more}


def manual(claim: str, paid: str, units: str = "1", **more: str) -> Row:
    return {"claim_id": claim, "procedure_code": "97140", "paid_amount": paid, "units": units, "modifier_1": "GP", **ACME, **more}


@pytest.mark.parametrize(
    ("rows", "chosen", "expected"),
    [
        # The later line is the duplicate, whichever is cheaper; the day has no unit too many then.
        ([evaluation("A", "70.00"), evaluation("B", "80.00")], ("CLM001", "TIM006"), {"B": "80.00"}),
        ([evaluation("A", "80.00"), evaluation("B", "70.00")], ("CLM001", "TIM006"), {"B": "70.00"}),
        # No duplicate: the surplus stands, at its cheapest.
        ([evaluation("A", "70.00"), evaluation("B", "80.00", modifier_2="KX")], ("CLM001", "TIM006"), {"A": "70.00"}),
        # Medicare denies the code's whole day above the MUE, and nothing where the duplicate alone made it so.
        (
            [evaluation("A", "70.00", **MEDICARE), evaluation("B", "80.00", **MEDICARE)],
            ("CLM001", "TIM006", "TIM007"),
            {"B": "80.00"},
        ),
        (
            [evaluation("A", "70.00", **MEDICARE), evaluation("B", "80.00", modifier_2="KX", **MEDICARE)],
            ("CLM001", "TIM006", "TIM007"),
            {"A": "70.00", "B": "80.00"},
        ),
        # Three lines, one allowed: two duplicates are the whole surplus; one leaves a unit, of the other lines.
        (
            [evaluation("A", "70.00"), evaluation("B", "80.00"), evaluation("C", "90.00")],
            ("CLM001", "TIM006"),
            {"B": "80.00", "C": "90.00"},
        ),
        (
            [evaluation("A", "70.00"), evaluation("B", "80.00"), evaluation("C", "60.00", modifier_2="KX")],
            ("CLM001", "TIM006"),
            {"B": "80.00", "C": "60.00"},
        ),
    ],
)
def test_duplicates_and_a_code_given_once_a_day(rows: list[Row], chosen: tuple[str, ...], expected: dict[str, str]) -> None:
    assert counted(rows, *chosen) == expected


@pytest.mark.parametrize(
    ("rows", "daily", "expected"),
    [
        # Two are allowed, three stand, one of them a duplicate: the duplicate is the surplus, though another line is cheaper.
        ([manual("A", "10.00"), manual("B", "20.00"), manual("C", "25.00", modifier_2="KX")], 2, {"B": "20.00"}),
        ([manual("A", "10.00"), manual("B", "20.00"), manual("C", "25.00", modifier_2="KX")], 1, {"A": "10.00", "B": "20.00"}),
        ([manual("A", "10.00"), manual("B", "20.00"), manual("C", "25.00", modifier_2="KX")], 3, {"B": "20.00"}),
        # Units of a line count, not lines.
        ([manual("A", "60.00", "2"), manual("B", "80.00", "2")], 2, {"B": "80.00"}),
        ([manual("A", "60.00", "2"), manual("B", "80.00", "2")], 1, {"A": "30.00", "B": "80.00"}),
        ([manual("A", "60.00", "3"), manual("B", "80.00", "2"), manual("C", "80.00", "2")], 5, {"C": "80.00"}),
        ([manual("A", "60.00", "3"), manual("B", "80.00", "2"), manual("C", "80.00", "2")], 4, {"A": "20.00", "C": "80.00"}),
    ],
)
def test_duplicates_and_a_payer_s_daily_limit(rows: list[Row], daily: int, expected: dict[str, str]) -> None:
    assert counted(rows, "CLM001", "MED009", config=limits(daily_units={"97140": daily})) == expected


def massage(claim: str, paid: str, units: str, *modifiers: str) -> Row:
    named = {f"modifier_{place}": modifier for place, modifier in enumerate(modifiers, 1)}
    return {"claim_id": claim, "procedure_code": "97124", "paid_amount": paid, "units": units, **MEDICARE, **named}


@pytest.mark.parametrize(("others", "expected"), [("4", {"B": "30.00"}), ("5", {"A": "50.00", "B": "30.00"})])
def test_what_an_edit_takes_is_not_over_the_mue_too(others: str, expected: dict[str, str]) -> None:
    rows = [
        manual("M", "40.00", **MEDICARE),
        massage("A", "50.00", others, "GP"),
        massage("B", "30.00", "1", "59", "GP"),
    ]
    assert counted(rows, "MOD003", "TIM007") == expected


def test_a_line_of_unknown_amount_takes_its_units_too() -> None:
    unpaid = {"allowed_amount": ""}
    rows = [evaluation("A", "", charge_amount="80.00", **unpaid), evaluation("B", "", charge_amount="", **unpaid)]
    assert counted(rows, "CLM001", "TIM006") == {}
    assert counted([rows[0], rows[1] | {"modifier_2": "KX"}], "CLM001", "TIM006") == {"A": "80.00"}


def test_a_line_of_nought_takes_its_units_too() -> None:
    rows = [evaluation("A", "80.00", **MEDICARE), evaluation("B", "0.00", **MEDICARE)]
    assert counted(rows, "CLM001", "TIM007") == {}
    assert counted([rows[0], rows[1] | {"modifier_2": "KX"}], "CLM001", "TIM007") == {"A": "80.00"}


def exercise(claim: str, paid: str, units: str = "1", **more: str) -> Row:
    return {"claim_id": claim, "procedure_code": "97110", "paid_amount": paid, "units": units, "modifier_1": "GP", **ACME, **more}


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        # Two units are supported of three: the limit's unit is the one too many, though the other line is cheaper.
        ("30", {"B": "30.00"}),
        ("15", {"A": "10.00", "B": "30.00"}),
        # None is supported: the limit's unit and the other of the same line are two, the line's whole price.
        ("5", {"A": "10.00", "B": "60.00"}),
    ],
)
def test_a_line_that_a_limit_takes_in_part(minutes: str, expected: dict[str, str]) -> None:
    rows = [exercise("A", "10.00", visit_timed_minutes=minutes), manual("B", "60.00", "2", visit_timed_minutes=minutes)]
    assert counted(rows, "MED009", "TIM001", config=limits(daily_units={"97140": 1})) == expected


def test_a_part_of_the_price_takes_no_unit_away() -> None:
    assistant = {"rendering_taxonomy": "225200000X", **MEDICARE, "visit_timed_minutes": "15"}
    rows = [exercise("A", "100.00", **assistant), manual("B", "40.00", **assistant)]
    assert counted(rows, "MED013", "TIM001") == {"A": "15.00", "B": "40.00"}
    free = [rows[0] | {"paid_amount": "0.00"}, rows[1]]
    assert counted(free, "MED013", "TIM001") == {"B": "6.00"}


def test_units_of_a_line_that_two_findings_take_are_gone_once() -> None:
    rows = [evaluation("A", "70.00"), evaluation("B", "80.00"), evaluation("C", "90.00", modifier_2="KX")]
    again = rule(select("claim_line WHERE claim_id = 'B'"), id="OWN001")
    assert counted(rows, "CLM001", "TIM006", again) == {"A": "70.00", "B": "80.00"}


def test_units_too_many_for_two_rules_are_taken_once() -> None:
    rows = [manual("A", "10.00"), manual("B", "20.00", modifier_2="KX"), exercise("C", "30.00")]
    config = limits(daily_units={"97140": 1}, daily_timed_units=2)
    assert counted(rows, "MED009", config=config) == {"A": "10.00"}


def test_two_limits_that_take_different_units_of_a_line_count_both() -> None:
    rows = [manual("A", "30.00", "3"), exercise("B", "100.00", "2")]
    config = limits(daily_units={"97140": 2}, daily_timed_units=1)
    assert counted(rows, "MED009", config=config) == {"A": "30.00", "B": "50.00"}
    config = limits(daily_units={"97140": 2}, daily_timed_units=3)
    assert counted(rows, "MED009", config=config) == {"A": "20.00"}


def test_the_units_of_a_surplus_that_is_set_aside_are_not_gone() -> None:
    rows = [evaluation("A", "70.00"), evaluation("B", "80.00")]
    assert counted(rows, "CLM001", "TIM006", aside=("CLM001",)) == {"A": "70.00"}
    assert counted(rows, "CLM001", "TIM006", aside=("TIM006",)) == {"B": "80.00"}


def test_units_on_the_wrong_code_stay_on_the_visit() -> None:
    # 97110's second unit is 97140's, and the payer's limit of the day is broken all the same.
    rows = [exercise("A", "60.00", "2", minutes="15"), manual("B", "20.00", "1", minutes="30")]
    config = limits(unit_rule="cms", daily_timed_units=2)
    assert counted(rows, "TIM003", "MED009", config=config) == {"A": "10.00", "B": "20.00"}
    # The duplicate of the wrong code's line was no service: nothing stands on the wrong code then.
    twice = [exercise("A", "28.00", minutes="8"), exercise("B", "30.00", minutes="7"), manual("C", "20.00", minutes="25")]
    assert counted(twice, "TIM003", config=limits(unit_rule="cms")) == {"A": "8.00"}
    assert counted(twice, "TIM003", "CLM001", config=limits(unit_rule="cms")) == {"B": "30.00"}


def test_a_surplus_of_a_rule_of_one_s_own_is_settled_alike() -> None:
    one_a_day = """
    SELECT min(line_id) AS subject_id, count(*) > 1 AS is_flagged, CAST(NULL AS VARCHAR) AS reason,
    list({'line_id': line_id, 'amount_at_risk': at_risk(CASE WHEN claim_id = 'A' THEN line_amount ELSE 0 END)}) AS lines,
    [one_surplus(count(*) - 1, list(line_id))] AS surplus, 'found' AS message, {'lines': count(*)} AS evidence
    FROM claim_line GROUP BY patient_id
    """
    own = rule(one_a_day, id="OWN001")
    rows = [evaluation("A", "70.00"), evaluation("B", "80.00")]
    assert counted(rows, own) == {"A": "70.00"}
    assert counted(rows, own, "CLM001") == {"B": "80.00"}
    # Lines of two dates do not stand against each other: the rule's word holds.
    apart = [rows[0], rows[1], evaluation("C", "90.00", service_date="2025-11-04")]
    assert counted(apart, own, "CLM001") == {"A": "70.00", "B": "80.00"}


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    rows = [
        evaluation("A", "70.00"),
        evaluation("B", "80.00"),
        evaluation("C", "70.00", modifier_2="KX"),
        manual("D", "10.00", visit_timed_minutes="30"),
        manual("E", "20.00", visit_timed_minutes="30"),
        manual("F", "60.00", "2", visit_timed_minutes="30", modifier_2="KX"),
        exercise("G", "10.00", visit_timed_minutes="30"),
        massage("H", "10.00", "1", "GP") | ACME,
    ]
    chosen = ("CLM001", "TIM001", "TIM006", "MED009")
    config = limits(daily_units={"97140": 2}, daily_timed_units=3)
    forward = counted(rows, *chosen, config=config)
    shuffled = Random(seed).sample(rows, len(rows))
    assert counted(shuffled, *reversed(chosen), config=config) == forward


@pytest.mark.parametrize(
    ("surplus", "said"),
    [
        ("[{'units_over': 1, 'line_ids': [line_id]}]", "column surplus must be"),
        ("[one_surplus(1, [line_id], 'all')]", "surpluses take none of units, lines, nothing"),
        ("[one_surplus(-1, [line_id])]", "surpluses are of fewer than no units"),
        ("[one_surplus(1, [line_id + 100])]", "lines of a surplus are not lines of this audit"),
        ("[one_surplus(1, [line_id, line_id])]", "lines stand more than once in one surplus"),
    ],
)
def test_a_surplus_is_proven(surplus: str, said: str) -> None:
    with staged_in_turn(completed([evaluation("A", "70.00")])) as session:
        outcome = session.evaluate(rule(select(surplus=surplus), id="OWN001"))
    assert outcome.status == "error"
    assert said in (outcome.error or "")
