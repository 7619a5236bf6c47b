"""How many units to draw: stated, or worked out for a precision from a probe sample or an expected error rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.errors import ConfigError
from audit.sampling import amounts, review, sizes
from audit.sampling.design import Size
from audit.sampling.draw import at_least, shared
from audit.sampling.frame import Frame, Stratum
from audit.sampling.sizes import Part, Spread
from audit.sampling.strata import LEAST


@dataclass(frozen=True, slots=True)
class Asked:
    """A size, or a precision in per cent with a confidence and either an expected share of errors or a reviewed probe."""

    size: int | None = None
    precision: float | None = None
    confidence: int = 90
    error_rate: float | None = None
    probe: Path | None = None


def settle(asked: Asked, frame: Frame) -> tuple[tuple[int, ...], Size]:
    """The units to draw of each stratum, and how that came about. Raises ConfigError and InputError."""
    if asked.size is not None:
        return shared(asked.size, frame.strata), Size(asked.size, None, None, None, None)
    if asked.precision is None:
        raise ConfigError("Say how many to draw: --size, or --precision with --probe or --error-rate.")
    spreads = _expected(asked, frame)
    if sum(one.universe * spread.mean for one, spread in zip(frame.strata, spreads, strict=True)) <= 0:
        raise ConfigError(
            "The probe shows no overpayment, so no sample has a precision in per cent of it.",
            "State a --size, or an --error-rate.",
        )
    found = _for_precision(asked.precision, asked.confidence, frame.strata, spreads)
    how = Size(None, asked.precision, asked.confidence, asked.error_rate, asked.probe.parent.name if asked.probe else None)
    return at_least(LEAST, found, frame.strata), how


def _expected(asked: Asked, frame: Frame) -> list[Spread]:
    """What overpayments to expect in each stratum."""
    if (asked.error_rate is None) == (asked.probe is None):
        raise ConfigError(
            "--precision needs to know how overpayments vary: give --probe (a reviewed sample.xlsx) or --error-rate.",
            "A probe of 30 units is the better of the two.",
        )
    if asked.error_rate is not None:
        rate = asked.error_rate
        return [sizes.of_error_rate(rate, Spread(one.mean, one.deviation)) for one in frame.strata]
    return _of_probe(review.read(asked.probe), frame) if asked.probe else []


def _of_probe(found: review.Review, frame: Frame) -> list[Spread]:
    theirs = found.sample
    same_frame = (theirs.run.lines_sha256, theirs.frame.unit, theirs.frame.of) == (
        frame.lines_sha256,
        frame.choice.unit,
        frame.choice.frame,
    )
    if not same_frame or theirs.strata_by != frame.choice.strata:
        raise ConfigError(
            "The probe was drawn from another run, unit or frame, or cut into other strata.",
            "Draw the probe with the same --unit, --frame and --strata as the sample that it is for.",
        )
    return [_spread(stratum) for stratum in found.strata]


def _spread(stratum: Sequence[review.Reviewed]) -> Spread:
    of = amounts.moments([one.difference for one in stratum])
    return Spread(float(of.mean), of.deviation)


def _for_precision(precision: float, confidence: int, strata: Sequence[Stratum], spreads: Sequence[Spread]) -> tuple[int, ...]:
    if len(strata) == 1:
        return (sizes.size(strata[0].universe, spreads[0], precision, confidence),)
    parts = [Part(one.universe, spread.mean, spread.deviation) for one, spread in zip(strata, spreads, strict=True)]
    return sizes.stratified(parts, precision, confidence)
