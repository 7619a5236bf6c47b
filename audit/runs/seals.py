"""manifests.jsonl beside the runs: the SHA-256 of each manifest that the program wrote there, a line each, only added to.

A manifest holds the hashes of all files of its run, and this list those of the manifests: a folder that was changed as a
whole, its manifest too, is told from it.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from audit.files.lock import writing
from audit.runs import stored

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
    line = json.dumps(asdict(seal), ensure_ascii=False) + "\n"
    with writing(out / NAME):
        number = os.open(out / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(number, "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            # A line that a full disk or a lost machine has cut off stays as it is, and spoils none after it.
            file.seek(max(0, size - 1))
            cut = size > 0 and file.read(1) != b"\n"
            file.seek(0, os.SEEK_END)
            file.write((b"\n" if cut else b"") + line.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
    return seal


def read(out: Path) -> tuple[Seal, ...]:
    """What the list holds, oldest first; lines that cannot be read are passed over. None: there is no list."""
    try:
        lines = (out / NAME).read_bytes().splitlines()
    except OSError:
        return ()
    found = []
    for line in lines:
        try:
            found.append(msgspec.json.decode(line, type=Seal))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return tuple(found)
