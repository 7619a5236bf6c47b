"""The report in a real browser: what it asks for, how it looks at each width, what it prints."""

import re
from pathlib import Path
from typing import Any

import pytest

from audit.report import ReportOptions, write_all
from tests.report.fixture import PROVIDERS, make_run
from tests.report.test_page import poison

WIDTHS = (390, 768, 1280, 1920)


@pytest.mark.parametrize("name", ["report.html", f"providers/{PROVIDERS[0][0]}.html"])
def test_it_asks_the_network_for_nothing_and_complains_of_nothing(visit: Any, folder: Path, name: str) -> None:
    watch = visit(folder / name)
    watch.page.mouse.wheel(0, 20_000)
    assert watch.asked == [(folder / name).as_uri()]
    assert watch.said == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways(visit: Any, width: int, scheme: str) -> None:
    page = visit(viewport={"width": width, "height": 900}, color_scheme=scheme).page
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("width", [390, 768])
@pytest.mark.parametrize("name", ["report.html", f"providers/{PROVIDERS[0][0]}.html"])
def test_no_figure_of_a_tile_is_broken_in_two(visit: Any, folder: Path, name: str, width: int) -> None:
    page = visit(folder / name, viewport={"width": width, "height": 900}).page
    # The largest that a practice may come to.
    page.evaluate("document.querySelector('.tile strong').textContent = '$1,234,567.89'")
    lines = "e => e.offsetHeight / parseFloat(getComputedStyle(e).fontSize)"
    heights = page.evaluate(f"[...document.querySelectorAll('.tile strong')].map({lines})")
    assert len(heights) > 3
    assert max(heights) < 2


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [("report.html", 390, "light"), ("report.html", 1280, "dark"), (f"providers/{PROVIDERS[0][0]}.html", 1280, "light")],
)
def test_axe_finds_no_serious_violation(visit: Any, folder: Path, name: str, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    # The policy forbids foreign scripts, so the tester goes around it; the page itself stays as it is.
    page = visit(folder / name, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True).page
    found = axe.Axe().run(page).response["violations"]
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found] == []


@pytest.mark.parametrize("name", ["report.html", f"providers/{PROVIDERS[0][0]}.html"])
def test_the_text_has_room_and_no_tile_spills(visit: Any, folder: Path, name: str) -> None:
    page = visit(folder / name, viewport={"width": 1280, "height": 900}).page
    assert page.evaluate("document.querySelector('main').offsetWidth") > 900
    spilling = (
        "[...document.querySelectorAll('.table-frame')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel)"
    )
    assert page.evaluate(spilling) == []
    assert page.evaluate("[...document.querySelectorAll('.tile')].every(e => e.offsetLeft + e.offsetWidth <= innerWidth - 20)")


def test_an_empty_table_says_so_at_every_width(visit: Any) -> None:
    for width in WIDTHS:
        page = visit(viewport={"width": width, "height": 900}).page
        assert page.locator("#suppressed").get_by_text("No finding is set aside or dismissed.").is_visible()


def test_search_and_filter_narrow_a_table(visit: Any) -> None:
    page = visit().page
    rows = page.locator("#rules-table tbody tr")
    bar = page.locator("#rules .search-bar")
    bar.get_by_label("Search this table").fill("massage")
    assert 0 < rows.filter(visible=True).count() < rows.count()
    assert "of 13 rows" in bar.locator("output").inner_text()
    bar.get_by_label("Search this table").fill("")
    bar.get_by_label("Result").select_option("Not evaluated")
    assert rows.filter(visible=True).count() == 1


def test_sorting_by_figures_and_by_words(visit: Any) -> None:
    page = visit().page
    first = page.locator("#rules-table tbody tr").first
    page.locator("#rules-table").get_by_role("button", name="Flagged").click()
    assert "DOC001" in first.inner_text()
    page.locator("#rules-table").get_by_role("button", name="Flagged").click()
    assert "DOC001" not in first.inner_text()
    page.locator("#rules-table").get_by_role("button", name="Rule").click()
    assert first.inner_text().startswith("Code or modifier")
    assert page.locator("#rules-table th[aria-sort]").count() == 1


def test_it_reads_without_javascript(visit: Any) -> None:
    page = visit(java_script_enabled=False).page
    assert page.locator("#rules-table tbody tr").count() == 13
    assert page.locator(".search-bar").count() == 0
    page.get_by_role("link", name="Scope and method").click()
    assert page.locator("#scope").is_visible()


def test_it_prints_as_a_finished_document(visit: Any, tmp_path: Path) -> None:
    page = visit().page
    for paper in ("A4", "Letter"):
        page.pdf(path=tmp_path / f"{paper}.pdf", format=paper)
        pages = len(re.findall(rb"/Type /Page\b", (tmp_path / f"{paper}.pdf").read_bytes()))
        assert 6 < pages <= 18
    page.emulate_media(media="print")
    assert not page.locator(".search-bar").first.is_visible()
    assert not page.locator(".sql").first.is_visible()
    assert page.get_by_text("rules.sql of the run folder").is_visible()
    assert page.locator(".definition").filter(visible=True).count() == 0
    assert page.locator(".finding").filter(visible=True).count() == 30
    assert page.locator(".finding dl").filter(visible=True).count() == 30
    assert page.get_by_text("These are 30 of").is_visible()


def test_heads_that_paper_repeats_hold_text_and_no_buttons(visit: Any) -> None:
    page = visit().page
    page.emulate_media(media="print")
    assert not page.locator("#rules-table thead button").first.is_visible()
    assert page.locator("#rules-table thead th").nth(5).inner_text() == "Flagged"


@pytest.mark.parametrize(("width", "height"), [(210 - 26, 297 - 30), (215.9 - 26, 279.4 - 30)], ids=["A4", "Letter"])
def test_the_summary_fits_on_one_page(visit: Any, width: float, height: float) -> None:
    dots = 96 / 25.4
    page = visit(viewport={"width": int(width * dots), "height": int(height * dots)}).page
    page.emulate_media(media="print")
    assert page.locator("#summary").bounding_box()["height"] < height * dots


def test_hostile_text_runs_nowhere(visit: Any, tmp_path: Path) -> None:
    bad = make_run(tmp_path / "run", change=poison)
    write_all(bad, ReportOptions(patients="full"))
    watch = visit(bad / "report.html", viewport={"width": 390, "height": 900})
    assert watch.said == []
    assert watch.asked == [(bad / "report.html").as_uri()]
    assert watch.page.locator("h1").is_visible()
    assert watch.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
