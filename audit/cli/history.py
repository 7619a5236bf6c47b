"""`claims-audit history`: runs over time."""

import sys
from pathlib import Path

import click

from audit.cli import options


@click.group()
def history() -> None:
    """Runs over time: list them, compare two."""


@history.command("list")
@options.out_folder
def history_list(out: Path) -> None:
    """List the finished runs of a folder, oldest dates of service first, and the runs that they took the place of."""
    from audit.cli.terminal import runs_table
    from audit.runs.timeline import history as past

    found, aside = past.look(out), past.kept(out)
    runs_table([(run, past.kept_beside(run, aside)) for run in found.runs])
    for why in found.unread:
        click.echo(f"Not listed: {why}", err=True)


@history.command("compare")
@click.argument("earlier", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("later", type=click.Path(path_type=Path), metavar="RUN")
def history_compare(earlier: Path, later: Path) -> None:
    """Tell what is new, repeated and resolved from one run to another, as CSV on stdout.

    \b
    claims-audit history compare out/2025-10 out/2025-11 > changes.csv
    """
    from audit.cli.terminal import comparison_csv
    from audit.runs.timeline import history as past

    comparison_csv(past.compare(past.read_run(earlier), past.read_run(later)), sys.stdout)
