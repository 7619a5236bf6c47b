"""A rule's SELECT is taken apart without changing what it means."""

import duckdb
import pytest

from audit.engine.rule_parts import RuleParts, parts_of

RECURSIVE = "RECURSIVE a AS (SELECT 1 AS x UNION SELECT x + 1 FROM a WHERE x < 3), b AS (SELECT x FROM a ORDER BY x LIMIT 1)"


@pytest.mark.parametrize(
    ("sql", "tables", "words"),
    [
        ("SELECT 1 AS x", "", "SELECT 1 AS x"),
        ("WITH a AS (SELECT 1 AS x) SELECT x FROM a ORDER BY x", "a AS (SELECT 1 AS x)", "SELECT x FROM a"),
        ("-- é (\nWITH a AS (SELECT 'é(' AS x)\n-- why\nSELECT x FROM a", "a AS (SELECT 'é(' AS x)\n-- why", "SELECT x FROM a"),
        (
            f"WITH {RECURSIVE} SELECT x FROM b UNION SELECT x FROM a ORDER BY 1",
            RECURSIVE,
            "SELECT x FROM b UNION SELECT x FROM a",
        ),
        ("SELECT x FROM range(9) t (x) ORDER BY x DESC LIMIT 2", "", "SELECT x FROM range(9) t (x) ORDER BY x DESC LIMIT 2"),
        (
            "SELECT DISTINCT ON (x % 2) x FROM range(9) AS t (x) ORDER BY x DESC", "",
            "SELECT DISTINCT ON (x % 2) x FROM range(9) AS t (x) ORDER BY x DESC",
        ),
        (
            "SELECT x FROM range(9) AS t (x) WINDOW w AS (ORDER BY x) QUALIFY row_number() OVER w < 3 ORDER BY x", "",
            "SELECT x FROM range(9) AS t (x) WINDOW w AS (ORDER BY x) QUALIFY row_number() OVER w < 3",
        ),
        ("FROM range(3) AS t (x) SELECT x", "", "FROM range(3) AS t (x) SELECT x"),
        ("WITH a AS (SELECT 1 AS x) (SELECT x FROM a)", "", "WITH a AS (SELECT 1 AS x) (SELECT x FROM a)"),
        ("WITH a AS (SELECT 1 AS x) FROM a SELECT x", "", "WITH a AS (SELECT 1 AS x) FROM a SELECT x"),
    ],
)  # fmt: skip
def test_parts_mean_what_the_whole_means(sql: str, tables: str, words: str) -> None:
    parts = parts_of(sql)
    assert parts == RuleParts(tables, words)
    again = f"WITH {parts.tables}\n, w AS ({parts.words}) FROM w" if parts.tables else f"WITH w AS ({parts.words}) FROM w"
    assert sorted(duckdb.sql(again).fetchall()) == sorted(duckdb.sql(sql).fetchall())
