"""Pieces of rows where they lie: on the workers, each part judged there by a worker's Python, and brought home bit by bit.

What a task cannot do it says in a piece of its own, so that only a lost machine is tried again, and no words of an error stand in
anybody's log but those that are meant for a person.

Nothing passes through Java's memory in larger amounts than a few pieces, neither the driver's nor a worker's: any number of lines
goes through the gigabyte that Spark takes by itself.
"""

import pickle
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from audit.engine.spark.identity import identity
from audit.engine.spark.java import Java
from audit.engine.spark.kernel import Job
from audit.engine.spark.pieces import Piece
from audit.engine.spark.watch import Tell, watched
from audit.errors import AuditError, ConfigError

if TYPE_CHECKING:
    from pyspark import RDD
    from pyspark.sql import DataFrame, SparkSession

FAULT, OTHER = "fault", "other program"
# A piece; then of which judging of its part it comes, and with which of that judging's deliveries it goes home.
_COLUMNS = "address string, part int, name string, rows binary, judging string, delivery int"
_BATCH = pa.schema(
    [
        ("address", pa.string()),
        ("part", pa.int32()),
        ("name", pa.string()),
        ("rows", pa.binary()),
        ("judging", pa.string()),
        ("delivery", pa.int32()),
    ]
)
# Bytes of pieces after which a delivery goes home: Java holds each several times over.
_DELIVERED = 4_000_000
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Held:
    """A piece that lies in one of Spark's partitions (`place`), without its rows, of which there are `size` bytes."""

    address: str
    place: int
    judging: str
    delivery: int
    size: int


@dataclass(frozen=True)
class SparkPieces:
    """Pieces in Spark's partitions, and what is known of them."""

    frame: "DataFrame"
    held: Sequence[Held]
    parts: int
    java: Java
    tell: Tell

    def judged(self, address: str, job: Job) -> "SparkPieces":
        """Each part of the address judged by a task of its own. What comes of it is kept where it was made."""
        from pyspark import StorageLevel

        task = _task(identity(), pickle.dumps(job), _DELIVERED)
        doing = f"Judging by {address.replace('_', ' ')}"
        with self.java.told_plainly(), watched(self.frame.sparkSession.sparkContext, self.parts, doing, self.tell):
            here = self.frame.where(self.frame.address == address).repartitionById(self.parts, "part")
            made = here.mapInArrow(task, _COLUMNS).persist(StorageLevel.DISK_ONLY)
            # This has all parts judged, side by side; to gather them is to go from one to the next.
            held, faults = _looked_over(made)
        for kind, said in sorted(faults):
            raise (ConfigError if kind == OTHER else AuditError)(*said.split("\n", 1))
        return SparkPieces(made, held, self.parts, self.java, self.tell)

    def gathered(self, addresses: Sequence[str]) -> Iterator[Piece]:
        """The pieces, part after part, each part once. Raises AuditError where workers are lost again and again.

        A part that is lost on the way is judged again, and may then be cut into other pieces: none is given until all are here
        that come of one judging.
        """
        held = [one for one in self.held if one.address in addresses]
        for _ in range(_TRIES):
            expected = Counter((one.place, one.judging) for one in held)
            here: dict[tuple[int, str], list[Piece]] = defaultdict(list)
            for of, piece in self._brought(addresses, held):
                here[of].append(piece)
                if len(here[of]) == expected[of]:
                    del expected[of]
                    yield from here.pop(of)
            if not expected:
                return
            lost = {place for place, _ in expected}
            with self.java.told_plainly():
                held = [one for one in _looked_over(self.frame)[0] if one.address in addresses and one.place in lost]
        raise AuditError("Workers were lost again and again while what they found was brought home.", "Run it again.")

    def _brought(self, addresses: Collection[str], held: Sequence[Held]) -> Iterator[tuple[tuple[int, str], Piece]]:
        """What lies in the places of `held`, a delivery at a time, each piece with its place and judging."""
        from pyspark.sql import functions

        last = {one.place: 0 for one in held}
        for one in held:
            last[one.place] = max(last[one.place], one.delivery)
        first, deliveries = [0] * (max(last, default=-1) + 1), 0
        for place in sorted(last):
            first[place], deliveries = deliveries, deliveries + last[place] + 1
        if not deliveries:
            return
        with self.java.told_plainly():
            placed = self.frame.select("*", functions.spark_partition_id().alias("place"))
            wanted = placed.where(placed.address.isin(*addresses) & placed.place.isin(*last))
            numbered = wanted.withColumn("number", functions.get(functions.lit(first), wanted.place) + wanted.delivery)
            # Of a frame Spark 4.3 keeps what every job has brought until the last has: of an RDD it does not.
            for row in numbered.repartitionById(deliveries, "number").rdd.toLocalIterator():
                yield (row.place, row.judging), Piece(row.address, row.part, row.name, bytes(row.rows))


