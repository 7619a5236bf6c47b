"""The one door of manifest.json: written here, and read here into records or refused with the name of the key.

A file is refused where a key is missing, renamed, unknown or holds another kind of value: a figure that is not there
must never be read as nothing. Manifests of earlier released formats come in through one step each (upgrade.py).
"""

import copy
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from audit.errors import InputError
from audit.files.door import must_be_plain, read_whole, write_text
from audit.machine.troubles import pass_on
from audit.runs.format.free_keys import free_keys, kind_of
from audit.runs.format.manifest import FORMAT, Manifest, Output
from audit.runs.format.upgrade import STEPS

NAME = "manifest.json"
_MENDS = "The file was changed after the run wrote it, or is damaged: run the audit again."
_AGAIN = "Run the audit again."
_KEY = re.compile(
    r"Object (?P<fault>contains unknown|missing required) field `(?P<key>.*?)`(?: - at `\$\.?(?P<path>.*)`)?", re.DOTALL
)
# "key" is said of a key of a table of free keys, "[...]" of a value there: the key itself is not named.
_VALUE = re.compile(r"(?P<what>.*?)(?: - at (?P<free>`key` in )?`\$\.?(?P<path>.*)`)?", re.DOTALL)
_EXPECTED = re.compile(r"Expected (`[^`]*`( (>=|of length) \d+)?, got `[^`]*`|`[^`]*`( >= \d+)?)")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_AMOUNT = re.compile(r"-?\d+\.\d\d")
_PLAIN = re.compile(r"[\w.\[\] #/-]{1,120}")


