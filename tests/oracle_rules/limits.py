"""Limits of payers and of the year: MED009, MED010, MED011, MED019."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from tests.oracle_rules import codes
from tests.oracle_rules.explained import KINDEST_ORDER
from tests.oracle_rules.lines import Export, Line, LineId
from tests.oracle_rules.results import Results, Surplus
from tests.oracle_rules.visits import cents_of, grouped, is_therapy, take_units, unclear_visits, units, visit_key

THRESHOLDS = {
    2018: 2010, 2019: 2040, 2020: 2080, 2021: 2110, 2022: 2150, 2023: 2230, 2024: 2330, 2025: 2410, 2026: 2480,
}  # fmt: skip
LINES_NEEDED = 30


def judge(export: Export, results: Results) -> None:
    """All rules of this module."""
    med009_units(export, results)
    med009_visits(export, results)
    med010(export, results)
    med011(export, results)


def _year_is_held(export: Export, year: int) -> bool:
    """Does the export hold the year from its start? What it holds of an earlier year says nothing of this one."""
    return export.first_days.get(year, date.max) <= date(year, 1, 10)


def med009_units(export: Export, results: Results) -> None:
    """Units above the payer's daily limits: by code, of all timed codes, of all therapy codes; none is taken twice."""
    unclear = unclear_visits(export)
    over_the_year = _over_the_year(export)
    able = [line for line in export.lines if line.counts]
    for day in grouped(able, lambda line: (line.patient, line.day, line.payer.key, line.order)):
        if any(visit_key(line) in unclear for line in day):
            results.skip("MED009", day)
        elif not any(line.id in over_the_year for line in day):
            left = {line.id: max(line.units, Decimal(0)) for line in day}
            by_code = _over_codes(day, left, results)
            _over_all(day, left, by_code, results)


def _over_codes(day: list[Line], left: dict[LineId, Decimal], results: Results) -> dict[LineId, Decimal]:
    """Flags the days of a code, whoever treats, and tells the units that they took."""
    taken: dict[LineId, Decimal] = {}
    for lines in grouped(day, lambda line: line.code):
        most = lines[0].payer.daily_units.get(lines[0].code)
        if most is not None and units(lines) > most:
            own = take_units(lines, units(lines) - most)
            results.flag("MED009", lines, "over", cents_of(lines, own), [Surplus.of(units(lines) - most, lines)])
            taken |= own
    _take_off(left, taken)
    return taken


def _over_all(day: list[Line], left: dict[LineId, Decimal], by_code: dict[LineId, Decimal], results: Results) -> None:
    """Flags the days over a limit of all codes, one finding for each provider, of what single codes left."""
    for lines in grouped((line for line in day if line.provider), lambda line: line.provider):
        taken: dict[LineId, Decimal] = defaultdict(Decimal)
        timed = grouped((line for line in lines if codes.timed(line.code)), lambda line: line.discipline)
        therapy = list(filter(is_therapy, lines))
        limits = [(part, part[0].payer.daily_timed_units) for part in timed]
        surpluses = []
        for part, most in [*limits, (therapy, lines[0].payer.daily_therapy_units)]:
            excess = sum((left[line.id] for line in part), Decimal(0)) - (most if most is not None else 10**6)
            if excess > 0:
                own = take_units(part, excess, left)
                surpluses.append(Surplus.of(units(part) - (most or 0), part))
                _take_off(left, own)
                for id_, count in own.items():
                    taken[id_] += count
        if taken:
            # A line's cents are rounded once: what its code's own limit took is not taken again.
            whole = cents_of(lines, {id_: count + by_code.get(id_, Decimal(0)) for id_, count in taken.items()})
            before = cents_of(lines, {id_: by_code[id_] for id_ in taken if id_ in by_code})
            amounts = {id_: amount - before.get(id_, Decimal(0)) for id_, amount in whole.items()}
            results.flag("MED009", [line for line in lines if line.id in taken], "over", amounts, surpluses)


def _take_off(left: dict[LineId, Decimal], taken: dict[LineId, Decimal]) -> None:
    for id_, count in taken.items():
        left[id_] -= count


