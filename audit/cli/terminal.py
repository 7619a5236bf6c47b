"""What the terminal shows: progress, the rule table, a rule's page, the summary of a run. Called by the command line."""

import csv
import sys
from collections.abc import Sequence
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

from rich.console import Console
from rich.table import Table

from audit.rules.catalogue import Rule

if TYPE_CHECKING:
    from audit.pipeline.run import RunResult
    from audit.reference.editions import Edition as Imported
    from audit.reference.loaded import Edition as Loaded
    from audit.runs.history import Comparison, PastRun

_MEGABYTE = 1024 * 1024


class LineProgress:
    """Progress as plain lines on stderr, for cron and logs: one line a stage."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def step(self, text: str) -> None:
        """Print the stage that begins."""
        if not self._quiet:
            print(text, file=sys.stderr, flush=True)

    def bytes_read(self, file: str, done: int, of: int) -> None:
        """Say nothing: a log wants stages, not percentages."""

    def rule_done(self, rule_id: str, done: int, of: int) -> None:
        """Say nothing."""


class BarProgress:
    """Progress as bars on a terminal."""

    def __init__(self, quiet: bool) -> None:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=quiet,
        )
        self._tasks: dict[str, Any] = {}
        self._stage: Any = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def step(self, text: str) -> None:
        """Begin a bar for the stage; the one before is finished."""
        if self._stage is not None:
            self._bars.update(self._stage, total=1, completed=1)
        self._stage = self._bars.add_task(text, total=None)

    def bytes_read(self, file: str, done: int, of: int) -> None:
        """Move the file's own bar."""
        if file not in self._tasks:
            self._tasks[file] = self._bars.add_task(f"  {file} ({of / _MEGABYTE:.1f} MB)", total=of)
        self._bars.update(self._tasks[file], completed=done)

    def rule_done(self, rule_id: str, done: int, of: int) -> None:
        """Move the bar of the rules."""
        self._bars.update(self._stage, total=of, completed=done, description=f"Running rules: {rule_id}")


def rules_table(catalogue: Sequence[Rule]) -> None:
    """Print the catalogue to stdout."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Rule", "Severity", "Dollars", "One a", "What it flags"):
        table.add_column(heading, overflow="fold" if heading == "What it flags" else "ellipsis")
    for rule in catalogue:
        front = rule.front
        table.add_row(front.id, front.severity, front.direction, front.subject, front.title)
    _print(table)


def runs_table(runs: Sequence["PastRun"]) -> None:
    """Print the finished runs to stdout."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Run", "Dates of service", "Created", "Findings", "Potential overpayment"):
        table.add_column(heading, justify="right" if heading in ("Findings", "Potential overpayment") else "left")
    for run in runs:
        dates = f"{run.first_service_date} to {run.last_service_date}"
        table.add_row(run.label, dates, run.created_at, f"{run.findings:,}", _dollars(run.over_counted_once))
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


def _print(table: Table) -> None:
    """Print a table to stdout: as wide as the terminal, and unbroken into a pipe."""
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def comparison_csv(comparison: "Comparison", stream: TextIO) -> None:
    """Write the findings of two compared runs as CSV: what became of each, then what it is."""
    from audit.runs.history import SHOWN

    writer = csv.writer(stream)
    writer.writerow(["change", *SHOWN])
    for change in ("new", "repeated", "resolved"):
        for row in getattr(comparison, change):
            writer.writerow([change, *(_inert(row[name]) for name in SHOWN)])


def _inert(value: object) -> object:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def show_page(markdown: str) -> None:
    """Print a rule's page: laid out on a terminal, as plain Markdown into a pipe."""
    if not sys.stdout.isatty():
        print(markdown, end="")
        return
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))


def run_summary(result: "RunResult") -> list[str]:
    """The run in a few lines: what was read, what was found, what could not be judged, what went wrong."""
    manifest = result.manifest
    rows, totals = manifest["control_totals"]["rows"], manifest["totals"]
    over, under = totals["over"], totals["under"]
    fates = " + ".join(f"{rows[fate]:,} {fate}" for fate in ("audited", "excluded", "rejected"))
    lines = [
        f"Read {rows['read']:,} rows = {fates}.",
        f"Potential overpayment: {_dollars(over['counted_once'])}, each dollar counted once, in {over['findings']:,} findings.",
        f"Potential under-billing: {_dollars(under['gross'])} in {under['findings']:,} findings.",
        f"Findings on coding and records: {totals['coding']['findings'] + totals['none']['findings']:,}.",
    ]
    if result.not_evaluated:
        lines.append(f"Not evaluated: {result.not_evaluated:,} checks; the report lists them by rule and reason.")
    lines += [f"Warning: {warning}" for warning in manifest["warnings"]]
    lines += [f"Rule {o.rule_id} failed: {o.error}" for o in result.outcomes if o.status == "error"]
    if result.kept_aside:
        lines.append(f"An earlier run of this name was kept at {result.kept_aside}.")
    return lines


def _dollars(amount: str) -> str:
    return f"${Decimal(amount):,.2f}"
