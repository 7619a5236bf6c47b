"""Rules of the practice's own: a folder named in audit.toml runs like the shipped rules, and reaches nothing but staged rows."""

import csv
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.contract import COLUMNS
from audit.errors import RuleError
from audit.rules.catalogue import READABLE, load
from tests.claim_rows import completed, staged
from tests.end_to_end.command import ROOT, Finished, claims_audit
from tests.rules.own_rules import file_text, select

GUIDE = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
HEADER = ["Claim ID", "Line", "Patient ID", "DOS", "CPT", "Units", "Payer", "Rendering NPI", "Paid"]
SATURDAY, SUNDAY, MONDAY = "11/15/2025", "11/16/2025", "11/17/2025"


def the_guides_example() -> str:
    return next(block for block in re.findall(r"```sql\n(.*?)```", GUIDE, re.DOTALL) if "OWN001" in block)


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """A folder with an export of three days, audit.toml, and the guide's own example as a rule."""
    with (tmp_path / "export.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number, day in enumerate((SATURDAY, SUNDAY, MONDAY), 1):
            writer.writerow([f"C{number}", "1", f"P{number}", day, "97110", "1", "BCBS PPO", "1234567893", "30.00"])
    (tmp_path / "audit.toml").write_text('[audit]\nrule_folders = ["our_rules"]\nselect = ["OWN", "CLM"]\n', encoding="utf-8")
    (tmp_path / "our_rules").mkdir()
    (tmp_path / "our_rules" / "OWN001_visit_on_closed_day.sql").write_text(the_guides_example(), encoding="utf-8")
    return tmp_path


def flagged(folder: Path, done: Finished) -> list[str]:
    assert done.code == 0, done.err
    rows = pq.read_table(folder / "out" / "2025-11" / "findings.parquet").to_pylist()
    return sorted(row["claim_id"] for row in rows if row["rule_id"] == "OWN001")


def test_a_rule_of_the_practice_runs(practice: Path) -> None:
    assert flagged(practice, claims_audit("run", "export.csv", cwd=practice)) == ["C1", "C2"]
    run = practice / "out" / "2025-11"
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    rule = next(rule for rule in manifest["rules"] if rule["id"] == "OWN001")
    assert (rule["family"], rule["status"], rule["population"], rule["flagged"]) == ("custom", "done", 3, 2)
    assert rule["sql"]
    report = (run / "report.html").read_text(encoding="utf-8")
    assert "Service on a day on which the clinics are closed" in report
    assert "97110 on 2025-11-16, a Sunday" in report


def test_its_parameters_are_set_like_any_rules(practice: Path) -> None:
    with (practice / "audit.toml").open("a", encoding="utf-8") as file:
        file.write("[rules.OWN001]\nopen_saturdays = true\n")
    assert flagged(practice, claims_audit("run", "export.csv", cwd=practice)) == ["C2"]
    assert "`open_saturdays` = `true`" in claims_audit("explain", "own001", cwd=practice).out


def test_it_is_listed_and_explained(practice: Path) -> None:
    assert "OWN001" in claims_audit("rules", cwd=practice).out
    listed = json.loads(claims_audit("rules", "--format", "json", cwd=practice).out)
    assert "OWN001" in {rule["id"] for rule in listed}
    page = claims_audit("explain", "OWN001", cwd=practice)
    assert page.code == 0
    assert "the doors are shut" in page.out


def test_it_can_be_selected_and_left_out(practice: Path) -> None:
    assert flagged(practice, claims_audit("run", "export.csv", "--select", "OWN", cwd=practice)) == ["C1", "C2"]
    assert flagged(practice, claims_audit("run", "export.csv", "--ignore", "OWN", cwd=practice)) == []


def test_a_folder_that_is_not_there(practice: Path) -> None:
    (practice / "audit.toml").write_text('[audit]\nrule_folders = ["their_rules"]\n', encoding="utf-8")
    done = claims_audit("run", "export.csv", cwd=practice)
    assert done.code == 2
    assert "their_rules" in done.err


def test_a_rule_that_is_refused_stops_the_run(practice: Path) -> None:
    (practice / "our_rules" / "OWN002_spy.sql").write_text(
        file_text(select("read_csv('/etc/passwd')"), id="OWN002"), encoding="utf-8"
    )
    done = claims_audit("run", "export.csv", cwd=practice)
    assert done.code == 4
    assert "OWN002_spy.sql" in done.err
    assert not (practice / "out").exists()


def test_a_rule_that_fails_stops_no_other(practice: Path) -> None:
    broken = file_text(select(message="CAST('x' AS INTEGER) || ''"), id="OWN002")
    (practice / "our_rules" / "OWN002_broken.sql").write_text(broken, encoding="utf-8")
    done = claims_audit("run", "export.csv", "--select", "OWN", cwd=practice)
    assert done.code == 4
    assert "Rule OWN002 failed" in done.err
    rows = pq.read_table(practice / "out" / "2025-11" / "findings.parquet").to_pylist()
    assert [row["rule_id"] for row in rows] == ["OWN001", "OWN001"]


def refused(folder: Path, sql: str, reads: list[str]) -> str:
    (folder / "OWN001_own.sql").write_text(file_text(sql, reads=reads), encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load((folder,))
    return str(caught.value)


@pytest.mark.parametrize(
    "table",
    ["rejected_row", "claim_row", "payer_setting", "rule_flag", "finding", "excluded_line", "verdict", "examined",
     "sqlite_master", "duckdb_tables", "CLAIM_ROW"],
)  # fmt: skip
def test_other_tables_are_closed_even_if_declared(tmp_path: Path, table: str) -> None:
    sql = select(f"claim_line CROSS JOIN {table}", is_flagged="FALSE")
    assert f"may not read {table}" in refused(tmp_path, sql, ["claim_line", table])


@pytest.mark.parametrize(
    "name",
    ["getenv('HOME')", "getvariable('note_terms')", "current_setting('threads')", "current_query()", "system.main.current_user()",
     "current_user", "CURRENT_DATE", "now()", "today()", "localtimestamp", "random()", "uuid()", "nextval('s')", "version()",
     "txid_current()", "sleep_ms(1000)", "write_log('x')", "setseed(0.5)", "age(service_date)", "pg_get_viewdef(1)",
     "procedure_code.getvariable()"],
)  # fmt: skip
def test_functions_that_know_more_than_the_rows_are_refused(tmp_path: Path, name: str) -> None:
    message = refused(tmp_path, select(message=f"CAST({name} AS VARCHAR)"), ["claim_line"])
    assert re.search("it is not among the functions of rules|may not name a schema before", message)


def test_such_a_function_is_found_in_a_cte(tmp_path: Path) -> None:
    hidden = "WITH one AS (SELECT getvariable('note_terms') AS x FROM claim_line) "
    assert "getvariable" in refused(tmp_path, hidden + select("claim_line, one"), ["claim_line"])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("(DESCRIBE claim_line)", "may not describe"),
        ("(SHOW ALL TABLES)", "may not describe"),
        ("(SUMMARIZE claim_line)", "may not describe"),
        ("claim_line USING SAMPLE 10", "may not sample"),
        ("claim_line TABLESAMPLE 10%", "may not sample"),
        ("query_table('rejected_row')", "query_table"),
        ("query('SELECT 1')", "query"),
        ("duckdb_settings()", "duckdb_settings"),
        ("duckdb_secrets()", "duckdb_secrets"),
        ("read_text('/etc/passwd')", "read_text"),
        ("glob('/*')", "glob"),
        ("'/etc/passwd'", "/etc/passwd"),
        ("information_schema.tables", "not a staging table"),
        ("potential_of_surplus('rejected_row')", "rejected_row"),
    ],
)
def test_other_ways_out_are_closed(tmp_path: Path, source: str, words: str) -> None:
    assert words in refused(tmp_path, select(source), ["claim_line"])


