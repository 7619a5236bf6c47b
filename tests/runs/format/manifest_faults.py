"""Every way to spoil one key of a manifest: dropped, renamed, of another type, and a key that nobody knows.

    python -m tests.runs.format.manifest_faults out/2025-11/manifest.json

reads each spoilt manifest of a run through the door that reads manifests, and lists those that come through or are
refused without the name of the key.
"""

import copy
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from audit.errors import InputError
from audit.runs.format import stored

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One spoilt manifest: what was done to which key, and the name that the refusal must hold."""

    what: str
    path: Path_
    manifest: dict[str, Any]

    @property
    def key(self) -> str:
        """The key's own name; of an item of a list, the list's."""
        return next(str(step) for step in reversed(self.path) if isinstance(step, str))

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))} {self.what}"


def faults(manifest: dict[str, Any], each: bool = True) -> Iterator[Fault]:
    """Every fault of every key; with `each` false those of the first item alone of every list."""
    for path, value in list(_keys(manifest, (), each)):
        holder, key = path[:-1], path[-1]
        if isinstance(key, str):
            yield Fault("dropped", path, _changed(manifest, holder, lambda at, key=key: at.pop(key)))
            yield Fault("renamed", path, _changed(manifest, holder, lambda at, key=key: at.update({f"x_{key}": at.pop(key)})))
            yield Fault("doubled", path, _changed(manifest, holder, lambda at, key=key: at.update({f"{key}_too": at[key]})))
        for other in _of_other_types(value):
            what = f"made {json.dumps(other)}"
            yield Fault(what, path, _changed(manifest, holder, lambda at, key=key, other=other: at.__setitem__(key, other)))


def refusal(fault: Fault, folder: Path) -> str | None:
    """What is said of the spoilt manifest; None where it is read as if nothing were."""
    (folder / stored.NAME).write_text(json.dumps(fault.manifest), encoding="utf-8")
    try:
        stored.read(folder)
    except InputError as error:
        return error.message
    return None


def _keys(value: Any, path: Path_, each: bool) -> Iterator[tuple[Path_, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), item
            yield from _keys(item, (*path, key), each)
    elif isinstance(value, list):
        for at, item in enumerate(value if each else value[:1]):
            yield (*path, at), item
            yield from _keys(item, (*path, at), each)


def _changed(manifest: dict[str, Any], holder: Path_, change: Any) -> dict[str, Any]:
    """A copy with the object at `holder` changed; what does not change is shared."""
    copied = at = copy.copy(manifest)
    for step in holder:
        at[step] = copy.copy(at[step])
        at = at[step]
    change(at)
    return copied


def _of_other_types(value: Any) -> Iterator[Any]:
    """Values of every JSON type that this one is not. What is null may be a text or a number, and that is no other type."""
    kinds: dict[type, Any] = {bool: True, int: 7, float: 7.5, str: "seven", list: ["seven"], dict: {"seven": 7}}
    if value is None:
        kinds = {list: [], dict: {}}
    yield from (other for kind, other in kinds.items() if kind is not type(value))
    if isinstance(value, str):
        yield {"was": value}


def main() -> None:
    """Try them all on a manifest of a real run."""
    manifest = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    tried, wrong = 0, []
    with TemporaryDirectory() as name:
        for fault in faults(manifest):
            tried += 1
            said = refusal(fault, Path(name))
            if said is None or fault.key not in said:
                wrong.append(f"{fault}: {said}")
    print("\n".join(wrong))
    print(f"{tried} spoilt manifests, {len(wrong)} of them not refused by name.")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
