"""What the sample prints: its report, a small clinic's, each card; and what paper leaves out is named."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command import SAMPLES, claims_audit

CARD_PAGES, CLINIC_PAGES, SAMPLE_PAGES = 2, 12, 30
LONGEST = 4  # cards that are printed: a card with less on it takes no more paper


def pages(page: Any, paper: str) -> int:
    return len(re.findall(rb"/Type /Page\b", page.pdf(format=paper)))


@pytest.fixture(scope="module")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Runs of some thousand lines each, with about 25 findings."""
    made = []
    for month, first in (("09", 1), ("10", 1500), ("11", 1)):
        home = tmp_path_factory.mktemp(month)
        head, *lines = (SAMPLES / f"claims_2025-{month}.csv").read_text(encoding="utf-8").splitlines()
        (home / "claims.csv").write_text("\n".join((head, *lines[first : first + 850])) + "\n", encoding="utf-8")
        done = claims_audit("run", "claims.csv", "--config", SAMPLES / "audit.toml", cwd=home)
        assert done.code == 0, done.err
        made.append(home / done.out.strip())
    return made


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_a_clinic_of_25_findings_prints_on_12_pages(visit: Any, clinics: list[Path], paper: str) -> None:
    counts = []
    for report in clinics:
        page = visit(report).page
        counts.append(page.locator("tr[id^='row-']").count())
        assert 6 < pages(page, paper) <= CLINIC_PAGES, counts
    assert max(counts) >= 25


def test_the_sample_prints_on_30_pages_and_each_card_on_2(visit: Any, sample: Path) -> None:
    assert pages(visit(sample).page, "Letter") <= SAMPLE_PAGES
    cards = sorted((sample.parent / "providers").iterdir(), key=lambda card: card.stat().st_size)
    assert len(cards) > 10
    for card in cards[-LONGEST:]:
        watch = visit(card)
        assert max(pages(watch.page, paper) for paper in ("Letter", "A4")) <= CARD_PAGES, card.name
        watch.context.close()


def test_paper_names_what_it_leaves_to_the_screen(visit: Any, sample: Path) -> None:
    page = visit(sample).page
    page.emulate_media(media="print")
    for table, note in (
        ("heat", "Findings by provider and rule: report.html on the screen."),
        ("settings", "The thresholds in force: report.html on the screen."),
        ("gaps", "which it leaves blank or lacks: report.html on the screen."),
        ("table-procedure-code", "The first 25 on paper; the others in report.html on the screen."),
    ):
        assert page.get_by_text(note).first.is_visible()
        rows = page.locator(f"#{table} tbody tr")
        assert rows.filter(visible=True).count() in (0, 25) != rows.count()