def _over_the_year(export: Export) -> set[LineId]:
    """Lines on dates of a patient's year beyond the payer's yearly visits."""
    able = [line for line in export.lines if line.counts and line.payer.yearly_visits]
    over: set[LineId] = set()
    for lines in grouped(able, lambda line: (line.patient, line.payer.key, line.order, line.day.year)):
        days = sorted({line.day for line in lines})[lines[0].payer.yearly_visits or 0 :]
        over |= {line.id for line in lines if line.day in days}
    return over


def med009_visits(export: Export, results: Results) -> None:
    """Dates of a patient's year beyond the payer's yearly visits."""
    over = _over_the_year(export)
    for line in export.lines:
        if line.id in over:
            results.flag_line("MED009", line)
        elif line.counts and line.payer.yearly_visits and not _year_is_held(export, line.day.year):
            results.skip("MED009", [line])


def _through(export: Export) -> dict[tuple[str, str], date]:
    """The last day of each institutional claim of a patient: its Through date, else that of its latest service."""
    last: dict[tuple[str, str], date] = {}
    for line in [*export.lines, *export.excluded]:
        if line.institutional:
            end = line.cell("service_date_to")
            day = max(line.day, date.fromisoformat(end)) if end else line.day
            last[line.claim_id, line.patient] = max(day, last.get((line.claim_id, line.patient), day))
    return last


def _last_day(line: Line, through: dict[tuple[str, str], date]) -> date | None:
    """The last day on which the line may be filed."""
    day = through[line.claim_id, line.patient] if line.institutional else line.day
    if line.payer.filing_days is not None:
        return day + timedelta(days=line.payer.filing_days)
    if not line.payer.ffs:
        return None
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def med010(export: Export, results: Results) -> None:
    """The first submission of a line came after the payer's filing limit."""
    able = []
    through = _through(export)
    for line in export.lines:
        replaces = line.cell("claim_frequency_code") == "7" or line.cell("original_claim_id")
        if line.to_be_denied or _last_day(line, through) is None:
            continue
        waits_for_primary = line.order != "P" and not line.payer.ffs
        if waits_for_primary or replaces or line.submitted is None:
            results.skip("MED010", [line])
        else:
            able.append(line)
    for lines in grouped(able, _service):
        first = min(line.submitted or date.max for line in lines)
        for line in lines:
            # The first submission's date is that of every later one too.
            if first > (_last_day(line, through) or date.max):
                results.flag_line("MED010", line)


def _service(line: Line) -> tuple[object, ...]:
    return line.patient, line.day, line.code, frozenset(line.modifiers), line.provider, line.payer.key


def med011(export: Export, results: Results) -> None:
    """Over the year's threshold without KX or GA; then MED019."""
    able = [line for line in export.lines if line.counts and line.payer.ffs and line.discipline and is_therapy(line)]
    for lines in grouped(able, lambda line: (line.patient, line.day.year, line.discipline == "GO")):
        year, total = lines[0].day.year, Decimal(0)
        for line in sorted(lines, key=lambda line: (line.day, export.reads(KINDEST_ORDER) and line.has("KX", "GA"), line.id)):
            total += line.allowed or Decimal(0)
            over = total > THRESHOLDS.get(year, 10**9)
            if over and not export.knows_modifiers:
                results.skip("MED011", [line])
            elif over and not line.has("KX", "GA"):
                results.flag_line("MED011", line)
            if not over and not _year_is_held(export, year):
                results.skip("MED011", [line])
    med019(export, able, results)


def med019(export: Export, able: list[Line], results: Results) -> None:
    """KX as a habit on lines with which the patient's year is not over the threshold, as far as its amounts are known."""
    below: list[Line] = []
    for lines in grouped(able, lambda line: (line.patient, line.day.year, line.discipline == "GO")):
        year, total = lines[0].day.year, Decimal(0)
        # Which line of a date came first is not known: those without KX.
        for line in sorted(lines, key=lambda line: (line.day, line.has("KX"), line.id)):
            if line.allowed is None or not _year_is_held(export, year):
                break
            total += line.allowed
            if total <= THRESHOLDS.get(year, -1):
                below.append(line)
    for lines in grouped((line for line in below if line.provider), lambda line: line.provider):
        if len(lines) >= LINES_NEEDED and 2 * sum(line.has("KX") for line in lines) >= len(lines):
            results.flag("MED019", lines, "none")
