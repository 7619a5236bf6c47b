"""The options of the verbs, each declared once, so that one name means one thing and is told in one way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from audit import config as configuration

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


def sources(verb: Verb) -> Verb:
    """SOURCE...: the exports of one audit."""
    return click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")(verb)


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


period = click.option(
    "--period", metavar="YYYY-MM", help="Audit this month of service only; other lines are counted as excluded."
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
    envvar="CLAIMS_AUDIT_REFERENCE_DIR",
    help="Folder of imported CMS tables. [default: a folder of your user account]",
)
engine = click.option(
    "--engine",
    type=click.Choice(get_args(configuration.EngineName)),
    default=configuration.Config.engine,
    show_default=True,
    help="What holds the rows and runs the SQL.",
)
phi = click.option(
    "--phi",
    type=click.Choice(get_args(configuration.Phi)),
    default=configuration.Config.phi,
    show_default=True,
    help="How patients stand in all files of the run: under a pseudonym, by the export's own ids, or not at all.",
)
rendered_phi = click.option(
    "--phi",
    type=click.Choice(get_args(configuration.Phi)),
    help="How patients stand in what is rendered: never with more than the run's own files hold. [default: as those have them]",
)
final = click.option("--final", is_flag=True, help="Mark the report final; without it the report says draft.")
quiet = click.option("--quiet", is_flag=True, help="Say nothing but errors.")
