"""Findings that a person has set aside: suppressions.json beside the runs, with who, why and until when.

A suppression is of one finding, or of a rule's for a payer, a provider or a code. A suppressed finding is still listed, and
counts nowhere.
"""

import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from audit.errors import ConfigError, InputError
from audit.files.door import read_whole, write_text
from audit.files.lock import writing
from audit.machine.troubles import pass_on
from audit.runs.format import stored
from audit.runs.format.manifest import Suppression
from audit.runs.ledgers import checkpoints
from audit.runs.timeline import history
from audit.settings import environment
from audit.terms import plural

NAME = "suppressions.json"
_NAMED = 5
_LISTED = "claims-audit suppress --list names them."
# What a kind of finding is told by: a rule and at least one of the others, each of which any may be.
KIND = ("rule_id", "payer_name", "provider", "procedure_code")
_TOLD = ("rule_id", "payer_name", "rendering_npi", "billing_npi", "procedure_code")
# A finding by its id or the beginning of it, or a kind by its fields.
Wanted = str | Mapping[str, str]


def suppressions(out: Path) -> tuple[Suppression, ...]:
    """What has been set aside in this folder of runs, in force or not. Raises InputError for a damaged file."""
    path = out / NAME
    try:
        return msgspec.json.decode(read_whole(path), type=tuple[Suppression, ...])
    except OSError as error:
        if not os.path.lexists(path):
            return ()
        pass_on(error)
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is damaged: {error}.", "Mend it, or move it away to begin again.") from error


def legible(out: Path) -> tuple[tuple[Suppression, ...], tuple[str, ...]]:
    """The suppressions for a run: of a damaged file those that can still be read, and a word on the rest."""
    try:
        return suppressions(out), ()
    except InputError as error:
        found = _salvaged(out / NAME)
        rest = f"{plural(len(found), 'suppression')} could be read and hold; findings of the others count again." if found else ""
        return found, (f"{error.message} {rest or 'No finding is set aside in this run.'} Mend the file, and run again.",)


def _salvaged(path: Path) -> tuple[Suppression, ...]:
    """Every whole entry of a file that is no whole list of them; of a finding that stands twice the last."""
    try:
        text = read_whole(path).decode("utf-8", "replace")
    except OSError:
        return ()
    found, at, reader = dict[tuple[str, ...], Suppression](), 0, json.JSONDecoder()
    while (at := text.find("{", at)) >= 0:
        try:
            entry, end = reader.raw_decode(text, at)
            one = msgspec.convert(entry, Suppression)
            found[key_of(one)], at = one, end
        except (ValueError, msgspec.ValidationError, RecursionError):
            at += 1
    return tuple(found.values())


def in_force(entries: Iterable[Suppression], today: date) -> list[Suppression]:
    """The suppressions that still hold on a day."""
    return [entry for entry in entries if entry.until >= today]


def suppress(out: Path, wanted: Wanted, reason: str, until: date, by: str, today: date) -> Suppression:
    """Set aside a finding, or a kind of finding, that the folder's runs have. Raises ConfigError."""
    if not reason.strip():
        raise ConfigError("A suppression needs a reason.", 'Give it with --reason "...".')
    if until < today:
        raise ConfigError(f"{until} is past: the suppression would hold on no day.", f"Give a day from {today} on with --until.")
    entry = Suppression(**{"finding_id": None, **_found(out, wanted)}, reason=reason.strip(), until=until, by=by)
    with writing(out / NAME):
        old = suppressions(out)
        checkpoints.must_be_whole(out, NAME, len(old))
        entries = [*(one for one in old if key_of(one) != key_of(entry)), entry]
        _write(out / NAME, entries)
        # After it: whoever dies in between has an entry more than is on record, and none is missed.
        _note(out, "suppress", len(entries))
    return entry


def lift(out: Path, wanted: Wanted) -> Suppression:
    """Take a suppression back, by its finding's id or the unique beginning of it, or by its kind. Raises ConfigError."""
    with writing(out / NAME):
        entries = suppressions(out)
        if isinstance(wanted, str):
            ids = [entry.finding_id for entry in entries if entry.finding_id]
            finding = _the_one(wanted, ids, f"among the suppressions of {out}", _LISTED)
            chosen = [entry for entry in entries if entry.finding_id == finding]
        else:
            chosen = [entry for entry in entries if key_of(entry) == _key(wanted)]
        if not chosen:
            raise ConfigError(f"{_in_words(wanted)} is not set aside in {out}.", _LISTED)
        checkpoints.must_be_whole(out, NAME, len(entries))
        left = [entry for entry in entries if entry != chosen[0]]
        _note(out, "lift", len(left))  # before it, for the same reason
        _write(out / NAME, left)
    return chosen[0]


