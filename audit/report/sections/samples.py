"""Sample and extrapolation: what reviewed samples of the run said of the whole."""

from audit.report.stored.source import StoredRun
from audit.report.text import clean, count, money
from audit.report.view import Breakdown, Cell, Column, Table
from audit.runs import estimates
from audit.runs.estimates import Estimated

_HEADS = ("Sample", "Frame", "Reviewed", "In error", "Units in error, 90 %", "Point estimate", "90 % interval", "Amount to state")
_TEXT = (
    "Records were drawn at random and reviewed, and what they showed was extrapolated. The amount to state is the lower limit of "
    "the two-sided 90 % interval, not the point estimate. Design, figures and how to check them stand in each sample's own page, "
    "estimate.html."
)


def samples(run: StoredRun) -> Breakdown | None:
    """The section; None where no sample of the run has been reviewed."""
    found = estimates.of_run(run.folder, run.manifest)
    if not found:
        return None
    text = _TEXT
    if len(found) > 1:
        text += " Where several samples were reviewed, the one counts that was named before its records were read."
    columns = tuple(Column(head, "text" if at < 2 else "number") for at, head in enumerate(_HEADS))
    rows = tuple(_row(name, one) for name, one in found)
    note = " ".join(f"{clean(name)}: {clean(caution, 1000)}" for name, one in found for caution in one.cautions)
    table = Table("samples-table", "Reviewed samples", columns, rows, note=note, style="stack")
    return Breakdown("Sample and extrapolation", "samples", text, (table,))


def _row(name: str, one: Estimated) -> tuple[Cell, ...]:
    low, middle, high = one.errors
    lower, point, upper = one.overpayment
    return (
        Cell(clean(name), f"seed {clean(one.seed)}, strata: {clean(one.strata)}"),
        Cell(clean(one.frame), f"SHA-256 {clean(one.frame_sha256, 16)}"),
        Cell(count(one.reviewed)),
        Cell(count(one.in_error)),
        Cell(f"{count(low)} to {count(high)}", f"projected {count(middle)}"),
        Cell(money(point)),
        Cell(f"{money(lower)} to {money(upper)}"),
        Cell(money(one.stated), clean(one.statement, 600)),
    )
