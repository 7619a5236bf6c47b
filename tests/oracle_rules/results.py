"""What a rule says: findings with the cents of each line, and the lines whose question could not be judged."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from tests.oracle_rules.lines import Line, LineId, cents


@dataclass(frozen=True)
class Surplus:
    """Units too many of those that these lines bill together; `whole_day`: then all of them are denied."""

    over: Decimal
    lines: frozenset[LineId]
    whole_day: bool = False

    @classmethod
    def of(cls, over: Decimal, lines: Iterable[Line], whole_day: bool = False) -> "Surplus":
        """The surplus of these lines."""
        return cls(over, frozenset(line.id for line in lines), whole_day)


@dataclass
class Finding:
    """One finding. `members` are all lines of its subject: the lead line of the same finding elsewhere is one of them.

    `surpluses` are the units too many that it is about; none where it is about its lines.
    """

    rule: str
    members: frozenset[LineId]
    direction: str
    amounts: dict[LineId, Decimal] = field(default_factory=dict)
    surpluses: tuple[Surplus, ...] = ()

    @property
    def amount(self) -> Decimal:
        """Dollars at risk of the finding."""
        return sum(self.amounts.values(), Decimal(0))


@dataclass
class Results:
    """Findings by rule, and subjects not evaluated by rule."""

    findings: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    unjudged: dict[str, set[frozenset[LineId]]] = field(default_factory=lambda: defaultdict(set))

    def flag(
        self,
        rule: str,
        lines: Iterable[Line],
        direction: str,
        amounts: dict[LineId, Decimal] | None = None,
        surpluses: Iterable[Surplus] = (),
    ) -> None:
        """A finding on these lines."""
        members = frozenset(line.id for line in lines)
        kept = {line: amount for line, amount in (amounts or {}).items() if amount}
        self.findings[rule].append(Finding(rule, members, direction, kept, tuple(surpluses)))

    def flag_line(self, rule: str, line: Line, direction: str = "over", amount: Decimal | None = None) -> None:
        """A finding on one line; `over` puts the whole line at risk unless an amount is given."""
        whole = line.amount if direction == "over" else Decimal(0)
        self.flag(rule, [line], direction, {line.id: cents(whole if amount is None else amount)})

    def skip(self, rule: str, lines: Iterable[Line]) -> None:
        """A subject that cannot be judged."""
        self.unjudged[rule].add(frozenset(line.id for line in lines))
