"""Runs a rule as an audit does, and shows besides what it says of every subject, flagged or not."""

import duckdb

from audit.engine import rule_result
from audit.rules.catalogue import Rule


def keep(con: duckdb.DuckDBPyConnection, rule: Rule) -> list[tuple[str, str | None, int]]:
    """What `rule_result.keep` does and gives; then the table `verdict` holds a row for each subject that was examined.

    Of rules that come with the program no run looks for subjects that were examined twice: this does.
    """
    counts = rule_result.keep(con, rule)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE verdict AS SELECT *, {rule_result.VERDICT} AS verdict FROM ({rule.sql})",
        dict(rule.values),
    )
    subjects, rows = con.execute("SELECT count(DISTINCT subject_id), count(*) FROM verdict").fetchall()[0]
    assert subjects == rows == sum(number for *_, number in counts), f"{rule.id}: a subject was examined twice"
    return counts
