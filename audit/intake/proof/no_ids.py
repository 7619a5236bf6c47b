"""Ids that say that none is known: UNKNOWN, TBD, 000000. Two patients of that number would be one, and so would two claims."""

from collections.abc import Iterable

import duckdb

from audit.intake.columns.mapping import FileMapping
from audit.intake.raw import sql_text
from audit.intake.rows.faults import NO_ID
from audit.intake.rows.numbering import ROW_NUMBER, table_of
from audit.intake.rows.values import NPIS
from audit.terms import plural

# Without these a line is nobody's; the others only say more of it.
_NEEDED = ("claim_id", "patient_id")
# So many ids without a gap are a numbering, and one that begins at 0 has a 0.
_ENOUGH = 10
_OTHERS = ("original_claim_id", "encounter_id", "member_id")


def suspected(names: Iterable[str]) -> list[str]:
    """Conditions, cheap enough for every row, one of which holds wherever a column of `names` may say that no id is known."""
    held = frozenset(names)
    found = [f"may_be_no_id({name})" for name in (*_NEEDED, *_OTHERS) if name in held]
    return found + [f"is_no_npi({name})" for name in NPIS if name in held]


def settle_no_ids(con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping) -> list[str]:
    """Reject rows whose claim or patient has no number, and blank other ids that are none; gives a sentence on each of these."""
    table, names = table_of(file_no), [one.name for one in mapping.assignments]
    conditions = suspected(names)
    if not conditions or not con.execute(f"SELECT 1 FROM {table} WHERE {' OR '.join(conditions)} LIMIT 1").fetchone():
        return []
    # A row whose list of faults is written anew moves to the end of the table: its place tells its number no more.
    con.execute(f"UPDATE {table} SET source_row = {ROW_NUMBER} WHERE source_row IS NULL")
    for column in (one for one in _NEEDED if one in names):
        fault = f"{{'column_name': '{column}', 'value': {column}, 'reason': {sql_text(NO_ID)}}}"
        but = f" AND {column} <> '0'" if _numbers_from_nought(con, table, column) else ""
        con.execute(
            f"UPDATE {table} SET faults = list_append(coalesce(faults, []), {fault}) "
            f"WHERE left_out IS NULL AND may_be_no_id({column}) AND is_no_id({column}){but}"
        )
    said = []
    for column in (one for one in (*_OTHERS, *NPIS) if one in names):
        is_none = f"is_no_npi({column})" if column in NPIS else f"may_be_no_id({column}) AND is_no_id({column})"
        rows = con.execute(f"UPDATE {table} SET {column} = NULL WHERE {is_none}").fetchone()
        if rows and rows[0]:
            said.append(
                f"{name}: {column} on {plural(rows[0], 'row')} says that none is known (UNKNOWN, TBD, 000000 and the like): "
                "it was read as blank."
            )
    return said


def _numbers_from_nought(con: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    """Whether the ids are 0, 1, 2 and on without a gap, as a program numbers what it lists: then 0 is one of them."""
    ids, last = con.execute(
        f"SELECT count(DISTINCT TRY_CAST({column} AS BIGINT)), max(TRY_CAST({column} AS BIGINT)) FROM {table} "
        f"WHERE EXISTS (SELECT 1 FROM {table} WHERE {column} = '0')"
    ).fetchone() or (0, None)
    return last is not None and int(ids) >= _ENOUGH and int(ids) == last + 1
