"""Findings back again: the same rule for the same provider and payer, run after run, with the rate of each run."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from audit.runs.format import stored
from audit.runs.format.manifest import ProviderFigures
from audit.runs.format.review_records import Recurrence
from audit.runs.timeline.history import PastRun

# So many are kept in a manifest; the others are counted.
LIMIT = 200


def recurrences(
    rows: Sequence[Mapping[str, Any]], row_of_runs: Sequence[PastRun], own: Iterable[ProviderFigures]
) -> tuple[Recurrence, ...]:
    """The first of the rows of queries/summary/recurrences.sql, with each run's lines of the provider.

    `row_of_runs` are the earlier runs in a row, last first; `own` are the providers of this run.
    """
    if not rows:
        return ()
    lines = [_lines(own), *(_lines(stored.read(run.folder).summary.by_provider) for run in row_of_runs)]
    return tuple(_recurrence(row, lines) for row in rows[:LIMIT])


def _recurrence(row: Mapping[str, Any], lines: Sequence[Mapping[str | None, int]]) -> Recurrence:
    of_runs = lines[: len(row["findings"])]
    return Recurrence(
        row["rule_id"],
        row["provider"],
        row["payer_name"],
        tuple(row["findings"]),
        tuple(of_run.get(row["provider"], 0) for of_run in reversed(of_runs)),
        row["confirmed"],
        row["refunded"],
        row["gross"],
    )


def _lines(providers: Iterable[ProviderFigures]) -> Counter[str | None]:
    """Lines by NPI: who bills in two roles is one provider."""
    found: Counter[str | None] = Counter()
    for one in providers:
        found[one.rendering_npi] += one.lines
    return found
