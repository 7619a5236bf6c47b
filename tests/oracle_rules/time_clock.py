"""Rules of the clock: TIM009, TIM010, TIM013, TIM014; and minutes per unit, TIM016."""

import math
from collections import defaultdict
from decimal import Decimal

from tests.oracle_rules import codes
from tests.oracle_rules.chances import upper_bound_of_mean
from tests.oracle_rules.clock import (
    Shortage,
    after_own_shortage,
    fewest_minutes,
    one_on_one,
    sessions,
    shortage,
    units_given,
)
from tests.oracle_rules.explained import SELF_PAY, TWO_THERAPISTS
from tests.oracle_rules.lines import ASSISTANTS_MARKED_SINCE, Export, Line, LineId
from tests.oracle_rules.results import Results, Surplus
from tests.oracle_rules.support import most_of_any_split, supported, visit_time
from tests.oracle_rules.visits import (
    grouped,
    looks_like_minutes,
    take,
    timed_lines,
    unclear_visits,
    union,
    units,
    units_unknown,
    visit_key,
    visits,
)

MISSING_ALLOWED = 7
LONGEST_DAY = 12 * 60
VISITS_NEEDED = 50
MINUTES_OF_A_UNIT = 15


def judge(export: Export, results: Results) -> None:
    """All rules of this module."""
    on_the_clock = export.lines if not export.reads(SELF_PAY) else [line for line in export.lines if not _self_pay(line)]
    mine = [line for line in on_the_clock if _of_a_person(line)]
    for lines in grouped(mine, lambda line: (line.rendering, line.day)):
        tim009(export, lines, results)
        tim010(lines, results)
    for lines in grouped((line for line in export.lines if line.rendering), lambda line: (line.rendering, line.day)):
        tim014(export, lines, results)
    patients = [line for line in on_the_clock if line.counts and line.order == "P"]
    for lines in grouped(patients, lambda line: (line.patient, line.day)):
        tim013(export, lines, results)
    tim016(export, results)


def _self_pay(line: Line) -> bool:
    return line.payer.unit_rule == "none"


def _of_a_person(line: Line) -> bool:
    """Lines that tie up their rendering provider: neither a facility's, a secondary payer's nor an assistant's."""
    asked = line.counts and line.rendering is not None and line.order == "P"
    return asked and not line.institutional and not line.by_assistant


def _assistant_would_be_marked(line: Line) -> bool:
    return (line.payer.ffs and line.day >= ASSISTANTS_MARKED_SINCE) or line.payer.assistant_modifiers


def _is_of_one(export: Export, line: Line) -> bool:
    """Did the person whom the NPI names surely give it?"""
    return _assistant_would_be_marked(line) and not export.is_of_many(line)


def tim009(export: Export, lines: list[Line], results: Results) -> None:
    """One provider's one-on-one minutes exceed the clock, beyond what each patient alone already lacks."""
    own = after_own_shortage(sessions(lines))
    if shortage(own).missing <= MISSING_ALLOWED:
        return
    # What needs a line on which an assistant may be unmarked carries no dollars.
    marked = shortage([session for session in own if all(_is_of_one(export, line) for line in session.lines)])
    sure = export.knows_modifiers and marked.missing > MISSING_ALLOWED
    results.flag("TIM009", lines, "over", *(_dollars(export, marked, lines) if sure else ()))


def tim013(export: Export, lines: list[Line], results: Results) -> None:
    """One patient's one-on-one minutes, of all providers, exceed the clock."""
    short = shortage(sessions(lines, by_therapist=export.reads(TWO_THERAPISTS)))
    if short.missing <= MISSING_ALLOWED:
        return
    results.flag("TIM013", lines, "over", *(_dollars(export, short, lines) if export.knows_modifiers else ()))


def _dollars(export: Export, short: Shortage, lines: list[Line]) -> tuple[dict[LineId, Decimal], list[Surplus]]:
    """Units of each visit that lacks timed minutes which the minutes kept do not support, cheapest first."""
    unclear = unclear_visits(export)
    charged = {id(line) for session in short.charged for line in session.lines}
    amounts: dict[LineId, Decimal] = {}
    surpluses = []
    for visit in grouped(lines, visit_key):
        timed = [line for line in visit if codes.timed_15(line.code)]
        if any(id(line) in charged for line in timed) and visit_key(visit[0]) not in unclear:
            for same, over in _surplus(timed, short):
                amounts |= take(same, over)
                surpluses.append(Surplus.of(over, same))
    return amounts, surpluses


