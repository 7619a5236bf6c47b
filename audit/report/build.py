"""Run folder -> ReportView: the report's table of contents, one function a section; and the files a report is made of."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from audit.files.door import make_folder, new_file, write_text
from audit.files.output import Output
from audit.report.charts import vega
from audit.report.options import ReportOptions, namer_for
from audit.report.outputs import cards, rules_sql, workbook
from audit.report.outputs.decisions import CHOICES, NOTHING, Written, written_into
from audit.report.outputs.page import render_card, render_html, render_rest
from audit.report.sections import (
    actions,
    appendix,
    breakdown,
    checks,
    figures,
    listed,
    overview,
    quality,
    review,
    samples,
    scope,
    trend,
    weightiest,
)
from audit.report.stored.source import StoredRun, read_run
from audit.report.view import Figure, ReportView
from audit.runs.folder import run_folder as folders
from audit.runs.format import stored
from audit.runs.format.manifest import Manifest
from audit.runs.ledgers import seals
from audit.runs.patient_names import Namer
from audit.settings import environment

_DEFAULT = ReportOptions()
WORKBOOK = "findings.xlsx"


def build_view(run_folder: Path, options: ReportOptions = _DEFAULT) -> ReportView:
    """Everything the report shows of the run in `run_folder`. Raises InputError where it is not a finished run."""
    run = read_run(run_folder)
    return _view(run, options, *namer_for(run.manifest.run.patients, options))


def _view(run: StoredRun, options: ReportOptions, namer: Namer, reason: str) -> ReportView:
    facts, drawn = run.manifest.run, options.charts and vega.available()
    return ReportView(
        label=facts.label,
        run_id=facts.id,
        cover=overview.cover(run, "Final" if _is_final(run.manifest, options) else "Draft"),
        summary=overview.summary(run, reason),
        scope=scope.scope(run),
        quality=quality.quality(run),
        rules=checks.rules_table(run),
        figures=(*figures.by_rule(run), *figures.minutes(run)) if drawn else (),
        weightiest=weightiest.weightiest(run, namer),
        findings=checks.findings_by_rule(run, namer, figures.of_rule if drawn else _no_figure),
        silent=checks.silent(run),
        providers=breakdown.by_provider(run, figures.providers(run) if drawn else ()),
        breakdowns=breakdown.by_dimension(run, figures.months(run) if drawn else ()),
        worklist=actions.worklist(run, namer),
        plan=actions.plan(run),
        trend=trend.trend(run, drawn),
        review=review.review(run),
        set_aside=actions.set_aside(run, namer),
        sign_off=actions.SIGN_OFF,
        choices=CHOICES,
        appendix=appendix.appendix(run),
        samples=samples.samples(run),
    )


def _is_final(manifest: Manifest, options: ReportOptions) -> bool:
    return manifest.run.final if options.final is None else options.final


def _no_figure(_run: StoredRun, _rule: object) -> tuple[Figure, ...]:
    return ()


def write_report(run_folder: Path, options: ReportOptions = _DEFAULT) -> Path:
    """Write report.html (0600) into the run folder from what is stored there, and return its path."""
    return write_text(run_folder / "report.html", render_html(build_view(run_folder, options)))


@dataclass(frozen=True, slots=True)
class Rendering:
    """A stored run that is being rendered: how, how patients appear in it (`reason` says why they do not), what people wrote."""

    run: StoredRun
    options: ReportOptions
    namer: Namer
    reason: str
    written: Written = field(default_factory=dict)


@dataclass(frozen=True)
class Rendered(Output):
    """A file, or one a provider, that is made from the stored run alone; `write` gives the paths written."""

    write: Callable[[Rendering], Iterable[Path]]


def _page(of: Rendering) -> Iterator[Path]:
    yield write_text(of.run.folder / "report.html", render_html(_view(of.run, of.options, of.namer, of.reason)))


def _rules(of: Rendering) -> Iterator[Path]:
    yield rules_sql.write(of.run)


def _workbook(of: Rendering) -> Iterator[Path]:
    if workbook.available():
        yield workbook.write(of.run, of.run.folder / WORKBOOK, of.namer, of.written)


def _cards(of: Rendering) -> Iterator[Path]:
    for card in cards.cards(of.run, of.namer):
        yield write_text(make_folder(of.run.folder / "providers") / f"{card.npi}.html", render_card(card))


def _rest(of: Rendering) -> Iterator[Path]:
    """The pages beside the report; those of an earlier rendering that are none any more go, for they tell as much of patients."""
    folder, made = of.run.folder / listed.FOLDER, []
    for page in listed.rest_pages(of.run, of.namer):
        made.append(write_text(make_folder(folder) / Path(page.pages[page.at].path).name, render_rest(page)))
        yield made[-1]
    for stale in set(folder.glob("*.html")) - set(made):
        stale.unlink()


OUTPUTS = (
    Rendered("report.html", "the report: one file, no network, reads without JavaScript, prints", _page),
    Rendered("rules.sql", "the SQL of every rule as it ran, with version, hash, parameters and figures", _rules),
    Rendered(WORKBOOK, "the findings as a workbook to work in, with the records to ask for", _workbook),
    Rendered(
        "findings/<rule>-<page>.html",
        "pages of the findings that weigh less than the 5,000 in the report, up to the 50,000 that weigh most",
        _rest,
    ),
    Rendered("providers/<npi>.html", "a page for each provider, with that provider's own lines", _cards),
)


@dataclass(frozen=True, slots=True)
class Again:
    """What rendering a run again came to: files written, the workbook that people had changed, on how many findings."""

    written: tuple[Path, ...]
    kept: Path | None
    decided: int


def render_again(run_folder: Path, options: ReportOptions = _DEFAULT) -> Again:
    """Render a stored run anew. A workbook that somebody has touched is kept, and what they decided stands in the new one too.

    No run takes this one's place meanwhile.
    """
    with folders.undisturbed(run_folder):
        return _render_again(run_folder, options)


def _render_again(run_folder: Path, options: ReportOptions) -> Again:
    manifest, book = stored.read(run_folder), run_folder / WORKBOOK
    listed = {output.file: output.sha256 for output in manifest.outputs}
    # One that was made here may hold decisions too: those carried over before.
    written = written_into(book) if book.exists() else NOTHING
    kept = _copy_of(book) if book.exists() and stored.sha256_of(book) != listed.get(WORKBOOK) else None
    paths = write_all(run_folder, options, written)
    names = dict.fromkeys((*listed, *(str(path.relative_to(run_folder)) for path in paths)))
    facts = msgspec.structs.replace(manifest.run, final=_is_final(manifest, options))
    manifest = msgspec.structs.replace(manifest, run=facts)
    stored.write(manifest, run_folder, [name for name in names if (run_folder / name).exists()])
    out = run_folder.resolve().parent
    if (out / seals.NAME).exists():
        seals.note(out, manifest.run.label, run_folder, "report", environment.now())
    return Again(paths, kept, len({finding for _, finding in written}))


def _copy_of(book: Path) -> Path:
    number = 1
    while (copy := book.with_name(f"{book.stem}.superseded-{number}{book.suffix}")).exists():
        number += 1
    with book.open("rb") as source, new_file(copy, replacing=False) as target:
        shutil.copyfileobj(source, target)
    return copy


def write_all(run_folder: Path, options: ReportOptions = _DEFAULT, written: Written = NOTHING) -> tuple[Path, ...]:
    """Write all of OUTPUTS into the run folder; returns what was written, report.html first."""
    run = read_run(run_folder)
    of = Rendering(run, options, *namer_for(run.manifest.run.patients, options), written)
    return tuple(path for output in OUTPUTS for path in output.write(of))
