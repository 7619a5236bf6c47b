"""Deciding in the page: what is chosen lasts, is saved as a file that `review import` takes, and is nobody else's."""

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from audit.report import ReportOptions, write_all
from audit.runs.format import stored
from audit.runs.ledgers import decisions, review_file
from audit.runs.timeline import history
from tests.report.fixture import make_run

HEAD = ["finding_id", "disposition", "amount", "refunded_on", "reviewer", "reviewed_on", "note"]
STORE = "JSON.stringify(Object.fromEntries(Object.entries(localStorage)))"
REFUSED = """Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"""
FULL = """Storage.prototype.setItem = function () { throw new DOMException('full', 'QuotaExceededError') }"""


@pytest.fixture(scope="module")
def ids(folder: Path) -> list[str]:
    """Findings with dollars, the one that weighs most first."""
    table = pq.read_table(folder / "findings.parquet").to_pylist()
    heavy = sorted(table, key=lambda row: (-row["amount_at_risk"], row["service_date"], row["claim_id"]))
    return [row["finding_id"] for row in heavy if row["status"] != "suppressed"]


def row(page: Any, finding: str) -> Any:
    """The folded row of a finding, unfolded."""
    page.evaluate("id => { document.getElementById('row-' + id).closest('details').open = true }", finding)
    found = page.locator(f"#row-{finding}")
    found.locator("select").wait_for()
    return found


def choose(page: Any, finding: str, word: str, amount: str = "") -> None:
    place = row(page, finding)
    place.get_by_role("combobox", name="Decision").select_option(word)
    if amount:
        place.get_by_role("textbox").fill(amount)
        place.get_by_role("textbox").blur()


def saved(page: Any, into: Path) -> list[dict[str, str]]:
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save decisions.csv").click()
    assert coming.value.suggested_filename == "decisions.csv"
    coming.value.save_as(into)
    rows = list(csv.DictReader(into.read_text(encoding="utf-8").splitlines()))
    assert into.read_text(encoding="utf-8").split("\n")[0].split(",") == HEAD
    return rows


def bar(page: Any) -> Any:
    return page.get_by_role("region", name="Your decisions")


def test_what_is_chosen_lasts_and_is_saved_as_a_file(visit: Any, folder: Path, ids: list[str], tmp_path: Path) -> None:
    watch = visit()
    page, made = watch.page, {}
    assert not bar(page).is_visible()
    for finding, word in zip(ids, ("confirm", "dismiss", "ask for record", "refer"), strict=False):
        choose(page, finding, word)
        made[finding] = word
    choose(page, ids[0], "confirm", "12.5")
    assert f"4 of {len(ids)} findings decided, 4 choices not saved yet." in bar(page).inner_text()
    page.reload()
    assert row(page, ids[1]).get_by_role("combobox").input_value() == "dismiss"
    assert row(page, ids[0]).get_by_role("textbox").input_value() == "12.50"
    bar(page).get_by_label("Reviewer").fill("desk 4")
    rows = saved(page, tmp_path / "decisions.csv")
    assert {line["finding_id"]: line["disposition"] for line in rows} == made
    assert {line["finding_id"]: line["amount"] for line in rows} == {**dict.fromkeys(made, ""), ids[0]: "12.50"}
    assert {line["reviewer"] for line in rows} == {"desk 4"}
    assert {(line["refunded_on"], line["note"]) for line in rows} == {("", "")}
    assert {line["reviewed_on"] for line in rows} == {page.evaluate("new Date().toLocaleDateString('sv')")}
    assert "all saved" in bar(page).inner_text()
    assert [url for url in watch.asked if not url.startswith(("file:", "blob:"))] == []
    assert [said for said in watch.said if not said.startswith("beforeunload")] == []


def test_the_file_says_the_same_as_one_written_by_hand(visit: Any, folder: Path, ids: list[str], tmp_path: Path) -> None:
    page = visit().page
    words = ("confirm", "dismiss", "ask for record", "refer")
    for finding, word in zip(ids, words, strict=False):
        choose(page, finding, word, "0.50" if word == "confirm" else "")
    bar(page).get_by_label("Reviewer").fill("desk 4")
    saved(page, tmp_path / "decisions.csv")
    day = page.evaluate("new Date().toLocaleDateString('sv')")
    lines = [f"{finding},{word},{'0.50' if word == 'confirm' else ''},{day}" for finding, word in zip(ids, words, strict=False)]
    (tmp_path / "by hand.csv").write_text("\n".join(["finding_id,disposition,amount,reviewed_on", *lines]), encoding="utf-8")
    known = decisions.known_among([history.read_run(folder)], ids)
    today = dt.date.fromisoformat(day)
    read = [
        review_file.decisions_of(review_file.read(tmp_path / name), known, "desk 4", today)
        for name in ("decisions.csv", "by hand.csv")
    ]
    assert {one.finding_id: one for one in read[0]} == {one.finding_id: one for one in read[1]}
    assert len(read[0]) == len(words)


