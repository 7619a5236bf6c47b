"""What a ledger beside the runs held when the program last wrote it, against what it holds now.

A ledger that was emptied, deleted or cut still reads; only from the list of manifests (seals.py), where each writing puts
on record how much there was, can it be told that something is missing.
"""

import os
import shlex
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from audit.errors import ConfigError
from audit.files.door import read_whole
from audit.runs.ledgers import seals
from audit.terms import plural

# A command names so many; of more it says that all are meant.
_NAMED = 12


def note(out: Path, name: str, by: str, now: datetime, entries: int, is_only_added_to: bool = True) -> None:
    """Put on record what a ledger holds; of one that is only ever added to, its content too. OSError comes through."""
    seals.note_ledger(out, name, by, now, entries, _content(out / name) if is_only_added_to else b"")


def fault(out: Path, name: str, entries: int, written: Sequence[seals.Seal]) -> str | None:
    """What a ledger that holds so many entries now has lost, or that it was changed; None where it has all that it had."""
    last = next((seal for seal in reversed(written) if seal.label == name and seal.entries is not None), None)
    if last is None or last.entries is None:
        return None
    then = f"{name} held {plural(last.entries, 'entry', 'entries')} on {last.at[:10]}, and"
    if entries < last.entries:
        return f"{then} holds {entries:,} now" if os.path.lexists(out / name) else f"{then} is gone"
    if sha256(_content(out / name)[: last.size]).hexdigest() != last.manifest:
        return f"{then} what stood there then was changed"
    return None


def must_be_whole(out: Path, name: str, entries: int) -> None:
    """Raise ConfigError where a ledger has lost entries: what is added now would stand in the way of bringing them back."""
    said = fault(out, name, entries, seals.read(out))
    if said:
        raise ConfigError(f"{said}.", f"{mend(out, [name])} Then do this again.")


def mend(out: Path, names: Sequence[str]) -> str:
    """What to do about what is missing, in a sentence."""
    meant = names if len(names) <= _NAMED else ["--all"]
    words = shlex.join(("claims-audit", "history", "accept", *meant, "--out", str(out)))
    return f"Bring it back from a copy or, if that was done on purpose, say so once: `{words}`."


def _content(path: Path) -> bytes:
    return read_whole(path) if os.path.lexists(path) else b""
