"""What the folder of runs remembers of findings; it says how those of a new run stand (queries/findings/20_finding.sql)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

import pyarrow as pa

_TEXT, _COUNT = pa.string(), pa.int32()
EARLIER = pa.schema([("finding_id", _TEXT)])
PAST = pa.schema(
    [
        ("finding_id", _TEXT),
        ("rule_id", _TEXT),
        ("rendering_npi", _TEXT),
        ("billing_npi", _TEXT),
        ("payer_name", _TEXT),
        ("status", _TEXT),
        ("steps_back", _COUNT),
    ]
)
SUPPRESSED = pa.schema([("finding_id", _TEXT)])
SUPPRESSED_KIND = pa.schema([("rule_id", _TEXT), ("payer_name", _TEXT), ("provider", _TEXT), ("procedure_code", _TEXT)])
DECIDED = pa.schema([("finding_id", _TEXT), ("decision", _TEXT), ("rule_version", _COUNT), ("rests_on", _TEXT)])


@dataclass(frozen=True, slots=True)
class Remembered:
    """Tables by the name under which SQL reads them.

    `earlier_finding`: findings of the run before. `past_finding`: those of the runs of earlier dates, `steps_back` 1 in the
    one before this. `suppressed_finding`, `suppressed_kind`: what a person has set aside, NULL being any payer, provider
    (NPI) or code. `decided_finding`: what reviewers decided last, and what the finding rested on when they did.
    """

    earlier_finding: pa.Table = field(default_factory=EARLIER.empty_table)
    past_finding: pa.Table = field(default_factory=PAST.empty_table)
    suppressed_finding: pa.Table = field(default_factory=SUPPRESSED.empty_table)
    suppressed_kind: pa.Table = field(default_factory=SUPPRESSED_KIND.empty_table)
    decided_finding: pa.Table = field(default_factory=DECIDED.empty_table)

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Each table with its name."""
        return ((one.name, getattr(self, one.name)) for one in fields(self))


def table_of(of: pa.Schema, rows: Iterable[Mapping[str, object]]) -> pa.Table:
    """A table of one of the schemas above; names that a row lacks are NULL."""
    return pa.Table.from_pylist([{name: row.get(name) for name in of.names} for row in rows], schema=of)
