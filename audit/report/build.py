"""Run folder -> ReportView: the report's table of contents, one function a section; and the files a report is made of."""

from pathlib import Path

from audit.report.charts import vega
from audit.report.options import Namer, ReportOptions, namer_or_reason
from audit.report.outputs import cards, rules_sql, workbook
from audit.report.outputs.page import render_card, render_html, write_private
from audit.report.sections import actions, appendix, breakdown, checks, figures, overview, quality, scope, trend
from audit.report.stored.source import StoredRun, read_run
from audit.report.text import clean
from audit.report.view import Figure, ReportView

_DEFAULT = ReportOptions()


def build_view(run_folder: Path, options: ReportOptions = _DEFAULT) -> ReportView:
    """Everything the report shows of the run in `run_folder`. Raises InputError where it is not a finished run."""
    return _view(read_run(run_folder), options, *namer_or_reason(options))


def _view(run: StoredRun, options: ReportOptions, namer: Namer, reason: str) -> ReportView:
    facts, drawn = run.entry("run"), options.charts and vega.available()
    return ReportView(
        label=clean(facts.get("label")),
        run_id=clean(facts.get("id")),
        cover=overview.cover(run, "Final" if options.final else "Draft"),
        summary=overview.summary(run, reason),
        scope=scope.scope(run),
        quality=quality.quality(run),
        rules=checks.rules_table(run),
        figures=(*figures.by_rule(run), *figures.minutes(run)) if drawn else (),
        findings=checks.findings_by_rule(run, namer, figures.of_rule if drawn else _no_figure),
        silent=checks.silent(run),
        providers=breakdown.by_provider(run, figures.providers(run) if drawn else ()),
        breakdowns=breakdown.by_dimension(run, figures.months(run) if drawn else ()),
        worklist=actions.worklist(run, namer),
        plan=actions.plan(run),
        trend=trend.trend(run, drawn),
        suppressed=actions.suppressed(run, namer),
        sign_off=actions.SIGN_OFF,
        appendix=appendix.appendix(run),
    )


def _no_figure(_run: StoredRun, _rule: object) -> tuple[Figure, ...]:
    return ()


def write_report(run_folder: Path, options: ReportOptions = _DEFAULT) -> Path:
    """Write report.html (0600) into the run folder from what is stored there, and return its path."""
    return write_private(run_folder / "report.html", render_html(build_view(run_folder, options)))


def write_all(run_folder: Path, options: ReportOptions = _DEFAULT) -> tuple[Path, ...]:
    """Write report.html, rules.sql, findings.xlsx and providers/<npi>.html into the run folder; returns what was written.

    The workbook is left out where the optional xlsxwriter is not installed.
    """
    run = read_run(run_folder)
    namer, reason = namer_or_reason(options)
    written = [write_private(run_folder / "report.html", render_html(_view(run, options, namer, reason)))]
    written.append(rules_sql.write(run))
    if workbook.available():
        written.append(workbook.write(run, run_folder / "findings.xlsx", namer))
    folder = run_folder / "providers"
    for card in cards.cards(run, namer):
        folder.mkdir(mode=0o700, exist_ok=True)
        written.append(write_private(folder / f"{card.npi}.html", render_card(card)))
    return tuple(written)
