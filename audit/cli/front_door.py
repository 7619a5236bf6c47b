"""The front door: one function a verb. It and its part reference_verbs.py print; nothing else exits.

Data goes to stdout, talk to stderr; exit codes are those of audit.errors.ExitCode.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from audit import __version__, config as configuration, rules
from audit.cli import before_run, reference_verbs
from audit.cli.terminal import BarProgress, LineProgress, comparison_csv, rules_table, run_summary, runs_table
from audit.errors import AuditError, ExitCode
from audit.rules import rule_page

_EPILOG = """\b
Exit codes:
  0  done, no finding at or above --fail-on
  1  done, findings at or above --fail-on
  2  wrong usage or configuration
  3  input missing, unreadable or not reconciled (with --strict: something was not evaluated)
  4  a rule or the program failed
  130  interrupted
"""


@click.group(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="claims-audit")
def cli() -> None:
    """Audit exported therapy claims: units against minutes, modifier 59, massage and manual therapy, Medicare.

    \b
    claims-audit run claims_2025-11.csv      audit an export, write the report to out/2025-11/
    claims-audit explain TIM001              what a rule checks, why, and its SQL
    claims-audit reference import FILE...    use CMS's own quarterly tables
    """


@cli.command(epilog=_EPILOG)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--out", metavar="DIR", help="Folder that holds the runs, one folder each. [default: out]")
@click.option("--period", metavar="YYYY-MM", help="Audit this month of service only; other lines are counted as excluded.")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", help="[default: ./audit.toml if there is one]"
)
@before_run.DATES
@click.option("--engine", type=click.Choice(["duckdb"]), default="duckdb", show_default=True, help="What runs the SQL.")
@click.option("--select", metavar="IDS", help="Run these rules only: ids or beginnings of ids, separated by commas.")
@click.option("--ignore", metavar="IDS", help="Leave these rules out.")
@click.option(
    "--fail-on", type=click.Choice(["never", "low", "medium", "high"]), help="Exit 1 for findings this severe. [default: never]"
)
@click.option("--auditor", metavar="NAME", help="Who prepared the report.")
@click.option("--final", is_flag=True, help="Mark the report final; without it the report says draft.")
@click.option(
    "--phi",
    type=click.Choice(["pseudonym", "full", "hidden"]),
    default="pseudonym",
    show_default=True,
    help="How patients appear in the report: under a pseudonym, by the export's own ids, or not at all.",
)
@click.option("--reference-dir", type=click.Path(path_type=Path), metavar="DIR", help="Folder of imported CMS tables.")
@click.option("--memory-limit", metavar="SIZE", help="Memory the engine may use before it spills to disk, for example 4GB.")
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads to use. [default: all]")
@click.option("--strict", is_flag=True, help="Exit 3 if anything could not be evaluated.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def run(sources: tuple[str, ...], config_file: Path | None, engine: str, quiet: bool, **flags: Any) -> ExitCode:
    """Audit claim exports (CSV or Parquet files, folders, globs) and write a report.

    Several sources are audited together. The run lands in OUT/<month>/ as a whole, or not at all: report.html,
    findings as Parquet and CSV, the lines they concern, rejected rows, and a manifest of what was read.
    """
    from audit.pipeline import run as pipeline

    for name in ("select", "ignore"):
        flags[name] = tuple(part.strip().upper() for part in (flags[name] or "").split(",") if part.strip())
    config = configuration.combine(sources, config_file, flags)
    with _progress(quiet) as progress:
        result = pipeline.run(config, _now(), progress)
    click.echo(result.folder / "report.html")
    if not quiet:
        for line in run_summary(result):
            click.echo(line, err=True)
    return _code_of(result, config)


@cli.command()
@click.argument("run_dir", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--final", is_flag=True, help="Mark the report final.")
@click.option("--phi", type=click.Choice(["pseudonym", "full", "hidden"]), default="pseudonym", show_default=True)
def report(run_dir: Path, final: bool, phi: configuration.Phi) -> None:
    """Render the report of a stored run again, from its folder alone: report.html, findings.xlsx, provider pages."""
    from audit import report as reporting

    written = reporting.write_all(run_dir, reporting.ReportOptions(patients=phi, final=final))
    click.echo(written[0])


@cli.group()
def history() -> None:
    """Runs over time: list them, compare two."""


@history.command("list")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True, metavar="DIR")
def history_list(out: Path) -> None:
    """List the finished runs of a folder, oldest dates of service first."""
    from audit.runs import history as past

    runs_table(past.runs(out))


@history.command("compare")
@click.argument("earlier", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("later", type=click.Path(path_type=Path), metavar="RUN")
def history_compare(earlier: Path, later: Path) -> None:
    """Tell what is new, repeated and resolved from one run to another, as CSV on stdout."""
    from audit.runs import history as past

    comparison_csv(past.compare(past.read_run(earlier), past.read_run(later)), sys.stdout)


@cli.command()
@click.argument("finding", metavar="FINDING")
@click.option("--reason", required=True, help="Why it is set aside; the report shows it.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day on which it stays set aside.")
@click.option("--by", default="", metavar="NAME", help="Who decided.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True, metavar="DIR")
def suppress(finding: str, reason: str, until: datetime, by: str, out: Path) -> None:
    """Set a finding aside in later runs: listed with its reason, counted nowhere. FINDING is its id or the start of it."""
    from audit.runs import history as past

    entry = past.suppress(out, finding, reason, until.date(), by)
    click.echo(
        f"Finding {entry.finding_id} is set aside until {entry.until}; the next run leaves it out of its counts.", err=True
    )


@cli.command("rules")
@click.option("--format", "style", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True)
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Show parameters as this audit.toml sets them.",
)
def list_rules(style: str, config_file: Path | None) -> None:
    """List every rule: id, title, severity, what its dollars mean."""
    catalogue = _catalogue(config_file)
    if style == "json":
        click.echo(json.dumps([rules.as_json(rule) for rule in catalogue], indent=1, ensure_ascii=False))
    elif style == "markdown":
        click.echo(rule_page.index(catalogue), nl=False)
    else:
        rules_table(catalogue)


@cli.command()
@click.argument("rule_id", metavar="RULE")
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Show parameters as this audit.toml sets them.",
)
def explain(rule_id: str, config_file: Path | None) -> None:
    """Show what a rule checks, why it matters, how to resolve it, and its SQL, with the parameters in force."""
    from audit.cli.terminal import show_page

    catalogue = _catalogue(config_file)
    show_page(rule_page.page(rules.find(catalogue, rule_id)))


cli.add_command(before_run.check)
cli.add_command(before_run.init)
cli.add_command(reference_verbs.reference)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code; no traceback reaches the user."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = cli.main(args=arguments, prog_name="claims-audit", standalone_mode=False)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted; no run folder was written.", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.USAGE)
    except AuditError as error:
        click.echo(f"claims-audit: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        _explain_defect(error)
        sys.exit(ExitCode.FAILED)
    sys.exit(code if isinstance(code, int) else ExitCode.DONE)


def _code_of(result: Any, config: configuration.Config) -> ExitCode:
    from audit.pipeline.run import SEVERITIES

    if any(outcome.status == "error" for outcome in result.outcomes):
        return ExitCode.FAILED
    if config.strict and result.not_evaluated:
        return ExitCode.INPUT
    if config.fail_on != "never" and result.severities & set(SEVERITIES[SEVERITIES.index(config.fail_on) :]):
        return ExitCode.FINDINGS
    return ExitCode.DONE


def _catalogue(config_file: Path | None) -> tuple[rules.Rule, ...]:
    """Every rule, the user's own among them, with the parameters that audit.toml sets."""
    settings, file = configuration.read_settings(config_file)
    return rules.load(configuration.rule_folders(settings, file), settings.rules)


def _progress(quiet: bool) -> Any:
    make: Callable[..., Any] = BarProgress if sys.stderr.isatty() else LineProgress
    return make(quiet)


def _now() -> datetime:
    """The time of the run; SOURCE_DATE_EPOCH (seconds) fixes it where a build must be repeatable."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed.isdigit() else datetime.now(UTC)


def _interrupt(signum: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _explain_defect(error: Exception) -> None:
    if os.environ.get("CLAIMS_AUDIT_DEBUG"):
        raise error
    click.echo(
        f"claims-audit failed: {type(error).__name__}: {error}\n"
        "This is a defect of the program, not of your export. Set CLAIMS_AUDIT_DEBUG=1 to see where it happened.",
        err=True,
    )
