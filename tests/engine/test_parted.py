"""The engine over parts gives what the embedded engine gives: every file and summary of a run, and what came of each rule."""

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from audit import rules
from audit.engine import sql_files
from audit.engine.duckdb_session import open_session
from audit.engine.spark import exchanges, families, pieces, staging
from audit.engine.spark.exchanges import DRIVER, EXCHANGES, PATIENT
from audit.engine.spark.parted import READ_BY_RUN
from audit.rules.catalogue import READABLE, Rule
from audit.runs import outputs
from audit.settings.config import Config, combine
from tests.end_to_end.part_of_sample import visits_of
from tests.engine.in_parts import open_parted
from tests.engine.same import different, found
from tests.house.checkout import ROOT
from tests.oracle_rules.random_lines import write
from tests.rules.own_rules import rule as own_rule, select


def both(config: Config, catalogue: Sequence[Rule], folder: Path, parts: int) -> list[dict[str, object]]:
    """The answers of the embedded engine, and those in parts."""
    answers = []
    for name, opener in (("whole", open_session), ("parts", lambda config, spill: open_parted(config, spill, parts))):
        (folder / name).mkdir()
        answers.append(found(opener, config, catalogue, folder / name))
    return answers


def test_the_sample_in_parts_gives_what_it_gives_whole(tmp_path: Path) -> None:
    config = combine((str(ROOT / "data_samples"),), ROOT / "data_samples" / "audit.toml", {})
    whole, parts = both(config, rules.load(), tmp_path, 2)
    assert len(whole["findings.csv"]) > 300  # type: ignore[arg-type]
    assert different(whole, parts) == []


def test_lines_that_collide_give_the_same_in_parts(tmp_path: Path) -> None:
    claims, settings = write(tmp_path, 1, "full", 500)
    config = combine((str(claims),), settings, {})
    whole, parts = both(config, rules.load((), config.rules), tmp_path, 3)
    assert len(whole["findings.csv"]) > 100  # type: ignore[arg-type]
    assert different(whole, parts) == []


def test_an_export_of_which_every_row_is_excluded_gives_the_same_in_parts(tmp_path: Path) -> None:
    claims, settings = write(tmp_path, 1, "plain", 30)
    config = combine((str(claims),), settings, {"period": "1999-01"})
    chosen = rules.choose(rules.load((), config.rules), ("TIM001", "DOC002", "TIM010", "MOD010"), ())
    whole, parts = both(config, chosen, tmp_path, 2)
    assert different(whole, parts) == []
    assert whole["findings.csv"] == []


def test_rules_of_the_users_own_give_the_same_in_parts(tmp_path: Path) -> None:
    clock = """(
        SELECT rendering_npi, service_date, sum(asked - kept) AS gone
        FROM missing_time WHERE asked_of <> 'patient' GROUP BY ALL
    )"""
    own = [
        own_rule(select(is_flagged="units > 3"), id="OWN001", partition_by="line"),
        own_rule(select(is_flagged="1 / 0 > units", evidence="{'a': error('x')}"), id="OWN002", partition_by="line"),
        own_rule(
            select(f"claim_line INNER JOIN {clock} AS lost USING (rendering_npi, service_date)", is_flagged="gone >= 0"),
            id="OWN003", partition_by="provider_and_date", reads=["claim_line", "missing_time"],
        ),
        own_rule(
            select("claim_line INNER JOIN note USING (note_id)", is_flagged="has_massage", evidence="{'text': normalised}"),
            id="OWN004", partition_by="provider", reads=["claim_line", "note"],
        ),
        own_rule(
            select("claim_line INNER JOIN note USING (note_id)", is_flagged="has_massage", evidence="{'text': normalised}"),
            id="OWN005", partition_by="note", reads=["claim_line", "note"],
        ),
    ]  # fmt: skip
    whole, parts = both(combine((str(visits_of(tmp_path / "claims.csv")),), None, {}), own, tmp_path, 3)
    assert [whole[f"OWN00{n}"].status for n in range(1, 6)] == ["done", "error", "done", "done", "done"]  # type: ignore[attr-defined]
    assert all(whole[f"OWN00{n}"].flagged for n in (1, 3, 4, 5))  # type: ignore[attr-defined]
    assert different(whole, parts) == []


