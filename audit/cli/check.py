"""`claims-audit check`: what an audit of an export would rest on."""

import json
from pathlib import Path
from typing import Any

import click

from audit.cli import options
from audit.cli.bars import progress
from audit.errors import ExitCode
from audit.settings import config as configuration


@click.command(epilog=options.EXIT_CODES)
@options.sources_or_settings
@options.config()
@options.period
@options.dates
@options.form("table", "json")
@options.reference_dir
@options.quiet
def check(sources: tuple[str, ...], config_file: Path | None, style: str, quiet: bool, **flags: Any) -> ExitCode:
    """Read exports as a run would and tell what it would rest on; write nothing.

    Shown are which header fills which column and why, what is left out, rejected rows by reason, control totals, the
    payers with the policy applied to each, and which rules can judge what. Exit code 3 means that a run would refuse.

    \b
    claims-audit check exports/2025-11.csv
    claims-audit check exports/ --format json > check.json
    """
    from audit.cli import check_page
    from audit.pipeline import preview

    config = configuration.combine(sources, config_file, flags)
    with progress(quiet) as told:
        seen = preview.preview(config, told)
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
