"""Which files an audit reads: what the user named, with folders and globs opened up."""

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from audit.errors import InputError
from audit.intake.files.beside import is_prose_file
from audit.intake.formats.readers import SUFFIXES, kinds
from audit.machine import interrupts
from audit.machine.troubles import pass_on

PACKED_SUFFIXES = (".gz", ".zip")
_MOST_NAMED = 3
# What systems, and this program, keep beside exports.
_NOBODYS_EXPORT = frozenset({"thumbs.db", "desktop.ini", "audit.toml"})
_KINDS = f"{kinds()}, or one of these in {' or '.join(PACKED_SUFFIXES)}"


def find_sources(patterns: Sequence[str]) -> tuple[Path, ...]:
    """Files that the patterns name, each once, sorted by path.

    A pattern is a file, a folder (its own files, not those of folders within it) or a glob, where ** goes into folders. A text
    that can be no table, such as a readme, is left where a folder or a glob leads to it and to tables beside; `passed_over` names
    it. InputError where a pattern leads to no export.
    """
    if not patterns:
        raise InputError("No export was named.", "Name at least one file, folder or pattern.")
    found: dict[Path, Path] = {}
    for pattern in patterns:
        for path in _reached(pattern):
            found.setdefault(path.resolve(), path)
    return tuple(sorted(found.values(), key=str))


def passed_over(patterns: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each folder or glob on files that it leads to and that are not read: they may hold claims.

    For patterns that find_sources() has taken.
    """
    return tuple(filter(None, map(_passed_over, patterns)))


def _passed_over(pattern: str) -> str:
    path = Path(pattern).expanduser()
    if path.exists() and not path.is_dir():
        return ""
    files = _files_of(path) if path.is_dir() else _matches(pattern)
    read = {*_tables(files)}
    left = sorted({file.name for file in files if file not in read and file.name.lower() not in _NOBODYS_EXPORT})
    if not left:
        return ""
    listed = ", ".join(left[:_MOST_NAMED]) + (" and others" if len(left) > _MOST_NAMED else "")
    return f"{pattern}: beside the exports it holds {listed}, which claims-audit does not read."


@contextmanager
def present(paths: Sequence[Path]) -> Iterator[None]:
    """A block that reads these files: where it fails and one of them is gone, InputError says that, and not what came of it."""
    try:
        yield
    except Exception as error:
        interrupts.check()
        pass_on(error)
        for path in paths:
            if not path.exists():
                raise InputError(f"{path} was taken away while it was read.", "Bring it again, and run again.") from error
        raise


def distinct_names(paths: Sequence[Path]) -> tuple[str, ...]:
    """One name for each path: the file's own, or with as many parent folders as it takes to tell twins apart."""
    parts = [path.resolve().parts for path in paths]
    depth = [1] * len(paths)
    while True:
        names = ["/".join(part[-count:]) for part, count in zip(parts, depth, strict=True)]
        twins = {name for name, count in Counter(names).items() if count > 1}
        if not twins:
            return tuple(names)
        deeper = [
            count + 1 if name in twins and count < len(part) else count
            for name, count, part in zip(names, depth, parts, strict=True)
        ]
        if deeper == depth:
            return tuple(names)
        depth = deeper


def _reached(pattern: str) -> Iterable[Path]:
    try:
        return _open_up(pattern)
    except OSError as error:
        pass_on(error)
        raise InputError(
            f"{pattern} cannot be read: {error.strerror}.", "Check its permissions, and those of the folders that it lies in."
        ) from error


def _open_up(pattern: str) -> Iterable[Path]:
    path = Path(pattern).expanduser()
    if path.is_dir():
        return _of_folder(path)
    if path.exists():
        return [_known(path)]
    if glob.has_magic(pattern):
        return _of_glob(pattern)
    raise InputError(f"{pattern} does not exist.", "Check the path; put quotes around a pattern such as 'exports/*.csv'.")


def _known(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"{path} is not a file.", f"Claims-audit reads {_KINDS}.")
    if not is_export(path):
        suffix = path.suffix or "no suffix"
        raise InputError(f"{path} has {suffix}, which claims-audit does not read.", f"It reads {_KINDS}.")
    return path


def is_export(path: Path) -> bool:
    """Whether the name ends like something intake reads."""
    return path.name.lower().endswith(SUFFIXES + PACKED_SUFFIXES)


def _is_hidden(path: Path) -> bool:
    """Files that a spreadsheet or a system leaves beside the real ones: "~$march.xlsx", ".DS_Store", "._march.csv"."""
    return path.name.startswith((".", "~$"))


def _of_folder(folder: Path) -> list[Path]:
    try:
        exports = _tables(_files_of(folder))
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be read: {error.strerror}.", "Check its permissions.") from error
    if exports:
        return exports
    raise InputError(f"The folder {folder} holds no export that claims-audit reads.", _hint_for(folder, sorted(folder.iterdir())))


def _files_of(folder: Path) -> list[Path]:
    return [entry for entry in sorted(folder.iterdir()) if entry.is_file() and not _is_hidden(entry)]


def _matches(pattern: str) -> list[Path]:
    found = (Path(match) for match in sorted(glob.glob(os.path.expanduser(pattern), recursive=True)))
    return [match for match in found if match.is_file() and not _is_hidden(match)]


def _tables(files: Iterable[Path]) -> list[Path]:
    """The exports among the files, but for texts that can be no table of claims; with these where nothing else would be left."""
    exports = [file for file in files if is_export(file)]
    return [file for file in exports if not is_prose_file(file)] or exports


def _hint_for(folder: Path, entries: Sequence[Path]) -> str:
    if not entries:
        return "It is empty. Name the folder that holds the exports."
    deeper = sorted(entry.name for entry in entries if entry.is_dir() and _holds_export(entry))
    if deeper:
        return f"There are exports in folders within it ({', '.join(deeper[:3])}). Name them, or use '{folder}/**/*.csv'."
    others = [entry.name for entry in entries if entry.is_file()]
    seen = f" It holds {', '.join(others[:3])}." if others else ""
    return f"Claims-audit reads {_KINDS}.{seen}"


def _holds_export(folder: Path) -> bool:
    for _, _, files in os.walk(folder):
        if any(is_export(Path(name)) for name in files):
            return True
    return False


def _of_glob(pattern: str) -> list[Path]:
    files = _matches(pattern)
    exports = _tables(files)
    if exports:
        return exports
    if files:
        raise InputError(
            f"The pattern {pattern} matches {files[0].name} and no file that claims-audit reads.", f"It reads {_KINDS}."
        )
    raise InputError(f"The pattern {pattern} matches no file.", "Check the folder and the ending.")
