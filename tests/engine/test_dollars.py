"""How a finding's dollars were made, and its share of the whole: each line counted once, borne by one finding."""

from decimal import Decimal
from typing import Any

import pytest

from audit.engine import sql_files
from audit.engine.remembered import SUPPRESSED, Remembered, table_of
from audit.rules.catalogue import Rule
from audit.runs.outputs import FINDING_LINES, FINDINGS
from tests.claim_rows import completed, staged_in_turn
from tests.rules.own_rules import rule, select

TWO = [{"claim_id": "A", "paid_amount": "30.00"}, {"claim_id": "B", "paid_amount": "50.00", "patient_id": "P2"}]


def flags(rule_id: str, amount: str, **parts: str) -> Rule:
    return rule(select(lines=f"one_line(line_id, {amount})", **parts), id=rule_id)


def shares(rows: list[dict[str, str]], *own: Rule, aside: tuple[str, ...] = ()) -> dict[tuple[str, str], Decimal]:
    """(rule, claim) -> the dollars that the finding bears."""
    return {(row["rule_id"], row["claim_id"]): row["counted_once"] for row in found(rows, *own, aside=aside)}


def found(rows: list[dict[str, str]], *own: Rule, query: str = FINDINGS, aside: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What findings.csv holds; findings of the rules `aside` are set aside."""
    queries = (*(one.sql for one in own), "claim_line", query, *(step[1].query for step in sql_files.statements("findings")))
    with staged_in_turn(completed(rows), queries=queries) as session:
        for one in own:
            assert session.evaluate(one).status == "done"
        session.collect()
        if aside:
            ids = [row["finding_id"] for row in session.rows("SELECT * FROM finding") if row["rule_id"] in aside]
            session.collect(Remembered(suppressed_finding=table_of(SUPPRESSED, [{"finding_id": one} for one in ids])))
        return session.rows(query)


def test_the_largest_amount_on_a_line_bears_it() -> None:
    three = flags("OWN001", "10.00"), flags("OWN002", "25.00"), flags("OWN003", "5.00")
    borne = shares(TWO[:1], *three)
    assert borne == {("OWN001", "A"): Decimal("0.00"), ("OWN002", "A"): Decimal("25.00"), ("OWN003", "A"): Decimal("0.00")}


def test_of_equal_amounts_one_bears_and_the_same_one_whatever_the_order() -> None:
    two = flags("OWN001", "10.00"), flags("OWN002", "10.00")
    forward, backward = shares(TWO, *two), shares(TWO[::-1], *two[::-1])
    assert forward == backward
    assert sorted(forward.values()) == [0, 0, Decimal("10.00"), Decimal("10.00")]


def test_a_share_is_never_more_than_its_line() -> None:
    assert shares(TWO, flags("OWN001", "30.01")) == {("OWN001", "A"): Decimal("30.00"), ("OWN001", "B"): Decimal("30.01")}


@pytest.mark.parametrize("direction", ["under", "coding", "none"])
def test_other_directions_bear_nothing(direction: str) -> None:
    borne = shares(TWO[:1], flags("OWN001", "25.00", direction=f"'{direction}'"), flags("OWN002", "10.00"))
    assert borne == {("OWN001", "A"): Decimal("0.00"), ("OWN002", "A"): Decimal("10.00")}


def test_what_is_set_aside_bears_nothing_and_the_next_bears_the_line() -> None:
    two = flags("OWN001", "10.00"), flags("OWN002", "25.00")
    assert shares(TWO[:1], *two, aside=("OWN002",)) == {("OWN001", "A"): Decimal("10.00"), ("OWN002", "A"): Decimal("0.00")}


def test_the_shares_of_lines_are_those_of_their_findings() -> None:
    two = flags("OWN001", "10.00"), flags("OWN002", "25.00")
    lines = found(TWO, *two, query=FINDING_LINES)
    assert sorted((row["claim_id"], row["counted_once"], row["line_amount"]) for row in lines if row["counted_once"]) == [
        ("A", Decimal("25.00"), Decimal("30.00")),
        ("B", Decimal("25.00"), Decimal("50.00")),
    ]


MADE = [
    # paid, units, amount, direction, how
    ("60.00", "2", "60.00", "over", "$60.00 paid, the whole line"),
    ("156.00", "4", "78.00", "over", "$156.00 paid x 2 of 4 units"),
    ("100.00", "3", "33.33", "over", "$100.00 paid x 1 of 3 units"),
    ("100.00", "3", "66.67", "over", "$100.00 paid x 2 of 3 units"),
    ("100.00", "3", "66.66", "over", "a part of $100.00 paid, as its evidence says"),
    ("1234.50", "2", "617.25", "over", "$1,234.50 paid x 1 of 2 units"),
    ("60.00", "1", "9.00", "over", "$60.00 paid x 15 %"),
    ("60.00", "1", "9.01", "over", "a part of $60.00 paid, as its evidence says"),
    ("45.56", "2", "22.78", "under", "$45.56 paid for 2 units x 1 missing"),
    ("45.56", "2", "68.34", "under", "$45.56 paid for 2 units x 3 missing"),
    ("30.00", "1", "30.00", "under", "$30.00 paid for 1 unit x 1 missing"),
    ("60.00", "2", "0.00", "over", None),
    ("60.00", "2", "60.00", "coding", "$60.00 paid, the whole line"),
]


@pytest.mark.parametrize(("paid", "units", "amount", "direction", "how"), MADE)
def test_how_an_amount_was_made(paid: str, units: str, amount: str, direction: str, how: str | None) -> None:
    (row,) = found([{"paid_amount": paid, "units": units}], flags("OWN001", amount, direction=f"'{direction}'"))
    assert row["how_made"] == how


def test_the_basis_is_named() -> None:
    allowed = {"paid_amount": "", "allowed_amount": "40.00", "units": "2"}
    (row,) = found([allowed], flags("OWN001", "20.00"))
    assert row["how_made"] == "$40.00 allowed x 1 of 2 units"
    charged = {"paid_amount": "", "allowed_amount": "", "charge_amount": "60.00", "units": "2"}
    (row,) = found([charged], flags("OWN001", "30.00"))
    assert row["how_made"] == "$60.00 charged x 1 of 2 units"


def test_a_denied_line_puts_at_risk_what_was_paid_whatever_the_basis() -> None:
    billed = {"paid_amount": "", "allowed_amount": "", "charge_amount": "60.00"}
    gz = {"paid_amount": "7.00", "allowed_amount": "", "charge_amount": "60.00", "modifier_1": "GZ", "patient_id": "P2"}
    rows = found([billed, billed | {"patient_id": "P3"}, gz | {"paid_amount": "0.00"}], flags("OWN001", "line_amount"))
    assert {row["how_made"] for row in rows} == {"$60.00 charged, the whole line", None}
    (row,) = found([gz], flags("OWN001", "line_amount"))
    assert row["how_made"] == "$7.00 paid, the whole line"


def day_of_all(amounts: list[str]) -> Rule:
    given = ", ".join(f"({n}, {amount})" for n, amount in enumerate(amounts, 1))
    return rule(
        f"""
        SELECT visit_id AS subject_id, TRUE AS is_flagged, CAST(NULL AS VARCHAR) AS reason,
        list({{'line_id': line_id, 'amount_at_risk': CAST(amount AS DECIMAL(12, 2))}} ORDER BY line_id) AS lines,
        'found' AS message, {{'lines': count(*)}} AS evidence
        FROM claim_line JOIN (VALUES {given}) AS given(place, amount) ON line_id = place GROUP BY visit_id
        """,
        subject="visit",
        reads=["claim_line"],
    )


@pytest.mark.parametrize(("lines", "more"), [(6, ""), (7, " + 1 more line"), (8, " + 2 more lines")])
def test_a_finding_of_many_lines_names_six_in_the_order_of_the_claim(lines: int, more: str) -> None:
    rows = [{"claim_id": "A", "paid_amount": f"{10 + n}.00"} for n in range(lines)]
    (row,) = found(rows, day_of_all([f"{10 + n}.00" for n in range(lines)]))
    assert row["how_made"] == " + ".join(f"${10 + n}.00 paid, the whole line" for n in range(6)) + more
    assert row["counted_once"] == sum(10 + n for n in range(lines))


def test_a_line_without_dollars_is_no_part_of_how_it_was_made() -> None:
    rows = [{"claim_id": "A", "paid_amount": "10.00"}, {"claim_id": "A", "paid_amount": "20.00"}]
    (row,) = found(rows, day_of_all(["0.00", "20.00"]))
    assert row["how_made"] == "$20.00 paid, the whole line"


def counted_under(rows: list[dict[str, str]], *own: Rule, aside: tuple[str, ...] = ()) -> dict[tuple[str, str], str]:
    """(rule, claim) -> how the finding's dollars were made."""
    return {(row["rule_id"], row["claim_id"]): row["how_made"] for row in found(rows, *own, aside=aside)}


def test_a_finding_that_bears_less_says_where_the_rest_counts() -> None:
    three = flags("OWN001", "10.00"), flags("OWN002", "25.00"), flags("OWN003", "5.00")
    assert counted_under(TWO[:1], *three) == {
        ("OWN001", "A"): "a part of $30.00 paid, as its evidence says; counted under OWN002",
        ("OWN002", "A"): "a part of $30.00 paid, as its evidence says",
        ("OWN003", "A"): "a part of $30.00 paid, as its evidence says; counted under OWN002",
    }
    # What is set aside counts nowhere, here or there.
    told = counted_under(TWO[:1], *three, aside=("OWN002", "OWN003"))
    assert set(told.values()) == {"a part of $30.00 paid, as its evidence says"}
    (told_once,) = counted_under(TWO[:1], flags("OWN001", "30.01")).values()
    assert told_once == "a part of $30.00 paid, as its evidence says; $30.00 counted, for no more is left of its lines"


def surplus_of_all(units_over: int, at_risk: str) -> Rule:
    """All lines have units too many together; what is at risk stands on the claims named."""
    return rule(
        f"""
        SELECT min(line_id) AS subject_id, TRUE AS is_flagged, CAST(NULL AS VARCHAR) AS reason,
        list({{'line_id': line_id, 'amount_at_risk': at_risk(line_amount)}}) FILTER (WHERE claim_id IN ({at_risk})) AS lines,
        [one_surplus({units_over}, list(line_id))] AS surplus, 'found' AS message, {{'lines': count(*)}} AS evidence
        FROM claim_line
        """,
        id="OWN009",
    )


def test_a_surplus_that_is_taken_elsewhere_says_where() -> None:
    three = [{"claim_id": claim, "paid_amount": paid} for claim, paid in (("A", "10.00"), ("B", "20.00"), ("C", "30.00"))]
    of_c = rule(select(source="claim_line WHERE claim_id = 'C'"), id="OWN002")
    assert counted_under(three, surplus_of_all(1, "'A'"), of_c) == {
        ("OWN002", "C"): "$30.00 paid, the whole line",
        ("OWN009", "A"): "$10.00 paid, the whole line; counted under OWN002",
    }
    made = "$10.00 paid, the whole line + $20.00 paid, the whole line"
    assert counted_under(three, surplus_of_all(2, "'A', 'B'"), of_c) == {
        ("OWN002", "C"): "$30.00 paid, the whole line",
        ("OWN009", "B"): f"{made}; $10.00 counted here, the rest under OWN002",
    }
    # A line of nought takes its units away too, and counts under no rule.
    free = [three[0], three[1], three[2] | {"paid_amount": "0.00"}]
    assert counted_under(free, surplus_of_all(1, "'A'"), of_c)["OWN009", "A"] == (
        "$10.00 paid, the whole line; $0.00 counted, for no more is left of its lines"
    )
