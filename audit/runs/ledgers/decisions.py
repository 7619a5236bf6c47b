"""What reviewers have decided of findings: decisions.jsonl beside the runs, one JSON object a line, only ever added to.

An entry says what was decided, by whom and when, from which file it came, and what the finding rested on that day: the
rule's version and the finding's `rests_on`. It names findings by id; a note is the reviewer's words.
"""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from audit.errors import InputError
from audit.files.door import new_file, read_whole
from audit.files.lock import writing
from audit.machine.troubles import pass_on
from audit.runs.ledgers import checkpoints
from audit.runs.ledgers.seals import Seal
from audit.runs.timeline import history
from audit.terms import DecisionWord, plural

NAME = "decisions.jsonl"
WORDS: tuple[DecisionWord, ...] = get_args(DecisionWord)
_OF_FINDING = ("finding_id", "rule_id", "rule_version", "amount_at_risk", "rests_on")


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer says of a finding. `amount`: what stands of it, or was refunded; None: all of it."""

    finding_id: str
    decision: DecisionWord
    amount: Decimal | None = None
    refunded_on: date | None = None
    reviewer: str
    decided_on: date
    note: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as it stands in the ledger, with where it came from and what the finding rested on.

    `first_seen` is the day of the first run on record that had the finding when the decision was recorded.
    """

    what: Decision
    imported_at: datetime
    file_name: str
    file_sha256: str
    rule_id: str
    rule_version: int
    rests_on: str
    first_seen: date


@dataclass(frozen=True, slots=True)
class Known:
    """A finding of one of the folder's runs, as the latest of them has it.

    `seen_from` is the day from which it may have been seen: that of the first of its runs, or of one that this replaced.
    """

    amount_at_risk: Decimal
    rule_id: str
    rule_version: int
    rests_on: str
    first_seen: date
    seen_from: date


def known_among(runs: Sequence[history.PastRun], ids: Collection[str], written: Iterable[Seal] = ()) -> dict[str, Known]:
    """Those of the ids that the runs have as findings; a later run's word goes before an earlier one's.

    `written`: every manifest of the folder that was ever written, those of runs that were replaced among them.
    """
    begun: dict[str, date] = {}
    for seal in written:
        begun.setdefault(seal.label, date.fromisoformat(seal.at[:10]))
    known: dict[str, Known] = {}
    asked = pa.array(sorted(ids), pa.string())
    for run in sorted(runs, key=lambda run: run.created_at):
        for row in history.findings_of(run, _OF_FINDING, lambda batch: pc.is_in(batch["finding_id"], asked)).to_pylist():
            before, day = known.get(row["finding_id"]), run.created_at.date()
            since = min(day, begun.get(run.label, day))
            known[row["finding_id"]] = (
                _known(row, before.first_seen, min(before.seen_from, since)) if before else _known(row, day, since)
            )
    return known


def read(out: Path) -> tuple[Entry, ...]:
    """The ledger, oldest entry first. Raises InputError, with the number of the line, for a damaged one."""
    path = out / NAME
    entries = []
    try:
        lines = read_whole(path).splitlines() if os.path.lexists(path) else []
    except OSError as error:
        pass_on(error)
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Mend it, or bring the file back from a copy.") from error
    for number, line in enumerate(lines, start=1):
        try:
            entries.append(msgspec.json.decode(line, type=Entry))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"{path}, line {number} is damaged.", "Mend it, or bring the file back from a copy.") from error
    return tuple(entries)


def legible(out: Path) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The ledger for a run: of a damaged one the entries that can still be read, and a word on the rest."""
    try:
        return read(out), ()
    except InputError as error:
        said = error.message
    entries = tuple(entry for line in _lines(out / NAME) if (entry := _entry_of(line)))
    held = plural(len(entries), "decision")
    return entries, (f"{said} {held} could be read and hold; the others do not. Mend the file, and run again.",)


def _lines(path: Path) -> list[bytes]:
    try:
        return read_whole(path).splitlines()
    except OSError:
        return []


def _entry_of(line: bytes) -> Entry | None:
    try:
        return msgspec.json.decode(line, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def standing(entries: Iterable[Entry]) -> dict[str, Entry]:
    """What holds of each finding: its last entry."""
    return {entry.what.finding_id: entry for entry in entries}


def was_imported(entries: Iterable[Entry], sha256: str) -> bool:
    """Whether this very file has given entries before."""
    return any(entry.file_sha256 == sha256 for entry in entries)


def still_rests(entry: Entry, rule_version: int, rests_on: str) -> bool:
    """Whether the finding is what it was when it was decided: the rule's version and its lines are the same."""
    return (entry.rule_version, entry.rests_on) == (rule_version, rests_on)


def add(out: Path, made: Sequence[Decision], known: Mapping[str, Known], file: Path, sha256: str, now: datetime) -> int:
    """Add the decisions that say something new; gives their number, 0 where this very file was imported before."""
    path = out / NAME
    with writing(path):
        old = read(out)
        checkpoints.must_be_whole(out, NAME, len(old))
        if was_imported(old, sha256):
            return 0
        held = standing(old)
        fresh = [_entry(one, known[one.finding_id], file, sha256, now) for one in made if _says_more(one, held)]
        if fresh:
            before = read_whole(path) if path.exists() else b""
            with new_file(path) as stream:
                stream.write(before)
                stream.writelines(msgspec.json.encode(entry) + b"\n" for entry in fresh)
            checkpoints.note(out, NAME, "import", now, len(old) + len(fresh))
        return len(fresh)


def _says_more(one: Decision, held: Mapping[str, Entry]) -> bool:
    """Whether a decision says what the ledger does not hold: a note that is left out takes none away."""
    before = held.get(one.finding_id)
    if before is None:
        return True
    return one != before.what and msgspec.structs.replace(one, note=one.note or before.what.note) != before.what


def _known(row: Mapping[str, Any], first_seen: date, seen_from: date) -> Known:
    amount, rests_on = row["amount_at_risk"] or Decimal(0), row.get("rests_on") or ""
    return Known(amount, row["rule_id"], row["rule_version"], rests_on, first_seen, seen_from)


def _entry(what: Decision, known: Known, file: Path, sha256: str, now: datetime) -> Entry:
    return Entry(
        what=what,
        imported_at=now,
        file_name=file.name,
        file_sha256=sha256,
        rule_id=known.rule_id,
        rule_version=known.rule_version,
        rests_on=known.rests_on,
        first_seen=known.first_seen,
    )
