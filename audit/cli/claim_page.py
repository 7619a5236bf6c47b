"""One claim of a stored run as plain text, 100 columns wide, or as JSON."""

import json
import textwrap
from collections.abc import Iterator
from decimal import Decimal

from audit.files import inert
from audit.runs import stored
from audit.runs.claim import Claim, Row, State
from audit.terms import plural

_LIMIT = (
    "This is what the run's folder holds: findings, and rows left out. Rules that passed, or could not be evaluated on "
    "this claim, are not stored by line; the report counts them by rule."
)

# A run keeps a source's path as it was given, so a relative one is looked for from where the command stands.
_STATES: dict[State, str] = {
    "unchanged": "as the run read it",
    "changed": "not as the run read it",
    "not found": "not found from here, under the path that the run was given",
}


def as_json(claim: Claim) -> str:
    """The claim as JSON; amounts are text with two places."""
    plain = stored.as_json(claim)
    for finding in plain["findings"]:
        finding["evidence"] = json.loads(finding["evidence"] or "null")
    return json.dumps({**plain, "holds": _LIMIT}, indent=1, ensure_ascii=False)


def as_text(claim: Claim) -> str:
    """The claim for a reader, on paper too."""
    return "\n".join(part for said, indent in _said(claim) for part in _wrapped(inert.text(said), indent))


def _wrapped(said: str, indent: int) -> list[str]:
    pad = " " * indent
    return textwrap.wrap(said, 100, initial_indent=pad, subsequent_indent=f"{pad}  ") or [""]


def _said(claim: Claim) -> Iterator[tuple[str, int]]:
    line = "" if claim.line is None else f" line {claim.line}"
    yield f"Claim {claim.claim_id}{line} in run {claim.run}", 0
    yield f"Findings: {len(claim.findings):,}", 0
    for finding in claim.findings:
        yield "", 0
        yield from _finding(finding)
        for share in claim.lines:
            if share["finding_id"] == finding["finding_id"]:
                yield f"line {_or_none(share['claim_line_number'])}: {_dollars(share)}", 4
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
    yield "", 0
    for source in claim.sources:
        yield f"Source {source.file}: {_STATES[source.state]}", 0
    yield _LIMIT, 0


def _finding(row: Row) -> Iterator[tuple[str, int]]:
    yield f"{row['rule_id']} ({row['severity']}, {row['confidence']}, {row['status']}), finding {row['finding_id']}", 2
    where = f"claim {_or_none(row['claim_id'])} line {_or_none(row['claim_line_number'])}"
    yield f"stands on {where}, {row['service_date']}: {row['source_file']} row {row['source_row']}", 4
    yield row["message"], 4
    yield f"whole finding: {_dollars(row)}", 4
    for name, value in (json.loads(row["evidence"] or "null") or {}).items():
        yield f"{name}: {value if isinstance(value, str) else json.dumps(value)}", 6


def _dollars(row: Row) -> str:
    made = f" ({row['how_made']})" if row["how_made"] else ""
    return f"potential {_amount(row['amount_at_risk'])}{made}, counted once {_amount(row['counted_once'])}"


def _amount(amount: Decimal | None) -> str:
    return "unknown" if amount is None else f"${amount:,.2f}"


def _or_none(value: object) -> object:
    return "(none)" if value in (None, "") else value
