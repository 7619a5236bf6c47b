"""`claims-audit init`: a first audit.toml, drafted from exports."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from audit.cli import options
from audit.cli.bars import progress
from audit.errors import ConfigError, ExitCode, InputError
from audit.machine import interrupts
from audit.settings import config as configuration
from audit.settings.config import Config


@click.command()
@options.sources
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("audit.toml"), show_default=True)
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@options.config("Take columns, header names, constants and the order of dates from this file, where the export does not tell.")
@options.dates
@options.reference_dir
@options.quiet
def init(sources: tuple[str, ...], out: Path, force: bool, config_file: Path | None, quiet: bool, **flags: Any) -> ExitCode:
    """Draft an audit.toml from exports: columns, payers with their class and unit rule, and what can be checked.

    A run with the draft as it stands finds the same as a run without it. What the export leaves open stands in the draft
    as a question, in lines that begin with #, with the headers that may answer it.

    \b
    claims-audit init exports/2025-11.csv           writes audit.toml
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
            with progress(quiet) as told:
                seen = preview.preview(given, told)
        except InputError as error:
            interrupts.check()
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
    reference_dir = configuration.reference_folder(config_file, reference_dir)
    configuration.check_machine({"reference_dir": reference_dir})
    return Config(
        sources=sources,
        columns=settings.columns,
        header_names=settings.header_names,
        constants=settings.constants,
        dates=dates or settings.audit.dates,
        reference_dir=reference_dir,
    )