@pytest.mark.parametrize(
    "sql",
    [
        "WITH rejected_row AS (SELECT * FROM rejected_row) " + select("claim_line, rejected_row"),
        select("claim_line, (WITH rejected_row AS (SELECT 1 AS one) FROM rejected_row) AS a, rejected_row"),
        "WITH early AS (SELECT * FROM rejected_row), rejected_row AS (SELECT 1 AS one) " + select("claim_line, early"),
    ],
    ids=["inside itself", "out of scope", "before it"],
)
def test_a_cte_does_not_hide_a_table_of_its_name(tmp_path: Path, sql: str) -> None:
    assert "rejected_row" in refused(tmp_path, sql, ["claim_line"])


@pytest.mark.parametrize(
    "sql",
    ["ATTACH 'x.db'", "SET threads = 1", "COPY claim_line TO 'x.csv'", "CREATE TABLE x (i INTEGER)", "DROP TABLE claim_line",
     "PRAGMA database_list", "INSTALL httpfs", "LOAD httpfs", "DELETE FROM claim_line"],
)  # fmt: skip
def test_a_rule_is_a_select_and_nothing_else(tmp_path: Path, sql: str) -> None:
    assert "SELECT" in refused(tmp_path, sql, [])
    assert "one SELECT" in refused(tmp_path, select() + "; " + sql, ["claim_line"])


def test_the_session_itself_is_closed_to_rules() -> None:
    """Behind the proof stands the engine: no file can be read and no setting changed once the rows are staged."""
    with staged(completed([{}])) as session:
        for sql in (
            "SELECT * FROM read_text('/etc/hostname')",
            "SET enable_external_access = true",
            "SET threads = 1",
            "ATTACH 'x.db'",
        ):
            with pytest.raises(Exception, match=r"(?i)disabled|locked|cannot"):
                session.con.execute(sql)


def test_the_guide_names_every_table_and_column() -> None:
    """docs/writing-rules.md describes what rules may read: every table of the list, every column, and no other."""
    body = GUIDE.partition("## The tables that a rule may read")[2].partition("## What is proven")[0]
    described = dict(re.findall(r"^\| `(\w+)` \|[^|]*\|(.*)\|$", body.partition("`claim_line` has")[0], re.MULTILINE))
    assert described.keys() == READABLE
    facts = set(re.findall(r"`(\w+)`", body.partition("`claim_line` has")[2].partition("Helpers for use")[0])) - {"source_file"}
    with staged(completed([{}])) as session:
        lines = {row[0] for row in session.con.execute("DESCRIBE claim_line").fetchall()}
        for table in sorted(READABLE - {"claim_line"}):
            columns = {row[0] for row in session.con.execute(f"DESCRIBE {table}").fetchall()}
            if "as `claim_line`" in described[table]:
                columns -= lines
            assert columns <= set(re.findall(r"\w+", described[table])), table
    contract = {column.name for column in COLUMNS}
    assert lines - contract - {"line_id", "source_file", "source_row"} == facts - {"line_id", "source_row"}
