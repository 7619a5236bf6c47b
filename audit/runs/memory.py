"""What a new run is told of the folder's runs and ledgers, as the tables that its engine asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
import pyarrow as pa

from audit.engine import remembered
from audit.engine.remembered import Remembered
from audit.runs.folder import soundness
from audit.runs.format.manifest import Suppression
from audit.runs.ledgers import attempts, decisions, losses, seals, suppressions
from audit.runs.ledgers.decisions import Entry
from audit.runs.timeline import history
from audit.runs.timeline.history import PastRun

# So many runs in a row are looked back on for findings that come again.
LOOKED_BACK = 12
_LEFT_OUT = "An earlier run is left out of what this one is compared with"


@dataclass(frozen=True)
class Recalled:
    """What the folder of the runs holds when a new one is made.

    `earlier`: runs whose services end before this one's, in order; `row`: of them those in a row before it, last first;
    `others`: all runs of another label; `suppressions`: those in force, and `every_suppression` those that ended too;
    `decided`: the ledger of decisions, in order; `of_earlier`: what of earlier months was put right, is gone, or is damaged and
    was left out, a sentence each.
    """

    earlier: tuple[PastRun, ...]
    row: tuple[PastRun, ...]
    others: tuple[PastRun, ...]
    suppressions: tuple[Suppression, ...]
    every_suppression: tuple[Suppression, ...]
    decided: tuple[Entry, ...]
    of_earlier: tuple[str, ...]

    @property
    def before(self) -> PastRun | None:
        """The run that this one is compared with."""
        return self.earlier[-1] if self.earlier else None


def recall(out: Path, label: str, service_dates: tuple[date, date], today: date, recovered: Sequence[str] = ()) -> Recalled:
    """Read the folder's runs and ledgers for a run of this label and these first and last dates of service.

    `recovered` is what the start of the run put right in the folder already.
    """
    first, last = service_dates
    past = history.look(out)
    earlier = history.before(past.runs, label, last)
    aside, damaged_aside = suppressions.legible(out)
    decided, damaged_decided = decisions.legible(out)
    return Recalled(
        earlier=earlier,
        row=tuple(in_a_row(earlier, first)),
        others=tuple(run for run in past.runs if run.label != label),
        suppressions=tuple(suppressions.in_force(aside, today)),
        every_suppression=aside,
        decided=decided,
        of_earlier=(
            *recovered,
            *damaged_aside,
            *damaged_decided,
            *attempts.damage(out),
            *seals.damage(out),
            *losses.told(out, but=label),
            *(f"{_LEFT_OUT}: {why}" for why in past.unread),
            *soundness.altered(past.runs, seals.read(out)),
        ),
    )


def in_a_row(earlier: Sequence[PastRun], first_service_date: date) -> list[PastRun]:
    """Of runs in order of their dates those that tell one stretch after another, last first: none overlaps the next."""
    row: list[PastRun] = []
    edge = first_service_date
    for run in reversed(earlier):
        if run.last_service_date < edge:
            row.append(run)
            edge = run.first_service_date
    return row[:LOOKED_BACK]


def remember(recalled: Recalled) -> Remembered:
    """What says how a run's findings stand: the runs before it, those in a row before it, and the two ledgers."""
    aside = [msgspec.structs.asdict(entry) for entry in recalled.suppressions]
    decided = decisions.standing(recalled.decided)
    return Remembered(
        earlier_finding=_ids(recalled.before) if recalled.before else remembered.EARLIER.empty_table(),
        past_finding=_past(recalled.row),
        suppressed_finding=remembered.table_of(remembered.SUPPRESSED, [one for one in aside if one["finding_id"]]),
        suppressed_kind=remembered.table_of(remembered.SUPPRESSED_KIND, [one for one in aside if not one["finding_id"]]),
        decided_finding=remembered.table_of(remembered.DECIDED, [_decided(entry) for entry in decided.values()]),
    )


def _ids(run: PastRun) -> pa.Table:
    return history.findings_of(run, remembered.EARLIER.names).cast(remembered.EARLIER)


def _past(row: Iterable[PastRun]) -> pa.Table:
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
