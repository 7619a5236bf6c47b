"""`claims-audit report`: the report of a stored run once more."""

from pathlib import Path

import click

from audit.cli import options
from audit.settings import config as configuration


@click.command()
@click.argument("run_dir", type=options.RUN_FOLDER, metavar="RUN")
@options.final
@options.rendered_phi
def report(run_dir: Path, final: bool | None, phi: configuration.Phi | None) -> None:
    """Render the report of a stored run again, from its folder alone.

    Nothing is audited again: the page, the workbook and the providers' pages are written anew from what the run stored. Ids of
    patients that the run left out cannot be brought back. A workbook that somebody has changed is kept, and what stands in its
    fields for decisions is carried over.

    \b
    claims-audit report out/2025-11 --final             the same report, no longer a draft
    claims-audit report out/2025-11 --phi hidden        without patients
    """
    from audit import report as reporting

    again = reporting.render_again(run_dir, reporting.ReportOptions(patients=phi, final=final))
    click.echo(again.written[0])
    if again.kept is not None:
        carried = (
            f"what was written on {again.decided:,} of its findings stands in the new one too"
            if again.decided
            else "nothing was found in its fields for decisions"
        )
        click.echo(f"findings.xlsx had been changed since it was written. It is kept as {again.kept.name}; {carried}.", err=True)
