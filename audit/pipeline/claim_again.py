"""One claim of a stored run judged again from the run's own sources: its rows as read, its visits, and each rule's verdict.

A run's folder holds what was flagged. What a rule passed, or could not judge and why, stands in no file of it line by line;
while the sources' hashes hold, judging them again gives the verdicts that the run gave.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pyarrow.compute as pc

from audit import intake
from audit.engine.interface import Engine
from audit.pipeline.again import Ready, staged_again
from audit.progress import Progress, Silent
from audit.rules.catalogue import Rule
from audit.runs import claim as claims
from audit.runs.format import stored
from audit.runs.format.manifest import Manifest
from audit.runs.patient_names import Namer, namer_or_reason
from audit.settings.config import Config, Phi

Row = dict[str, Any]
Said = Literal["flagged", "passed", "not evaluated", "failed to run"]
_SAID: dict[str, Said] = {"flag": "flagged", "ok": "passed", "not evaluated": "not evaluated"}
# Free text about a patient, the payer's number for one, and a name that may be anybody's: shown where the run's own files have
# patients' ids.
_PRIVATE = ("member_id", "rendering_name", "note_text", "clinical_justification", "treatment_response")
HELD_BACK = "held back"

_ROWS = """
SELECT claim_row.* EXCLUDE (line_id), excluded_line.reason AS left_out
FROM claim_row
LEFT JOIN excluded_line USING (line_id)
WHERE claim_row.line_id IN ({lines})
ORDER BY claim_row.claim_line_number, claim_row.source_file, claim_row.source_row
"""
_VISITS = """
SELECT
    visit_id, patient_id, service_date, practice_npi, discipline, payer_class, unit_rule, timed_units, minutes_from,
    fewest_timed_minutes, most_timed_minutes, most_cms_units, most_ama_units
FROM visit
WHERE visit_id IN (SELECT visit_id FROM claim_line WHERE line_id IN ({lines}))
ORDER BY visit_id
"""
_LINES_OF_VISITS = """
SELECT visit_id, claim_id, claim_line_number, procedure_code, array_to_string(modifiers, ' ') AS modifiers, units, "minutes"
FROM claim_line
WHERE visit_id IN (SELECT visit_id FROM claim_line WHERE line_id IN ({lines}))
ORDER BY claim_id, claim_line_number, line_id
"""
# What a rule said of the subjects that the lines belong to. A subject is known by its first line; a flagged one names all.
_VERDICTS = """
WITH own_line AS (
    SELECT line_id, visit_id, patient_id, service_date, procedure_code, provider_npi FROM claim_line WHERE line_id IN ({lines})
)
SELECT
    verdict.* EXCLUDE (subject_id, is_flagged, lines, evidence),
    CAST(to_json(evidence) AS VARCHAR) AS evidence,
    subject_line.claim_id AS of_claim,
    subject_line.claim_line_number AS of_line
