"""`claims-audit estimate`: what a reviewed sample says of the whole."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from audit.sampling.amounts import Combined
    from audit.sampling.estimate import Estimate


@click.command()
@click.argument("worksheet", type=click.Path(path_type=Path), metavar="SAMPLE.xlsx")
@click.option("--json", "is_json", is_flag=True, help="The figures as JSON, not rounded.")
def estimate(worksheet: Path, is_json: bool) -> None:
    """Estimate errors and overpayment of the whole frame from a worksheet that was filled in.

    Figures go to stdout, a page with design, sample, result and how to check it in RAT-STATS to estimate.html beside the
    worksheet. A row without answers is named and refused; a record that is not found is an error in full.

    \b
    claims-audit estimate out/samples/2025-11/sample.xlsx
    """
    from audit.runs.estimates import SAMPLES
    from audit.sampling import page
    from audit.sampling.estimate import estimate as estimated, keep

    found = estimated(worksheet)
    written = page.write(found, worksheet.parent)
    keep(found, worksheet.parent)
    click.echo(json.dumps(_plain(found), indent=1) if is_json else "\n".join(_told(found)))
    for caution in found.cautions:
        click.echo(f"Warning: {caution}", err=True)
    click.echo(f"The page is {written}", err=True)
    if worksheet.resolve().parents[1].name == SAMPLES:
        click.echo(f"claims-audit report {found.review.sample.run.folder} puts it into the report of the run.", err=True)


def _told(found: "Estimate") -> list[str]:
    from audit.sampling.confidence import LEVELS, rounded
    from audit.sampling.estimate import dollars
    from audit.sampling.page_tables import figure, moments

    sample, reviewed, errors = found.review.sample, found.review.reviewed, found.errors
    in_error = sum(one.is_error for one in reviewed)
    lines = [
        f"Sample of run {sample.run.label}: {len(reviewed):,} of {sample.frame.words}",
        f"Seed {sample.seed}, frame {sample.frame.sha256}",
        "",
        f"Units in error: {in_error:,} of {len(reviewed):,}, projected {rounded(errors.projected):,}",
        *(f"  {level} %: {max(errors.limits[level][0], 0):,} to {errors.limits[level][1]:,}" for level in LEVELS),
        "",
    ]
    for name, of in (("Overpayment", found.difference), ("Examined", found.examined), ("Audited", found.audited)):
        lines.append(f"{name}: {dollars(of.point)}, standard error {dollars(of.se_total)}")
        for level in LEVELS:
            one = of.intervals[level]
            percent = "" if one.percent is None else f" ({figure(one.percent)} %)"
            lines.append(
                f"  {level} %: {dollars(one.lower)} to {dollars(one.upper)}, precision {dollars(one.precision)}{percent}"
            )
        for stratum, total in zip(sample.strata, of.strata, strict=True):
            mean, deviation, skewness, kurtosis = moments(total.moments)
            lines.append(f"  {stratum.name}: mean {mean}, deviation {deviation}, skewness {skewness}, kurtosis {kurtosis}")
        lines.append("")
    return [*lines, found.statement]


def _plain(found: "Estimate") -> dict[str, Any]:
    sample = found.review.sample
    return {
        "run": sample.run.label,
        "seed": sample.seed,
        "units": sample.frame.units,
        "reviewed": len(found.review.reviewed),
        "errors": {
            "found": sum(one.is_error for one in found.review.reviewed),
            "projected": float(found.errors.projected),
            "standard_error": found.errors.se_total,
            "limits": {str(level): list(limits) for level, limits in found.errors.limits.items()},
        },
        "examined": _total(found.examined),
        "audited": _total(found.audited),
        "overpayment": _total(found.difference),
        "amount_to_state": int(found.lower),
        "statement": found.statement,
        "sizes": found.sizes,
        "cautions": list(found.cautions),
    }


def _total(of: "Combined") -> dict[str, Any]:
    return {
        "point": float(of.point),
        "standard_error": of.se_total,
        "limits": {str(level): [one.lower, one.upper] for level, one in of.intervals.items()},
        "strata": [
            {
                "universe": one.universe,
                "sample": one.moments.sample,
                "mean": float(one.moments.mean),
                "deviation": one.moments.deviation,
                "skewness": one.moments.skewness,
                "kurtosis": one.moments.kurtosis,
            }
            for one in of.strata
        ],
    }
