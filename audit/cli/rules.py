"""`claims-audit rules`: the catalogue."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audit.cli import options
from audit.settings import config as configuration

if TYPE_CHECKING:
    from audit.rules import Rule

AS_SET = "Show parameters as this audit.toml sets them. [default: ./audit.toml if there is one]"


@click.command("rules")
@options.form("table", "json", "markdown")
@options.config(AS_SET)
def list_rules(style: str, config_file: Path | None) -> None:
    """List every rule: id, title, severity, what its dollars mean."""
    from audit.cli.terminal import rules_table
    from audit.rules import as_json, rule_page

    found = catalogue(config_file)
    if style == "json":
        click.echo(json.dumps([as_json(rule) for rule in found], indent=1, ensure_ascii=False))
    elif style == "markdown":
        click.echo(rule_page.index(found), nl=False)
    else:
        rules_table(found)


def catalogue(config_file: Path | None) -> tuple["Rule", ...]:
    """Every rule, the user's own among them, with the parameters that audit.toml sets."""
    from audit import rules

    settings, file = configuration.read_settings(config_file)
    return rules.load(configuration.rule_folders(settings, file), settings.rules)
