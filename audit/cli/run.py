"""`claims-audit run`: an audit from export to report."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit import config as configuration, environment
from audit.cli import options
from audit.cli.bars import progress
from audit.errors import ExitCode
from audit.terms import SEVERITIES

if TYPE_CHECKING:
    from audit.pipeline.run import RunResult


class _Run(click.Command):
    """Tells in its help what a run leaves, from the list that writes it."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the files of a run folder."""
        from audit.pipeline.outputs import OUTPUTS

        super().format_options(ctx, formatter)
        with formatter.section("Files of a run folder"):
            formatter.write_dl([(output.name, re.sub(r" \(\[.*?\]\(.*?\)\)", "", output.what)) for output in OUTPUTS])


@click.command(cls=_Run, epilog=options.EXIT_CODES)
@options.sources_or_settings
@options.settings
@options.quiet
def run(sources: tuple[str, ...], config_file: Path | None, quiet: bool, **flags: Any) -> ExitCode:
    """Audit claim exports (files, archives, folders, globs) and write a report.

    Several sources are audited together. The run lands in OUT/<month>/ as a whole, or not at all.

    \b
    claims-audit run exports/2025-11.csv                      the whole export
    claims-audit run exports/ --period 2025-11                one month of all files in a folder
    claims-audit run exports/ --select TIM,MOD001             some rules only
    claims-audit run --period last-month --quiet              for cron: sources and settings stand in audit.toml
    """
    from audit.cli.terminal import run_summary
    from audit.pipeline import run as pipeline

    config = configuration.combine(sources, config_file, flags)
    with progress(quiet) as told:
        result = pipeline.run(config, environment.now(), told)
    click.echo(result.folder / "report.html")
    if not quiet:
        for line in run_summary(result):
            click.echo(line, err=True)
    return _code_of(result, config)


def _code_of(result: "RunResult", config: configuration.Config) -> ExitCode:
    if any(outcome.status == "error" for outcome in result.outcomes):
        return ExitCode.FAILED
    if config.strict and result.not_evaluated:
        return ExitCode.INPUT
    if config.fail_on != "never" and result.severities & set(SEVERITIES[SEVERITIES.index(config.fail_on) :]):
        return ExitCode.FINDINGS
    return ExitCode.DONE
