"""Units that are minutes: a file whose timed services have 15, 30, 23 of them is refused, for no unit of it is one."""

import csv
from functools import cache

import duckdb

from audit import assets
from audit.errors import InputError
from audit.intake.columns.mapping import FileMapping
from audit.intake.rows.numbering import table_of

# Two hours of one service on one line are rare, and nowhere the rule.
MANY = 8
_LINES = 8
_FEWEST = 8  # minutes of a unit
_SHARE = 0.8


def refuse_minutes(con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping) -> None:
    """InputError where nearly all lines of timed codes have as many units as only minutes can be."""
    units = mapping.named("units")
    if units is None or units.index < 0:
        return
    table = table_of(file_no)
    if not con.execute(f"SELECT 1 FROM {table} WHERE units >= {MANY} LIMIT 1").fetchone():
        return
    # Where the line's own minutes are as many as so many units need, they are units: a test of four hours has 16.
    unborne = f"AND coalesce(minutes < {_FEWEST} * abs(units), TRUE)" if mapping.named("minutes") else ""
    found = con.execute(
        f"SELECT count(*) FILTER (abs(units) >= {MANY} {unborne}), count(*) FROM {table} "
        "WHERE faults IS NULL AND left_out IS NULL AND units <> 0 AND list_contains(?, procedure_code)",
        [list(_timed_codes())],
    ).fetchone()
    many, lines = found or (0, 0)
    if many < _LINES or many < _SHARE * lines:
        return
    header = units.header.strip()
    raise InputError(
        f"{name}: {header!r} holds {MANY} or more on {many:,} of its {lines:,} lines of timed codes: minutes, no units.",
        "Map it as minutes, and name the column of the units billed, under [columns] in audit.toml:\n"
        f'  minutes = "{header}"\n  units = "<header>"\n'
        "Where the export has no such column, export the units as well: what was billed cannot be told from minutes.",
    )


@cache
def _timed_codes() -> tuple[str, ...]:
    with (assets.reference_data() / "procedure.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        return tuple(sorted({row["procedure_code"] for row in rows if row["unit_basis"].startswith("timed_15")}))
