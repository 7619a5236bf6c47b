"""rules.sql of a run folder: every rule as it ran, readable by people and by the engine."""

from pathlib import Path
from typing import Any

import duckdb

from audit import rules
from audit.report.outputs import rules_sql
from audit.report.stored.source import read_run
from tests.report.fixture import make_run


def written(tmp_path: Path, change: Any = None) -> str:
    path = rules_sql.write(read_run(make_run(tmp_path / "run", change=change)))
    assert path.stat().st_mode & 0o777 == 0o600
    return path.read_text(encoding="utf-8")


def test_each_rule_stands_below_its_version_hash_parameters_and_figures(tmp_path: Path) -> None:
    text = written(tmp_path)
    part = text[text.index("-- TIM001 version 1") :].split("\n\n")[0].splitlines()
    assert part[:4] == [
        "-- TIM001 version 1: More timed units billed than the visit's minutes support",
        f"-- SHA-256 of the rule file: {'5' * 64}",
        "-- $min_excess = 1",
        "-- 4,361 visits examined, 3,849 judged, 64 flagged",
    ]
    assert part[4] == "SELECT"
    assert "-- failed to run: " in text


def test_the_engine_reads_every_rule_back_as_it_is(tmp_path: Path) -> None:
    catalogue = rules.load()

    def real(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["rules"] = [
            {**manifest["rules"][0], "id": rule.id, "sql": rule.sql, "references": [], "params": dict(rule.values)}
            for rule in catalogue
        ]
        rows.clear()

    statements = duckdb.extract_statements(written(tmp_path, real))
    assert len(statements) == len(catalogue)
    assert [set(statement.named_parameters) for statement in statements] == [set(rule.values) for rule in catalogue]


def test_a_title_cannot_leave_its_comment(tmp_path: Path) -> None:
    def hostile(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["rules"][0].update(title="a\nDROP TABLE x;\u2028", error="b\r\nDROP TABLE x;", status="error")

    assert not [line for line in written(tmp_path, hostile).splitlines() if line.startswith("DROP")]
