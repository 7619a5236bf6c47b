"""sample.xlsx: the worksheet that a reviewer fills in. Answers stand first; what the screening says stands on a sheet apart."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from audit.files.door import new_file, scratch_folder
from audit.files.inert import text as guard
from audit.report.outputs.sheets import Book, Sheet, Styles, cell, head, make_styles, paper
from audit.report.text import clean, money
from audit.sampling.design import Row, Sample
from audit.sampling.frame import KEYS

SAMPLE, SPARES = "Sample", "Spares"
FOUND, NOT_FOUND, NOT_OF_THE_FRAME = "found", "not found", "not of the frame"
RECORDS = (FOUND, NOT_FOUND, NOT_OF_THE_FRAME)
ANSWERS = (("record", 15), ("error", 7), ("allowed_amount", 13), ("reason", 34), ("reviewer", 13), ("reviewed_on", 12))
_DRAWN = (("drawn", 7), ("amount", 11), ("stratum", 22), ("number", 9))
_ABOUT = (("lines", 7), ("first_date", 12), ("last_date", 12))
_LINES = (
    ("drawn", 7),
    ("claim_id", 16),
    ("claim_line_number", 8),
    ("service_date", 12),
    ("patient_id", 13),
    ("procedure_code", 11),
    ("modifiers", 12),
    ("units", 7),
    ("minutes", 9),
    ("line_amount", 11),
    ("payer_name", 24),
    ("rendering_npi", 13),
    ("source_file", 26),
    ("source_row", 10),
    ("potential_findings", 90),
)
_HOW = (
    "Review every row of the sheet Sample against the record. Fill in the yellow columns; change nothing else.",
    "record: found, not found, or not of the frame. Left blank it means found.",
    "error: yes or no. allowed amount: what should have been paid for the whole unit, also where there is no error.",
    "A blank is not an answer: a row without both is refused, never counted as free of error.",
    "not found: the record cannot be shown. The unit is an error in full; leave the other two blank.",
    "not of the frame: the unit should never have been listed; say why under reason. Nothing else is a reason for a spare.",
    "The next spare of the stratum, in the order of the sheet Spares, then takes its place and is reviewed.",
    "The sheet Lines holds the lines of each unit, and what the screening found on them. That is a question, not an answer.",
    "Keep this file in the folder of its sample.json, then: claims-audit estimate sample.xlsx",
)


def columns(sample: Sample) -> tuple[tuple[str, int], ...]:
    """Names and widths of the columns of the sheets Sample and Spares."""
    return (*ANSWERS, *_DRAWN, *((name, 17) for name in KEYS[sample.frame.unit]), *_ABOUT)


def shown(text: str) -> str:
    """A key of the frame as its cell holds it."""
    return guard(clean(text))


def write(sample: Sample, units: Mapping[int, Mapping[str, Any]], lines: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """Write the worksheet (0600). `units` are rows of the frame by number, `lines` those of the units drawn."""
    library: Any = import_module("xlsxwriter")
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
    with new_file(path) as out, scratch_folder(path.parent, ".workbook-") as scratch:
        book: Book = library.Workbook(out, {**safe, "tmpdir": str(scratch), "default_date_format": "yyyy-mm-dd"})
        styles = make_styles(book)
        _how(book.add_worksheet("How"), sample, styles)
        # In the order of the frame, as records are pulled; spares in the order in which they are used.
        drawn = sorted((row for row in sample.rows if not row.is_spare), key=lambda row: row.number)
        _units(book.add_worksheet(SAMPLE), sample, drawn, units, styles)
        _units(book.add_worksheet(SPARES), sample, [row for row in sample.rows if row.is_spare], units, styles)
        _lines(book.add_worksheet("Lines"), sample, lines, styles)
        book.get_worksheet_by_name(SAMPLE).activate()
        book.close()
    return path


def _how(sheet: Sheet, sample: Sample, styles: Styles) -> None:
    paper(sheet)
    sheet.set_column(0, 0, 120)
    sheet.write_string(0, 0, "What to fill in", styles["title"])
    for at, line in enumerate(_HOW, start=1):
        sheet.write_string(at, 0, line)
    frame = sample.frame
    design = (
        f"Run {sample.run.label}, {sample.run.id}",
        f"Frame: {frame.words}, {money(frame.amount)}; SHA-256 {frame.sha256}",
        f"Seed {sample.seed}; drawn {sample.drawn_at}; strata: {sample.strata_by or 'none'}",
    )
    for at, line in enumerate(design, start=len(_HOW) + 2):
        sheet.write_string(at, 0, guard(clean(line)))


def _units(sheet: Sheet, sample: Sample, rows: Sequence[Row], units: Mapping[int, Mapping[str, Any]], styles: Styles) -> None:
    layout = columns(sample)
    names = [name for name, _ in layout]
    head(sheet, layout, styles, {name for name, _ in ANSWERS}, frozen=len(ANSWERS))
    for at, row in enumerate(rows, start=1):
        drawn = {
            "drawn": row.drawn,
            "amount": row.amount,
            "stratum": sample.strata[row.stratum - 1].name,
            "number": row.number,
            **dict(zip(KEYS[sample.frame.unit], row.key, strict=True)),
            **{name: units[row.number][name] for name, _ in _ABOUT},
        }
        for column, name in enumerate(names):
            cell(sheet, at, column, drawn.get(name), styles)
    last = max(len(rows), 1)
    sheet.autofilter(0, 0, last, len(names) - 1)
    no_less = {"validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True}
    no_earlier = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "ignore_blank": True}
    rules = {
        "record": {"validate": "list", "source": list(RECORDS)},
        "error": {"validate": "list", "source": ["yes", "no"]},
        "allowed_amount": {**no_less, "error_message": "Dollars that should have been paid: 0 or more."},
        "reviewed_on": no_earlier,
    }
    for name, rule in rules.items():
        sheet.data_validation(1, names.index(name), last, names.index(name), rule)


def _lines(sheet: Sheet, sample: Sample, lines: Sequence[Mapping[str, Any]], styles: Styles) -> None:
    head(sheet, _LINES, styles, frozen=1)
    drawn = {row.number: row.drawn for row in sample.rows}
    for at, line in enumerate(lines, start=1):
        values = {**line, "drawn": drawn[line["number"]]}
        for column, (name, _) in enumerate(_LINES):
            cell(sheet, at, column, values[name], styles, plain=name == "units")
