"""Charts as inline SVG, drawn by Vega-Lite through vl-convert where that is installed; without it there are only tables.

A chart never says what a table or sentence beside it does not. Colours are the stylesheet's variables, so dark mode and
paper follow. The drawing library is loaded only when the first chart is drawn (about 0.7 s).
"""

import math
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from audit.errors import AuditError
from audit.machine import capacity
from audit.report.view import Figure

_FONT = "Segoe UI, system-ui, -apple-system, Liberation Sans, Arial, sans-serif"
_AXIS = {
    "labelColor": "var(--quiet)",
    "titleColor": "var(--quiet)",
    "gridColor": "var(--line)",
    "domainColor": "var(--line)",
    "tickColor": "var(--line)",
    "labelFont": _FONT,
    "titleFont": _FONT,
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": 400,
    "labelLimit": 260,
    "titlePadding": 12,
}
# Under a label that may lie on a line: the paper shows around its letters.
_HALO = {"stroke": "var(--paper)", "strokeWidth": 4, "strokeJoin": "round"}
# Bytes of addresses, hardly any of them memory, that the library (V8) reserves; it ends the process where it cannot.
_ADDRESSES = 72 << 30
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_ID = re.compile(r"\b(?:clip|gradient|pattern)\d+\b")


def available() -> bool:
    """True where the drawing library is installed and can be loaded, as it can be unless something is amiss."""
    return not why_not()


def why_not() -> str:
    """Why no charts can be drawn, a sentence; "" where they can."""
    if find_spec("vl_convert") is None:
        return "The report has no charts: the library that draws them is not installed."
    limit = capacity.addresses()
    if limit is not None and limit < _ADDRESSES:
        return (
            "The report has no charts: the library that draws them reserves more addresses than this job may have (ulimit -v). "
            "Limit its memory by memory_limit, or by its control group (MemoryMax of systemd), instead."
        )
    return ""


def draw(name: str, title: str, text: str, spec: Mapping[str, Any], height: int = 240) -> Figure:
    """Render a Vega-Lite specification (without data from anywhere else) to a figure."""
    _must_have_threads()
    library: Any = import_module("vl_convert")  # slow to start
    full = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 640,
        "height": height,
        "background": None,
        "config": {"axis": _AXIS, "view": {"stroke": None}, "text": {"font": _FONT, "fontSize": 12}},
        **spec,
    }
    svg = _svg(library, full)
    svg = _ROLES.sub("", svg)
    svg = _ID.sub(_renumbered(name), svg)
    return Figure(name, title, svg.replace("<svg ", '<svg role="img" aria-hidden="true" focusable="false" ', 1), text)


@cache
def _must_have_threads() -> None:
    """Raise RuntimeError where the system has no threads for the library to start: it would end the process."""
    # Two for each processor of the machine, whatever the job may use of them, and some.
    capacity.must_have_threads(2 * (os.cpu_count() or 1) + 2)


def _svg(library: Any, spec: Mapping[str, Any]) -> str:
    """Raises AuditError where the library gives up: it starts threads and opens files of its own, and panics without them."""
    try:
        return str(library.vegalite_to_svg(spec))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        said = "The charts of the report could not be drawn."
        raise AuditError(said, "The library that draws them may lack threads or open files (ulimit -u, ulimit -n).") from error


def _renumbered(name: str) -> Callable[[re.Match[str]], str]:
    """Ids by order of appearance: the library counts on from one chart to the next, and no two charts may share an id."""
    seen: dict[str, str] = {}
    return lambda found: seen.setdefault(found[0], f"{name}-part-{len(seen) + 1}")


def dollars_by_rule(rows: Sequence[tuple[str, float, str]], text: str) -> Figure:
    """Bars of potential dollars: rows of (rule, dollars, "over" or "under")."""
    values = [{"rule": rule, "dollars": dollars, "side": side} for rule, dollars, side in rows]
    y = {"field": "rule", "type": "nominal", "sort": None, "axis": {"title": None, "grid": False}}
    colour = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": ["over", "under"], "range": ["var(--over)", "var(--under)"]},
        "legend": None,
    }
    spec = {
        "data": {"values": values},
        "encoding": {
            "y": y,
            "x": {
                "field": "dollars",
                "type": "quantitative",
                "axis": {"title": "potential dollars, gross", "format": "$,.2~f", "tickCount": 6},
            },
        },
        "layer": [
            {"mark": {"type": "bar", "height": 16}, "encoding": {"color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": "var(--ink)"},
                "encoding": {"text": {"field": "dollars", "type": "quantitative", "format": "$,.0f"}},
            },
        ],
    }
    return draw("chart-dollars", "Potential dollars by rule", text, spec, height=30 * max(len(values), 2))


def billed_and_supported(name: str, cells: Mapping[tuple[int, int], int], text: str) -> Figure:
    """Units billed against units supported: {(supported, billed): visits}, a number in each square."""
    values = [{"supported": key[0], "billed": key[1], "visits": count} for key, count in sorted(cells.items())]
    axis = {"grid": False, "labelAngle": 0}
    spec = {
        "data": {"values": values},
        "width": 420,
        "encoding": {
            "x": {"field": "supported", "type": "ordinal", "axis": {"title": "units supported by the minutes", **axis}},
            "y": {"field": "billed", "type": "ordinal", "sort": "descending", "axis": {"title": "units billed", **axis}},
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "var(--paper)", "strokeWidth": 2, "color": "var(--over)"},
                "encoding": {
                    "opacity": {"field": "visits", "type": "quantitative", "scale": {"range": [0.12, 0.42]}, "legend": None}
                },
            },
            {
                "mark": {"type": "text", "color": "var(--ink)", "fontSize": 14},
                "encoding": {"text": {"field": "visits", "format": ","}},
            },
        ],
    }
    title = f"Units billed against units supported, {name.removeprefix('chart-units-')}"
    return draw(name, title, text, spec, height=46 * max(len({value["billed"] for value in values}), 2))


