"""Trend: potential dollars, findings and accuracy of this run beside the runs before it, as the run itself stored them."""

import itertools
from collections.abc import Sequence

from audit.report.charts import trend_charts
from audit.report.charts.trend_charts import RunPoint
from audit.report.stored.source import StoredRun
from audit.report.text import DASH, brief, count, day, money, plural, rate
from audit.report.view import Breakdown, Cell, Column, Figure, Table
from audit.runs.format.manifest import Judge, PastFigures

_DRAWN = 12
_NAMED = 6
# What judged a run otherwise, in words, and whether it is told by the names of what differs.
_WHAT: dict[Judge, tuple[str, bool]] = {
    "rules": ("rules", True),
    "references": ("reference tables", True),
    "settings": ("settings", True),
    "program": ("program version", False),
    "money_basis": ("money basis", False),
    "entity": ("entity", False),
}
_COLUMNS = (
    Column("Run", "date"),
    Column("Dates of service", "date"),
    Column("Lines reviewed", "number"),
    Column("Findings", "number"),
    Column("Over, counted once", "number"),
    Column("Under", "number"),
    Column("Lines without error", "number"),
    Column("Checks not judged", "number"),
    Column("Judged as this run?"),
)


def trend(run: StoredRun, drawn: bool) -> Breakdown:
    """The trend section; charts from two runs on, where `drawn` allows them."""
    entries = run.manifest.history.trend
    rows = tuple(_row(entry, entry is entries[-1]) for entry in entries)
    table = Table("runs", "This run and the runs before it", _COLUMNS, rows, style="stack")
    figures = _figures(entries[-_DRAWN:]) if drawn else ()
    return Breakdown("Trend", "trend", _text(entries), (table,), figures)


def since_the_last(run: StoredRun) -> str:
    """This run's figures beside those of the run before it, in a sentence; empty where there is none."""
    entries = run.manifest.history.trend
    if len(entries) < 2:
        return ""
    before, now = entries[-2:]
    said = (
        f"Potential overpayment {money(before.over_once)} then, {money(now.over_once)} now; "
        f"potential underbilling {money(before.under_gross)} then, {money(now.under_gross)} now; "
        f"lines without error {_right_lines(before)} then, {_right_lines(now)} now."
    )
    return said if _is_alike(before) else f"{said} That run was judged otherwise, so these do not compare: see Trend."


def _row(entry: PastFigures, is_now: bool) -> tuple[Cell, ...]:
    failed = entry.failed_rules
    return (
        Cell(brief(entry.label, 60), "this run" if is_now else ""),
        Cell(day(entry.first_service_date), f"to {day(entry.last_service_date)}"),
        Cell(count(entry.lines), money(entry.amount)),
        Cell(count(entry.findings)),
        Cell(money(entry.over_once)),
        Cell(money(entry.under_gross)),
        Cell(_right_lines(entry), f"claims {_right(entry.claims_with_error, entry.claims)}"),
        Cell(
            rate(entry.not_judged, entry.judged + entry.not_judged),
            f"{plural(failed, 'rule')} failed" if failed else "",
            "warn" if failed else "",
        ),
        Cell("yes", tone="ok") if _is_alike(entry) else Cell("no", _differences(entry), "warn"),
    )


def _right_lines(entry: PastFigures) -> str:
    return _right(entry.lines_with_error, entry.lines)


def _right(wrong: int | None, whole: int) -> str:
    return DASH if wrong is None else rate(max(whole - wrong, 0), whole)


def _is_alike(entry: PastFigures) -> bool:
    return not entry.differs


def _differences(entry: PastFigures) -> str:
    """What judged that run otherwise, in words: "rules MOD003, TIM001; money basis"."""
    parts = []
    for what, names in entry.differs.items():
        label, is_named = _WHAT[what]
        listed = [brief(name, 40) for name in names][:_NAMED] if is_named else []
        more = f" and {count(len(names) - _NAMED)} more" if listed and len(names) > _NAMED else ""
        parts.append(f"{label} {', '.join(listed)}{more}".strip())
    return "; ".join(parts)


def _text(entries: Sequence[PastFigures]) -> str:
    earlier = entries[:-1]
    if not earlier:
        return "This is the only run on record up to its dates of service: there is no trend yet."
    said = [f"{plural(len(earlier), 'earlier run')} on record in the same folder."]
    other = sum(not _is_alike(entry) for entry in earlier)
    if other:
        verb = "was" if other == 1 else "were"
        said.append(
            f"{count(other)} of them {verb} judged by other rules, reference tables or settings: figures are not comparable "
            "with this run's, and a change may come from the rules and not from the billing."
        )
    if _overlaps(entries):
        said.append("Dates of service of some runs overlap: a claim line may stand in more than one of them.")
    said.append("Dollars rise and fall with how much was billed, shares of lines do not. All amounts are potential.")
    return " ".join(said)


def _overlaps(entries: Sequence[PastFigures]) -> bool:
    dates = sorted((entry.first_service_date, entry.last_service_date) for entry in entries)
    return any(second[0] <= first[1] for first, second in itertools.pairwise(dates))


def _figures(entries: Sequence[PastFigures]) -> tuple[Figure, ...]:
    if len(entries) < 2:
        return ()
    before, now = entries[-2:]
    pale = "" if all(map(_is_alike, entries)) else " Pale marks are runs that were judged otherwise: not comparable."
    text = (
        f"Potential overpayment {money(now.over_once)} in this run, {money(before.over_once)} in the run before it "
        f"({brief(before.label, 60)}); potential underbilling {money(now.under_gross)} and "
        f"{money(before.under_gross)}.{pale}"
    )
    points = [_point(entry) for entry in entries]
    known = [entry for entry, point in zip(entries, points, strict=True) if point.accuracy is not None]
    said = "; ".join(f"{brief(entry.label, 60)} {_right_lines(entry)}" for entry in known)
    words = f"{said}. The axis does not begin at zero.{pale}"
    accuracy = (trend_charts.accuracy_by_run(points, words),) if len(known) > 1 else ()
    return (trend_charts.dollars_by_run(points, text), *accuracy)


def _point(entry: PastFigures) -> RunPoint:
    wrong = entry.lines_with_error
    accuracy = 1 - wrong / entry.lines if entry.lines and wrong is not None else None
    return RunPoint(brief(entry.label, 30), float(entry.over_once), float(entry.under_gross), accuracy, _is_alike(entry))
