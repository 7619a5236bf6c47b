"""Each dollar counted once: what `over` findings together put at risk.

A finding about a line takes its units away with it. A finding about units too many (of a visit, a day of a code, a day with a
payer) takes those that are still too many then, the cheapest first. Of several the narrowest comes first: what it takes is gone
from the wider ones as well.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from tests.oracle_rules.lines import Export, Line, LineId, cents
from tests.oracle_rules.results import Finding, Results, Surplus
from tests.oracle_rules.visits import cheapest_first

# Units on the wrong code are units of another: they stay on the visit. 15 % of a price are no units.
UNITS_STAY = ("TIM003",)
PART_OF_THE_PRICE = ("MED013",)


def counted_once(export: Export, results: Results, rules: Iterable[str] | None = None) -> Decimal:
    """The sum over all lines of what is at risk there: the largest that findings say, or all units that surpluses take."""
    chosen = set(results.findings if rules is None else rules)
    over = [f for rule in sorted(chosen) for f in results.findings.get(rule, []) if f.direction == "over"]
    of_id = {line.id: line for line in export.lines}
    shares: dict[LineId, Decimal] = defaultdict(Decimal)
    gone: dict[LineId, Decimal] = defaultdict(Decimal)
    for finding in over:
        if not finding.surpluses:
            for id_ in finding.members:
                shares[id_] = max(shares[id_], finding.amounts.get(id_, Decimal(0)))
            gone |= {id_: max(Decimal(0), of_id[id_].units) for id_ in _taken_whole(finding, of_id)}
    for finding, surplus in _in_turn(over, of_id):
        taken = _taken(surplus, finding, of_id, gone)
        for id_, count in taken.items():
            line = of_id[id_]
            exposed = cents(line.amount * (gone[id_] + count) / line.units)
            shares[id_] = max(shares[id_], min(exposed, finding.amounts.get(id_, Decimal(0))))
            if finding.rule not in UNITS_STAY:
                gone[id_] += count
                # Surpluses that take different units of a line: all of these are at risk.
                shares[id_] = max(shares[id_], exposed)
    return sum(shares.values(), Decimal("0.00"))


def _taken_whole(finding: Finding, of_id: dict[LineId, Line]) -> list[LineId]:
    """Lines of which the finding leaves nothing, at whatever amount, nought and unknown ones too."""
    if finding.rule in PART_OF_THE_PRICE:
        return []
    alone = len(finding.members) == 1
    named = finding.members if alone else finding.amounts
    return [id_ for id_ in named if finding.amounts.get(id_, Decimal(0)) == cents(of_id[id_].amount)]


def _in_turn(over: list[Finding], of_id: dict[LineId, Line]) -> list[tuple[Finding, Surplus]]:
    """Narrow ones first, of like ones a whole day that is denied; last of all what takes no unit away."""
    ordered = {line.id: place for place, line in enumerate(cheapest_first(of_id.values()))}
    unpriced = {id_: len(ordered) + place for place, id_ in enumerate(sorted(of_id.keys() - ordered.keys(), reverse=True))}
    places = ordered | unpriced

    def turn(stated: tuple[Finding, Surplus]) -> tuple[object, ...]:
        finding, surplus = stated
        lines = sorted(places[id_] for id_ in surplus.lines)
        return finding.rule in UNITS_STAY, len(lines), not surplus.whole_day, finding.rule, lines

    return sorted(((finding, surplus) for finding in over for surplus in finding.surpluses), key=turn)


def _taken(surplus: Surplus, finding: Finding, of_id: dict[LineId, Line], gone: dict[LineId, Decimal]) -> dict[LineId, Decimal]:
    """Units that the surplus still takes of each line that the finding puts at risk."""
    left = surplus.over - sum((gone[id_] for id_ in surplus.lines), Decimal(0))
    taken = {}
    for line in cheapest_first(of_id[id_] for id_ in surplus.lines):
        if line.id in finding.amounts or line.amount == 0:
            free = max(Decimal(0), line.units - gone[line.id])
            count = free if surplus.whole_day and left > 0 else min(free, max(Decimal(0), left))
            left -= 0 if surplus.whole_day else count
            if count > 0:
                taken[line.id] = count
    return taken
