"""Parts of the report that a page of a run does not reach: charts without their library, evidence of every shape, bounds."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from audit.errors import AuditError
from audit.report import evidence
from audit.report.charts import trend_charts, vega
from audit.report.charts.trend_charts import RunPoint
from audit.report.outputs import cards, decisions
from audit.report.stored.tally import Provider
from audit.report.view import Fact, Figure
from audit.runs.format.review_records import DecidedFinding, Review


def test_why_no_chart_can_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(vega.capacity, "addresses", lambda: None)
    monkeypatch.setattr(vega, "find_spec", lambda name: asked.append(name) or object())
    assert (vega.why_not(), vega.available(), asked) == ("", True, ["vl_convert"] * 2)
    monkeypatch.setattr(vega, "find_spec", lambda _: None)
    assert vega.why_not() == "The report has no charts: the library that draws them is not installed."
    assert not vega.available()


@pytest.mark.parametrize(("limit", "enough"), [(vega._ADDRESSES - 1, False), (vega._ADDRESSES, True)])
def test_the_addresses_that_charts_need(monkeypatch: pytest.MonkeyPatch, limit: int, enough: bool) -> None:
    monkeypatch.setattr(vega, "find_spec", lambda _: object())
    monkeypatch.setattr(vega.capacity, "addresses", lambda: limit)
    said = (
        "The report has no charts: the library that draws them reserves more addresses than this job may have (ulimit -v). "
        "Limit its memory by memory_limit, or by its control group (MemoryMax of systemd), instead."
    )
    assert vega.why_not() == ("" if enough else said)


def test_a_chart_s_parts_have_names_of_their_own_and_no_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = (
        '<svg width="1"><g id="clip7" role="graphics" aria-label="x"/><g id="gradient3"/>'
        '<use href="#clip7" class="pattern12x"/></svg>'
    )
    asked: list[str] = []
    library = SimpleNamespace(vegalite_to_svg=lambda _: drawn)
    monkeypatch.setattr(vega, "import_module", lambda name: asked.append(name) or library)
    assert vega.draw("chart-a", "Title", "Text", {}).svg == (
        '<svg role="img" aria-hidden="true" focusable="false" width="1"><g id="chart-a-part-1"/><g id="chart-a-part-2"/>'
        '<use href="#chart-a-part-1" class="pattern12x"/></svg>'
    )
    assert asked == ["vl_convert"]


def test_what_is_said_of_a_library_that_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(_: object) -> str:
        raise ValueError

    monkeypatch.setattr(vega, "import_module", lambda _: SimpleNamespace(vegalite_to_svg=give_up))
    with pytest.raises(AuditError) as told:
        vega.draw("chart", "Title", "Text", {})
    assert told.value.message == "The charts of the report could not be drawn."
    assert told.value.hint == "The library that draws them may lack threads or open files (ulimit -u, ulimit -n)."


def _specification(monkeypatch: pytest.MonkeyPatch, module: Any) -> list[Mapping[str, Any]]:
    seen: list[Mapping[str, Any]] = []

    def draw(name: str, title: str, text: str, spec: Mapping[str, Any], height: int = 240) -> Figure:
        seen.append({**spec, "height": height})
        return Figure(name, title, "", text)

    monkeypatch.setattr(module, "draw", draw)
    return seen


def test_a_share_on_the_limit_is_not_beyond_it() -> None:
    assert not vega.beyond_chance(10, 0, 0.0)
    assert vega.beyond_chance(10, 1, 0.0)


def test_a_name_stands_where_the_chart_has_room_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = _specification(monkeypatch, vega)
    vega.funnel("f", "F", [("A", 70, 35), ("B", 71, 40), ("C", 100, 0), ("D", 100, 0)], "")
    names = {layer["mark"]["align"]: [one["npi"] for one in layer["data"]["values"]] for layer in seen[0]["layer"][3:]}
    assert names == {"left": ["A"], "right": ["B"]}


_SAID: tuple[tuple[Any, str], ...] = (
    ({"units_billed": 3, "excess": 1.25, "allowed": 38}, "units billed: 3; excess: 1.25; minutes allowed: 38"),
    ({"paid_amount": 12.5, "year_to_date": "2505.380"}, "paid: $12.50; allowed amounts of the year so far: $2,505.38"),
    (
        {"unit_rule": "cms", "shows": "distinct_other"},
        "units counted by: total time (CMS); the record shows: another separate service",
    ),
    ({"shows": "something_else"}, "the record shows: something else"),
    ({"follows_ncci": True, "column_1_denied": False}, "payer follows NCCI: yes; column 1 line was denied: no"),
    ({"invalid": ["a", "b"], "confidence": 0.9, "note": None, "areas": [], "terms": ""}, "numbers that fail: a, b"),
    ({"p": 1}, "by chance alone: always"),
    ({"p": 0.00004}, "by chance alone: once in 25,000"),
    ({"p": 0.000001}, "by chance alone: once in 1,000,000"),
    ({"p": 0.0000009}, "by chance alone: less than once in a million"),
    (
        {"other": [{"claim_id": "C1", "claim_line_number": 2, "units": 1, "with_kx": True, "denied": False}, {"claim_id": "C2"}]},
        "other: claim C1 line 2, units 1, of them with KX; claim C2",
    ),
    ({"codes": {"code": "97140", "claim_line_number": 3, "minutes": None}}, "codes: code 97140, claim line number 3"),
    ([1, 2], "[1, 2]"),
)


@pytest.mark.parametrize(("held", "said"), _SAID)
def test_evidence_in_words(held: Any, said: str) -> None:
    assert evidence.sentence(json.dumps(held)) == said


@pytest.mark.parametrize(("stored", "found"), [("", ()), ("{", (Fact("", "{"),)), ("null", (Fact("", "null"),))])
def test_evidence_that_is_no_object(stored: str, found: tuple[Fact, ...]) -> None:
    assert evidence.facts(stored) == found


def test_evidence_that_stands_elsewhere_is_left_out() -> None:
    assert evidence.facts('{"units": 2, "minutes": 30}', {"units"}) == (Fact("minutes", "30"),)


def test_six_runs_have_their_dollars_on_the_bars_and_seven_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = _specification(monkeypatch, trend_charts)
    for many in (6, 7):
        trend_charts.dollars_by_run([RunPoint(f"2025-{at:02}", 1.0, 2.0, None, True) for at in range(many)], "")
    assert [json.dumps(spec).count('"text"') > 0 for spec in seen] == [True, False]


def provider(**figures: Any) -> Provider:
    """A provider without visits or findings, so that no figure can stand for another."""
    zero = Decimal("0.00")
    some = Provider("1003000126", "", "", 30, 0, zero, 0, 3, Decimal("12.00"), Decimal("10.00"), Decimal("5.00"))
    return dataclasses.replace(some, **figures)


@pytest.mark.parametrize(
    ("lines", "peers", "share", "beside"),
    [(30, 100, "3 (10.0 %)", "all others together 7.0 %"), (29, 100, "3 (too few lines)", "all others together 7.0 %"),
     (30, 0, "3 (10.0 %)", ""), (0, 100, "3 (too few lines)", "all others together 10.0 %")],
)  # fmt: skip
def test_the_figures_of_a_card(lines: int, peers: int, share: str, beside: str) -> None:
    reviewed, wrong, over, under = cards._facts(provider(lines=lines), peers, 10)
    assert (reviewed.value, wrong.value, wrong.note) == (str(lines), share, beside)
    assert (over.value, under.value) == ("$10.00", "$5.00")


@pytest.mark.parametrize(
    ("findings", "lines", "said"),
    [(1, 29, "too few lines"), (1, 30, "33.3"), (0, 30, "0.0"), (1, 20_000, "0.1"), (1, 20_001, "< 0.1")],
)
def test_findings_per_thousand_lines(findings: int, lines: int, said: str) -> None:
    assert cards._per_thousand(findings, lines) == said


@pytest.mark.parametrize(("providers", "peers"), [(3, 0), (4, 970)])
def test_others_too_few_to_stay_unnamed_are_left_out(monkeypatch: pytest.MonkeyPatch, providers: int, peers: int) -> None:
    told: list[tuple[Any, ...]] = []
    monkeypatch.setattr(cards, "_rules", lambda *given: told.append(given))
    monkeypatch.setattr(cards, "_findings", lambda mine, _: mine.to_pylist())
    facts = SimpleNamespace(entity="", first_service_date=date(2025, 11, 1), last_service_date=date(2025, 11, 30), id="R")
    run: Any = SimpleNamespace(findings=pa.table({"row": [1, 2]}), manifest=SimpleNamespace(run=facts))
    rows = {"1003000126": pa.array([1])}
    everyone = cards._Everyone((), {}, {}, rows, providers=providers, lines=1000, lines_with_error=10)
    card = cards._card(run, provider(), "1003000126", everyone, str)
    assert told[0][3] == peers
    note = "Fewer than 3 other providers: their figures are left out, for they would show one person's."
    assert card.peers_note == ("" if peers else note)
    assert (card.entity, card.findings) == ("Entity not stated", [{"row": 2}])


def test_a_provider_without_lines_is_nobody_s_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(cards.tally, "providers", lambda _: [provider(), provider(npi="1", lines=0, visits=4)])
    monkeypatch.setattr(cards.tally, "with_card", lambda those: those[:1])
    monkeypatch.setattr(cards, "_card", lambda *given: told.append(given[3]))
    empty = pa.table({"rendering_npi": pa.array([], pa.string()), "rule_id": pa.array([], pa.string())})
    run: Any = SimpleNamespace(rules=(), findings=empty)
    assert len(list(cards.cards(run, str))) == 1
    assert (told[0].providers, told[0].lines, told[0].lines_with_error) == (1, 30, 3)


def test_what_people_wrote_is_found_wherever_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    rows: dict[str, list[list[Any]]] = {
        "Findings": [
            ["amount", "finding id", "note", " reviewed on ", "reviewer", "disposition"],
            [12.5, "f1", "7", date(2026, 1, 9), 4, "confirm"],
            [12, " f2 "],
            ["half", "f3"],
            [None, "f4"],
            [3, None],
        ],
        "Worklist": [["note", "what"], ["lost", "f1"]],
        "Other": [["finding id", "note"], ["f9", "not of ours"]],
    }
    with xlsxwriter.Workbook(tmp_path / "book.xlsx", {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, lines in rows.items():
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line)
    first = {"amount": Decimal("12.50"), "note": "7", "reviewed_on": date(2026, 1, 9), "reviewer": "4", "disposition": "confirm"}
    assert decisions.written_into(tmp_path / "book.xlsx") == {
        ("Findings", "f1"): first,
        ("Findings", "f2"): {"amount": Decimal("12.00")},
        ("Findings", "f3"): {"amount": "half"},
    }
    (tmp_path / "none.xlsx").write_text("no workbook", encoding="utf-8")
    assert decisions.written_into(tmp_path / "none.xlsx") == {}
    monkeypatch.setattr(decisions, "find_spec", lambda name: None if name == "python_calamine" else object())
    assert decisions.written_into(tmp_path / "book.xlsx") == {}


def test_what_stands_on_record_is_what_still_rests() -> None:
    made = date(2026, 1, 8)
    one = DecidedFinding("f1", "refunded", Decimal("9.00"), made, "AB", date(2026, 1, 9), rests=True)
    review = Review((), (), (one, msgspec.structs.replace(one, finding_id="f2", rests=False)), 0)
    held = {"disposition": "refunded", "amount": Decimal("9.00"), "refunded_on": made, "reviewer": "AB"}
    assert decisions.on_record(review) == {"f1": {**held, "reviewed_on": date(2026, 1, 9)}}
    assert decisions.on_record(None) == {}
