"""The embedded engine: one DuckDB session that holds a run's rows, its reference tables and its findings."""

import atexit
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from audit.contract import MONEY_COLUMNS
from audit.engine import rule_result, sql_files, staging_parts, statistics, time_limit, user_settings
from audit.engine.interface import Reading
from audit.engine.remembered import Remembered
from audit.errors import AuditError, ConfigError, RuleError
from audit.machine import capacity, interrupts
from audit.model import EngineUsed, Intake, NotEvaluated, RuleOutcome
from audit.reference import store, tables
from audit.reference.loaded import Edition
from audit.rules.catalogue import Rule
from audit.settings.config import RULE_SECONDS, Config

_BATCH = 122_880  # rows: as many as stand in a row group of Parquet
_open: list[duckdb.DuckDBPyConnection] = []
_NOTHING = Remembered()
_Run = Callable[[duckdb.DuckDBPyConnection, Rule, AbstractContextManager[None] | None], list[tuple[str, str | None, int]]]


class Session:
    """A DuckDB connection in the order of a run: intake fills it, `stage`, `evaluate` each rule, `collect`, read."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.money_basis = MONEY_COLUMNS[0]
        self.used = EngineUsed()
        self.references: tuple[Edition, ...] = ()
        # The variables of SQL that settings and intake decide, by name.
        self.variables: dict[str, object] = {}
        self.rule_seconds: float = RULE_SECONDS
        # Whether rules run in transactions of their own, in which they can only read; not where a caller has one open.
        self.walls_rules = True
        # What makes of claim rows what rules read. A caller whose queries read little of it may take away the rest.
        self.staging: Sequence[sql_files.FileStatement] = sql_files.statements("staging")

    def read(self, reading: Reading) -> Intake:
        """Let `reading` fill claim_row and rejected_row."""
        return reading(self.con)

    def stage(self, intake: Intake, config: Config, rules: Sequence[Rule] | None = None) -> None:
        """Reference tables, final action, visits: all that `rules` read (None: any). They then see nothing but this session."""
        if rules is not None:
            self.choose_staging(rules)
        self.load_references(config)
        self.settle(intake, config)
        self.con.execute("SET enable_external_access = false")
        self.con.execute("SET lock_configuration = true")

    def choose_staging(self, rules: Sequence[Rule]) -> None:
        """Let `settle` make what some rules read, and no more."""
        # What a rule of the user's reads by a star or as a whole row nobody can tell from its words.
        narrow = all(rule.is_shipped for rule in rules)
        self.staging = staging_parts.of_a_run([rule.sql for rule in rules], narrow=narrow)

    def load_references(self, config: Config) -> None:
        """The first step of `stage`: reference tables. Of imported ones only the edits of the export's codes."""
        self.references = tables.load(self.con, config.reference_dir or store.default_store())

    def settle(self, intake: Intake, config: Config) -> None:
        """The second step of `stage`: the user's settings, then all that SQL makes of the claim rows."""
        self.configure(intake, config)
        sql_files.run(self.con, self.staging)
        self.money_basis = str(self.rows("SELECT getvariable('money_basis') AS basis")[0]["basis"])
        self.con.execute(rule_result.CREATE_TABLES)

    def configure(self, intake: Intake, config: Config) -> None:
        """The user's settings, and what staging reads of the intake beside its rows: tables and variables."""
        self.rule_seconds = config.rule_seconds
        user_settings.load(self.con, config)
        for edition in self.references:
            if edition.table in ("ptp_edit", "mue"):
                self._set(f"{edition.table}_edition", edition.edition)
        self._set("filled_columns", list(intake.filled_columns))
        self._set("files_without_modifiers", list(intake.files_without_modifiers))
        pairs = [f"{name} {file}" for name, files in sorted(intake.files_without.items()) for file in files]
        self._set("columns_lacked", pairs)
        self._set("period_start", config.period.first_day if config.period else None)
        self._set("period_end", config.period.last_day if config.period else None)

    def evaluate(self, rule: Rule) -> RuleOutcome:
        """Run one rule and keep what it flags. A rule that fails is an outcome of its own and stops no other."""
        return self._outcome(rule, rule_result.keep)

    def examine(self, rule: Rule) -> RuleOutcome:
        """Run one rule and leave what it says of every subject in the temporary table `verdict`; else as `evaluate`."""
        return self._outcome(rule, rule_result.examine)

    def _outcome(self, rule: Rule, run: _Run) -> RuleOutcome:
        began = time.perf_counter()
        try:
            with time_limit.limited(self.con, self.rule_seconds, f"Rule {rule.id}"):
                wall = rule_result.reading_only(self.con) if self.walls_rules else None
                counts = run(self.con, statistics.as_far_as_it_goes(rule), wall)
        except (duckdb.Error, RuleError, RuntimeError, ValueError, ArithmeticError) as error:
            interrupts.check()  # a rule that the user broke off has not failed
            return RuleOutcome(rule.id, "error", error=_said_of(error), seconds=time.perf_counter() - began)
        reasons = tuple(NotEvaluated(reason, n) for _, reason, n in counts if reason is not None)
        population = sum(n for _, _, n in counts)
        flagged = sum(n for verdict, _, n in counts if verdict == "flag")
        evaluated = population - sum(reason.count for reason in reasons)
        return RuleOutcome(rule.id, "done", population, evaluated, flagged, reasons, seconds=time.perf_counter() - began)

    def collect(self, remembered: Remembered = _NOTHING) -> None:
        """Bring what the rules flagged to findings, their lines, and each line's potential dollars counted once."""
        for name, known in remembered.tables():
            self.con.register("given", known)
            self.con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
            self.con.unregister("given")
        sql_files.run_all(self.con, "findings")

    def table(self, query: str) -> pa.Table:
        """The result of a SELECT as an Arrow table."""
        return self.con.sql(query).to_arrow_table()

    def batches(self, query: str) -> pa.RecordBatchReader:
        """The result of a SELECT in batches of Arrow rows."""
        return self.con.sql(query).to_arrow_reader(_BATCH)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The result of a SELECT as one dictionary a row."""
        result: list[dict[str, Any]] = self.table(query).to_pylist()
        return result

    def _set(self, name: str, value: object) -> None:
        self.variables[name] = value
        self.con.execute(f"SET VARIABLE {name} = $value", {"value": value})


@contextmanager
def open_session(config: Config, spill: Path) -> Iterator[Session]:
    """A session with the macros loaded; it spills into the folder `spill` beyond its memory limit, and closes itself."""
    con = duckdb.connect(":memory:")
    _open.append(con)
    try:
        con.execute("SET autoinstall_known_extensions = false")
        con.execute("SET autoload_known_extensions = false")
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_progress_bar = false")  # it would print on stdout
        con.execute("SET temp_directory = $1", [str(spill)])
        con.execute("SET threads = $1", [config.threads or capacity.processors()])
        _set_memory_limit(con, config.memory_limit or _most_memory())
        sql_files.run_all(con, "macros")
        statistics.register(con)
        yield Session(con)
    finally:
        con.close()
        _open.remove(con)


@atexit.register
def _close_all() -> None:
    """A session that is open when the process ends would be reported, at length, as leaked."""
    for con in _open:
        con.close()


def _said_of(error: Exception) -> str:
    """What a rule failed of, without a cell of the export."""
    if isinstance(error, AuditError):
        return " ".join(part for part in (error.message, error.hint) if part)
    if isinstance(error, duckdb.Error) and "read-only mode" in str(error):
        return "The rule would change a table of the audit: rules run read-only."
    said = sql_files.said_of(error)
    return f"{said}. Run the rule's SELECT on lines of your own to see which." if said.endswith(sql_files.NO_VALUE) else said


def _most_memory() -> str | None:
    """Four fifths of what the process may have: the rest is Python's, and the system's for files."""
    held = capacity.memory()
    return None if held is None else f"{held * 4 // 5 >> 20}MiB"


def _set_memory_limit(con: duckdb.DuckDBPyConnection, limit: str | None) -> None:
    if limit is None:
        return
    try:
        con.execute("SET memory_limit = $1", [limit])
    except duckdb.Error as error:
        raise ConfigError(f"memory_limit {limit!r} is not an amount of memory.", "Write it like 4GB.") from error
