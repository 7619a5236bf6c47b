"""The findings that weigh most, one by one: what was found, how its dollars were made, on what evidence, where it stands."""

import json
from collections.abc import Iterator
from decimal import Decimal

from audit.report.sections import checks, criteria
from audit.report.stored.findings import Finding, first
from audit.report.stored.source import StoredRun, evidence_of
from audit.report.text import brief, clean, count, day, money, number
from audit.report.view import Fact, Single, Weightiest
from audit.runs.manifest import StoredRule
from audit.runs.patient_names import Namer

PRINTED = 30


def weightiest(run: StoredRun, namer: Namer) -> Weightiest:
    """The findings with the most potential dollars, most first, and a sentence on where the others are."""
    rules = {rule.id: rule for rule in run.rules}
    found = first(run.findings, PRINTED)
    evidence = evidence_of(run, [finding.finding_id for finding in found])
    items = [_single(run, finding, rules[finding.rule_id], evidence.get(finding.finding_id, ""), namer) for finding in found]
    return Weightiest(tuple(items), _rest(len(found), run.findings.num_rows))


def _rest(shown: int, whole: int) -> str:
    if whole <= shown:
        return ""
    return (
        f"These are {count(shown)} of {count(whole)} findings, largest amount first. "
        "The others stand by rule in report.html on the screen, and all of them in findings.xlsx and findings.csv."
    )


def _single(run: StoredRun, finding: Finding, rule: StoredRule, evidence: str, namer: Namer) -> Single:
    line, row, patient = finding.claim_line_number, finding.source_row, namer(finding.patient_id)
    claim = brief(finding.claim_id, 60) + (f" line {line}" if line is not None else "")
    code = " ".join(filter(None, (brief(finding.procedure_code, 20), brief(finding.modifiers, 40))))
    facts = (
        Fact("How the dollars were made", finding.how_made),
        Fact("Counted once", money(finding.counted_once) if finding.counted_once else ""),
        Fact("Evidence", "; ".join(_said(evidence))),
        Fact("Code", ", ".join(filter(None, (code, checks.units(finding.units_billed))))),
        Fact("Patient", patient),
        Fact("Payer", brief(finding.payer_name, 80)),
        Fact("Provider", brief(finding.provider, 40)),
        Fact("In the export", brief(finding.source_file, 120) + (f", row {count(row)}" if row is not None else "")),
        Fact("Judged by", criteria.judged_by(run, rule)),
        Fact("Finding", finding.finding_id),
    )
    amount = money(finding.amount_at_risk) if finding.amount_at_risk else "no dollars"
    head = f"{day(finding.service_date)}, claim {claim}"
    shown = tuple(fact for fact in facts if fact.value)
    return Single(finding.finding_id, rule.id, rule.title, head, amount, checks.tone(rule), finding.message, shown)


def _said(evidence: str) -> Iterator[str]:
    """The facts that a rule judged by, each as "name: value"; what is not a list of facts is shown as it stands."""
    try:
        held = json.loads(evidence or "{}")
    except ValueError:
        held = None
    if not isinstance(held, dict):
        yield clean(evidence)
        return
    for name, value in held.items():
        if value not in (None, [], ""):
            yield f"{clean(name).replace('_', ' ')}: {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, dict):
        return ", ".join(f"{clean(name).replace('_', ' ')} {_value(item)}" for name, item in value.items())
    return number(Decimal(str(value))) if isinstance(value, float) else clean(value)