def test_a_choice_has_the_day_of_the_reviewer(visit: Any, ids: list[str], tmp_path: Path) -> None:
    page = visit(timezone_id="America/Los_Angeles").page
    page.clock.set_fixed_time(dt.datetime(2026, 1, 10, 3, 0, tzinfo=dt.UTC))
    choose(page, ids[0], "dismiss")
    page.clock.set_fixed_time(dt.datetime(2026, 2, 1, 3, 0, tzinfo=dt.UTC))
    assert [line["reviewed_on"] for line in saved(page, tmp_path / "x.csv")] == ["2026-01-09"]


def test_a_finding_is_decided_once_wherever_it_stands(visit: Any, ids: list[str]) -> None:
    page = visit().page
    full = page.locator(f"#finding-{ids[0]}")
    full.locator("summary").click()
    full.get_by_role("combobox").select_option("refer")
    assert row(page, ids[0]).get_by_role("combobox").input_value() == "refer"
    assert full.locator("summary").inner_text().endswith("refer")
    choose(page, ids[0], "dismiss")
    assert full.get_by_role("combobox").input_value() == "dismiss"
    assert "1 of" in bar(page).inner_text()


def test_the_keyboard_is_enough(visit: Any, ids: list[str], tmp_path: Path) -> None:
    page = visit().page
    page.locator(f"#finding-{ids[0]} summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") == "A":
        page.keyboard.press("Tab")
    page.keyboard.press("c")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    assert [(line["disposition"], line["amount"]) for line in saved(page, tmp_path / "x.csv")] == [("confirm", "3.00")]


def test_the_store_holds_ids_and_choices_alone(visit: Any, folder: Path, ids: list[str]) -> None:
    page = visit().page
    choose(page, ids[0], "confirm", "DOE, JANE")
    bar(page).get_by_label("Reviewer").fill("desk 4")
    choose(page, ids[1], "dismiss")
    store = json.loads(page.evaluate(STORE))
    run = stored.read(folder).run.id
    assert {key: sorted(json.loads(value)) for key, value in store.items()} == {
        f"claims-audit {run} {finding}": ["amount", "disposition", "reviewed_on", "saved"] for finding in ids[:2]
    }
    assert json.loads(store[f"claims-audit {run} {ids[0]}"])["amount"] == "?"
    assert "DOE" not in str(store)
    assert "desk 4" not in str(store)


@pytest.mark.parametrize("typed", ["12,50", "-3", "1e3", "12.505", "all", "99999", "=1"])
def test_an_amount_that_is_none_stops_the_file_and_not_the_choice(visit: Any, ids: list[str], typed: str) -> None:
    page = visit().page
    choose(page, ids[0], "confirm", typed)
    assert row(page, ids[0]).get_by_text("Dollars like 12.50").is_visible()
    page.reload()
    page.get_by_role("button", name="Save decisions.csv").click()
    assert "1 amount to mend first" in bar(page).inner_text()
    assert page.evaluate("document.activeElement.closest('tr').id") == f"row-{ids[0]}"
    page.keyboard.type("$1.5")
    page.keyboard.press("Tab")
    assert row(page, ids[0]).get_by_role("textbox").input_value() == "1.50"
    assert "1 amount" not in bar(page).inner_text()


def test_an_amount_is_at_most_the_finding_s(visit: Any, folder: Path, ids: list[str]) -> None:
    amounts = {line["finding_id"]: line["amount_at_risk"] for line in pq.read_table(folder / "findings.parquet").to_pylist()}
    most = amounts[ids[0]]
    page = visit().page
    choose(page, ids[0], "confirm", str(most))
    assert not row(page, ids[0]).get_by_text("Dollars like 12.50").is_visible()
    choose(page, ids[0], "confirm", f"{float(most) + 0.01:.2f}")
    assert row(page, ids[0]).get_by_text(f"at most {most}").is_visible()
    nothing = next(finding for finding in ids if not amounts[finding])
    choose(page, nothing, "confirm")
    assert not row(page, nothing).get_by_role("textbox").is_visible()


def test_a_choice_taken_back_is_in_no_file(visit: Any, ids: list[str], tmp_path: Path) -> None:
    page = visit().page
    choose(page, ids[0], "confirm")
    choose(page, ids[1], "dismiss")
    choose(page, ids[1], "")
    assert [line["finding_id"] for line in saved(page, tmp_path / "one.csv")] == [ids[0]]
    choose(page, ids[0], "")
    assert "1 choice not saved yet" in bar(page).inner_text()
    assert saved(page, tmp_path / "two.csv") == []
    assert not bar(page).is_visible()


def test_leaving_with_unsaved_choices_is_warned_of(visit: Any, ids: list[str], tmp_path: Path) -> None:
    watch = visit()
    watch.page.reload()
    assert watch.said == []
    choose(watch.page, ids[0], "refer")
    watch.page.reload()
    assert len(watch.said) == 1
    assert watch.said[0].startswith("beforeunload")
    saved(watch.page, tmp_path / "x.csv")
    watch.page.reload()
    assert len(watch.said) == 1