def _surplus(timed: list[Line], short: Shortage) -> list[tuple[list[Line], Decimal]]:
    """Lines of the visit that bill more units than they may, and how many; by code where the payer asks each for itself."""
    method = timed[0].payer.unit_rule
    if method == "none":
        return []
    pool, kept_by_code = _kept(timed, short)
    by_code = {codes.one_code(lines[0].code): lines for lines in grouped(timed, lambda line: codes.one_code(line.code))}
    if method == "ama" and not pool:
        beyond = [(lines, units(lines) - supported(kept_by_code[code])) for code, lines in by_code.items()]
        return [(lines, over) for lines, over in beyond if over > 0]
    total = pool + sum(kept_by_code.values())
    # Minutes that lines share may have been divided in any way.
    ama = most_of_any_split(total, len(by_code)) if pool else sum(map(supported, kept_by_code.values()))
    most = {"cms": supported(total), "ama": ama}.get(method, max(supported(total), ama))
    return [(timed, units(timed) - most)] if units(timed) > most else []


def _kept(timed: list[Line], short: Shortage) -> tuple[int, dict[str, int]]:
    """Minutes kept: those that lines without minutes share, and those of each code."""
    session_of = {
        id(line): (session, keep) for session, keep in zip(short.sessions, short.keeps, strict=True) for line in session.lines
    }
    own = {id(session): (session, keep) for line in timed for session, keep in [session_of.get(id(line), (None, 0))]}
    pool = sum(keep for session, keep in own.values() if session is not None and session.implied)
    by_code: dict[str, Decimal] = defaultdict(Decimal)
    for line in timed:
        session, keep = session_of.get(id(line), (None, 0))
        minutes = Decimal(keep)
        if session is None:
            # Without clock times a line keeps its minutes; without either nothing is known against its units.
            minutes = 15 * line.units if line.minutes is None else Decimal(line.minutes)
        by_code[codes.one_code(line.code)] += 0 if session is not None and session.implied else minutes
    return pool, {code: math.floor(minutes) for code, minutes in by_code.items()}


def _minutes(line: Line) -> int:
    """Minutes documented, else the fewest that the units of a timed code need."""
    if line.minutes is not None:
        return line.minutes
    return fewest_minutes(units_given(line)) if codes.timed(line.code) else 0


def tim010(lines: list[Line], results: Results) -> None:
    """More one-on-one minutes of one provider on a date than a day of 12 hours."""
    hands = [line for line in lines if one_on_one(line)]
    if sum(_minutes(line) for line in hands) > LONGEST_DAY:
        results.flag("TIM010", lines, "none")


def tim014(export: Export, lines: list[Line], results: Results) -> None:
    """One-on-one in the time of a group of the same provider with others; a group of one."""
    for line in lines:
        if not _of_a_person(line) or line.clock is None or (export.reads(SELF_PAY) and _self_pay(line)):
            continue
        others = [other for other in lines if other.code == "97150" and other.patient != line.patient]
        start, end = line.clock
        if line.code == "97150":
            # A member whose line was denied was there too; one without clock times may have been.
            if all(other.clock and (other.clock[0] >= end or other.clock[1] <= start) for other in others):
                results.flag_line("TIM014", line, "coding")
        elif one_on_one(line) and not (line.minutes is None and looks_like_minutes(line)):
            led = [other.clock for other in others if _of_a_person(other) and other.clock]
            overlap = union((max(a, start), min(b, end)) for a, b in led if min(b, end) > max(a, start))
            minutes = min(_minutes(line), end - start)
            if led and minutes - (end - start - overlap) > MISSING_ALLOWED:
                results.flag_line("TIM014", line, "none")


def tim016(export: Export, results: Results) -> None:
    """A provider's timed minutes per timed unit are, on the mean over visits, surely below 15."""
    rates: dict[str, list[tuple[float, list[Line]]]] = defaultdict(list)
    for visit in visits(export):
        timed = timed_lines(visit)
        # A visit that two share is neither's record.
        providers = {line.provider for line in timed}
        if len(providers) != 1 or visit[0].order != "P" or _self_pay(visit[0]) or units_unknown(visit) or units(timed) <= 0:
            continue
        provider, time = providers.pop(), visit_time(visit, timed)
        if provider and (time.totals or time.all_minutes):
            rates[provider].append((time.most / float(units(timed)), visit))
    for of_provider in rates.values():
        values = [rate for rate, _ in of_provider]
        if len(values) >= VISITS_NEEDED and upper_bound_of_mean(values, 0.99) < MINUTES_OF_A_UNIT:
            results.flag("TIM016", [line for _, visit in of_provider for line in visit], "none")
