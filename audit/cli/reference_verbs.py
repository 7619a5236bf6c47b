"""The verbs about reference tables: what is loaded, and the import of CMS's quarterly files.

Apart from cli.py for length only: it prints as that does, data to stdout and talk to stderr, and never exits.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit import config as configuration

if TYPE_CHECKING:
    from audit.reference.editions import Edition

_CONFIG = click.option(
    "--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", help="[default: ./audit.toml if there is one]"
)
_FOLDER = click.option(
    "--reference-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of imported tables. [default: a folder of your user account]",
)


@click.group()
def reference() -> None:
    """Reference tables: show what is loaded, import CMS's quarterly NCCI files."""


@reference.command("show")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
@_CONFIG
@_FOLDER
def show(style: str, config_file: Path | None, reference_dir: Path | None) -> None:
    """List every reference table: edition, rows, source, and how far it reaches; then what was imported."""
    from audit.cli.terminal import references_table
    from audit.reference import store, tables

    folder = _store(config_file, reference_dir)
    shipped, imported = tables.editions(), store.editions(folder)
    if style == "json":
        facts = {
            "reference_dir": str(folder),
            "shipped": [asdict(edition) for edition in shipped],
            "imported": [_facts(edition) for edition in imported],
        }
        click.echo(json.dumps(facts, indent=1, ensure_ascii=False))
        return
    references_table(shipped, imported)
    if not imported:
        click.echo(f"Nothing is imported into {folder}: a code outside the tables above is not evaluated.", err=True)
    _warn([f"{_name(edition)}: {text}" for edition in imported for text in edition.warnings])


@reference.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--edition", type=click.DateTime(["%Y-%m-%d"]), help="First day of the quarter, for a file whose name does not say it."
)
@click.option(
    "--setting", type=click.Choice(["practitioner", "hospital", "dme"]), help="Whose table it is, where its name is silent."
)
@click.option("--quiet", is_flag=True, help="Say nothing but what became of each file.")
@_CONFIG
@_FOLDER
def import_(
    files: tuple[Path, ...],
    edition: datetime | None,
    setting: str | None,
    quiet: bool,
    config_file: Path | None,
    reference_dir: Path | None,
) -> None:
    """Import CMS's PTP and MUE files (zip, txt, csv or xlsx): all of them, or none if one is refused.

    Editions stand side by side. Of PTP tables the newest is used for every date, for it keeps what was deleted; of MUE
    tables each from its own date on.
    """
    from audit.reference import importer

    report = importer.import_files(
        files,
        _store(config_file, reference_dir),
        edition=edition.date() if edition else None,
        setting=setting,
        progress=lambda line: None if quiet else click.echo(line, err=True),
    )
    for outcome in report.files:
        click.echo(outcome.message)
    _warn(report.warnings)


def _store(config_file: Path | None, reference_dir: Path | None) -> Path:
    """The folder of imported tables: the flag, else the environment, else audit.toml, else the user's own."""
    from audit.reference import store

    return configuration.combine((), config_file, {"reference_dir": reference_dir}).reference_dir or store.default_store()


def _warn(warnings: Sequence[str]) -> None:
    for warning in warnings:
        click.echo(f"Warning: {warning}", err=True)


def _name(edition: "Edition") -> str:
    return f"{edition.kind.upper()} {edition.setting} {edition.edition}"


def _facts(edition: "Edition") -> dict[str, Any]:
    return {
        "table": edition.kind,
        "setting": edition.setting,
        "edition": edition.edition.isoformat(),
        "rows": edition.rows,
        "sha256": edition.sha256,
        "missing_parts": list(edition.missing),
        "warnings": list(edition.warnings),
        "parts": [asdict(part) for part in edition.parts],
    }
