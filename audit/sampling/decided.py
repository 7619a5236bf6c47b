"""What reviewers decided of a run's findings before its sample is reviewed, in words for the worksheet."""

from collections.abc import Iterable

import pyarrow as pa

from audit.report.text import money
from audit.runs.ledgers.decisions import Decision, Entry, standing
from audit.terms import DecisionWord

_WORDS: dict[DecisionWord, str] = {
    "confirm": "confirmed",
    "dismiss": "dismissed",
    "ask for record": "record asked for",
    "refer": "referred",
    "refunded": "refunded",
}
_SHAPE = pa.schema({"finding_id": pa.string(), "rule_version": pa.int64(), "rests_on": pa.string(), "words": pa.string()})


def words_on(entries: Iterable[Entry]) -> pa.Table:
    """What holds of each finding: finding_id, rule_version and rests_on (what it rested on when it was decided), words."""
    rows = [
        {
            "finding_id": id_,
            "rule_version": entry.rule_version,
            "rests_on": entry.rests_on,
            "words": _words(entry.what),
        }
        for id_, entry in standing(entries).items()
    ]
    return pa.Table.from_pylist(rows, schema=_SHAPE)


def _words(what: Decision) -> str:
    amount = f" {money(what.amount)}" if what.amount is not None else ""
    return f"{_WORDS[what.decision]}{amount}, {what.decided_on:%Y-%m-%d}"
