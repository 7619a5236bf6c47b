"""What an auditor should settle before trusting a run: statuses and payers read with doubt, old editions, settings without use.

Each is a sentence among the warnings of the intake, in `run` and `check` alike.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from audit.model import Intake
from audit.reference.loaded import Edition, outdated

SUMMARIES = ("oddities", "payers", "unmatched_patterns")


def with_oddities(
    taken: Intake, summary: Mapping[str, Sequence[Mapping[str, Any]]], editions: Iterable[Edition], last: date | None
) -> Intake:
    """The intake with a warning for each oddity. `summary` holds the rows of SUMMARIES; `last` is the last date of service."""
    names = list(dict.fromkeys(row[key] for row in summary["payers"] for key in ("payer_name", "payer_id") if row[key]))
    said = [str(row["sentence"]) for row in summary["oddities"]]
    said += [_unmatched(row, names) for row in summary["unmatched_patterns"]]
    said += outdated(editions, last) if last else []
    return replace(taken, warnings=(*taken.warnings, *said)) if said else taken


def _unmatched(row: Mapping[str, Any], names: Sequence[str]) -> str:
    pattern = str(row["pattern"])
    by_key = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(pattern.strip("*?"), by_key, n=1, cutoff=0.5)
    nearest = f" The nearest is {by_key[found[0]]!r}." if found else ""
    return f"audit.toml: no payer of the export fits {pattern!r}, in [[payer]] table {row['position']}.{nearest}"
