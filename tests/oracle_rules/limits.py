"""Limits of payers and of the year: MED009, MED010, MED011, MED019."""

from datetime import date, timedelta
from decimal import Decimal

from tests.oracle_rules import codes
from tests.oracle_rules.lines import Export, Line
from tests.oracle_rules.results import Results
from tests.oracle_rules.visits import grouped, take, unclear_visits, units, visit_key

THRESHOLDS = {
    2018: 2010, 2019: 2040, 2020: 2080, 2021: 2110, 2022: 2150, 2023: 2230, 2024: 2330, 2025: 2410, 2026: 2480,
}  # fmt: skip
LINES_NEEDED = 30


def judge(export: Export, results: Results) -> None:
    """All rules of this module."""
    med009_units(export, results)
    med009_visits(export, results)
    med010(export, results)
    med011_and_019(export, results)


def _year_is_held(export: Export, year: int) -> bool:
    return export.first_day <= date(year, 1, 10)


def med009_units(export: Export, results: Results) -> None:
    """Units above the payer's daily limits, by code and over all codes."""
    unclear = unclear_visits(export)
    able = [line for line in export.lines if line.counts]
    # A limit of one code is the patient's whole day with the payer, whoever treats.
    of_code = grouped(able, lambda line: (line.patient, line.day, line.payer.key, line.order, line.code))
    days = [(lines, lines[0].payer.daily_units.get(lines[0].code)) for lines in of_code]
    timed = grouped((line for line in able if codes.timed(line.code)), lambda line: (_day(line), line.discipline))
    days += [(lines, lines[0].payer.daily_timed_units) for lines in timed]
    therapy = grouped((line for line in able if codes.always_therapy(line.code)), _day)
    days += [(lines, lines[0].payer.daily_therapy_units) for lines in therapy]
    for lines, most in days:
        if most is None:
            continue
        if any(visit_key(line) in unclear for line in lines):
            results.skip("MED009", lines)
        elif units(lines) > most:
            results.flag("MED009", lines, "over", take(lines, units(lines) - most))


def _day(line: Line) -> tuple[object, ...]:
    return line.patient, line.day, line.provider, line.payer.key, line.order


def med009_visits(export: Export, results: Results) -> None:
    """Dates of a patient's year beyond the payer's yearly visits."""
    able = [line for line in export.lines if line.counts and line.payer.yearly_visits]
    for lines in grouped(able, lambda line: (line.patient, line.payer.key, line.order, line.day.year)):
        most = lines[0].payer.yearly_visits or 0
        days = sorted({line.day for line in lines})
        for line in lines:
            if line.day in days[most:]:
                results.flag_line("MED009", line)
            elif not _year_is_held(export, line.day.year):
                results.skip("MED009", [line])


def _last_day(line: Line) -> date | None:
    """The last day on which the line may be filed."""
    if line.payer.filing_days is not None:
        return line.day + timedelta(days=line.payer.filing_days)
    if not line.payer.ffs:
        return None
    if (line.day.month, line.day.day) == (2, 29):
        return date(line.day.year + 1, 2, 28)
    return line.day.replace(year=line.day.year + 1)


def med010(export: Export, results: Results) -> None:
    """The first submission of a line came after the payer's filing limit."""
    able = []
    for line in export.lines:
        replaces = line.cell("claim_frequency_code") == "7" or line.cell("original_claim_id")
        if line.to_be_denied or _last_day(line) is None:
            continue
        if replaces or line.submitted is None:
            results.skip("MED010", [line])
        else:
            able.append(line)
    for lines in grouped(able, _service):
        first = min(line.submitted or date.max for line in lines)
        for line in lines:
            # The first submission's date is that of every later one too.
            if first > (_last_day(line) or date.max):
                results.flag_line("MED010", line)


def _service(line: Line) -> tuple[object, ...]:
    return line.patient, line.day, line.code, frozenset(line.modifiers), line.provider, line.payer.key


def med011_and_019(export: Export, results: Results) -> None:
    """Over the year's threshold without KX or GA; KX as a habit below it."""
    able = [
        line
        for line in export.lines
        if line.counts and line.payer.ffs and line.discipline and (codes.always_therapy(line.code) or line.has("GP", "GO", "GN"))
    ]
    below: list[Line] = []
    for lines in grouped(able, lambda line: (line.patient, line.day.year, line.discipline == "GO")):
        year, total = lines[0].day.year, Decimal(0)
        for line in sorted(lines, key=lambda line: (line.day, line.id)):
            total += line.allowed or Decimal(0)
            over = total > THRESHOLDS.get(year, 10**9)
            if over and not export.knows_modifiers:
                results.skip("MED011", [line])
            elif over and not line.has("KX", "GA"):
                results.flag_line("MED011", line)
            if not over and not _year_is_held(export, year):
                results.skip("MED011", [line])
            elif not over:
                below.append(line)
    for lines in grouped((line for line in below if line.rendering), lambda line: line.rendering):
        if len(lines) >= LINES_NEEDED and 2 * sum(line.has("KX") for line in lines) >= len(lines):
            results.flag("MED019", lines, "none")
