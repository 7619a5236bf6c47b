"""Provider report cards: one's own lines, nobody else's name."""

from pathlib import Path
from typing import Any

from audit.report import ReportOptions, write_all
from audit.report.cards import cards
from audit.report.source import read_run
from tests.unit.report_fixture import PROVIDERS, make_run

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
    assert all(len(card.rules.columns) == 4 and not card.peers_note for card in many)
    assert all(len(card.rules.columns) == 3 and card.peers_note for card in few)


def test_a_card_holds_only_rules_with_findings_of_that_provider(tmp_path: Path) -> None:
    run = read_run(make_run(tmp_path / "run"))
    card = next(iter(cards(run, nobody)))
    found = {row["rule_id"] for row in run.findings.to_pylist() if row["rendering_npi"] == card.npi}
    assert {change.id for change in card.changes} == found


def test_an_npi_that_is_no_file_name_gets_no_card(tmp_path: Path) -> None:
    def poison(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for row in rows:
            row["rendering_npi"] = "../../evil"
        for entry in manifest["summary"]["by_provider"]:
            entry["rendering_npi"] = "../../evil"

    folder = make_run(tmp_path / "run", change=poison)
    write_all(folder, PLAIN)
    assert not (folder / "providers").exists()
