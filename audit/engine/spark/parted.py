"""The engine over parts: reads on the driver, has the parts staged and judged, and makes findings of what they flagged."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import pyarrow as pa

from audit.engine import rule_result, sql_files
from audit.engine.duckdb_session import Session
from audit.engine.interface import Reading
from audit.engine.remembered import Remembered
from audit.engine.spark import exchanges, facts, families, kernel, pieces, staging
from audit.engine.spark.exchanges import DRIVER, EXCHANGES, PATIENT
from audit.engine.spark.kernel import Job, Send
from audit.engine.spark.pieces import Piece
from audit.errors import ConfigError
from audit.model import EngineUsed, Intake, NotEvaluated, RuleOutcome
from audit.reference.loaded import Edition
from audit.rules.catalogue import Rule
from audit.settings.config import Config

# What the findings, the summaries and the files of a run read of staging.
READ_BY_RUN = frozenset(
    {
        "claim_line", "claim_total_line", "excluded_line", "excluded_row", "export_column", "line_state", "paired_line", "payer",
        "payer_policy", "replaced_claim", "reversal_pair", "status_reading", "visit",
    }
)  # fmt: skip
# Intake's tables of rows that parts are handed, each with how its rows find their part.
_OF_PARTS = {
    "claim_row": "part_of_line AS home USING (line_id)",
    "claim_total": """(
        SELECT DISTINCT source_file, claim_id, part FROM claim_row INNER JOIN part_of_line USING (line_id)
    ) AS home USING (source_file, claim_id)""",
}
# A part holds about so many lines, for its memory; with fewer than these it costs more to plan its SQL than to run it.
LINES_OF_PART = 500_000
LINES_THAT_PAY = 100_000


class Spread(Protocol):
    """Pieces that lie where they were made, on the machines of a cluster."""

    def judged(self, address: str, job: Job) -> "Spread":
        """Bring the pieces of an address together by part, and do the job with each part; what comes of it, once a part."""

    def gathered(self, addresses: Sequence[str]) -> Iterator[Piece]:
        """The pieces of some addresses, on the driver."""


class Cluster(Protocol):
    """Machines that judge parts; `master` is the address of the one that hands them out."""

    @property
    def master(self) -> str:
        """The address."""

    def spread(self, rows: Iterable[Piece], parts: int) -> Spread:
        """Hand rows out, in so many parts at most."""

    def parts_of(self, lines: int) -> int:
        """In how many parts so many lines are judged."""


class PartedSession:
    """An Engine whose rows are staged and judged in parts; `driver` is the session in which their results come together."""

    def __init__(self, driver: Session, cluster: Cluster) -> None:
        self._driver = driver
        self._cluster = cluster
        self._of_intake: set[str] = set()
        self._facts = facts.Facts((), {})
        self._placed: dict[str, tuple[Rule, ...]] = {}
        self._outcomes: dict[str, RuleOutcome] = {}
        self._shapes: dict[str, Piece] = {}
        self._patients: Spread  # there from `stage` on
        self._config = Config(sources=())
        self._parts = 1

    @property
    def money_basis(self) -> str:
        """The amount in which potential dollars are counted."""
        return self._driver.money_basis

    @property
    def used(self) -> EngineUsed:
        """The cluster, and in how many parts it judged."""
        return EngineUsed("spark", self._cluster.master, self._parts)

    @property
    def references(self) -> tuple[Edition, ...]:
        """The reference tables in use."""
        return self._driver.references

    def read(self, reading: Reading) -> Intake:
        """Read the files on the driver."""
        taken = self._driver.read(reading)
        self._of_intake = self._tables()
        return taken

    def stage(self, intake: Intake, config: Config, rules: Sequence[Rule] = ()) -> None:
        """Settle the facts of the run, have every part of patients staged and its rules judged, and gather what the run reads."""
        driver = self._driver
        driver.load_references(config)
        driver.configure(intake, config)
        self._facts = facts.gather(driver.con, driver.variables, self._tables() - self._of_intake)
        self._put_facts()
        self._config = kernel.limits(config)
        known = self._known()
        placed: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            placed[exchanges.place_of(rule, known)].append(rule)
        self._placed = {place: tuple(there) for place, there in placed.items()}
        self._judge_patients(intake)
        driver.con.execute("SET enable_external_access = false")
        driver.con.execute("SET lock_configuration = true")

    def evaluate(self, rule: Rule) -> RuleOutcome:
        """The outcome of a rule over all parts. The first rule of an exchange has all of its rules judged."""
        for place, rules in self._placed.items():
            if rule in rules and rule.id not in self._outcomes:
                if place == DRIVER:
                    self._outcomes[rule.id] = self._driver.evaluate(rule)
                else:
                    self._judge_exchange(place)
        return self._outcomes[rule.id]

    def examine(self, rule: Rule) -> RuleOutcome:
        """Verdicts stay in the parts. Raises ConfigError."""
        raise ConfigError(f"What {rule.id} says of every line is not brought home from the parts.", "Name the engine duckdb.")

    def collect(self, remembered: Remembered) -> None:
        """Make findings of the flags of all parts."""
        self._driver.collect(remembered)

    def table(self, query: str) -> pa.Table:
        """The result of a SELECT over what was gathered."""
        return self._driver.table(query)

    def batches(self, query: str) -> pa.RecordBatchReader:
        """The same, some rows at a time."""
        return self._driver.batches(query)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The same as one dictionary a row."""
        return self._driver.rows(query)

    def _judge_patients(self, intake: Intake) -> None:
        lines = intake.rows - intake.rejected_rows
        self._parts = self._cluster.parts_of(lines)
        driver, known = self._driver, self._known()
        families.settle(driver.con, self._parts)
        on_driver = self._placed.get(DRIVER, ())
        wanted = READ_BY_RUN.union(*(rule.front.reads for rule in on_driver))
        gathered, own = exchanges.staged_on_driver(wanted, known | self._tables())
        sends = [Send(kernel.TO_DRIVER, name, _gathering(name, on_driver)) for name in sorted(gathered)]
        for name in EXCHANGES.keys() & self._placed.keys():
            sends += EXCHANGES[name].sends(self._parts, self._placed[name], known)
        rules = self._placed.get(PATIENT, ())
        behind = {"claim_line", *gathered, *(send.table for send in sends)}.union(*(rule.front.reads for rule in rules))
        job = Job(self._facts, _sql(staging.leading_to(behind, known)), rules, tuple(sends), self._config, _shapes(driver))
        self._patients = self._cluster.spread(_rows(driver), self._parts).judged(PATIENT, job)
        driver.con.execute(rule_result.CREATE_TABLES)
        self._gather(rules, self._patients)
        for sql in exchanges.MEND_NOTES if "note" in gathered else ():
            driver.con.execute(sql)
        sql_files.run(driver.con, ((step.path, step.statement) for step in own))

    def _judge_exchange(self, name: str) -> None:
        exchange, rules = EXCHANGES[name], self._placed[name]
        shapes = tuple(piece for key, piece in self._shapes.items() if key.startswith(f"{name}/"))
        steps = exchanges.staged_in(exchange, rules, self._known())
        job = Job(self._facts, _sql(steps), rules, (), self._config, shapes, exchange.mend)
        self._gather(rules, self._patients.judged(name, job))

    def _gather(self, rules: Sequence[Rule], spread: Spread) -> None:
        """Bring home what the parts found, and say what came of each rule."""
        said: dict[str, list[dict[str, Any]]] = defaultdict(list)

        def tables() -> Iterator[Piece]:
            for piece in spread.gathered((kernel.TO_DRIVER, kernel.SHAPES)):
                if piece.table == kernel.OUTCOMES:
                    for row in pieces.opened(piece).to_pylist():
                        said[row["rule_id"]].append(row)
                elif piece.address == kernel.SHAPES:
                    exchange, _, table = piece.table.partition("/")
                    self._shapes.setdefault(piece.table, Piece(exchange, 0, table, piece.rows))
                else:
                    yield piece

        pieces.put(self._driver.con, tables())
        twice = self._flagged_twice()
        for rule in rules:
            outcome = _merged(rule, said[rule.id], twice.get(rule.id, 0))
            self._outcomes[rule.id] = outcome
            if outcome.status == "error":
                self._driver.con.execute("DELETE FROM rule_flag WHERE rule_id = $1", [rule.id])

    def _flagged_twice(self) -> dict[str, int]:
        """Subjects that more than one part has flagged, by rule: what a rule declares to see together was not enough."""
        query = """
        SELECT rule_id, count(*) - count(DISTINCT subject_id) AS twice
        FROM rule_flag GROUP BY rule_id HAVING twice > 0
        """
        return {str(rule_id): int(twice) for rule_id, twice in self._driver.con.execute(query).fetchall()}

    def _tables(self) -> set[str]:
        return {str(name) for (name,) in self._driver.con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}

    def _put_facts(self) -> None:
        for name, value in self._facts.variables.items():
            if name not in self._driver.variables:
                self._driver.con.execute(f"SET VARIABLE {name} = $value", {"value": value})
        self._driver.money_basis = str(self._facts.variables["money_basis"])

    def _known(self) -> frozenset[str]:
        return self._facts.given


