"""The front door: finds the verb, and turns whatever comes back, or goes wrong, into an exit code and one sentence.

Data goes to stdout, talk to stderr; exit codes are those of audit.errors.ExitCode. Nothing but this room prints, nothing
exits; no traceback reaches the user.
"""

import os
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from audit import __version__, interrupts, machine
from audit.cli import (
    check,
    config,
    estimate,
    explain,
    history,
    init,
    options,
    reference,
    report,
    review,
    rules,
    run,
    sample,
    suppress,
    verify,
)
from audit.errors import AuditError, ConfigError, ExitCode

_ROOM = Path(__file__).parents[1]
_SECTIONS = {
    "Audit an export": (check.check, init.init, config.show_config, run.run, report.report),
    "See what is checked": (rules.list_rules, explain.explain),
    "Sample and extrapolate": (sample.sample, estimate.estimate),
    "From month to month": (history.history, review.review, suppress.suppress, verify.verify),
    "CMS's tables": (reference.reference,),
}


class _Verbs(click.Group):
    """The verbs in the order in which they are used, under headings."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write a list of verbs for each heading."""
        widest = max(map(len, self.commands))
        for heading, verbs in _SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(str(verb.name).ljust(widest), verb.get_short_help_str(160)) for verb in verbs])


@click.group(
    cls=_Verbs, epilog=options.EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="claims-audit")
def cli() -> None:
    """Audit exported therapy claims: units against minutes, modifier 59, massage and manual therapy, Medicare.

    \b
    First time:
      claims-audit check exports/2025-11.csv     what is read, which header fills what, what can be judged
      claims-audit init exports/2025-11.csv      draft an audit.toml: columns, payers and their rules
      claims-audit run exports/2025-11.csv       audit it; the report lies in out/2025-11/report.html
    \b
    Then, each month:
      claims-audit run exports/ --period 2025-12 --fail-on high
      claims-audit history compare out/2025-11 out/2025-12

    Nothing leaves this machine, and no export is changed. `claims-audit VERB --help` tells more of a verb.
    """


for _verb in (verb for verbs in _SECTIONS.values() for verb in verbs):
    cli.add_command(_verb)


def answer(arguments: Sequence[str] | None) -> int:
    """Do what the words ask; gives the exit code. What went wrong is told on stderr."""
    os.umask(0o077)
    try:
        code = cli.main(args=arguments, prog_name="claims-audit", standalone_mode=False)
        interrupts.check()
    except (Exception, KeyboardInterrupt) as error:
        return _explained(error)
    return code if isinstance(code, int) else ExitCode.DONE


def _explained(error: BaseException) -> int:
    """Tell of an error as its kind wants. A library may have made an error of its own out of a signal: the note decides."""
    if interrupts.was_asked() or isinstance(error, KeyboardInterrupt | click.Abort):
        click.echo("Interrupted; no run folder was written.", err=True)
        return ExitCode.INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return ExitCode.USAGE
    trouble = machine.trouble(error)
    if isinstance(error, ConfigError) or (isinstance(error, AuditError) and not (trouble and trouble.decides)):
        click.echo(f"claims-audit: {error}", err=True)
        return error.exit_code
    if os.environ.get("CLAIMS_AUDIT_DEBUG"):
        raise error
    if trouble:
        click.echo(f"claims-audit: {trouble}", err=True)
        return trouble.exit_code
    _tell_defect(error)
    return ExitCode.FAILED


def _tell_defect(error: BaseException) -> None:
    """What failed and where, without the error's own words: they may quote a cell, and a cell may be a patient's."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _ROOM in Path(frame.filename).parents] or frames
    where = f" at {Path(own[-1].filename).name}, line {own[-1].lineno}" if own else ""
    click.echo(
        f"claims-audit failed: {type(error).__name__}{where}.\n"
        "This is a defect of the program, not of your export. CLAIMS_AUDIT_DEBUG=1 shows more, cells perhaps.",
        err=True,
    )
