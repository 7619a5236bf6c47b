"""Rules of the clock: TIM009, TIM010, TIM013, TIM014; and minutes per unit, TIM016."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from tests.oracle_rules import codes
from tests.oracle_rules.chances import upper_bound_of_mean
from tests.oracle_rules.clock import Shortage, after_own_shortage, fewest_minutes, one_on_one, sessions, shortage
from tests.oracle_rules.lines import Export, Line, LineId
from tests.oracle_rules.results import Results
from tests.oracle_rules.support import supported
from tests.oracle_rules.visits import grouped, take, unclear_visits, union, units, visit_key

MISSING_ALLOWED = 7
LONGEST_DAY = 12 * 60
VISITS_NEEDED = 50
ASSISTANT = ("CQ", "CO")
MARKED_SINCE = date(2020, 1, 1)


def judge(export: Export, results: Results) -> None:
    """All rules of this module."""
    mine = [line for line in export.lines if _of_a_person(line)]
    for lines in grouped(mine, lambda line: (line.rendering, line.day)):
        tim009(export, lines, results)
        tim010(lines, results)
        tim014(lines, results)
    patients = [line for line in export.lines if line.counts and line.order == "P"]
    for lines in grouped(patients, lambda line: (line.patient, line.day)):
        tim013(export, lines, results)
    tim016(export, results)


def _of_a_person(line: Line) -> bool:
    """Lines that tie up their rendering provider: neither a facility's, a secondary payer's nor an assistant's."""
    return (
        line.counts and line.rendering is not None and not line.institutional and line.order == "P" and not line.has("CQ", "CO")
    )


def _assistant_would_be_marked(line: Line) -> bool:
    return (line.payer.ffs and line.day >= MARKED_SINCE) or line.payer.assistant_modifiers


def _provider_shortage(lines: Iterable[Line]) -> Shortage:
    return shortage(after_own_shortage(sessions(lines)))


def tim009(export: Export, lines: list[Line], results: Results) -> None:
    """One provider's one-on-one minutes exceed the clock, beyond what each patient alone already lacks."""
    short = _provider_shortage(lines)
    if not short.sessions:
        return
    if short.missing <= MISSING_ALLOWED:
        return
    needs_unmarked = _provider_shortage(line for line in lines if _assistant_would_be_marked(line)).missing <= MISSING_ALLOWED
    without_dollars = needs_unmarked or not export.knows_modifiers
    amounts = {} if without_dollars else _dollars(export, short, lines)
    results.flag("TIM009", lines, "over", amounts)


def tim013(export: Export, lines: list[Line], results: Results) -> None:
    """One patient's one-on-one minutes, of all providers, exceed the clock."""
    short = shortage(sessions(lines))
    if short.missing <= MISSING_ALLOWED:
        return
    amounts = _dollars(export, short, lines) if export.knows_modifiers else {}
    results.flag("TIM013", lines, "over", amounts)


def _dollars(export: Export, short: Shortage, lines: list[Line]) -> dict[LineId, Decimal]:
    """Units of each charged visit that the minutes kept do not support, cheapest first."""
    unclear = unclear_visits(export)
    keep_of: dict[int, int] = {}
    for session, keep in zip(short.sessions, short.keeps, strict=True):
        keep_of |= {id(line): keep if n == 0 else 0 for n, line in enumerate(session.lines)}
    amounts: dict[LineId, Decimal] = {}
    for visit in grouped(lines, visit_key):
        timed = [line for line in visit if codes.timed_15(line.code)]
        known = [line for line in timed if id(line) in keep_of or line.minutes is not None]
        hit = any(line in session.lines for session in short.charged for line in visit)
        if hit and known and visit_key(visit[0]) not in unclear:
            amounts |= _surplus(known, {id(line): keep_of.get(id(line), line.minutes or 0) for line in known})
    return amounts


def _surplus(timed: list[Line], minutes: dict[int, int]) -> dict[LineId, Decimal]:
    method = timed[0].payer.unit_rule
    if method == "none":
        return {}
    by_code = grouped(timed, lambda line: codes.one_code(line.code))
    cms = supported(sum(minutes.values()))
    ama = {id(lines[0]): supported(sum(minutes[id(line)] for line in lines)) for lines in by_code}
    if method == "ama":
        taken: dict[LineId, Decimal] = {}
        for lines in by_code:
            taken |= take(lines, units(lines) - ama[id(lines[0])])
        return taken
    most = cms if method == "cms" else max(cms, sum(ama.values()))
    return take(timed, units(timed) - most)


def _minutes(line: Line) -> int:
    """Minutes documented, else the fewest that the units of a timed code need."""
    if line.minutes is not None:
        return line.minutes
    return fewest_minutes(int(line.units)) if codes.timed(line.code) else 0


def tim010(lines: list[Line], results: Results) -> None:
    """More one-on-one minutes of one provider on a date than a day of 12 hours."""
    hands = [line for line in lines if one_on_one(line)]
    if sum(_minutes(line) for line in hands) > LONGEST_DAY:
        results.flag("TIM010", lines, "none")


def tim014(lines: list[Line], results: Results) -> None:
    """One-on-one in the time of a group of the same provider with others; a group of one."""
    groups = [line for line in lines if line.code == "97150" and line.clock]
    for line in lines:
        others = [group.clock for group in groups if group.patient != line.patient and group.clock]
        if line.clock is None:
            continue
        start, end = line.clock
        overlap = union((max(a, start), min(b, end)) for a, b in others if min(b, end) > max(a, start))
        if line.code == "97150":
            if overlap == 0:
                results.flag_line("TIM014", line, "coding")
        elif one_on_one(line):
            minutes = min(_minutes(line), end - start)
            if others and minutes - (end - start - overlap) > MISSING_ALLOWED:
                results.flag_line("TIM014", line, "none")


def tim016(export: Export, results: Results) -> None:
    """A provider's timed minutes per timed unit are, on the mean over visits, surely below 15."""
    unclear = unclear_visits(export)
    able = [
        line
        for line in export.lines
        if line.counts and line.order == "P" and line.provider and codes.timed_15(line.code) and visit_key(line) not in unclear
    ]
    for lines in grouped(able, lambda line: line.provider):
        rates = [
            sum(line.minutes or 0 for line in visit) / float(units(visit))
            for visit in grouped(lines, visit_key)
            if all(line.minutes is not None for line in visit) and units(visit) > 0
        ]
        if len(rates) >= VISITS_NEEDED and upper_bound_of_mean(rates, 0.99) < 15:
            results.flag("TIM016", lines, "none")
