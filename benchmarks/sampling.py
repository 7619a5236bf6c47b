"""How often the interval of a sample holds the true overpayment, and its lower limit does not exceed it.

Audits the sample practice, whose findings are known to be all that is wrong in it, and draws from it with 500 seeds: unrestricted
and by strata of dollars, 30 to 200 units, from the findings and from all claims; and from all claims with overpayments of two
other kinds, most of them overpaid in part, and nearly all overpaid in full.

Prints the share of samples whose two-sided 90 % interval holds the truth (claimed: 90 %), and whose lower limit does not
exceed it (claimed: 95 %), each with the 95 % interval of that share. Judges nothing.

    python -m benchmarks.sampling --seeds 500
"""

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

from audit.engine.statistics import wilson_lower_bound
from audit.pipeline.run import run
from audit.sampling import amounts, draw
from audit.sampling.design import Size
from audit.sampling.draw import Plan
from audit.sampling.frame import KEYS, Choice, Frame, Stratum, open_frame
from audit.sampling.strata import By
from audit.settings import config as configuration

ROOT = Path(__file__).parents[1]
SIZES = (30, 60, 100, 200)
LEVEL = 90
Kind = Literal["true", "partly", "in full"]
POPULATIONS: tuple[tuple[str, str, Kind], ...] = (
    ("claims, --frame findings", "findings", "true"),
    ("claims, --frame all", "all", "true"),
    ("all claims, seven of ten overpaid by up to 40 %", "all", "partly"),
    ("all claims, 95 of 100 overpaid in full", "all", "in full"),
)
_TRUTH = """
SELECT stratum, place, any_value(amount) AS amount, sum(counted_once) AS overpaid
FROM frame INNER JOIN line USING ({keys})
GROUP BY stratum, place ORDER BY stratum, place
"""
_CUTS: tuple[By | None, ...] = (None, "dollars")


@dataclass(frozen=True)
class Population:
    """A frame with the truth: the overpayment of each unit, stratum by stratum, in the order of places."""

    name: str
    strata: tuple[Stratum, ...]
    overpaid: tuple[tuple[Decimal, ...], ...]

    @property
    def total(self) -> Decimal:
        """What was truly overpaid."""
        return sum((amount for part in self.overpaid for amount in part), Decimal(0))


def seeds(number: int) -> Iterator[str]:
    """Seeds as RAT-STATS has them: seconds since midnight with two decimals."""
    return (f"{at * 172.37 % 86_400:.2f}" for at in range(1, number + 1))


def of_frame(name: str, frame: Frame, kind: Kind) -> Population:
    """The population of a frame, with overpayments as they are, or of another kind."""
    rows = frame.con.execute(_TRUTH.format(keys=", ".join(KEYS[frame.choice.unit]))).fetchall()
    rng, parts = random.Random(1), [list[Decimal]() for _ in frame.strata]
    for stratum, _, amount, overpaid in rows:
        parts[stratum - 1].append(_overpaid(kind, amount, overpaid, rng))
    return Population(name, frame.strata, tuple(map(tuple, parts)))


def _overpaid(kind: Kind, amount: Decimal, overpaid: Decimal, rng: random.Random) -> Decimal:
    if kind == "partly":
        part = Decimal(rng.randint(1, 40)) / 100
        return (amount * part).quantize(Decimal("0.01")) if rng.random() < 0.7 else Decimal(0)
    if kind == "in full":
        return amount if rng.random() < 0.95 else Decimal(0)
    return overpaid


def holds(population: Population, size: int, seed: str) -> tuple[bool, bool]:
    """Whether the interval of one sample holds the truth, and whether its lower limit does not exceed it."""
    plan = Plan(draw.shared(size, population.strata), 0, seed, Size(size, None, None, None, None))
    drawn = draw.strata_of(plan, population.strata)
    parts = [
        (one.universe, [overpaid[place - 1] for place in one.numbers])
        for one, overpaid in zip(drawn, population.overpaid, strict=True)
    ]
    found = amounts.total(*parts[0]) if len(parts) == 1 else amounts.stratified(parts)
    interval, truth = found.intervals[LEVEL], float(population.total)
    return interval.lower <= truth <= interval.upper, interval.lower <= truth


def share(hits: int, trials: int) -> str:
    """A share in per cent with its interval: "88.4 % (85.3 to 90.9)"."""
    low = wilson_lower_bound(hits, trials, 0.95)
    high = 1 - wilson_lower_bound(trials - hits, trials, 0.95)
    return f"{100 * hits / trials:5.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def measure(populations: Sequence[Population], number: int) -> None:
    """Print a line for each population and size."""
    for population in populations:
        units = sum(one.universe for one in population.strata)
        wrong = sum(1 for part in population.overpaid for one in part if one)
        print(f"\n{population.name}: {units:,} units, {wrong:,} overpaid, ${population.total:,.2f} in all")
        for size in SIZES:
            if size >= units:
                continue
            found = [holds(population, size, seed) for seed in seeds(number)]
            interval, lower = (sum(one[at] for one in found) for at in (0, 1))
            print(f"  n = {size:3}: interval {share(interval, number)}, lower limit {share(lower, number)}", flush=True)


def main() -> None:
    """Audit the sample practice and measure."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seeds", type=int, default=500)
    number = words.parse_args().seeds
    with tempfile.TemporaryDirectory() as scratch:
        samples = ROOT / "data_samples"
        config = configuration.combine(
            (str(samples),), samples / "audit.toml", {"out": str(Path(scratch) / "out"), "phi": "hidden"}
        )
        folder = run(config, datetime(2026, 1, 5, tzinfo=UTC)).folder
        populations = []
        for what, of, kind in POPULATIONS:
            for by in _CUTS:
                with open_frame(folder, Choice("claim", of, by)) as frame:
                    populations.append(of_frame(f"{what}, {'by dollar strata' if by else 'unrestricted'}", frame, kind))
    measure(populations, number)


if __name__ == "__main__":
    main()
