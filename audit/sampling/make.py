"""A finished run in, the folder of a sample out: the frame listed whole, the draw, the worksheet. Whole, or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from audit import __version__
from audit.errors import ConfigError, InputError
from audit.files.door import make_folder, scratch_folder, sync_folder
from audit.runs.ledgers import decisions
from audit.sampling import cautions, decided, design, draw, review, worksheet
from audit.sampling.design import OfFrame, OfRun, Sample
from audit.sampling.draw import Plan
from audit.sampling.frame import Choice, Frame, open_frame
from audit.sampling.sized import Asked, settle


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; `seed` is kept as it was typed."""

    choice: Choice
    asked: Asked
    spares: int
    seed: str


def make(run: Path, request: Request, out: Path, now: datetime) -> Sample:
    """Draw a sample of the run into the folder `out`, which must not be there yet. Raises ConfigError and InputError."""
    if out.exists():
        raise ConfigError(
            f"{out} is there already: a sample is drawn once.", "Give another --out for a further one; both will be named."
        )
    draw.seed_of(request.seed)
    # A link to the latest run leads elsewhere next month.
    run = run.resolve() if run.is_symlink() else run
    probe = request.asked.probe
    with open_frame(run, request.choice) as frame:
        wanted, size = settle(request.asked, frame)
        plan = Plan(wanted, request.spares, request.seed, size)
        earlier = [one for one in _earlier(out.parent, frame) if probe is None or one[0] != probe.resolve().parent.name]
        make_folder(out.parent)
        with scratch_folder(out.parent, ".sample-") as folder:
            sample = _write(frame, plan, run, folder, now, earlier)
            folder.rename(out)
            sync_folder(out.parent)
    return sample


def _write(frame: Frame, plan: Plan, run: Path, folder: Path, now: datetime, earlier: list[tuple[str, bool]]) -> Sample:
    drawn = draw.strata_of(plan, frame.strata)
    choice, facts = frame.choice, frame.manifest.run
    listed = OfFrame(
        unit=choice.unit,
        of=choice.frame,
        rules=frame.rules,
        file=design.FRAME,
        sha256=frame.write(folder / design.FRAME),
        units=frame.units,
        amount=frame.amount,
        left_out=frame.left_out,
    )
    rows, units = draw.rows_of(frame, drawn)
    entries, unread = decisions.legible(run.parent)
    lines = frame.lines_of(list(units), decided.words_on(entries))
    sample = Sample(
        format=design.FORMAT,
        program=f"claims-audit {__version__}",
        drawn_at=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        seed=plan.seed,
        run=OfRun(facts.label, facts.id, str(run), frame.lines_sha256),
        frame=listed,
        size=plan.size,
        strata_by=choice.strata,
        strata=drawn,
        rows=rows,
        earlier=tuple(name for name, _ in earlier),
        warnings=(*cautions.of_draw(listed, plan, choice.strata, drawn, earlier), *unread),
    )
    design.write(sample, folder)
    worksheet.write(sample, units, lines, folder / design.WORKSHEET)
    return sample


def _earlier(parent: Path, frame: Frame) -> list[tuple[str, bool]]:
    """Other samples of the same run that lie beside this one, and whether answers stand in them."""
    return [(folder.name, review.is_answered(folder / design.WORKSHEET)) for folder in _samples(parent, frame.lines_sha256)]


def _samples(parent: Path, lines_sha256: str) -> Iterator[Path]:
    for path in sorted(parent.glob(f"*/{design.NAME}")):
        try:
            if design.read(path.parent).run.lines_sha256 == lines_sha256:
                yield path.parent
        except InputError:
            continue
