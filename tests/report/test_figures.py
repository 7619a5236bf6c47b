"""The figures of the page, each worked out here from the findings and facts of the run, by other means than the report's."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from audit.report import ReportOptions, build_view, render_html
from tests.report import golden_data
from tests.report.fixture import DAYS, PAYERS, PROVIDERS, with_shares
from tests.report.fixture_rules import RULES
from tests.report.golden_data import Kept
from tests.report.read_page import Page, Shown

LINES, CLAIMS, DASH = 8722, 1370, "\u2013"
SKIPPED = {rule.id: sum(count for _, count in rule.not_evaluated) for rule in RULES} | {"TIM005": 1}
POPULATION = {rule.id: rule.population for rule in RULES}
NOUN = {"line": "claim lines", "visit": "visits", "provider": "providers"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return golden_data.everything(tmp_path_factory.mktemp("out") / "run")


@pytest.fixture(scope="module")
def page(kept: Kept) -> Page:
    return Page(render_html(build_view(kept.folder, ReportOptions(patients="full", charts=False))))


def dollars(amount: Decimal | int) -> str:
    return f"${amount:,.2f}"


def percent(part: int, whole: int) -> str:
    """A share as the page shows it, by other arithmetic than the report's."""
    if not whole:
        return DASH
    if part in (0, whole):
        return "100 %" if part else "0 %"
    tenths = (2000 * part + whole) // (2 * whole)
    if tenths == 0:
        return "< 0.1 %"
    return "> 99.9 %" if tenths > 999 else f"{tenths // 10}.{tenths % 10} %"


def total(rows: Iterable[dict[str, Any]], *directions: str) -> Decimal:
    return sum((row["amount_at_risk"] for row in rows if row["direction"] in directions), Decimal("0.00"))


def once(rows: Iterable[dict[str, Any]]) -> Decimal:
    """Potential overpayment with each line's largest amount alone."""
    largest: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["direction"] == "over":
            line = (row["claim_id"], row["claim_line_number"])
            largest[line] = max(largest[line], row["amount_at_risk"])
    return sum(largest.values(), Decimal("0.00"))


def wrong_lines(rows: Iterable[dict[str, Any]]) -> set[tuple[str, int]]:
    return {
        (row["claim_id"], row["claim_line_number"])
        for row in rows
        if row["direction"] != "none" and row["confidence"] != "pattern"
    }


def of(rows: list[dict[str, Any]], **wanted: object) -> list[dict[str, Any]]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def told(cells: Iterable[Shown]) -> list[str]:
    return [cell.text for cell in cells]


def test_the_summary_s_figures(page: Page, kept: Kept) -> None:
    def fact(label: str) -> Shown:
        return page.facts[("summary", label)]

    def on(side: str) -> str:
        return (
            f"{len({row['claim_id'] for row in kept.live if row['direction'] == side and row['confidence'] != 'pattern'})} claims"
        )

    count = Counter(row["direction"] for row in kept.live)
    over, gross = once(kept.live), total(kept.live, "over")
    weighed = f"each line counted once; {dollars(gross)} gross"
    assert fact("Potential overpayment").text == dollars(over)
    assert fact("Potential overpayment").note == f"{weighed}, {count['over']} findings on {on('over')}"
    assert fact("Potential underbilling").text == dollars(total(kept.live, "under"))
    assert fact("Potential underbilling").note.startswith(f"{count['under']} findings on {on('under')};")
    assert fact("Coding findings").text == str(count["coding"])
    assert fact("Coding findings").note == f"on {on('coding')}; no dollars counted"
    assert fact("For review").text == str(count["none"])
    lines = wrong_lines(kept.live)
    claims = {claim for claim, _ in lines}
    for label, wrong, whole in (("Claims", len(claims), CLAIMS), ("Lines", len(lines), LINES)):
        shown = fact(f"{label} without a potential error")
        assert shown.text == percent(whole - wrong, whole)
        assert shown.note == f"{whole - wrong:,} of {whole:,}"
    assert [fact(name).text for name in ("Claims", "Claim lines", "Visits", "Patients", "Providers")] == [
        "1,370", "8,722", "4,361", "600", "7",
    ]  # fmt: skip
    assert (fact("Dollars reviewed").text, fact("Dollars reviewed").note) == (dollars(31 * LINES), "paid")
    said = page.texts["summary"]
    assert f"{len(claims)} of 1,370 claims ({percent(len(claims), CLAIMS)}) show at least one potential billing error" in said
    assert f"with {dollars(over)} potentially overpaid when each line is counted once" in said
    assert "The amount of 12 of 8,722 claim lines is not known" in said


