"""Which rules rest on which column: what the SQL says, held against what the rules do when the column is taken away."""

import re
from pathlib import Path

import duckdb
import pytest

from audit import rules
from audit.errors import MissingFieldsError
from audit.pipeline.preview import Preview, missing_columns, preview
from audit.rules import column_lineage
from audit.settings.config import Config
from tests.house.checkout import ROOT

SAMPLE = ROOT / "data_samples" / "claims_2025-11.csv"
HEADERS = {
    "minutes": ("Minutes",),
    "start_time": ("Time In",),
    "rendering_npi": ("Rendering NPI",),
    "note_text": ("Note",),
    "member_id": ("Member ID",),
    "paid_amount": ("Paid",),
}


@pytest.fixture(scope="module")
def resting() -> dict[str, tuple[str, ...]]:
    return column_lineage.rules_by_column(rules.load())


def seen_without(folder: Path, *headers: str) -> Preview:
    """The sample without some of its columns, as `check` sees them."""
    path = folder / "export.csv"
    left_out = f"EXCLUDE ({', '.join(chr(34) + header + chr(34) for header in headers)})" if headers else ""
    duckdb.execute(f"COPY (SELECT * {left_out} FROM read_csv('{SAMPLE}', all_varchar = TRUE)) TO '{path}' (HEADER)")
    return preview(Config(sources=(str(path),)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    return shares(seen_without(tmp_path_factory.mktemp("whole")))


def shares(seen: Preview) -> dict[str, float]:
    """Rule -> the share of its subjects that it judged."""
    return {outcome.rule_id: outcome.evaluated / (outcome.population or 1) for outcome in seen.outcomes}


@pytest.mark.parametrize("column", HEADERS)
def test_a_rule_that_loses_ground_without_a_column_rests_on_it(
    column: str, resting: dict[str, tuple[str, ...]], whole: dict[str, float], tmp_path: Path
) -> None:
    seen = seen_without(tmp_path, *HEADERS[column])
    lost = {rule for rule, share in shares(seen).items() if share < whole[rule]}
    assert lost
    assert lost <= set(resting[column])
    told = [missing for missing in missing_columns(seen) if missing.name == column]
    assert lost <= {*told[0].judge_nothing, *told[0].judge_a_part}


def test_no_rule_is_silenced_by_the_lack_of_columns_that_have_a_plain_case(whole: dict[str, float], tmp_path: Path) -> None:
    seen = seen_without(tmp_path, "Freq", "Orig Claim #", "Visit #", "Ins Sequence", "Mod 2", "Mod 3", "Mod 4", "Payer ID")
    # Other lines are audited (no void removes any), so shares move; but no rule that judged is left with nothing.
    assert {rule for rule, share in shares(seen).items() if not share} == {rule for rule, share in whole.items() if not share}
    assert not {missing.name for missing in missing_columns(seen)} & (column_lineage.PLAIN_WITHOUT | {"payer_id"})


def test_a_column_that_no_rule_reads_has_no_rules(resting: dict[str, tuple[str, ...]]) -> None:
    assert "location" not in resting
    assert resting["member_id"] == ("MED007",)
    assert resting["techniques"] == ("DOC001",)
    # A word of a table that the rule does not read made nothing of it, be it called as one that it does (reason, words, kind).
    assert resting["area_minutes"] == ("DOC001", "DOC004", "MOD005", "MOD007")
    assert "MED019" not in resting["start_time"]
    assert column_lineage.rules_naming(rules.load(), "paid_amount") < set(resting["paid_amount"])


def test_a_refusal_says_which_rules_rest_on_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Claim #,Patient ID,DOS,CPT\nC1,P1,11/13/2025,97140\n", encoding="utf-8")
    with pytest.raises(MissingFieldsError) as caught:
        preview(Config(sources=(str(path),)))
    assert caught.value.fields == ("units", "payer")
    assert re.search(r"Without units nothing is audited: \d+ rules rest on it \(CLM001, ", caught.value.hint)
    assert "Without payer nothing is audited: " in caught.value.hint


def test_the_cost_of_a_field_is_a_sentence(resting: dict[str, tuple[str, ...]]) -> None:
    assert column_lineage.cost_of("member_id", resting) == "Without member_id nothing is audited: 1 rule rests on it (MED007)."
    assert "and 9 more" not in column_lineage.cost_of("units", {"units": tuple(f"R{n}" for n in range(12))})
    assert "and 1 more" in column_lineage.cost_of("units", {"units": tuple(f"R{n:02}" for n in range(13))})
    assert "cannot be told from others" in column_lineage.cost_of("units", {})
