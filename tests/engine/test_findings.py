"""Findings: ids that last, lead lines, each dollar once, the same bytes twice, rules that fail alone."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import pytest

from audit import assets, rules
from audit.engine import rule_result, sql_files
from audit.engine.duckdb_session import Session
from audit.engine.remembered import SUPPRESSED, Remembered, table_of
from audit.rules.catalogue import Rule
from tests.claim_rows import completed, staged, staged_in_turn
from tests.rules.own_rules import rule, select

# A month's worth of lines that several shipped rules flag, on claims whose numbers tell them apart.
MIXED: list[dict[str, str]] = completed(
    [
        {"claim_id": "A", "procedure_code": "97140", "minutes": "20", "units": "2", "paid_amount": "50.00"},
        {"claim_id": "A", "procedure_code": "97124", "minutes": "18", "units": "2", "paid_amount": "41.00", "modifier_1": "59"},
        {"claim_id": "B", "patient_id": "P2", "procedure_code": "97110", "minutes": "22", "units": "2", "paid_amount": "60.00"},
        {"claim_id": "C", "patient_id": "P2", "procedure_code": "97110", "minutes": "22", "units": "2", "paid_amount": "58.00"},
        {"claim_id": "D", "patient_id": "P3", "procedure_code": "97124", "modifier_1": "59", "paid_amount": "24.50"},
        {"claim_id": "E", "patient_id": "P4", "procedure_code": "98941", "minutes": "", "paid_amount": "40.00"},
        {"claim_id": "E", "patient_id": "P4", "procedure_code": "97112", "minutes": "15", "paid_amount": "31.20"},
    ]
)
# Row numbers and the line ids that files and rows give say where a finding stands today, not which finding it is.
PLACE = ("source_file", "source_row", "subject_id")


def findings(rows: Sequence[dict[str, str]], *own: Rule) -> list[dict[str, Any]]:
    """Every finding of these rules (the shipped ones if none is given) over the rows, in the order of their ids."""
    if not own:
        with staged_in_turn(completed(rows)) as session:
            run(session, rules.load())
            return session.rows(_EVERY)
    with staged_for(rows, *own) as session:
        run(session, own)
        return session.rows(_EVERY)


def staged_for(rows: Sequence[dict[str, str]], *own: Rule, asked: str = "") -> AbstractContextManager[Session]:
    """The rows, staged as far as these rules, what is made of their flags, and the query `asked` read of staging."""
    queries = (*(rule.sql for rule in own), asked, "claim_line", *(step[1].query for step in sql_files.statements("findings")))
    return staged_in_turn(completed(rows), queries=queries)


_EVERY = "SELECT * FROM finding ORDER BY finding_id"


@cache
def findings_of_mixed() -> list[dict[str, Any]]:
    """Every finding of the shipped rules over MIXED."""
    return findings(MIXED)


def run(session: Session, chosen: Sequence[Rule]) -> None:
    for each in chosen:
        outcome = session.evaluate(each)
        assert outcome.status == "done", outcome.error
    session.collect()


def lasting(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in finding.items() if name not in PLACE} for finding in found]


def test_the_order_of_rows_changes_no_finding() -> None:
    forward, backward = findings_of_mixed(), findings(MIXED[::-1])
    assert len(forward) >= 8
    assert {"line", "visit"} <= {finding["subject"] for finding in forward}
    assert lasting(forward) == lasting(backward)


def test_other_rows_change_no_id() -> None:
    others = completed([{"claim_id": f"0{n}", "patient_id": f"Q{n}", "procedure_code": "97124"} for n in range(20)])
    few, many = findings_of_mixed(), findings([*others, *MIXED])
    assert {finding["finding_id"] for finding in few} <= {finding["finding_id"] for finding in many}


def test_ids_are_unique_and_sixteen_hex_digits() -> None:
    ids = [finding["finding_id"] for finding in findings_of_mixed()]
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 16 and set(one) <= set("0123456789abcdef") for one in ids)


def test_line_numbers_that_stand_twice_still_give_unique_ids_that_last() -> None:
    twice = [
        {"claim_id": "A", "claim_line_number": "1", "procedure_code": "97124", "paid_amount": "20.00"},
        {"claim_id": "A", "claim_line_number": "1", "procedure_code": "97140", "paid_amount": "30.00"},
        {"claim_id": "A", "claim_line_number": "1", "procedure_code": "97124", "paid_amount": "25.00", "modifier_1": "GP"},
    ]
    forward, backward = findings(twice, rule(select())), findings(twice[::-1], rule(select()))
    assert len({finding["finding_id"] for finding in forward}) == 3
    assert lasting(forward) == lasting(backward)


def test_two_rules_two_visits_and_two_payers_have_two_ids() -> None:
    by_visit = rule(visit_select(), subject="visit", reads=["claim_line"])
    rows = [{}, {"service_date": "2025-11-04"}, {"payer_name": "Aetna"}, {"payer_sequence": "S"}, {"patient_id": "P2"}]
    found = findings(rows, rule(select()), rule(select(), id="OWN002"), by_visit)
    assert len(found) == len({finding["finding_id"] for finding in found}) == 15


def visit_select(amount: str = "line_amount") -> str:
    """Flags every visit with all its lines."""
    return f"""
    SELECT visit_id AS subject_id, TRUE AS is_flagged, CAST(NULL AS VARCHAR) AS reason,
    list({{'line_id': line_id, 'amount_at_risk': CAST({amount} AS DECIMAL(12, 2))}} ORDER BY line_id) AS lines,
    'found' AS message, {{'lines': count(*)}} AS evidence FROM claim_line GROUP BY visit_id
    """


@pytest.mark.parametrize(
    ("amounts", "lead"),
    [
        (("10.00", "20.00", "15.00"), ("B", 1)),
        (("20.00", "20.00", "20.00"), ("A", 1)),
        (("", "0.50", ""), ("B", 1)),
        (("", "", ""), ("A", 1)),
    ],
    ids=["largest", "tie: first claim", "nothing paid yet comes last", "nothing paid yet"],
)
def test_the_lead_line_bears_the_largest_amount(amounts: tuple[str, ...], lead: tuple[str, int]) -> None:
    rows = [
        {"claim_id": "A", "paid_amount": amounts[0]},
        {"claim_id": "B", "paid_amount": amounts[1]},
        {"claim_id": "B", "paid_amount": amounts[2]},
        {"claim_id": "Z", "patient_id": "P9", "paid_amount": "1.00"},
    ]
    found = findings(rows, rule(visit_select(), subject="visit"))
    (finding,) = [one for one in found if one["patient_id"] == "P1"]
    assert (finding["claim_id"], finding["claim_line_number"]) == lead
    assert finding["amount_at_risk"] == sum((Decimal(amount) for amount in amounts if amount), Decimal(0))


def test_a_tie_within_a_claim_goes_to_the_lower_line_number() -> None:
    rows = [{"claim_id": "A", "claim_line_number": "10"}, {"claim_id": "A", "claim_line_number": "9"}]
    (finding,) = findings(rows, rule(visit_select(), subject="visit"))
    assert finding["claim_line_number"] == 9


def test_a_finding_carries_its_lead_line_s_facts() -> None:
    row = {"claim_id": "A", "procedure_code": "97124", "modifier_1": "GP", "modifier_2": "59", "units": "2", "minutes": "25"}
    (finding,) = findings([row], rule(select(direction="'coding'", severity="'low'")))
    assert (finding["procedure_code"], finding["modifiers"], finding["minutes"]) == ("97124", "59 GP", 25)
    assert (finding["units_billed"], finding["units_supported"]) == (Decimal("2.00"), None)
    assert (finding["direction"], finding["severity"], finding["status"]) == ("coding", "low", "new")
    assert json.loads(finding["evidence"]) == {"code": "97124"}
    assert (finding["source_file"], finding["source_row"], finding["payer_class"]) == ("test.csv", 1, "medicare_ffs")


def test_what_a_rule_says_of_units_and_minutes_goes_before_the_line_s() -> None:
    said = select(units_billed="4", units_supported="3", **{'"minutes"': "50"})
    (finding,) = findings([{"units": "2", "minutes": "25"}], rule(said))
    assert (finding["units_billed"], finding["units_supported"], finding["minutes"]) == (Decimal(4), Decimal(3), 50)


def exposure(rows: Sequence[dict[str, str]], *own: Rule) -> dict[str, Decimal]:
    """Dollars exposed on each claim."""
    with staged_for(rows, *own) as session:
        run(session, own)
        found = session.rows("SELECT claim_id, counted_once FROM line_share INNER JOIN claim_line USING (line_id)")
    return {row["claim_id"]: row["counted_once"] for row in found}


def flags(rule_id: str, amount: str, **parts: str) -> Rule:
    return rule(select(lines=f"one_line(line_id, {amount})", **parts), id=rule_id)


ONE = [{"claim_id": "A", "paid_amount": "30.00"}]


def test_a_line_flagged_by_three_rules_counts_its_largest_amount_once() -> None:
    assert exposure(ONE, flags("OWN001", "10.00"), flags("OWN002", "25.00"), flags("OWN003", "5.00")) == {"A": Decimal("25.00")}


def test_never_more_than_the_line_itself() -> None:
    assert exposure(ONE, flags("OWN001", "30.01")) == {"A": Decimal("30.00")}
    taken_back = [{"claim_id": "A", "paid_amount": "-5.00"}, {"claim_id": "B", "paid_amount": "1.00"}]
    assert exposure(taken_back, flags("OWN001", "10.00")) in (
        {"A": Decimal("0.00"), "B": Decimal("1.00")},
        {"B": Decimal("1.00")},
    )


@pytest.mark.parametrize("direction", ["under", "coding", "none"])
def test_other_directions_are_no_exposure(direction: str) -> None:
    other = flags("OWN002", "25.00", direction=f"'{direction}'")
    assert exposure(ONE, other) == {}
    assert exposure(ONE, flags("OWN001", "10.00"), other) == {"A": Decimal("10.00")}


def test_amounts_of_zero_and_unknown_amounts_are_no_exposure() -> None:
    assert exposure(ONE, flags("OWN001", "0.00"), flags("OWN002", "CAST(NULL AS DECIMAL(12, 2))")) == {}


def test_over_and_under_are_summed_apart_and_gross() -> None:
    own = [flags("OWN001", "10.00"), flags("OWN002", "25.00"), flags("OWN003", "7.00", direction="'under'")]
    with staged_for(ONE, *own) as session:
        run(session, own)
        (total,) = session.rows("SELECT findings, has_error, over_gross, over_once, under_gross FROM line_total")
    assert total == {
        "findings": 3, "has_error": True, "over_gross": Decimal("35.00"), "over_once": Decimal("25.00"),
        "under_gross": Decimal("7.00"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("direction", "confidence", "error"),
    [
        ("over", "certain", True),
        ("under", "likely", True),
        ("coding", "certain", True),
        ("none", "certain", False),
        ("over", "pattern", False),
    ],
)
def test_a_pattern_or_a_matter_for_review_is_no_error_of_the_line(direction: str, confidence: str, error: bool) -> None:
    query = (assets.queries() / "summary" / "totals.sql").read_text(encoding="utf-8")
    own = rule(select(direction=f"'{direction}'"), confidence=confidence)
    with staged_for(ONE, own, asked=query) as session:
        run(session, [own])
        (total,) = session.rows(query)
    assert (total["claims_with_error"], total["lines_with_error"]) == (int(error), int(error))


UNPRICED = {"paid_amount": "", "allowed_amount": ""}


def test_a_line_without_an_amount_is_counted_apart() -> None:
    query = (assets.queries() / "summary" / "totals.sql").read_text(encoding="utf-8")
    charged = {**UNPRICED, "charge_amount": "50.00"}
    with staged_for([charged, charged, {**UNPRICED, "charge_amount": ""}], asked=query) as session:
        session.collect()
        (total,) = session.rows(query)
    assert (total["lines"], total["lines_without_amount"]) == (3, 1)


def test_what_is_set_aside_is_no_error() -> None:
    query = (assets.queries() / "summary" / "totals.sql").read_text(encoding="utf-8")
    own = flags("OWN001", "1.00")
    with staged_for(ONE, own, asked=query) as session:
        run(session, [own])
        (found,) = session.rows("SELECT finding_id FROM finding")
        session.collect(Remembered(suppressed_finding=table_of(SUPPRESSED, [found])))
        (total,) = session.rows(query)
    assert total["lines_with_error"] == 0


def test_the_totals_of_lines_add_up_to_the_findings() -> None:
    with staged_in_turn(completed(MIXED)) as session:
        run(session, rules.load())
        (totals,) = session.rows("SELECT sum(findings) AS findings, sum(over_gross) AS over FROM line_total")
        (found,) = session.rows(
            "SELECT count(*) AS n, sum(amount_at_risk) FILTER (WHERE direction = 'over') AS over FROM finding"
        )
        (worse,) = session.rows("SELECT count(*) AS n FROM line_total WHERE over_once > greatest(line_amount, 0)")
    assert (totals["findings"], totals["over"], worse["n"]) == (found["n"], found["over"], 0)


def test_two_runs_are_alike_to_the_byte() -> None:
    def bytes_of_run() -> str:
        with staged_in_turn(completed(MIXED)) as session:
            run(session, rules.load())
            lines = session.rows("SELECT * FROM finding_line ORDER BY finding_id, line_id")
            return repr((session.rows("SELECT * FROM finding ORDER BY finding_id"), lines))

    assert bytes_of_run() == bytes_of_run()


def test_a_rule_that_fails_stops_no_other() -> None:
    broken = [
        rule(select(message="CAST(procedure_code || 'x' AS INTEGER) || ''"), id="OWN001"),
        rule(select(source="no_such_table"), id="OWN002"),
        rule(select(units_billed="'many'"), id="OWN003"),
        rule(select(is_flagged="'maybe'"), id="OWN004"),
    ]
    with staged(completed(ONE)) as session:
        outcomes = [session.evaluate(each) for each in broken]
        assert [outcome.status for outcome in outcomes] == ["error"] * 4
        assert all(outcome.error and outcome.population == 0 for outcome in outcomes)
        outcome = session.evaluate(rule(select(), id="OWN005"))
        assert (outcome.status, outcome.flagged) == ("done", 1), outcome.error
        session.collect()
        assert [finding["rule_id"] for finding in session.rows("SELECT rule_id FROM finding")] == ["OWN005"]


def test_rules_cannot_reach_outside_the_session() -> None:
    with staged(completed(ONE)) as session:
        outcome = session.evaluate(rule(select(source="claim_line, read_text('/etc/hosts') AS other")))
        assert outcome.status == "error"


def failure(sql: str, **front: Any) -> str:
    with staged_in_turn(completed([{"claim_id": "A"}, {"claim_id": "B"}]), queries=(sql, "claim_line")) as session:
        outcome = session.evaluate(rule(sql, **front))
        flagged = session.rows("SELECT * FROM rule_flag")
    assert (outcome.status, flagged) == ("error", [])
    assert "OWN001" in outcome.error
    return outcome.error


@pytest.mark.parametrize("column", ["subject_id", "is_flagged", "reason", "lines", "message", "evidence"])
def test_a_result_has_every_column(column: str) -> None:
    absent: dict[str, str | None] = {column: None}
    assert f"column {column} must be" in failure(select("claim_line", **absent))


@pytest.mark.parametrize(
    ("column", "sql"),
    [("subject_id", "claim_id"), ("is_flagged", "1"), ("is_flagged", "'flag'"), ("reason", "NULL"),
     ("lines", "[line_id]"), ("message", "1"), ("evidence", "'x'"),
     ("lines", "[{'line_id': line_id, 'amount_at_risk': 1.5}]")],
)  # fmt: skip
def test_a_result_has_columns_of_the_right_type(column: str, sql: str) -> None:
    assert f"column {column} must be" in failure(select(**{column: sql}))


def test_a_result_has_no_other_column() -> None:
    assert "column colour is none that a rule may return" in failure(select(colour="'red'"))


@pytest.mark.parametrize("parts", [{"verdict": "'flag'"}, {"verdict": "'flag'", "is_flagged": None}], ids=["both", "old"])
def test_a_rule_that_returns_a_verdict_is_told_how_to_change(parts: dict[str, str | None]) -> None:
    said = failure(select("claim_line", **parts))
    assert "it returns verdict, which the engine derives now" in said
    assert "is_flagged (true or false) and reason (NULL: judged; else why not)" in said
    assert "`units > 4 AS is_flagged, CASE WHEN unit_rule = 'none' THEN 'self-pay' END AS reason`" in said


def test_a_flag_that_is_unknown_needs_a_reason() -> None:
    unknown = "CASE WHEN claim_id = 'A' THEN TRUE END"
    assert "is_flagged is NULL for 1 subjects that have no reason" in failure(select(is_flagged=unknown))
    with staged_for([{"claim_id": "A"}, {"claim_id": "B"}]) as session:
        outcome = session.evaluate(rule(select(is_flagged=unknown, reason="CASE WHEN claim_id = 'B' THEN 'none' END")))
    assert (outcome.status, outcome.population, outcome.evaluated, outcome.flagged) == ("done", 2, 1, 1)


@pytest.mark.parametrize("is_flagged", ["TRUE", "FALSE", "CAST(NULL AS BOOLEAN)"])
def test_with_a_reason_nothing_is_judged(is_flagged: str) -> None:
    with staged_for([{"claim_id": "A"}, {"claim_id": "B"}]) as session:
        outcome = session.evaluate(rule(select(is_flagged=is_flagged, reason="'no'")))
        assert session.rows("SELECT * FROM rule_flag") == []
    assert (outcome.status, outcome.population, outcome.evaluated, outcome.flagged) == ("done", 2, 0, 0)
    assert [(one.reason, one.count) for one in outcome.not_evaluated] == [("no", 2)]


def test_a_subject_is_examined_once() -> None:
    assert "1 subjects were examined more than once" in failure(select(subject_id="CAST(1 AS BIGINT)"))


@pytest.mark.parametrize(
    "parts",
    [{"lines": "one_line(line_id, 0)[:0]"}, {"lines": "CASE WHEN FALSE THEN one_line(line_id, 0) END"},
     {"message": "CAST(NULL AS VARCHAR)"}],
    ids=["no lines", "lines unknown", "no message"],
)  # fmt: skip
def test_a_flag_names_lines_and_says_why(parts: dict[str, str]) -> None:
    assert "2 flags name no claim line or have no message" in failure(select(**parts))


def test_a_provider_s_finding_needs_its_own_key() -> None:
    assert "needs the column subject_key" in failure(select(), subject="provider")


def test_what_was_examined_flagged_and_not_evaluated_is_counted_by_the_same_query() -> None:
    reason = "CASE WHEN units = 3 THEN 'three' WHEN units = 4 THEN 'four' END"
    rows = completed([{"claim_id": f"C{n}", "units": units} for n, units in enumerate("1122234434")])
    with staged_in_turn(rows) as session:
        outcome = session.evaluate(rule(select(is_flagged="units = 2", reason=reason)))
    assert (outcome.population, outcome.evaluated, outcome.flagged) == (10, 5, 3)
    assert {one.reason: one.count for one in outcome.not_evaluated} == {"three": 2, "four": 3}


def test_a_rule_that_examines_nothing_is_done() -> None:
    with staged_in_turn(completed(ONE)) as session:
        outcome = session.evaluate(rule(select(source="claim_line WHERE FALSE")))
    assert (outcome.status, outcome.population, outcome.flagged) == ("done", 0, 0)


def test_no_findings_at_all() -> None:
    assert findings(ONE, rule(select(is_flagged="FALSE"))) == []


def test_a_flag_names_lines_of_this_audit() -> None:
    assert "2 flagged lines are not lines of this audit" in failure(select(lines="one_line(line_id + 900, line_amount)"))


@pytest.mark.parametrize(
    ("column", "sql", "words"),
    [("direction", "'sideways'", "direction that is none of over, under"), ("direction", "'OVER'", "direction that is none of"),
     ("severity", "'grave'", "severity that is none of"), ("severity", "''", "severity that is none of"),
     ("confidence", "'sure'", "confidence that is none of"), ("severity", "7", "severity that is none of")],
)  # fmt: skip
def test_a_row_s_words_are_those_of_the_contract(column: str, sql: str, words: str) -> None:
    assert words in failure(select(**{column: sql}))


@pytest.mark.parametrize("word", ["'under'", "CAST(NULL AS VARCHAR)"])
def test_a_row_s_direction_wins_over_the_rule_s(word: str) -> None:
    (found,) = findings(ONE, rule(select(direction=word)))
    assert found["direction"] == ("under" if word == "'under'" else "over")


def amount_failure(amount: str) -> str:
    return failure(select(lines=f"[{{'line_id': line_id, 'amount_at_risk': CAST({amount} AS DECIMAL(12, 2))}}]"))


def test_an_amount_at_risk_is_one_that_sums_can_hold() -> None:
    assert "2 lines have an amount at risk below nought" in amount_failure("-0.01")
    assert "put more than $9,999,999,999 at risk" in amount_failure("5000000000")
    assert "2 lines stand more than once under one flag" in failure(
        select(lines="list_concat(one_line(line_id, 0), one_line(line_id, 0))")
    )
    with staged_in_turn(completed([{"claim_id": "A"}, {"claim_id": "B"}])) as session:
        run(session, [rule(select(lines="one_line(line_id, 4999999999)"), id=f"OWN00{n}") for n in range(1, 10)])
        assert session.rows((assets.queries() / "summary" / "totals.sql").read_text(encoding="utf-8"))
        assert session.rows("SELECT count(*) AS n FROM finding") == [{"n": 18}]


@pytest.mark.parametrize("amount", ["'nan'::DOUBLE", "'infinity'::DOUBLE", "1e11", "claim_id"])
def test_an_amount_that_is_none_fails_its_rule_alone_and_quotes_no_cell(amount: str) -> None:
    bad = rule(select(lines=f"[{{'line_id': line_id, 'amount_at_risk': CAST({amount} AS DECIMAL(12, 2))}}]"), id="OWN004")
    with staged(completed([{"claim_id": "Robin-Example", "paid_amount": "30.00"}])) as session:
        outcome = session.evaluate(bad)
        assert outcome.status == "error"
        assert "Robin" not in outcome.error
        assert "a value could not be computed" in outcome.error
        assert session.evaluate(rule(select(), id="OWN005")).flagged == 1
        session.collect()
        assert [finding["rule_id"] for finding in session.rows("SELECT rule_id FROM finding")] == ["OWN005"]


@pytest.mark.parametrize("number", ["'nan'::DOUBLE", "'infinity'::DOUBLE", "'-infinity'::DOUBLE"])
def test_evidence_is_json(number: str) -> None:
    assert "a number in their evidence that is none" in failure(select(evidence=f"{{'share': {number}}}"))
    assert "a number in their evidence that is none" in failure(select(evidence=f"{{'of': [{{'share': {number}}}]}}"))


def test_words_in_evidence_are_no_numbers() -> None:
    (found,) = findings(ONE, rule(select(evidence="{'word': 'NaN \"Infinity', 'n': 1}")))
    assert json.loads(found["evidence"]) == {"word": 'NaN "Infinity', "n": 1}


def test_a_flag_becomes_a_finding_of_its_own() -> None:
    assert "a subject_id that is no line of this audit" in failure(select(subject_id="line_id + 900"))
    shared = select(subject_key="'1234567893'")
    assert "1 flags are of a provider that has another flag" in failure(shared, subject="provider")
    assert "2 flags are of a provider that has another flag, or none" in failure(
        select(subject_key="CAST(NULL AS VARCHAR)"), subject="provider"
    )


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM export_line RETURNING line_id", "UPDATE export_line SET units = 0 RETURNING line_id",
     "INSERT INTO rule_flag (rule_id) VALUES ('TIM001') RETURNING 1 AS line_id"],
)  # fmt: skip
def test_staged_tables_cannot_change_while_a_rule_runs(change: str) -> None:
    """Such a rule never passes the proof at load; the engine does not rest on that."""
    with staged(completed(ONE)) as session:
        before = session.rows("SELECT * FROM export_line ORDER BY line_id")
        outcome = session.evaluate(rule(f"WITH gone AS ({change}) {select()}"))
        assert outcome.status == "error"
        assert "data-modifying statement" in outcome.error
        with pytest.raises(duckdb.Error, match="read-only"), rule_result.reading_only(session.con):
            session.con.execute(change)
        assert session.rows("SELECT * FROM export_line ORDER BY line_id") == before
        assert session.rows("SELECT * FROM rule_flag") == []
        assert session.evaluate(rule(select())).flagged == 1


def test_a_rule_that_runs_too_long_is_broken_off_alone() -> None:
    endless = select(
        is_flagged="(SELECT count(*) FROM range(10000000) AS a(n), range(10000000) AS b(n) WHERE a.n * b.n % 7 = 3) > 0"
    )
    with staged(completed(ONE)) as session:
        session.rule_seconds = 0.05
        outcome = session.evaluate(rule(endless))
        session.rule_seconds = 600
        assert outcome.status == "error"
        assert "Rule OWN001 ran longer than 0.05 seconds and was broken off" in outcome.error
        assert "rule_seconds" in outcome.error
        assert session.evaluate(rule(select())).flagged == 1
