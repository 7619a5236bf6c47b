"""Data reconciliation and quality: where every row and dollar went, before any finding is shown."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from audit.contract import COLUMNS
from audit.report.stored.source import Entry, StoredRun
from audit.report.text import clean, count, day, decimal, money, number, plural, rate, size, words
from audit.report.view import Cell, Column, Quality, Table

_SATURDAY = 5
_PARTS = ("read", "audited", "excluded", "rejected")
_CLAIM_TOTALS = "claim_totals"
_MONEY = (("charge_amount", "Charged"), ("allowed_amount", "Allowed"), ("paid_amount", "Paid"))


def quality(run: StoredRun) -> Quality:
    """The reconciliation section."""
    totals = run.entry("control_totals")
    ties = bool(totals.get("ties", False))
    good = "Rows and dollars tie: everything read was audited, excluded for a stated reason, or rejected for a stated fault."
    bad = "Rows or dollars do not tie. Find the difference before relying on this report."
    filled = set(run.manifest.get("filled_columns") or ())
    return Quality(
        verdict=good if ties else bad,
        tone="ok" if ties else "over",
        control=_control(totals),
        files=_files(run),
        hashes=_hashes(run),
        exclusions=_exclusions(run),
        rejections=_rejections(run),
        mapping=_mapping(run),
        gaps=_gaps(run),
        silent_days=_silent_days(run),
        absent=tuple(column.name for column in COLUMNS if column.name not in filled),
        private=tuple(sorted({clean(name) for entry in run.entries("inputs") for name in entry.get("private_columns") or ()})),
        unmapped=tuple(sorted({clean(name) for entry in run.entries("inputs") for name in entry.get("unmapped_columns") or ()})),
        warnings=(*(clean(text) for text in run.manifest.get("warnings") or ()), *_unknown_payers(run)),
    )


def _control(totals: Entry) -> Table:
    dollars = totals.get("dollars") or {}
    # Amounts that are the claim's total over again have a column of their own, where the export has such amounts.
    repeats = any(decimal((amounts or {}).get(_CLAIM_TOTALS)) for amounts in dollars.values())
    parts = (*_PARTS, _CLAIM_TOTALS) if repeats else _PARTS
    headings = (part.replace("_", " ").capitalize() for part in parts)
    columns = (Column("Control total"), *(Column(heading, "number") for heading in headings), Column("Difference", "number"))
    rows = [_control_row("Rows", totals.get("rows"), parts, whole=True)]
    for name, label in _MONEY:
        if dollars.get(name):
            rows.append(_control_row(f"{label} amount", dollars[name], parts, whole=False))
        else:
            blank = Cell("not in the export", tone="mute")
            rows.append((Cell(f"{label} amount"), blank, *(Cell("", tone="mute") for _ in parts)))
    caption = "Read = audited + excluded + rejected" + (" + claim totals repeated on lines" if repeats else "")
    return Table("control", caption, columns, tuple(rows), style="stack")


def _control_row(label: str, part: object, parts: Sequence[str], whole: bool) -> tuple[Cell, ...]:
    values = part if isinstance(part, Mapping) else {}
    gap = decimal(values.get("read")) - sum(decimal(values.get(name)) for name in parts[1:])
    show = number if whole else money
    return Cell(label), *(Cell(show(values.get(name))) for name in parts), Cell(show(gap), tone="over" if gap else "ok")


def _files(run: StoredRun) -> Table:
    columns = (Column("File", "code"), *(Column(part.capitalize(), "number") for part in _PARTS), Column("Size", "number"))
    rows = []
    for entry in run.entries("inputs"):
        counts = entry.get("rows") or {}
        cells = (Cell(count(int(counts.get(part) or 0))) for part in _PARTS)
        rows.append((Cell(clean(entry.get("file")), clean(entry.get("format"))), *cells, Cell(size(entry.get("size_bytes")))))
    return Table("files", "Files read, in rows", columns, tuple(rows), style="stack")


def _hashes(run: StoredRun) -> Table:
    columns = (Column("File", "code"), Column("SHA-256", "code"))
    rows = tuple((Cell(clean(entry.get("file"))), Cell(clean(entry.get("sha256")))) for entry in run.entries("inputs"))
    return Table("hashes", "Fingerprints of the files", columns, rows, style="stack")


def _exclusions(run: StoredRun) -> Table:
    used = [(name, label) for name, label in _MONEY if any(entry.get(name) is not None for entry in run.entries("exclusions"))]
    columns = (Column("Excluded because"), Column("Rows", "number"), *(Column(label, "number") for _, label in used))
    rows = []
    for entry in run.entries("exclusions"):
        amounts = (Cell(money(entry.get(name))) for name, _ in used)
        rows.append((Cell(clean(entry.get("reason"))), Cell(count(int(entry.get("rows") or 0))), *amounts))
    return Table("exclusions", "Rows left out of the audit", columns, tuple(rows), empty="No row was excluded.", style="stack")


def _rejections(run: StoredRun) -> Table:
    columns = (Column("Column", "code"), Column("Reason"), Column("Rows", "number"))
    rows = tuple(
        (Cell(clean(entry.get("column"))), Cell(clean(entry.get("reason"))), Cell(count(int(entry.get("rows") or 0))))
        for entry in run.entries("rejections")
    )
    note = "A row with two faults counts under both. Each stands in rejected_rows.csv with file, row and value." if rows else ""
    return Table(
        "rejections", "Rows that could not be read", columns, rows, note=note, empty="No row was rejected.", style="stack"
    )


def _gaps(run: StoredRun) -> Table:
    """Columns that some audited lines leave blank, where the run counted them."""
    columns = (
        Column("Column", "code"),
        Column("Lines with a value", "number"),
        Column("Blank", "number"),
        Column("Share blank", "number"),
    )
    rows = []
    for entry in run.summary("by_column"):
        filled, lines = int(entry.get("filled") or 0), int(entry.get("lines") or 0)
        if 0 < filled < lines:
            blank = lines - filled
            rows.append(
                (Cell(clean(entry.get("column_name"))), Cell(count(filled)), Cell(count(blank)), Cell(rate(blank, lines)))
            )
    return Table("gaps", "Columns that some lines leave blank", columns, tuple(rows), style="stack")


def _silent_days(run: StoredRun) -> tuple[str, ...]:
    """Mondays to Fridays within the dates of service that have no line, where the run counted lines by day; at most 60."""
    busy = {day(entry.get("service_date")) for entry in run.summary("by_day") if entry.get("lines")}
    facts = run.entry("run")
    try:
        first, last = (date.fromisoformat(str(facts.get(name))) for name in ("first_service_date", "last_service_date"))
    except ValueError:
        return ()
    span = range((last - first).days + 1) if busy else range(0)
    days = (first + timedelta(days=offset) for offset in span)
    return tuple(item.isoformat() for item in days if item.weekday() < _SATURDAY and item.isoformat() not in busy)[:60]


def _unknown_payers(run: StoredRun) -> tuple[str, ...]:
    unknown = [payer for payer in run.entries("payers") if payer.get("payer_class") in (None, "unknown")]
    if not unknown:
        return ()
    lines = sum(int(payer.get("lines") or 0) for payer in unknown)
    names = ", ".join(clean(payer.get("payer_name"), 60) or "not named" for payer in unknown[:8])
    who = f"{plural(len(unknown), 'payer')} with {plural(lines, 'line')} is not known ({names})"
    return (f"The class of {who}: rules that depend on the payer were not applied to them. Name their class in audit.toml.",)


def _mapping(run: StoredRun) -> Table:
    columns = (Column("Meaning", "code"), Column("Column of the export"), Column("Matched by"), Column("Files", "number"))
    seen: dict[tuple[str, str, str], int] = {}
    for entry in run.entries("inputs"):
        for item in _maps(entry.get("mapping")):
            key = (clean(item.get("name")), clean(item.get("source_column")), words(item.get("how")))
            seen[key] = seen.get(key, 0) + 1
    rows = tuple((*(Cell(text) for text in key), Cell(count(files))) for key, files in seen.items())
    return Table("mapping", "How the export's columns were understood", columns, rows, style="stack")


def _maps(value: Any) -> Sequence[Entry]:
    return [item for item in value or () if isinstance(item, Mapping)]
