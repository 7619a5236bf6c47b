"""Refuses an edition in which two parts hold the same rows: one is a renamed copy of the other."""

from pathlib import Path

import duckdb

from audit.errors import InputError
from audit.reference.editions import Edition, Part

_SHARED = """
SELECT count(*)
FROM (SELECT DISTINCT * FROM read_parquet($one) WHERE column_1 BETWEEN $low AND $high)
SEMI JOIN (SELECT * FROM read_parquet($other) WHERE column_1 BETWEEN $low AND $high)
    USING (column_1, column_2, effective_from, modifier_indicator)
"""


def refuse_overlap(edition: Edition, staged: dict[str, Path]) -> None:
    """Compares each staged part with every other part of the edition where their column 1 codes overlap.

    `staged` maps part names to Parquet files not yet in place. Raises InputError naming the two parts.
    """
    for part in edition.parts:
        for other in edition.parts:
            if part.name in staged and other.name != part.name:
                shared = _shared(part, staged[part.name], other, staged.get(other.name, edition.folder / other.file))
                if shared:
                    raise InputError(
                        f"{part.source}: {shared:,} of its rows stand in part {other.name} ({other.source}) too.",
                        "One is a copy under another name: download both again. Nothing was imported.",
                    )


def _shared(part: Part, file: Path, other: Part, other_file: Path) -> int:
    low, high = max(part.first_code, other.first_code), min(part.last_code, other.last_code)
    if low > high:
        return 0
    with duckdb.connect() as con:
        row = con.execute(_SHARED, {"one": str(file), "other": str(other_file), "low": low, "high": high}).fetchone()
    return int(row[0]) if row else 0
