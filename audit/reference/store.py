"""Where imported CMS tables live: one folder per table, setting and edition, side by side, each with its record.

    <store>/ptp/practitioner/2026-07-01/edition.json
    <store>/ptp/practitioner/2026-07-01/f1-3fd1c2a9.parquet ...

`edition.json` is the commit point. Parquet files are put in place first under names of their own, then the record that
lists them is renamed over the old one, so a reader sees the edition before or after an import, never between.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import platformdirs

from audit.errors import ConfigError, InputError
from audit.reference.cms_names import MUE, PTP, SETTINGS
from audit.reference.editions import Edition, Part

FORMAT = 1
_RECORD = "edition.json"


def default_store() -> Path:
    """The folder under the user's data folder where imports go unless --reference-dir names another. Not created here."""
    return Path(platformdirs.user_data_path("claims-audit", appauthor=False)) / "reference"


def folder_of(store: Path, kind: str, setting: str, edition: date) -> Path:
    """The folder of one edition."""
    return store / kind / setting / edition.isoformat()


def editions(store: Path) -> tuple[Edition, ...]:
    """Every edition in the store, by table, setting and date. Raises InputError where a record is damaged."""
    found = [
        read_edition(record.parent)
        for kind in (PTP, MUE)
        for setting in SETTINGS
        for record in sorted((store / kind / setting).glob(f"????-??-??/{_RECORD}"))
    ]
    return tuple(edition for edition in found if edition is not None)


def read_edition(folder: Path) -> Edition | None:
    """The edition in a folder; None where there is none.

    Raises InputError where its record or a file is damaged, ConfigError where the record is closed to this user.
    """
    record = folder / _RECORD
    try:
        stored: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
        if stored["format"] != FORMAT:
            raise ValueError(f"format {stored['format']}")
        parts = tuple(Part(**part) for part in stored["parts"])
        edition = Edition(
            stored["kind"], stored["setting"], date.fromisoformat(stored["edition"]), parts, stored["imported_by"], folder
        )
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise ConfigError(f"{record} cannot be read: {error.strerror}.", "Check its owner and its permissions.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{record}: the record of an imported table is damaged ({error}).", _mend(folder)) from error
    for file in edition.files:
        if not file.is_file():
            raise InputError(f"{file}: a file of an imported table is missing.", _mend(folder))
    return edition


def _mend(folder: Path) -> str:
    return f"Remove the folder {folder} and import CMS's files again."


@contextmanager
def workspace(store: Path) -> Iterator[Path]:
    """A private scratch folder inside the store (same disk, so that renames are atomic), removed afterwards."""
    try:
        make_folder(store)
        with TemporaryDirectory(prefix=".import-", dir=store) as name:
            yield Path(name)
    except OSError as error:
        raise InputError(
            f"{store}: the reference folder cannot be written ({error.strerror or error}).", "Name another with --reference-dir."
        ) from error


def make_folder(folder: Path) -> None:
    """Creates a folder and its parents, readable by the user alone; existing ones keep their rights."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(20, "there is a file of that name", str(folder))


def commit(edition: Edition, staged: dict[str, Path]) -> None:
    """Puts staged Parquet files (part name to path) in place and renames the record over the old one."""
    make_folder(edition.folder)
    for part in edition.parts:
        if part.name in staged:
            staged[part.name].chmod(0o600)
            staged[part.name].replace(edition.folder / part.file)
    fresh = edition.folder / f".{_RECORD}"
    fresh.touch(mode=0o600)
    with fresh.open("w", encoding="utf-8") as out:
        out.write(_record(edition))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(edition.folder / _RECORD)
    kept = {part.file for part in edition.parts}
    for old in edition.folder.glob("*.parquet"):
        if old.name not in kept:
            old.unlink(missing_ok=True)


def _record(edition: Edition) -> str:
    record = {
        "format": FORMAT,
        "kind": edition.kind,
        "setting": edition.setting,
        "edition": edition.edition.isoformat(),
        "rows": edition.rows,
        "imported_by": edition.imported_by,
        "parts": [asdict(part) for part in edition.parts],
    }
    return json.dumps(record, indent=2, sort_keys=False) + "\n"
