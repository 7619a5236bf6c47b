"""Trend: potential dollars, findings and accuracy of this run beside the runs before it, as the run itself stored them."""

import itertools
from collections.abc import Mapping, Sequence

from audit.report.charts import trend_charts
from audit.report.charts.trend_charts import RunPoint
from audit.report.stored.source import Entry, StoredRun
from audit.report.text import DASH, clean, count, day, decimal, money, plural, rate
from audit.report.view import Breakdown, Cell, Column, Figure, Table

BENCHMARK = 95
_DRAWN = 12
_NAMED = 6
_WHAT = {"references": "reference tables", "program": "program version", "money_basis": "money basis"}
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
    entries = _entries(run)
    rows = tuple(_row(entry, entry is entries[-1]) for entry in entries)
    table = Table("runs", "This run and the runs before it", _COLUMNS, rows, style="stack")
    figures = _figures(entries[-_DRAWN:]) if drawn else ()
    return Breakdown("Trend", "trend", _text(entries), (table,), figures)


def _entries(run: StoredRun) -> Sequence[Entry]:
    """What the run stored of the runs before it and, last, of itself."""
    stored = run.entry("history").get("trend")
    return [entry for entry in stored if isinstance(entry, Mapping)] if isinstance(stored, list) else []


def since_the_last(run: StoredRun) -> str:
    """This run's figures beside those of the run before it, in a sentence; empty where there is none."""
    told = [entry for entry in _entries(run) if "lines" in entry]
    if len(told) < 2:
        return ""
    before, now = told[-2:]
    over, under = ((money(before.get(name)), money(now.get(name))) for name in ("over_once", "under_gross"))
    right = (_right(entry.get("lines_with_error"), int(entry["lines"])) for entry in (before, now))
    said = (
        f"Potential overpayment {over[0]} then, {over[1]} now; potential underbilling {under[0]} then, {under[1]} now; "
        f"lines without error {' then, '.join(right)} now."
    )
    return said if _is_alike(before) else f"{said} That run was judged otherwise, so these do not compare: see Trend."


def _row(entry: Entry, is_now: bool) -> tuple[Cell, ...]:
    name = Cell(clean(entry.get("label"), 60), "this run" if is_now else "")
    if "lines" not in entry:
        return name, Cell("no figures: its manifest cannot be read", tone="warn", span=len(_COLUMNS) - 1)
    lines, claims = int(entry["lines"]), int(entry.get("claims") or 0)
    judged, left = int(entry.get("judged") or 0), int(entry.get("not_judged") or 0)
    failed = int(entry.get("failed_rules") or 0)
    return (
        name,
        Cell(day(entry.get("first_service_date")), f"to {day(entry.get('last_service_date'))}"),
        Cell(count(lines), money(entry.get("amount"))),
        Cell(count(int(entry.get("findings") or 0))),
        Cell(money(entry.get("over_once"))),
        Cell(money(entry.get("under_gross"))),
        Cell(_right(entry.get("lines_with_error"), lines), f"claims {_right(entry.get('claims_with_error'), claims)}"),
        Cell(rate(left, judged + left), f"{plural(failed, 'rule')} failed" if failed else "", "warn" if failed else ""),
        Cell("yes", tone="ok") if _is_alike(entry) else Cell("no", _differences(entry), "warn"),
    )


def _right(wrong: object, whole: int) -> str:
    return DASH if wrong is None else rate(max(whole - int(str(wrong)), 0), whole)


def _is_alike(entry: Entry) -> bool:
    return not entry.get("differs")


def _differences(entry: Entry) -> str:
    """What judged that run otherwise, in words: "rules MOD003, TIM001; money basis"."""
    parts = []
    for what, names in (entry.get("differs") or {}).items():
        label = _WHAT.get(str(what), clean(what))
        listed = [clean(name, 40) for name in names][:_NAMED] if what in ("rules", "references", "settings") else []
        more = f" and {count(len(names) - _NAMED)} more" if listed and len(names) > _NAMED else ""
        parts.append(f"{label} {', '.join(listed)}{more}".strip())
    return "; ".join(parts)


def _text(entries: Sequence[Entry]) -> str:
    if not entries:
        return "This run was stored without the figures of earlier runs, so no trend can be shown."
    earlier = entries[:-1]
    if not earlier:
        return "This is the only run on record up to its dates of service: there is no trend yet."
    said = [f"{plural(len(earlier), 'earlier run')} on record in the same folder."]
    other = sum("lines" in entry and not _is_alike(entry) for entry in earlier)
    if other:
        verb = "was" if other == 1 else "were"
        said.append(
            f"{count(other)} of them {verb} judged by other rules, reference tables or settings: figures are not comparable "
            "with this run's, and a change may come from the rules and not from the billing."
        )
    if _overlaps([entry for entry in entries if "lines" in entry]):
        said.append("Dates of service of some runs overlap: a claim line may stand in more than one of them.")
    said.append("Dollars rise and fall with how much was billed, shares of lines do not. All amounts are potential.")
    return " ".join(said)


def _overlaps(entries: Sequence[Entry]) -> bool:
    dates = sorted((day(entry.get("first_service_date")), day(entry.get("last_service_date"))) for entry in entries)
    return any(second[0] <= first[1] for first, second in itertools.pairwise(dates))


def _figures(entries: Sequence[Entry]) -> tuple[Figure, ...]:
    told = [entry for entry in entries if "lines" in entry]
    if len(told) < 2:
        return ()
    before, now = told[-2:]
    pale = "" if all(map(_is_alike, told)) else " Pale marks are runs that were judged otherwise: not comparable."
    text = (
        f"Potential overpayment {money(now.get('over_once'))} in this run, {money(before.get('over_once'))} in the run before it "
        f"({clean(before.get('label'), 60)}); potential underbilling {money(now.get('under_gross'))} and "
        f"{money(before.get('under_gross'))}.{pale}"
    )
    points = [_point(entry) for entry in told]
    known = [entry for entry in told if _point(entry).accuracy is not None]
    said = "; ".join(f"{clean(e.get('label'), 60)} {_right(e.get('lines_with_error'), int(e['lines']))}" for e in known)
    words = f"{said}. The dashed line marks the {BENCHMARK} % benchmark; the axis does not begin at zero.{pale}"
    accuracy = (trend_charts.accuracy_by_run(points, BENCHMARK / 100, words),) if len(known) > 1 else ()
    return (trend_charts.dollars_by_run(points, text), *accuracy)


def _point(entry: Entry) -> RunPoint:
    lines, wrong = int(entry["lines"]), entry.get("lines_with_error")
    over, under = (float(decimal(entry.get(name))) for name in ("over_once", "under_gross"))
    accuracy = 1 - int(wrong) / lines if lines and wrong is not None else None
    return RunPoint(clean(entry.get("label"), 30), over, under, accuracy, _is_alike(entry))
