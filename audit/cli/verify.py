"""`claims-audit verify`: is a run's folder what the run wrote, and would it find the same again?"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit.cli import options
from audit.cli.bars import progress
from audit.errors import ExitCode, InputError
from audit.settings import config as configuration
from audit.settings.config import Config

if TYPE_CHECKING:
    from audit.runs.format.manifest import Manifest


@dataclass(frozen=True, slots=True)
class _Found:
    """What is not as the run wrote it, what could not be checked, and what is told beside, a sentence each."""

    faults: Sequence[str]
    undone: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


@click.command(epilog=options.EXIT_CODES)
@click.argument("run_dir", type=options.RUN_FOLDER, metavar="RUN")
@options.sources_or_settings
@options.config("Where rules of your own and imported tables lie. [default: ./audit.toml if there is one]")
@options.reference_dir
@click.option("--stored", "stored_only", is_flag=True, help="Check what is stored alone; audit nothing again.")
@options.quiet
def verify(
    run_dir: Path, sources: tuple[str, ...], config_file: Path | None, stored_only: bool, quiet: bool, **flags: Any
) -> ExitCode:
    """Check a stored run: every file by its hash, the totals, and that the same inputs give the same findings again.

    The manifest is held against the list of manifests beside the runs, and the inputs against the hashes that the run took of
    them; name SOURCEs where they lie elsewhere by now. Another version of the program, other rules, other editions of tables,
    and runs or ledgers beside it that are gone, are told, and are no fault by themselves. Exit code 3: something is not as the
    run wrote it, or could not be checked.

    \b
    claims-audit verify out/2025-11
    claims-audit verify out/2025-11 --stored            in a moment, without the exports
    """
    from audit.runs.folder import soundness

    manifest, beside = _stored_run(run_dir)
    found = _Found(soundness.faults(run_dir, manifest), said=(*soundness.opened_up(run_dir), *beside))
    if stored_only:
        found = replace(found, undone=("The audit was not done again, for --stored was given.",))
    elif not found.faults:
        # The run's own sources and settings hold; of this machine's only where things lie.
        config = replace(configuration.combine(sources or (str(run_dir),), config_file, flags), sources=sources)
        found = _audited_again(run_dir, manifest, config, found, quiet=quiet)
    _tell(run_dir, found, quiet=quiet)
    if found.faults:
        return ExitCode.INPUT
    return ExitCode.INPUT if found.undone and not stored_only else ExitCode.DONE


def _stored_run(run_dir: Path) -> tuple["Manifest", tuple[str, ...]]:
    """The run's manifest, and what is told of runs and ledgers that are gone beside it, which is said where there is none too."""
    from audit.runs.folder.run_folder import LOCK
    from audit.runs.format import stored
    from audit.runs.ledgers import losses

    out = run_dir.absolute().parent
    # A run that was copied out of its folder of runs has none beside it.
    beside = tuple(losses.told(out)) if os.path.lexists(out / LOCK) else ()
    try:
        return stored.read(run_dir), beside
    except InputError:
        for sentence in beside:
            click.echo(sentence)
        raise


def _audited_again(run_dir: Path, manifest: "Manifest", config: Config, found: _Found, *, quiet: bool) -> _Found:
    from audit.pipeline.again import audit_again

    with progress(quiet) as told:
        again = audit_again(run_dir, manifest, config, told)
    return _Found(again.faults, tuple(again.undone), (*found.said, *again.said))


def _tell(run_dir: Path, found: _Found, *, quiet: bool) -> None:
    for sentence in (*found.said, *found.faults, *(f"Not checked: {sentence}" for sentence in found.undone)):
        click.echo(sentence)
    if found.faults:
        click.echo(f"{run_dir} is not as the run wrote it.")
    elif not quiet:
        again_too = "." if found.undone else "; the same inputs give the same findings again."
        click.echo(f"Every file is as the run wrote it, and the totals tie{again_too}")
