"""What a worker's Python does with the rows that Spark hands it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import duckdb

from audit.engine import sql_files
from audit.engine.spark.kernel import Job
from audit.engine.spark.pieces import Piece
from audit.errors import AuditError


class PartError(Exception):
    """A part could not be judged; the text is for a person, a sentence and perhaps a hint on the next line."""


def judged(job: Job, rows: Iterable[Mapping[str, Any]]) -> Iterator[Piece]:
    """Do a job with one part. Raises PartError, in whose words no cell of the export stands."""
    arrived = [Piece(row["address"], row["part"], row["name"], row["rows"]) for row in rows]
    try:
        yield from job.judge(arrived)
    except AuditError as error:
        raise PartError(str(error)) from error
    except (duckdb.Error, OSError, MemoryError, RuntimeError) as error:
        raise PartError(f"A part of the rows could not be judged: {sql_files.said_of(error)}") from error
