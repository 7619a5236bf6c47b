"""manifests.jsonl beside the runs: the SHA-256 of each manifest that the program wrote there, a line each, only added to.

A manifest holds the hashes of all files of its run, and this list those of the manifests: a folder that was changed as a
whole, its manifest too, is told from it. What the ledgers beside the runs held when they were last written stands there
too, so that one that has lost entries since is told from it (losses.py).
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from audit.files import lines
from audit.runs.format import stored

NAME = "manifests.jsonl"
# By whom a line is that says: what is missing, or another than it was, is so on purpose.
ACCEPTED = "accept"


@dataclass(frozen=True, slots=True)
class Seal:
    """What was written: of which run, or which ledger, by what ("run", "report", "import", ...), when (UTC), and its SHA-256.

    `manifest` is the hash of a run's manifest; of a ledger it is that of its first `size` bytes, which held so many `entries`.
    "" stands for one that was accepted as gone.
    """

    label: str
    by: str
    at: str
    manifest: str
    entries: int | None = None
    size: int = 0


def note(out: Path, label: str, folder: Path, by: str, now: datetime) -> Seal:
    """Add the manifest in `folder` to the list, and to the disk, before its run is shown. OSError comes through."""
    return _add(out, Seal(label, by, _time(now), stored.sha256_of(folder / stored.NAME)))


def note_ledger(out: Path, name: str, by: str, now: datetime, entries: int, content: bytes = b"") -> None:
    """Add what a ledger holds: its entries and, of one that is only ever added to, its content. OSError comes through."""
    _add(out, Seal(name, by, _time(now), sha256(content).hexdigest(), entries, len(content)))


def note_gone(out: Path, label: str, now: datetime) -> None:
    """Add that a run is gone on purpose. OSError comes through."""
    _add(out, Seal(label, ACCEPTED, _time(now), ""))


def read(out: Path) -> tuple[Seal, ...]:
    """What the list holds, oldest first; lines that cannot be read are passed over (`damage` names them)."""
    return lines.read(out / NAME, Seal)


def damage(out: Path) -> tuple[str, ...]:
    """What of the list cannot be read, in a sentence: the manifests there can be held against nothing."""
    return lines.damage(out / NAME, Seal)


def _add(out: Path, seal: Seal) -> Seal:
    lines.add(out / NAME, asdict(seal))
    return seal


def _time(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
