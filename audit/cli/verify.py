"""`claims-audit verify`: is a run's folder what the run wrote, and would it find the same again?"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from audit.cli import options
from audit.cli.bars import progress
from audit.errors import ExitCode, InputError
from audit.settings import config as configuration


@click.command(epilog=options.EXIT_CODES)
@click.argument("run_dir", type=click.Path(path_type=Path), metavar="RUN")
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
    from audit.runs.folder.run_folder import LOCK
    from audit.runs.format import stored
    from audit.runs.ledgers import losses

    out = run_dir.absolute().parent
    # A run that was copied out of its folder of runs has none beside it.
    beside = losses.told(out) if os.path.lexists(out / LOCK) else ()
    try:
        manifest = stored.read(run_dir)
    except InputError:
        for sentence in beside:
            click.echo(sentence)
        raise
    faults = soundness.faults(run_dir, manifest)
    undone: tuple[str, ...] = ("The audit was not done again, for --stored was given.",) if stored_only else ()
    said: tuple[str, ...] = (*soundness.opened_up(run_dir), *beside)
    if not stored_only and not faults:
        from audit.pipeline.again import audit_again

        # The run's own sources and settings hold; of this machine's only where things lie.
        config = replace(configuration.combine(sources or (str(run_dir),), config_file, flags), sources=sources)
        with progress(quiet) as told:
            again = audit_again(run_dir, manifest, config, told)
        faults, undone, said = [*again.faults], again.undone, (*said, *again.said)
    for sentence in (*said, *faults):
        click.echo(sentence)
    for sentence in undone:
        click.echo(f"Not checked: {sentence}")
    if faults:
        click.echo(f"{run_dir} is not as the run wrote it.")
        return ExitCode.INPUT
    checked = "Every file is as the run wrote it, and the totals tie"
    again_too = "." if undone else "; the same inputs give the same findings again."
    if not quiet:
        click.echo(f"{checked}{again_too}")
    return ExitCode.INPUT if undone and not stored_only else ExitCode.DONE
