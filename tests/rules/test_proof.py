"""A bad rule never runs: every way in which a rule file can be wrong is refused, and the refusal names it."""

from pathlib import Path
from typing import Any

import pytest

from audit import rules
from audit.errors import ConfigError, RuleError
from audit.rules.catalogue import Rule
from tests.rules.own_rules import file_text, select

NUMBER = {"type": "integer", "default": 1, "help": "h"}


def load(folder: Path, text: str, name: str = "OWN001_own.sql") -> Rule:
    """The rule in a folder of the user's own, proven together with the shipped rules."""
    (folder / name).write_text(text, encoding="utf-8")
    return rules.find(rules.load((folder,)), "OWN001")


def refused(folder: Path, text: str, name: str = "OWN001_own.sql") -> str:
    with pytest.raises(RuleError) as caught:
        load(folder, text, name)
    assert name in str(caught.value), "the refusal names the file"
    return str(caught.value)


def test_a_right_rule_is_taken(tmp_path: Path) -> None:
    rule = load(tmp_path, file_text(select()))
    assert (rule.id, rule.front.family, dict(rule.values), rule.path.name) == ("OWN001", "custom", {}, "OWN001_own.sql")
    assert len(rule.sha256) == 64
    assert not rule.sql.rstrip().endswith(";")


def test_rules_of_sub_folders_are_taken(tmp_path: Path) -> None:
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    assert load(tmp_path / "deep" / "deeper", file_text(select())).id == "OWN001"


@pytest.mark.parametrize("name", ["own.sql", "OWN001.sql", "own001_own.sql", "OWN0012_own.sql", "X_OWN001_own.sql"])
def test_the_file_name_begins_with_the_id(tmp_path: Path, name: str) -> None:
    assert "must begin with the rule's id, OWN001_" in refused(tmp_path, file_text(select()), name)


