"""Thirty numbers, from every table of the sample's report, followed to their rows and worked out anew with plain pandas.

Each is reached as a reader would: by at most three clicks, or by the SQL beside it. `FOLLOW_SEED` picks others.
"""

import os
import random
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from tests.browser.recount import KEYS, Export, amount
from tests.end_to_end.command import SAMPLES

PICKS, CLICKS = 30, 3
SEED = int(os.environ.get("FOLLOW_SEED", "1"))
# Rows of the program's own reference tables: `claims-audit reference show` lists them, no export holds them.
_NOT_OF_THE_EXPORT = {"references"}
_MASKED = "not-an-npi-"  # a cell that is no NPI may be a name: the page does not show it, so no one can look for it
_CELLS = """() => {
  const heads = table => [...table.tHead.rows[0].cells].map(cell => (cell.querySelector('button') ?? cell).textContent);
  const text = (cell, part) => cell.querySelector(part)?.textContent ?? '';
  const of = (table, row, at) => [...row.cells].map((cell, column) => ({
    table: table.id, row: at, column, heading: heads(table)[column] ?? '', kind: cell.className, text: text(cell, 'span, a'),
    head: text(row.cells[0], 'span, a'), note: text(row.cells[0], 'small') }));
  return [...document.querySelectorAll('table')]
    .flatMap(table => [...table.tBodies[0].rows].flatMap((row, at) => of(table, row, at)))
    .filter(cell => /\\bnumber\\b/.test(cell.kind) && /\\d/.test(cell.text));
}"""

# The page as it was opened: what a reader unfolded is folded, what they wrote into a line of SQL is gone. Opening it anew thirty
# times would take most of the test's time.
_REMEMBER = """() => {
  window.opened = {
    folds: [...document.querySelectorAll('details')].map(one => [one, one.open]),
    codes: [...document.querySelectorAll('code')].map(one => [one, one.textContent]),
  };
}"""
_AS_OPENED = """() => {
  window.opened.folds.filter(([one, open]) => one.open !== open).forEach(([one, open]) => { one.open = open; });
  window.opened.codes.filter(([one, text]) => one.textContent !== text).forEach(([one, text]) => { one.textContent = text; });
  scrollTo(0, 0);
}"""


class Follower:
    """A reader with the report open: clicks are counted, and what a line of SQL gives is read beside the page."""

    def __init__(self, page: Any, export: Export) -> None:
        self.page, self.export, self.clicks = page, export, 0

    def click(self, place: Any) -> None:
        self.clicks += 1
        assert self.clicks <= CLICKS
        # In sight, then clicked by an event: a click by the mouse scrolls there and waits until a page of 5 MB stands still.
        assert place.is_visible()
        place.dispatch_event("click")

    def cell(self, pick: dict[str, Any]) -> Any:
        row = self.page.locator(f"#{pick['table']} > tbody > tr").nth(pick["row"])
        return row.locator("th, td").nth(pick["column"])

    def sql(self, place: Any) -> pd.DataFrame:
        """What the shown line of SQL gives, with each line's row of the export found and its dollars made again."""
        query = place.text_content()
        assert "'finding_lines.parquet'" in query
        found = duckdb.sql(query.replace("'finding_lines.parquet'", f"'{self.export.run / 'finding_lines.parquet'}'"))
        assert found is not None
        lines = [dict(zip(found.columns, line, strict=True)) for line in found.fetchall()]
        for line in lines:
            where = self.export.at(line["source_file"], int(line["source_row"]))
            assert (where["Claim #"], int(where["Line"])) == (line["claim_id"], line["claim_line_number"])
            again = self.export.made(line["how_made"] or "", where)
            assert again in (None, line["amount_at_risk"]), line
            assert line["counted_once"] <= max(amount(where["Paid"]), Decimal(0)), line
        return pd.DataFrame(lines, columns=found.columns)


def spent(lines: pd.DataFrame, column: str, direction: str) -> Decimal:
    return sum(lines[lines["direction"] == direction][column], Decimal(0))


def percent(part: int, whole: int) -> str:
    share = f"{100 * part / whole:.1f}" if whole else ""
    return {"0.0": "< 0.1 %" if part else "0 %", "100.0": "100 %" if part == whole else "> 99.9 %"}.get(share, f"{share} %")


