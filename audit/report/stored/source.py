"""Reads a run folder: manifest.json, findings.parquet and finding_lines.parquet, and nothing else.

Raises InputError where the folder is not one that `claims-audit run` wrote.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.errors import InputError

Entry = Mapping[str, Any]
SEVERITIES = ("high", "medium", "low", "info")
KNOWN_FORMAT = 2
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


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A finished run: its manifest, its live findings, the suppressed ones, and the lines that findings concern."""

    folder: Path
    manifest: Entry
    findings: pa.Table
    suppressed: pa.Table
    lines: pa.Table

    def entry(self, name: str) -> Entry:
        """A part of the manifest that is an object; empty where the run did not write it."""
        found = self.manifest.get(name)
        return found if isinstance(found, Mapping) else {}

    def entries(self, name: str) -> Sequence[Entry]:
        """A part of the manifest that is a list of objects; empty where the run did not write it."""
        return _entries(self.manifest.get(name))

    def summary(self, name: str) -> Sequence[Entry]:
        """One summary table of the manifest ("by_provider", ...); empty where the run did not write it."""
        return _entries(self.entry("summary").get(name))

    def rules(self) -> Sequence[Entry]:
        """The rules of the run, most severe first, then by potential dollars, findings and id."""
        return sorted(self.entries("rules"), key=_rule_order)


def _entries(value: object) -> Sequence[Entry]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _rule_order(rule: Entry) -> tuple[int, float, int, str]:
    severity = str(rule.get("severity"))
    rank = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
    return rank, -float(rule.get("gross_at_risk") or 0), -int(rule.get("flagged") or 0), str(rule.get("id"))


def read_run(folder: Path) -> StoredRun:
    """Read the run folder `folder`. Raises InputError for a missing or damaged file."""
    manifest = _manifest(folder / "manifest.json")
    findings = _table(folder / "findings.parquet", ("finding_id", "rule_id", "direction", "amount_at_risk", "status"))
    lines = _table(folder / "finding_lines.parquet", ("finding_id", "claim_id", "claim_line_number"))
    hidden = pc.fill_null(pc.equal(findings["status"], "suppressed"), False)
    return StoredRun(folder, manifest, findings.filter(pc.invert(hidden)), findings.filter(hidden), lines)


def _manifest(path: Path) -> Entry:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"{path.parent} is not the folder of a finished run: it holds no manifest.json.",
            "Give the folder that 'claims-audit run' wrote, for example out/2025-11.",
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}.", "Run the audit again.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != KNOWN_FORMAT:
        raise InputError(f"{path} is of a format that this version does not know.", "Run the audit again with this version.")
    return manifest


def _table(path: Path, needed: tuple[str, ...]) -> pa.Table:
    try:
        schema = pq.read_schema(path)
        names = [field.name for field in schema if field.name != "evidence"]
        repeating = [name for name in _REPEATING if name in names and pa.types.is_string(schema.field(name).type)]
        table = pq.read_table(path, columns=names, read_dictionary=repeating).unify_dictionaries()
    except FileNotFoundError:
        raise InputError(f"{path.parent} holds no {path.name}.", "Run the audit again.") from None
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read: {error}.", "Run the audit again.") from None
    absent = [name for name in needed if name not in table.column_names]
    if absent:
        raise InputError(f"{path} lacks the column {absent[0]}.", "Run the audit again with this version.")
    return table
