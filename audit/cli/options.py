"""The options of the verbs, each declared once, so that one name means one thing and is told in one way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from audit.settings import config as configuration

Verb = TypeVar("Verb", bound=Callable[..., Any])


EXIT_CODES = """\b
Exit codes:
  0  done, no finding at or above --fail-on
  1  done, findings at or above --fail-on
  2  wrong usage or configuration
  3  input missing, unreadable or not reconciled (with --strict: something was not evaluated)
  4  a rule or the program failed
  130  interrupted
"""


def run_folder(named: str) -> Path:
    """The folder of a run, or of one in the default folder of runs that `history list` shows by this name."""
    inside = configuration.Config(sources=()).out / named
    return inside if inside.is_dir() and not Path(named).exists() else Path(named)


class _RunFolder(click.Path):
    """RUN: as run_folder() reads it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(run_folder(value), param, ctx)


RUN_FOLDER = _RunFolder(path_type=Path)


def sources(verb: Verb) -> Verb:
    """SOURCE...: the exports of one audit."""
    return click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")(verb)


def sources_or_settings(verb: Verb) -> Verb:
    """[SOURCE...]: the exports of one audit, which audit.toml or the environment may name instead."""
    return click.argument("sources", nargs=-1, metavar="[SOURCE...]")(verb)


def config(text: str = "Settings. [default: ./audit.toml if there is one]") -> Callable[[Verb], Verb]:
    """--config FILE; `text` says what the verb takes from it."""
    return click.option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", help=text)


def form(*styles: str) -> Callable[[Verb], Verb]:
    """--format, the first of the styles where it is left out."""
    return click.option("--format", "style", type=click.Choice(styles), default=styles[0], show_default=True)


def out_folder(verb: Verb) -> Verb:
    """--out DIR, of the verbs that read stored runs; a run's own may come from audit.toml."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=Path("out"),
        show_default=True,
        metavar="DIR",
        help="Folder that holds the runs.",
    )(verb)


def _ids(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001
    return tuple(part.strip() for part in ",".join(value).split(",") if part.strip())


period = click.option(
    "--period",
    metavar="PERIOD",
    help="Audit this time of service only, other lines are counted as excluded: 2025-11, 2025-Q4, last-month, last-quarter.",
)
dates = click.option(
    "--dates",
    type=click.Choice(get_args(configuration.DateOrder)),
    help="How files write 11/03/2025 where none of their own dates tells. [default: such a file is refused]",
)
reference_dir = click.option(
    "--reference-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of imported CMS tables. [default: a folder of your user account]",
)
rendered_phi = click.option(
    "--phi",
    type=click.Choice(get_args(configuration.Phi)),
    help="How patients stand in what is rendered: never with more than the run's own files hold. [default: as those have them]",
)
final = click.option("--final/--draft", default=None, help="Mark the report final, or a draft. [default: as it stands]")
replace = click.option(
    "--replace", is_flag=True, help="Audit a period again that is on record as final; the run on record is kept beside the new."
)
quiet = click.option("--quiet", is_flag=True, help="Say nothing but errors.")

job = click.option(
    "--job", "wanted", multiple=True, metavar="NAME", help="Of the [[job]] tables of audit.toml only this; repeat it for more."
)

_SETTINGS = (
    click.option("--out", metavar="DIR", help="Folder that holds the runs, one folder each. [default: out]"),
    period,
    config(),
    dates,
    click.option(
        "--engine",
        type=click.Choice(get_args(configuration.EngineName)),
        help=f"What holds the rows and runs the SQL. [default: {configuration.Config.engine}]",
    ),
    click.option(
        "--master", metavar="URL", help="Of --engine spark: the cluster that does the work. [default: this machine's cores]"
    ),
    click.option("--partitions", type=click.IntRange(min=1), help="Of --engine spark: parts to judge. [default: by the lines]"),
    click.option(
        "--select",
        metavar="IDS",
        multiple=True,
        callback=_ids,
        help="Run these rules only: ids or beginnings of ids, separated by commas; may stand again.",
    ),
    click.option("--ignore", metavar="IDS", multiple=True, callback=_ids, help="Leave these rules out; may stand again."),
    click.option(
        "--fail-on", type=click.Choice(get_args(configuration.FailOn)), help="Exit 1 for findings this severe. [default: never]"
    ),
    click.option("--entity", metavar="NAME", help="The practice that is audited."),
    click.option("--auditor", metavar="NAME", help="Who prepared the report."),
    click.option("--final/--draft", default=None, help="Mark the report final. [default: draft]"),
    click.option(
        "--phi",
        type=click.Choice(get_args(configuration.Phi)),
        help="How patients stand in all files of the run: under a pseudonym, by the export's own ids, or not at all. "
        f"[default: {configuration.Config.phi}]",
    ),
    reference_dir,
    click.option(
        "--rule-folder", "rule_folders", multiple=True, metavar="DIR", help="Folder of your own rules; repeat it for more."
    ),
    click.option("--memory-limit", metavar="SIZE", help="Memory the engine may use before it spills to disk, for example 4GB."),
    click.option(
        "--spill-dir", metavar="DIR", help="Folder for what memory does not hold, emptied at the end. [default: within OUT]"
    ),
    click.option(
        "--threads",
        type=click.IntRange(min=1),
        help="Processor threads to use. [default: as many as the job may run on processors]",
    ),
    click.option(
        "--rule-seconds",
        type=click.IntRange(min=1),
        help=f"Break off a rule that runs longer. [default: {configuration.RULE_SECONDS}]",
    ),
    click.option(
        "--max-rejected",
        type=click.FloatRange(0, 1),
        help=f"Refuse a run of which a larger share of rows cannot be read. [default: {configuration.Config.max_rejected}]",
    ),
    click.option("--strict/--no-strict", default=None, help="Exit 3 if anything could not be evaluated."),
)


def settings(verb: Verb) -> Verb:
    """Every setting of a run that a flag can give, and --config."""
    for option in reversed(_SETTINGS):
        verb = option(verb)
    return verb
