"""Rules of the claim itself: CLM001 to CLM007."""

from datetime import date, timedelta
from decimal import Decimal

from tests.oracle_rules import codes
from tests.oracle_rules.lines import Export, Line
from tests.oracle_rules.results import Results
from tests.oracle_rules.visits import code_days, grouped

EVALUATED_AGAIN_WITHIN = timedelta(days=30)
RUNNING = 3


def judge(export: Export, results: Results) -> None:
    """All rules of this module."""
    for day in code_days(export):
        repeats = clm001(day, results, export.knows_modifiers)
        clm002(day, repeats, results)
    for line in export.lines:
        clm003_004_005(line, results)
    clm006(export, results)
    clm007(export, results)


def _claim_order(line: Line) -> tuple[object, ...]:
    return line.submitted or date.min, line.id


def clm001(day: list[Line], results: Results, knows_modifiers: bool = True) -> set[Line]:
    """The later of two lines that bill the same again; the lines that are."""
    repeats = set()
    for same in grouped(day, lambda line: (frozenset(line.modifiers), line.units)):
        ordered = sorted(same, key=_claim_order)
        for n, line in enumerate(ordered):
            if not line.has("76", "77", "91") and any(_repeats(earlier, line) for earlier in ordered[:n]):
                repeats.add(line)
                # Without modifiers it is not known that none told the two apart.
                results.flag_line("CLM001", line, "over", None if knows_modifiers else Decimal(0))
    return repeats


def _repeats(earlier: Line, later: Line) -> bool:
    if earlier.allowed == 0 and earlier.paid == 0:
        return False
    if earlier.clock and later.clock:
        return max(earlier.clock[0], later.clock[0]) < min(earlier.clock[1], later.clock[1])
    return True


def clm002(day: list[Line], repeats: set[Line], results: Results) -> None:
    """A timed code on two lines of one Medicare day, neither an assistant's split nor a duplicate."""
    if not day[0].payer.ffs or not codes.timed(day[0].code):
        return
    left = [line for line in day if line not in repeats and not line.has("76", "77", "91")]
    if any(len(part) > 1 for part in grouped(left, lambda line: line.by_assistant)):
        results.flag("CLM002", day, "coding")


def npi_is_valid(npi: str) -> bool:
    """Ten digits whose last one checks, by Luhn's rule over 80840 and the number."""
    if len(npi) != 10 or not npi.isdigit():
        return False
    total = 0
    for n, digit in enumerate(reversed("80840" + npi)):
        value = int(digit) * (2 if n % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def clm003_004_005(line: Line, results: Results) -> None:
    """An NPI that fails its check digit; dates that cannot be; modifiers of no shape."""
    npis = [npi for npi in (line.rendering, line.practice) if npi]
    if any(not npi_is_valid(npi) for npi in npis):
        results.flag_line("CLM003", line, "none")
    if not npis:
        results.skip("CLM003", [line])
    paid_on = line.cell("paid_date")
    ended = line.cell("service_date_to")
    last = max(line.day, date.fromisoformat(ended)) if ended else line.day
    if (line.submitted and last > line.submitted) or (paid_on and last > date.fromisoformat(paid_on)):
        results.flag_line("CLM004", line, "none")
    if any(len(modifier) != 2 for modifier in line.modifiers):
        results.flag_line("CLM005", line, "none")


def clm006(export: Export, results: Results) -> None:
    """A further code without its first that day by that practice; a denied first is there."""
    for day in grouped(export.lines, lambda line: (line.patient, line.day, line.practice)):
        billed = {line.code for line in day}
        for line in day:
            if line.code in codes.FIRST_OF and not billed & codes.FIRST_OF[line.code]:
                results.flag_line("CLM006", line)


def clm007(export: Export, results: Results) -> None:
    """Evaluations repeated: a second first one, re-evaluations running, both disciplines by one person."""
    able = [line for line in export.lines if line.counts and line.order == "P"]
    for group in (codes.PT_EVALUATIONS, codes.OT_EVALUATIONS):
        firsts = [line for line in able if line.code in group]
        for lines in grouped(firsts, lambda line: (line.patient, line.practice)):
            _second_first(sorted(lines, key=lambda line: (line.day, line.id)), results)
    # Visits of a discipline: the one that the re-evaluation's own line names.
    for lines in grouped(able, lambda line: (line.patient, line.practice, line.discipline)):
        for again in sorted(codes.RE_EVALUATIONS):
            _running(lines, again, results)
    both = [line for line in able if line.code in codes.PT_EVALUATIONS | codes.OT_EVALUATIONS and line.rendering]
    # One person evaluates in one discipline; a facility, a physician's or a practice's NPI is no one person.
    both = [line for line in both if not line.institutional and not export.is_of_many(line)]
    for lines in grouped(both, lambda line: (line.patient, line.day, line.rendering)):
        if {line.code in codes.PT_EVALUATIONS for line in lines} == {True, False}:
            results.flag("CLM007", lines, "coding")


def _second_first(lines: list[Line], results: Results) -> None:
    for n, line in enumerate(lines):
        for earlier in lines[:n]:
            diagnoses = earlier.cell("diagnosis_1"), line.cell("diagnosis_1")
            other = all(diagnoses) and diagnoses[0] != diagnoses[1]
            if line.day - earlier.day <= EVALUATED_AGAIN_WITHIN and not other:
                results.flag_line("CLM007", line, "coding")
                break


def _running(lines: list[Line], again: str, results: Results) -> None:
    days = sorted({line.day for line in lines})
    evaluated = {line.day for line in lines if line.code == again}
    count = 0
    for day in days:
        count = count + 1 if day in evaluated else 0
        if count >= RUNNING:
            for line in lines:
                if line.day == day and line.code == again:
                    results.flag_line("CLM007", line, "coding")
