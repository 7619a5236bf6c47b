"""Files of lines that are only ever added to, one JSON object each: on the disk before the writer goes on."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from audit.files.door import add_line, read_whole
from audit.files.lock import writing
from audit.machine.troubles import pass_on


def add(path: Path, entry: Mapping[str, object]) -> None:
    """Add an entry at the end of the file, when nobody else writes it. OSError comes through."""
    with writing(path):
        add_line(path, json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def read(path: Path, kind: Any) -> tuple[Any, ...]:
    """The entries of the file, oldest first, as records of a kind; lines that are none are passed over (`damage` names them)."""
    return tuple(entry for _, entry in _entries(path, kind)[0] if entry is not None)


def damage(path: Path, kind: Any) -> tuple[str, ...]:
    """What `read` passes over: a sentence where the file cannot be read, or lines of it are no records of the kind; else none."""
    entries, why = _entries(path, kind)
    if why:
        return (f"{path} cannot be read: {why}. Move it away; it is begun again.",)
    wrong = [number for number, entry in entries if entry is None]
    if not wrong:
        return ()
    named = f"line {wrong[0]} is" if len(wrong) == 1 else f"{len(wrong)} of its {len(entries)} lines (line {wrong[0]} first) are"
    return (f"{path}, {named} damaged and passed over. Mend the file, or move it away.",)


def _entries(path: Path, kind: Any) -> tuple[list[tuple[int, Any]], str]:
    """Each line that is not blank, with its number, as a record or None; and why there are none, where the file is at fault."""
    try:
        lines = read_whole(path).splitlines() if os.path.lexists(path) else []
    except OSError as error:
        pass_on(error)
        return [], error.strerror or "it is damaged"
    return [(number, _record(line, kind)) for number, line in enumerate(lines, start=1) if line.strip()], ""


def _record(line: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
