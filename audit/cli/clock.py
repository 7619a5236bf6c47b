"""What time it is, for every verb alike."""

import os
from datetime import UTC, datetime


def now() -> datetime:
    """The time of the run, in UTC; SOURCE_DATE_EPOCH (seconds) fixes it where a build must be repeatable."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed.isdigit() else datetime.now(UTC)
