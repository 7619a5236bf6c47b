"""findings.xlsx: a workbook to work in, made by xlsxwriter.

Rows stream to disk, so memory stays flat. Text never becomes a formula or a link, and text that another program would
read as a formula is guarded with an apostrophe. What does not fit is cut, and the Summary sheet says so.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa

from audit.files.door import new_file, scratch_folder
from audit.files.inert import text as guard
from audit.report.outputs import decisions, shares
from audit.report.outputs.decisions import NOTHING, Written
from audit.report.outputs.sheets import Book, Sheet, Styles, cell, head, make_styles, paper, to_rule, total, view_table
from audit.report.sections import actions, checks, listed, overview, quality
from audit.report.stored import tally
from audit.report.stored.findings import weightiest
from audit.report.stored.source import StoredRun
from audit.report.text import count, words
from audit.runs.format.manifest import StoredRule
from audit.runs.patient_names import Namer
from audit.terms import WHOLE_RUN

WORKLIST_ROWS = 10_000
_BATCH = 10_000
_FINDINGS = (
    ("rule_id", 10),
    ("rule", 40),
    ("what_to_do", 50),
    ("severity", 10),
    ("kind", 22),
    ("claim_id", 16),
    ("claim_line_number", 8),
    ("patient_id", 13),
    ("service_date", 13),
    ("procedure_code", 11),
    ("modifiers", 12),
    ("units_billed", 8),
    ("units_supported", 10),
    ("minutes", 9),
    ("amount_at_risk", 12),
    ("counted_once", 12),
    ("basis", 14),
    ("how_made", 34),
    ("message", 70),
    ("payer_name", 24),
    ("rendering_npi", 13),
    ("billing_npi", 13),
    ("status", 10),
    ("source_file", 28),
    ("source_row", 10),
    ("finding_id", 20),
)
_DISPOSITION = tuple(zip(decisions.FIELDS, (13, 12, 12, 24, 13, 12), strict=True))
_OF_RULE = ("rule", "what_to_do", "kind", "basis", "ask_the_record_for")  # what the finding's rule says of it, not its row


def available() -> bool:
    """True where xlsxwriter is installed, as it is unless something is amiss."""
    return find_spec("xlsxwriter") is not None


def write(run: StoredRun, path: Path, namer: Namer, written: Written = NOTHING) -> Path:
    """Write the workbook (0600), whole or not at all; `written` is what people wrote into the one before."""
    library: Any = import_module("xlsxwriter")
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
    with new_file(path) as out, scratch_folder(path.parent, ".workbook-") as scratch:
        book = library.Workbook(out, {**safe, "tmpdir": str(scratch), "default_date_format": "yyyy-mm-dd"})
        book.set_properties({"title": "Claims audit findings", "created": run.manifest.run.created_at})
        _fill(book, run, namer, written)
        book.close()
    return path


def _fill(book: Book, run: StoredRun, namer: Namer, written: Written) -> None:
    styles = make_styles(book)
    needed = actions.needs_record(run)
    sizes = {"Findings": (run.findings.num_rows, listed.IN_WORKBOOK), "Worklist": (needed.num_rows, WORKLIST_ROWS)}
    _summary(book, run, styles, sizes)
    _findings(book, "Findings", run, weightiest(run.findings, listed.IN_WORKBOOK), styles, namer, written)
    _findings(book, "Worklist", run, weightiest(needed, WORKLIST_ROWS), styles, namer, written)
    _rules(book.add_worksheet("Rules"), run, styles)
    shares.write(book, run, styles)
    tables = quality.quality(run)
    sheet = book.add_worksheet("Reconciliation")
    paper(sheet)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 6, 20)
    row = 0
    for table in (tables.control, tables.files, tables.exclusions, tables.rejections, tables.hashes):
        row = view_table(sheet, row, table, styles)


def _summary(book: Book, run: StoredRun, styles: Styles, sizes: Mapping[str, tuple[int, int]]) -> None:
    sheet, said = book.add_worksheet("Summary"), overview.summary(run)
    cover = overview.cover(run, "")
    paper(sheet)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2, 80)
    sheet.write_string(0, 0, guard(f"{cover.title} {cover.period}"), styles["title"])
    sheet.write_string(1, 0, guard(cover.entity))
    sheet.write_string(2, 0, guard(said.headline))
    sheet.write_url(3, 0, "external:report.html", string="Open the report")
    row = 5
    for fact in (*cover.facts, *said.reviewed, *said.accuracy, *said.exposure, *said.change):
        for at, text in enumerate((fact.label, fact.value, fact.note)):
            sheet.write_string(row, at, guard(text))
        row += 1
    for name, (whole, limit) in sizes.items():
        if whole > limit:
            text = f"Sheet {name} holds the first {count(limit)} of {count(whole)} findings."
            sheet.write_string(row + 1, 0, f"{text} All stand in findings.csv and findings.parquet.")
            row += 1


def _findings(book: Book, name: str, run: StoredRun, findings: pa.Table, styles: Styles, namer: Namer, written: Written) -> None:
    """A sheet of findings, largest amount first; what people decide stands first and stays in sight."""
    sheet = book.add_worksheet(name)
    asks = (("ask_the_record_for", 44),) if name == "Worklist" else ()
    columns = (*_DISPOSITION, *asks, *_FINDINGS)
    names = [column for column, _ in columns]
    head(sheet, columns, styles, {field for field, _ in _DISPOSITION}, frozen=len(_DISPOSITION))
    rules, basis, row = {rule.id: rule for rule in run.rules}, words(run.manifest.money_basis), 0
    held, decided = [column for column, _ in _FINDINGS if column not in _OF_RULE], decisions.on_record(run.manifest.review)
    for batch in findings.select(held).to_batches(_BATCH):
        for record in batch.to_pylist():
            row += 1
            record["patient_id"] = namer(record["patient_id"])
            record.update(_of_rule(rules[record["rule_id"]], record, basis))
            record.update(decided.get(record["finding_id"], {}))
            record.update(written.get((name, record["finding_id"]), {}))
            for at, column in enumerate(names):
                if column == "rule_id":
                    to_rule(sheet, row, at, record[column], "rule")
                else:
                    cell(sheet, row, at, record.get(column), styles, plain=column.startswith("units"))
    total(sheet, row + 2, names, {"counted_once": tally.whole(findings, "counted_once")}, styles)
    if name == "Findings" and row < run.findings.num_rows:
        total(sheet, row + 3, names, {"counted_once": tally.whole(run.findings, "counted_once")}, styles, WHOLE_RUN)
    sheet.autofilter(0, 0, max(row, 1), len(names) - 1)
    sheet.data_validation(1, 0, max(row, 1), 0, {"validate": "list", "source": list(decisions.WORDS)})
    oldest = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "ignore_blank": True}
    for at, field in enumerate(decisions.FIELDS):
        if field in decisions.DAYS:
            sheet.data_validation(1, at, max(row, 1), at, oldest)


def _of_rule(rule: StoredRule, record: Mapping[str, Any], basis: str) -> dict[str, str]:
    """What a finding's rule says of it, in the words of the report."""
    said = (
        rule.title,
        rule.fix,
        checks.means(rule),
        basis if record["amount_at_risk"] else "",
        actions.asked(rule, record["procedure_code"]),
    )
    return dict(zip(_OF_RULE, said, strict=True))


def _rules(sheet: Sheet, run: StoredRun, styles: Styles) -> None:
    names = (
        ("id", 10),
        ("title", 70),
        ("severity", 10),
        ("direction", 10),
        ("status", 10),
        ("population", 11),
        ("evaluated", 11),
        ("flagged", 10),
    )
    figures = (("not_evaluated", 13), ("gross_at_risk", 14), ("counted_once", 14))
    head(sheet, (*names, *figures), styles)
    known, once = tally.counts(run.findings, "rule_id"), tally.counted_once(run.findings)
    for row, rule in enumerate(run.rules, start=1):
        for at, (name, _) in enumerate(names):
            cell(sheet, row, at, getattr(rule, name), styles)
        cell(sheet, row, len(names), rule.not_judged, styles)
        cell(sheet, row, len(names) + 1, rule.gross_at_risk, styles)
        cell(sheet, row, len(names) + 2, once.get(rule.id), styles)
        to_rule(sheet, row, 0, rule.id, "rule" if known.get((rule.id,)) else "definition")
    columns = [name for name, _ in (*names, *figures)]
    total(sheet, len(run.rules) + 2, columns, {"counted_once": sum(once.values(), Decimal("0.00"))}, styles)
