"""What the terminal shows of results: the rule table, a rule's page, runs, the summary of a run."""

import csv
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from audit.files import inert
from audit.rules.catalogue import Rule
from audit.terms import plural

if TYPE_CHECKING:
    from audit.pipeline.run import RunResult
    from audit.reference.due import Due
    from audit.reference.editions import Edition as Imported
    from audit.reference.loaded import Edition as Loaded
    from audit.runs.timeline.history import Comparison, PastRun


def rules_table(catalogue: Sequence[Rule]) -> None:
    """Print the catalogue to stdout."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Rule", "Severity", "Dollars", "One a", "What it flags"):
        table.add_column(heading, overflow="fold" if heading == "What it flags" else "ellipsis")
    for rule in catalogue:
        front = rule.front
        table.add_row(front.id, front.severity, front.direction, front.subject, front.title)
    _print(table)


def runs_table(runs: Sequence[tuple["PastRun", Sequence["PastRun"]]]) -> None:
    """Print the finished runs to stdout, each with those kept beside it that it took the place of."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Run", "State", "Dates of service", "Created", "Findings", "Potential overpayment", "In place of"):
        table.add_column(heading, justify="right" if heading in ("Findings", "Potential overpayment") else "left")
    for run, kept in runs:
        dates = f"{run.first_service_date} to {run.last_service_date}"
        created = f"{run.created_at:%Y-%m-%dT%H:%M:%SZ}"
        state, beside = "final" if run.final else "draft", ", ".join(one.label for one in kept)
        table.add_row(run.label, state, dates, created, f"{run.findings:,}", _dollars(run.over_counted_once), beside)
    _print(table)


def settings_table(rows: Sequence[tuple[str, str, str]]) -> None:
    """Print settings to stdout: name, value, whence it comes."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Setting", "Value", "From"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    _print(table)


def references_table(shipped: Sequence["Loaded"], imported: Sequence["Imported"]) -> None:
    """Print the shipped reference tables, then the imported editions, to stdout."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Table", "Edition", "Rows", "Coverage", "Source"):
        table.add_column(heading, justify="right" if heading == "Rows" else "left", overflow="fold")
    for one in shipped:
        table.add_row(one.table, one.edition, f"{one.rows:,}", one.coverage, one.source)
    for edition in imported:
        reach = f"parts missing: {', '.join(edition.missing)}" if edition.missing else "every code"
        files = ", ".join(dict.fromkeys(part.source for part in edition.parts))
        name = "ptp_edit" if edition.kind == "ptp" else edition.kind
        table.add_row(name, f"{edition.setting} {edition.edition}", f"{edition.rows:,}", reach, f"imported from {files}")
    _print(table)


def due_table(wanted: Sequence["Due"]) -> None:
    """Print which quarterly tables a period wants, and which edition serves, to stdout."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Table", "For", "Due", "Held", "CMS's file"):
        table.add_column(heading, overflow="fold")
    for one in wanted:
        held = f"{one.held or 'missing'}{', ' + one.note if one.note else ''}"
        table.add_row(one.table.upper(), one.setting, str(one.quarter), held, one.files)
    _print(table)


def _print(table: Table) -> None:
    """Print a table to stdout: as wide as the terminal, and unbroken into a pipe."""
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def comparison_csv(comparison: "Comparison", stream: TextIO) -> None:
    """Write the findings of two compared runs as CSV: what became of each, then what it is."""
    from audit.runs.timeline.history import SHOWN

    writer = csv.writer(stream)
    writer.writerow(["change", *SHOWN])
    for change in ("new", "repeated", "resolved"):
        for row in getattr(comparison, change):
            writer.writerow([change, *(inert.cell(row[name]) for name in SHOWN)])


def show_page(markdown: str) -> None:
    """Print a rule's page: laid out on a terminal, as plain Markdown into a pipe."""
    if not sys.stdout.isatty():
        print(markdown, end="")
        return
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))


def run_summary(result: "RunResult") -> list[str]:
    """The run in a few lines: what was read, what was found, what could not be judged, what went wrong."""
    rows, totals = result.manifest.control_totals.rows, result.manifest.totals
    over, under = totals.over, totals.under
    lines = [
        f"Read {plural(rows.read, 'row')} = {rows.audited:,} audited + {rows.excluded:,} excluded + {rows.rejected:,} rejected.",
        f"Potential overpayment: {_dollars(over.counted_once)}, each dollar counted once, in {plural(over.findings, 'finding')}.",
        f"Potential underbilling: {_dollars(under.gross)} in {plural(under.findings, 'finding')}.",
        _basis(result),
        f"Findings on coding and records: {totals.coding.findings + totals.none.findings:,}.",
    ]
    if result.not_evaluated:
        lines.append(f"Not evaluated: {plural(result.not_evaluated, 'check')}; the report lists them by rule and reason.")
    unread = {header for one in result.manifest.inputs for header in one.unmapped_columns}
    if unread:
        # Counted and not named: a mail may be read by others than the report is.
        fill = "fills" if len(unread) == 1 else "fill"
        lines.append(f"{plural(len(unread), 'header')} {fill} no column; the report and `claims-audit check` name them.")
    lines += [f"Warning: {warning}" for warning in result.manifest.warnings]
    lines += [f"Note: {note}" for note in result.manifest.notes]
    lines += [f"Rule {o.rule_id} failed: {o.error}" for o in result.outcomes if o.status == "error"]
    lines.append(f"Run {result.manifest.run.id}, manifest {result.manifest_sha256}.")
    if result.kept_aside:
        lines.append(f"An earlier run of this name was kept at {result.kept_aside}.")
    return lines


def _basis(result: "RunResult") -> str:
    """What dollars go by, and how many were reviewed."""
    totals = result.manifest.totals
    name = result.manifest.money_basis.replace("_", " ")
    without = totals.lines_without_amount
    unknown = f"; {without:,} of {plural(totals.lines, 'line')} {'has' if without == 1 else 'have'} no amount" if without else ""
    return f"Dollars go by the {name}: {_dollars(totals.amount)} reviewed{unknown}."


def _dollars(amount: Decimal) -> str:
    return f"${amount:,.2f}"
