"""What one reference table of a run is, and whether it is old for what it is held against."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Protocol

from audit import assets

_QUARTERLY = {"ptp_edit": "NCCI edits", "mue": "medically unlikely edits"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Edition:
    """A loaded reference table, for the manifest and the report. `rows` counts data rows of its source."""

    table: str
    edition: str
    source: str
    coverage: str
    rows: int
    sha256: str


class _Named(Protocol):
    @property
    def table(self) -> str: ...
    @property
    def edition(self) -> str: ...


def outdated(editions: Iterable[_Named], last: date) -> list[str]:
    """A sentence where the quarter of one of CMS's quarterly tables ended before the last date of service."""
    old = []
    for entry in editions:
        name, days = _QUARTERLY.get(entry.table), [date.fromisoformat(text) for text in _DATE.findall(entry.edition)]
        if name and days and _quarter(max(days)) < _quarter(last):
            old.append(f"{name} of {max(days)}")
    if not old:
        return []
    said = f"Older than the last date of service, {last}: {' and '.join(old)}. What CMS changed since is not applied."
    return [f"{said} The command claims-audit reference import takes the current files."]


@cache
def untimed() -> frozenset[str]:
    """Codes of the shipped table that are billed without regard to time."""
    with (assets.reference_data() / "procedure.csv").open(encoding="utf-8", newline="") as rows:
        return frozenset(row["procedure_code"] for row in csv.DictReader(rows) if row["unit_basis"].startswith("untimed"))


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3