def a_breakdown(reader: Follower, pick: dict[str, Any]) -> str:
    export, key = reader.export, KEYS[pick["table"]]
    code = reader.page.locator(f"section:has(#{pick['table']}) > .note code").first
    mine = export.audited[export.audited[key] == pick["head"]]
    code.evaluate("(code, key) => { code.textContent = code.textContent.replace(\"'...'\", `'${key}'`) }", pick["head"])
    found = reader.sql(code)
    wrong = found[found["is_error"].astype(bool)].drop_duplicates(["source_file", "source_row"])
    every = {
        "Lines": len(mine),
        "Visits": mine["visit"].nunique(),
        "Reviewed": export.dollars(mine, "Paid"),
        "Findings": int(found["is_lead"].astype(bool).sum()),
        "Lines with error": len(wrong),
        "Share": percent(len(wrong), len(mine)),
        "Over, gross": spent(found, "amount_at_risk", "over"),
        "Over, counted once": spent(found, "counted_once", "over"),
        "Under": spent(found, "amount_at_risk", "under"),
    }
    return str(every[pick["heading"]])


def unfolded(reader: Follower, rule: str) -> Any:
    """The rows of a rule's findings, unfolded by a click."""
    reader.click(reader.page.locator(f"#rule-{rule} details.all > summary"))
    return reader.page.locator(f"#examples-{rule} > tbody > tr")


def row_made(reader: Follower, row: Any) -> Decimal:
    """The dollars of a finding's row: the row of the export that it names is its claim's, and its dollars are made again."""
    claim, dates, file, money = (row.locator("th, td").nth(at) for at in (0, 1, 5, 6))
    where = reader.export.at(file.locator("span").text_content(), int(amount(file.locator("small").text_content().split()[1])))
    assert where["Claim #"] == claim.locator("span").first.text_content()
    assert where["day"] == dates.locator("span").text_content()
    shown = amount(money.locator("span").text_content())
    how = money.locator("small").text_content() if money.locator("small").count() else ""
    again = reader.export.made(how, where)
    assert again is None or again == shown
    return shown


def a_rule(reader: Follower, pick: dict[str, Any]) -> str:
    """A figure of a table of rules: its link, the rule's findings unfolded or its line of SQL, or the rule's own SQL."""
    rule = pick["note"].split()[0]
    cells = reader.page.locator(f"#{pick['table']} > tbody > tr").nth(pick["row"]).locator("th, td")
    reader.click(cells.first.locator("a"))
    if pick["heading"] in ("Examined", "Not judged", "Rate"):
        return judged(reader, rule, pick, cells)
    if not reader.page.locator(f"#rule-{rule}").count():
        # A rule without findings has its definition alone: nothing stands behind its 0.
        return "0"
    if pick["heading"] == "Flagged":
        return str(unfolded(reader, rule).count())
    lines = reader.sql(reader.page.locator(f"#rule-{rule} > .note code"))
    if pick["heading"] == "Counted once":
        return str(spent(lines, "counted_once", "over"))
    return str(sum(lines["amount_at_risk"], Decimal(0)))


def judged(reader: Follower, rule: str, pick: dict[str, Any], cells: Any) -> str:
    """What a rule examined: its SQL is shown; where that is every line they are counted, else the row must agree with itself."""
    if reader.page.locator(f"#rule-{rule}").count() and pick["table"] != "not-tested":
        reader.click(reader.page.locator(f"#rule-{rule} > .note a"))
    reader.click(reader.page.locator(f"#definition-{rule} summary"))
    assert "SELECT" in reader.page.locator(f"#definition-{rule} pre").text_content()
    if pick["heading"] == "Rate":
        flagged = int(amount(cells.nth(1 if pick["table"] == "top" else 5).locator("span").text_content()))
        if pick["table"] == "top":
            return percent(flagged, int(amount(cells.nth(1).locator("small").text_content().split()[1])))
        examined, left = (int(amount(cells.nth(at).locator("span").text_content())) for at in (3, 4))
        return percent(flagged, examined - left)
    lines = len(reader.export.audited)
    every = amount(pick["text"]) == lines and pick["heading"] == "Examined"
    return str(lines) if every else str(pick["text"])


def a_finding(reader: Follower, pick: dict[str, Any]) -> str:
    rule = pick["table"].removeprefix("examples-")
    return str(row_made(reader, unfolded(reader, rule).nth(pick["row"])))


def a_request(reader: Follower, pick: dict[str, Any]) -> str:
    link = reader.page.locator("#worklist > tbody > tr").nth(pick["row"]).locator("th a")
    reader.click(link)
    target = reader.page.locator(link.get_attribute("href"))
    assert target.is_visible()
    return str(row_made(reader, target))


def a_cell_of_the_heat_map(reader: Follower, pick: dict[str, Any]) -> str:
    reader.click(reader.cell(pick).locator("a"))
    rows = unfolded(reader, pick["heading"])
    return str(
        sum(rows.nth(at).locator("td").nth(3).locator("small").text_content() == pick["head"] for at in range(rows.count()))
    )


def a_payer(reader: Follower, pick: dict[str, Any]) -> str:
    mine = reader.export.audited[reader.export.audited["Payer"] == pick["head"]]
    return str(len(mine) if pick["heading"] == "Lines" else reader.export.dollars(mine, "Paid"))


