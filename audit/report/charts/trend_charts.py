"""Charts of figures by run: potential dollars, and the share of lines without error."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from audit.report.charts.vega import draw
from audit.report.view import Figure

_X = {"field": "run", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0, "labelLimit": 110}}
# A run that was judged by other rules is drawn pale.
_PALE = {"field": "alike", "type": "nominal", "scale": {"domain": [True, False], "range": [1, 0.35]}, "legend": None}
# The least that an axis of shares spans.
_LEAST = 0.04


@dataclass(frozen=True, slots=True)
class RunPoint:
    """One run: potential dollars over and under, share of lines without error (0 to 1, None if unknown), judged alike."""

    run: str
    over: float
    under: float
    accuracy: float | None
    alike: bool


def dollars_by_run(points: Sequence[RunPoint], text: str) -> Figure:
    """A bar for over and one for under beside each other for each run, each with its amount; never netted."""
    values = [
        {"run": point.run, "side": side, "dollars": amount, "alike": point.alike}
        for point in points
        for side, amount in (("over", point.over), ("under", point.under))
    ]
    colour = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": ["over", "under"], "range": ["var(--over)", "var(--under)"]},
        "legend": None,
    }
    y = {"field": "dollars", "type": "quantitative", "axis": {"title": "potential dollars", "format": "$,.2~f", "tickCount": 5}}
    bars = {"mark": {"type": "bar"}, "encoding": {"color": colour, "opacity": _PALE}}
    amounts = {
        "mark": {"type": "text", "dy": -7, "color": "var(--ink)", "fontSize": 11},
        "encoding": {"text": {"field": "dollars", "type": "quantitative", "format": "$,.0f"}},
    }
    spec: dict[str, Any] = {
        "data": {"values": values},
        "encoding": {"x": _X, "xOffset": {"field": "side"}, "y": y},
        "layer": [bars, amounts] if len(points) <= 6 else [bars],
    }
    return draw("chart-runs-dollars", "Potential dollars by run: red over, amber under", text, spec, height=200)


def accuracy_by_run(points: Sequence[RunPoint], text: str) -> Figure:
    """Share of lines without error by run; the axis does not begin at 0."""
    values = [{"run": p.run, "accuracy": p.accuracy, "alike": p.alike} for p in points if p.accuracy is not None]
    y = {
        "field": "accuracy",
        "type": "quantitative",
        "axis": {"title": "lines without error", "format": ".1%", "tickCount": 5},
        "scale": {"domain": _reach([p.accuracy for p in points if p.accuracy is not None]), "nice": False},
    }
    spec: dict[str, Any] = {
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "line", "color": "var(--accent)", "opacity": 0.5}, "encoding": {"x": _X, "y": y}},
            {
                "mark": {"type": "point", "filled": True, "size": 80, "color": "var(--accent)"},
                "encoding": {"x": _X, "y": y, "opacity": _PALE},
            },
        ],
    }
    return draw("chart-runs-accuracy", "Lines without a potential error, by run", text, spec, height=180)


def _reach(shares: Sequence[float]) -> list[float]:
    """From where to where the axis of some shares goes: so far that a tenth of a percent more or less looks like no fall."""
    low, high = min(shares), max(shares)
    spare = max((_LEAST - (high - low)) / 2, 0.1 * (high - low))
    return [round(max(low - spare, 0), 3), round(min(high + spare, 1), 3)]
