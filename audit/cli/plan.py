"""`claims-audit plan`: what a run will need of this machine."""

import json
from pathlib import Path
from typing import Any

import click

from audit.cli import options
from audit.errors import ExitCode
from audit.settings import config as configuration
from audit.terms import plural

_GB = 1e9


@click.command(epilog=options.EXIT_CODES)
@options.sources_or_settings
@options.config()
@click.option("--out", metavar="DIR", help="Folder that will hold the runs. [default: out]")
@click.option("--memory-limit", metavar="SIZE", help="As `run` would be given it, for example 4GB.")
@click.option("--spill-dir", metavar="DIR", help="As `run` would be given it.")
@click.option("--threads", type=click.IntRange(min=1), help="As `run` would be given it.")
@options.form("table", "json")
def plan(sources: tuple[str, ...], config_file: Path | None, style: str, **flags: Any) -> ExitCode:
    """Tell from the size and columns of exports what a run of them will need: time, memory, disk.

    Nothing but the beginnings of files is read. The figures come from runs that were measured, scaled to this machine;
    docs/performance.md has them. Exit code 3: the disk has no room for what will not fit into memory.

    \b
    claims-audit plan exports/
    claims-audit plan exports/2025.parquet --memory-limit 4GB
    """
    from audit.pipeline import plan as planning

    config = configuration.combine(sources, config_file, {**flags, "period": None})
    found = planning.plan(config)
    if style == "json":
        click.echo(json.dumps(_as_json(found), indent=1))
    else:
        for name, text in _rows(found):
            click.echo(f"{name:<11}{text}")
    return ExitCode.DONE if found.fits else ExitCode.INPUT


def _rows(found: Any) -> list[tuple[str, str]]:
    number, size = len(found.files), sum(file.size for file in found.files) / 1e6
    about = "" if all(file.is_counted for file in found.files) else "about "
    rows = [
        (
            "Export",
            f"{plural(number, 'file')}, {size:,.1f} MB, {about}{_rounded(found.lines, bool(about)):,} lines",
        ),
        (
            "Time",
            (
                f"about {_seconds(found.cpu)} of CPU, {_seconds(found.wall)} on the clock with "
                f"{plural(found.processors, 'processor')}"
            ),
        ),
        (
            "Memory",
            f"about {found.memory / _GB:,.1f} GB" + (f"; the engine may take {found.limit / _GB:,.1f} GB" if found.limit else ""),
        ),
    ]
    rows.append(("Report", _report()))
    if found.spill:
        room = "" if found.fits else ", which is too little"
        text = f"about {found.spill / _GB:,.1f} GB into {found.spill_folder}, where {found.free / _GB:,.1f} GB are free{room}"
        return [*rows, ("Spill", text)]
    return [*rows, ("Spill", "none")]


def _report() -> str:
    """What pages and workbook hold at most: how many findings there will be nobody knows before."""
    from audit.report.sections import listed

    return (
        f"the {listed.IN_PAGE:,} findings that weigh most in report.html, up to the {listed.IN_PAGES:,} in pages beside it "
        "and in findings.xlsx, about 1 MB for each 1,000; all of them in findings.csv and findings.parquet"
    )


def _as_json(found: Any) -> dict[str, Any]:
    return {
        "files": [
            {"path": str(file.path), "bytes": file.size, "lines": file.lines, "is_counted": file.is_counted}
            for file in found.files
        ],
        "lines": found.lines,
        "cpu_seconds": round(found.cpu, 1),
        "clock_seconds": round(found.wall, 1),
        "processors": found.processors,
        "memory_bytes": found.memory,
        "memory_limit_bytes": found.limit,
        "spill_bytes": found.spill,
        "spill_folder": str(found.spill_folder),
        "free_bytes": found.free,
    }


def _rounded(number: int, is_estimated: bool) -> int:
    return round(number, 2 - len(str(number))) if is_estimated and number > 99 else number


def _seconds(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