def a_control(reader: Follower, pick: dict[str, Any]) -> str:
    """Rows and dollars that were read, audited and left out; each row left out is in a file that the section links to."""
    rows = reader.export.rows
    assert reader.page.locator("#quality a[href='excluded_rows.csv']").count() == 1
    parts = {
        "Read": rows,
        "Audited": reader.export.audited,
        "Excluded": rows[rows["reason"].notna()],
        "Rejected": rows[:0],
        "Difference": rows[:0],
    }
    part = parts.get(pick["heading"], rows)
    if pick["table"] == "files":
        if pick["heading"] == "Size":
            return f"{(SAMPLES / pick['head']).stat().st_size / 1_000_000:,.1f} MB"
        return str(len(part[part["file"] == pick["head"]]))
    if pick["table"] == "exclusions":
        part = rows[rows["reason"] == pick["head"]]
        return str(len(part) if pick["heading"] == "Rows" else reader.export.dollars(part, pick["heading"]))
    return str(len(part) if pick["head"] == "Rows" else reader.export.dollars(part, pick["head"].split()[0]))


def a_gap(reader: Follower, pick: dict[str, Any]) -> str:
    """Lines that fill a column: the table below says which column of the export it is."""
    names = reader.page.evaluate(
        "[...document.querySelectorAll('#mapping > tbody > tr')].map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )
    header = next(column for meaning, column, *_ in names if meaning == pick["head"])
    filled = int((reader.export.audited[header] != "").sum())
    lines = len(reader.export.audited)
    every = {"Lines with a value": str(filled), "Blank": str(lines - filled), "Share blank": percent(lines - filled, lines)}
    return every[pick["heading"]]


def a_mapping(reader: Follower, pick: dict[str, Any]) -> str:
    return str(reader.export.rows["file"].nunique())


def a_run(reader: Follower, pick: dict[str, Any]) -> str:
    lines = pd.read_parquet(reader.export.run / "finding_lines.parquet", dtype_backend="pyarrow")
    wrong = lines[lines["is_error"]].drop_duplicates(["source_file", "source_row"])
    every = {
        "Lines reviewed": str(len(reader.export.audited)),
        "Findings": str(reader.page.locator("tr[id^='row-']").count()),
        "Over, counted once": str(spent(lines, "counted_once", "over")),
        "Under": str(spent(lines, "amount_at_risk", "under")),
        "Lines without error": percent(len(reader.export.audited) - len(wrong), len(reader.export.audited)),
    }
    return every.get(pick["heading"]) or str(pick["text"])


FOLLOW: dict[str, Callable[[Follower, dict[str, Any]], str]] = {
    **dict.fromkeys(KEYS, a_breakdown),
    **dict.fromkeys(("top", "rules-table", "not-tested"), a_rule),
    **dict.fromkeys(("control", "files", "exclusions"), a_control),
    "examples": a_finding,
    "worklist": a_request,
    "heat": a_cell_of_the_heat_map,
    "payers": a_payer,
    "gaps": a_gap,
    "mapping": a_mapping,
    "runs": a_run,
}


def kind(table: str) -> str:
    return "examples" if table.startswith("examples-") else table


def picked(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Numbers at random: of each table one, and others until there are enough."""
    rng = random.Random(SEED)
    rng.shuffle(cells)
    first = {kind(cell["table"]): cell for cell in reversed(cells)}
    chosen = list(first.values())
    return chosen + [cell for cell in cells if cell not in chosen][: PICKS - len(chosen)]


def test_thirty_numbers_lead_to_their_rows_and_are_what_the_export_says(visit: Any, sample: Path) -> None:
    watch = visit(sample, viewport={"width": 1280, "height": 900})
    cells = [cell for cell in watch.page.evaluate(_CELLS) if cell["table"] not in _NOT_OF_THE_EXPORT]
    cells = [cell for cell in cells if not cell["head"].startswith(_MASKED)]
    assert {kind(cell["table"]) for cell in cells} == set(FOLLOW)
    export, wrong = Export(SAMPLES, sample.parent), []
    chosen = picked(cells)
    assert len(chosen) == PICKS
    watch.page.evaluate(_REMEMBER)
    for pick in chosen:
        watch.page.evaluate(_AS_OPENED)
        again = FOLLOW[kind(pick["table"])](Follower(watch.page, export), pick)
        same = again == pick["text"] or (re.fullmatch(r"[\d.-]+", again) and amount(again) == amount(pick["text"]))
        if not same:
            wrong.append((pick, again))
    assert wrong == []


@pytest.mark.parametrize(("part", "whole", "said"), [(0, 9, "0 %"), (9, 9, "100 %"), (1, 9000, "< 0.1 %"), (1, 8, "12.5 %")])
def test_a_share_is_told_as_the_page_tells_it(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said
