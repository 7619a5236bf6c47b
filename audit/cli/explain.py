"""`claims-audit explain`: one rule's page, or what a stored run holds of one claim."""

from pathlib import Path

import click

from audit.cli import options
from audit.cli.rules import AS_SET, catalogue


@click.command()
@click.argument("what", metavar="RULE|RUN")
@click.argument("claim", required=False, metavar="[CLAIM[/LINE]]")
@options.config(AS_SET)
@click.option("--json", "is_json", is_flag=True, help="The claim as JSON.")
def explain(what: str, claim: str | None, config_file: Path | None, is_json: bool) -> None:
    """Show a rule: what it checks, why, how to resolve it, its SQL; or what a stored run holds of one claim.

    Of a claim: its findings with their arithmetic and dollars, its rows left out, and whether the sources are still as the run
    read them. Nothing is audited again, and patients stand as the run shows them.

    \b
    claims-audit explain TIM001
    claims-audit explain out/2025-11 CLAIM              all that the run's folder holds of the claim
    claims-audit explain out/2025-11 CLAIM/2 --json     of its line 2
    """
    if claim is not None:
        _claim(Path(what), claim, is_json)
        return
    if Path(what).is_dir():
        raise click.UsageError(f"{what} is a folder: name a claim of that run too, as CLAIM or CLAIM/LINE.")
    if is_json:
        raise click.UsageError("--json is for a claim of a run.")
    from audit.cli.terminal import show_page
    from audit.rules import find, rule_page

    show_page(rule_page.page(find(catalogue(config_file), what)))


def _claim(folder: Path, wanted: str, is_json: bool) -> None:
    from audit.cli import claim_page
    from audit.runs import claim

    found = claim.read(folder, wanted)
    click.echo(claim_page.as_json(found) if is_json else claim_page.as_text(found))