@pytest.mark.parametrize(
    "text",
    ["", "SELECT 1", "/* id = 1 */ SELECT 1", "/*+++ id = 1 +++*/ SELECT 1", file_text(select()).replace("\n+++*/", "\n*/"),
     "-- note\n" + file_text(select())],
    ids=["empty", "none", "comment", "one line", "not closed", "not first"],
)  # fmt: skip
def test_front_matter_comes_first(tmp_path: Path, text: str) -> None:
    assert "does not begin with front matter" in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("front", "named"),
    [
        ({"colour": "red"}, "colour"), ({"why": None}, "why"), ({"severity": "grave"}, "grave"), ({"family": "other"}, "other"),
        ({"direction": "up"}, "up"), ({"subject": "claim"}, "claim"), ({"partition_by": "day"}, "day"),
        ({"partition_by": "run"}, "run"),
        ({"confidence": "sure"}, "sure"), ({"version": "one"}, "version"), ({"reads": "claim_line"}, "reads"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
def test_front_matter_has_known_keys_and_values(tmp_path: Path, front: dict[str, Any], named: str) -> None:
    message = refused(tmp_path, file_text(select(), **front))
    assert "front matter" in message
    assert named in message


def test_front_matter_is_toml(tmp_path: Path) -> None:
    assert "front matter" in refused(tmp_path, "/*+++\nid: OWN001\n+++*/\nSELECT 1\n")


@pytest.mark.parametrize(
    "sql",
    ["SELECT 1; SELECT 2", "DELETE FROM claim_line", "CREATE TABLE t AS SELECT 1", "ATTACH 'x.db'", "SET threads = 1",
     "COPY claim_line TO 'x.csv'", "PRAGMA version", "INSERT INTO claim_line SELECT * FROM claim_line", "EXPLAIN SELECT 1",
     "", "-- nothing", "INSTALL httpfs", "CALL pragma_version()", "UPDATE claim_line SET units = 0"],
)  # fmt: skip
def test_a_rule_is_one_select(tmp_path: Path, sql: str) -> None:
    message = refused(tmp_path, file_text(sql))
    assert "exactly one SELECT" in message or "does not parse" in message


def test_the_sql_parses(tmp_path: Path) -> None:
    assert "does not parse" in refused(tmp_path, file_text("SELECT FROM WHERE"))


def test_parameters_bound_are_parameters_declared(tmp_path: Path) -> None:
    asks = select(source="claim_line WHERE units > $most")
    assert "parameters bound in the SQL (most)" in refused(tmp_path, file_text(asks))
    assert "declared under params (most)" in refused(tmp_path, file_text(select(), {"most": NUMBER}))
    assert "(most) are not those declared under params (least)" in refused(tmp_path, file_text(asks, {"least": NUMBER}))
    assert dict(load(tmp_path, file_text(asks, {"most": NUMBER})).values) == {"most": 1}


@pytest.mark.parametrize("sign", ["?", "$1"])
def test_parameters_have_names(tmp_path: Path, sign: str) -> None:
    assert "parameters bound" in refused(tmp_path, file_text(select(source=f"claim_line WHERE units > {sign}")))


@pytest.mark.parametrize(
    ("kind", "default"),
    [("integer", "1"), ("integer", 1.5), ("integer", True), ("number", "x"), ("number", False), ("text", 1), ("boolean", 1)],
)
def test_a_default_is_of_the_declared_type(tmp_path: Path, kind: str, default: object) -> None:
    text = file_text(select(source="claim_line WHERE units > $most"), {"most": {**NUMBER, "type": kind, "default": default}})
    assert f"the default of parameter most is not of type {kind}" in refused(tmp_path, text)


@pytest.mark.parametrize(("kind", "default"), [("integer", 1), ("number", 1), ("number", 1.5), ("text", "x"), ("boolean", True)])
def test_each_type_has_values(tmp_path: Path, kind: str, default: object) -> None:
    text = file_text(select(source="claim_line WHERE $most IS NULL"), {"most": {**NUMBER, "type": kind, "default": default}})
    assert load(tmp_path, text).values["most"] == default


@pytest.mark.parametrize(
    "param", [{"type": "date", "default": 1, "help": "h"}, {**NUMBER, "unit": "u"}, {"type": "integer", "default": 1}]
)
def test_a_parameter_says_type_default_and_help(tmp_path: Path, param: dict[str, Any]) -> None:
    assert "front matter" in refused(tmp_path, file_text(select(source="claim_line WHERE units > $most"), {"most": param}))


@pytest.mark.parametrize(
    "sql",
    [
        select(source="claim_line INNER JOIN visit USING (visit_id)"),
        select(source="claim_line WHERE line_id IN (SELECT visit_id FROM visit)"),
        select(message="(SELECT max(practice_npi) FROM visit)"),
        f"WITH other AS (SELECT * FROM visit) {select(source='claim_line INNER JOIN other USING (visit_id)')}",
        f"{select()} UNION ALL {select(source='visit')}",
        select(source="claim_line, LATERAL (SELECT * FROM visit) AS v"),
    ],
    ids=["join", "subquery", "scalar", "cte", "union", "lateral"],
)
def test_tables_read_are_tables_declared(tmp_path: Path, sql: str) -> None:
    assert "tables read in the SQL (claim_line, visit)" in refused(tmp_path, file_text(sql))
    assert load(tmp_path, file_text(sql, reads=["claim_line", "visit"])).front.reads == ["claim_line", "visit"]


def test_a_table_declared_is_read(tmp_path: Path) -> None:
    assert "declared under reads (claim_line, visit)" in refused(tmp_path, file_text(select(), reads=["claim_line", "visit"]))


def test_a_rule_s_own_ctes_are_no_tables(tmp_path: Path) -> None:
    load(tmp_path, file_text(f"WITH own_line AS (SELECT * FROM claim_line) {select(source='own_line')}"))


def test_tables_that_a_macro_reads_count(tmp_path: Path) -> None:
    with_surplus = "WITH surplus AS (SELECT visit_id, procedure_code, 1 AS code_surplus, 1 AS excess FROM visit_code) " + select(
        source="claim_line INNER JOIN potential_of_surplus('surplus') USING (visit_id)", lines="lines"
    )
    assert "(claim_line, visit_code)" in refused(tmp_path, file_text(with_surplus, reads=["visit_code"]))
    load(tmp_path, file_text(with_surplus, reads=["claim_line", "visit_code"]))


@pytest.mark.parametrize(
    "source",
    ["read_csv('/etc/passwd')", "read_text('/etc/passwd')", "read_parquet('x.parquet')", "read_json('x')", "glob('*')",
     "read_blob('x')", "duckdb_settings()", "duckdb_secrets()", "query_table('claim_line')", "query('SELECT 1')",
     "sqlite_scan('a', 'b')", "parquet_metadata('x')", "sniff_csv('x')", "pragma_table_info('claim_line')"],
)  # fmt: skip
def test_functions_that_reach_outside_are_refused(tmp_path: Path, source: str) -> None:
    message = refused(tmp_path, file_text(select(source=f"claim_line, {source} AS other")))
    assert "may not call the table function" in message
    assert source.split("(", maxsplit=1)[0] in message


@pytest.mark.parametrize(
    "where", ["WITH f AS (SELECT * FROM read_text('x')) SELECT * FROM f", "SELECT (SELECT max(content) FROM read_text('x'))"]
)
def test_such_functions_are_found_wherever_they_stand(tmp_path: Path, where: str) -> None:
    assert "read_text" in refused(tmp_path, file_text(where, reads=[]))


@pytest.mark.parametrize(
    "source", ["'x.csv'", '"x.parquet"', "main.claim_line", "information_schema.tables", "memory.main.claim_line"]
)
def test_files_and_other_schemas_are_no_staging_tables(tmp_path: Path, source: str) -> None:
    refused(tmp_path, file_text(select(source=source)))


@pytest.mark.parametrize("source", ["unnest([1, 2]) AS t(n)", "range(3) AS t(n)", "generate_series(1, 2) AS t(n)"])
def test_functions_that_make_rows_of_their_arguments_are_free(tmp_path: Path, source: str) -> None:
    load(tmp_path, file_text(select(source=f"claim_line, {source}")))


def test_an_id_stands_once(tmp_path: Path) -> None:
    load(tmp_path, file_text(select()))
    with pytest.raises(RuleError, match="OWN001 stands in two files"):
        load(tmp_path, file_text(select()), "OWN001_again.sql")


def test_a_shipped_id_is_taken(tmp_path: Path) -> None:
    (tmp_path / "MOD001_mine.sql").write_text(file_text(select(), id="MOD001"), encoding="utf-8")
    with pytest.raises(RuleError, match="MOD001 stands in two files"):
        rules.load((tmp_path,))


def test_settings_name_rules_and_parameters_and_fit_their_types() -> None:
    for settings, words in (
        ({"TIM999": {}}, "names no rule"),
        ({"MED003": {"from": "2020-01-01"}}, "MED003 has no parameter 'from'"),
        ({"MOD001": {"most": 1}}, "MOD001 has no parameter"),
        ({"MED003": {"required_from": 2018}}, "must be of type text"),
    ):
        with pytest.raises(ConfigError, match=words):
            rules.load(settings=settings)


def test_settings_move_one_rule_only() -> None:
    loaded = rules.load(settings={"MED003": {"required_from": "2020-01-01"}})
    assert rules.find(loaded, "MED003").values == {"required_from": "2020-01-01"}
    assert rules.find(rules.load(), "MED003").values == {"required_from": "2018-01-01"}
    assert rules.as_json(rules.find(loaded, "MED003"))["params"]["required_from"]["value"] == "2020-01-01"


def test_choosing_by_prefix() -> None:
    loaded = rules.load()
    assert {rule.id[:3] for rule in rules.choose(loaded, ["MOD", "CLM001"], [])} == {"MOD", "CLM"}
    chosen = rules.choose(loaded, ["MOD"], ["MOD001"])
    assert "MOD001" not in {rule.id for rule in chosen}
    assert chosen
    assert len(rules.choose(loaded, [], [])) == len(loaded)
    for select_ids, ignore_ids in ((["ZZZ"], []), ([], ["ZZZ"])):
        with pytest.raises(ConfigError, match="No rule begins with 'ZZZ'"):
            rules.choose(loaded, select_ids, ignore_ids)


def test_finding_a_rule_by_id() -> None:
    loaded = rules.load()
    assert rules.find(loaded, "mod001").id == "MOD001"
    with pytest.raises(ConfigError) as caught:
        rules.find(loaded, "MOD01")
    assert "MOD001" in caught.value.hint


def test_rules_come_in_the_order_of_their_ids() -> None:
    ids = [rule.id for rule in rules.load()]
    assert ids == sorted(set(ids))
    assert len(ids) >= 20
