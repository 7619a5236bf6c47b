"""A column of last days that are the statement's and no line's: read as a line's, they would make each line one of many days.

A line may cover several days, a month at most. Where half of the lines that end later than they begin do so by more than a month,
the column states when a claim or an account was closed.
"""

import duckdb

from audit.intake.columns.mapping import FileMapping
from audit.intake.rows.numbering import table_of
from audit.terms import plural

# What a line of several days covers at most.
_MONTH = 31
# One such line may be a slip of the pen.
_FEWEST = 2
# SQL for a line that no line's last day ends.
IS_OF_STATEMENT = f"service_date_to > service_date + {_MONTH}"


def forget_statement_days(con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping) -> list[str]:
    """Leave such days unread, on lines that are no institution's, and say so. What audit.toml names is read as it is."""
    chosen = mapping.named("service_date_to")
    if chosen is None or chosen.how.startswith("named"):
        return []
    where = "WHERE bill_type IS NULL" if mapping.named("bill_type") is not None else ""
    found = con.execute(
        f"""
        SELECT count(*) FILTER (service_date_to > service_date), count(*) FILTER ({IS_OF_STATEMENT})
        FROM {table_of(file_no)} {where}
        """
    ).fetchone()
    later, far = found or (0, 0)
    if far < _FEWEST or 2 * far < later:
        return []
    con.execute(f"UPDATE {table_of(file_no)} SET service_date_to = NULL {where}")
    said = (
        f"{name}: {chosen.header.strip()!r} lies more than a month behind the day of service on {plural(far, 'row')}, as a "
        "statement's day does and no line's last. It was not read. If it is the line's, name it under [columns] in audit.toml: "
        "service_date_to."
    )
    return [said]
