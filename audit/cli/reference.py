"""`claims-audit reference`: what tables are loaded, and the import of CMS's quarterly files."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit.cli import options
from audit.errors import ExitCode
from audit.settings import config as configuration, environment
from audit.settings.periods import LAST_MONTH

if TYPE_CHECKING:
    from audit.reference.editions import Edition


@click.group()
def reference() -> None:
    """Reference tables: show what is loaded, what a period wants, import CMS's quarterly NCCI files."""


@reference.command("show")
@options.form("table", "json")
@options.config()
@options.reference_dir
def show(style: str, config_file: Path | None, reference_dir: Path | None) -> None:
    """List every reference table: edition, rows, source, and how far it reaches; then what was imported."""
    from audit.cli.terminal import references_table
    from audit.reference import store, tables

    folder = configuration.reference_folder(config_file, reference_dir) or store.default_store()
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


@reference.command("status")
@options.form("table", "json")
@options.config()
@options.period
@options.reference_dir
def status(style: str, config_file: Path | None, period: str | None, reference_dir: Path | None) -> ExitCode:
    """Tell which of CMS's quarterly tables a period wants, and which are missing. Exit code 3 where one is.

    The period is that of audit.toml or CLAIMS_AUDIT_PERIOD where --period is left out, else the last month.

    \b
    claims-audit reference status --period 2025-11
    """
    from audit.cli.terminal import due_table
    from audit.reference import store, tables
    from audit.reference.due import due

    config = configuration.combine((".",), config_file, {"period": period})
    chosen = config.period or configuration.period(LAST_MONTH, environment.now().astimezone().date())
    folder = configuration.reference_folder(config_file, reference_dir) or store.default_store()
    kinds = {"ptp_edit": "ptp", "mue": "mue"}
    shipped = [(kinds[one.table], date.fromisoformat(one.edition)) for one in tables.editions() if one.table in kinds]
    wanted = due(chosen, store.editions(folder), shipped)
    if style == "json":
        rows = [{**asdict(one), "missing": one.is_missing} for one in wanted]
        click.echo(json.dumps({"period": chosen.label, "due": rows}, default=str, indent=1, ensure_ascii=False))
    else:
        due_table(wanted)
    lacking = sum(one.is_missing for one in wanted)
    if lacking:
        click.echo(
            f"For {chosen.label} {lacking} of {len(wanted)} tables are missing; docs/reference-files.md says where.", err=True
        )
    return ExitCode.INPUT if lacking else ExitCode.DONE


@reference.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--edition", type=click.DateTime(["%Y-%m-%d"]), help="First day of the quarter, for a file whose name does not say it."
)
@click.option(
    "--setting", type=click.Choice(["practitioner", "hospital", "dme"]), help="Whose table it is, where its name is silent."
)
@click.option("--quiet", is_flag=True, help="Say nothing but what became of each file.")
@options.config()
@options.reference_dir
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

    \b
    claims-audit reference import ccipra-v314r0-f*.zip mcr-octq4-pra-mue.zip
    """
    from audit.reference import importer, store

    report = importer.import_files(
        files,
        configuration.reference_folder(config_file, reference_dir) or store.default_store(),
        edition=edition.date() if edition else None,
        setting=setting,
        progress=lambda line: None if quiet else click.echo(line, err=True),
    )
    for outcome in report.files:
        click.echo(outcome.message)
    _warn(report.warnings)


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
