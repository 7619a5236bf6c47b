"""`claims-audit history`: runs over time."""

import sys
from pathlib import Path

import click

from audit.cli import options
from audit.settings import environment


@click.group()
def history() -> None:
    """Runs over time: list them, compare two, and say what was deleted on purpose."""


@history.command("list")
@options.out_folder
def history_list(out: Path) -> None:
    """List the finished runs of a folder, oldest dates of service first, and the runs that they took the place of."""
    from audit.cli.terminal import runs_table
    from audit.runs.ledgers import losses
    from audit.runs.timeline import history as past

    found, aside = past.look(out), past.kept(out)
    runs_table([(run, past.kept_beside(run, aside)) for run in found.runs])
    for why in found.unread:
        click.echo(f"Not listed: {why}", err=True)
    for sentence in losses.told(out):
        click.echo(sentence, err=True)


@history.command("accept")
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--all", "everything", is_flag=True, help="All that is missing or was changed.")
@options.out_folder
def history_accept(names: tuple[str, ...], everything: bool, out: Path) -> None:
    """Say that a run was deleted, or a ledger cut or changed, on purpose: then no run tells of it any more.

    \b
    claims-audit history accept 2023-01 2023-02
    claims-audit history accept suppressions.json
    """
    from audit.runs.ledgers import losses

    if bool(names) == everything:
        raise click.UsageError("Say what is so on purpose: NAMEs, or --all; `claims-audit history list` tells what is missing.")
    for name in losses.accept(out, names, environment.now()):
        click.echo(f"{name}: on record as so on purpose.", err=True)


@history.command("compare")
@click.argument("earlier", type=options.RUN_FOLDER, metavar="RUN")
@click.argument("later", type=options.RUN_FOLDER, metavar="RUN")
def history_compare(earlier: Path, later: Path) -> None:
    """Tell what is new, repeated and resolved from one run to another, as CSV on stdout.

    \b
    claims-audit history compare out/2025-10 out/2025-11 > changes.csv
    """
    from audit.cli.terminal import comparison_csv
    from audit.runs.timeline import history as past

    comparison_csv(past.compare(past.read_run(earlier), past.read_run(later)), sys.stdout)
