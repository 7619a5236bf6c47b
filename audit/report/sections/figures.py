"""Which charts a run's figures can fill, each with the sentence that says the same. No chart without the data for it."""

from collections.abc import Sequence

from audit.report.charts import vega
from audit.report.sections.breakdown import MINIMUM_LINES
from audit.report.stored import tally
from audit.report.stored.source import Entry, StoredRun
from audit.report.text import clean, count, decimal, money, plural, rate
from audit.report.view import Figure

_TOP = 10
_LARGEST_UNITS = 12


def by_rule(run: StoredRun) -> tuple[Figure, ...]:
    """Potential dollars by rule."""
    sided = [rule for rule in run.entries("rules") if rule.get("direction") in ("over", "under")]
    priced = [rule for rule in sided if decimal(rule.get("gross_at_risk")) > 0]
    if len(priced) < 2:
        return ()
    priced.sort(key=lambda rule: (-decimal(rule.get("gross_at_risk")), str(rule.get("id"))))
    rows = [
        (clean(rule.get("id")), float(decimal(rule.get("gross_at_risk"))), str(rule.get("direction"))) for rule in priced[:_TOP]
    ]
    most = priced[0]
    text = (
        f"{clean(most.get('id'))} carries the most, {money(most.get('gross_at_risk'))}. Red is potential overpayment, "
        "amber potential underbilling. Rules may count one line more than once; the table of rules has every figure."
    )
    return (vega.dollars_by_rule(rows, text),)


def of_rule(run: StoredRun, rule: Entry) -> tuple[Figure, ...]:
    """Units billed against units supported, for rules whose findings hold both."""
    name = str(rule.get("id"))
    found = tally.counts(tally.of_rule(run.findings, name), "units_supported", "units_billed")
    cells: dict[tuple[int, int], int] = {}
    for (supported, billed), visits in found.items():
        if supported is None or billed is None or supported == billed or max(supported, billed) > _LARGEST_UNITS:
            continue
        key = (int(supported), int(billed))
        cells[key] = cells.get(key, 0) + visits
    if len(cells) < 3 or rule.get("family") != "time":
        return ()
    (supported, billed), visits = max(cells.items(), key=lambda item: (item[1], item[0]))
    often = f"{plural(visits, 'finding')} of {count(sum(cells.values()))}"
    text = f"Most often {billed} billed where the minutes support {supported}: {often}."
    left = sum(found.values()) - sum(cells.values())
    if left:
        text += f" Not drawn: {plural(left, 'finding')} above {_LARGEST_UNITS} units or with no units to compare."
    return (vega.billed_and_supported(f"chart-units-{name}", cells, text),)


def providers(run: StoredRun) -> tuple[Figure, ...]:
    """Funnel plots of lines with a potential error and, where the run holds them, of lines with modifier 59."""
    figures = []
    for name, title, entries, whole, part in (
        ("chart-funnel", "Share of lines with a potential error, by provider", tally.providers(run), "lines", "lines_with_error"),
        (
            "chart-funnel-59",
            "Share of paired lines with modifier 59, by provider",
            run.summary("by_modifier_59"),
            "lines",
            "lines_59",
        ),
    ):
        points = [(clean(e.get("rendering_npi")), int(e.get(whole) or 0), int(e.get(part) or 0)) for e in entries]
        points = [point for point in points if point[1] >= MINIMUM_LINES]
        if len(points) >= 3 and 0 < sum(point[2] for point in points) < sum(point[1] for point in points):
            figures.append(vega.funnel(name, title, points, _funnel_text(points)))
    return tuple(figures)


def _funnel_text(points: Sequence[tuple[str, int, int]]) -> str:
    whole, part = sum(point[1] for point in points), sum(point[2] for point in points)
    out = [point[0] for point in points if vega.beyond_chance(point[1], point[2], part / whole)]
    said = f"above the outer limit: {', '.join(out)}" if out else "no provider is above the outer limit"
    return f"All together {rate(part, whole)}; {said}. The dashed lines hold 95 and 99.8 % of what chance alone would give."


def months(run: StoredRun) -> tuple[Figure, ...]:
    """Share of lines with a potential error by month, from two months on."""
    rows = [
        (clean(e.get("month")), int(e.get("lines_with_error") or 0), int(e.get("lines") or 0)) for e in run.summary("by_month")
    ]
    rows = [row for row in rows if row[2]]
    if len(rows) < 2:
        return ()
    text = "; ".join(f"{month} {rate(part, whole)}" for month, part, whole in rows[-12:]) + "."
    return (vega.months([(month, part / whole) for month, part, whole in rows[-36:]], text),)


def minutes(run: StoredRun) -> tuple[Figure, ...]:
    """Visits by total timed minutes, where the run holds the counts."""
    rows = [(int(e.get("minutes") or 0), int(e.get("visits") or 0)) for e in run.summary("by_timed_minutes")]
    rows = [row for row in rows if 0 < row[0] <= 130]
    if len(rows) < 10:
        return ()
    whole, edge = sum(row[1] for row in rows), sum(row[1] for row in rows if row[0] % 15 == 8)
    text = (
        f"{count(edge)} of {plural(whole, 'visit')} ({rate(edge, whole)}) end on the first minute that earns a further unit; "
        "spread evenly, about 6.7 % would."
    )
    return (vega.minutes(rows, text),)
