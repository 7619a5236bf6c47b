"""Every output's dollars counted once add up to the headline: on the sample, and on random exports of several shapes."""

import csv
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from audit.report import ReportOptions, write_all
from audit.report.sections import breakdown, listed
from tests import counted_once
from tests.end_to_end.command import claims_audit
from tests.end_to_end.sample_home import copy_of_sample_home
from tests.oracle_rules.random_lines import SHAPES, write

LINES = 400


def run(folder: Path, *sources: Path, config: Path, select: str = "") -> Path:
    words = ("--select", select) if select else ()
    done = claims_audit("run", *sources, "--config", config, "--out", folder / "out", *words, cwd=folder)
    assert done.code == 0, done.err
    return (folder / "out" / "latest").resolve()


def test_of_the_sample(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    made = copy_of_sample_home(tmp_path_factory, tmp_path / "home")
    assert counted_once.headline(made) > 1000
    assert counted_once.faults(made) == []
    # Each output was looked at: files, sheets and their totals, the page's tables and rows, cards, the index, the manifest.
    seen = [one.where for one in counted_once.sums(made)]
    assert len(seen) == len({*seen}) > 300
    for name in (
        "findings.csv",
        "sheet Months",
        "table-payer-name, the whole run",
        "top, TIM001",
        "rows of findings",
        "index.html",
    ):
        assert [where for where in seen if name in where], name
    assert sum(where.endswith("its rules") for where in seen) == len([*(made / "providers").iterdir()])


def test_of_pages_beside_the_report_and_of_a_workbook_that_is_cut(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = copy_of_sample_home(tmp_path_factory, tmp_path / "home")
    for name, most in (("IN_PAGE", 90), ("IN_REST", 5), ("IN_WORKBOOK", 40)):
        monkeypatch.setattr(listed, name, most)
    monkeypatch.setattr(counted_once, "SHOWN", 4)
    monkeypatch.setattr(breakdown, "_LIMIT", 4)
    write_all(made, ReportOptions(charts=False))
    assert len([*(made / "findings").iterdir()]) > 60
    assert counted_once.faults(made) == []
    next((made / "findings").glob("TIM001-*.html")).unlink()
    assert {fault.split(": ")[1].split(" adds up")[0] for fault in counted_once.faults(made)} == {
        "rows of findings, TIM001", "rows of findings, each once", "rows of findings, all there are",
    }  # fmt: skip


def test_dollars_that_are_a_part_of_a_line_s_can_be_made_of_the_evidence(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = copy_of_sample_home(tmp_path_factory, tmp_path / "home")
    with (made / "findings.csv").open(encoding="utf-8", newline="") as stream:
        parts = [row for row in csv.DictReader(stream) if row["how_made"].startswith("a part of")]
    assert {row["rule_id"] for row in parts} == {"TIM003"}
    for row in parts:
        held = json.loads(row["evidence"], parse_float=Decimal)
        assert held["surplus_paid"] - held["right_codes_earn"] == Decimal(row["amount_at_risk"]), row["finding_id"]


@pytest.mark.parametrize("shape", SHAPES[:3])
def test_of_random_exports(shape: str, tmp_path: Path) -> None:
    claims, config = write(tmp_path, 7, shape, LINES)
    made = run(tmp_path, claims, config=config)
    assert counted_once.headline(made) > 0
    assert counted_once.faults(made) == []


def test_a_cent_too_many_is_told(tmp_path: Path) -> None:
    claims, config = write(tmp_path, 8, SHAPES[0], LINES)
    made = run(tmp_path, claims, config=config, select="TIM001,TIM004,MED001")
    with (made / "findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0]["counted_once"] = f"{float(rows[0]['counted_once']) + 0.01:.2f}"
    with (made / "findings.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert [fault.split(" adds up")[0] for fault in counted_once.faults(made)] == [f"{made}: findings.csv"]


@pytest.mark.parametrize("figure", [r'(data-label="Over, counted once"><span>\$)\d', r"(<dd><strong>\$)\d"])
def test_a_figure_of_the_page_that_is_changed_is_told(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, figure: str
) -> None:
    made = copy_of_sample_home(tmp_path_factory, tmp_path / "home")
    text = (made / "report.html").read_text(encoding="utf-8")
    changed = re.sub(figure, r"\g<1>9", text, count=1)
    assert changed != text
    (made / "report.html").write_text(changed, encoding="utf-8")
    assert {fault.split(",")[0] for fault in counted_once.faults(made)} == {f"{made}: report.html"}
