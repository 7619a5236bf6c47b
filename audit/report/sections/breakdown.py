"""Findings by provider, payer, code, month and location, and the provider by rule table."""

from audit.report.stored import tally
from audit.report.stored.source import Entry, StoredRun
from audit.report.text import clean, count, money, rate, words
from audit.report.view import Breakdown, Cell, Column, Figure, Table

MINIMUM_LINES = 30
_LIMIT = 200
_HEAT_PROVIDERS = 60
_HEAT_RULES = 12
SMALL_CELL = 11
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
        "A line is with error where a finding doubts its payment or coding; patterns and gaps in the record do not count. "
        "A high share is a reason to look, not a judgement: case mix, payers and how a clinic keeps its records all move it."
    )
    columns = (Column("Provider", "code"), *_FIGURES)
    rows = [_row(entry, _provider(entry), minimum=MINIMUM_LINES) for entry in tally.providers(run)]
    scorecard = _table("providers", "Findings and potential dollars by provider", columns, rows)
    return Breakdown("Providers", "providers", text, (scorecard, heat(run)), figures)


def _provider(entry: Entry) -> Cell:
    return Cell(clean(entry.get("rendering_npi"), 40) or "no NPI", words(entry.get("provider_role")))


def _ordered(run: StoredRun, name: str) -> list[Entry]:
    return sorted(run.summary(name), key=lambda entry: (-float(entry.get("over_once") or 0), -int(entry.get("findings") or 0)))


def _row(entry: Entry, head: Cell, minimum: int = 1) -> tuple[Cell, ...]:
    lines, flagged = int(entry.get("lines") or 0), int(entry.get("lines_with_error") or 0)
    enough = lines >= minimum
    return (
        head,
        Cell(count(lines)),
        Cell(count(int(entry.get("visits") or 0))),
        Cell(money(entry.get("amount"))),
        Cell(count(int(entry.get("findings") or 0))),
        Cell(count(flagged)),
        Cell(rate(flagged, lines)) if enough else Cell("too few", tone="mute", order="-1"),
        Cell(money(entry.get("over_gross"))),
        Cell(money(entry.get("over_once"))),
        Cell(money(entry.get("under_gross"))),
    )


def _table(name: str, caption: str, columns: tuple[Column, ...], rows: list[tuple[Cell, ...]]) -> Table:
    more = len(rows) - _LIMIT
    note = f"First {_LIMIT} of {count(len(rows))}; the rest stand in the workbook." if more > 0 else ""
    return Table(name, caption, columns, tuple(rows[:_LIMIT]), note=note, style="stack", search=True)


def heat(run: StoredRun) -> Table:
    """Findings of each provider under each rule; the darker, the larger the share of the provider's lines."""
    found = tally.counts(run.findings, "rendering_npi", "rule_id")
    weight: dict[object, int] = {}
    for (_, rule), number in found.items():
        weight[rule] = weight.get(rule, 0) + number
    widest = set(sorted(weight, key=lambda rule: (-weight[rule], str(rule)))[:_HEAT_RULES])
    rules = [str(rule.get("id")) for rule in run.rules() if rule.get("id") in widest]
    rows = []
    for entry in tally.providers(run)[:_HEAT_PROVIDERS]:
        npi, lines = entry.get("rendering_npi"), int(entry.get("lines") or 0)
        cells = (_heat_cell(found.get((npi, rule), 0), lines) for rule in rules)
        rows.append((_provider(entry), *cells))
    columns = (Column("Provider", "code"), *(Column(clean(rule), "number") for rule in rules))
    note = "Shade: share of the provider's own lines (over 0, 1, 2, 5 and 10 %). Numbers are findings."
    if len(weight) > len(rules):
        note += f" The {len(rules)} rules with the most findings of {len(weight)}."
    return Table("heat", "Findings by provider and rule", columns, tuple(rows), note=note, style="heat")


def _heat_cell(findings: int, lines: int) -> Cell:
    if not findings:
        return Cell("·", tone="heat-0", order="0")
    share = findings * 100 / lines if lines else 0.0
    level = sum(share > step for step in (0, 1, 2, 5, 10)) or 1
    return Cell(count(findings), tone=f"heat-{level}")


def by_dimension(run: StoredRun, trend: tuple[Figure, ...] = ()) -> tuple[Breakdown, ...]:
    """By payer, code, month and location, each where the run has it."""
    parts = []
    for name, title, key, note, text in _DIMENSIONS:
        entries = list(run.summary(name)) if name == "by_month" else _ordered(run, name)
        if not entries:
            continue
        rows = [_row(entry, Cell(clean(entry.get(key), 80) or "not stated", words(entry.get(note)))) for entry in entries]
        caption = f"Findings and potential dollars {title.lower()}"
        columns = (Column(title[3:].capitalize()), *_FIGURES)
        table = _table(f"table-{key.replace('_', '-')}", caption, columns, rows)
        few = any(0 < int(entry.get("lines") or 0) < SMALL_CELL for entry in entries)
        said = f"{text} {_SMALL}".strip() if few else text
        parts.append(Breakdown(title, name.replace("_", "-"), said, (table,), trend if name == "by_month" else ()))
    return tuple(parts)


_SMALL = f"A row of fewer than {SMALL_CELL} lines can single out a patient: do not pass it on outside the practice."
_DIMENSIONS = (
    ("by_payer", "By payer", "payer_name", "payer_class", "Compare payers of one class only: their rules differ."),
    ("by_code", "By procedure code", "procedure_code", "plain_name", ""),
    ("by_location", "By location", "location", "", ""),
    ("by_month", "By month of service", "month", "", ""),
)
