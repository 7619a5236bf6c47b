"""Provider report cards: one's own lines, nobody else's name."""

from pathlib import Path
from typing import Any

import pytest

from audit.report import ReportOptions, write_all
from audit.report.outputs.cards import cards
from audit.report.stored.source import read_run
from tests.report.fixture import PROVIDERS, make_run
from tests.report.test_page import HOSTILE, parse, poison

PLAIN = ReportOptions(patients="hidden", charts=False)


def nobody(_patient: object) -> str:
    return ""


def test_one_private_card_for_each_provider_with_findings(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    write_all(folder, PLAIN)
    names = sorted(path.stem for path in (folder / "providers").iterdir())
    assert names == sorted(npi for npi, _, lines in PROVIDERS if lines > 30)
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (folder / "providers").iterdir())


def test_a_card_names_no_other_provider(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    write_all(folder, PLAIN)
    for path in (folder / "providers").iterdir():
        page = path.read_text(encoding="utf-8")
        assert path.stem in page
        assert not [npi for npi, _, _ in PROVIDERS if npi != path.stem and npi in page]


def test_peers_are_shown_together_or_not_at_all(tmp_path: Path) -> None:
    def three_only(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["summary"]["by_provider"] = manifest["summary"]["by_provider"][:3]

    many = list(cards(read_run(make_run(tmp_path / "many")), nobody))
    few = list(cards(read_run(make_run(tmp_path / "few", change=three_only)), nobody))
    assert all(len(card.rules.columns) == 6 and not card.peers_note for card in many)
    said = "Fewer than 3 other providers: their figures are left out, for they would show one person's."
    assert all(len(card.rules.columns) == 5 and card.peers_note == said for card in few)


def test_a_card_holds_only_rules_with_findings_of_that_provider(tmp_path: Path) -> None:
    run = read_run(make_run(tmp_path / "run"))
    card = next(iter(cards(run, nobody)))
    found = {row["rule_id"] for row in run.findings.to_pylist() if row["rendering_npi"] == card.npi}
    assert {change.id for change in card.changes} == found


def test_dollars_by_rule_are_those_of_the_provider_s_own_findings(tmp_path: Path) -> None:
    run = read_run(make_run(tmp_path / "run"))
    rows, seen = run.findings.to_pylist(), 0
    for card in cards(run, nobody):
        for row in card.rules.rows:
            own = [one for one in rows if one["rendering_npi"] == card.npi and one["rule_id"] == row[0].note]
            gross = sum(one["amount_at_risk"] or 0 for one in own)
            once = sum(one["counted_once"] for one in own)
            assert (row[-2].text, row[-1].text) == tuple(f"${amount:,.2f}" if amount else "" for amount in (gross, once))
            seen += bool(once)
    assert seen > 3


@pytest.mark.parametrize(
    "npi", ["../../evil", "NUL", "con", "1a", "1003000126.html", "1\u202e2", "", "1" * 21, "=1+1", "1003000127", "100300012"]
)
def test_an_npi_that_is_none_gets_no_card(tmp_path: Path, npi: str) -> None:
    def poison(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for row in rows:
            row["rendering_npi"] = npi
        for entry in manifest["summary"]["by_provider"]:
            entry["rendering_npi"] = npi

    folder = make_run(tmp_path / "run", change=poison)
    write_all(folder, PLAIN)
    assert not (folder / "providers").exists()


def test_hostile_text_in_a_card_is_inert(tmp_path: Path) -> None:
    def hostile(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        own = [row["rendering_npi"] for row in rows]
        poison(rows, manifest)
        for row, npi in zip(rows, own, strict=True):
            row["rendering_npi"] = npi
        for entry, (npi, _, _) in zip(manifest["summary"]["by_provider"], PROVIDERS, strict=True):
            entry["rendering_npi"] = npi
        for rule in manifest["rules"]:
            rule.update(title=HOSTILE[1], why=HOSTILE[0], fix=HOSTILE[2])

    folder = make_run(tmp_path / "run", change=hostile)
    write_all(folder, ReportOptions(patients="full", charts=False))
    pages = sorted((folder / "providers").iterdir())
    assert len(pages) == sum(lines > 30 for _, _, lines in PROVIDERS)
    for path in pages:
        page = path.read_text(encoding="utf-8")
        tags = parse(page)
        assert sum(tag == "script" for tag, _ in tags.seen) == 1
        assert not [tag for tag, _ in tags.seen if tag == "img"]
        assert not [name for _, attributes in tags.seen for name in attributes if name.startswith("on")]
        assert "{{ 7*7 }}" in page
        assert not {"\u202e", "\x00"} & set(page)
        assert len(page) < 300_000


@pytest.mark.parametrize(("findings", "has_card"), [(1, True), (0, False)])
def test_a_card_needs_a_finding_and_the_page_leads_to_it(tmp_path: Path, findings: int, has_card: bool) -> None:
    npi = PROVIDERS[0][0]

    def change(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for entry in manifest["summary"]["by_provider"]:
            entry.update(lines=2, findings=findings if entry["rendering_npi"] == npi else 0)

    folder = make_run(tmp_path / "run", change=change)
    write_all(folder, PLAIN)
    assert (folder / "providers" / f"{npi}.html").exists() is has_card
    assert (f'href="providers/{npi}.html"' in (folder / "report.html").read_text(encoding="utf-8")) is has_card
