"""What people do with the report: documentation requests, corrective action plan, suppressed findings, sign-off."""

import pyarrow as pa
import pyarrow.compute as pc

from audit.report.options import Namer
from audit.report.sections import checks
from audit.report.stored import tally
from audit.report.stored.source import Entry, StoredRun
from audit.report.text import clean, count, day, first_sentence, money, plural
from audit.report.view import Cell, Column, Table

WORKLIST = 40
_PROOF = {
    "time": "minutes of each timed code and total timed minutes",
    "modifier": "separate time, area or encounter for the second service",
    "massage": "technique and aim of the treatment note",
    "medicare": "plan of care, personnel and liability notice",
    "documentation": "the part of the note that is missing",
    "claim": "the claim as sent and its remittance",
}


def needs_record(run: StoredRun) -> pa.Table:
    """Findings that the medical record settles: all that do not follow from the data alone."""
    certain = pc.fill_null(pc.equal(tally.column(run.findings, "confidence"), "certain"), False)
    paper = pc.is_in(tally.column(run.findings, "family"), value_set=pa.array(["documentation", "time"], pa.string()))
    pattern = pc.fill_null(pc.equal(tally.column(run.findings, "confidence"), "pattern"), False)
    return run.findings.filter(pc.and_(pc.or_(pc.invert(certain), pc.fill_null(paper, False)), pc.invert(pattern)))


def proof(family: object) -> str:
    """What to ask the record for, by the rule's family."""
    return _PROOF.get(str(family), "the record of the visit")


def worklist(run: StoredRun, namer: Namer) -> Table:
    """The first documentation requests, largest amount first."""
    columns = (
        Column("Claim", "code"),
        Column("Date, patient", "date"),
        Column("Provider", "code"),
        Column("Rule", "code"),
        Column("Ask the record for", "wide"),
        Column("Potential", "number"),
    )
    found = needs_record(run)
    looks = {str(rule.get("id")): first_sentence(clean(rule.get("fix"), 600)) for rule in run.entries("rules")}
    rows = []
    for row in tally.first(found, WORKLIST):
        line, amount = row.get("claim_line_number"), row.get("amount_at_risk")
        rows.append(
            (
                Cell(clean(row.get("claim_id"), 60), f"line {line}" if line is not None else ""),
                Cell(day(row.get("service_date")), namer(row.get("patient_id"))),
                Cell(clean(row.get("rendering_npi") or row.get("billing_npi"), 40)),
                Cell(clean(row.get("rule_id"))),
                Cell(proof(row.get("family")), looks.get(str(row.get("rule_id")), "")),
                Cell(money(amount) if amount else ""),
            )
        )
    note = f"First {len(rows)} of {count(found.num_rows)}, largest amount first." if found.num_rows > len(rows) else ""
    return Table("worklist", "Lines whose proof is in the record", columns, tuple(rows), note=note, style="stack", search=True)


def plan(run: StoredRun) -> Table:
    """The corrective action plan: issues filled in, decisions left for people to write."""
    heads = ("Issue", "Root cause", "Corrective action", "Owner", "Due", "Re-audit")
    columns = tuple(Column(head, "wide" if index in (0, 2) else "blank") for index, head in enumerate(heads))
    rows = []
    for rule in [rule for rule in run.rules() if rule.get("flagged")]:
        issue = Cell(clean(rule.get("title")), f"{clean(rule.get('id'))}, {plural(int(rule.get('flagged') or 0), 'finding')}")
        rows.append((issue, Cell(""), Cell(clean(rule.get("fix"), 600)), Cell(""), Cell(""), Cell("")))
    return Table("plan", "Issues and who mends them", columns, tuple(rows), empty="No issue to correct.", style="form stack")


def suppressed(run: StoredRun, namer: Namer) -> Table:
    """Findings that someone set aside, with the reason on file."""
    reasons = {str(entry.get("finding_id")): entry for entry in run.entries("suppressions")}
    columns = (*checks.COLUMNS, Column("Reason", "wide"), Column("Until", "date"))
    rows = []
    for row in tally.first(run.suppressed, WORKLIST):
        entry: Entry = reasons.get(str(row.get("finding_id")), {})
        reason = Cell(clean(entry.get("reason")) or "in the suppression file", clean(row.get("rule_id")))
        rows.append((*checks.example_row(row, namer), reason, Cell(day(entry.get("until")))))
    more = run.suppressed.num_rows - len(rows)
    note = f"First {len(rows)} of {count(run.suppressed.num_rows)}." if more > 0 else ""
    return Table(
        "suppressed", "Findings set aside", columns, tuple(rows), note=note, empty="No finding is suppressed.", style="stack"
    )


SIGN_OFF = (
    "Reviewed by (name, title)",
    "Findings accepted, disputed or dismissed (attach the disposition sheet)",
    "Management response",
    "Signature and date",
)
