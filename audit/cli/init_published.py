"""What the payers of an export publish, as lines of the draft to take over: comments, which change no run as they stand.

A line stands under its payer's table where it holds from the first date of the export on. What begins or ends within the
export is shown as a table of its own with its date, before the payer's: the first table whose dates hold decides.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from audit.cli.toml_lines import comment, wrapped
from audit.reference import named_payers
from audit.reference.named_payers import Published


@dataclass(frozen=True, slots=True)
class Offers:
    """Settings that hold on the export's first date; those of each later date on which they change; facts to read only."""

    first: tuple[Published, ...] = ()
    later: tuple[tuple[date, tuple[Published, ...]], ...] = ()
    remarks: tuple[Published, ...] = ()

    def sets(self, key: str) -> bool:
        """Whether a line for the payer's table is offered that sets a key."""
        return any(fact.key == key for fact in self.first)


def offers(name_key: str, classes: Container[str], dates: tuple[date, date] | None) -> Offers:
    """What a payer of this name, as payer_key leaves it, and of these classes publishes for the dates of an export."""
    if dates is None:
        return Offers()
    first, last = dates
    facts = [fact for fact in named_payers.of(name_key, classes) if fact.first_day <= last and fact.last_day >= first]
    settings = [fact for fact in facts if fact.setting]
    changes = {fact.first_day for fact in settings}
    changes |= {fact.last_day + timedelta(1) for fact in settings if fact.last_day < date.max}
    return Offers(
        _on(first, settings),
        tuple((day, _on(day, settings)) for day in sorted(changes, reverse=True) if first < day <= last),
        tuple(fact for fact in facts if not fact.setting),
    )


def own_tables(offered: Offers, match: str) -> Iterator[str]:
    """The tables with a date of their own, the latest first; they stand before the payer's undated table."""
    for day, facts in offered.later:
        yield from wrapped(
            f"What this payer publishes from {day} on, as a table of its own; add what else stands in the table below:"
        )
        yield "# [[payer]]"
        yield f"# {match}"
        yield f"# effective_from = {day}"
        yield from map(_line, facts)


def lines(offered: Offers) -> Iterator[str]:
    """The comments under the payer's own table."""
    if offered.first:
        yield "# Published, and without effect until the # is taken off (docs/configuration.md has the sources):"
        yield from map(_line, offered.first)
    for fact in offered.remarks:
        yield from wrapped(f"{fact.payer} ({_known(fact)}): {fact.says}")


def _on(day: date, facts: list[Published]) -> tuple[Published, ...]:
    return tuple(fact for fact in facts if fact.first_day <= day <= fact.last_day)


def _line(fact: Published) -> str:
    return f"# {fact.setting}  # {comment(f'{_known(fact)}: {fact.payer} {fact.says}')}"


def _known(fact: Published) -> str:
    """Since when, until when and how surely: "since 2016-03, secondary source"."""
    dates = [f"{word} {when}" for word, when in (("since", fact.effective_from), ("until", fact.effective_to)) if when]
    return ", ".join([*dates, fact.certainty])