def ended(entries: Sequence[Suppression], today: date, found: Collection[str]) -> list[str]:
    """What a run that found these says of suppressions that have ended: their findings count again."""
    over = [entry for entry in entries if entry.until < today and (entry.finding_id is None or entry.finding_id in found)]
    if not over:
        return []
    ids = ", ".join(f"{what(entry)} (until {entry.until})" for entry in over[:_NAMED])
    more = f" and {len(over) - _NAMED} more" if len(over) > _NAMED else ""
    said = (
        "suppression has ended, and its finding counts" if len(over) == 1 else "suppressions have ended, and their findings count"
    )
    return [f"{len(over)} {said} again: {ids}{more}. Set aside anew what is still settled."]


def standing(out: Path, today: date) -> list[tuple[Suppression, str]]:
    """Each suppression of the folder and how it stands: in force, ended, or fitting no finding of the folder's runs."""
    rows = _rows(history.look(out).runs)

    def stands(entry: Suppression) -> str:
        if entry.until < today:
            return "ended"
        return "in force" if any(fits(entry, row) for row in rows) else "in force, and no run here has the finding"

    return [(entry, stands(entry)) for entry in suppressions(out)]


def fits(entry: Suppression, row: Mapping[str, Any]) -> bool:
    """Whether a suppression is of this finding (a row of findings.parquet), as 20_finding.sql judges it."""
    if entry.finding_id:
        return bool(entry.finding_id == row["finding_id"])
    return (
        entry.rule_id == row["rule_id"]
        and (entry.payer_name is None or _plain(entry.payer_name) == _plain(row["payer_name"] or ""))
        and (entry.provider is None or entry.provider == (row["rendering_npi"] or row["billing_npi"]))
        and (entry.procedure_code is None or entry.procedure_code == row["procedure_code"])
    )


def what(entry: Suppression) -> str:
    """What is set aside, in a word or two: a finding's id, or a kind."""
    return entry.finding_id or _in_words({name: getattr(entry, name) for name in KIND})


def key_of(entry: Suppression) -> tuple[str, ...]:
    """What tells two suppressions apart."""
    return (entry.finding_id,) if entry.finding_id else _key({name: getattr(entry, name) for name in KIND})


def _found(out: Path, wanted: Wanted) -> dict[str, str]:
    """The fields that say what is set aside: it must be a finding, or a kind, that the folder's runs have."""
    past = history.look(out)
    not_searched = [f"Not searched: {why}" for why in past.unread]
    rows = _rows(past.runs)
    if isinstance(wanted, str):
        ids = {row["finding_id"] for row in rows}
        return {"finding_id": _the_one(wanted, ids, f"in the runs of {out}", "findings.csv lists the ids.", *not_searched)}
    kind = Suppression(finding_id=None, reason="", until=date.max, by="", **wanted)
    if not any(fits(kind, row) for row in rows):
        hint = "findings.csv has rules, payers and providers as they must be written."
        raise ConfigError(f"No run of {out} has a finding of {_in_words(wanted)}.", "\n".join((hint, *not_searched)))
    return dict(wanted)


def _rows(runs: Sequence[history.PastRun]) -> list[dict[str, Any]]:
    """One row a finding or, without its id, a kind: enough to say what a suppression fits."""
    tables = [history.findings_of(run, ("finding_id", *_TOLD)) for run in runs]
    return [row for table in tables for row in table.to_pylist()]


def _key(kind: Mapping[str, str | None]) -> tuple[str, ...]:
    return tuple(_plain(kind.get(name) or "") for name in KIND)


def _in_words(kind: Wanted) -> str:
    if isinstance(kind, str):
        return kind
    return ", ".join(f"{name.replace('_', ' ').removesuffix(' id')} {value}" for name, value in kind.items() if value)


def _plain(text: str) -> str:
    return text.strip().lower()


def _the_one(wanted: str, known: Collection[str], where: str, *hints: str) -> str:
    found = sorted({one for one in known if one.startswith(wanted)})
    if len(found) != 1:
        what = "No finding begins" if not found else f"{len(found)} findings begin"
        raise ConfigError(f"{what} with {wanted!r} {where}.", "\n".join(hints))
    return found[0]


def _note(out: Path, by: str, entries: int) -> None:
    checkpoints.note(out, NAME, by, environment.now(), entries, is_only_added_to=False)


def _write(path: Path, entries: Sequence[Suppression]) -> None:
    plain = stored.as_json(sorted(entries, key=key_of))
    write_text(path, json.dumps(plain, indent=1, ensure_ascii=False) + "\n")
