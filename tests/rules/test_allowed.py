"""What rules may hold, held against DuckDB's own lists: nothing that changes, asks outside or waits gets through."""

from pathlib import Path

import duckdb
import pytest

from audit import assets
from audit.errors import RuleError
from audit.rules import allowed, catalogue
from audit.rules.sql_tables import SqlTables
from tests.rules.own_rules import file_text, select

# One statement of each kind that DuckDB tells apart; None: no text of SQL makes one.
STATEMENTS: dict[str, str | None] = {
    "INSERT": "INSERT INTO visit SELECT * FROM visit",
    "UPDATE": "UPDATE visit SET payer_key = 'x'",
    "DELETE": "DELETE FROM visit",
    "MERGE_INTO": "MERGE INTO visit USING claim_line USING (visit_id) WHEN MATCHED THEN DELETE",
    "CREATE": "CREATE TABLE t AS SELECT 1",
    "CREATE_FUNC": "CREATE MACRO m() AS 1",
    "ALTER": "ALTER TABLE visit RENAME TO w",
    "DROP": "DROP TABLE visit",
    "PREPARE": "PREPARE p AS SELECT 1",
    "EXECUTE": "EXECUTE p",
    "TRANSACTION": "COMMIT",
    "COPY": "COPY visit TO 'x.csv'",
    "COPY_DATABASE": "COPY FROM DATABASE a TO b",
    "EXPORT": "EXPORT DATABASE 'x'",
    "ANALYZE": "ANALYZE",
    "VACUUM": "VACUUM",
    "VARIABLE_SET": "SET VARIABLE money_basis = 'paid_amount'",
    "SET": "SET threads = 1",
    "PRAGMA": "PRAGMA version",
    "CALL": "CALL pragma_version()",
    "LOAD": "LOAD httpfs",
    "ATTACH": "ATTACH 'x.db'",
    "DETACH": "DETACH x",
    "EXPLAIN": "EXPLAIN ANALYZE SELECT 1",
    "MULTI": "PIVOT claim_line ON procedure_code USING sum(units)",
    "EXTENSION": None,
    "INVALID": None,
    "LOGICAL_PLAN": None,
    "RELATION": None,
}
# Each kind of CTE that changes something, with what its refusal says. Values as SELECT would give them.
CHANGING = {
    "DELETE FROM visit RETURNING visit_id": "delete rows",
    "DELETE FROM visit USING claim_line WHERE visit.visit_id = claim_line.visit_id RETURNING visit.visit_id": "delete rows",
    "TRUNCATE visit": "delete rows",
    "INSERT INTO visit SELECT * FROM visit RETURNING visit_id": "insert rows",
    "INSERT OR REPLACE INTO visit SELECT * FROM visit RETURNING visit_id": "insert rows",
    "UPDATE visit SET payer_key = 'x' RETURNING visit_id": "update rows",
    "COPY visit TO 'x.csv'": "write files",
    "COPY (SELECT * FROM visit) TO 'x.parquet'": "write files",
    "SHOW TABLES": "describe, summarize or show tables",
    "DESCRIBE visit": "describe, summarize or show tables",
    "SUMMARIZE visit": "describe, summarize or show tables",
}
# Where a CTE may stand.
PLACES = (
    "WITH gone AS ({}) SELECT visit_id FROM claim_line",
    "WITH gone AS MATERIALIZED ({}) SELECT visit_id FROM claim_line",
    "SELECT visit_id FROM (WITH gone AS ({}) SELECT * FROM claim_line) AS inner_query",
    "SELECT (WITH gone AS ({}) SELECT 1) AS one FROM claim_line",
    "WITH outer_query AS (WITH gone AS ({}) SELECT * FROM claim_line) SELECT visit_id FROM outer_query",
    "SELECT 1 FROM claim_line UNION ALL (WITH gone AS ({}) SELECT 1)",
    "SELECT 1 FROM claim_line WHERE EXISTS (WITH gone AS ({}) SELECT 1)",
    "WITH RECURSIVE walk AS (SELECT 1 AS n UNION ALL (WITH gone AS ({}) SELECT n + 1 FROM walk)) SELECT n FROM walk",
)


KNOWN = SqlTables.of_macros(assets.queries() / "macros")


