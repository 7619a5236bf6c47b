"""`claims-audit run`: an audit from export to report."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from audit import config as configuration
from audit.cli import clock, options
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
@options.sources
@click.option("--out", metavar="DIR", help="Folder that holds the runs, one folder each. [default: out]")
@options.period
@options.config()
@options.dates
@options.engine
@click.option("--select", metavar="IDS", help="Run these rules only: ids or beginnings of ids, separated by commas.")
@click.option("--ignore", metavar="IDS", help="Leave these rules out.")
@click.option(
    "--fail-on", type=click.Choice(get_args(configuration.FailOn)), help="Exit 1 for findings this severe. [default: never]"
)
@click.option("--auditor", metavar="NAME", help="Who prepared the report.")
@options.final
@options.phi
@options.reference_dir
@click.option("--memory-limit", metavar="SIZE", help="Memory the engine may use before it spills to disk, for example 4GB.")
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads to use. [default: all]")
@click.option("--strict", is_flag=True, help="Exit 3 if anything could not be evaluated.")
@options.quiet
def run(sources: tuple[str, ...], config_file: Path | None, quiet: bool, **flags: Any) -> ExitCode:
    """Audit claim exports (files, archives, folders, globs) and write a report.

    Several sources are audited together. The run lands in OUT/<month>/ as a whole, or not at all.

    \b
    claims-audit run exports/2025-11.csv                      the whole export
    claims-audit run exports/ --period 2025-11                one month of all files in a folder
    claims-audit run exports/ --select TIM,MOD001             some rules only
    claims-audit run exports/ --quiet --fail-on high          for cron: exit 1 where something serious was found
    """
    from audit.cli.terminal import run_summary
    from audit.pipeline import run as pipeline

    for name in ("select", "ignore"):
        flags[name] = tuple(part.strip().upper() for part in (flags[name] or "").split(",") if part.strip())
    config = configuration.combine(sources, config_file, flags)
    with progress(quiet) as told:
        result = pipeline.run(config, clock.now(), told)
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
