"""The findings that weigh most, one by one: what was found, how its dollars were made, on what evidence, where it stands."""

from collections.abc import Mapping

from audit.report import evidence as words_of
from audit.report.sections import checks, criteria, listed
from audit.report.stored import decided
from audit.report.stored.findings import Finding, first
from audit.report.stored.source import StoredRun, evidence_of
from audit.report.text import brief, count, day, money
from audit.report.view import Fact, Single, Weightiest
from audit.runs.format.manifest import StoredRule
from audit.runs.patient_names import Namer

PRINTED = 30
# Facts of the evidence that stand beside it under "Code".
_BESIDE = ("procedure_code", "modifiers")


def weightiest(run: StoredRun, namer: Namer) -> Weightiest:
    """The findings with the most potential dollars, most first, and a sentence on where the others are."""
    rules = {rule.id: rule for rule in run.rules}
    found = first(run.findings, PRINTED)
    evidence = evidence_of(run, [finding.finding_id for finding in found])
    decisions = decided.in_words(run)
    items = [
        _single(run, finding, rules[finding.rule_id], evidence.get(finding.finding_id, ""), decisions, namer) for finding in found
    ]
    return Weightiest(tuple(items), _rest(len(found), run.findings.num_rows), _in_workbook(run.findings.num_rows))


def _rest(shown: int, whole: int) -> str:
    if whole <= shown:
        return ""
    beside = ""
    if whole > listed.IN_PAGE:
        rest = "the rest" if whole <= listed.IN_PAGES else f"those up to the {count(listed.IN_PAGES)} that weigh most"
        beside = f" up to the {count(listed.IN_PAGE)} that weigh most, and {rest} in the folder {listed.FOLDER} beside it"
    book = "findings.xlsx and " if whole <= listed.IN_WORKBOOK else ""
    return (
        f"These are {count(shown)} of {count(whole)} findings, largest amount first. "
        f"The others stand by rule in report.html on the screen{beside}, and all of them in {book}findings.csv."
    )


def _in_workbook(whole: int) -> str:
    return f" (the {count(listed.IN_WORKBOOK)} that weigh most)" if whole > listed.IN_WORKBOOK else ""


def _single(
    run: StoredRun, finding: Finding, rule: StoredRule, evidence: str, decisions: Mapping[str, str], namer: Namer
) -> Single:
    line, row, patient = finding.claim_line_number, finding.source_row, namer(finding.patient_id)
    claim = brief(finding.claim_id, 60) + (f" line {line}" if line is not None else "")
    code = " ".join(filter(None, (brief(finding.procedure_code, 20), brief(finding.modifiers, 40))))
    facts = (
        Fact("How the dollars were made", finding.how_made),
        Fact("Counted once", _once(finding)),
        Fact("Evidence", words_of.sentence(evidence, _BESIDE)),
        Fact("Code", ", ".join(filter(None, (code, listed.units(finding.units_billed))))),
        Fact("Patient", patient),
        Fact("Payer", brief(finding.payer_name, 80)),
        Fact("Provider", brief(finding.provider, 40)),
        Fact("In the export", brief(finding.source_file, 120) + (f", row {count(row)}" if row is not None else "")),
        Fact("Decision", decisions.get(finding.finding_id, "")),
        Fact("Judged by", criteria.judged_by(run, rule)),
        Fact("Finding", finding.finding_id),
    )
    amount = money(finding.amount_at_risk) if finding.amount_at_risk else "no dollars"
    head = f"{day(finding.service_date)}, claim {claim}"
    shown = tuple(fact for fact in facts if fact.value)
    return Single(finding.finding_id, rule.id, rule.title, head, amount, checks.tone(rule), finding.message, shown)


def _once(finding: Finding) -> str:
    """A finding's share where each line counts once, said too where other findings bear all of its dollars."""
    if finding.direction != "over" or not finding.amount_at_risk:
        return ""
    return money(finding.counted_once) if finding.counted_once else "nothing: other findings of these lines count the dollars"
