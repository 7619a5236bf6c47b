"""A ledger whose rows say what they are: how many were left out, and whether payments stand in rows of their own."""

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.intake.columns.mapping import FileMapping
from audit.intake.rows.faults import TYPED_ENTRY
from audit.intake.rows.numbering import table_of


def without_entries(con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping) -> list[str]:
    """Sentences on the entries of a ledger; amounts that only its entries state are no nought of its charges."""
    if mapping.entries is None:
        return []
    table, entry = table_of(file_no), "left_out IS NOT DISTINCT FROM ?"
    found = con.execute(f"SELECT count(*) FROM {table} WHERE {entry}", [TYPED_ENTRY]).fetchone()
    rows = found[0] if found else 0
    rest = "row that is no service was" if rows == 1 else "rows that are no services were"
    header = mapping.entries.header.strip()
    said = [f"{name}: {header!r} tells services from other entries of a ledger: {rows:,} {rest} left out."]
    for column in (one for one in MONEY_COLUMNS if one != "charge_amount" and mapping.named(one) is not None):
        counts = con.execute(
            f"SELECT count(*) FILTER ({entry}), count(*) FILTER (left_out IS NULL) FROM {table} WHERE {column} <> 0",
            [TYPED_ENTRY],
        ).fetchone()
        if counts and counts[0] and not counts[1]:
            con.execute(f"UPDATE {table} SET {column} = NULL WHERE left_out IS NULL")
            said.append(f"{name}: {column} stands in those rows alone: what each service has of it is not known.")
    return said
