"""Rules of the record that need no reading of notes: DOC003, DOC004, DOC005."""

import re

from tests.oracle_rules import codes
from tests.oracle_rules.lines import Export, Line
from tests.oracle_rules.results import Results
from tests.oracle_rules.visits import visits

DIAGNOSES = tuple(f"diagnosis_{n}" for n in range(1, 13))
WELLNESS = re.compile("Z0[0-2]|Z7[1-3]")
WELLNESS_FITS = codes.EVALUATIONS | {"97750", "97545", "97546"}


def judge(export: Export, results: Results) -> None:
    """All rules of this module."""
    doc003(export, results)
    for line in export.lines:
        doc004(line, results)
        doc005(export, line, results)


def doc003(export: Export, results: Results) -> None:
    """A Medicare visit without total timed or total treatment minutes."""
    for visit in visits(export):
        if not visit[0].payer.ffs or not any(codes.always_therapy(line.code) for line in visit):
            continue
        if not (export.holds("visit_timed_minutes") and export.holds("visit_total_minutes")):
            results.skip("DOC003", visit)
            continue
        stated = [{line.cell(column) for line in visit} - {None} for column in ("visit_timed_minutes", "visit_total_minutes")]
        if not all(stated):
            results.flag("DOC003", visit, "none")


def doc004(line: Line, results: Results) -> None:
    """Minutes by area that do not add up to the line's minutes."""
    by_area = re.findall(r":\s*(\d+)", line.cell("area_minutes") or "")
    if not by_area or line.minutes is None:
        results.skip("DOC004", [line])
    elif sum(map(int, by_area)) != line.minutes:
        results.flag_line("DOC004", line, "none")


def doc005(export: Export, line: Line, results: Results) -> None:
    """No diagnosis where the export has them, or wellness alone under therapy."""
    if not export.holds(*DIAGNOSES):
        results.skip("DOC005", [line])
        return
    given = [cell for column in DIAGNOSES if (cell := line.cell(column))]
    therapy = (codes.always_therapy(line.code) or line.has("GP", "GO", "GN")) and line.code not in WELLNESS_FITS
    if not given or (therapy and all(WELLNESS.match(code) for code in given)):
        results.flag_line("DOC005", line, "none")