def test_new_and_repeated_findings(page: Page, kept: Kept) -> None:
    status = Counter(row["status"] for row in kept.rows)
    labels = {
        "New findings": "new",
        "Seen before": "repeat",
        "Back again": "again",
        "Set aside": "suppressed",
        "Dismissed": "dismissed",
    }
    assert {label: page.facts[("summary", label)].text for label in labels} == {
        label: str(status[name]) for label, name in labels.items()
    }
    assert page.facts[("summary", "Settled")].text == "3"


def test_every_rule_s_row(page: Page, kept: Kept) -> None:
    table = page.tables["rules-table"]
    assert len(table.rows) == len(RULES)
    for rule in RULES:
        row = table.by_note()[rule.id]
        flagged, skipped, population = len(of(kept.rows, rule_id=rule.id)), SKIPPED[rule.id], POPULATION[rule.id]
        judged = population - skipped
        if rule.error:
            assert told(row[2:7]) == ["Failed to run", "unknown", "all", "unknown", DASH]
            continue
        expected = [f"{population:,}", f"{skipped:,}", f"{flagged:,}", percent(flagged, judged)]
        assert (rule.id, told(row[3:7])) == (rule.id, expected)
        noun = {"TIM009": "provider days"}.get(rule.id, NOUN[rule.subject])
        assert (row[1].text, row[3].note) == (rule.severity, noun)
        result = (
            "Flagged" if flagged
            else "Not evaluated" if skipped and not judged
            else "Nothing to examine" if not population
            else "None found"
        )  # fmt: skip
        assert (rule.id, row[2].text) == (rule.id, result)
        assert (row[2].note == "judged in part") == bool(judged and skipped), rule.id
    assert told(table.foot)[-1] == dollars(once(kept.live))
    assert f"flagged nothing: {', '.join(r.id for r in RULES if r.id == 'CLM001')}." in "".join(page.texts.values())


def test_every_rule_s_dollars(page: Page, kept: Kept) -> None:
    rows = page.tables["rules-table"].by_note()
    for rule in RULES:
        live = of(kept.live, rule_id=rule.id)
        sums = {side: total(live, side) for side in ("over", "under", "coding")}
        shown = rows[rule.id][7]
        if sums["over"] or sums["under"]:
            side = "over" if sums["over"] else "under"
            borne = sum((row["counted_once"] for row in with_shares(kept.rows) if row["rule_id"] == rule.id), Decimal("0.00"))
            part = f"; {dollars(borne)} counted once" if borne else "; counted under other rules"
            note = side + ((", all counted once" if borne == sums["over"] else part) if side == "over" else "")
            note += f"; coding {dollars(sums['coding'])}, not counted" if sums["coding"] else ""
            assert (rule.id, shown.text, shown.note) == (rule.id, dollars(sums[side]), note)
        elif sums["coding"]:
            assert (rule.id, shown.text, shown.note) == (rule.id, dollars(sums["coding"]), "coding, not counted")
        else:
            assert (rule.id, shown.text) == (rule.id, "")
        if not live:
            continue
        effect = page.facts[(f"rule-{rule.id}", "Potential effect")].text
        assert effect.startswith(f"{len(live)} claim line")
        for side, phrase in (
            ("over", "potentially overpaid, gross"),
            ("under", "of billable service potentially not billed"),
            ("coding", "would change hands"),
        ):
            assert (f"{dollars(sums[side])} {phrase}" in effect) is bool(sums[side]), (rule.id, effect)
        assert ("No dollars are counted for this rule." in effect) is (not any(sums.values()))


def test_the_condition_of_every_rule(page: Page, kept: Kept) -> None:
    for rule in RULES:
        flagged, judged = len(of(kept.rows, rule_id=rule.id)), POPULATION[rule.id] - SKIPPED[rule.id]
        if not flagged:
            assert (f"rule-{rule.id}", "Condition") not in page.facts
            continue
        said = page.facts[(f"rule-{rule.id}", "Condition")].text
        assert said.startswith(f"{flagged} of {judged:,} {NOUN[rule.subject]} judged ({percent(flagged, judged)})"), said
        if SKIPPED[rule.id]:
            assert f"{SKIPPED[rule.id]:,} of {POPULATION[rule.id]:,} {NOUN[rule.subject]} could not be judged" in said
        live = len(of(kept.live, rule_id=rule.id))
        assert (f"{live} findings stand;" in said) is (live != flagged)


