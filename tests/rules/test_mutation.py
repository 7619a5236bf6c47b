"""The mutator itself: what it changes, what it leaves alone, and that a survivor needs a reason."""

from pathlib import Path

import duckdb
import pytest

from audit import assets
from tests import mutate_rules, mutate_staging
from tests.mutate_rules import Outcome, Result
from tests.sql_mutants import Mutant, mutants

SELECT = """\
SELECT
    line_id AS subject_id,
    units >= 2 AND NOT is_denied AS is_flagged,
    list({'line_id': line_id} ORDER BY line_id) AS lines,
    'On ' || service_date || ': 3 units' AS message,
    {'units': units + 1} AS evidence
FROM claim_line
LEFT JOIN note USING (note_id)
WHERE coalesce(unit_rule, 'none') = 'cms' -- a comment > nothing
ORDER BY subject_id"""


def changes(sql: str) -> set[tuple[str, str]]:
    return {(mutant.was, mutant.became) for mutant in mutants(sql)}


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("WHERE a >= 2", "WHERE a > 2"),
        ("WHERE a >= 2", "WHERE a >= 3"),
        ("WHERE a >= 2", "WHERE TRUE"),
        ("WHERE a = 'x'", "WHERE a = '~x'"),
        ("WHERE a IN ('x', 'y')", "WHERE a IN ('x', '~y')"),
        ("WHERE a AND b OR c", "WHERE a AND b AND c"),
        ("WHERE a AND b OR c", "WHERE a AND TRUE OR c"),
        ("WHERE a AND b OR c", "WHERE a AND b OR FALSE"),
        ("WHERE a BETWEEN 1 AND 5 AND b", "WHERE TRUE AND b"),
        ("WHERE NOT a", "WHERE a"),
        ("WHERE a IS NULL", "WHERE a IS NOT NULL"),
        ("WHERE a IS NOT DISTINCT FROM b", "WHERE a = b"),
        ("SELECT a - b FROM t", "SELECT a + b FROM t"),
        ("SELECT -a FROM t", "SELECT a FROM t"),
        ("SELECT count(DISTINCT a) FROM t", "SELECT count( a) FROM t"),
        ("SELECT coalesce(a, FALSE) FROM t", "SELECT coalesce(a, TRUE) FROM t"),
        ("SELECT coalesce(a, FALSE) FROM t", "SELECT a FROM t"),
        ("FROM t LEFT JOIN u USING (a, b)", "FROM t INNER JOIN u USING (a, b)"),
        ("FROM t LEFT JOIN u USING (a, b)", "FROM t LEFT JOIN u USING (b)"),
        ("SELECT sum(a) OVER (ORDER BY b, c DESC) FROM t", "SELECT sum(a) OVER (ORDER BY b DESC, c DESC) FROM t"),
        ("SELECT sum(a) OVER (ORDER BY b, c DESC) FROM t", "SELECT sum(a) OVER (ORDER BY b, c ) FROM t"),
        ("SELECT sum(a) OVER (PARTITION BY b, c) FROM t", "SELECT sum(a) OVER (PARTITION BY b) FROM t"),
        ("CASE WHEN a THEN 1 WHEN b THEN 2 END", "CASE WHEN b THEN 2 WHEN a THEN 1 END"),
        ("CASE WHEN a THEN 1 WHEN b THEN 2 END", "CASE WHEN b THEN 2 END"),
        ("CASE WHEN a THEN 1 ELSE 2 END", "CASE WHEN a THEN 1 END"),
        ("SELECT a, b > 2 AND NOT (c OR d) AS is_flagged", "SELECT a, TRUE AS is_flagged"),
        ("SELECT a, b > 2 AND NOT (c OR d) AS is_flagged", "SELECT a, FALSE AS is_flagged"),
        ("SELECT a, CASE WHEN b THEN c() END AS reason", "SELECT a, CAST(NULL AS VARCHAR) AS reason"),
    ],
)  # fmt: skip
def test_a_change_that_is_made(was: str, became: str) -> None:
    assert (was, became) in changes(was)


def test_words_evidence_comments_and_the_order_of_the_rows_stay() -> None:
    changed = {mutant.line for mutant in mutants(SELECT)}
    assert changed == {3, 8, 9}
    assert all("a comment > nothing" in mutant.text for mutant in mutants(SELECT))


def test_mutants_differ_from_the_text_and_from_each_other() -> None:
    texts = [mutant.text for mutant in mutants(SELECT)]
    assert SELECT not in texts
    assert len(texts) == len(set(texts)) > 15


def test_a_strong_rule_file_has_no_unexplained_survivor() -> None:
    result = mutate_rules.result_of_rule("MED003")
    assert result.killed > 10
    assert mutate_rules.compare(result, mutate_rules.explanations()) == ([], [])


def test_a_survivor_needs_a_reason_and_a_reason_a_survivor() -> None:
    survivor = Mutant("SELECT 2", 1, "SELECT 1", "SELECT 2")
    result = Result("ABC001", (survivor,), killed=3, not_valid=0)
    entry = {"subject": "ABC001", "was": "SELECT 1", "became": "SELECT 2", "reason": "means the same"}
    assert mutate_rules.compare(result, []) == ([survivor], [])
    assert mutate_rules.compare(result, [entry]) == ([], [])
    assert mutate_rules.compare(result, [entry | {"reason": " "}]) == ([survivor], [])
    drifted = entry | {"was": "SELECT 3"}
    assert mutate_rules.compare(result, [drifted]) == ([survivor], [drifted])
    assert mutate_rules.compare(result, [entry | {"subject": "ABC002"}]) == ([survivor], [])


def test_the_list_has_four_words_an_entry_and_names_what_exists() -> None:
    for entry in mutate_rules.explanations():
        assert set(entry) == {"subject", "was", "became", "reason"}
        assert len(entry["reason"]) > 10, entry


def test_a_rule_that_does_not_exist_is_a_mistake_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutate_rules.main(["XYZ"]) == 2
    assert "no rule begins with XYZ" in capsys.readouterr().err


def test_the_first_case_to_notice_comes_first_next_time() -> None:
    cases = ["a", "b", "c"]
    assert mutate_rules.first_to_notice(cases, lambda one: one == "c") is Outcome.KILLED
    assert cases == ["c", "a", "b"]
    assert mutate_rules.first_to_notice(cases, lambda _: False) is Outcome.SURVIVED


def test_a_mutant_that_is_no_sql_says_nothing_and_one_that_fails_on_rows_is_noticed() -> None:
    def of(query: str) -> Outcome:
        return mutate_rules.first_to_notice([query], lambda one: bool(duckdb.execute(one)) and False)

    assert of("SELECT nothing") is Outcome.NOT_VALID
    assert of("SELECT CAST('x' AS INTEGER)") is Outcome.KILLED
    assert of("SELECT 1") is Outcome.SURVIVED


def test_the_list_is_read_from_a_file(tmp_path: Path) -> None:
    empty = tmp_path / "list.toml"
    empty.write_text("# nothing yet\n", encoding="utf-8")
    assert mutate_rules.explanations(empty) == []


def test_the_files_of_staging_that_are_mutated_exist() -> None:
    names = {*mutate_staging.FILES, *mutate_staging._AFTERWARDS}
    assert [name for name in sorted(names) if not (assets.queries() / name).is_file()] == []