def handed_out(session: "SparkSession", java: Java, pieces: Iterable[Piece]) -> tuple["DataFrame", list[Held]]:
    """Pieces as a frame, each a partition's own. Their rows lie on the driver's disk until a worker asks for them."""
    held: list[Held] = []
    handed: list[RDD[Any]] = []
    for piece in pieces:
        with java.told_plainly():
            handed.append(_handed_out(session, piece))
        held.append(Held(piece.address, len(held), "", 0, len(piece.rows)))
    with java.told_plainly():
        return session.createDataFrame(session.sparkContext.union(handed), _COLUMNS, verifySchema=False), held


def _handed_out(session: "SparkSession", piece: Piece) -> "RDD[Any]":
    # What is parallelised lies in the driver's heap to the end; what is broadcast, on its disk, and goes to who asks for it.
    context = session.sparkContext
    rows = context.broadcast(piece.rows)
    return context.parallelize([(piece.address, piece.part, piece.table)], 1).map(lambda named: (*named, rows.value, "", 0))


def _looked_over(frame: "DataFrame") -> tuple[list[Held], list[tuple[str, str]]]:
    """What lies in a frame, without its rows; and the faults among it, by kind and words."""
    from pyspark.sql import functions

    is_fault = frame.address.isin(FAULT, OTHER)
    found = frame.select(
        "address",
        functions.spark_partition_id().alias("place"),
        "judging",
        "delivery",
        functions.length("rows").alias("size"),
        functions.when(is_fault, frame.rows).alias("said"),
    ).collect()
    faults = [(row.address, bytes(row.said).decode()) for row in found if row.said is not None]
    return [Held(row.address, row.place, row.judging, row.delivery, row.size) for row in found], faults


def _task(
    expected: Mapping[str, str], packed: bytes, delivered: int
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker does with its partition. It travels by value, so that a worker with another program can say so."""
    fault, other, schema = FAULT, OTHER, _BATCH

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pickle
        from uuid import uuid4

        import pyarrow as pa

        judging = uuid4().hex
        sent: dict[str, int] = {}  # bytes by address

        def told(address: str, part: int, name: str, rows: bytes) -> pa.RecordBatch:
            before = sent.get(address, 0)
            sent[address] = before + len(rows)
            row = (address, part, name, rows, judging, before // delivered)
            return pa.RecordBatch.from_pylist([dict(zip(schema.names, row, strict=True))], schema)

        def strange(what: str) -> pa.RecordBatch:
            wanted = ", ".join(f"{name} {value}" for name, value in expected.items())
            said = (
                f"A worker has {what}; this is {wanted}.\nInstall the same claims-audit, with the same DuckDB, on every worker."
            )
            return told(other, 0, "", said.encode())

        rows = [row for batch in batches for row in batch.to_pylist()]
        if not rows:
            return
        try:
            from audit.engine.spark import worker
            from audit.engine.spark.identity import identity
        except ImportError as error:
            yield strange(f"no claims-audit that could do this ({type(error).__name__})")
            return
        if identity() != expected:
            yield strange(", ".join(f"{name} {value}" for name, value in identity().items()))
            return
        try:
            for piece in worker.judged(pickle.loads(packed), rows):  # noqa: S301 # what this very run has packed
                yield told(piece.address, piece.part, piece.table, piece.rows)
        except worker.PartError as error:
            yield told(fault, 0, "", str(error).encode())

    return judge
