"""`claims-audit explain`: one rule's page, or all that a run says of one claim."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from audit.cli import options
from audit.cli.bars import progress
from audit.cli.rules import AS_SET, catalogue
from audit.settings import config as configuration
from audit.settings.config import Config


@click.command()
@click.argument("what", metavar="RULE|RUN")
@click.argument("claim", required=False, metavar="[CLAIM[/LINE]]")
@options.config(AS_SET)
@options.reference_dir
@click.option(
    "--stored", "stored_only", is_flag=True, help="Of a claim, what the run's folder holds alone; the sources are not read."
)
@click.option(
    "--sources",
    "places",
    multiple=True,
    metavar="PATH",
    help="Where the run's sources lie now, if they were moved: a file, folder or glob; they are known by their hashes.",
)
@click.option("--json", "is_json", is_flag=True, help="The claim as JSON.")
@options.quiet
def explain(
    what: str,
    claim: str | None,
    config_file: Path | None,
    stored_only: bool,
    places: tuple[str, ...],
    is_json: bool,
    quiet: bool,
    **flags: Any,
) -> None:
    """Show a rule: what it checks, why, how to resolve it, its SQL; or all that a run says of one claim.

    Of a claim: its rows as read, its visits, its findings with their arithmetic and dollars, and each rule's verdict: flagged,
    passed, or not evaluated and why. The verdicts come from the run's own sources, which are judged again while they are as
    the run read them; where they are not, what the run's folder holds is shown. Sources that were moved are found again
    with --sources. Patients stand as the run shows them.

    \b
    claims-audit explain TIM001
    claims-audit explain out/2025-11 CLAIM              all that the run says of the claim
    claims-audit explain out/2025-11 CLAIM/2 --json     of its line 2
    claims-audit explain out/2025-11 CLAIM --stored     in a moment, from the run's folder alone
    claims-audit explain out/2025-11 CLAIM --sources archive/    the exports were moved there
    """
    if places and (stored_only or claim is None):
        raise click.UsageError("--sources is for a claim of a run, and --stored reads no source.")
    if claim is not None:
        _claim(
            options.run_folder(what), claim, is_json, None if stored_only else _places(what, config_file, flags), places, quiet
        )
        return
    if options.run_folder(what).is_dir():
        raise click.UsageError(f"{what} is a folder: name a claim of that run too, as CLAIM or CLAIM/LINE.")
    if is_json:
        raise click.UsageError("--json is for a claim of a run.")
    from audit.cli.terminal import show_page
    from audit.rules import find, rule_page

    show_page(rule_page.page(find(catalogue(config_file), what)))


def _places(run_dir: str, config_file: Path | None, flags: Mapping[str, Any]) -> Config:
    """Of this machine's settings only where things lie; the run's own sources and settings hold."""
    return replace(configuration.combine((run_dir,), config_file, dict(flags)), sources=())


def _claim(folder: Path, wanted: str, is_json: bool, config: Config | None, places: Sequence[str], quiet: bool) -> None:
    from audit.cli import claim_page
    from audit.runs import claim
    from audit.runs.format import stored

    elsewhere: Mapping[str, Path] = {}
    if config is not None and places:
        from audit.pipeline.claim_again import found_in

        elsewhere = found_in(places, stored.read(folder))
    held = claim.read(folder, wanted, elsewhere)
    judged = None
    if config is not None and all(source.state == "unchanged" for source in held.sources):
        from audit.pipeline.claim_again import judge

        with progress(quiet) as told:
            manifest = stored.read(folder)
            now = [str(elsewhere.get(one.sha256, one.path)) for one in manifest.inputs]
            judged = judge(wanted, manifest, replace(config, sources=tuple(now)) if elsewhere else config, told)
    if held.is_empty and (judged is None or not judged.rows):
        raise claim.nothing_held(folder, held, sources_asked=judged is not None)
    click.echo(claim_page.as_json(held, judged) if is_json else claim_page.as_text(held, judged))
