"""Each dollar counted once: what `over` findings together put at risk."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from tests.oracle_rules.lines import Export, Line, LineId, cents
from tests.oracle_rules.results import Finding, Results
from tests.oracle_rules.visits import cents_of, grouped, take_units, timed_lines, units, visit_key

# Units that no minutes support: of a visit, of a code of it, of what a day leaves.
SURPLUS_OF_TIME = ("TIM001", "TIM002", "TIM009", "TIM013", "TIM015")


def counted_once(export: Export, results: Results, rules: Iterable[str] | None = None) -> Decimal:
    """A line that several findings name counts once, with the largest; a surplus of units that another takes away, not again."""
    chosen = set(results.findings if rules is None else rules)
    over = [f for rule in chosen for f in results.findings.get(rule, []) if f.direction == "over"]
    of_id = {line.id: line for line in export.lines}
    shares: dict[LineId, Decimal] = defaultdict(Decimal)
    for finding in over:
        if finding.rule not in SURPLUS_OF_TIME:
            _raise(shares, finding.amounts)
    gone = {id_ for id_, share in shares.items() if share > 0 and share == cents(of_id[id_].amount)}
    for finding in over:
        if finding.rule in SURPLUS_OF_TIME:
            _raise(shares, _left_of_surplus(finding, export, of_id, gone))
    return sum(shares.values(), Decimal("0.00"))


def _raise(shares: dict[LineId, Decimal], amounts: dict[LineId, Decimal]) -> None:
    for id_, amount in amounts.items():
        shares[id_] = max(shares[id_], amount)


def _left_of_surplus(finding: Finding, export: Export, of_id: dict[LineId, Line], gone: set[LineId]) -> dict[LineId, Decimal]:
    """What the finding puts at risk without the units of lines of its visits that another finding takes away whole."""
    amounts: dict[LineId, Decimal] = {}
    for lines in grouped([of_id[id_] for id_ in finding.amounts], visit_key):
        taken = {line.id: round(finding.amounts[line.id] / line.amount * line.units, 2) for line in lines}
        visit = [line for line in export.of_day(lines[0]) if visit_key(line) == visit_key(lines[0])]
        off = units(line for line in timed_lines(visit) if line.id in gone)
        left = max(Decimal(0), sum(taken.values(), Decimal(0)) - off)
        still = [line for line in lines if line.id not in gone]
        kept = take_units(still, left, taken)
        amounts |= {id_: finding.amounts[id_] for id_, count in kept.items() if count == taken[id_]}
        amounts |= cents_of(still, {id_: count for id_, count in kept.items() if count != taken[id_]})
    return amounts
