"""Data reconciliation and quality: where every row and dollar went, before any finding is shown."""

from datetime import timedelta

from audit.contract import COLUMNS
from audit.report.stored.source import StoredRun
from audit.report.text import brief, count, money, number, plural, rate, size, words
from audit.report.view import Cell, Column, Quality, Table
from audit.runs.format.manifest import ControlTotals, Dollars, MoneyColumn, Rows

_SATURDAY = 5
_LIMIT = 60
_PARTS = ("Read", "Audited", "Excluded", "Rejected")
_MONEY: tuple[tuple[MoneyColumn, str], ...] = (
    ("charge_amount", "Charged"),
    ("allowed_amount", "Allowed"),
    ("paid_amount", "Paid"),
)


def quality(run: StoredRun) -> Quality:
    """The reconciliation section."""
    manifest = run.manifest
    ties = manifest.control_totals.ties
    good = "Rows and dollars tie: everything read was audited, excluded for a stated reason, or rejected for a stated fault."
    bad = "Rows or dollars do not tie. Find the difference before relying on this report."
    return Quality(
        verdict=good if ties else bad,
        tone="ok" if ties else "over",
        control=_control(manifest.control_totals),
        files=_files(run),
        hashes=_hashes(run),
        exclusions=_exclusions(run),
        rejections=_rejections(run),
        mapping=_mapping(run),
        gaps=_gaps(run),
        silent_days=_silent_days(run),
        absent=tuple(column.name for column in COLUMNS if column.name not in manifest.filled_columns),
        private=tuple(sorted({name for entry in manifest.inputs for name in entry.private_columns})),
        unmapped=tuple(sorted({name for entry in manifest.inputs for name in entry.unmapped_columns})),
        warnings=(*manifest.warnings, *_unknown_payers(run)),
        notes=manifest.notes,
    )


def _control(totals: ControlTotals) -> Table:
    dollars = [(label, totals.dollars.of(name)) for name, label in _MONEY]
    # Amounts that are the claim's total over again have a column of their own, where the export has such amounts.
    repeats = any(amounts is not None and amounts.claim_totals for _, amounts in dollars)
    parts = (*_PARTS, "Claim totals") if repeats else _PARTS
    columns = (Column("Control total"), *(Column(part, "number") for part in parts), Column("Difference", "number"))
    rows = [_rows(totals.rows, repeats)]
    for label, amounts in dollars:
        if amounts is not None:
            rows.append(_dollars(f"{label} amount", amounts, repeats))
        else:
            blank = Cell("not in the export", tone="mute")
            rows.append((Cell(f"{label} amount"), blank, *(Cell("", tone="mute") for _ in parts)))
    caption = "Read = audited + excluded + rejected" + (" + claim totals repeated on lines" if repeats else "")
    return Table("control", caption, columns, tuple(rows), style="stack")


def _rows(rows: Rows, repeats: bool) -> tuple[Cell, ...]:
    gap = rows.read - rows.audited - rows.excluded - rows.rejected
    parts = (rows.read, rows.audited, rows.excluded, rows.rejected, *((None,) if repeats else ()))
    return Cell("Rows"), *(Cell(number(part)) for part in parts), Cell(number(gap), tone="over" if gap else "ok")


def _dollars(label: str, amounts: Dollars, repeats: bool) -> tuple[Cell, ...]:
    gap = amounts.read - amounts.audited - amounts.excluded - amounts.rejected - amounts.claim_totals
    parts = (amounts.read, amounts.audited, amounts.excluded, amounts.rejected, *((amounts.claim_totals,) if repeats else ()))
    return Cell(label), *(Cell(money(part)) for part in parts), Cell(money(gap), tone="over" if gap else "ok")