class _FaultError(Exception):
    """What is wrong with a manifest, with the path of the key, and what mends it."""

    def __init__(self, text: str, hint: str = _MENDS) -> None:
        super().__init__(text)
        self.hint = hint


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    must_be_plain(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(manifest: Manifest, folder: Path, outputs: Sequence[str]) -> Manifest:
    """Write manifest.json into the folder, with size and SHA-256 of the files that stand there; returns what it holds."""
    listed = tuple(Output(name, (folder / name).stat().st_size, sha256_of(folder / name)) for name in outputs)
    whole = msgspec.structs.replace(manifest, outputs=listed)
    write_text(folder / NAME, as_text(whole))
    return whole


def as_text(manifest: Manifest) -> str:
    """A manifest as the file holds it; its list of free keys is made here."""
    plain = as_json(manifest)
    return json.dumps({**plain, "free_keys": free_keys(plain)}, indent=1, ensure_ascii=False) + "\n"


def as_json(value: object) -> Any:
    """A record of the manifest as plain JSON values: amounts as text with two places, dates as ISO text."""
    return msgspec.to_builtins(value)


def read(folder: Path) -> Manifest:
    """The manifest of the run in `folder`. Raises InputError, which names the key where one is at fault."""
    path = folder / NAME
    try:
        return parse(read_whole(path).decode("utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"{folder} is not the folder of a finished run: it holds no {NAME}.",
            "Give the folder that 'claims-audit run' wrote, for example out/2025-11.",
        ) from None
    except OSError as error:
        pass_on(error)
        raise InputError(f"{path} cannot be read: {error.strerror}.", _AGAIN) from None
    except (ValueError, RecursionError):
        raise InputError(f"{path} cannot be read: it is not JSON.", _AGAIN) from None
    except _FaultError as fault:
        raise InputError(f"{path}: {fault}.", fault.hint) from None


# A run asks for what stands in its folder of runs several times over: each manifest is held against the format once.
@lru_cache(maxsize=64)
def parse(text: str) -> Manifest:
    """The manifest that a text holds. Raises ValueError where it is no JSON."""
    stored = _in_this_format(json.loads(text))
    manifest, known, faults = _converted(stored)
    faults += _faults_of_free_keys(stored)
    # What is read kindly (a field with a default, a number for an amount) is seen when it is written again.
    faults += _differences(known, msgspec.to_builtins(manifest, builtin_types=(Decimal,)), "")
    if faults:
        raise _FaultError(" and ".join(faults[:2]))
    return manifest


def _converted(stored: dict[str, Any]) -> tuple[Manifest, dict[str, Any], list[str]]:
    """The records, the values that they are made of, and the keys that no record knows; a fault beyond these is raised."""
    known, faults = stored, list[str]()
    while True:
        try:
            return msgspec.convert(known, Manifest), known, faults
        except msgspec.ValidationError as error:
            known = known if faults else copy.deepcopy(stored)  # a key is taken out of it
            fault, is_unknown = _fault(str(error), known)
        faults.append(fault)
        if not is_unknown:
            # Of a table of free keys msgspec tells no key; their own list does.
            named = _faults_of_free_keys(stored) if "[...]" in fault else []
            raise _FaultError(" and ".join((named or faults)[:2]))


def _in_this_format(stored: object) -> dict[str, Any]:
    if not isinstance(stored, dict):
        raise _FaultError(f"it holds {kind_of(stored)} and no keys")
    if "format" not in stored:
        raise _FaultError("format is missing")
    made = stored["format"]
    if type(made) is not int:
        raise _FaultError(f"format is {kind_of(made)}, not a whole number")
    if made > FORMAT:
        newer = f"it was written by a newer claims-audit (format {made}; this one reads up to format {FORMAT})"
        raise _FaultError(newer, "Install the newer release, or run the audit again with this one.")
    if made not in (*STEPS, FORMAT):
        raise _FaultError(f"format {made} is from before the first release and is no longer read", _AGAIN)
    for step in range(made, FORMAT):
        stored = STEPS[step](stored)
    return stored


def _fault(said: str, known: dict[str, Any]) -> tuple[str, bool]:
    """What msgspec says, in the words of a reader; an unknown key is taken out of `known`, and True is returned with it."""
    if found := _KEY.fullmatch(said):
        where = _joined(found["path"] or "", found["key"])
        if found["fault"] == "missing required":
            return f"{_named(where)} is missing", False
        holder: Any = known
        for place, key in _STEP.findall(found["path"] or ""):
            holder = holder[int(place)] if place else holder[key]
        del holder[found["key"]]
        return f"{_named(where)} is unknown", True
    value = _VALUE.fullmatch(said)
    what, path = (value["what"], value["path"] or "") if value else (said, "")
    if value and value["free"]:
        path += "[...]"
    # Nothing else of what msgspec says is repeated: it may hold the value.
    expected = f": {what[0].lower()}{what[1:].replace('`', '')}" if _EXPECTED.fullmatch(what) else ""
    return f"{_named(path)} is not what it must be{expected}", False


def _faults_of_free_keys(stored: dict[str, Any]) -> list[str]:
    """What the manifest's own list of free keys misses, finds of another kind, or does not know."""
    listed, found = (dict(entry.rsplit(": ", 1) for entry in keys) for keys in (_entries(stored), free_keys(stored)))
    faults = [f"{_named(path)} is unknown" for path in found if path not in listed]
    faults += [f"{_named(path)} is missing" for path in listed if path not in found]
    faults += [f"{_named(path)} is {found[path]}, not {kind}" for path, kind in listed.items() if found.get(path, kind) != kind]
    return faults


def _entries(stored: dict[str, Any]) -> list[str]:
    listed = stored.get("free_keys")
    return [entry for entry in listed if isinstance(entry, str) and ": " in entry] if isinstance(listed, list) else []


def _differences(stored: Any, written: Any, path: str) -> Iterator[str]:
    """Where what stands in the file is not what this program would write for it."""
    if isinstance(written, dict) and isinstance(stored, dict):
        yield from (f"{_named(_joined(path, key))} is missing" for key in written if key not in stored)
        yield from (f"{_named(_joined(path, key))} is unknown" for key in stored if key not in written)
        for key in written.keys() & stored.keys():
            yield from _differences(stored[key], written[key], _joined(path, key))
    elif isinstance(written, list | tuple) and isinstance(stored, list):
        for at, (one, other) in enumerate(zip(stored, written, strict=True)):
            yield from _differences(one, other, f"{path}[{at}]")
    elif isinstance(written, Decimal):
        if not isinstance(stored, str) or not _AMOUNT.fullmatch(stored):
            yield f"{_named(path)} is not an amount as text with two places"
    elif type(stored) is not type(written) or stored != written:
        yield f"{_named(path)} is {kind_of(stored)} and not written as a run writes it"


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _named(path: str) -> str:
    """A path as a message may hold it: keys that no run writes may be anything."""
    return path if _PLAIN.fullmatch(path) else "a key that no run writes"