def _gathering(table: str, on_driver: Sequence[Rule]) -> str:
    """The rows of a table that the driver gathers: of lines without their notes' texts, unless a rule reads them there."""
    if table == "export_line" and not any("note_text" in rule.sql for rule in on_driver):
        return "SELECT COLUMNS(lambda name : name <> 'note_text') FROM export_line"
    return f"FROM {table}"


def _shapes(driver: Session) -> tuple[Piece, ...]:
    return tuple(
        piece
        for table in _OF_PARTS
        for piece in pieces.packed(PATIENT, 0, table, pieces.taken(driver.con, f"FROM {table} LIMIT 0"))
    )


def _rows(driver: Session) -> Iterator[Piece]:
    """The rows of intake in pieces for their parts. The first part is there whether it has rows or not."""
    yield _shapes(driver)[0]
    for table, home in _OF_PARTS.items():
        query = f"SELECT home.part, {table}.* FROM {table} INNER JOIN {home} ORDER BY home.part"
        for rows in pieces.streamed(driver.con, query):
            yield from pieces.by_part(PATIENT, table, rows)


def _sql(steps: Iterable[staging.Step]) -> tuple[tuple[str, str], ...]:
    return tuple((step.path.name, step.sql) for step in steps)


def _merged(rule: Rule, said: Sequence[dict[str, Any]], twice: int) -> RuleOutcome:
    """One outcome of what all parts say of a rule; an error in one of them is the rule's."""
    seconds = math.fsum(row["seconds"] or 0 for row in said)
    errors = [row["error"] for row in said if row["error"]]
    if not errors and twice:
        errors = [f"Rule {rule.id}: {twice} subjects were examined more than once, in parts that its partition_by keeps apart."]
    if errors:
        return RuleOutcome(rule.id, "error", error=min(errors), seconds=seconds)
    reasons: Counter[str] = Counter()
    for row in said:
        if row["reason"] is not None:
            reasons[row["reason"]] += row["subjects"]
    judged = [row for row in said if row["reason"] is None]
    return RuleOutcome(
        rule.id,
        "done",
        sum(row["subjects"] for row in judged),
        sum(row["evaluated"] for row in judged),
        sum(row["flagged"] for row in judged),
        tuple(NotEvaluated(reason, reasons[reason]) for reason in sorted(reasons)),
        seconds=seconds,
    )
