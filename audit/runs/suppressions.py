"""Findings that a person has set aside: suppressions.json beside the runs, with who, why and until when.

A suppressed finding is still listed, and counts nowhere.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path

import msgspec

from audit.errors import ConfigError, InputError
from audit.files.door import write_text
from audit.files.lock import writing
from audit.runs import history, stored
from audit.runs.manifest import Suppression

_FILE = "suppressions.json"
_NAMED = 5


def suppressions(out: Path) -> tuple[Suppression, ...]:
    """What has been set aside in this folder of runs, in force or not. Raises InputError for a damaged file."""
    path = out / _FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Suppression, ...])
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is damaged: {error}.", "Mend it, or move it away to begin again.") from error


def legible(out: Path) -> tuple[tuple[Suppression, ...], tuple[str, ...]]:
    """The suppressions for a run: of a damaged file those that can still be read, and a word on the rest."""
    try:
        return suppressions(out), ()
    except InputError as error:
        found = _salvaged(out / _FILE)
        rest = f"{len(found)} suppressions could be read and hold; findings of the others count again." if found else ""
        return found, (f"{error.message} {rest or 'No finding is set aside in this run.'} Mend the file, and run again.",)


def _salvaged(path: Path) -> tuple[Suppression, ...]:
    """Every whole entry of a file that is no whole list of them; of a finding that stands twice the last."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    found, at, reader = dict[str, Suppression](), 0, json.JSONDecoder()
    while (at := text.find("{", at)) >= 0:
        try:
            entry, end = reader.raw_decode(text, at)
            one = msgspec.convert(entry, Suppression)
            found[one.finding_id], at = one, end
        except (ValueError, msgspec.ValidationError, RecursionError):
            at += 1
    return tuple(found.values())


def in_force(entries: Iterable[Suppression], today: date) -> list[Suppression]:
    """The suppressions that still hold on a day."""
    return [entry for entry in entries if entry.until >= today]


def suppress(out: Path, wanted: str, reason: str, until: date, by: str, today: date) -> Suppression:
    """Set a finding aside, by its id or the unique beginning of one found in the folder's runs. Raises ConfigError."""
    if not reason.strip():
        raise ConfigError("A suppression needs a reason.", 'Give it with --reason "...".')
    if until < today:
        raise ConfigError(f"{until} is past: the suppression would hold on no day.", f"Give a day from {today} on with --until.")
    past = history.look(out)
    known = {finding for run in past.runs for finding in history.finding_ids(run)}
    not_searched = [f"Not searched: {why}" for why in past.unread]
    found = _the_one(wanted, known, f"in the runs of {out}", "findings.csv lists the ids.", *not_searched)
    entry = Suppression(found, reason.strip(), until, by)
    with writing(out / _FILE):
        _write(out / _FILE, [*(old for old in suppressions(out) if old.finding_id != found), entry])
    return entry


def lift(out: Path, wanted: str) -> Suppression:
    """Take a suppression back, by its finding's id or the unique beginning of it. Raises ConfigError."""
    with writing(out / _FILE):
        entries = {entry.finding_id: entry for entry in suppressions(out)}
        found = _the_one(wanted, entries, f"among the suppressions of {out}", "claims-audit suppress --list names them.")
        _write(out / _FILE, [entry for entry in entries.values() if entry.finding_id != found])
    return entries[found]


def ended(entries: Sequence[Suppression], today: date, found: Collection[str]) -> list[str]:
    """What a run that found these says of suppressions that have ended: their findings count again."""
    over = [entry for entry in entries if entry.until < today and entry.finding_id in found]
    if not over:
        return []
    ids = ", ".join(f"{entry.finding_id} (until {entry.until})" for entry in over[:_NAMED])
    more = f" and {len(over) - _NAMED} more" if len(over) > _NAMED else ""
    said = (
        "suppression has ended, and its finding counts" if len(over) == 1 else "suppressions have ended, and their findings count"
    )
    return [f"{len(over)} {said} again: {ids}{more}. Set aside anew what is still settled."]


def standing(out: Path, today: date) -> list[tuple[Suppression, str]]:
    """Each suppression of the folder and how it stands: in force, ended, or fitting no finding of the folder's runs."""
    known = {finding for run in history.look(out).runs for finding in history.finding_ids(run)}

    def stands(entry: Suppression) -> str:
        if entry.until < today:
            return "ended"
        return "in force" if entry.finding_id in known else "in force, and no run here has the finding"

    return [(entry, stands(entry)) for entry in suppressions(out)]


def _the_one(wanted: str, known: Collection[str], where: str, *hints: str) -> str:
    found = sorted(one for one in known if one.startswith(wanted))
    if len(found) != 1:
        what = "No finding begins" if not found else f"{len(found)} findings begin"
        raise ConfigError(f"{what} with {wanted!r} {where}.", "\n".join(hints))
    return found[0]


def _write(path: Path, entries: Sequence[Suppression]) -> None:
    plain = stored.as_json(sorted(entries, key=lambda entry: entry.finding_id))
    write_text(path, json.dumps(plain, indent=1, ensure_ascii=False) + "\n")
