"""The pages beside a report of many findings, in a real browser: reached by clicks, quiet, decided as the report is."""

from pathlib import Path
from typing import Any

import pytest

from audit.report import ReportOptions, write_all
from audit.report.sections import listed
from tests.report.fixture import make_run


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_run(tmp_path_factory.mktemp("many") / "2025-11")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listed, "IN_PAGE", 100)
        patch.setattr(listed, "IN_REST", 30)
        write_all(made, ReportOptions(patients="pseudonym", key_file=made.parent / "key"))
    return made


def test_each_is_reached_from_the_report_and_from_its_neighbour_and_leads_back(visit: Any, many: Path) -> None:
    watch = visit(many / "report.html")
    page, names = watch.page, sorted(path.name for path in (many / "findings").iterdir())
    hrefs = page.locator("#findings a[href^='findings/']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert sorted(Path(href).name for href in hrefs) == names
    rule = next(name.removesuffix("-2.html") for name in names if name.endswith("-2.html"))
    page.locator(f"#findings a[href='findings/{rule}-1.html']").click()
    assert page.locator("tr[id^='row-']").first.is_visible()
    page.locator("nav a").first.click()
    assert Path(page.url).name == f"{rule}-2.html"
    page.get_by_role("link", name=f"the report under {rule}").click()
    assert page.url.endswith(f"report.html#rule-{rule}")
    assert watch.said == []
    assert {url.split(":")[0] for url in watch.asked} <= {"file", "data"}


@pytest.mark.parametrize("width", [390, 1280])
def test_none_scrolls_sideways_or_complains(visit: Any, many: Path, width: int) -> None:
    name = min((many / "findings").iterdir())
    watch = visit(name, viewport={"width": width, "height": 900})
    assert watch.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert watch.asked == [name.as_uri()]
    assert watch.said == []


def test_findings_are_searched_sorted_and_decided_there(visit: Any, many: Path, tmp_path: Path) -> None:
    name = min((many / "findings").iterdir())
    watch = visit(name, accept_downloads=True)
    page, rows = watch.page, watch.page.locator("tr[id^='row-']")
    claim = rows.nth(3).locator("th span").inner_text()
    page.get_by_label("Search this table").fill(claim)
    assert 1 <= rows.filter(visible=True).count() < rows.count()
    page.get_by_label("Search this table").fill("")
    page.locator("thead button").first.click()
    key = rows.first.get_attribute("id")[4:]
    rows.first.locator("select").select_option("dismiss")
    page.get_by_label("Reviewer").fill("AB")
    with page.expect_download() as saved:
        page.get_by_role("button", name=f"Save decisions-{name.stem}.csv").click()
    saved.value.save_as(tmp_path / "decisions.csv")
    lines = (tmp_path / "decisions.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [[key, "dismiss"]]


def test_on_paper_all_its_findings_stand(visit: Any, many: Path) -> None:
    page = visit(min((many / "findings").iterdir())).page
    page.emulate_media(media="print")
    rows = page.locator("tr[id^='row-']")
    assert rows.filter(visible=True).count() == rows.count() > 0
    assert not page.locator(".decisions").is_visible()


def decide(page: Any, word: str) -> str:
    """Decide on the first finding of a page and give its id."""
    page.evaluate("document.querySelector('details.all').open = true")
    row = page.locator("tr[id^='row-']").first
    row.locator("select").select_option(word)
    return str(row.get_attribute("id")).removeprefix("row-")


def save(page: Any, into: Path) -> list[list[str]]:
    page.get_by_label("Reviewer").fill("AB")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save").click()
    coming.value.save_as(into / coming.value.suggested_filename)
    lines = (into / coming.value.suggested_filename).read_text(encoding="utf-8").splitlines()
    return [line.split(",")[:2] for line in lines[1:]]


def test_a_page_s_file_holds_what_was_decided_on_all_pages_of_the_run(visit: Any, many: Path, tmp_path: Path) -> None:
    """Who decides here and there would take the second file for the whole, so it is."""
    one, two = sorted((many / "findings").iterdir())[:2]
    watch, made = visit(many / "report.html", accept_downloads=True), {}
    for path, word in ((many / "report.html", "refer"), (one, "dismiss"), (two, "ask for record")):
        watch.page.goto(path.as_uri())
        made[decide(watch.page, word)] = word
    bar = watch.page.get_by_role("region", name="Your decisions")
    assert "decided here, 2 on other pages of this run, 3 choices not saved yet." in bar.inner_text()
    assert dict(save(watch.page, tmp_path)) == made
    assert {path.name for path in tmp_path.iterdir()} == {f"decisions-{two.stem}.csv"}
    assert "2 on other pages of this run, all saved." in bar.inner_text()
    watch.page.goto((many / "report.html").as_uri())
    assert dict(save(watch.page, tmp_path)) == made
    assert (tmp_path / "decisions.csv").exists()


def test_an_amount_to_mend_elsewhere_is_told_and_saves_nothing(visit: Any, many: Path) -> None:
    watch = visit(many / "report.html")
    watch.page.evaluate("document.querySelector('details.all').open = true")
    row = watch.page.locator("tr[id^='row-']").first
    row.locator("select").select_option("confirm")
    row.locator("input").fill("much")
    row.locator("input").blur()
    watch.page.goto(min((many / "findings").iterdir()).as_uri())
    watch.page.get_by_label("Reviewer").fill("AB")
    watch.page.get_by_role("button", name="Save").click()
    assert (
        "1 amount on other pages of this run to mend first"
        in watch.page.get_by_role("region", name="Your decisions").inner_text()
    )


def test_where_the_browser_keeps_pages_apart_each_file_is_its_page_s(visit: Any, many: Path, tmp_path: Path) -> None:
    for path in sorted((many / "findings").iterdir())[:2]:
        page = visit(path, accept_downloads=True).page  # a context of its own, so a store of its own
        assert save_of(page, tmp_path) == path.stem


def save_of(page: Any, into: Path) -> str:
    finding = decide(page, "dismiss")
    assert save(page, into) == [[finding, "dismiss"]]
    return max(into.iterdir(), key=lambda path: path.stat().st_mtime_ns).stem.removeprefix("decisions-")
