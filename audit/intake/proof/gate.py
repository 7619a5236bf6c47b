"""The gate: an export too many of whose rows cannot be read is not audited, because what is left would mislead."""

from audit.errors import InputError
from audit.model import Intake
from audit.terms import plural

_COMMONEST = 10


def check_rejects(intake: Intake, most: float = 0.01) -> None:
    """InputError with the ten commonest reasons where more than the share `most` (0 to 1) of the rows was rejected.

    Rows that are no claim lines, and so left out, are not counted: they would make a bad export look better.
    """
    rows = intake.rows - intake.left_out_rows
    if not rows or intake.rejected_rows <= most * rows:
        return
    listed = "\n".join(
        f"  {rejection.rows:>9,}  {rejection.column or 'row'}: {rejection.reason} ({intake.places_of(rejection)})"
        for rejection in intake.rejections[:_COMMONEST]
    )
    share = 100 * intake.rejected_rows / rows
    raise InputError(
        f"{intake.rejected_rows:,} of {plural(rows, 'row')} ({share:.1f} %) could not be read; "
        f"the limit is {100 * most:g} %.\n{listed}",
        "Mend the export or its mapping under [columns] in audit.toml, or raise the limit there: max_rejected under [audit].",
    )
