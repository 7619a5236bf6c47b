"""The front door: finds the verb, and turns whatever comes back, or goes wrong, into an exit code and one sentence.

Data goes to stdout, talk to stderr; exit codes are those of audit.errors.ExitCode. Nothing but this room prints, nothing
exits; no traceback reaches the user.
"""

import os
from collections.abc import Sequence

import click

from audit import __version__
from audit.cli import (
    check,
    config,
    estimate,
    explain,
    faults,
    history,
    init,
    options,
    plan,
    reference,
    report,
    review,
    rules,
    run,
    sample,
    suppress,
    verify,
)
from audit.errors import ExitCode
from audit.machine import interrupts

_SECTIONS = {
    "Audit an export": (check.check, init.init, config.show_config, plan.plan, run.run, report.report),
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
    Then, each month (docs/cron.md lets cron do it):
      claims-audit run exports/ --period last-month --fail-on high
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
        return faults.explained(error)
    return code if isinstance(code, int) else ExitCode.DONE
