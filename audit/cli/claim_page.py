"""One claim of a run as plain text, 100 columns wide, or as JSON."""

import json
import textwrap
from collections.abc import Iterator
from decimal import Decimal

from audit.contract import COLUMNS
from audit.files import inert
from audit.pipeline.claim_again import HELD_BACK, Judged, Verdict
from audit.report import evidence
from audit.report.text import money, number, words
from audit.runs.claim import Claim, Row, State
from audit.runs.format import stored
from audit.terms import plural

_STORED_ALONE = (
    "This is what the run's folder holds: findings, and rows left out. Which rules passed, or could not be evaluated on this "
    "claim, is told where the sources are as the run read them."
)
_NOT_THERE = "Not every source is where the run read it, as the run read it. "
_FIND_THEM = " If they were moved, name the file or folder: --sources PATH."
# A run keeps a source's path as it was given, so a relative one is looked for from where the command stands.
_STATES: dict[State, str] = {
    "unchanged": "as the run read it",
    "changed": "not as the run read it",
    "not found": "not found from here, under the path that the run was given",
}
_MONEY = frozenset(column.name for column in COLUMNS if column.name.endswith("_amount"))
_COLUMNS = tuple(column.name for column in COLUMNS if column.name not in ("claim_id", "claim_line_number"))
# What a line of the page is: its text, and how far it is set in.
Line = tuple[str, int]


def as_json(claim: Claim, judged: Judged | None = None) -> str:
    """The claim as JSON; amounts are text with two places. What the sources say stands under "judged", null where not asked."""
    plain = stored.as_json(claim)
    del plain["others"]
    for finding in plain["findings"]:
        finding["evidence"] = json.loads(finding["evidence"] or "null")
    again = None
    if judged is not None:
        again = stored.as_json(judged)
        for verdict in again["verdicts"]:
            verdict["evidence"] = json.loads(verdict["evidence"] or "null")
        again["rows"] = [{name: value for name, value in row.items() if value is not None} for row in again["rows"]]
    return json.dumps({**plain, "judged": again}, indent=1, ensure_ascii=False)


def as_text(claim: Claim, judged: Judged | None = None) -> str:
    """The claim for a reader, on paper too."""
    return "\n".join(part for said, indent in _said(claim, judged) for part in _wrapped(inert.text(said), indent))


def _wrapped(said: str, indent: int) -> list[str]:
    pad = " " * indent
    return textwrap.wrap(said, 100, initial_indent=pad, subsequent_indent=f"{pad}  ") or [""]


def _said(claim: Claim, judged: Judged | None) -> Iterator[Line]:
    name, number_of_line = (claim.claim_id, claim.line) if judged is None else (judged.claim_id, judged.line)
    line = "" if number_of_line is None else f" line {number_of_line}"
    yield f"Claim {name}{line} in run {claim.run}", 0
    if any(source.state != "unchanged" for source in claim.sources):
        yield f"{_NOT_THERE}{_STORED_ALONE}{_FIND_THEM}", 0
    if judged is not None and judged.rows:
        yield from _rows(judged)
        yield from _visits(judged)
    yield from _findings(claim)
    yield from _left_out(claim)
    if judged is not None and judged.rows:
        yield from _verdicts(judged)
    yield "", 0
    for source in claim.sources:
        yield f"Source {source.file}: {_STATES[source.state]}", 0
    if judged is None:
        if all(source.state == "unchanged" for source in claim.sources):
            yield _STORED_ALONE, 0
        return
    for sentence in judged.undone:
        yield f"Not judged again: {sentence}", 0
    for sentence in judged.said:
        yield f"{sentence} Verdicts that are not findings may differ from those of the run.", 0


def _rows(judged: Judged) -> Iterator[Line]:
    yield "", 0
    yield f"Rows as read: {len(judged.rows):,}", 0
    for row in judged.rows:
        fate = f"left out: {row['left_out']}" if row["left_out"] else "audited"
        yield f"{row['source_file']} row {row['source_row']}, line {_or_none(row['claim_line_number'])}: {fate}", 2
        told = [name for name in _COLUMNS if row.get(name) not in (None, "")]
        yield "; ".join(f"{_named(name)} {_cell(name, row[name])}" for name in told if row[name] != HELD_BACK), 4
        if held_back := [_named(name) for name in told if row[name] == HELD_BACK]:
            yield f"held back, shown by an audit with --phi full: {', '.join(held_back)}", 4


def _named(column: str) -> str:
    return column.replace("_", " ").replace("npi", "NPI")


def _cell(name: str, value: object) -> str:
    if name in _MONEY and isinstance(value, Decimal):
        return money(value)
    return number(value) if isinstance(value, Decimal) else str(value)


