"""Medicaid has NCCI tables of its own, in the layout of Medicare's: told apart, so that none is taken for the other.

CMS names Medicaid's downloads so (`medicaid-ncci-2026-q3-ptp-edits-practitioner-services.zip`, members with `MCD`). Its MUE
tables have no adjudication indicator, for Medicaid judges each line, and none of its PTP edits is older than the
programme's, which began in October 2010 (Section 6507 of the Affordable Care Act); Medicare's begin in 1996.
"""

import re
from collections.abc import Sequence
from datetime import date

from audit.errors import InputError

_NAMED = re.compile(r"medicaid|(?<![a-z])mcd(?![a-z])", re.IGNORECASE)
_INDICATOR = re.compile(r"adjudication|\bmai\b", re.IGNORECASE)
_BEGAN = date(2010, 10, 1)
# Any whole part of Medicare's table has edits from before that day among so many rows.
_TELLING_ROWS = 10_000
_MEND = "Its edits bind Medicaid alone, and those are not judged. Import Medicare's table; nothing was imported."


def refuse_medicaid(label: str, texts: Sequence[str]) -> None:
    """Raise InputError where names or header cells say Medicaid. `label` is how messages name the file."""
    if any(_NAMED.search(text) for text in texts):
        raise InputError(f"{label}: this is Medicaid's table, by its name or header, and not Medicare's.", _MEND)


def refuse_mue_of_medicaid(label: str, header: Sequence[str]) -> None:
    """Raise InputError for an MUE table without adjudication indicators."""
    if not any(_INDICATOR.search(cell) for cell in header):
        raise InputError(f"{label}: an MUE table without adjudication indicators is Medicaid's, and not Medicare's.", _MEND)


def refuse_ptp_of_medicaid(label: str, rows: int, oldest: date) -> None:
    """Raise InputError for a PTP table, of a name that is silent, that has no edit from before Medicaid's began."""
    if rows >= _TELLING_ROWS and oldest >= _BEGAN:
        raise InputError(
            f"{label}: none of its {rows:,} edits is from before {_BEGAN}, as in Medicaid's table; Medicare's begin in 1996.",
            f"{_MEND} If it is Medicare's, give it CMS's own name back (ccipra-v322r0-f1.txt).",
        )