def test_the_examples_are_the_findings(page: Page, kept: Kept) -> None:
    for rule in RULES:
        live = of(kept.live, rule_id=rule.id)
        if not live:
            continue
        live.sort(key=lambda r: (-r["amount_at_risk"], r["service_date"], r["claim_id"], r["claim_line_number"], r["finding_id"]))
        shown = page.tables[f"examples-{rule.id}"].rows
        assert [list(map(_pair, row)) for row in shown] == [_as_shown(row) for row in live]


def _pair(cell: Shown) -> tuple[str, str]:
    return cell.text, cell.note


def _as_shown(row: dict[str, Any]) -> list[tuple[str, str]]:
    code = f"{row['procedure_code']} {row['modifiers']}".strip()
    amount = row["amount_at_risk"]
    return [
        (row["claim_id"], f"line {row['claim_line_number']}{row['finding_id']}"),
        (f"{row['service_date']:%Y-%m-%d}", row["patient_id"]),
        (row["message"], ""),
        (code, f"{int(row['units_billed'])} units"),
        (row["payer_name"], row["rendering_npi"]),
        (row["source_file"], f"row {row['source_row']:,}"),
        (dollars(amount), row["how_made"]) if amount else ("", ""),
    ]


def group(rows: list[dict[str, Any]], lines: int, small: int = 0) -> list[str]:
    """The nine figures of a row of a breakdown."""
    wrong = len(wrong_lines(rows))
    share = percent(wrong, lines) if lines >= small else "too few"
    money = [dollars(total(rows, "over")), dollars(once(rows)), dollars(total(rows, "under"))]
    return [f"{lines:,}", f"{lines // 2:,}", dollars(31 * lines), str(len(rows)), str(wrong), share, *money]


@pytest.mark.parametrize(
    ("table", "column", "names"),
    [
        ("table-payer-name", "payer_name", [(payer[0], payer[6]) for payer in PAYERS]),
        ("table-procedure-code", "procedure_code", [("97124", 1210), ("97140", 2300), ("97110", 5212)]),
        ("table-location", "source_file", [("clinic_east_2025-11.csv", 4361), ("clinic_west_2025-11.csv", 4361)]),
    ],
)
def test_a_breakdown_s_rows(page: Page, kept: Kept, table: str, column: str, names: list[tuple[str, int]]) -> None:
    rows = page.tables[table].by_first()
    places = {"clinic_east_2025-11.csv": "East", "clinic_west_2025-11.csv": "West"}
    for name, lines in names:
        assert told(rows[places.get(name, name)][1:]) == group(of(kept.live, **{column: name}), lines)
    order = [Decimal(cell.text[1:].replace(",", "")) for cell in page.tables[table].column("Over, counted once")]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("table", ["providers", "table-payer-name", "table-procedure-code", "table-location", "table-month"])
def test_beneath_a_breakdown_stands_the_whole_run(page: Page, kept: Kept, table: str) -> None:
    head, lines, visits, reviewed, *found = told(page.tables[table].foot)
    wrong = len(wrong_lines(kept.live))
    money = [dollars(total(kept.live, "over")), dollars(once(kept.live)), dollars(total(kept.live, "under"))]
    assert (head, lines, visits) == ("The whole run", f"{LINES:,}", page.facts[("summary", "Visits")].text)
    assert page.facts[("summary", "Dollars reviewed")].text.startswith(reviewed)
    assert found == [str(len(kept.live)), str(wrong), percent(wrong, LINES), *money]


def test_the_months(page: Page, kept: Kept) -> None:
    assert [told(row) for row in page.tables["table-month"].rows] == [
        ["2025-10", *group([], 1200)],
        ["2025-11", *group(kept.live, 7522)],
    ]


def test_the_providers(page: Page, kept: Kept) -> None:
    rows, more = page.tables["providers"].by_first(), {PROVIDERS[0][0]: 60}
    for npi, _, lines in PROVIDERS:
        assert told(rows[npi][1:]) == group(of(kept.live, rendering_npi=npi), lines + more.get(npi, 0), small=30)
    assert rows[PROVIDERS[0][0]][0].note == "physical therapist and massage therapist"
    assert told(rows["no NPI"][1:]) == group([], 31)


