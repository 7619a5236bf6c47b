"""Pages that no stored run of the golden files has: an estimate, the index of runs, and what shows in long lists alone.

Their words are made up here, each another, so that one that is lost or in the place of another is seen.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from unittest.mock import patch

from msgspec.structs import replace as replace_

from audit.report.outputs.cards import Card, Change
from audit.report.outputs.page import render_card, render_html, render_index, render_other
from audit.report.outputs.run_index import Group
from audit.report.sections import samples
from audit.report.stored.source import StoredRun
from audit.report.view import Breakdown, Cell, Column, Fact, ReportView, Table
from audit.runs import estimates
from audit.runs.estimates import Estimated
from audit.sampling.page import EstimateView

# More rows than paper shows of a table, of a card's rules, and of what a card says to change.
_LONG = 31


def pages(run: StoredRun, view: ReportView, card: Card) -> Iterator[tuple[str, str]]:
    """Each page with its name; `view` and `card` are of the stored run."""
    for name, full in (("estimate.html", True), ("estimate_of_little.html", False)):
        yield name, render_other("estimate.html.j2", "run-of-it", "label-of-it", view=_estimate(full))
    yield "index.html", render_index(_groups())
    whole = render_html(replace(view, breakdowns=(_long(view.breakdowns[0]),), samples=_samples(run, 2)))
    alone = render_html(replace(view, samples=_samples(run, 1)))
    yield "sections.html", whole[whole.index("<nav") : whole.index('<section id="scope"')]
    yield "samples.html", alone[alone.index('<section id="samples"') : alone.index('<section id="scope"')]
    changes = tuple(Change(f"RULE{at}", f"title {at}", f"why {at}", f"fix {at}") for at in range(_LONG))
    yield "provider_long.html", render_card(replace(card, changes=changes, peers_note="peers of it", rules=_rows("card-rules")))


def _table(name: str, rows: int = 1) -> Table:
    columns = (Column(f"head of {name}"), Column(f"number of {name}", "number"))
    return Table(name, f"caption of {name}", columns, tuple((Cell(f"{name} {at}"), Cell(str(at))) for at in range(rows)))


def _rows(name: str) -> Table:
    return _table(name, _LONG)


def _long(part: Breakdown) -> Breakdown:
    return replace(part, tables=(_rows("long"),))


def _samples(run: StoredRun, many: int) -> Breakdown | None:
    one = Estimated(
        format=1,
        lines_sha256="of lines",
        frame="a frame",
        frame_sha256="0123456789abcdef" + "f" * 48,
        seed="48863.78",
        strata="payer",
        reviewed=131,
        in_error=12,
        errors=(1001, 1002, 1003),
        overpayment=(Decimal(2001), Decimal(2002), Decimal(2003)),
        stated=Decimal(3001),
        statement="a statement",
        cautions=("a caution of it", "another"),
    )
    found = (("first", one), ("second", replace_(one, in_error=13, cautions=())))[:many]
    with patch.object(estimates, "of_run", lambda *_: found):
        return samples.samples(run)


def _estimate(full: bool) -> EstimateView:
    return EstimateView(
        label="label of the view",
        run_id="run of the view",
        entity="the frame in words",
        statement="what it comes to",
        result=(Fact("a result", "1", "its note"), Fact("another", "2")),
        cautions=("a caution", "a second") if full else (),
        design=(Fact("a design", "3"),),
        strata=_table("strata") if full else None,
        amounts=_table("amounts"),
        intervals=_table("intervals"),
        errors=_table("errors"),
        sizes=_table("sizes") if full else None,
        checks=("a check", "a second check"),
        field=("of the field",),
        replaced=_table("replaced") if full else None,
        units=_table("units"),
    )


def _groups() -> tuple[Group, ...]:
    cells = tuple(f"cell {at}" for at in range(11))
    kept = (("kept/report.html", "one before"), ("older/report.html", "one before that"))
    rows = (("b/report.html", cells, kept), ("a/report.html", cells[::-1], ()))
    return Group("north", rows, "0.0,26.0 160.0,2.0", ("a run failed", "another did")), Group("", (), "", ())
