"""Writes docs/performance.md, and tells the figures that `claims-audit plan` rests on, from measured comparisons.

benchmarks/measured/ holds one JSON file a comparison (benchmarks/compare.py --json). What a goal is missed by, and what holds
it back, stands beside the figure: the figures from the files, the words here.

    python -m benchmarks.performance
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]
_MEASURED = Path(__file__).with_name("measured")
_PAGE = _ROOT / "docs" / "performance.md"
_PLAN = _ROOT / "audit" / "pipeline" / "measured.toml"
_HEAD = """\
# Performance

Written by `python -m benchmarks.performance` from what `python -m benchmarks.compare` measured; `make bench` measures again.

Every contestant is a process of its own, timed whole with its imports, turn by turn on the same files. CPU seconds are of
all threads, user and system: of a shared machine they say more than the clock. **Compare figures within one table only.**
The core is TIM001-TIM004, MOD001-MOD003, MOD008, MAN003, MED001 and CLM001 with messages, evidence and dollars, without
the report; the rivals (`benchmarks/rivals/`) are the same rules by hand in Polars and pandas. They find the same, finding
by finding and to the cent, and write no messages, evidence or dollars of TIM. The export is `benchmarks/chain.py`'s: 41
columns, practitioners of unequal size, notes.
"""
# Of each goal: what is asked, of which file, the most that a ratio may be, and what holds it back where it is missed.
_GOALS: tuple[tuple[str, str, str, str, float, str], ...] = (
    (
        "Core against Polars",
        "parquet",
        "core",
        "polars",
        0.75,
        "keys of patients and visits are text, joined and grouped as such; each rule reads the lines anew",
    ),
    ("Core against Polars, CSV", "csv", "core", "polars", 0.85, "reading casts and proves every cell; then the same"),
    ("Core against pandas", "parquet", "core", "pandas", 0.70, "as against Polars"),
    ("Core against the scan floor, CSV", "csv", "core", "scan floor", 6.5, "reading takes most of it"),
    ("Whole run against the scan floor, CSV", "csv", "whole run", "scan floor", 18.0, "seventy rules, notes and the report"),
)


def page(comparisons: Sequence[Mapping[str, Any]]) -> str:
    """The text of docs/performance.md."""
    return "\n".join([_HEAD, *(line for one in comparisons for line in _section(one))]) + "\n"


def _section(one: Mapping[str, Any]) -> Iterator[str]:
    machine = one["machine"]
    yield f"## {one['lines']:,} lines\n"
    yield (
        f"{machine['processor']}, {machine['processors']} processors, {machine['memory'] / 1e9:.0f} GB, {machine['system']}, "
        f"Python {machine['python']}, claims-audit {machine['program']}, {machine['date']}; median of {_turns(one['turns'])}."
    )
    if one.get("said"):
        yield one["said"]
    for kind in ("parquet", "csv"):
        if kind not in one:
            continue
        figures = {name: value for name, value in one[kind].items() if name != "bytes"}
        yield f"\n### {kind}, {one[kind]['bytes'] / 1e6:,.0f} MB\n"
        yield "| | CPU s | clock s | memory MB | CPU, to core |\n|---|---:|---:|---:|---:|"
        for name, value in sorted(figures.items(), key=lambda item: item[1]["cpu"]):
            ratio = value["cpu"] / figures["core"]["cpu"]
            yield f"| {name} | {value['cpu']:.2f} | {value['wall']:.2f} | {value['megabytes']:,.0f} | {ratio:.2f} |"
    yield from _goals(one)


def _goals(one: Mapping[str, Any]) -> Iterator[str]:
    yield "\n| goal | at most | measured | |\n|---|---:|---:|---|"
    for name, kind, ours, theirs, most, holds in _GOALS:
        if kind in one and ours in one[kind] and theirs in one[kind]:
            ratio = one[kind][ours]["cpu"] / one[kind][theirs]["cpu"]
            told = "met" if ratio <= most else f"missed by a factor of {ratio / most:.2f}: {holds}"
            yield f"| {name} | {most:g} | {ratio:.2f} | {told} |"
    memory = one["parquet"]["core"]["megabytes"] / one["lines"] * 1e6 / 1000 if "parquet" in one else None
    if memory is not None and one["lines"] >= 1_000_000:
        told = (
            "met" if memory <= 1.2 else f"missed by a factor of {memory / 1.2:.2f}: lines are kept twice, as read and as staged"
        )
        yield f"| GB resident per million lines, core | 1.2 | {memory:.2f} | {told} |"
    yield ""


def _turns(number: int) -> str:
    return f"{number} turn{'s' if number != 1 else ''}"


def plan_figures(comparisons: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Of the whole run: what the smallest comparison takes at least, and what the largest takes for each million lines."""
    small, large = comparisons[0], comparisons[-1]
    millions = (large["lines"] - small["lines"]) / 1e6
    found: dict[str, float] = {}
    for kind in ("parquet", "csv"):
        if kind in small and kind in large:
            found[kind] = (large[kind]["whole run"]["cpu"] - small[kind]["whole run"]["cpu"]) / millions
    of_small = small["parquet"]["whole run"]
    found["seconds_at_least"] = of_small["cpu"] - found["parquet"] * small["lines"] / 1e6
    found["megabytes_a_million"] = (large["parquet"]["whole run"]["megabytes"] - of_small["megabytes"]) / millions
    found["megabytes_at_least"] = of_small["megabytes"] - found["megabytes_a_million"] * small["lines"] / 1e6
    return found


def main() -> None:
    """Write the page; print what `plan` should rest on."""
    comparisons = sorted((json.loads(path.read_text()) for path in _MEASURED.glob("*.json")), key=lambda one: one["lines"])
    _PAGE.write_text(page(comparisons).rstrip("\n") + "\n", encoding="utf-8")
    print(f"wrote {_PAGE.relative_to(_ROOT)}")
    whole = [one for one in comparisons if "whole run" in one.get("parquet", {})]
    if len(whole) > 1:
        print(f"figures for {_PLAN.relative_to(_ROOT)}:")
        print(*(f"  {name} = {value:.1f}" for name, value in plan_figures(whole).items()), sep="\n")


if __name__ == "__main__":
    main()
