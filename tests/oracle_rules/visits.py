"""Groups of lines that rules ask about, and how units of a group are put at risk."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal

from tests.oracle_rules import codes
from tests.oracle_rules.lines import Export, Line, LineId, Span, cents

LOOKS_LIKE_MINUTES = (15, 30, 45, 60)


def grouped(lines: Iterable[Line], key: Callable[[Line], Hashable]) -> list[list[Line]]:
    """Lines by key, each group in order of line id."""
    groups: dict[Hashable, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.id):
        groups[key(line)].append(line)
    return list(groups.values())


def visit_key(line: Line) -> tuple[object, ...]:
    """Patient, date, practice, discipline, payer, order of coverage."""
    return line.patient, line.day, line.practice, line.discipline, line.payer.key, line.order


def code_day_key(line: Line) -> tuple[object, ...]:
    """A day of a code: patient, date, provider, discipline, payer, order of coverage, code."""
    return line.patient, line.day, line.provider, line.discipline, line.payer.key, line.order, line.code


def visits(export: Export) -> list[list[Line]]:
    """Visits with all their audited lines."""
    return grouped(export.lines, visit_key)


def code_days(export: Export) -> list[list[Line]]:
    """Days of a code, of lines whose units count."""
    return grouped((line for line in export.lines if line.counts), code_day_key)


def timed_lines(visit: Iterable[Line]) -> list[Line]:
    """Lines that stand in the visit's timed total."""
    return [line for line in visit if line.counts and codes.timed_15(line.code)]


def units(lines: Iterable[Line]) -> Decimal:
    """Units billed on these lines."""
    return sum((line.units for line in lines), Decimal(0))


def looks_like_minutes(line: Line) -> bool:
    """15, 30, 45 or 60 units of a timed code whose minutes are absent or equal the units."""
    return codes.timed(line.code) and line.units in LOOKS_LIKE_MINUTES and line.minutes in (None, int(line.units))


def units_unknown(visit: Iterable[Line]) -> bool:
    """Do units of the visit look like minutes? Then nobody knows its units."""
    return any(line.counts and looks_like_minutes(line) for line in visit)


def unclear_visits(export: Export) -> set[tuple[object, ...]]:
    """Keys of the visits whose units nobody knows; found once for an export."""
    if export.unclear is None:
        export.unclear = {visit_key(visit[0]) for visit in visits(export) if units_unknown(visit)}
    return export.unclear


def cheapest_first(lines: Iterable[Line]) -> list[Line]:
    """By price of a unit, unknown ones last; of equal prices the later claim id, then the later line, first."""
    priced = sorted((line for line in lines if line.price is not None), key=lambda line: line.id, reverse=True)
    return sorted(priced, key=lambda line: (not line.amount_known, line.price or Decimal(0)))


def is_therapy(line: Line) -> bool:
    """A therapy code: an always-therapy one, or any under a plan of care."""
    return codes.always_therapy(line.code) or line.has("GP", "GO", "GN")


def take_units(lines: Iterable[Line], excess: Decimal, left: dict[LineId, Decimal] | None = None) -> dict[LineId, Decimal]:
    """How many units of each line make up `excess`, cheapest first; `left` says how many of a line there still are."""
    taken = {}
    for line in cheapest_first(lines):
        count = min(line.units if left is None else left[line.id], excess)
        if count > 0:
            excess -= count
            taken[line.id] = count
    return taken


def cents_of(lines: Iterable[Line], taken: dict[LineId, Decimal]) -> dict[LineId, Decimal]:
    """The cents of so many units of each line, rounded once."""
    return {line.id: cents(line.amount * taken[line.id] / line.units) for line in lines if line.id in taken}


def take(lines: Iterable[Line], excess: Decimal) -> dict[LineId, Decimal]:
    """The cents of `excess` units, cheapest first; each line's are rounded once."""
    lines = list(lines)
    return cents_of(lines, take_units(lines, excess))


def union(spans: Iterable[Span]) -> int:
    """Length of the union of intervals, in minutes."""
    total, reached = 0, -1
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def stated_total(visit: Iterable[Line], column: str = "visit_timed_minutes") -> list[int]:
    """The least and the most that the visit's live lines may state for it as a whole; one figure where they agree, none without.

    Every encounter that is named has a total of its own, unless all of them state one figure that holds the minutes of all timed
    lines: then it is the day's. Unnamed, unlike totals of claims or therapists may be parts of a whole, like ones are the whole
    again and again.
    """
    visit = list(visit)
    named: dict[str, list[int]] = {}
    unnamed: dict[tuple[str, str], list[int]] = {}
    for line in visit:
        if line.live and (cell := line.cell(column)):
            encounter = line.cell("encounter_id")
            if encounter:
                named.setdefault(encounter, []).append(int(cell))
            else:
                unnamed.setdefault((line.cell("claim_id"), line.cell("rendering_npi")), []).append(int(cell))
    every = [total for totals in (*named.values(), *unnamed.values()) for total in totals]
    if not every:
        return []
    timed = [line.minutes for line in visit if line.counts and codes.timed_15(line.code)]
    days = {int(cell) for line in visit if line.live and (cell := line.cell("visit_timed_minutes"))}
    if len(days) == 1 and timed and None not in timed and sum(minutes or 0 for minutes in timed) <= min(days):
        return [max(every)]
    most = sum(map(max, named.values())) + sum(set(map(max, unnamed.values())))
    least = min(every) if unnamed else sum(map(min, named.values()))
    return sorted({least, most})
