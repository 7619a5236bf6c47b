"""`claims-audit sample`: a random sample of a finished run, drawn as RAT-STATS draws it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit.cli import options
from audit.settings import environment

if TYPE_CHECKING:
    from audit.sampling.design import Sample


@click.command()
@click.argument("run_dir", type=options.RUN_FOLDER, metavar="RUN")
@click.option("--unit", type=click.Choice(["line", "claim", "patient"]), default="line", show_default=True, help="What is drawn.")
@click.option(
    "--frame",
    default="findings",
    show_default=True,
    metavar="findings|all|RULES",
    help="What is drawn from: units with potential overpayment, all audited units, or those that these rules flag.",
)
@click.option("--size", type=click.IntRange(min=1), metavar="N", help="How many to draw.")
@click.option(
    "--precision",
    type=click.FloatRange(min=0, max=100, min_open=True),
    metavar="P",
    help="Draw as many as this precision needs, in per cent of the overpayment.",
)
@click.option("--confidence", type=click.Choice(["80", "90", "95", "99"]), help="Of the precision, in per cent. [default: 90]")
@click.option(
    "--probe", type=click.Path(path_type=Path), metavar="FILE", help="A reviewed sample.xlsx that shows how overpayments vary."
)
@click.option(
    "--error-rate",
    type=click.FloatRange(min=0, max=1, min_open=True),
    metavar="R",
    help="In place of a probe: the share of units, 0 to 1, that is expected to be in error in full.",
)
@click.option(
    "--strata",
    type=click.Choice(["payer", "rule", "dollars", "provider"]),
    help="Cut the frame so before the draw; each stratum is drawn apart.",
)
@click.option("--spares", type=click.IntRange(min=0), default=0, show_default=True, metavar="K", help="Spares, of each stratum.")
@click.option("--seed", metavar="S", help="A number. [default: seconds since midnight, with two decimals, as RAT-STATS has it]")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the sample. [default: samples/RUN beside it]"
)
def sample(run_dir: Path, out: Path | None, **asked: Any) -> None:
    """Draw a random sample of a finished run, with a worksheet to review it.

    The frame is listed whole in frame.csv, the design and the draw stand in sample.json, sample.xlsx is filled in by the
    reviewer. RAT-STATS, the inspector general's program, draws the same rows from the same seed.

    \b
    claims-audit sample out/2025-11 --size 30 --seed 48863.78                        a probe
    claims-audit sample out/2025-11 --precision 25 --probe out/samples/2025-11/sample.xlsx --spares 5 --out out/samples/full
    claims-audit estimate out/samples/full/sample.xlsx                               once it is filled in
    """
    from audit.runs.estimates import SAMPLES
    from audit.sampling.frame import ALL, FINDINGS, Choice
    from audit.sampling.make import Request, make
    from audit.sampling.sized import Asked

    _must_agree(asked)
    sized = Asked(asked["size"], asked["precision"], int(asked["confidence"] or 90), asked["error_rate"], asked["probe"])
    frame = asked["frame"].strip()
    choice = Choice(asked["unit"], frame.lower() if frame.lower() in (ALL, FINDINGS) else frame, asked["strata"])
    folder = out or run_dir.resolve().parent / SAMPLES / run_dir.resolve().name
    request = Request(choice, sized, asked["spares"], asked["seed"] or _seconds_since_midnight())
    made = make(run_dir, request, folder, environment.now())
    click.echo(folder / "sample.xlsx")
    for line in _told(made):
        click.echo(line, err=True)


def _must_agree(asked: dict[str, Any]) -> None:
    if (asked["size"] is None) == (asked["precision"] is None):
        raise click.UsageError("Say how many to draw: either --size, or --precision with --probe or --error-rate.")
    for name in ("probe", "error_rate", "confidence"):
        if asked["size"] is not None and asked[name] is not None:
            raise click.UsageError(f"--{name.replace('_', '-')} is for --precision; --size says already how many.")


def _told(made: "Sample") -> list[str]:
    """The draw in a few lines."""
    frame, drawn = made.frame, sum(len(one.numbers) for one in made.strata)
    lines = [
        f"Frame: {frame.words}, ${frame.amount:,.2f}; SHA-256 of frame.csv {frame.sha256}",
        f"Drawn with seed {made.seed}: {drawn:,} units and {sum(len(one.spares) for one in made.strata):,} spares.",
    ]
    if made.strata_by:
        lines += [
            f"  {one.name}: {len(one.numbers):,} of {one.universe:,}, spares {len(one.spares):,}, seed {one.seed}"
            for one in made.strata
        ]
    return lines + [f"Warning: {warning}" for warning in made.warnings]


def _seconds_since_midnight() -> str:
    """What RAT-STATS takes for a seed where none is given: seconds since midnight (UTC), with two decimals."""
    time = environment.now()
    return f"{time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1_000_000:.2f}"
