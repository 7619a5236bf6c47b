"""`claims-audit suppress`: a finding set aside, with who and why; what is set aside; and a finding taken back."""

from datetime import datetime
from pathlib import Path

import click

from audit.cli import options
from audit.settings import environment


@click.command()
@click.argument("finding", metavar="[FINDING]", default="")
@click.option("--rule", "rule_id", default="", metavar="RULE", help="Set aside a kind of finding: those of this rule ...")
@click.option("--payer", "payer_name", default="", metavar="NAME", help="... for this payer, named as findings.csv names it,")
@click.option("--provider", default="", metavar="NPI", help="... of this provider,")
@click.option("--code", "procedure_code", default="", metavar="CODE", help="... with this code: one of the three at least.")
@click.option("--reason", default="", help="Why it is set aside; the report shows it.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day on which it stays set aside: today or later.")
@click.option("--by", default="", metavar="NAME", help="Who decided.")
@click.option("--list", "listing", is_flag=True, help="Print what is set aside, and whether it still holds.")
@click.option("--lift", is_flag=True, help="Take the suppression of FINDING, or of the kind, back.")
@options.out_folder
def suppress(
    finding: str, reason: str, until: datetime | None, by: str, listing: bool, lift: bool, out: Path, **kind: str
) -> None:
    """Set findings aside in later runs: listed with their reason, counted nowhere. FINDING is an id or the start of it.

    \b
    claims-audit suppress 4f0c21 --reason "addendum of 2025-12-04 shows the time" --until 2026-06-30 --by "compliance"
    claims-audit suppress --rule MOD010 --payer "Aetna" --reason "settled with the payer" --until 2026-06-30
    claims-audit suppress --list
    claims-audit suppress 4f0c21 --lift
    """
    from audit.runs.ledgers import losses, suppressions as ledger

    today = environment.now().date()
    if listing:
        _must_stand_alone("--list", finding=finding, reason=reason, until=until, by=by, lift=lift, **kind)
        click.echo("what\tuntil\tstands\tby\treason")
        for entry, stands in ledger.standing(out, today):
            click.echo("\t".join((ledger.what(entry), str(entry.until), stands, entry.by, " ".join(entry.reason.split()))))
        for sentence in losses.of_ledger(out, ledger.NAME):
            click.echo(sentence, err=True)
        return
    wanted = _wanted(finding, {name: value.strip() for name, value in kind.items() if value.strip()})
    if lift:
        _must_stand_alone("--lift", reason=reason, until=until, by=by)
        entry = ledger.lift(out, wanted)
        click.echo(f"{ledger.what(entry)} is no longer set aside; the next run counts it.", err=True)
        return
    if not reason or until is None:
        raise click.UsageError("To set a finding aside give --reason and --until.")
    entry = ledger.suppress(out, wanted, reason, until.date(), by, today)
    click.echo(f"{ledger.what(entry)} is set aside until {entry.until}; the next run leaves it out of its counts.", err=True)


def _wanted(finding: str, kind: dict[str, str]) -> str | dict[str, str]:
    """A finding's id, or the fields of a kind of finding."""
    if finding and kind:
        raise click.UsageError("Give FINDING, or --rule with --payer, --provider or --code, not both.")
    if finding:
        return finding
    if "rule_id" in kind and len(kind) > 1:
        return {**kind, "rule_id": kind["rule_id"].upper()}
    if kind:
        raise click.UsageError("A kind of finding is a --rule with at least one of --payer, --provider and --code.")
    raise click.UsageError("Say which finding: FINDING is its id or the start of it; findings.csv lists them.")


def _must_stand_alone(option: str, **others: object) -> None:
    given = [name for name, value in others.items() if value]
    if given:
        raise click.UsageError(f"{option} takes no {given[0] if given[0] == 'finding' else f'--{given[0]}'}.")