def _files(run: StoredRun) -> Table:
    columns = (Column("File", "code"), *(Column(part, "number") for part in _PARTS), Column("Size", "number"))
    rows = []
    for entry in run.manifest.inputs:
        parts = (entry.rows.read, entry.rows.audited, entry.rows.excluded, entry.rows.rejected)
        rows.append((Cell(entry.file, entry.format), *(Cell(count(part)) for part in parts), Cell(size(entry.size_bytes))))
    return Table("files", "Files read, in rows", columns, tuple(rows), style="stack")


def _hashes(run: StoredRun) -> Table:
    columns = (Column("File", "code"), Column("SHA-256", "code"))
    rows = tuple((Cell(entry.file), Cell(entry.sha256)) for entry in run.manifest.inputs)
    return Table("hashes", "Fingerprints of the files", columns, rows, style="stack")


def _exclusions(run: StoredRun) -> Table:
    exclusions = run.manifest.exclusions
    used = [(name, label) for name, label in _MONEY if any(entry.of(name) is not None for entry in exclusions)]
    columns = (Column("Excluded because"), Column("Rows", "number"), *(Column(label, "number") for _, label in used))
    rows = tuple(
        (Cell(entry.reason), Cell(count(entry.rows)), *(Cell(money(entry.of(name))) for name, _ in used)) for entry in exclusions
    )
    return Table("exclusions", "Rows left out of the audit", columns, rows, empty="No row was excluded.", style="stack")


def _rejections(run: StoredRun) -> Table:
    columns = (Column("Column", "code"), Column("Reason"), Column("Rows", "number"))
    rows = tuple((Cell(entry.column), Cell(entry.reason), Cell(count(entry.rows))) for entry in run.manifest.rejections)
    note = "A row with two faults counts under both. Each stands in rejected_rows.csv with file, row and value." if rows else ""
    return Table(
        "rejections", "Rows that could not be read", columns, rows, note=note, empty="No row was rejected.", style="stack"
    )


def _gaps(run: StoredRun) -> Table:
    """Columns that some audited lines leave blank."""
    columns = (
        Column("Column", "code"),
        Column("Lines with a value", "number"),
        Column("Blank", "number"),
        Column("Share blank", "number"),
    )
    rows = []
    for entry in run.manifest.summary.by_column:
        blank = entry.lines - entry.filled
        if entry.filled and blank:
            rows.append((Cell(entry.column_name), Cell(count(entry.filled)), Cell(count(blank)), Cell(rate(blank, entry.lines))))
    return Table("gaps", "Columns that some lines leave blank", columns, tuple(rows), style="stack")


def _silent_days(run: StoredRun) -> tuple[str, ...]:
    """Mondays to Fridays within the dates of service that have no line; at most 60."""
    busy = {entry.service_date for entry in run.manifest.summary.by_day}
    first, last = run.manifest.run.first_service_date, run.manifest.run.last_service_date
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return tuple(item.isoformat() for item in days if item.weekday() < _SATURDAY and item not in busy)[:_LIMIT]


def _unknown_payers(run: StoredRun) -> tuple[str, ...]:
    unknown = [payer for payer in run.manifest.payers if payer.payer_class == "unknown"]
    if not unknown:
        return ()
    lines = sum(payer.lines for payer in unknown)
    names = ", ".join(brief(payer.payer_name or "", 60) or "not named" for payer in unknown[:8])
    who = f"{plural(len(unknown), 'payer')} with {plural(lines, 'line')} is not known ({names})"
    return (f"The class of {who}: rules that depend on the payer were not applied to them. Name their class in audit.toml.",)


def _mapping(run: StoredRun) -> Table:
    columns = (Column("Meaning", "code"), Column("Column of the export"), Column("Matched by"), Column("Files", "number"))
    seen: dict[tuple[str, str, str], int] = {}
    for entry in run.manifest.inputs:
        for item in entry.mapping:
            key = (item.name, item.source_column, words(item.how))
            seen[key] = seen.get(key, 0) + 1
    rows = tuple((*(Cell(text) for text in key), Cell(count(files))) for key, files in seen.items())
    return Table("mapping", "How the export's columns were understood", columns, rows, style="stack")
