"""Rules of units and minutes on a visit or a day of a code: TIM001 to TIM008, TIM011, TIM015."""

from decimal import Decimal

from tests.oracle_rules import codes
from tests.oracle_rules.lines import Export, Line, LineId, cents
from tests.oracle_rules.results import Results
from tests.oracle_rules.support import VisitTime, cms_bounds, supported, visit_time
from tests.oracle_rules.visits import (
    code_days,
    grouped,
    looks_like_minutes,
    stated_total,
    take,
    timed_lines,
    unclear_visits,
    union,
    units,
    units_unknown,
    visit_key,
    visits,
)

DISAGREE_BY = 5
# The parameter min_excess: parts of a unit are told by TIM011 alone.
LEAST_DIFFERENCE = 1
ONCE_A_DAY_TWICE_IN_HOSPITAL = "97150"


def judge(export: Export, results: Results) -> None:
    """All rules of this module."""
    for visit in visits(export):
        if timed := timed_lines(visit):
            _units_against_time(visit, timed, results)
            tim008(visit, timed, results)
        tim015(visit, results)
    tim005(export, results)
    tim006(export, results)
    tim007(export, results)
    tim011(export, results)


def _units_against_time(visit: list[Line], timed: list[Line], results: Results) -> None:
    method = timed[0].payer.unit_rule
    rules = {"cms": ("TIM001", "TIM003", "TIM004"), "either": ("TIM001", "TIM004"), "ama": ("TIM002", "TIM004")}.get(method, ())
    if units_unknown(visit):
        for rule in rules:
            results.skip(rule, visit)
        return
    time = visit_time(visit, timed)
    if method == "ama":
        tim002(timed, time, results)
    elif rules:
        excess = tim001(visit, timed, time, results)
        if method == "cms" and excess is not None and excess < LEAST_DIFFERENCE:
            tim003(timed, time, results)
    if rules:
        tim004(visit, timed, time, results)


def tim001(visit: list[Line], timed: list[Line], time: VisitTime, results: Results) -> Decimal | None:
    """Timed units above what the visit's minutes support; the excess, None where it is not known."""
    if not time.complete and not time.totals:
        results.skip("TIM001", visit)
        return None
    most = supported(time.most)
    if timed[0].payer.unit_rule == "either":
        most = max(most, time.most_ama())
    excess = units(timed) - most
    if excess >= LEAST_DIFFERENCE:
        results.flag("TIM001", visit, "over", take(timed, excess), excess)
    return excess


def _by_code(timed: list[Line]) -> dict[str, list[Line]]:
    return {codes.one_code(lines[0].code): lines for lines in grouped(timed, lambda line: codes.one_code(line.code))}


def tim002(timed: list[Line], time: VisitTime, results: Results) -> None:
    """Payers of the midpoint rule: units of a code above what its own minutes support."""
    taken: dict[LineId, Decimal] = {}
    lacking = found = False
    for code, lines in _by_code(timed).items():
        bare = [line for line in lines if line.minutes is None]
        if any(line.clock is None for line in bare):
            lacking = True
            continue
        most = supported(time.stated[code] + time.clock_of[code])
        if units(lines) - most >= LEAST_DIFFERENCE:
            found = True
            taken |= take(lines, units(lines) - most)
    if found:
        results.flag("TIM002", timed, "over", taken)
    elif lacking:
        results.skip("TIM002", timed)


def tim003(timed: list[Line], time: VisitTime, results: Results) -> None:
    """Enough minutes in all, but a code has more units than any acceptable allocation gives it."""
    if not time.all_minutes:
        results.skip("TIM003", timed)
        return
    by_code = _by_code(timed)
    surplus = {}
    for code, lines in by_code.items():
        _, most = cms_bounds(time.stated | {code: time.stated[code] + time.extra})[code]
        if units(lines) - most >= LEAST_DIFFERENCE:
            surplus[code] = units(lines) - most
    if not surplus:
        return
    gone: dict[LineId, Decimal] = {}
    for code, count in surplus.items():
        gone |= take(by_code[code], count)
    earned = _earned_by_right_codes(by_code, surplus, time)
    net = sum(gone.values(), Decimal(0)) - earned if earned is not None else Decimal(0)
    lead = max(gone, key=lambda line: gone[line], default=timed[0].id)
    results.flag("TIM003", timed, "over" if net > 0 else "coding", {lead: cents(net)} if net > 0 else {})


