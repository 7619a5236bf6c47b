"""Packed exports: .gz and .zip are opened into the scratch folder, where the readers find a plain file."""

import gzip
import lzma
import shutil
import zipfile
import zlib
from pathlib import Path

from audit.errors import InputError
from audit.intake.sources import CSV_SUFFIXES, EXCEL_SUFFIXES, PARQUET_SUFFIXES

_READABLE = CSV_SUFFIXES + PARQUET_SUFFIXES + EXCEL_SUFFIXES
_AGAIN = "Copy it again from where it came, or unpack it and name the file inside."


def unpacked(path: Path, name: str, scratch: Path) -> Path:
    """The plain file itself, or the one export that a packed file holds, opened into `scratch`. InputError where damaged."""
    lower = path.name.lower()
    try:
        if lower.endswith(".gz"):
            return _from_gzip(path, scratch)
        if lower.endswith(".zip"):
            return _from_zip(path, name, scratch)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError) as error:
        raise InputError(f"{name} is damaged or is not what its suffix says.", _AGAIN) from error
    except RuntimeError as error:
        raise InputError(f"{name} is locked with a password.", "Unpack it and name the file inside.") from error
    return path


def _from_gzip(path: Path, scratch: Path) -> Path:
    inner = Path(path.stem)
    target = scratch / (inner.name if inner.suffix.lower() in _READABLE else f"{inner.name}.csv")
    with gzip.open(path, "rb") as packed, target.open("wb") as plain:
        shutil.copyfileobj(packed, plain, 1 << 20)
    return target


def _from_zip(path: Path, name: str, scratch: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        inside = [
            entry
            for entry in archive.infolist()
            if not entry.is_dir()
            and entry.filename.lower().endswith(_READABLE)
            and not Path(entry.filename).name.startswith((".", "~$"))
            and "__MACOSX" not in entry.filename
        ]
        if len(inside) != 1:
            held = ", ".join(sorted(entry.filename for entry in inside)[:3]) or "nothing that claims-audit reads"
            raise InputError(f"{name} must hold one export and holds {len(inside)}: {held}.", "Unpack it and name the folder.")
        # Only the last part of the entry's name is used: an archive may not choose where its files go.
        target = scratch / Path(inside[0].filename).name
        with archive.open(inside[0]) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
        return target
