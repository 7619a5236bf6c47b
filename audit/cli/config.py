"""`claims-audit config`: the settings in force, and whence each comes."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from audit.cli import options
from audit.settings import config as configuration
from audit.settings.config import AuditSection, Config, Period


@click.command("config")
@options.sources_or_settings
@options.settings
@options.job
@options.form("table", "json")
def show_config(sources: tuple[str, ...], config_file: Path | None, wanted: tuple[str, ...], style: str, **flags: Any) -> None:
    """Print the settings that a run would have, and whence each comes: a flag, a variable, audit.toml, or the default.

    Nothing is read but audit.toml. A flag wins over the environment, the environment over audit.toml, and of that a [[job]]
    over [audit]; where it has jobs, each is shown.

    \b
    claims-audit config --period last-month
    """
    from audit.cli.terminal import settings_table

    told = []
    for job in configuration.jobs(config_file, wanted) or (None,):
        config = configuration.combine(sources, config_file, flags, job=job)
        rows = [*_settings(config), *_tables(config)]
        if style == "json":
            named = {"job": job.name} if job else {}
            told += [{**named, "setting": name, "value": value, "from": whence} for name, value, whence in rows]
            continue
        if job:
            click.echo(f"Job {job.name}")
        settings_table([(name, _in_words(value), whence) for name, value, whence in rows])
    if style == "json":
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))


def _settings(config: Config) -> list[tuple[str, Any, str]]:
    """Each key of [audit]: its name, its value as a plain one, whence it comes."""
    return [(name, _plain(getattr(config, name)), config.whence.get(name, "default")) for name in AuditSection.__struct_fields__]


def _tables(config: Config) -> list[tuple[str, Any, str]]:
    """How many entries audit.toml has in each of its other tables."""
    tables = {"columns", "header_names", "constants", "payers", "providers", "lexicon", "rules"}
    names = {field.name for field in fields(Config)} & tables
    shown = {"payers": "[[payer]]", "providers": "[[provider]]", "lexicon": "[[lexicon]]"}
    return [
        (shown.get(name, f"[{name}]"), len(getattr(config, name)), str(config.file))
        for name in sorted(names)
        if getattr(config, name)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Period):
        return value.label
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def _in_words(value: Any) -> str:
    if value is None or value == []:
        return "-"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