def _earned_by_right_codes(by_code: dict[str, list[Line]], surplus: dict[str, Decimal], time: VisitTime) -> Decimal | None:
    """What the surplus units would earn on the codes that lack units, dearest first; None where one has no price."""
    moved = sum(surplus.values(), Decimal(0))
    room = []
    for code, lines in by_code.items():
        _, most = cms_bounds(time.stated | {code: time.stated[code] + time.extra})[code]
        if units(lines) < most:
            prices = [line.price for line in lines if line.price]
            room.append((max(prices, default=None), most - units(lines)))
    if any(price is None for price, _ in room):
        return None
    earned = Decimal(0)
    for price, count in sorted(room, key=lambda entry: entry[0] or 0, reverse=True):
        taken = min(moved, count)
        moved -= taken
        earned += (price or 0) * taken
    return earned


def tim004(visit: list[Line], timed: list[Line], time: VisitTime, results: Results) -> None:
    """Fewer units than the minutes support: revenue missed."""
    method = timed[0].payer.unit_rule
    denied = any(line.state == "denied" and codes.timed_15(line.code) for line in visit)
    if denied or not (time.all_minutes or (time.totals and method != "ama")):
        results.skip("TIM004", visit)
        return
    missing = _missing_ama(timed, time) if method == "ama" else _missing_pooled(timed, time, method)
    if missing < LEAST_DIFFERENCE:
        return
    prices = [line.price for line in timed if line.price]
    lead = timed[0].id
    results.flag("TIM004", visit, "under", {lead: cents(min(prices, default=Decimal(0)) * missing)})


def _room(lines: list[Line]) -> Decimal | None:
    """Units that MUE and daily limit leave a code that day, of a family its further codes; None where nothing binds."""
    left: list[Decimal | None] = []
    for same in grouped((line for line in lines if line.code not in codes.FIRST), lambda line: line.code):
        line = same[0]
        limits = [line.payer.daily_units.get(line.code)]
        if line.payer.applies_edits and not line.institutional:
            limits.append(codes.mue(line.code, line.day))
        bound = [limit for limit in limits if limit is not None]
        left.append(max(Decimal(0), min(bound) - units(same)) if bound else None)
    return None if None in left else sum((room for room in left if room is not None), Decimal(0))


def _only_first(lines: list[Line]) -> bool:
    return all(line.code in codes.FIRST for line in lines)


def _missing_pooled(timed: list[Line], time: VisitTime, method: str) -> Decimal:
    least = supported(time.least)
    if method == "either":
        least = min(least, time.least_ama())
    missing = least - units(timed)
    takes = Decimal(0)
    bounds = cms_bounds(time.stated) if time.all_minutes else {}
    for code, lines in _by_code(timed).items():
        most = missing
        if bounds:
            acceptable = max(bounds[code][1], supported(time.stated[code]) if method == "either" else 0)
            most = min(most, acceptable - units(lines))
        if _only_first(lines):
            most = Decimal(0)
        room = _room(lines)
        takes += max(Decimal(0), most if room is None else min(most, room))
    return min(missing, takes)


def _missing_ama(timed: list[Line], time: VisitTime) -> Decimal:
    short_total = max(0, time.lines_sum - min(time.totals, default=time.lines_sum))
    missing = Decimal(0)
    for code, lines in _by_code(timed).items():
        if _only_first(lines):
            continue
        lacks = max(Decimal(0), supported(max(0, time.stated[code] - short_total)) - units(lines))
        room = _room(lines)
        missing += lacks if room is None else min(lacks, room)
    return missing


