"""`claims-audit explain`: one rule's page."""

from pathlib import Path

import click

from audit import rules
from audit.cli import options
from audit.cli.rules import AS_SET, catalogue


@click.command()
@click.argument("rule_id", metavar="RULE")
@options.config(AS_SET)
def explain(rule_id: str, config_file: Path | None) -> None:
    """Show what a rule checks, why it matters, how to resolve it, and its SQL, with the parameters in force.

    \b
    claims-audit explain TIM001
    """
    from audit.cli.terminal import show_page
    from audit.rules import rule_page

    show_page(rule_page.page(rules.find(catalogue(config_file), rule_id)))
