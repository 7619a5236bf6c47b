"""Plain files grouped by their layout, and each group read in as few passes as its size and its faults allow."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb

from audit.intake.rows.dates import DateOrder
from audit.intake.rows.store import Store
from audit.intake.together.batch import Outcome, read_alike, read_batch
from audit.intake.together.plain import PlainFile

# Fewer files of one layout are read alone as quickly.
_FEWEST = 3
_MOST_BYTES = 1 << 25


def read_together(
    store: Store, files: Sequence[PlainFile], order_of: Callable[[PlainFile], DateOrder | None], scratch: Path
) -> Outcome:
    """Read plain files of any layouts; `order_of` gives the order of dates where a file's own values do not tell it."""
    groups: dict[object, list[PlainFile]] = defaultdict(list)
    for file in files:
        groups[(file.dialect.delimiter, file.dialect.headers, read_alike(file.mapping))].append(file)
    outcomes = [
        _read(store, batch, order_of, scratch) for group in groups.values() if len(group) >= _FEWEST for batch in _cut(group)
    ]
    return _joined(outcomes)


def _cut(files: Sequence[PlainFile]) -> Iterator[list[PlainFile]]:
    """The files in batches that fit in memory however many there are."""
    batch: list[PlainFile] = []
    size = 0
    for file in files:
        if size > _MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += file.size
    yield batch


def _read(store: Store, files: Sequence[PlainFile], order_of: Callable[[PlainFile], DateOrder | None], scratch: Path) -> Outcome:
    """One batch; where DuckDB refuses it, each half of it, until the file is found that has to be read alone."""
    try:
        return read_batch(store, files, {file.file_no: order_of(file) for file in files}, scratch)
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.NotImplementedException):
        if len(files) < 2 * _FEWEST:
            return Outcome()
        half = len(files) // 2
        return _joined([_read(store, part, order_of, scratch) for part in (files[:half], files[half:])])


def _joined(outcomes: Sequence[Outcome]) -> Outcome:
    read = tuple(one for outcome in outcomes for one in outcome.read)
    return Outcome(read, tuple(one for outcome in outcomes for one in outcome.untold))
