"""Zip archives: opened where each entry has a name that can be read."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, for the time of a block. BadZipFile where its list of entries is damaged, names among it."""
    try:
        archive = zipfile.ZipFile(path)
    # What else the library makes of a damaged list: a name in no letters, a place before the file, a version to come.
    except (ValueError, NotImplementedError) as error:
        raise zipfile.BadZipFile("its list of entries cannot be read") from error
    with archive:
        if not all(entry.filename for entry in archive.infolist()):
            raise zipfile.BadZipFile("an entry has no name")
        yield archive
