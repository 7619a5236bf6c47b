"""Three months of a part of the sample in sequence, with decisions after the first and a corrected second: a key of its own.

The key is reckoned here from findings.csv in plain Python: which findings are there, and what kind each is of.
"""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command import SAMPLES, claims_audit
from tests.end_to_end.part_of_sample import Row, table, visits_of

MONTHS = ("2025-09", "2025-10", "2025-11")
# Rules of lines, visits, patients and providers, with findings in one, two or three of the months.
RULES = "TIM001,TIM004,TIM007,TIM009,TIM013,MOD003,MOD008,MOD010,MAN003,MAN005,MED001,MED003,CLM001,DOC002"


def run(folder: Path, source: Path, month: str) -> Path:
    config = SAMPLES / "audit.toml"
    words = ("--config", config, "--period", month, "--select", RULES, "--out", folder / "out")
    done = claims_audit("run", source, *words, cwd=folder)
    assert done.code == 0, done.err
    return folder / "out" / month


def rows_of(run_folder: Path) -> list[Row]:
    return table(run_folder / "findings.csv")


def manifest_of(run_folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def kind(row: Row) -> tuple[str, str, str]:
    return row["rule_id"], row["rendering_npi"] or row["billing_npi"], row["payer_name"]


def counted(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["status"] not in ("suppressed", "dismissed")]


def decide(folder: Path, rows: list[Row]) -> dict[str, Row]:
    """Of every five findings of the month two are confirmed, one dismissed, one sent for the record, one left open."""
    words = ("confirm", "dismiss", "confirm", "ask for record", "")
    chosen = {row["finding_id"]: {**row, "disposition": words[at % 5]} for at, row in enumerate(rows) if words[at % 5]}
    with (folder / "decisions.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["finding_id", "disposition"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(chosen.values())
    return chosen


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The runs in order, each with its findings and manifest, and what was decided after the first."""
    folder = tmp_path_factory.mktemp("loop")
    source = visits_of(folder / "claims.csv", RULES.split(","))
    first = rows_of(run(folder, source, MONTHS[0]))
    chosen = decide(folder, first)
    done = claims_audit("review", "import", folder / "decisions.csv", "--out", folder / "out", "--reviewer", "AB", cwd=folder)
    assert done.code == 0, done.err
    told: dict[str, Any] = {"first": first, "chosen": chosen, "import": done.err, "folder": folder}
    told["first again"] = rows_of(run(folder, source, MONTHS[0]))
    told["second"] = rows_of(run(folder, source, MONTHS[1]))
    told["mended"] = mend(source, told["second"])
    run_folder = run(folder, source, MONTHS[1])
    told["corrected"], told["corrected manifest"] = rows_of(run_folder), manifest_of(run_folder)
    run_folder = run(folder, source, MONTHS[1])
    told["corrected again"] = rows_of(run_folder), manifest_of(run_folder)
    run_folder = run(folder, source, MONTHS[2])
    told["third"], told["third manifest"], told["report"] = (
        rows_of(run_folder),
        manifest_of(run_folder),
        run_folder / "report.html",
    )
    return told


def mend(source: Path, rows: list[Row]) -> set[str]:
    """Take the lines of three findings, each the only one on its claim, out of the export; gives their claims."""
    on_claim = Counter(row["claim_id"] for row in rows)
    claims = {row["claim_id"] for row in rows if on_claim[row["claim_id"]] == 1 and row["subject"] == "line"}
    gone = set(sorted(claims)[:3])
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    source.write_text("".join(line for line in lines if not gone & set(line.split(","))), encoding="utf-8")
    return gone


def test_dismissed_findings_count_nowhere_in_a_run_made_again(loop: dict[str, Any]) -> None:
    dismissed = {key for key, row in loop["chosen"].items() if row["disposition"] == "dismiss"}
    again = loop["first again"]
    assert {row["finding_id"] for row in again if row["status"] == "dismissed"} == dismissed
    assert len(dismissed) == len(loop["first"]) // 5 + (len(loop["first"]) % 5 > 1)
    assert {row["finding_id"] for row in again} == {row["finding_id"] for row in loop["first"]}
    assert f"{len(loop['chosen'])} decisions read, {len(loop['chosen'])} new." in loop["import"]


def test_back_again_is_the_same_rule_provider_and_payer_as_the_month_before(loop: dict[str, Any]) -> None:
    before = {kind(row) for row in counted(loop["first again"])}
    # A finding of a provider has the same id in every month: it is a repeat.
    had = {row["finding_id"] for row in loop["first"]}
    second = loop["second"]
    expected = {
        row["finding_id"]: "repeat" if row["finding_id"] in had else "again" if kind(row) in before else "new" for row in second
    }
    assert {row["finding_id"]: row["status"] for row in second} == expected
    assert {"again", "new"} <= set(expected.values())


def test_a_corrected_month_settles_what_was_mended(loop: dict[str, Any]) -> None:
    gone = {row["finding_id"] for row in loop["second"]} - {row["finding_id"] for row in loop["corrected"]}
    came = {row["finding_id"] for row in loop["corrected"]} - {row["finding_id"] for row in loop["second"]}
    assert loop["mended"] <= {row["claim_id"] for row in loop["second"] if row["finding_id"] in gone}
    replaced = loop["corrected manifest"]["history"]["replaced"]
    assert (replaced["settled"], replaced["new"]) == (len(gone), len(came))
    assert replaced["repeated"] == len(loop["corrected"]) - len(came)


def test_a_run_made_again_of_the_same_input_says_the_same(loop: dict[str, Any]) -> None:
    rows, manifest = loop["corrected again"]
    assert rows == loop["corrected"]
    assert manifest["history"] == loop["corrected manifest"]["history"]


def test_the_third_month_counts_runs_in_a_row(loop: dict[str, Any]) -> None:
    months = [Counter(map(kind, counted(loop[name]))) for name in ("first again", "corrected", "third")]
    expected = {}
    for one, found in months[2].items():
        if one in months[1]:
            row = [months[1][one], found]
            expected[one] = [months[0][one], *row] if one in months[0] else row
    history = loop["third manifest"]["history"]
    told = {(one["rule_id"], one["provider"], one["payer_name"]): one["findings"] for one in history["recurrences"]}
    assert told == expected
    assert history["recurring"] == len(expected)
    assert {2, 3} == {len(counts) for counts in expected.values()}


def test_the_third_month_knows_what_was_decided(loop: dict[str, Any]) -> None:
    chosen = loop["chosen"].values()
    review = loop["third manifest"]["review"]
    words = Counter(row["disposition"] for row in chosen)
    # Dismissals of provider patterns do not outlive the month whose lines they were about.
    returned = sum(rule["returned"] for rule in review["rules"])
    assert sum(rule["dismissed"] for rule in review["rules"]) + returned == words["dismiss"]
    assert sum(rule["confirmed"] for rule in review["rules"]) == words["confirm"]
    assert sum(rule["asked_or_referred"] for rule in review["rules"]) == words["ask for record"]
    everything = {row["finding_id"] for name in ("first again", "corrected", "third") for row in loop[name]}
    assert sum(rule["open"] for rule in review["rules"]) == len(everything) - len(chosen) + returned
    owed = {
        row["finding_id"]: row["amount_at_risk"]
        for row in chosen
        if row["disposition"] == "confirm" and row["direction"] == "over"
    }
    assert {one["finding_id"]: one["amount"] for one in review["confirmed"]} == owed
    page = loop["report"].read_text(encoding="utf-8")
    assert "Back again" in page
    assert "Overpayments confirmed" in page
