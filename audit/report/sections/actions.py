"""What people do with the report: documentation requests, corrective action plan, suppressed findings, sign-off."""

import pyarrow as pa
import pyarrow.compute as pc

from audit.reference.loaded import untimed
from audit.report.sections import listed
from audit.report.stored import decided, tally
from audit.report.stored.findings import first
from audit.report.stored.source import StoredRun, why_aside
from audit.report.text import brief, count, day, first_sentence, money, plural
from audit.report.view import Cell, Column, Table
from audit.runs.format.manifest import Suppression
from audit.runs.format.review_records import DecidedFinding
from audit.runs.patient_names import Namer
from audit.terms import About, Family

WORKLIST = 40
# What the record must show, where a rule does not say, by its family; a service that is not timed has no timed minutes to show.
_ASK: dict[Family, str] = {
    "time": "the minutes of each timed code, and the total timed minutes",
    "modifier": "the separate time, area or encounter of the second service",
    "massage": "the technique and the aim that the treatment note names",
    "medicare": "the plan of care, who gave the service, and any liability notice",
    "documentation": "the part of the note that is missing",
    "claim": "the claim as sent and the payer's remittance",
    "custom": "the record of the visit",
}
_ASK_UNTIMED = "how often the service was given that day, and why"


def needs_record(run: StoredRun) -> pa.Table:
    """Findings that the medical record settles: none that follow from the data alone, no pattern, none that are confirmed."""
    settled = [key for key, one in decided.decided(run).items() if one.decision in decided.CONFIRMS and one.rests]
    certain, pattern = (pc.equal(run.findings["confidence"], name) for name in ("certain", "pattern"))
    confirmed = pc.is_in(run.findings["finding_id"], pa.array(settled, pa.string()))
    return run.findings.filter(pc.invert(pc.or_(pc.or_(certain, pattern), confirmed)))


def asked(rule: About, code: str | None) -> str:
    """What to ask the record for: what the rule says, else what its family asks of the procedure code."""
    return rule.ask or asked_of(rule.family, code)


def asked_of(family: Family, code: str | None) -> str:
    """What a family of rules asks the record for."""
    return _ASK_UNTIMED if family == "time" and code in untimed() else _ASK[family]


def worklist(run: StoredRun, namer: Namer) -> Table:
    """The first documentation requests, largest amount first."""
    columns = (
        Column("Claim", "code"),
        Column("Date, patient", "date"),
        Column("Provider", "code"),
        Column("Rule", "code"),
        Column("Ask the record for", "wide"),
        Column("Potential, gross", "number"),
    )
    found = needs_record(run)
    rules, rows = {rule.id: rule for rule in run.rules}, []
    asked_for = first(found, WORKLIST)
    places = listed.places(run, asked_for)
    for finding in asked_for:
        line, rule, place = finding.claim_line_number, rules[finding.rule_id], places.get(finding.finding_id, "")
        amount = finding.amount_at_risk
        rows.append(
            (
                Cell(brief(finding.claim_id, 60), f"line {line}" if line is not None else "", href=place),
                Cell(day(finding.service_date), namer(finding.patient_id)),
                Cell(brief(finding.provider, 40)),
                Cell(finding.rule_id),
                Cell(asked(rule, finding.procedure_code), first_sentence(brief(rule.fix, 600))),
                Cell(money(amount), "under" if finding.direction == "under" else "") if amount else Cell(""),
            )
        )
    note = f"First {len(rows)} of {count(found.num_rows)}, largest amount first." if found.num_rows > len(rows) else ""
    return Table("worklist", "Lines whose proof is in the record", columns, tuple(rows), note=note, style="stack", search=True)


def plan(run: StoredRun) -> Table:
    """The corrective action plan: issues filled in, decisions left for people to write."""
    heads = ("Issue", "Root cause", "Corrective action", "Owner", "Due", "Re-audit")
    columns = tuple(Column(head, "wide" if index in (0, 2) else "blank") for index, head in enumerate(heads))
    rows = []
    for rule in [rule for rule in run.rules if rule.flagged]:
        issue = Cell(rule.title, f"{rule.id}, {plural(rule.flagged, 'finding')}")
        rows.append((issue, Cell(""), Cell(brief(rule.fix, 600)), Cell(""), Cell(""), Cell("")))
    return Table("plan", "What to put right, and by whom", columns, tuple(rows), empty="No issue to correct.", style="form stack")


def set_aside(run: StoredRun, namer: Namer) -> Table:
    """Findings that someone set aside or dismissed, with the reason on file."""
    why = why_aside(run)
    columns = (*listed.COLUMNS, Column("Reason", "wide"))
    rows = []
    shown = first(run.set_aside, WORKLIST)
    for finding in shown:
        said, until = _reason(why[finding.finding_id])
        rows.append((*listed.row(finding, namer), Cell(said, f"{finding.rule_id}, {until}")))
    whole = run.set_aside.num_rows
    notes = [f"First {len(rows)} of {count(whole)}."] if whole > len(rows) else []
    if whole:
        over = run.set_aside.filter(pc.equal(run.set_aside["direction"], "over"))
        notes.append(f"Together {money(tally.whole(over, 'amount_at_risk'))} of potential overpayment, gross; it is in no total.")
    return Table(
        "suppressed",
        "What was set aside or dismissed, and why",
        columns,
        tuple(rows),
        note=" ".join(notes),
        empty="No finding is set aside or dismissed.",
        style="stack",
        keys=tuple(finding.finding_id for finding in shown),
    )


def _reason(why: Suppression | DecidedFinding) -> tuple[str, str]:
    """Why a finding is set aside, and until when."""
    if isinstance(why, DecidedFinding):
        return f"Dismissed by {why.reviewer} on {day(why.decided_on)}", "while the rule and its lines stay as they are"
    return why.reason, f"until {day(why.until)}"


SIGN_OFF = (
    "Reviewed by (name, title)",
    "Findings accepted, disputed or dismissed (attach the disposition sheet)",
    "Management response",
    "Signature and date",
)
