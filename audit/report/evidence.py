"""What a rule judged by, in words: the JSON that its SQL leaves beside a finding becomes labelled facts.

The SQL names its facts for programs (`mue_adjudication_indicator`); a committee reads what they are.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from audit.report.text import clean, money, number, words
from audit.report.view import Fact

# What a fact is called where its name alone does not say it.
_LABELS: Mapping[str, str] = {
    "allowed": "minutes allowed",
    "allowed_missing": "minutes that may lack",
    "area_total": "minutes by area, added up",
    "column_1_claim_id": "column 1 claim",
    "column_1_claim_line_number": "column 1 line",
    "column_1_denied": "column 1 line was denied",
    "companion": "stands beside",
    "companion_code": "code beside it",
    "daily_therapy_units": "therapy units that the payer allows a day",
    "daily_timed_units": "timed units that the payer allows a day",
    "daily_units": "units that the payer allows a day",
    "excess_units": "units beyond what the minutes support",
    "expected": "visits to be expected on the minute",
    "export_holds_year_from": "the export begins on",
    "families": "first and further codes",
    "fault": "what is wrong",
    "first_claim_id": "first claim",
    "first_claim_line_number": "first line",
    "first_submitted_date": "first claim sent on",
    "first_was_replaced": "first claim was replaced",
    "fitting_modifier": "modifier that fits",
    "follows_ncci": "payer follows NCCI",
    "has_medicare_shape": "number looks like Medicare's",
    "invalid": "numbers that fail",
    "lacks_exclusion": "GY or GX is missing",
    "lacks_plan": "modifier of the plan is missing",
    "last_filing_date": "last day to file",
    "lowest_unit_price": "lowest price of a unit",
    "massage_coverage": "massage with this payer",
    "max_hours": "hours allowed a day",
    "medicare_status": "status in Medicare's fee schedule",
    "min_mean": "fewest minutes a unit",
    "minutes_from": "minutes are those of",
    "minutes_in_group": "minutes in the group's time",
    "minutes_of_both": "minutes in both times",
    "modifier_indicator": "the edit's indicator",
    "mue": "most units of the edit",
    "mue_adjudication_indicator": "kind of the edit",
    "mue_edition": "edition of the edit",
    "neighbours": "minutes compared to either side",
    "not_covered_lines": "lines where massage is not covered",
    "not_covered_manual": "of them manual therapy",
    "other_lines": "lines where it is covered",
    "other_manual": "of these manual therapy",
    "overlap_with_group": "minutes beside the group",
    "p": "by chance alone",
    "paid_amount": "paid",
    "passed": "dates before the service",
    "payer_setting": "[[payer]] table of audit.toml",
    "peer_lines": "lines of the others",
    "peer_lines_with_59": "of them with modifier 59",
    "peer_rate": "share of the others with modifier 59",
    "peers": "other providers",
    "right_codes_earn": "less what the right codes earn",
    "shows": "the record shows",
    "span": "minutes from begin to end",
    "surplus_paid": "paid for the units too many",
    "threshold_amount": "threshold",
    "threshold_group": "threshold for",
    "unit_rule": "units counted by",
    "units_acceptable": "most units",
    "units_under_cms_total_time": "units by total time (CMS)",
    "units_under_cpt_midpoint": "units by each code alone (CPT midpoint)",
    "visit_of_year": "visit of the year, number",
    "provider_npi": "provider",
    "rendering_npi": "rendered by",
    "with_kx": "of them with KX",
    "lines_below_threshold": "Medicare therapy lines below the threshold",
    "with_59": "of them with modifier 59",
    "year_to_date": "allowed amounts of the year so far",
    "yearly_visits": "visits that the payer allows a year",
}
_SHOWN_AS = {
    "distinct_other": "another separate service",
    "distinct_practitioner": "another person",
    "distinct_structure": "another part of the body",
    "distinct_encounter": "another encounter",
}
_DOLLARS = frozenset({"lowest_unit_price", "paid_amount", "right_codes_earn", "surplus_paid", "threshold_amount", "year_to_date"})
_STORED_WORDS = frozenset({"massage_coverage", "payer_class", "provider_role", "unit_rule"})
# Bounds of a statistical test: they decide, and tell a reader nothing.
_LEFT_OUT = frozenset({"confidence", "lower_bound", "upper_bound"})
_CHANCE = 1_000_000


def facts(evidence: str, without: Iterable[str] = ()) -> tuple[Fact, ...]:
    """The facts that a rule judged by, but those in `without`; what is no JSON object is one fact without a label."""
    try:
        held = json.loads(evidence or "{}")
    except ValueError:
        held = None
    if not isinstance(held, dict):
        return (Fact("", clean(evidence)),)
    return tuple(_facts(held, {*without, *_LEFT_OUT}))


def sentence(evidence: str, without: Iterable[str] = ()) -> str:
    """The same in a line: "units billed: 3; excess: 1.25"."""
    return "; ".join(f"{fact.label}: {fact.value}" if fact.label else fact.value for fact in facts(evidence, without))


def _facts(held: Mapping[str, Any], without: Iterable[str]) -> Iterable[Fact]:
    for name, value in held.items():
        if name not in without and value not in (None, [], ""):
            yield Fact(_label(name), _value(name, value))


def _label(name: str) -> str:
    return _LABELS.get(name, clean(name).replace("_", " "))


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        parted = "; " if any(isinstance(item, dict) for item in value) else ", "
        return parted.join(_value(name, item) for item in value)
    if isinstance(value, dict):
        return ", ".join(_placed(value))
    return _written(name)(value)


def _placed(held: Mapping[str, Any]) -> Iterable[str]:
    """The facts of a line beside the finding's own, its claim and line first and without their labels."""
    claim, line = held.get("claim_id"), held.get("claim_line_number")
    if claim is not None:
        yield f"claim {clean(claim)}" + (f" line {line}" if line is not None else "")
    rest = {name: value for name, value in held.items() if claim is None or name not in ("claim_id", "claim_line_number")}
    for name, value in rest.items():
        if value is True:
            yield _label(name)
        elif value not in (None, [], "", False):
            yield f"{_label(name)} {_value(name, value)}"


def _written(name: str) -> Callable[[Any], str]:
    if name in _DOLLARS:
        return lambda value: money(Decimal(str(value)))
    if name in _STORED_WORDS:
        return lambda value: clean(words(str(value)))
    if name == "shows":
        return lambda value: _SHOWN_AS.get(str(value), clean(words(str(value))))
    if name == "p":
        return _chance
    return lambda value: number(Decimal(str(value))) if isinstance(value, float) else clean(value)


def _chance(p: float) -> str:
    """A probability as a committee says it: "once in 25,641", "less than once in a million"."""
    if p >= 1:
        return "always"
    return "less than once in a million" if p * _CHANCE < 1 else f"once in {round(1 / p):,}"
