"""`claims-audit suppress`: a finding set aside, with who and why."""

from datetime import datetime
from pathlib import Path

import click

from audit.cli import options


@click.command()
@click.argument("finding", metavar="FINDING")
@click.option("--reason", required=True, help="Why it is set aside; the report shows it.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day on which it stays set aside.")
@click.option("--by", default="", metavar="NAME", help="Who decided.")
@options.out_folder
def suppress(finding: str, reason: str, until: datetime, by: str, out: Path) -> None:
    """Set a finding aside in later runs: listed with its reason, counted nowhere. FINDING is its id or the start of it.

    \b
    claims-audit suppress 4f0c21 --reason "addendum of 2025-12-04 shows the time" --until 2026-06-30 --by "compliance"
    """
    from audit.runs import history as past

    entry = past.suppress(out, finding, reason, until.date(), by)
    click.echo(
        f"Finding {entry.finding_id} is set aside until {entry.until}; the next run leaves it out of its counts.", err=True
    )