def test_the_providers_by_rule(page: Page, kept: Kept) -> None:
    table, found = page.tables["heat"], Counter((row["rendering_npi"], row["rule_id"]) for row in kept.live)
    assert set(table.headings[1:]) == {row["rule_id"] for row in kept.live}
    for npi, cells in table.by_first().items():
        for rule, cell in zip(table.headings[1:], cells[1:], strict=True):
            assert cell.text == str(found[(npi, rule)] or "·")


def test_rows_and_dollars_read(page: Page) -> None:
    assert [told(row) for row in page.tables["control"].rows] == [
        ["Rows", "8,808", "8,722", "76", "10", DASH, "0"],
        ["Charged amount", "$280,741.00", "$270,382.00", "$10,000.00", "$319.00", "$40.00", "$0.00"],
        ["Allowed amount", "not in the export", "", "", "", "", ""],
        ["Paid amount", "$280,701.00", "$270,382.00", "$10,000.00", "$319.00", "$0.00", "$0.00"],
    ]
    assert [told(row) for row in page.tables["files"].rows] == [
        ["clinic_east_2025-11.csv", "4,404", "4,361", "38", "5", "1.8 MB"],
        ["clinic_west_2025-11.csv", "4,404", "4,361", "38", "5", "900 B"],
    ]
    assert [told(row) for row in page.tables["exclusions"].rows] == [
        ["void claim", "30", "$4,000.00", "$4,000.00"],
        ["repeated row", "46", "$6,000.00", "$6,000.00"],
    ]
    assert [told(row) for row in page.tables["rejections"].rows] == [
        ["units", "not a number", "6"], ["service_date", "not a date", "4"],
    ]  # fmt: skip
    assert [told(row) for row in page.tables["gaps"].rows] == [["note_text", "8,082", "640", "7.3 %"]]
    assert all(f"{day:%Y-%m-%d}" in page.texts["quality"] for day in golden_data.SILENT)


def test_payers_and_what_was_not_tested(page: Page) -> None:
    shown = page.tables["payers"].by_first()
    assert {name: told(row[-2:]) for name, row in shown.items()} == {
        **{payer[0]: [f"{payer[6]:,}", dollars(31 * payer[6])] for payer in PAYERS},
        "Harbor Plan": ["9", "$279.00"],
        "not named": ["8", "$279.00"],
    }
    left = {name: row for name, row in page.tables["not-tested"].by_note().items() if name != "CLM005"}
    assert {name: (row[1].text, row[1].note.split(" ")[1]) for name, row in left.items()} == {
        name: (f"{count:,}", f"{POPULATION[name]:,}") for name, count in SKIPPED.items() if count
    }


def test_the_worklist_asks_for_records_of_what_the_data_cannot_settle(page: Page, kept: Kept) -> None:
    asked = [row for row in kept.live if row["confidence"] == "likely"]
    asked.sort(key=lambda r: (-r["amount_at_risk"], r["service_date"], r["claim_id"], r["claim_line_number"], r["finding_id"]))
    shown = page.tables["worklist"].rows
    assert [(row[0].text, row[1].note, row[3].text) for row in shown] == [
        (row["claim_id"], row["patient_id"], row["rule_id"]) for row in asked
    ]
    assert "largest amount first" not in page.texts["requests"]


def test_the_trend(page: Page, kept: Kept) -> None:
    over, under = dollars(once(kept.live)), dollars(total(kept.live, "under"))
    wrong = len({claim for claim, _ in wrong_lines(kept.live)})
    rows = page.tables["runs"].rows
    assert [row[0].text for row in rows] == ["2025-09", "2025-10", "2025-11"]
    for row, last, errors in zip(rows, ("09-30", "10-31", "11-30"), (540, 470, len(wrong_lines(kept.live))), strict=True):
        assert row[1].note == f"to 2025-{last}"
        assert told(row[2:8]) == ["8,722", "600", over, under, percent(LINES - errors, LINES), percent(9, 59)]
        assert row[6].note == f"claims {percent(CLAIMS - wrong, CLAIMS)}"
    assert [row[8].text for row in rows] == ["no", "yes", "yes"]
    assert rows[0][8].note == "rules MAN004, TIM001; reference tables ptp_edit"


def test_the_cover(page: Page) -> None:
    assert page.facts[("header", "Dates of service")].text == f"{DAYS[0]} to {DAYS[1]}"
    assert page.facts[("header", "Created")].text == "2026-01-05 06:00 UTC"
