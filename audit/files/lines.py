"""Files of lines that are only ever added to, one JSON object each: on the disk before the writer goes on."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from audit.files.lock import writing


def add_line(path: Path, entry: Mapping[str, object]) -> None:
    """Add an entry at the end of the file, which is made (0600) where there is none. OSError comes through.

    A line that a full disk or a lost machine has cut off stays as it is, and spoils none after it.
    """
    line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
    with writing(path):
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(number, "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 1))
            is_cut = size > 0 and file.read(1) != b"\n"
            file.seek(0, os.SEEK_END)
            file.write((b"\n" if is_cut else b"") + line)
            file.flush()
            os.fsync(file.fileno())


def read_lines(path: Path, kind: Any) -> tuple[Any, ...]:
    """The entries of the file, oldest first, as records of a kind; lines that are none are passed over, and so is no file."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return ()
    found = []
    for line in lines:
        try:
            found.append(msgspec.json.decode(line, type=kind))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return tuple(found)
