"""Runs a rule as an audit does, and shows besides what it says of every subject, flagged or not."""

import duckdb

from audit.engine import rule_result
from audit.rules.catalogue import Rule


def keep(con: duckdb.DuckDBPyConnection, rule: Rule) -> list[tuple[str, str | None, int]]:
    """What `rule_result.keep` does and gives; then the table `verdict` holds a row for each subject that was examined.

    Of rules that come with the program no run looks for subjects that were examined twice: `examine` does.
    """
    counts = rule_result.keep(con, rule)
    assert rule_result.examine(con, rule) == counts, f"{rule.id}: examined and kept, it counts otherwise"
    return counts
