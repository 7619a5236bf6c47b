"""The random exports of tests/oracle_rules, staged, for mutants of rules that no case notices.

The suite holds what each rule of compare.READ flags on them against a second reading of the rules, in flags, direction and
cents. A mutant that changes any of these there fails a test as surely as one that changes a case.
"""

import dataclasses
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audit.engine import rule_result, time_limit
from audit.engine.duckdb_session import Session, open_session
from audit.pipeline import steps
from audit.progress import Silent
from audit.rules.catalogue import Rule
from audit.settings.config import combine
from tests.oracle_rules import random_lines
from tests.oracle_rules.compare import READ, SHARED_SHAPES
from tests.oracle_rules.test_agreement import LINES, SEED

_SECONDS = 60.0
Told = Counter[tuple[Any, ...]]


@dataclass
class Exports:
    """The exports' sessions, staged when the first mutant asks for them, and what each rule tells on them unmutated."""

    stack: ExitStack
    _sessions: list[Session] = field(default_factory=list)
    _told: dict[str, list[Told]] = field(default_factory=dict)

    def notice(self, rule: Rule, changed: Rule) -> bool:
        """Whether the changed rule tells something else on one of them. Errors of DuckDB and of the rule's proof come through."""
        if rule.id not in READ:
            return False
        if not self._sessions:
            self._sessions = [self._staged(shape) for shape in SHARED_SHAPES]
        if rule.id not in self._told:
            self._told = {rule.id: [told(session, rule) for session in self._sessions]}
        return any(told(session, changed) != usual for session, usual in zip(self._sessions, self._told[rule.id], strict=True))

    def _staged(self, shape: str) -> Session:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        claims, config_file = random_lines.write(folder, SEED, shape, LINES)
        config = dataclasses.replace(combine((str(claims),), config_file, {}), threads=1)
        session = self.stack.enter_context(open_session(config, folder / "spill"))
        session.stage(steps.read(session, [claims], (), config, folder, Silent()), config)
        session.con.execute(rule_result.CREATE_TABLES)
        return session


def told(session: Session, rule: Rule) -> Told:
    """What the suite compares with the second reading, of each flag: whose and when, its direction, and its amount."""
    session.con.execute("DELETE FROM rule_flag")
    with time_limit.limited(session.con, _SECONDS, f"Rule {rule.id}"):
        rule_result.keep(session.con, rule)
    found = session.con.execute(
        """
        SELECT claim_line.service_date, claim_line.rendering_npi, direction,
            list_sum(list_transform(lines, lambda one : one.amount_at_risk))
        FROM rule_flag
        INNER JOIN claim_line ON rule_flag.subject_id = claim_line.line_id
        """
    )
    return Counter(found.fetchall())