def tim005(export: Export, results: Results) -> None:
    """A timed code without minutes on line or visit, in an export that has minutes elsewhere."""
    known = export.holds("minutes", "visit_timed_minutes")
    for visit in visits(export):
        for line in visit:
            if not codes.timed(line.code) or line.to_be_denied or line.payer.unit_rule == "none":
                continue
            if not known:
                results.skip("TIM005", [line])
            elif line.minutes is None and line.clock is None and not any(other.cell("visit_timed_minutes") for other in visit):
                results.flag_line("TIM005", line, "none")


def tim006(export: Export, results: Results) -> None:
    """An untimed or a first code, given once a day, billed more than once in a day of the code."""
    for lines in code_days(export):
        code = lines[0].code
        if (codes.basis(code) != "untimed" and code not in codes.FIRST) or lines[0].payer.unit_rule == "none":
            continue
        allowed = 2 if code == ONCE_A_DAY_TWICE_IN_HOSPITAL and lines[0].institutional else 1
        if units(lines) > allowed:
            results.flag("TIM006", lines, "over", take(lines, units(lines) - allowed))


def tim007(export: Export, results: Results) -> None:
    """Units of a day of a code above its MUE, for payers that apply MUEs."""
    unclear = unclear_visits(export)
    for lines in code_days(export):
        line = lines[0]
        most = codes.mue(line.code, line.day)
        # An MUE of 0 only says that Medicare does not pay the code.
        binds = line.payer.applies_edits and not line.institutional and most is not None and (most > 0 or line.payer.ffs)
        if not binds or any(visit_key(other) in unclear for other in lines):
            results.skip("TIM007", lines)
        elif units(lines) > Decimal(most or 0):
            whole = {other.id: cents(other.amount) for other in lines}
            over = take(lines, units(lines) - Decimal(most or 0))
            results.flag("TIM007", lines, "over", whole if line.payer.ffs else over)


def tim008(visit: list[Line], timed: list[Line], results: Results) -> None:
    """Lines' sum and visit total differ by more than 5 minutes, or either exceeds the clock by more."""
    visit = [line for line in visit if line.counts]
    timed = [line for line in visit if codes.timed(line.code)]
    bare = any(line.minutes is None for line in timed)
    by_lines = None if bare else sum(line.minutes or 0 for line in timed)
    totals = stated_total(visit)
    spans = [line.clock for line in visit if line.counts and line.clock]
    clock = union(spans) if all(line.clock for line in timed) else None
    if sum(source is not None for source in (by_lines, totals[0] if totals else None, clock)) < 2:
        results.skip("TIM008", visit)
        return
    stated = [*([] if by_lines is None else [by_lines]), *totals]
    beyond_clock = clock is not None and max(stated) > clock + DISAGREE_BY
    differ = by_lines is not None and any(abs(by_lines - total) > DISAGREE_BY for total in totals)
    if beyond_clock or differ:
        results.flag("TIM008", visit, "none")


def tim011(export: Export, results: Results) -> None:
    """Units that cannot be: none, negative, fractional, or minutes in the place of units."""
    for line in export.lines:
        odd = line.units <= 0 or line.units % 1 != 0 or looks_like_minutes(line)
        if odd and not line.to_be_denied and line.payer.unit_rule != "none":
            results.flag_line("TIM011", line, "coding")


def tim015(visit: list[Line], results: Results) -> None:
    """First and further codes bill more than the minutes of both support."""
    live = [line for line in visit if line.counts]
    families = grouped((line for line in live if line.code in codes.FAMILIES), lambda line: codes.FAMILIES[line.code])
    hardening = [line for line in live if line.code in ("97545", "97546")]
    for lines in [*families, hardening]:
        if not lines or lines[0].payer.unit_rule == "none":
            continue
        if units_unknown(visit) or any(line.minutes is None for line in lines):
            results.skip("TIM015", lines)
            continue
        minutes = sum(line.minutes or 0 for line in lines)
        if lines is hardening:
            billed = [line for line in lines if line.code == "97546"]
            most = max(0, (minutes - 91) // 60)
        else:
            billed = lines
            most = supported(minutes + visit_time(visit, timed_lines(visit)).extra)
        if units(billed) > most:
            results.flag("TIM015", lines, "over", take(billed, units(billed) - most))