def test_a_subject_that_two_parts_flag_is_the_rules_error(tmp_path: Path) -> None:
    too_narrow = own_rule(
        select("(SELECT min(line_id) AS line_id FROM claim_line)", lines="one_line(1099511627778, CAST(1 AS DECIMAL(12, 2)))",
               subject_id="CAST(1099511627778 AS BIGINT)", evidence="{'n': 1}"),
        partition_by="note",
    )  # fmt: skip
    claims, settings = write(tmp_path, 1, "plain", 60)
    config = combine((str(claims),), settings, {})
    parts = found(lambda config, spill: open_parted(config, spill, 2), config, [too_narrow], tmp_path)
    assert parts["OWN001"].status == "error"  # type: ignore[attr-defined]
    assert parts["findings.csv"] == []


@pytest.mark.parametrize(
    ("rows", "together"),
    [
        ([("A", "p", None), ("B", "q", None)], []),
        ([("A", "p", None), ("A", "q", None)], ["pq"]),
        ([("A", "p", None), ("B", "q", "A")], ["pq"]),
        ([("A", "p", "X"), ("B", "q", "X"), ("C", "r", None)], ["pq"]),
        ([("A", "p", "B"), ("B", "q", "C"), ("C", "r", None), ("D", "s", None)], ["pqr"]),
        ([("A", "q", "B"), ("B", "p", None), ("C", "r", "D"), ("D", "q", None)], ["pqr"]),
    ],
    ids=["apart", "one number", "named", "both name one that is not there", "chain", "through a patient"],
)
def test_patients_whose_claims_name_each_other_are_one_family(
    rows: list[tuple[str, str, str | None]], together: list[str]
) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE claim_row (line_id BIGINT, claim_id VARCHAR, patient_id VARCHAR, original_claim_id VARCHAR)")
    for line_id, (claim, patient, original) in enumerate(rows):
        con.execute("INSERT INTO claim_row VALUES ($1, $2, $3, $4)", [line_id, claim, patient, original])
    families.settle(con, 1_000_000_007)
    parts = con.execute(
        """
        SELECT string_agg(DISTINCT patient_id, '' ORDER BY patient_id)
        FROM part_of_line INNER JOIN claim_row USING (line_id)
        GROUP BY part
        """
    ).fetchall()
    assert sorted(text for (text,) in parts if len(text) > 1) == together


def test_what_a_run_reads_of_staging_is_gathered() -> None:
    made = {step.makes for step in staging.steps()}
    queries = [statement.query for folder in ("findings", "summary") for _, statement in sql_files.statements(folder)]
    queries += [output.query for output in outputs.OUTPUTS]
    read = {name for query in queries for name in re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", query)} & made
    assert len(read) > 8
    assert read <= READ_BY_RUN


def test_each_shipped_rule_has_its_place() -> None:
    known = READABLE - {step.makes for step in staging.steps()}
    places = {rule.id: exchanges.place_of(rule, known | {"export_year", "export_column"}) for rule in rules.load()}
    assert places["TIM001"] == places["CLM003"] == places["TIM013"] == PATIENT
    assert [rule for rule, place in places.items() if place in EXCHANGES] == ["DOC002", "MAN007", "TIM009", "TIM010", "TIM014"]
    # What compares providers reads little of many lines: it is judged where all lines lie.
    assert [rule for rule, place in places.items() if place == DRIVER] == ["MAN005", "MED019", "MOD010", "TIM012", "TIM016"]


def test_rows_keep_their_types_on_the_way() -> None:
    con = duckdb.connect()
    con.execute("CREATE TYPE payer_t AS ENUM ('it''s (one)', 'b')")
    con.execute(
        "CREATE TABLE t AS SELECT sum(1) AS huge, CAST('b' AS payer_t) AS payer, TIME '08:15' AS at, [{'a': 1.50}] AS list"
    )
    there = duckdb.connect()
    pieces.put(there, pieces.packed("x", 0, "t", pieces.taken(con, "FROM t")))
    assert there.execute("FROM t").fetchall() == con.execute("FROM t").fetchall()
    kinds = [kind for _, kind, *_ in there.execute("DESCRIBE t").fetchall()]
    assert kinds == ["HUGEINT", "VARCHAR", "TIME", "STRUCT(a DECIMAL(3,2))[]"]


def test_many_rows_travel_in_bounded_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE_BYTES", 4000)
    con = duckdb.connect()
    query = "SELECT CAST(range // 700 AS INTEGER) AS part, range AS n FROM range(2000) ORDER BY part, n"
    sent = list(pieces.by_part("x", "t", pieces.taken(con, query)))
    assert [piece.part for piece in sent] == [0, 0, 1, 1, 2, 2]
    there = duckdb.connect()
    pieces.put(there, sent)
    assert there.execute("SELECT count(*), sum(n) FROM t").fetchall() == [(2000, 1999000)]