def refused(folder: Path, sql: str) -> str:
    path = folder / "OWN001_own.sql"
    path.write_text(file_text(sql), encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        catalogue.read(path, KNOWN)
    return str(caught.value)


def of_duckdb(where: str) -> set[str]:
    found = duckdb.execute(f"SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE {where}").fetchall()
    return {name for (name,) in found}


def test_every_kind_of_statement_is_known_here() -> None:
    assert {*STATEMENTS, "SELECT"} == set(duckdb.StatementType.__members__)


@pytest.mark.parametrize("kind", [kind for kind, sql in STATEMENTS.items() if sql])
def test_no_other_statement_is_a_rule(tmp_path: Path, kind: str) -> None:
    said = refused(tmp_path, STATEMENTS[kind] or "")
    assert "exactly one SELECT" in said or "does not parse" in said


def test_no_other_kind_of_cte_parses() -> None:
    """A new edition of DuckDB that takes more than these must be looked at again."""
    with pytest.raises(duckdb.ParserException, match="must be a SELECT, INSERT, UPDATE, DELETE, or COPY TO statement"):
        duckdb.extract_statements("WITH gone AS (CALL pragma_version()) SELECT 1")


@pytest.mark.parametrize("place", PLACES)
def test_a_statement_within_a_select_changes_nothing(tmp_path: Path, place: str) -> None:
    for statement, words in CHANGING.items():
        assert f"may not {words}" in refused(tmp_path, place.format(statement)), statement


@pytest.mark.parametrize(
    ("sql", "words"),
    [("SELECT * FROM claim_line TABLESAMPLE 10%", "may not sample"),
     ("SELECT * FROM claim_line USING SAMPLE 3", "may not sample"),
     ("SELECT * FROM claim_line AT (VERSION => 1)", "another state"), ("SELECT #1 FROM claim_line", "positional reference"),
     ("SELECT main.sum(units) FROM claim_line", "name a schema")],
)  # fmt: skip
def test_what_is_on_no_list_is_refused(tmp_path: Path, sql: str, words: str) -> None:
    assert words in refused(tmp_path, sql)


def test_allowed_functions_are_duckdb_s_and_depend_on_their_arguments_alone() -> None:
    known = of_duckdb("TRUE")
    assert allowed.FUNCTIONS - allowed.STATISTICS - {"unnest"} <= known
    restless = of_duckdb("stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY') OR has_side_effects")
    assert len(restless) > 20
    assert not allowed.FUNCTIONS & restless
    assert not allowed.FUNCTIONS & of_duckdb("function_type = 'pragma'")
    of_tables = of_duckdb("function_type IN ('table', 'table_macro')")
    assert len(of_tables) > 80
    # These stand for a list of their arguments too.
    assert allowed.FUNCTIONS & of_tables <= allowed.TABLE_FUNCTIONS | {"histogram", "repeat"}


def test_functions_that_ask_the_machine_or_wait_are_refused(tmp_path: Path) -> None:
    restless = of_duckdb(
        "function_type <> 'pragma' AND regexp_matches(function_name, '^[a-z_0-9]+$') AND ("
        "stability = 'VOLATILE' OR has_side_effects OR regexp_matches(function_name, "
        "'(?i)file|read|write|getenv|secret|setting|sleep|current|privilege|^pg_|version|variable|user|random|uuid|_sql$'))"
    ) - {"regexp_escape"}
    assert {"getvariable", "current_setting", "sleep_ms", "random", "nextval", "write_log", "pg_sleep"} <= restless
    for name in sorted(restless):
        assert name not in allowed.FUNCTIONS, name
        for spelled in (name, name.upper()):
            said = refused(tmp_path, select(message=f"{spelled}('x')"))
            assert "may not use" in said or "does not parse" in said, name


def test_words_that_are_functions_without_brackets_are_refused(tmp_path: Path) -> None:
    for name in sorted(of_duckdb("TRUE") | {"current_time", "current_timestamp", "localtime", "localtimestamp"}):
        try:
            duckdb.execute(f"SELECT {name}")
        except duckdb.Error:
            continue
        said = refused(tmp_path, select(message=name))
        assert "may not use" in said, name


def test_the_project_s_own_statistics_are_allowed() -> None:
    from audit.engine import statistics

    assert set(statistics._FUNCTIONS) == allowed.STATISTICS


def test_a_table_handed_to_a_macro_is_written_out(tmp_path: Path) -> None:
    computed = select(source="claim_line INNER JOIN potential_of_surplus('rule' || '_flag') USING (visit_id)")
    assert "written out between quotation marks" in refused(tmp_path, computed)
