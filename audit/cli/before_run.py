"""The verbs that come before a run: `check` tells what an audit of an export would rest on, `init` drafts audit.toml.

Apart from cli.py for length only: it prints as that does, data to stdout and talk to stderr, and never exits.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from audit import config as configuration
from audit.cli.terminal import BarProgress, LineProgress
from audit.config import Config
from audit.errors import ConfigError, ExitCode, InputError

_REFERENCES = click.option(
    "--reference-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    envvar="CLAIMS_AUDIT_REFERENCE_DIR",
    help="Folder of imported CMS tables.",
)
DATES = click.option(
    "--dates",
    type=click.Choice(["month_first", "day_first"]),
    help="How files write 11/03/2025 where none of their own dates tells. [default: such a file is refused]",
)
_QUIET = click.option("--quiet", is_flag=True, help="Say nothing but errors on stderr.")


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", help="[default: ./audit.toml if there is one]"
)
@click.option("--period", metavar="YYYY-MM", help="As for run: other months are counted as excluded.")
@DATES
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
@_REFERENCES
@_QUIET
def check(sources: tuple[str, ...], config_file: Path | None, style: str, quiet: bool, **flags: Any) -> ExitCode:
    """Read exports as a run would and tell what it would rest on; write nothing.

    Shown are which header fills which column and why, what is left out, rejected rows by reason, control totals, the
    payers with the policy applied to each, and which rules can judge what. Exit code 3 means that a run would refuse.
    """
    from audit.cli import check_page
    from audit.pipeline import preview

    config = configuration.combine(sources, config_file, flags)
    with _progress(quiet) as progress:
        seen = preview.preview(config, progress)
    if style == "json":
        click.echo(json.dumps(preview.as_json(seen), indent=1, ensure_ascii=False))
    else:
        check_page.show(seen)
    if seen.refusal is not None:
        raise seen.refusal
    for outcome in seen.failed:
        click.echo(f"Rule {outcome.rule_id} failed: {outcome.error}", err=True)
    if not quiet:
        click.echo(check_page.in_a_word(seen.outcomes), err=True)
    return ExitCode.FAILED if seen.failed else ExitCode.DONE


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("audit.toml"), show_default=True)
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take columns, header names, constants and the order of dates from this file, where the export does not tell.",
)
@DATES
@_REFERENCES
@_QUIET
def init(sources: tuple[str, ...], out: Path, force: bool, config_file: Path | None, quiet: bool, **flags: Any) -> ExitCode:
    """Draft an audit.toml from exports: columns, payers with their class and unit rule, and what can be checked.

    A run with the draft as it stands finds the same as a run without it. What the export leaves open stands in the draft
    as a question, in lines that begin with #, with the headers that may answer it.
    """
    from audit import intake
    from audit.cli import check_page, init_draft
    from audit.pipeline import preview

    _may_write(out, force, config_file)
    given = _given(sources, config_file, **flags)
    survey = intake.survey(intake.find_sources(sources), intake.given(given.columns, given.constants, given.header_names))
    seen = None
    if survey.lacks_nothing_but_payer:
        # The draft says so in words; without a payer no rule of a payer's is held against the lines.
        given = replace(given, constants={**given.constants, "payer_name": init_draft.UNSTATED_PAYER})
        click.echo(
            f"No column names the payer: {out} says {init_draft.UNSTATED_PAYER!r} under [constants]; correct it.", err=True
        )
    open_question = ""
    if survey.is_ready or survey.lacks_nothing_but_payer:
        try:
            with _progress(quiet) as progress:
                seen = preview.preview(given, progress)
        except InputError as error:
            open_question = str(error)
    init_draft.write(init_draft.draft(survey, seen, given, open_question), out, force)
    click.echo(out)
    if seen is None:
        click.echo(f"Something is open; {out} asks it. Answer it there, then run `claims-audit check`.", err=True)
    elif seen.refusal is not None:
        click.echo(f"A run would refuse this export: {seen.refusal}", err=True)
    elif not quiet:
        click.echo(check_page.in_a_word(seen.outcomes), err=True)
    return ExitCode.DONE


def _may_write(out: Path, force: bool, config_file: Path | None) -> None:
    """Refuse before the export is read rather than after."""
    if config_file is not None and config_file.resolve() == out.resolve():
        raise ConfigError(f"{out} is read and would be overwritten.", "Name another file with --out.")
    if out.exists() and not force:
        raise ConfigError(f"{out} exists already.", "Name another file with --out, or overwrite it with --force.")


def _given(
    sources: tuple[str, ...], config_file: Path | None, dates: configuration.DateOrder | None, reference_dir: Path | None
) -> Config:
    """What the draft starts from: nothing but what the file named, if one is, says of columns and dates."""
    settings = configuration.read_settings(config_file)[0] if config_file else configuration.Settings()
    configuration.check_machine({"reference_dir": reference_dir})
    return Config(
        sources=sources,
        columns=settings.columns,
        header_names=settings.header_names,
        constants=settings.constants,
        dates=dates or settings.audit.dates,
        reference_dir=reference_dir,
    )


def _progress(quiet: bool) -> Any:
    make: Callable[..., Any] = BarProgress if sys.stderr.isatty() else LineProgress
    return make(quiet)
