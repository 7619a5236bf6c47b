"""`claims-audit suppress`: a finding set aside, with who and why; what is set aside; and a finding taken back."""

from datetime import UTC, datetime
from pathlib import Path

import click

from audit.cli import options


@click.command()
@click.argument("finding", metavar="[FINDING]", default="")
@click.option("--reason", default="", help="Why it is set aside; the report shows it.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day on which it stays set aside: today or later.")
@click.option("--by", default="", metavar="NAME", help="Who decided.")
@click.option("--list", "listing", is_flag=True, help="Print what is set aside, and whether it still holds.")
@click.option("--lift", is_flag=True, help="Take the suppression of FINDING back.")
@options.out_folder
def suppress(finding: str, reason: str, until: datetime | None, by: str, listing: bool, lift: bool, out: Path) -> None:
    """Set a finding aside in later runs: listed with its reason, counted nowhere. FINDING is its id or the start of it.

    \b
    claims-audit suppress 4f0c21 --reason "addendum of 2025-12-04 shows the time" --until 2026-06-30 --by "compliance"
    claims-audit suppress --list
    claims-audit suppress 4f0c21 --lift
    """
    from audit.runs import suppressions as ledger

    today = datetime.now(UTC).date()
    if listing:
        _must_stand_alone("--list", finding=finding, reason=reason, until=until, by=by, lift=lift)
        for entry, stands in ledger.standing(out, today):
            click.echo("\t".join((entry.finding_id, str(entry.until), stands, entry.by, " ".join(entry.reason.split()))))
        return
    if not finding:
        raise click.UsageError("Say which finding: FINDING is its id or the start of it; findings.csv lists them.")
    if lift:
        _must_stand_alone("--lift", reason=reason, until=until, by=by)
        entry = ledger.lift(out, finding)
        click.echo(f"Finding {entry.finding_id} is no longer set aside; the next run counts it.", err=True)
        return
    if not reason or until is None:
        raise click.UsageError("To set a finding aside give --reason and --until.")
    entry = ledger.suppress(out, finding, reason, until.date(), by, today)
    click.echo(
        f"Finding {entry.finding_id} is set aside until {entry.until}; the next run leaves it out of its counts.", err=True
    )


def _must_stand_alone(option: str, **others: object) -> None:
    given = [name for name, value in others.items() if value]
    if given:
        raise click.UsageError(f"{option} takes no {given[0] if given[0] == 'finding' else f'--{given[0]}'}.")
