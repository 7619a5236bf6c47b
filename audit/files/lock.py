"""One writer at a time for a file that people and runs add to: a lock that the system drops when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.files.door import make_folder


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Wait until nobody else writes `path`, and keep others waiting while the block runs.

    The lock is on a file beside it (0600, `.<name>.lock`), which is never removed: another may be waiting for it.
    """
    make_folder(path.parent)
    held = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
