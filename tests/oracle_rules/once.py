"""Each dollar counted once: what `over` findings together put at risk."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from tests.oracle_rules.lines import Export, Line, LineId, cents
from tests.oracle_rules.results import Finding, Results
from tests.oracle_rules.visits import take, timed_lines, units

EXCESS_OF_A_VISIT = ("TIM001",)


def counted_once(export: Export, results: Results, rules: Iterable[str] | None = None) -> Decimal:
    """A line that several findings name counts once, with the largest; a surplus of units that another takes away, not again."""
    chosen = set(results.findings if rules is None else rules)
    over = [f for rule in chosen for f in results.findings.get(rule, []) if f.direction == "over"]
    of_id = {line.id: line for line in export.lines}
    shares: dict[LineId, Decimal] = defaultdict(Decimal)
    for finding in over:
        if finding.rule not in EXCESS_OF_A_VISIT:
            _raise(shares, finding.amounts)
    gone = {id_ for id_, share in shares.items() if share > 0 and share == cents(of_id[id_].amount)}
    for finding in over:
        if finding.rule in EXCESS_OF_A_VISIT:
            _raise(shares, _left_of_excess(finding, of_id, gone))
    return sum(shares.values(), Decimal("0.00"))


def _raise(shares: dict[LineId, Decimal], amounts: dict[LineId, Decimal]) -> None:
    for id_, amount in amounts.items():
        shares[id_] = max(shares[id_], amount)


def _left_of_excess(finding: Finding, of_id: dict[LineId, Line], gone: set[LineId]) -> dict[LineId, Decimal]:
    """The visit's excess without the units of lines that another finding takes away whole."""
    visit = [of_id[id_] for id_ in finding.members]
    timed = timed_lines(visit)
    excess = finding.excess - units(line for line in timed if line.id in gone)
    return take([line for line in timed if line.id not in gone], excess)
