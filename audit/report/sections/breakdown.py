"""Findings by provider, payer, code, month and location, and the provider by rule table."""

from collections.abc import Sequence

from audit.report.stored import tally
from audit.report.stored.source import StoredRun
from audit.report.stored.tally import MINIMUM_LINES, Provider
from audit.report.text import brief, count, money, rate, words
from audit.report.view import Breakdown, Cell, Column, Figure, Table
from audit.runs.format.manifest import Figures
from audit.terms import WHOLE_RUN

_LIMIT = 200
_HEAT_PROVIDERS = 60
_HEAT_RULES = 12
SMALL_CELL = 11
_TABLES = {
    "by-payer": "table-payer-name",
    "by-code": "table-procedure-code",
    "by-location": "table-location",
    "by-month": "table-month",
}
_FIGURES = (
    Column("Lines", "number"),
    Column("Visits", "number"),
    Column("Reviewed", "number"),
    Column("Findings", "number"),
    Column("Lines with error", "number"),
    Column("Share", "number"),
    Column("Over, gross", "number"),
    Column("Over, counted once", "number"),
    Column("Under", "number"),
)


def by_provider(run: StoredRun, figures: tuple[Figure, ...] = ()) -> Breakdown:
    """Provider scorecards and the provider by rule heat table."""
    text = (
        f"Shares are shown from {MINIMUM_LINES} lines on; below that chance speaks louder than practice. "
        "A line counts as an error where a finding doubts its payment or coding; patterns and gaps in the record do not. "
        "A high share is a reason to look, not a judgement: case mix, payers and how a clinic keeps its records all move it."
    )
    columns = (Column("Provider", "code"), *_FIGURES)
    carded = {entry.npi for entry in tally.with_card(tally.providers(run))}
    rows = [_row(entry, _provider(entry, entry.npi in carded)) for entry in tally.providers(run)]
    scorecard = _table("providers", "Findings and potential dollars by provider", columns, rows, _whole(run))
    return Breakdown("Providers", "providers", text, (scorecard, heat(run)), figures, _rows_behind("rendering_npi"))


def _provider(entry: Provider, has_card: bool = False) -> Cell:
    href = f"providers/{entry.npi}.html" if has_card else ""
    number = brief(entry.npi or "", 40) or "no NPI"
    if not entry.name:
        return Cell(number, words(entry.role), href=href)
    return Cell(brief(entry.name, 80), ", ".join(filter(None, (number, words(entry.role)))), href=href)


def _row(entry: Figures | Provider, head: Cell) -> tuple[Cell, ...]:
    enough = entry.lines >= MINIMUM_LINES
    return (
        head,
        Cell(count(entry.lines)),
        Cell(count(entry.visits)),
        Cell(money(entry.amount)),
        Cell(count(entry.findings)),
        Cell(count(entry.lines_with_error)),
        Cell(rate(entry.lines_with_error, entry.lines)) if enough else Cell("too few", tone="mute", order="-1"),
        Cell(money(entry.over_gross)),
        Cell(money(entry.over_once)),
        Cell(money(entry.under_gross)),
    )


def _whole(run: StoredRun) -> tuple[Cell, ...]:
    """The row beneath the others. It is of the whole run, not their sum: a visit with several codes stands in several rows."""
    totals = run.manifest.totals
    return (
        Cell(WHOLE_RUN),
        Cell(count(totals.lines)),
        Cell(count(totals.visits)),
        Cell(money(totals.amount)),
        Cell(count(totals.findings)),
        Cell(count(totals.lines_with_error)),
        Cell(rate(totals.lines_with_error, totals.lines)),
        Cell(money(totals.over.gross)),
        Cell(money(totals.over.counted_once)),
        Cell(money(totals.under.gross)),
    )


def _table(name: str, caption: str, columns: tuple[Column, ...], rows: list[tuple[Cell, ...]], whole: tuple[Cell, ...]) -> Table:
    more = len(rows) - _LIMIT
    note = f"First {_LIMIT} of {count(len(rows))}; the rest stand in the workbook." if more > 0 else ""
    total = whole if rows else ()
    return Table(name, caption, columns, tuple(rows[:_LIMIT]), total=total, note=note, style="stack", search=True)


