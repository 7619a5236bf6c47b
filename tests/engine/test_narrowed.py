"""Lines are staged with the columns that somebody reads, and a join that gives none of them is not made."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from audit import intake
from audit.engine import sql_files, staging_parts
from audit.engine.duckdb_session import Session, open_session
from audit.engine.narrowed import narrowed
from audit.pipeline import steps
from audit.runs import outputs
from audit.settings.config import Config
from tests.end_to_end.part_of_sample import visits_of

_STEP = """
CREATE OR REPLACE TABLE wide AS
SELECT
    line.* REPLACE (line.units * 2 AS units),
    line.units > 1 AS is_many,
    is_many AND kind.is_odd AS is_odd,
    word.text AS said
FROM line
INNER JOIN kind ON line.kind = kind.kind
LEFT JOIN word ON line.kind = word.kind
LEFT JOIN shade ON word.text = shade.text
WHERE line.units > 0;
"""


def _made(*names: str) -> tuple[list[str], str]:
    """The columns of the narrowed table, and its SQL."""
    con = duckdb.connect()
    con.execute("CREATE TABLE line AS SELECT 1 AS line_id, 'a' AS kind, 2 AS units, 'x' AS unread")
    con.execute("CREATE TABLE kind AS SELECT 'a' AS kind, TRUE AS is_odd")
    con.execute("CREATE TABLE word AS SELECT 'a' AS kind, 'a word' AS text")
    con.execute("CREATE TABLE shade AS SELECT 'a word' AS text")
    (step,) = duckdb.extract_statements(_STEP)
    _, statement = narrowed((sql_files.statements("staging")[0][0], step), frozenset(names))
    con.execute(statement)
    return [name for name, *_ in con.execute("DESCRIBE wide").fetchall()], statement.query


def test_columns_that_nobody_names_are_not_written() -> None:
    columns, sql = _made("line_id", "units", "said")
    assert columns == ["line_id", "units", "said"]
    assert "is_many" not in sql


def test_a_column_that_another_one_is_made_of_is_worked_out_and_not_kept() -> None:
    columns, _ = _made("is_odd")
    assert columns == ["is_odd"]


def test_a_left_join_of_which_nothing_is_read_is_not_made() -> None:
    assert "word" not in _made("line_id")[1]
    assert "shade" not in _made("said")[1]
    assert "word" in _made("said")[1]


def test_an_inner_join_stays_for_it_may_take_lines_away() -> None:
    assert "kind" in _made("line_id")[1]


def test_a_name_that_is_no_column_changes_nothing() -> None:
    assert _made("line_id", "no_such_column")[0] == ["line_id"]


# Of visits, of notes and of pairs.
_RULES = ("TIM001", "DOC002", "MOD002")
_FOUND = "SELECT finding_id, direction, confidence, amount_at_risk, message, evidence, rests_on FROM finding WHERE rule_id = $1"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return visits_of(tmp_path_factory.mktemp("sample") / "claims.csv", _RULES)


@contextmanager
def _audited(sample: Path, folder: Path, *ids: str, narrow: bool) -> Iterator[Session]:
    """The sample's visits of these rules, audited by some of them: staged for these, or whole."""
    config = Config(sources=(), select=ids, reference_dir=folder / "nothing imported")
    with open_session(config, folder / "spill") as session:
        files = intake.find_sources([str(sample)])
        taken = session.read(lambda con: intake.load(con, files, scratch=folder))
        catalogue = steps.choose_rules(config)
        session.stage(taken, config, catalogue if narrow else None)
        outcomes = [session.evaluate(rule) for rule in catalogue]
        assert not [outcome for outcome in outcomes if outcome.error]
        session.collect()
        yield session


@pytest.fixture(scope="module")
def whole(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with _audited(sample, tmp_path_factory.mktemp("whole"), *_RULES, narrow=False) as session:
        yield session


@pytest.mark.parametrize("rule_id", _RULES)
def test_over_narrow_lines_a_rule_finds_what_it_finds_over_whole_ones(
    rule_id: str, sample: Path, whole: Session, tmp_path: Path
) -> None:
    with _audited(sample, tmp_path, rule_id, narrow=True) as session:
        found = set(session.con.execute(_FOUND, [rule_id]).fetchall())
        assert found
        assert found == set(whole.con.execute(_FOUND, [rule_id]).fetchall())
        assert _width(session) < _width(whole)
        for output in outputs.OUTPUTS:
            session.table(output.query)
        for _, statement in sql_files.statements("summary"):
            session.rows(statement.query)


def test_lines_stay_whole_where_the_user_has_rules_of_his_own(tmp_path: Path) -> None:
    (shipped,) = steps.choose_rules(Config(sources=(), select=("CLM003",)))
    own = replace(shipped, path=tmp_path / "own.sql")
    with open_session(Config(sources=()), tmp_path) as session:
        steps_of = {}
        for rule in (shipped, own):
            session.choose_staging([rule])
            steps_of[rule.is_shipped] = next(
                one.query for path, one in session.staging if staging_parts.made_by((path, one)) == staging_parts.LINES
            )
    assert "note_id" not in steps_of[True]
    assert "note_id" in steps_of[False]


def _width(session: Session) -> int:
    return len(session.con.execute("DESCRIBE export_line").fetchall())
