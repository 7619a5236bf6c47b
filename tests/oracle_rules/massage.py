"""Massage beside, or in the place of, manual therapy: MAN003, MAN005, MAN006, MAN008 (rules of notes are tested elsewhere)."""

from tests.oracle_rules import codes
from tests.oracle_rules.chances import fisher_greater
from tests.oracle_rules.explained import MASSAGE_AGAIN
from tests.oracle_rules.lines import Export, Line
from tests.oracle_rules.modifier import payer_day
from tests.oracle_rules.results import Results
from tests.oracle_rules.visits import grouped

MASSAGE_THERAPIST = "225700000X"
LINES_NEEDED = 20
CHANCE = 0.01


def judge(export: Export, results: Results) -> None:
    """All rules of this module."""
    for day in grouped((line for line in export.lines if line.provider and not line.to_be_denied), payer_day):
        man003(export, day, results)
    for line in export.lines:
        man006(line, results)
    man005(export, results)
    man008(export, results)


def man003(export: Export, day: list[Line], results: Results) -> None:
    """97124 and 97140 on one day by one provider."""
    for line in day:
        if line.code != "97124" or not line.live or line.payer.payer_class == "self_pay":
            continue
        edits = line.payer.applies_edits
        manual = [other for other in day if other.code == "97140"]
        if edits:
            manual = [other for other in manual if not (line.has(*codes.FAMILY_59) or other.has(*codes.FAMILY_59))]
        if manual and not edits and not export.knows_modifiers:
            results.skip("MAN003", [line])
        elif manual:
            # One of the two was paid, which is what the edit wants, where every 97140 was denied.
            dollars = edits and any(other.live for other in manual)
            results.flag_line("MAN003", line, "over" if dollars else "coding")


def man006(line: Line, results: Results) -> None:
    """97140 rendered by a massage therapist."""
    if line.code != "97140":
        return
    if not line.taxonomy:
        results.skip("MAN006", [line])
    elif line.taxonomy == MASSAGE_THERAPIST:
        results.flag_line("MAN006", line, "over" if line.payer.ffs else "none")


def man005(export: Export, results: Results) -> None:
    """A provider bills 97140 rather than 97124 more often where massage is not covered."""
    able = [
        line
        for line in export.lines
        if line.order == "P" and line.code in ("97124", "97140") and line.provider and line.payer.unit_rule != "none"
    ]
    for lines in grouped(able, lambda line: line.provider):
        refused = [line.code == "97140" for line in lines if line.payer.massage in ("not_covered", "plan_of_care")]
        covered = [line.code == "97140" for line in lines if line.payer.massage not in ("not_covered", "plan_of_care")]
        if min(len(refused), len(covered)) < LINES_NEEDED:
            results.skip("MAN005", lines)
        elif fisher_greater(sum(refused), len(refused), sum(covered), len(covered)) < CHANCE:
            results.flag("MAN005", lines, "none")


def _claim_order(line: Line, other: Line) -> bool:
    """Does `other` stand on a later claim than `line`? By submitted date, else by claim id."""
    if line.submitted and other.submitted and line.submitted != other.submitted:
        return other.submitted > line.submitted
    if line.submitted and other.submitted:
        return False
    return other.claim_id > line.claim_id


def man008(export: Export, results: Results) -> None:
    """97124 denied, then 97140 on a later claim to the same payer for the same patient, date and provider."""
    both = {(line.claim_id, line.patient, line.day) for line in export.lines if line.code == "97140"}
    for day in grouped((line for line in export.lines if line.provider), payer_day):
        refused = [line for line in day if line.code == "97124" and _unpaid(line)]
        manual = [line for line in day if line.code == "97140"]
        for line in manual:
            if any(
                _claim_order(massage, line)
                and not (export.reads(MASSAGE_AGAIN) and any(o.claim_id == line.claim_id and o.code == "97124" for o in day))
                and not _of_other_time(massage, line)
                and (massage.claim_id, massage.patient, massage.day) not in both
                and not any(_claim_order(other, massage) for other in manual)
                for massage in refused
            ):
                results.flag_line("MAN008", line)


def _of_other_time(line: Line, other: Line) -> bool:
    """Have the two lines clock times, and none in common?"""
    if line.clock is None or other.clock is None:
        return False
    return line.clock[1] <= other.clock[0] or other.clock[1] <= line.clock[0]


def _unpaid(line: Line) -> bool:
    return line.state == "denied" or (line.allowed == 0 and line.paid == 0)
