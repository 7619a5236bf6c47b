"""Which charts a run's figures can fill, each with the sentence that says the same. No chart without the data for it."""

from collections.abc import Sequence

from audit.report.charts import vega
from audit.report.stored import tally
from audit.report.stored.source import StoredRun
from audit.report.stored.tally import MINIMUM_LINES
from audit.report.text import count, money, plural, rate
from audit.report.view import Figure
from audit.runs.format.manifest import StoredRule

_TOP = 10
_LARGEST_UNITS = 12
_LONGEST_VISIT = 130


def by_rule(run: StoredRun) -> tuple[Figure, ...]:
    """Potential dollars by rule."""
    priced = [rule for rule in run.rules if rule.direction in ("over", "under") and rule.gross_at_risk > 0]
    if len(priced) < 2:
        return ()
    priced.sort(key=lambda rule: (-rule.gross_at_risk, rule.id))
    rows = [(rule.id, float(rule.gross_at_risk), rule.direction) for rule in priced[:_TOP]]
    most = priced[0]
    text = (
        f"{most.id} carries the most, {money(most.gross_at_risk)}. Red is potential overpayment, "
        "amber potential underbilling. Rules may count one line more than once; the table of rules has every figure."
    )
    return (vega.dollars_by_rule(rows, text),)


def of_rule(run: StoredRun, rule: StoredRule) -> tuple[Figure, ...]:
    """Units billed against units supported, for rules whose findings hold both."""
    found = tally.counts(tally.of_rule(run.findings, rule.id), "units_supported", "units_billed")
    cells: dict[tuple[int, int], int] = {}
    for (supported, billed), visits in found.items():
        if supported is None or billed is None or supported == billed or max(supported, billed) > _LARGEST_UNITS:
            continue
        key = (int(supported), int(billed))
        cells[key] = cells.get(key, 0) + visits
    if len(cells) < 3 or rule.family != "time":
        return ()
    (supported, billed), visits = max(cells.items(), key=lambda item: (item[1], item[0]))
    often = f"{plural(visits, 'finding')} of {count(sum(cells.values()))}"
    text = f"Most often {billed} billed where the minutes support {supported}: {often}."
    left = sum(found.values()) - sum(cells.values())
    if left:
        text += f" Not drawn: {plural(left, 'finding')} above {_LARGEST_UNITS} units or with no units to compare."
    return (vega.billed_and_supported(f"chart-units-{rule.id}", cells, text),)


def providers(run: StoredRun) -> tuple[Figure, ...]:
    """Funnel plots of lines with a potential error and, where the run holds them, of lines with modifier 59."""
    figures = []
    with_error = [(entry.npi or "", entry.lines, entry.lines_with_error) for entry in tally.providers(run)]
    paired = [(entry.rendering_npi, entry.lines, entry.lines_59) for entry in run.manifest.summary.by_modifier_59]
    for name, title, every in (
        ("chart-funnel", "Share of lines with a potential error, by provider", with_error),
        ("chart-funnel-59", "Share of paired lines with modifier 59, by provider", paired),
    ):
        points = [point for point in every if point[1] >= MINIMUM_LINES]
        if len(points) >= 3 and 0 < sum(point[2] for point in points) < sum(point[1] for point in points):
            figures.append(vega.funnel(name, title, points, _funnel_text(points)))
    return tuple(figures)


def _funnel_text(points: Sequence[tuple[str, int, int]]) -> str:
    whole, part = sum(point[1] for point in points), sum(point[2] for point in points)
    out = [point[0] for point in points if vega.beyond_chance(point[1], point[2], part / whole)]
    said = f"above the outer limit: {', '.join(out)}" if out else "no provider is above the outer limit"
    limits = "Chance alone leaves most providers between the inner dashed lines, and nearly all between the outer."
    return f"All together {rate(part, whole)}; {said}. {limits}"


def months(run: StoredRun) -> tuple[Figure, ...]:
    """Share of lines with a potential error by month, from two months on."""
    entries = run.manifest.summary.by_month
    rows = [(entry.month, entry.lines_with_error, entry.lines) for entry in entries if entry.lines]
    if len(rows) < 2:
        return ()
    text = "; ".join(f"{month} {rate(part, whole)}" for month, part, whole in rows[-12:]) + "."
    return (vega.months([(month, part / whole) for month, part, whole in rows[-36:]], text),)


def minutes(run: StoredRun) -> tuple[Figure, ...]:
    """Visits by total timed minutes, where the run holds the counts."""
    entries = run.manifest.summary.by_timed_minutes
    rows = [(entry.minutes, entry.visits) for entry in entries if 0 < entry.minutes <= _LONGEST_VISIT]
    if len(rows) < 10:
        return ()
    whole, edge = sum(row[1] for row in rows), sum(row[1] for row in rows if row[0] % 15 == 8)
    text = (
        f"{count(edge)} of {plural(whole, 'visit')} ({rate(edge, whole)}) end on the first minute that earns a further unit; "
        "spread evenly, about 6.7 % would."
    )
    return (vega.minutes(rows, text),)
