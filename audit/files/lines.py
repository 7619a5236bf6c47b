"""Files of lines that are only ever added to, one JSON object each: on the disk before the writer goes on."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from audit.files.door import add_line, read_whole
from audit.files.lock import writing


def add(path: Path, entry: Mapping[str, object]) -> None:
    """Add an entry at the end of the file, when nobody else writes it. OSError comes through."""
    with writing(path):
        add_line(path, json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def read(path: Path, kind: Any) -> tuple[Any, ...]:
    """The entries of the file, oldest first, as records of a kind; lines that are none are passed over, and so is no file."""
    try:
        lines = read_whole(path).splitlines()
    except OSError:
        return ()
    found = []
    for line in lines:
        try:
            found.append(msgspec.json.decode(line, type=kind))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    return tuple(found)