FROM verdict
INNER JOIN claim_line AS subject_line ON verdict.subject_id = subject_line.line_id
WHERE EXISTS (
    SELECT 1
    FROM own_line
    WHERE
        own_line.line_id = verdict.subject_id
        OR list_contains(list_transform(verdict.lines, lambda one : one.line_id), own_line.line_id)
        OR {is_of_subject}
)
ORDER BY verdict.subject_id
"""
_IS_OF_SUBJECT = {
    "line": "FALSE",
    "visit": "own_line.visit_id = subject_line.visit_id",
    "patient": "own_line.patient_id = subject_line.patient_id",
    "provider": "own_line.provider_npi = subject_line.provider_npi",
    "provider day": "own_line.provider_npi = subject_line.provider_npi AND own_line.service_date = subject_line.service_date",
    "patient day": "own_line.patient_id = subject_line.patient_id AND own_line.service_date = subject_line.service_date",
}
_SUBJECTS = {
    "visit": "the visit",
    "patient": "the patient",
    "provider": "the provider",
    "provider day": "the provider's day",
    "patient day": "the patient's day",
}
# A patient's day that a rule of lines examines is one of a code.
_OF_CODE = " AND own_line.procedure_code = subject_line.procedure_code"


@dataclass(frozen=True)
class Verdict:
    """What one rule said of a line of the claim, or of what the claim belongs to: its `subject` ("line 2", "the visit").

    `evidence` is the JSON of the figures that the rule judged by.
    """

    rule_id: str
    title: str
    subject: str
    said: Said
    reason: str
    message: str
    units_billed: Any
    units_supported: Any
    minutes: Any
    evidence: str


@dataclass(frozen=True)
class Judged:
    """All that the sources say of a claim; `undone` says why they could not be asked, `not_about` which rules did not look at it.

    `visits` hold their lines under "lines". Patients stand as the run's files have them.
    """

    claim_id: str
    line: int | None = None
    rows: tuple[Row, ...] = ()
    visits: tuple[Row, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    not_about: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()


def judge(wanted: str, manifest: Manifest, config: Config, progress: Progress | None = None) -> Judged:
    """The claim `wanted`, or its line where it ends in /LINE, judged again; without rows where the export has none of it."""
    progress = progress or Silent()
    # A claim is judged on this machine, wherever its run was.
    here = replace(config, engine="duckdb", master=None, partitions=None)
    with staged_again(manifest, here, progress) as ready:
        if not isinstance(ready, Ready):
            return Judged(wanted, undone=ready)
        claim, line, lines = _lines_of(ready.engine, wanted)
        if not lines:
            return Judged(claim, line, said=ready.said)
        listed = ", ".join(map(str, lines))
        namer, _ = namer_or_reason(manifest.run.patients)
        verdicts, not_about = _verdicts(ready, claim, listed, progress)
        return Judged(
            claim,
            line,
            tuple(_shown(row, manifest.run.patients, namer) for row in ready.engine.rows(_ROWS.format(lines=listed))),
            tuple(_visits(ready.engine, listed, namer)),
            verdicts,
            not_about,
            ready.said,
        )


def found_in(places: Sequence[str], manifest: Manifest) -> dict[str, Path]:
    """The run's sources among the files of some places (files, folders, globs), by hash, whatever they are called now.

    InputError where a place holds no export.
    """
    sizes, wanted = ({getattr(one, name) for one in manifest.inputs} for name in ("size_bytes", "sha256"))
    alike = (path for path in intake.find_sources(places) if path.stat().st_size in sizes)
    return {sha256: path for path in alike if (sha256 := stored.sha256_of(path)) in wanted}


def _lines_of(engine: Engine, wanted: str) -> tuple[str, int | None, Sequence[int]]:
    """The claim and line that are meant, and the ids of its lines."""
    table = engine.table("SELECT line_id, claim_id, claim_line_number FROM claim_row ORDER BY line_id")
    claim, line = claims.parted(wanted, lambda one: bool(pc.any(pc.equal(table["claim_id"], one)).as_py()))
    of_claim = table.filter(pc.equal(table["claim_id"], claim))
    own = of_claim if line is None else of_claim.filter(pc.equal(of_claim["claim_line_number"], line))
    return claim, line, own["line_id"].to_pylist()


def _shown(row: Row, phi: Phi, namer: Namer) -> Row:
    """A row as read, its patient as the run has patients."""
    held_back = {} if phi == "full" else {name: HELD_BACK for name in _PRIVATE if row[name] is not None}
    return {**row, **held_back, "patient_id": namer(row["patient_id"])}


def _visits(engine: Engine, lines: str, namer: Namer) -> Iterator[Row]:
    every = engine.rows(_LINES_OF_VISITS.format(lines=lines))
    for visit in engine.rows(_VISITS.format(lines=lines)):
        own = [
            {name: value for name, value in row.items() if name != "visit_id"}
            for row in every
            if row["visit_id"] == visit["visit_id"]
        ]
        yield {**visit, "patient_id": namer(visit["patient_id"]), "lines": own}


def _verdicts(ready: Ready, claim: str, lines: str, progress: Progress) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    """Every rule's verdicts on the lines, and the rules that did not look at them."""
    progress.step(f"Running {len(ready.catalogue)} rules")
    verdicts: list[Verdict] = []
    not_about = []
    for number, rule in enumerate(ready.catalogue, 1):
        found = list(_of_rule(ready.engine, rule, lines, claim))
        verdicts += found
        if not found:
            not_about.append(rule.id)
        progress.rule_done(rule.id, number, len(ready.catalogue))
    return tuple(verdicts), tuple(not_about)


def _of_rule(engine: Engine, rule: Rule, lines: str, claim: str) -> Iterator[Verdict]:
    front, examines = rule.front, rule.front.examines or rule.front.subject
    outcome = engine.examine(rule)
    if outcome.status == "error":
        yield Verdict(rule.id, front.title, "", "failed to run", outcome.error, "", None, None, None, "")
        return
    is_of_subject = _IS_OF_SUBJECT[examines] + (_OF_CODE if front.subject == "line" and examines == "patient day" else "")
    for row in engine.rows(_VERDICTS.format(lines=lines, is_of_subject=is_of_subject)):
        yield Verdict(
            rule.id,
            front.title,
            _subject(examines, row, claim),
            _SAID[row["verdict"]],
            row["reason"] or "",
            # A rule words what it flags; where it passed, its sentence says nothing.
            (row["message"] or "") if row["verdict"] == "flag" else "",
            row.get("units_billed"),
            row.get("units_supported"),
            row.get("minutes"),
            row["evidence"] or "",
        )


def _subject(examines: str, row: Row, claim: str) -> str:
    if examines != "line":
        return _SUBJECTS[examines]
    return f"line {row['of_line']}" if row["of_claim"] == claim else f"claim {row['of_claim']} line {row['of_line']}"
