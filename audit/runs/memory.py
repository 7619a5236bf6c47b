"""What a new run is told of the folder's runs and ledgers, as the tables that its engine asks for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec
import pyarrow as pa

from audit.engine import remembered
from audit.engine.remembered import Remembered
from audit.runs import history
from audit.runs.decisions import Entry
from audit.runs.history import PastRun
from audit.runs.manifest import Suppression

# So many runs in a row are looked back on for findings that come again.
LOOKED_BACK = 12


def in_a_row(earlier: Sequence[PastRun], first_service_date: date) -> list[PastRun]:
    """Of runs in order of their dates those that tell one stretch after another, last first: none overlaps the next."""
    row: list[PastRun] = []
    edge = first_service_date
    for run in reversed(earlier):
        if run.last_service_date < edge:
            row.append(run)
            edge = run.first_service_date
    return row[:LOOKED_BACK]


def remember(
    earlier: Sequence[PastRun], row: Sequence[PastRun], set_aside: Iterable[Suppression], decided: Mapping[str, Entry]
) -> Remembered:
    """What says how a run's findings stand: the runs before it, those in a row before it, and the two ledgers."""
    aside = [msgspec.structs.asdict(entry) for entry in set_aside]
    return Remembered(
        earlier_finding=_ids(earlier[-1]) if earlier else remembered.EARLIER.empty_table(),
        past_finding=_past(row),
        suppressed_finding=remembered.table_of(remembered.SUPPRESSED, [one for one in aside if one["finding_id"]]),
        suppressed_kind=remembered.table_of(remembered.SUPPRESSED_KIND, [one for one in aside if not one["finding_id"]]),
        decided_finding=remembered.table_of(remembered.DECIDED, [_decided(entry) for entry in decided.values()]),
    )


def _ids(run: PastRun) -> pa.Table:
    return history.findings_of(run, remembered.EARLIER.names).cast(remembered.EARLIER)


def _past(row: Sequence[PastRun]) -> pa.Table:
    tables = [remembered.PAST.empty_table()]
    for steps, run in enumerate(row, start=1):
        found = history.findings_of(run, remembered.PAST.names)
        steps_back = pa.array([steps] * found.num_rows, pa.int32())
        tables.append(found.append_column("steps_back", steps_back).select(remembered.PAST.names).cast(remembered.PAST))
    return pa.concat_tables(tables)


def _decided(entry: Entry) -> dict[str, object]:
    return {
        "finding_id": entry.what.finding_id,
        "decision": entry.what.decision,
        "rule_version": entry.rule_version,
        "rests_on": entry.rests_on,
    }
