"""Rules of units and minutes on a visit or a day of a code: TIM001 to TIM008, TIM011, TIM015."""

from decimal import Decimal

from tests.oracle_rules import codes
from tests.oracle_rules.explained import REPEATS, TWO_TOTALS, WHOLE_TREATMENT
from tests.oracle_rules.lines import Export, Line, LineId, cents
from tests.oracle_rules.results import Results, Surplus
from tests.oracle_rules.support import VisitTime, cms_bounds, supported, visit_time
from tests.oracle_rules.visits import (
    code_days,
    grouped,
    is_therapy,
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
            _units_against_time(export, visit, timed, results)
        tim008(export, visit, results)
        tim015(visit, results)
    tim005(export, results)
    tim006(export, results)
    tim007(export, results)
    tim011(export, results)


def _units_against_time(export: Export, visit: list[Line], timed: list[Line], results: Results) -> None:
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
        if method == "cms" and excess is not None and excess <= 0:
            tim003(timed, time, results)
    if rules:
        tim004(export, visit, timed, time, results)


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
        results.flag("TIM001", visit, "over", take(timed, excess), [Surplus.of(excess, timed)])
    return excess


def _by_code(timed: list[Line]) -> dict[str, list[Line]]:
    return {codes.one_code(lines[0].code): lines for lines in grouped(timed, lambda line: codes.one_code(line.code))}


def tim002(timed: list[Line], time: VisitTime, results: Results) -> None:
    """Payers of the midpoint rule: units of a code above what its own minutes support."""
    taken: dict[LineId, Decimal] = {}
    surpluses = []
    lacking = False
    for code, lines in _by_code(timed).items():
        bare = [line for line in lines if line.minutes is None]
        if any(line.clock is None for line in bare):
            lacking = True
            continue
        # What only a larger total has may be any one code's.
        most = supported(time.stated[code] + max(time.clock_of[code], time.extra))
        if units(lines) - most >= LEAST_DIFFERENCE:
            surpluses.append(Surplus.of(units(lines) - most, lines))
            taken |= take(lines, units(lines) - most)
    if surpluses:
        results.flag("TIM002", timed, "over", taken, surpluses)
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
    unknown = earned is not None and not all(line.amount_known for line in timed if line.id in gone)
    lead = max(gone, key=lambda line: gone[line], default=timed[0].id)
    amounts = {lead: net} if net > 0 and not unknown else {}
    surpluses = [Surplus.of(count, by_code[code]) for code, count in surplus.items()]
    results.flag("TIM003", timed, "over" if net > 0 or unknown else "coding", amounts, surpluses)


def _earned_by_right_codes(by_code: dict[str, list[Line]], surplus: dict[str, Decimal], time: VisitTime) -> Decimal | None:
    """What the surplus units would earn on the codes that lack units, dearest first; None where one has no price."""
    moved = sum(surplus.values(), Decimal(0))
    room = []
    for code, lines in by_code.items():
        _, most = cms_bounds(time.stated | {code: time.stated[code] + time.extra})[code]
        if units(lines) < most:
            known = all(line.amount_known for line in lines)
            room.append((sum((line.amount for line in lines), Decimal(0)) if known else Decimal(0), units(lines), most))
    # A price is above nought; of a code it is that of all its lines.
    if any(amount <= 0 or billed <= 0 for amount, billed, _ in room):
        return None
    earned = Decimal(0)
    for amount, billed, most in sorted(room, key=lambda entry: entry[0] / entry[1], reverse=True):
        taken = min(moved, most - billed)
        moved -= taken
        earned += cents(amount * taken / billed)
    return earned


def tim004(export: Export, visit: list[Line], timed: list[Line], time: VisitTime, results: Results) -> None:
    """Fewer units than the minutes support: revenue missed."""
    method = timed[0].payer.unit_rule
    denied = any(line.state == "denied" and codes.timed_15(line.code) for line in visit)
    if denied or not (time.all_minutes or (time.totals and method != "ama")):
        results.skip("TIM004", visit)
        return
    missing = _missing_ama(export, timed, time) if method == "ama" else _missing_pooled(export, timed, time, method)
    of_all = _room_of_all(export, timed)
    missing = missing if of_all is None else min(missing, of_all)
    if missing < LEAST_DIFFERENCE:
        return
    prices = [line.price for line in timed if line.price]
    lead = timed[0].id
    results.flag("TIM004", visit, "under", {lead: cents(min(prices, default=Decimal(0)) * missing)})


def _room(export: Export, lines: list[Line]) -> Decimal | None:
    """Units that MUE and daily limit leave a code that day, of a family its further codes; None where nothing binds.

    The daily limit is the patient's, whatever the visit.
    """
    left: list[Decimal | None] = []
    for same in grouped((line for line in lines if line.code not in codes.FIRST), lambda line: line.code):
        line = same[0]
        bound = []
        daily, most = line.payer.daily_units.get(line.code), None
        if daily is not None:
            bound.append(daily - units(one for one in export.of_day(line) if one.counts and one.code == line.code))
        if line.payer.applies_edits and not line.institutional:
            most = codes.mue(line.code, line.day)
        if most is not None:
            bound.append(most - units(same))
        left.append(max(Decimal(0), min(bound)) if bound else None)
    return None if None in left else sum((room for room in left if room is not None), Decimal(0))


def _room_of_all(export: Export, timed: list[Line]) -> Decimal | None:
    """Units that the payer's daily limits of all timed, or of all therapy codes leave the visit's providers."""
    room = Decimal(0)
    for lines in grouped(timed, lambda line: line.provider):
        payer, provider = lines[0].payer, lines[0].provider
        same = [line for line in export.of_day(lines[0]) if line.counts and line.provider == provider]
        left: list[Decimal] = []
        if payer.daily_timed_units is not None:
            own = [line for line in same if codes.timed(line.code) and line.discipline == lines[0].discipline]
            left.append(payer.daily_timed_units - units(own))
        if payer.daily_therapy_units is not None and all(map(is_therapy, lines)):
            left.append(payer.daily_therapy_units - units(filter(is_therapy, same)))
        if provider is None or not left:
            return None
        room += max(Decimal(0), min(left))
    return room


def _only_first(lines: list[Line]) -> bool:
    return all(line.code in codes.FIRST for line in lines)


def _missing_pooled(export: Export, timed: list[Line], time: VisitTime, method: str) -> Decimal:
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
        elif all(line.minutes is not None for line in lines):
            # Minutes that lack a line are those of the codes that lack them.
            most = min(most, supported(time.stated[code]) - units(lines))
        if _only_first(lines):
            most = Decimal(0)
        room = _room(export, lines)
        takes += max(Decimal(0), most if room is None else min(most, room))
    return min(missing, takes)


def _missing_ama(export: Export, timed: list[Line], time: VisitTime) -> Decimal:
    short_total = max(0, time.lines_sum - min(time.totals, default=time.lines_sum))
    missing = Decimal(0)
    for code, lines in _by_code(timed).items():
        if _only_first(lines):
            continue
        lacks = max(Decimal(0), supported(max(0, time.stated[code] - short_total)) - units(lines))
        room = _room(export, lines)
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
        over = units(lines) - allowed
        if over > 0:
            results.flag("TIM006", lines, "over", take(lines, over), [Surplus.of(over, lines)])


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
            excess = units(lines) - Decimal(most or 0)
            amounts = whole if line.payer.ffs else take(lines, excess)
            results.flag("TIM007", lines, "over", amounts, [Surplus.of(excess, lines, whole_day=line.payer.ffs)])


def tim008(export: Export, visit: list[Line], results: Results) -> None:
    """Lines' sum and visit total differ by more than 5 minutes, or either exceeds the clock by more."""
    live = [line for line in visit if line.counts]
    timed = [line for line in live if codes.timed(line.code)]
    if not timed or _self_pay(visit):
        return
    bare = any(line.minutes is None for line in timed)
    by_lines = None if bare else sum(line.minutes or 0 for line in timed)
    totals = stated_total(visit)
    clock = union(line.clock for line in live if line.clock) if all(line.clock for line in timed) else None
    # Minutes of a line that does not count may stand in the visit's total.
    uncounted = any(codes.timed(line.code) and not line.counts for line in visit) and max(totals, default=0) > (by_lines or 0)
    repeats = export.reads(REPEATS) and _bills_a_code_on_two_claims(live)
    two_totals = export.reads(TWO_TOTALS) and len(totals) > 1
    stated = [*([] if by_lines is None else [by_lines]), *totals]
    bounds = [] if clock is None else [clock]
    if export.reads(WHOLE_TREATMENT):
        bounds += stated_total(visit, "visit_total_minutes")[-1:]
    sources = len(stated[:1]) + (by_lines is not None and bool(totals)) + len(bounds)
    if sources < 2 or not stated or uncounted or repeats or two_totals:
        results.skip("TIM008", visit)
        return
    beyond = any(max(stated) > bound + DISAGREE_BY for bound in bounds)
    differ = by_lines is not None and any(abs(by_lines - total) > DISAGREE_BY for total in totals)
    if beyond or differ:
        results.flag("TIM008", visit, "none")


def _self_pay(visit: list[Line]) -> bool:
    return visit[0].payer.unit_rule == "none"


def _bills_a_code_on_two_claims(lines: list[Line]) -> bool:
    """Do two claims of the visit bill one code?"""
    return any(len({line.claim_id for line in same}) > 1 for same in grouped(lines, lambda line: line.code))


def tim011(export: Export, results: Results) -> None:
    """Units that cannot be: none, negative, fractional, or minutes in the place of units."""
    for line in export.lines:
        odd = line.units <= 0 or line.units % 1 != 0 or looks_like_minutes(line)
        if odd and not line.to_be_denied and line.payer.unit_rule != "none":
            results.flag_line("TIM011", line, "coding")


def tim015(visit: list[Line], results: Results) -> None:
    """First and further codes of a visit bill more than the minutes of both support."""
    live = [line for line in visit if line.counts]
    families = grouped((line for line in live if line.code in codes.FAMILIES), lambda line: codes.FAMILIES[line.code])
    hardening = [line for line in live if line.code in ("97545", "97546")]
    amounts: dict[LineId, Decimal] = {}
    surpluses = []
    lacking = False
    for lines in [*families, *([hardening] if hardening else [])]:
        if _self_pay(visit) or units_unknown(visit) or any(line.minutes is None for line in lines):
            lacking = True
            continue
        minutes = sum(line.minutes or 0 for line in lines)
        if lines is hardening:
            billed = [line for line in lines if line.code == "97546"]
            most = max(0, (minutes - 91) // 60)
        else:
            billed = lines
            most = supported(minutes + visit_time(visit, timed_lines(visit)).extra)
        if units(billed) - most >= LEAST_DIFFERENCE:
            surpluses.append(Surplus.of(units(billed) - most, billed))
            amounts |= take(billed, units(billed) - most)
    if surpluses:
        results.flag("TIM015", visit, "over", amounts, surpluses)
    elif lacking:
        results.skip("TIM015", visit)
