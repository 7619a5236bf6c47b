"""manifests.jsonl beside the runs: the SHA-256 of each manifest that the program wrote there, a line each, only added to.

A manifest holds the hashes of all files of its run, and this list those of the manifests: a folder that was changed as a
whole, its manifest too, is told from it.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from audit.files import lines
from audit.runs.format import stored

NAME = "manifests.jsonl"


@dataclass(frozen=True, slots=True)
class Seal:
    """A manifest as it was written: of which run, by what ("run", "report"), when (UTC), and its SHA-256."""

    label: str
    by: str
    at: str
    manifest: str


def note(out: Path, label: str, folder: Path, by: str, now: datetime) -> Seal:
    """Add the manifest in `folder` to the list, and to the disk, before its run is shown. OSError comes through."""
    seal = Seal(label, by, f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", stored.sha256_of(folder / stored.NAME))
    lines.add(out / NAME, asdict(seal))
    return seal


def read(out: Path) -> tuple[Seal, ...]:
    """What the list holds, oldest first; lines that cannot be read are passed over (`damage` names them)."""
    return lines.read(out / NAME, Seal)


def damage(out: Path) -> tuple[str, ...]:
    """What of the list cannot be read, in a sentence: the manifests there can be held against nothing."""
    return lines.damage(out / NAME, Seal)
