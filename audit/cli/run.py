"""`claims-audit run`: an audit from export to report."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit.cli import faults, options
from audit.cli.bars import progress
from audit.cli.talk import LOG_FORMS, LogForm, Talk
from audit.errors import AuditError, ConfigError, ExitCode
from audit.files.door import make_folder
from audit.machine import interrupts, profile
from audit.settings import config as configuration, environment
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
@options.job
@options.replace
@click.option(
    "--log",
    "form",
    type=click.Choice(LOG_FORMS),
    default=LOG_FORMS[0],
    show_default=True,
    help="What is told: steps and a summary, one line a run for a mail, or one JSON object a run.",
)
@click.option("--profile", "is_profiled", is_flag=True, help="Tell at the end where the time went: stages, rules, files.")
@options.quiet
def run(
    sources: tuple[str, ...],
    config_file: Path | None,
    wanted: tuple[str, ...],
    form: LogForm,
    is_profiled: bool,
    quiet: bool,
    **flags: Any,
) -> int:
    """Audit claim exports (files, archives, folders, globs) and write a report.

    Several sources are audited together. The run lands in OUT/<month>/ as a whole, or not at all. Where audit.toml has [[job]]
    tables, each is a run of its own: one that fails stops no other, and the highest exit code is the call's.

    \b
    claims-audit run exports/2025-11.csv                      the whole export
    claims-audit run exports/ --period 2025-11                one month of all files in a folder
    claims-audit run exports/ --select TIM,MOD001             some rules only
    claims-audit run --period last-month --log line           for cron: sources and settings stand in audit.toml
    """
    if not is_profiled:
        return _run(sources, config_file, wanted, Talk(form, quiet), flags)
    with profile.profiled() as noted:
        code = _run(sources, config_file, wanted, Talk(form, quiet), flags)
    for line in profile.told(noted):
        click.echo(line, err=True)
    return code


def _run(
    sources: tuple[str, ...], config_file: Path | None, wanted: tuple[str, ...], talk: Talk, flags: Mapping[str, Any]
) -> int:
    jobs = configuration.jobs(config_file, wanted)
    if sources and len(jobs) > 1:
        raise ConfigError("SOURCEs are named, and audit.toml has several jobs.", "Say with --job which of them they are for.")
    if not jobs:
        try:
            code: int = _audit(configuration.combine(sources, config_file, flags), "", talk)
        except Exception:
            # What the run failed of is told by itself, and is likely what the page fails of too.
            _write_index(config_file, flags, is_told=False)
            raise
    else:
        code = _all_jobs(sources, config_file, flags, jobs, talk)
    _write_index(config_file, flags)
    return code


def _all_jobs(
    sources: tuple[str, ...],
    config_file: Path | None,
    flags: Mapping[str, Any],
    jobs: Sequence[configuration.JobSection],
    talk: Talk,
) -> int:
    """One job after the other; gives the highest exit code."""
    codes: dict[str, int] = {}
    try:
        for job in jobs:
            codes[job.name] = _job(sources, config_file, flags, job, talk)
    except KeyboardInterrupt:
        if codes:
            click.echo(f"Jobs that had ended before: {', '.join(codes)}. Of the next one:", err=True)
        raise
    return max(codes.values())


def _job(
    sources: tuple[str, ...], config_file: Path | None, flags: Mapping[str, Any], job: configuration.JobSection, talk: Talk
) -> int:
    """One job's run; what goes wrong is told and is its exit code. A signal stops all."""
    interrupts.go_on()
    talk.job_begins(job.name)
    try:
        return _audit(configuration.combine(sources, config_file, flags, job=job), job.name, talk)
    except Exception as error:
        interrupts.check()
        return faults.explained(error)


def _audit(config: configuration.Config, job: str, talk: Talk) -> ExitCode:
    """One run, noted beside the runs whatever comes of it."""
    from audit.pipeline import run as pipeline
    from audit.runs.ledgers import attempts

    began, period = environment.now(), config.period.label if config.period else None
    try:
        with progress(talk.is_silent) as told:
            result = pipeline.run(config, began, told)
    except Exception as error:
        interrupts.check()
        text, code = faults.told(error)
        if job:  # a job's first month that fails shall be seen too
            with suppress(OSError):
                make_folder(config.out)
        attempts.note(config.out, began, period, code, None, text.splitlines()[0].removeprefix("claims-audit: "))
        talk.failed(job, period, code, text, began)
        raise
    code = _code_of(result, config)
    attempts.note(config.out, began, period, code, result.folder.name, kept=result.kept_aside.name if result.kept_aside else None)
    talk.done(job, result, code, began)
    return code


def _write_index(config_file: Path | None, flags: Mapping[str, Any], is_told: bool = True) -> None:
    """The page over all runs, which costs no run where it cannot be written."""
    if interrupts.was_asked():
        return
    from audit.pipeline import run_index

    try:
        known = [(job.name, _out(config_file, flags, job)) for job in configuration.jobs(config_file)]
        run_index.write(_out(config_file, flags, None), known)
    except (AuditError, OSError) as error:
        text, _ = faults.told(error)
        if is_told:
            click.echo(f"index.html was not written. {text.removeprefix('claims-audit: ')}", err=True)


def _out(config_file: Path | None, flags: Mapping[str, Any], job: configuration.JobSection | None) -> Path:
    # No period, for none is needed to know where the runs lie.
    return configuration.combine((".",), config_file, {**flags, "period": None}, job=job).out


def _code_of(result: "RunResult", config: configuration.Config) -> ExitCode:
    if any(outcome.status == "error" for outcome in result.outcomes):
        return ExitCode.FAILED
    if config.strict and result.not_evaluated:
        return ExitCode.INPUT
    if config.fail_on != "never" and result.severities & set(SEVERITIES[SEVERITIES.index(config.fail_on) :]):
        return ExitCode.FINDINGS
    return ExitCode.DONE