def heat(run: StoredRun) -> Table:
    """Findings of each provider under each rule; the darker, the larger the share of the provider's lines."""
    found = tally.counts(run.findings, "rendering_npi", "rule_id")
    weight: dict[object, int] = {}
    for (_, rule), number in found.items():
        weight[rule] = weight.get(rule, 0) + number
    widest = set(sorted(weight, key=lambda rule: (-weight[rule], str(rule)))[:_HEAT_RULES])
    rules = [rule.id for rule in run.rules if rule.id in widest]
    rows = []
    for entry in tally.providers(run)[:_HEAT_PROVIDERS]:
        cells = (_heat_cell(found.get((entry.npi, rule), 0), entry.lines, rule) for rule in rules)
        rows.append((_provider(entry), *cells))
    columns = (Column("Provider", "code"), *(Column(rule, "number") for rule in rules))
    note = "Shade: share of the provider's own lines (over 0, 1, 2, 5 and 10 %). Numbers are findings."
    if len(weight) > len(rules):
        note += f" The {len(rules)} rules with the most findings of {len(weight)}."
    return Table("heat", "Findings by provider and rule", columns, tuple(rows), note=note, style="heat")


def _heat_cell(findings: int, lines: int, rule: str) -> Cell:
    if not findings:
        return Cell("·", tone="heat-0", order="0")
    share = findings * 100 / lines if lines else 0.0
    level = sum(share > step for step in (0, 1, 2, 5, 10)) or 1
    return Cell(count(findings), tone=f"heat-{level}", href=f"#rule-{rule}")


def by_dimension(run: StoredRun, trend: tuple[Figure, ...] = ()) -> tuple[Breakdown, ...]:
    """By payer, code, month and location, each where the run has it."""
    summary = run.manifest.summary
    payers = [(entry, _head(entry.payer_name, entry.payer_class)) for entry in tally.by_weight(summary.by_payer)]
    codes = [(entry, _head(entry.procedure_code, entry.plain_name)) for entry in tally.by_weight(summary.by_code)]
    places = [(entry, _head(entry.location)) for entry in tally.by_weight(summary.by_location)]
    months = [(entry, _head(entry.month)) for entry in summary.by_month]
    alike = "Compare payers of one class only: their rules differ."
    month = "strftime(service_date, '%Y-%m')"
    parts = (
        _breakdown(run, "by-payer", "By payer", payers, alike, behind="payer_name"),
        _breakdown(run, "by-code", "By procedure code", codes, behind="procedure_code"),
        _breakdown(run, "by-location", "By location", places, behind="location"),
        _breakdown(run, "by-month", "By month of service", months, figures=trend, behind=month),
    )
    return tuple(part for part in parts if part.tables[0].rows)


def _rows_behind(column: str) -> str:
    """The line of SQL that leads from a row of a table to the lines and findings behind it."""
    return f"SELECT * FROM 'finding_lines.parquet' WHERE is_counted AND {column} = '...'"


def _head(name: str | None, note: str | None = None) -> Cell:
    return Cell(brief(name or "", 80) or "not stated", words(note))


def _breakdown(
    run: StoredRun,
    name: str,
    title: str,
    entries: Sequence[tuple[Figures, Cell]],
    text: str = "",
    figures: tuple[Figure, ...] = (),
    behind: str = "",
) -> Breakdown:
    rows = [_row(entry, head) for entry, head in entries]
    few = any(0 < entry.lines < SMALL_CELL for entry, _ in entries)
    columns = (Column(title[3:].capitalize()), *_FIGURES)
    shown = _table(_TABLES[name], f"Findings and potential dollars {title.lower()}", columns, rows, _whole(run))
    said = f"{text} {_SMALL}".strip() if few else text
    return Breakdown(title, name, said, (shown,), figures, _rows_behind(behind) if behind else "")


_SMALL = f"A row of fewer than {SMALL_CELL} lines can single out a patient: do not pass it on outside the practice."