def _visits(judged: Judged) -> Iterator[Line]:
    yield "", 0
    yield f"Visits: {len(judged.visits):,}", 0
    for visit in judged.visits:
        who = ", ".join(filter(None, (str(visit["service_date"]), visit["patient_id"], words(visit["discipline"]))))
        yield f"{who}; {words(visit['payer_class'])}, units counted by {words(visit['unit_rule'])}", 2
        least, most = visit["fewest_timed_minutes"], visit["most_timed_minutes"]
        if most is not None:
            minutes = number(most) if least == most else f"{number(least)} to {number(most)}"
            yield (
                (
                    f"timed minutes {minutes} (of {visit['minutes_from']}): {number(visit['most_cms_units'])} units by "
                    f"total time (CMS), {number(visit['most_ama_units'])} by each code alone (CPT midpoint); timed units billed "
                    f"{number(visit['timed_units'])}"
                ),
                4,
            )
        for row in visit["lines"]:
            minutes = f", {plural(row['minutes'], 'minute')}" if row["minutes"] is not None else ""
            code = " ".join(filter(None, (row["procedure_code"], row["modifiers"])))
            yield f"claim {row['claim_id']} line {row['claim_line_number']}: {code}, units {number(row['units'])}{minutes}", 4


def _findings(claim: Claim) -> Iterator[Line]:
    yield "", 0
    yield f"Findings: {len(claim.findings):,}", 0
    for finding in claim.findings:
        yield "", 0
        yield from _finding(finding)
        for share in claim.lines:
            if share["finding_id"] == finding["finding_id"]:
                yield f"line {_or_none(share['claim_line_number'])}: {_dollars(share)}", 4


def _left_out(claim: Claim) -> Iterator[Line]:
    yield "", 0
    yield f"Rows left out: {len(claim.excluded):,}", 0
    for row in claim.excluded:
        yield f"{row['file']} row {row['row']}, line {_or_none(row['claim_line_number'])}: {row['reason']}", 2
    if claim.rejected:
        yield (
            (
                f"The run rejected {plural(claim.rejected, 'row')}. rejected_rows.csv names rows by file and row, not by claim: "
                "whether one is of this claim cannot be told here."
            ),
            0,
        )


def _verdicts(judged: Judged) -> Iterator[Line]:
    flagged, passed, open_ones = (
        [verdict for verdict in judged.verdicts if verdict.said in said]
        for said in (("flagged",), ("passed",), ("not evaluated", "failed to run"))
    )
    yield "", 0
    yield f"Verdicts: {len(flagged)} flagged, {len(passed)} passed, {len(open_ones)} not evaluated", 0
    for heading, verdicts in (("Flagged", flagged), ("Not evaluated", open_ones), ("Passed", passed)):
        yield "", 0
        yield f"{heading}: {len(verdicts)}", 0
        for verdict in verdicts:
            yield f"{verdict.rule_id} {verdict.title}{f' ({verdict.subject})' if verdict.subject else ''}", 2
            yield from ((said, 4) for said in _of_verdict(verdict) if said)
    if judged.not_about:
        yield "", 0
        yield f"Rules that did not look at this claim, for it holds nothing they are about: {', '.join(judged.not_about)}", 0


def _of_verdict(verdict: Verdict) -> Iterator[str]:
    if verdict.reason:
        yield f"{verdict.said}: {verdict.reason}"
    yield verdict.message
    told = evidence.sentence(verdict.evidence)
    for name, value in (
        ("units billed", verdict.units_billed),
        ("units supported", verdict.units_supported),
        ("minutes", verdict.minutes),
    ):
        if value is not None and f"{name}: " not in told:
            told = "; ".join(filter(None, (told, f"{name}: {number(value)}")))
    yield told


def _finding(row: Row) -> Iterator[Line]:
    yield f"{row['rule_id']} ({row['severity']}, {row['confidence']}, {row['status']}), finding {row['finding_id']}", 2
    where = f"claim {_or_none(row['claim_id'])} line {_or_none(row['claim_line_number'])}"
    yield f"{where}, {row['service_date']}: {row['source_file']} row {row['source_row']}", 4
    yield row["message"], 4
    yield f"whole finding: {_dollars(row)}", 4
    yield evidence.sentence(row["evidence"] or ""), 6


def _dollars(row: Row) -> str:
    made = f" ({row['how_made']})" if row["how_made"] else ""
    return f"potential {_amount(row['amount_at_risk'])}{made}, counted once {_amount(row['counted_once'])}"


def _amount(amount: Decimal | None) -> str:
    return "unknown" if amount is None else f"${amount:,.2f}"


def _or_none(value: object) -> object:
    return "(none)" if value in (None, "") else value
