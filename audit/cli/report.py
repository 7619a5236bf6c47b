"""`claims-audit report`: the report of a stored run once more."""

from pathlib import Path

import click

from audit import config as configuration
from audit.cli import options


@click.command()
@click.argument("run_dir", type=click.Path(path_type=Path), metavar="RUN")
@options.final
@options.rendered_phi
def report(run_dir: Path, final: bool, phi: configuration.Phi | None) -> None:
    """Render the report of a stored run again, from its folder alone.

    Nothing is audited again: the page, the workbook and the providers' pages are written anew from what the run stored. Ids of
    patients that the run left out cannot be brought back.

    \b
    claims-audit report out/2025-11 --final             the same report, no longer a draft
    claims-audit report out/2025-11 --phi hidden        without patients
    """
    from audit import report as reporting

    written = reporting.write_all(run_dir, reporting.ReportOptions(patients=phi, final=final))
    click.echo(written[0])