@pytest.mark.parametrize("fault", [REFUSED, FULL], ids=["refused", "full"])
def test_a_browser_that_keeps_nothing_is_named_and_still_saves(visit: Any, ids: list[str], tmp_path: Path, fault: str) -> None:
    watch = visit(before=fault)
    assert bar(watch.page).get_by_text("This browser keeps nothing for this page").is_visible()
    choose(watch.page, ids[0], "confirm")
    assert [line["finding_id"] for line in saved(watch.page, tmp_path / "x.csv")] == [ids[0]]
    assert watch.said == []


def test_another_run_s_choices_and_damaged_ones_are_not_taken(visit: Any, folder: Path, ids: list[str], tmp_path: Path) -> None:
    run = stored.read(folder).run.id
    sound = {"disposition": "dismiss", "amount": "", "reviewed_on": "2026-01-09", "saved": True}
    bad: tuple[Any, ...] = (
        {**sound, "disposition": "=1+1"},
        {**sound, "amount": "1,2"},
        {**sound, "reviewed_on": "x,y"},
        [sound],
        None,
        "{",
        {},
    )
    held = {f"claims-audit {run} {finding}": json.dumps(value) for finding, value in zip(ids[1:], bad, strict=False)}
    held |= {f"claims-audit other {ids[0]}": json.dumps(sound), f"claims-audit {run} unknown": json.dumps(sound)}
    held |= {f"claims-audit {run} {ids[8]}": json.dumps(sound), f"claims-audit {run} {ids[9]}": "{"}
    put = "".join(f"localStorage.setItem({json.dumps(key)}, {json.dumps(value)});" for key, value in held.items())
    watch = visit(before=f"if (!localStorage.length) {{ {put} }}")
    assert f"1 of {len(ids)} findings decided, all saved." in bar(watch.page).inner_text()
    watch.page.get_by_role("button", name="Forget them").click()
    assert "Forget 1 choice of this run" in watch.said[0]
    left = json.loads(watch.page.evaluate(STORE))
    assert f"claims-audit other {ids[0]}" in left
    assert f"claims-audit {run} {ids[8]}" not in left


def test_two_windows_agree(visit: Any, folder: Path, ids: list[str]) -> None:
    one = visit()
    two = one.context.new_page()
    two.goto((folder / "report.html").as_uri())
    row(two, ids[0])
    one.page.bring_to_front()
    choose(one.page, ids[0], "dismiss")
    two.bring_to_front()
    two.wait_for_function("id => document.querySelector(`#row-${id} select`).value === 'dismiss'", arg=ids[0])
    assert f"1 of {len(ids)}" in bar(two).inner_text()
    for page in (one.page, two):
        page.evaluate("window.echoes = 0; window.addEventListener('storage', () => { window.echoes += 1 })")
    choose(two, ids[1], "refer")
    one.page.wait_for_function("id => document.querySelector(`#row-${id} select`)?.value === 'refer'", arg=ids[1])
    choose(one.page, ids[1], "")
    two.wait_for_function("id => document.querySelector(`#row-${id} select`).value === ''", arg=ids[1])
    assert (one.page.evaluate("window.echoes"), two.evaluate("window.echoes")) == (1, 1)


@pytest.mark.parametrize("name", ["=cmd", "a,b", '"x"', "-1"])
def test_a_reviewer_s_name_is_no_formula_and_breaks_no_row(visit: Any, ids: list[str], name: str) -> None:
    page = visit().page
    choose(page, ids[0], "dismiss")
    bar(page).get_by_label("Reviewer").fill(name)
    page.get_by_role("button", name="Save decisions.csv").click()
    assert "1 choice not saved yet" in bar(page).inner_text()
    assert page.evaluate("document.activeElement.matches(':invalid')")


def test_without_javascript_and_on_paper_there_is_nothing_to_decide(visit: Any, ids: list[str]) -> None:
    page = visit(java_script_enabled=False).page
    assert page.locator(".decide, .decisions").count() == 0
    page = visit().page
    choose(page, ids[0], "dismiss")
    page.emulate_media(media="print")
    assert page.locator(".decide, .decisions, .chosen").filter(visible=True).count() == 0


def eighteen_times(rows: list[dict[str, Any]], _manifest: dict[str, Any]) -> None:
    """Copies each finding until there are more than the page holds, each with an id of its own."""
    rows[:] = [{**found, "finding_id": f"{found['finding_id']}{number}"} for number in range(18) for found in rows]


def test_thousands_of_findings_are_offered_when_unfolded(visit: Any, tmp_path: Path) -> None:
    big = make_run(tmp_path / "run", change=eighteen_times)
    write_all(big, ReportOptions(patients="hidden", charts=False))
    page = visit(big / "report.html").page
    assert page.locator("tr[id^='row-']").count() == 5_000
    assert page.locator("select").count() < 60
    sizes = "[...document.querySelectorAll('table.examples')].map(table => [table.rows.length, table.rows[1].id])"
    longest = max(page.evaluate(sizes))[1].removeprefix("row-")
    held = row(page, longest).locator("xpath=ancestor::table")
    assert held.locator("select").count() == held.locator("tbody tr").count() > 500
    assert (big / "report.html").stat().st_size < 8_000_000
