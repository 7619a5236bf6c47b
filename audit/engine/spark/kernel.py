"""One part of the rows in a DuckDB of its own: staged, judged, and what others need of it sent on.

This runs wherever the part lies, under Spark in a worker's Python; it knows nothing of where that is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import duckdb
import pyarrow as pa

from audit.engine import rule_result, sql_files
from audit.engine.duckdb_session import Session, open_session
from audit.engine.spark import pieces
from audit.engine.spark.facts import Facts
from audit.engine.spark.pieces import Piece
from audit.errors import AuditError
from audit.files.door import scratch_folder
from audit.model import RuleOutcome
from audit.rules.catalogue import Rule
from audit.settings.config import Config

FLAGS, OUTCOMES = "rule_flag", "rule_outcome"
TO_DRIVER, SHAPES = "driver", "shapes"
_OUTCOME = pa.schema(
    [
        ("rule_id", pa.string()),
        ("error", pa.string()),
        ("reason", pa.string()),
        ("subjects", pa.int64()),
        ("evaluated", pa.int64()),
        ("flagged", pa.int64()),
        ("seconds", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Send:
    """Rows of one table that a part sends: to the driver, or to the parts of an exchange by the query's first column, `part`.

    `before` is SQL that the query rests on.
    """

    address: str
    table: str
    query: str
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """What is done with every part of one kind: nothing here differs from part to part.

    `shapes` are pieces without rows of the tables that may arrive; `staging` is SQL by the file that it stands in.
    """

    facts: Facts
    staging: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    sends: tuple[Send, ...]
    config: Config
    shapes: tuple[Piece, ...] = ()
    mend: tuple[str, ...] = field(default=())

    def judge(self, arrived: Iterable[Piece]) -> Iterator[Piece]:
        """Judge one part: its rows in, its verdicts and what it sends on out. Raises AuditError where staging fails."""
        with scratch_folder() as scratch, open_session(self.config, scratch / "spill") as session:
            self.facts.put(session.con)
            pieces.put(session.con, (*self.shapes, *arrived))
            self._stage(session)
            session.con.execute(rule_result.CREATE_TABLES)
            outcomes = [_outcome_rows(session.evaluate(rule)) for rule in self.rules]
            rows = [row for one in outcomes for row in one]
            yield from pieces.packed(TO_DRIVER, 0, OUTCOMES, pa.Table.from_pylist(rows, _OUTCOME))
            yield from pieces.packed(TO_DRIVER, 0, FLAGS, pieces.taken(session.con, f"FROM {FLAGS}"))
            for send in self.sends:
                yield from _sent(session.con, send)

    def _stage(self, session: Session) -> None:
        for sql in self.mend:
            session.con.execute(sql)
        for name, sql in self.staging:
            try:
                session.con.execute(sql)
            except duckdb.Error as error:
                raise AuditError(f"{name} failed in a part of the rows: {sql_files.said_of(error)}") from error
        session.rule_seconds = self.config.rule_seconds


def _sent(con: duckdb.DuckDBPyConnection, send: Send) -> Iterator[Piece]:
    for sql in send.before:
        con.execute(sql)
    rows = pieces.taken(con, send.query)
    if send.address == TO_DRIVER:
        yield from pieces.packed(TO_DRIVER, 0, send.table, rows)
        return
    yield from pieces.packed(SHAPES, 0, f"{send.address}/{send.table}", pieces.without_first(rows.slice(0, 0)))
    yield from pieces.by_part(send.address, send.table, rows)


def _outcome_rows(outcome: RuleOutcome) -> list[dict[str, object]]:
    """An outcome as rows: one of what was judged, one for each reason why not."""
    judged: dict[str, object] = {
        "rule_id": outcome.rule_id,
        "error": outcome.error or None,
        "subjects": outcome.population,
        "evaluated": outcome.evaluated,
        "flagged": outcome.flagged,
        "seconds": outcome.seconds,
    }
    return [judged, *({"rule_id": outcome.rule_id, "reason": one.reason, "subjects": one.count} for one in outcome.not_evaluated)]


def limits(config: Config) -> Config:
    """What a part needs of the settings; everything else has become tables and variables on the driver.

    One thread unless the user says more, for a machine judges as many parts at a time as it has cores.
    """
    threads = config.threads or 1
    return replace(Config(sources=()), threads=threads, memory_limit=config.memory_limit, rule_seconds=config.rule_seconds)
