"""Every number of the review's tables, followed by the SQL that the page shows under them to what reviewers said and to the rows.

The key is what the test itself answered; the SQL is run as a reader would, in the folder of the run, a row's own words put in
place of '...'.
"""

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.browser.recount import amount
from tests.end_to_end.command import SAMPLES, claims_audit

WORDS = ("confirm", "dismiss", "confirm", "ask for record", "refer", "", "confirm")
ANSWERED = {"confirm": "Confirmed", "refunded": "Confirmed", "dismiss": "Dismissed"}
_TABLE = """id => ({
  rows: [...document.querySelectorAll(`#${id} > tbody > tr`)].map(row => [...row.cells].map(cell =>
    [cell.querySelector('span, a')?.textContent ?? '', cell.querySelector('small')?.textContent ?? ''])),
  total: [...document.querySelectorAll(`#${id} > tfoot td`)].map(cell => cell.textContent.trim()),
})"""


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a month after one that was reviewed, some of it paid back."""
    home = tmp_path_factory.mktemp("reviewed")
    run(home, SAMPLES / "claims_2025-09.csv", "2025-09")
    with (home / "out" / "2025-09" / "findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    chosen = [(row, WORDS[at % len(WORDS)]) for at, row in enumerate(rows)]
    given = [{"finding_id": row["finding_id"], "disposition": word} for row, word in chosen if word]
    costly = {row["finding_id"] for row in rows if dear(row)}
    for at, one in enumerate(given):
        if at % 3 == 0 and one["disposition"] == "confirm" and one["finding_id"] in costly:
            one["amount"] = "1.00"
    answer(home, given)
    owed = [row for row, word in chosen if word == "confirm" and row["direction"] == "over" and dear(row)]
    back = {"disposition": "refunded", "amount": "1.00", "refunded_on": first_day(home)}
    answer(home, [{"finding_id": row["finding_id"], **back} for row in owed[::2]])
    return run(home, SAMPLES / "claims_2025-10.csv", "2025-10")


def dear(row: dict[str, str]) -> bool:
    return amount(row["amount_at_risk"]) > 1


def first_day(home: Path) -> str:
    """The day of the run, which is the first on which anything of it can be paid back."""
    (first,) = duckdb.sql(f"SELECT max(first_seen) FROM '{home / 'out' / 'decisions.jsonl'}'").fetchall()
    return str(first[0])


def run(home: Path, source: Path, month: str) -> Path:
    done = claims_audit("run", source, "--period", month, "--config", SAMPLES / "audit.toml", "--out", home / "out", cwd=home)
    assert done.code == 0, done.err
    return home / "out" / month / "report.html"


def answer(home: Path, rows: list[dict[str, str]]) -> None:
    with (home / "decisions.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["finding_id", "disposition", "amount", "refunded_on"])
        writer.writeheader()
        writer.writerows(rows)
    done = claims_audit("review", "import", home / "decisions.csv", "--out", home / "out", "--reviewer", "AB", cwd=home)
    assert done.code == 0, done.err


class Reader:
    """Runs a line of SQL of the page in the run's folder, with words in the place of each '...'."""

    def __init__(self, page: Any, run: Path) -> None:
        self.page, self.run = page, run

    def table(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(_TABLE, name)
        # Tables stand one after another: the lines under each are the first of those that follow it.
        found["sql"] = self.page.evaluate(
            """id => { const lines = []; let next = document.querySelector(`.table-frame:has(#${id})`).nextElementSibling;
            for (; next && !next.matches('.table-frame'); next = next.nextElementSibling)
              lines.push(...[...next.querySelectorAll('code')].map(code => code.innerText)); return lines; }""",
            name,
        )
        return found

    def rows(self, sql: str, *words: str) -> list[dict[str, Any]]:
        for word in words:
            sql = sql.replace("'...'", f"'{word}'", 1)
        assert "..." not in sql.replace("../", "")
        found = duckdb.sql(re.sub(r"'\.\./", f"'{self.run.parent}/", sql))
        assert found is not None
        # As text, for duckdb in Python wants another library to read a time that has a zone.
        found = found.project(
            ", ".join(f"CAST({one} AS VARCHAR) AS {one}" if one == "imported_at" else one for one in found.columns)
        )
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


@pytest.fixture
def reader(visit: Any, reviewed: Path) -> Reader:
    return Reader(visit(reviewed).page, reviewed.parent)


def test_counts_by_rule_lead_to_the_findings(reader: Reader) -> None:
    table = reader.table("review-rules")
    answers, others = table["sql"]
    sums: Counter[str] = Counter()
    assert len(table["rows"]) > 20
    for (_, rule), *cells in table["rows"]:
        counts = Counter(ANSWERED.get(row["stands"], "Asked") for row in reader.rows(answers, rule))
        left = Counter("Aside" if row["status"] == "suppressed" else "Open" for row in reader.rows(others, rule))
        counts += left
        shown = [int(amount(text)) for text, _ in cells[:5]]
        assert shown == [counts[name] for name in ("Open", "Asked", "Confirmed", "Dismissed", "Aside")], rule
        settled = counts["Confirmed"] + counts["Dismissed"]
        assert cells[5][0] == (f"{100 * counts['Confirmed'] / settled:.0f} %" if settled else "\u2013")
        sums += counts
    assert [sums[name] for name in ("Asked", "Confirmed", "Dismissed")] == [int(amount(text)) for text in table["total"][1:4]]


def test_confirmed_dollars_lead_to_the_answers_and_the_lines(reader: Reader) -> None:
    table = reader.table("confirmed")
    answers, lines = table["sql"]
    assert len(table["rows"]) > 10
    paid = 0
    for claim, (rule, finding), _, (shown, _), (day, _), _, (back, _) in table["rows"]:
        said = sorted(reader.rows(answers, finding), key=lambda row: row["imported_at"])
        part = [row["what"]["amount"] for row in said if row["what"]["decision"] == "confirm"][-1]
        of_finding = reader.rows(lines, finding)
        assert {(row["rule_id"], claim[0] in {one["claim_id"] for one in of_finding}) for row in of_finding} == {(rule, True)}
        whole = sum((row["amount_at_risk"] or Decimal(0) for row in of_finding), Decimal(0))
        assert amount(shown) == (Decimal(str(part)) if part is not None else whole), finding
        assert str(said[0]["what"]["decided_on"]) == day
        refund = [row["what"]["amount"] for row in said if row["what"]["decision"] == "refunded"]
        assert back == (f"${Decimal(str(refund[-1])):.2f}" if refund else "not yet")
        paid += bool(refund)
    assert 0 < paid < len(table["rows"])


def test_refunds_by_payer_lead_to_their_answers(reader: Reader) -> None:
    table = reader.table("refunds")
    (answers,) = table["sql"]
    assert len(table["rows"]) > 3
    for (payer, _), (findings, _), _, (back, _), _, _ in table["rows"]:
        said = [row["what"] for row in reader.rows(answers, payer)]
        confirmed = {what["finding_id"] for what in said if what["decision"] in ("confirm", "refunded")}
        assert len(confirmed) == int(findings)
        assert amount(back) == sum((Decimal(str(what["amount"])) for what in said if what["decision"] == "refunded"), Decimal(0))


def test_findings_back_again_lead_to_themselves_run_by_run(reader: Reader) -> None:
    table = reader.table("again")
    findings, lines = table["sql"]
    assert len(table["rows"]) > 3
    for (_, rule), (provider, _), (payer, _), (runs, _), (shown, _), (rates, _), _, (gross, _) in table["rows"]:
        mine = reader.rows(findings, rule, provider, payer)
        by_run = Counter(Path(row["filename"]).parent.name for row in mine)
        of_provider = Counter(Path(row["filename"]).parent.name for row in reader.rows(lines, provider))
        assert (len(by_run), [by_run[run] for run in sorted(by_run)]) == (int(runs), [int(one) for one in shown.split(", ")])
        assert rates == ", ".join(f"{100 * by_run[run] / of_provider[run]:.1f}" for run in sorted(by_run))
        now = [row["amount_at_risk"] or Decimal(0) for row in mine if Path(row["filename"]).parent == reader.run]
        assert amount(gross) == sum(now, Decimal(0))
