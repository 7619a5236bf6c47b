"""What a run asks of an engine: rows in, findings out. `engines.open_engine` opens the one that a run names.

Whatever stands behind it, the SQL of queries/ and its answers are the same: an engine decides where rows lie and which of
them are judged together, never what a rule means.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from audit.engine.remembered import Remembered
from audit.model import EngineUsed, Intake, RuleOutcome
from audit.reference.loaded import Edition
from audit.rules.catalogue import Rule
from audit.settings.config import Config

Reading = Callable[[duckdb.DuckDBPyConnection], Intake]


class Engine(Protocol):
    """One audit's rows, in the order of a run: `read`, `stage`, `evaluate` each rule, `collect`; then its tables are read.

    A rule's `partition_by` says which claim lines an engine must keep together when it evaluates the rule; one that splits
    rows finds the same as one that does not.
    """

    @property
    def money_basis(self) -> str:
        """Once staged: the amount in which potential dollars are counted, a money column of the contract."""

    @property
    def used(self) -> EngineUsed:
        """Once rules are evaluated: what judged them."""

    @property
    def references(self) -> tuple[Edition, ...]:
        """Once staged: the reference tables in use."""

    def read(self, reading: Reading) -> Intake:
        """Keep what `reading` leaves in the DuckDB it is handed: `claim_row` and `rejected_row`.

        DuckDB is the reader of files for every engine. InputError and ConfigError come through.
        """

    def stage(self, intake: Intake, config: Config, rules: Sequence[Rule]) -> None:
        """Make of the rows and the reference tables what these rules read. Raises ConfigError."""

    def evaluate(self, rule: Rule) -> RuleOutcome:
        """Run a rule and keep what it flags. A rule that fails is an outcome of its own and stops no other."""

    def examine(self, rule: Rule) -> RuleOutcome:
        """Run a rule and leave what it says of every subject, flagged or not, in the table `verdict`; nothing of it is kept.

        The table has the rule's own columns and `verdict`: flag, ok or not evaluated.
        """

    def collect(self, remembered: Remembered) -> None:
        """Make findings of the flags, each standing as what is remembered of it says."""

    def table(self, query: str) -> pa.Table:
        """The result of a SELECT over the run's tables, in its order; `verdict` is what the rule evaluated last said."""

    def batches(self, query: str) -> pa.RecordBatchReader:
        """The same, some rows at a time, for results that are as long as the export."""

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The same as one dictionary a row; for results that are small."""
