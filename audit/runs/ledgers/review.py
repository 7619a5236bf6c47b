"""How far a review has come: findings open and decided by rule, overpayments confirmed, and what is said of a run's own."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from audit.engine.statistics import wilson_lower_bound
from audit.runs.format.review_records import ConfirmedFinding, DecidedFinding, Review, ReviewOfRule
from audit.runs.ledgers.decisions import Entry, still_rests

COLUMNS = (
    "finding_id",
    "rule_id",
    "rule_version",
    "rests_on",
    "direction",
    "amount_at_risk",
    "claim_id",
    "claim_line_number",
    "payer_name",
    "payer_class",
    "status",
)
_CONFIDENCE = 0.95
_CONFIRMS = ("confirm", "refunded")


@dataclass(frozen=True, slots=True)
class Share:
    """Confirmed of confirmed and dismissed, with its 95 % Wilson interval: shares of one."""

    share: float
    low: float
    high: float


def share(rule: ReviewOfRule) -> Share | None:
    """The measured precision of a rule; None where nothing of it is settled."""
    settled = rule.confirmed + rule.dismissed
    if not settled:
        return None
    low = wilson_lower_bound(rule.confirmed, settled, _CONFIDENCE)
    high = 1 - wilson_lower_bound(rule.dismissed, settled, _CONFIDENCE)
    return Share(rule.confirmed / settled, low, high)


def review(runs: Sequence[pa.Table], entries: Sequence[Entry], own: pa.Table | None = None) -> Review:
    """The state of all findings of some runs (tables of COLUMNS), the latest run last.

    `own` are the findings of the run that stores this; what was decided of them is listed.
    """
    by_finding = _courses(entries)
    rows = _decided_rows(runs, by_finding)
    return Review(
        rules=_by_rule(runs, rows, by_finding),
        confirmed=tuple(_confirmed(rows[key], course) for key, course in by_finding.items() if _is_owed(rows.get(key), course)),
        decided=_of_own(own, by_finding) if own is not None else (),
        gone=len(by_finding.keys() - rows.keys()),
    )


def _courses(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    courses: dict[str, list[Entry]] = {}
    for entry in entries:
        courses.setdefault(entry.what.finding_id, []).append(entry)
    return courses


def _decided_rows(tables: Sequence[pa.Table], ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """Each decided finding as the latest run has it."""
    asked = pa.array(sorted(ids), pa.string())
    found = (table.filter(pc.is_in(table["finding_id"], asked)) for table in tables)
    return {row["finding_id"]: row for table in found for row in table.to_pylist()}


def _by_rule(
    tables: Sequence[pa.Table], rows: Mapping[str, Mapping[str, Any]], courses: Mapping[str, Sequence[Entry]]
) -> tuple[ReviewOfRule, ...]:
    if not tables:
        return ()
    all_of_them = pa.concat_tables([_standing(table) for table in tables])
    latest = all_of_them.group_by(["rule_id", "finding_id"], use_threads=False).aggregate([("is_set_aside", "last")])
    undecided = latest.filter(pc.invert(pc.is_in(latest["finding_id"], pa.array(sorted(rows), pa.string()))))
    stands: dict[str, Counter[str]] = {str(rule): Counter() for rule in latest["rule_id"].unique().to_pylist()}
    undecided_by = undecided.group_by(["rule_id", "is_set_aside_last"], use_threads=False)
    for row in undecided_by.aggregate([("finding_id", "count")]).to_pylist():
        stands[row["rule_id"]]["set_aside" if row["is_set_aside_last"] else "open"] += row["finding_id_count"]
    for key, row in rows.items():
        stands[row["rule_id"]][_stands(courses[key][-1], row)] += 1
    return tuple(_of_rule(rule, of) for rule, of in sorted(stands.items()))


def _standing(table: pa.Table) -> pa.Table:
    """Which findings of a run are set aside; an older run does not say of each."""
    known = "status" in table.column_names
    aside = pc.fill_null(pc.equal(table["status"], "suppressed"), False) if known else pa.array([False] * table.num_rows)
    return table.select(["rule_id", "finding_id"]).append_column("is_set_aside", aside)


def _of_rule(rule: str, of: Counter[str]) -> ReviewOfRule:
    # What returned is open again.
    return ReviewOfRule(rule, **(of | {"open": of["open"] + of["returned"]}))


def _stands(entry: Entry, row: Mapping[str, Any]) -> str:
    if entry.what.decision in _CONFIRMS:
        return "confirmed"
    if entry.what.decision == "dismiss":
        if _rests(entry, row):
            return "dismissed"
        return "set_aside" if row.get("status") == "suppressed" else "returned"
    return "asked_or_referred"


def _rests(entry: Entry, row: Mapping[str, Any]) -> bool:
    return still_rests(entry, row["rule_version"], row.get("rests_on") or "")


def _is_owed(row: Mapping[str, Any] | None, course: Sequence[Entry]) -> bool:
    return row is not None and row["direction"] == "over" and course[-1].what.decision in _CONFIRMS


def _confirmed(row: Mapping[str, Any], course: Sequence[Entry]) -> ConfirmedFinding:
    """The last unbroken row of confirmations: confirmed when it began, for the amount that the last of them states."""
    last = []
    for entry in reversed(course):
        if entry.what.decision not in _CONFIRMS:
            break
        last.append(entry)
    amounts = [entry.what.amount for entry in last if entry.what.decision == "confirm"]
    refund = last[0].what if last[0].what.decision == "refunded" else None
    whole = row["amount_at_risk"] or Decimal("0.00")
    return ConfirmedFinding(
        finding_id=row["finding_id"],
        rule_id=row["rule_id"],
        claim_id=row["claim_id"],
        claim_line_number=row["claim_line_number"],
        payer_name=row["payer_name"],
        payer_class=row["payer_class"],
        amount=next((amount for amount in amounts[:1] if amount is not None), whole),
        first_seen=course[0].first_seen,
        confirmed_on=last[-1].what.decided_on,
        refunded_on=refund.refunded_on if refund else None,
        refunded=refund.amount if refund else None,
    )


def _of_own(own: pa.Table, courses: Mapping[str, Sequence[Entry]]) -> tuple[DecidedFinding, ...]:
    made = []
    for key, row in sorted(_decided_rows([own], courses).items()):
        entry = courses[key][-1]
        what = entry.what
        made.append(
            DecidedFinding(key, what.decision, what.amount, what.refunded_on, what.reviewer, what.decided_on, _rests(entry, row))
        )
    return tuple(made)
