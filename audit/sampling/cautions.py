"""What is done wrong in the field, said where it happens: at the draw, and beside the result."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from audit.errors import InputError
from audit.runs.estimates import LINES
from audit.runs.format import stored
from audit.sampling import generator
from audit.sampling.amounts import Combined
from audit.sampling.design import DrawnStratum, OfFrame
from audit.sampling.draw import Plan, seed_of
from audit.sampling.review import Review
from audit.sampling.strata import LEAST, By

# RAT-STATS draws no more numbers at once, and equality with it has been shown for no larger frame.
RATSTATS_NUMBERS = 2_000
RATSTATS_FRAME = 88_704
# Fewer units than these of one kind, and the amounts are too lopsided for the curve.
_FEW = 10
_RARE = (
    ", so the interval is less sure than it says. Of 500 trial samples from a frame with 1 claim of 39 overpaid, the 90 % "
    "interval held the truth in 55 of 100 samples of 30 claims, 72 of 60, 78 of 100 and 85 of 200: it ends too low. The "
    "amount to state, its lower limit, was above the truth in 2 of 100 at most. Draw more units, or draw from a narrower "
    "frame."
)
_NEARLY_ALL = (
    ", so the amount to state may be too high. Of 500 trial samples from a frame with 95 of 100 claims overpaid in full and "
    "cut into three strata, the lower limit was above the truth in 11 of 100 samples of 30 claims, 10 of 60, 7 of 100 and 6 "
    "of 200, where 5 are meant. Draw more units of each stratum."
)
_RESERVED = "The lower limit that is stated rests on the curve of many units; with few it may promise too much."


def of_draw(
    frame: OfFrame, plan: Plan, by: By | None, strata: Sequence[DrawnStratum], earlier: Iterable[tuple[str, bool]]
) -> list[str]:
    """The cautions of a draw; `earlier` are other samples of the same run, and whether answers stand in them."""
    said = []
    if frame.left_out:
        said.append(
            f"{frame.left_out:,} units of the run are not in the frame: their amount is not known, or not above zero. "
            "The result says nothing of them."
        )
    if plan.size.stated is not None:
        said.append(
            "The size was stated without a probe: nothing says yet how precise the result will be. Estimate a small sample "
            "first; its page shows the size for each precision."
        )
    if by and len(strata) == 1:
        said.append(f"There is one stratum, {strata[0].name}, for groups of fewer than {LEAST} units are joined. Nothing is cut.")
    said += few(strata)
    said += _of_seed(plan.seed, strata)
    for name, is_answered in earlier:
        said.append(
            f"Sample {name} of the same run has answers already: a frame, strata or a size chosen after results are known bias "
            "the estimate. State which sample counts, and why."
            if is_answered
            else f"This run has another sample, {name}. Review one of them, and say which before any record is read."
        )
    return said


def of_result(found: Review, difference: Combined, folder: Path) -> Iterator[str]:
    """The cautions of a reviewed sample that lies in `folder`: those of its draw, and what the review brought."""
    sample = found.sample
    yield from _changed(found, folder)
    missing = sum(one.is_missing for one in found.reviewed)
    if missing:
        yield (
            f"Records that were not found: {missing:,}. Each counts as an error in full, its whole amount as overpaid; one that "
            "turns up later changes the estimate."
        )
    if found.replaced:
        yield f"Units that were not of the frame: {len(found.replaced):,}. Spares stand for them; the reasons are listed."
    yield from _lopsided(found)
    for one, total in zip(sample.strata, difference.strata, strict=True):
        where = "the sample" if len(sample.strata) == 1 else f"stratum {one.name}"
        if total.moments.sample < one.universe and not total.moments.deviation:
            yield (
                f"All units of {where} differ by the same amount, so that its interval has no width: those not reviewed may well "
                "differ."
            )
    yield from sample.warnings


def _lopsided(found: Review) -> Iterator[str]:
    """Samples in which nearly all units are of one kind; what is said of trials is what benchmarks/sampling.py prints."""
    parts = zip(found.sample.strata, found.strata, strict=True)
    units = [unit for one, reviewed in parts if len(reviewed) < one.universe for unit in reviewed]
    overpaid = sum(unit.difference > 0 for unit in units)
    if 0 < overpaid < _FEW:
        yield f"Only {overpaid} of {len(units):,} reviewed units are overpaid{_RARE}"
    in_part = sum(unit.difference < unit.row.amount for unit in units)
    if overpaid >= _FEW and in_part < _FEW:
        yield f"Only {in_part} of {len(units):,} reviewed units are not overpaid in full{_NEARLY_ALL}"


def _changed(found: Review, folder: Path) -> Iterator[str]:
    """Whether frame and run are still what was drawn from."""
    frame, run = found.sample.frame, found.sample.run
    listed = folder / frame.file
    if not listed.is_file():
        yield f"{frame.file} is gone: nobody can see any more what was drawn from."
    elif stored.sha256_of(listed) != frame.sha256:
        yield f"{frame.file} was changed after the draw: the estimate holds for the frame as it was, and not for this one."
    try:
        outputs = {one.file: one.sha256 for one in stored.read(Path(run.folder)).outputs}
    except InputError:
        return
    if outputs.get(LINES) != run.lines_sha256:
        yield "The run was made again since the draw, and its lines are others: the estimate holds for the lines as they were."


def few(strata: Sequence[DrawnStratum]) -> list[str]:
    """Strata of which fewer than 30 units, and not all, are reviewed."""
    found = [one for one in strata if len(one.numbers) < min(LEAST, one.universe)]
    if not found:
        return []
    where = "The sample" if len(strata) == 1 else ", ".join(f"stratum {one.name}" for one in found)
    verb = "has" if len(found) == 1 else "have"
    return [f"{where} {verb} fewer than {LEAST} units. {_RESERVED}"]


def _of_seed(seed: str, strata: Sequence[DrawnStratum]) -> list[str]:
    said, value = [], seed_of(seed)
    if generator.stream_of(value) == generator.stream_of(value + 1):
        said.append(
            f"The seed {seed} draws the same rows as other whole numbers beside it: only 16 bits of a seed count. RAT-STATS's "
            "own seeds are seconds since midnight with two decimals, as 48863.78."
        )
    if max(len(one.numbers) + len(one.spares) for one in strata) > RATSTATS_NUMBERS:
        said.append(f"RAT-STATS draws at most {RATSTATS_NUMBERS:,} numbers at once and cannot repeat this draw.")
    if max(one.universe for one in strata) > RATSTATS_FRAME:
        said.append(f"That RAT-STATS draws the same rows has been shown for frames of up to {RATSTATS_FRAME:,} units.")
    return said
