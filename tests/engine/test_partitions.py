"""What a rule declares as `partition_by` is enough: judged part by part, it finds what it finds over the whole sample."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from audit import intake, rules
from audit.engine import rule_result
from audit.engine.duckdb_session import Session, open_session
from audit.rules.catalogue import Rule
from audit.settings.config import Config
from tests.house.checkout import ROOT

_PARTS = 3
_KEY = {
    "line": "line_id",
    "note": "coalesce((SELECT normalised FROM note WHERE note.note_id = claim_line.note_id), CAST(line_id AS VARCHAR))",
    "patient": "patient_id",
    "provider_and_date": "(rendering_npi, service_date)",
}
# Tables that hold no claim lines are every part's; these hold some, or what is made of some.
_OF_LINES = {
    "claim_line": "line_id", "export_line": "line_id", "year_line": "line_id",
    "visit": "visit_id", "visit_code": "visit_id", "export_visit": "visit_id",
}  # fmt: skip


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("partitions")
    config = Config(sources=(), reference_dir=folder / "nothing imported")
    with open_session(config, folder / "spill") as session:
        taken = session.read(lambda con: intake.load(con, intake.find_sources([str(ROOT / "data_samples")]), scratch=folder))
        session.stage(taken, config)
        yield session


def judged(session: Session, rule: Rule) -> tuple[Counter[Any], set[Any]]:
    """How many subjects got each verdict, and what was flagged."""
    session.con.execute("DELETE FROM rule_flag")
    counts = Counter({(verdict, reason): number for verdict, reason, number in rule_result.keep(session.con, rule)})
    flags = session.con.execute(
        "SELECT subject_id, severity, direction, message, CAST(list_sort(lines) AS VARCHAR) FROM rule_flag"
    )
    return counts, set(flags.fetchall())


def judged_in_parts(session: Session, rule: Rule) -> tuple[Counter[Any], set[Any]]:
    """The same, one part of the lines after the other. Views of the same name stand before the session's own tables."""
    counts, flags = Counter[Any](), set[Any]()
    own_key = _KEY[rule.front.partition_by]
    try:
        for part in range(_PARTS):
            for table, key in _OF_LINES.items():
                session.con.execute(
                    f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM memory.main.{table} WHERE {key} IN "
                    f"(SELECT {key} FROM memory.main.export_line AS claim_line WHERE hash({own_key}) % {_PARTS} = {part})"
                )
            in_part = judged(session, rule)
            counts, flags = counts + in_part[0], flags | in_part[1]
    finally:
        for table in _OF_LINES:
            session.con.execute(f"DROP VIEW IF EXISTS temp.{table}")
    return counts, flags


# A provider's rule may compare providers, or ask for the year of a patient whom several treat: it is judged over all lines.
@pytest.mark.parametrize(
    "rule", [rule for rule in rules.load() if rule.front.partition_by != "provider"], ids=lambda rule: rule.id
)
def test_a_rule_finds_the_same_part_by_part(session: Session, rule: Rule) -> None:
    whole = judged(session, rule)
    assert judged_in_parts(session, rule) == whole


def test_a_part_too_narrow_is_noticed(session: Session) -> None:
    (rule,) = (rule for rule in rules.load() if rule.id == "CLM001")
    too_narrow = msgspec.structs.replace(rule.front, partition_by="line")
    assert judged_in_parts(session, replace(rule, front=too_narrow)) != judged(session, rule)
