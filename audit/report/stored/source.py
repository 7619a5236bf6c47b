"""Reads a run folder: manifest.json, findings.parquet and finding_lines.parquet, and nothing else.

All text of a run becomes inert here (see text.clean), and here alone. Raises InputError where the folder is not one that
`claims-audit run` wrote.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from audit.errors import InputError
from audit.files.tables import read_parquet, schema_of
from audit.report.text import LIMIT, clean
from audit.runs.format import stored
from audit.runs.format.manifest import Manifest, StoredRule, Suppression
from audit.runs.format.review_records import DecidedFinding
from audit.runs.ledgers import suppressions
from audit.terms import COUNT_NOWHERE, rank

# What the report reads of findings.parquet, and of what type each column is.
_COLUMNS: dict[str, Callable[[pa.DataType], bool]] = {
    **dict.fromkeys(("finding_id", "claim_id", "patient_id", "how_made", "message"), pa.types.is_string),
    **dict.fromkeys(("claim_line_number", "minutes", "source_row"), pa.types.is_integer),
    **dict.fromkeys(("units_billed", "units_supported", "amount_at_risk", "counted_once"), pa.types.is_decimal),
    "service_date": pa.types.is_date,
}
# Few values over many rows: read as dictionaries, a million findings take a third of the memory.
_REPEATING = (
    "rule_id",
    "family",
    "severity",
    "confidence",
    "direction",
    "subject",
    "rendering_npi",
    "billing_npi",
    "payer_name",
    "payer_class",
    "procedure_code",
    "modifiers",
    "status",
    "source_file",
)
_FINDINGS = {**_COLUMNS, **dict.fromkeys(_REPEATING, pa.types.is_string)}
_LINES = {"finding_id": pa.types.is_string, "claim_id": pa.types.is_string, "claim_line_number": pa.types.is_integer}
# Prose that may be longer than LIMIT, by its key; SQL is shown as it is, but for what no page can hold.
_LONG = {"why": 2000, "fix": 2000, "false_positives": 2000}
_VERBATIM = "sql"
_AGAIN = "Run the audit again."


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A finished run: its manifest, its live findings, those that count nowhere, and the lines that findings concern."""

    folder: Path
    manifest: Manifest
    findings: pa.Table
    set_aside: pa.Table
    lines: pa.Table

    @property
    def rules(self) -> Sequence[StoredRule]:
        """The rules of the run, most severe first, then by potential dollars, findings and id."""
        return sorted(self.manifest.rules, key=lambda rule: (rank(rule.severity), -rule.gross_at_risk, -rule.flagged, rule.id))


def read_run(folder: Path) -> StoredRun:
    """Read the run folder `folder`. Raises InputError for a missing or damaged file."""
    manifest = _inert(stored.read(folder))
    findings = _table(folder / "findings.parquet", _FINDINGS)
    for at, name in enumerate(findings.column_names):
        if name in _REPEATING:
            findings = findings.set_column(at, name, _inert_column(findings[name]))
    lines = _table(folder / "finding_lines.parquet", _LINES)
    hidden = pc.is_in(findings["status"].cast(pa.string()), pa.array(sorted(COUNT_NOWHERE), pa.string()))
    run = StoredRun(folder, manifest, findings.filter(pc.invert(hidden)), findings.filter(hidden), lines)
    _must_agree(run)
    return run


def evidence_of(run: StoredRun, finding_ids: Sequence[str]) -> dict[str, str]:
    """What the rules judged these findings by, as the JSON text that they left; read for the few that are shown in full."""
    path, names = run.folder / "findings.parquet", ("finding_id", "evidence")
    asked = pa.array(finding_ids, pa.string())
    table = _table(path, dict.fromkeys(names, pa.types.is_string), lambda rows: pc.is_in(rows["finding_id"], asked))
    return {str(row["finding_id"]): row["evidence"] or "" for row in table.to_pylist()}


def _must_agree(run: StoredRun) -> None:
    """Every finding is of a rule that the manifest holds, and every one that is set aside has its reason there."""
    path, rules = run.folder / "findings.parquet", {rule.id for rule in run.manifest.rules}
    for table in (run.findings, run.set_aside):
        strange = sorted(str(name) for name in set(pc.unique(table["rule_id"]).to_pylist()) - rules)
        if strange:
            raise InputError(f"{path} holds findings of {strange[0]}, a rule that {stored.NAME} does not list.", _AGAIN)
    if len(why_aside(run)) != run.set_aside.num_rows:
        raise InputError(f"{path} holds a finding that is set aside without a reason in {stored.NAME}.", _AGAIN)


def why_aside(run: StoredRun) -> dict[str, Suppression | DecidedFinding]:
    """What sets each finding aside that counts nowhere: the suppression that fits it, or the reviewer's dismissal."""
    review, entries = run.manifest.review, run.manifest.suppressions
    dismissed = {one.finding_id: one for one in (review.decided if review else ()) if one.rests and one.decision == "dismiss"}
    named = {entry.finding_id: entry for entry in entries if entry.finding_id}
    kinds = [entry for entry in entries if not entry.finding_id]
    found: dict[str, Suppression | DecidedFinding] = {}
    for row in run.set_aside.to_pylist():
        key = row["finding_id"]
        suppression = named.get(key) or next((kind for kind in kinds if suppressions.fits(kind, row)), None)
        why = dismissed.get(key) if row["status"] == "dismissed" else suppression
        if why is not None:
            found[key] = why
    return found


def _inert(manifest: Manifest) -> Manifest:
    """The manifest with every text clean."""
    return msgspec.convert(_inert_value(stored.as_json(manifest), ""), Manifest)


def _inert_value(value: Any, key: str) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "") if key == _VERBATIM else clean(value, _LONG.get(key, LIMIT))
    if isinstance(value, dict):
        return {clean(name): _inert_value(item, name) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_inert_value(item, key) for item in value]
    return value


def _inert_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of repeating text with every value clean; values that become alike are one."""
    if column.num_chunks == 0:
        return column
    values = column.chunk(0).dictionary.to_pylist()
    safe = [clean(value) for value in values]
    if safe == values:
        return column
    texts = pa.array(safe, pa.string())
    return pa.chunked_array([texts.take(chunk.indices) for chunk in column.chunks]).dictionary_encode()


def _table(
    path: Path,
    wanted: dict[str, Callable[[pa.DataType], bool]],
    where: Callable[[pa.RecordBatch], pa.Array] | None = None,
) -> pa.Table:
    try:
        schema = schema_of(path)
        for name, fits in wanted.items():
            if name not in schema.names:
                raise InputError(f"{path} lacks the column {name}.", _AGAIN)
            if not fits(schema.field(name).type):
                raise InputError(f"{path}: the column {name} is of another type.", _AGAIN)
        repeating = [name for name in _REPEATING if name in wanted]
        return read_parquet(path, list(wanted), repeating, where)
    except FileNotFoundError:
        raise InputError(f"{path.parent} holds no {path.name}.", _AGAIN) from None
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read: {error}.", _AGAIN) from error
