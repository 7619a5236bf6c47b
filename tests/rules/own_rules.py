"""Rules written in a test: front matter that is complete, so that each test changes only what it is about."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from audit.rules.catalogue import FrontMatter, Rule

FRONT: dict[str, Any] = {
    "id": "OWN001", "name": "own-rule", "title": "A rule of the practice's own", "family": "custom", "severity": "medium",
    "confidence": "likely", "direction": "over", "subject": "line", "partition_by": "patient", "reads": ["claim_line"],
    "version": 1, "since": "0.1.0", "checks": "c", "why": "w", "numerator": "n", "denominator": "d", "applies_to": "a",
    "not_evaluated_when": "n", "flagged_example": "f", "correct_example": "c", "fix": "f", "false_positives": "f",
    "references": ["r"],
}  # fmt: skip

# Each part of a rule's result that a test may replace.
PARTS = {
    "subject_id": "line_id",
    "is_flagged": "TRUE",
    "reason": "CAST(NULL AS VARCHAR)",
    "lines": "one_line(line_id, line_amount)",
    "message": "'found'",
    "evidence": "{'code': procedure_code}",
}


def select(source: str = "claim_line", **parts: str | None) -> str:
    """The SELECT of a rule; a part given as None is left out."""
    columns = {name: sql for name, sql in {**PARTS, **parts}.items() if sql is not None}
    return "SELECT " + ", ".join(f"{sql} AS {name}" for name, sql in columns.items()) + f" FROM {source}"


def rule(sql: str, **front: Any) -> Rule:
    """A rule that was not read from a file and not proven."""
    return Rule(msgspec.convert({**FRONT, **front}, FrontMatter), sql, Path("own.sql"), "0" * 64, {})


def file_text(sql: str, params: Mapping[str, Mapping[str, Any]] | None = None, **front: Any) -> str:
    """The text of a rule file."""
    facts = {name: value for name, value in {**FRONT, **front}.items() if value is not None}
    lines = [f"{name} = {msgspec.json.encode(value).decode()}" for name, value in facts.items()]
    for name, param in (params or {}).items():
        lines.append(f"[params.{name}]")
        lines += [f"{key} = {msgspec.json.encode(value).decode()}" for key, value in param.items()]
    return "/*+++\n" + "\n".join(lines) + f"\n+++*/\n{sql};\n"
