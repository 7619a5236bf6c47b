"""The one clock of the verbs."""

import os
from datetime import UTC, datetime


def now() -> datetime:
    """The time at which a verb works; SOURCE_DATE_EPOCH (seconds) fixes it where a build must be repeatable."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed.isdigit() else datetime.now(UTC)


def seconds_since_midnight() -> str:
    """What RAT-STATS takes for a seed where none is given: seconds since midnight (UTC), with two decimals."""
    time = now()
    return f"{time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1_000_000:.2f}"
