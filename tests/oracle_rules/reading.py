"""All rules on one export."""

from tests.oracle_rules import claim, documentation, limits, massage, medicare, modifier, time_clock, time_units
from tests.oracle_rules.lines import Export
from tests.oracle_rules.results import Results


def judge(export: Export) -> Results:
    """Findings of every rule that the oracle knows."""
    results = Results()
    for family in (time_units, time_clock, modifier, massage, medicare, limits, claim, documentation):
        family.judge(export, results)
    return results
