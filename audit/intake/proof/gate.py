"""The gate: an export too many of whose rows cannot be read is not audited, because what is left would mislead."""

from audit.errors import InputError
from audit.intake.rows.casting import REVENUE_CODE_LINE
from audit.model import Intake

_COMMONEST = 10


def check_rejects(intake: Intake, most: float = 0.01) -> None:
    """InputError with the ten commonest reasons where more than the share `most` (0 to 1) of the rows was rejected."""
    beside = sum(rejection.rows for rejection in intake.rejections if rejection.reason == REVENUE_CODE_LINE)
    if not intake.rows or intake.rejected_rows - beside <= most * intake.rows:
        return
    listed = "\n".join(
        f"  {rejection.rows:>9,}  {rejection.column or 'row'}: {rejection.reason}" for rejection in intake.rejections[:_COMMONEST]
    )
    share = 100 * intake.rejected_rows / intake.rows
    raise InputError(
        f"{intake.rejected_rows:,} of {intake.rows:,} rows ({share:.1f} %) could not be read; "
        f"the limit is {100 * most:g} %.\n{listed}",
        "Mend the export or its mapping under [columns] in audit.toml, or raise the limit there.",
    )
