"""Days that a typed file holds as moments of a zone: such a file keeps them in UTC, where an evening is the next day."""

import duckdb

from audit.contract import BY_NAME, Kind
from audit.intake.columns.mapping import FileMapping
from audit.intake.raw import RawTable

_ZONED = "TIMESTAMP WITH TIME ZONE"
# A day without a clock time is midnight somewhere, with summer time one hour earlier; west of Greenwich that is a morning.
_MOST_MIDNIGHTS = 2
_NOON = 12


def moments(con: duckdb.DuckDBPyConnection, name: str, table: RawTable, mapping: FileMapping) -> list[str]:
    """A sentence on each column of days that holds moments, of which it is not sure that they are midnights."""
    said = []
    for one in mapping.assignments:
        if BY_NAME[one.name].kind is not Kind.DATE or one.index < 0 or table.fields[one.index].native_type != _ZONED:
            continue
        clock = f"substr(CAST({table.fields[one.index].native} AS VARCHAR), 12, 8)"
        found = con.execute(
            f"SELECT count(DISTINCT {clock}), max(TRY_CAST(left({clock}, 2) AS INTEGER)) FROM {table.relation}"
        ).fetchone()
        different, latest = found or (0, 0)
        if different > _MOST_MIDNIGHTS or (latest or 0) >= _NOON:
            said.append(
                f"{name}: {one.header.strip()!r} holds moments in UTC and no days; {one.name} is their day in UTC, and a service "
                "of the evening may stand on the day after. Export the day of service without a time."
            )
    return said
