"""What one reference table of a run is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edition:
    """A loaded reference table, for the manifest and the report. `rows` counts data rows of its source."""

    table: str
    edition: str
    source: str
    coverage: str
    rows: int
    sha256: str