def funnel(name: str, title: str, points: Sequence[tuple[str, int, int]], text: str) -> Figure:
    """Each provider's share of flagged lines against its lines, with the limits that chance alone explains (95 and 99.8 %)."""
    mean = sum(flagged for _, _, flagged in points) / sum(lines for _, lines, _ in points)
    values: list[dict[str, Any]] = [
        {"npi": npi, "lines": lines, "rate": flagged / lines, "out": beyond_chance(lines, flagged, mean)}
        for npi, lines, flagged in points
    ]
    x = {"field": "lines", "type": "quantitative", "axis": {"title": "claim lines", "grid": False, "tickCount": 7}}
    y = {"field": "rate", "type": "quantitative", "axis": {"title": "share of lines", "format": ".1~%"}}
    line = {"type": "line", "color": "var(--quiet)", "strokeWidth": 1, "strokeDash": [4, 3], "clip": True}
    rule = {"type": "rule", "color": "var(--quiet)"}
    furthest = max(lines for _, lines, _ in points)
    named = [value for value in values if value["out"]]
    left, right = ([v for v in named if (v["lines"] > 0.7 * furthest) is far] for far in (False, True))
    sides = (("left", 8, left), ("right", -8, right))
    layers = [
        {"data": {"values": _limits(points, mean)}, "mark": line, "encoding": {"detail": {"field": "side"}}},
        {"data": {"values": [{"rate": mean}]}, "mark": rule, "encoding": {"x": None, "y": y}},
        {
            "data": {"values": values},
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {"color": _warn("out")},
        },
        *(
            {
                "data": {"values": those},
                "mark": {"type": "text", "align": align, "dx": dx, "color": "var(--ink)", **halo},
                "encoding": {"text": {"field": "npi"}},
            }
            for align, dx, those in sides
            for halo in (_HALO, {})
            if those
        ),
    ]
    return draw(name, title, text, {"encoding": {"x": x, "y": y}, "layer": layers}, height=280)


def _limits(points: Sequence[tuple[str, int, int]], mean: float) -> list[dict[str, Any]]:
    """The funnel: 95 and 99.8 % limits around `mean` (normal approximation) at 60 numbers of lines."""
    top = max(lines for _, lines, _ in points)
    steps = [max(1, round(top * 1.05 * step / 60)) for step in range(1, 61)]
    sides = [(z, sign) for z in (1.96, 3.09) for sign in (1, -1)]
    return [
        {"lines": n, "side": f"{z}{sign:+d}", "rate": min(1.0, max(0.0, mean + sign * z * math.sqrt(mean * (1 - mean) / n)))}
        for z, sign in sides
        for n in steps
    ]


def _warn(field: str, calm: str = "var(--accent)") -> dict[str, Any]:
    """Red where `field` is true."""
    return {"field": field, "type": "nominal", "scale": {"domain": [False, True], "range": [calm, "var(--over)"]}, "legend": None}


def beyond_chance(lines: int, flagged: int, mean: float) -> bool:
    """True where a share lies above the upper 99.8 % limit around `mean`."""
    return flagged / lines > mean + 3.09 * math.sqrt(mean * (1 - mean) / lines)


def months(rows: Sequence[tuple[str, float]], text: str) -> Figure:
    """Share of lines with a potential error by month of service: rows of (month, share)."""
    spec = {
        "data": {"values": [{"month": month, "share": share} for month, share in rows]},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "axis": {"title": None, "labelAngle": 0}},
            "y": {
                "field": "share",
                "type": "quantitative",
                "axis": {"title": "share of lines", "format": ".1~%"},
                "scale": {"zero": True},
            },
        },
        "mark": {"type": "line", "point": {"filled": True, "color": "var(--accent)", "size": 60}, "color": "var(--accent)"},
    }
    return draw("chart-months", "Share of lines with a potential error, by month of service", text, spec, height=200)


def minutes(rows: Sequence[tuple[int, int]], text: str) -> Figure:
    """Visits by total timed minutes, the minutes at which a further unit begins in another colour: rows of (minutes, visits)."""
    values = [{"minutes": at, "visits": visits, "edge": at % 15 == 8} for at, visits in rows]
    spec = {
        "data": {"values": values},
        "encoding": {
            "x": {
                "field": "minutes",
                "type": "quantitative",
                "axis": {"title": "timed minutes of a visit", "values": list(range(8, 150, 15)), "grid": False},
            },
            "y": {"field": "visits", "type": "quantitative", "axis": {"title": "visits", "tickMinStep": 1}},
            "color": _warn("edge", "var(--none)"),
        },
        "mark": {"type": "bar", "width": 4},
    }
    return draw("chart-minutes", "Timed minutes of visits; in red, the first minute of a further unit", text, spec, height=200)
