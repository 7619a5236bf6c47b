"""What the page over all runs shows: a table of runs for each folder, a line of their dollars, and what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.report.text import clean, count, money
from audit.runs.timeline.digest import Digest

_WIDE, _HIGH = 160, 28


@dataclass(frozen=True, slots=True)
class Row:
    """A run, where its report lies as seen from the page, and those it took the place of: link, name, day they were made."""

    figures: Digest
    link: str
    kept: tuple[tuple[str, str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The runs of a folder: rows of plain text, last first, the points of their line, and sentences on the rest.

    A row is a link, its cells, and links with words to the runs kept beside it.
    """

    name: str
    rows: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]], ...]
    points: str
    trouble: tuple[str, ...]


def group(name: str, rows: Sequence[Row], unread: Sequence[str], failed: Sequence[tuple[str, str, int, str]]) -> Group:
    """A folder's part of the page: its runs (oldest first), those that cannot be read, and what was tried in vain.

    `failed` are time, period, exit code and sentence.
    """
    missing = (f"{period or 'A run'} was tried on {at[:10]} and ended with {code}: {said}" for at, period, code, said in failed)
    return Group(
        clean(name),
        tuple((row.link, _cells(row.figures), _kept(row)) for row in reversed(rows)),
        _points([float(row.figures.over_once) for row in rows]),
        tuple(clean(one) for one in (*missing, *(f"Left out: {why}" for why in unread))),
    )


def _kept(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((link, f"{clean(name)} of {made}") for link, name, made in row.kept)


def _cells(figures: Digest) -> tuple[str, ...]:
    standing = figures.standing
    return (
        f"{clean(figures.label)}{', final' if figures.final else ''}",
        f"{figures.first_service_date} to {figures.last_service_date}",
        f"{figures.created_at:%Y-%m-%d %H:%M} UTC",
        count(figures.findings),
        count(standing.get("new", 0)),
        count(standing.get("again", 0)),
        count(standing.get("repeat", 0)),
        money(figures.over_once),
        money(figures.federal_once),
        money(figures.under_gross),
        count(figures.not_judged),
        count(figures.warnings),
    )


def _points(values: Sequence[float]) -> str:
    """The points of an SVG polyline through the values, from nought up; none for fewer than two."""
    if len(values) < 2:
        return ""
    top, step = max(values) or 1.0, _WIDE / (len(values) - 1)
    return " ".join(f"{at * step:.1f},{_HIGH - 2 - value / top * (_HIGH - 4):.1f}" for at, value in enumerate(values))
