"""The oracle itself, held against the worked examples of the manuals and against slower readings of the same sentences."""

import csv
from decimal import Decimal
from itertools import product
from pathlib import Path
from random import Random

import pytest

from tests.oracle_rules import random_lines
from tests.oracle_rules.chances import fisher_greater, t_quantile
from tests.oracle_rules.claim import npi_is_valid
from tests.oracle_rules.clock import Session, kept, shortage
from tests.oracle_rules.compare import READ, Theirs, differences
from tests.oracle_rules.lines import Line, LineId, line_of, read_rows
from tests.oracle_rules.medicare import MBI
from tests.oracle_rules.once import counted_once
from tests.oracle_rules.payers import Settings
from tests.oracle_rules.reading import judge
from tests.oracle_rules.results import Finding
from tests.oracle_rules.states import load, settled
from tests.oracle_rules.support import VisitTime, cms_bounds, supported

VECTORS = Path(__file__).parents[1] / "unit_rule_vectors.csv"
BASE = {
    "claim_id": "C1",
    "claim_line_number": "1",
    "patient_id": "P1",
    "service_date": "2025-11-03",
    "modifier_1": "GP",
    "units": "1",
    "rendering_npi": "1234567893",
    "billing_npi": "1003000126",
    "payer_name": "Medicare Part B",
    "claim_status": "paid",
}
ACME = {"match": ["acme*"], "class": "commercial", "follows_ncci": True, "x_modifiers": "preferred"}


def found(*rows: dict[str, str], settings: Settings | None = None) -> dict[str, dict[str, str]]:
    """Findings of rows by rule: claim/line of the members and what is told, `{"TIM001": {"C1/1": "over 28.00"}}`."""
    known = settings or Settings([])
    results = judge(settled([line_of({**BASE, **row}, known) for row in rows], known))
    return {
        rule: {" ".join(f"{c}/{n}" for c, n in sorted(f.members)): f"{f.direction} {f.amount:.2f}" for f in findings}
        for rule, findings in results.findings.items()
    }


def with_vectors() -> list[dict[str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_code(text: str) -> dict[str, int]:
    return {code: int(units) for code, units in (part.split("x") for part in text.split())}


@pytest.mark.parametrize("vector", with_vectors(), ids=lambda vector: vector["minutes"])
def test_minutes_to_units_are_those_of_the_worked_examples(vector: dict[str, str]) -> None:
    minutes = {code: int(m) for code, m in (part.split(":") for part in vector["minutes"].split(" + "))}
    bounds = cms_bounds(minutes)
    assert supported(sum(minutes.values())) == int(vector["cms_units"])
    assert {code: least for code, (least, _) in bounds.items()} == by_code(vector["cms_least"])
    assert {code: most for code, (_, most) in bounds.items()} == by_code(vector["cms_most"])
    assert {code: supported(m) for code, m in minutes.items()} == by_code(vector["ama_units"])


def test_smallest_and_largest_units_are_those_of_every_acceptable_allocation() -> None:
    random = Random(7)
    for _ in range(400):
        minutes = {str(n): random.randrange(0, 50) for n in range(random.randrange(1, 5))}
        left = supported(sum(minutes.values())) - sum(m // 15 for m in minutes.values())
        choices = []
        for extra in product([0, 1], repeat=len(minutes)):
            chosen = dict(zip(minutes, extra, strict=True))
            ones = [minutes[c] % 15 for c, e in chosen.items() if e]
            zeros = [minutes[c] % 15 for c, e in chosen.items() if not e]
            if sum(extra) == left and 0 not in ones and min(ones, default=15) >= max(zeros, default=0):
                choices.append({c: minutes[c] // 15 + e for c, e in chosen.items()})
        assert choices
        for code, (least, most) in cms_bounds(minutes).items():
            assert (least, most) == (min(c[code] for c in choices), max(c[code] for c in choices))


def splits(total: int, parts: int) -> list[tuple[int, ...]]:
    if parts == 1:
        return [(total,)]
    return [(first, *rest) for first in range(total + 1) for rest in splits(total - first, parts - 1)]


@pytest.mark.parametrize("parts", [1, 2, 3])
@pytest.mark.parametrize("total", [0, 7, 8, 15, 16, 23, 24, 38, 46, 53, 61])
def test_midpoint_units_of_a_total_are_those_of_its_best_and_worst_split(total: int, parts: int) -> None:
    codes = {str(n): 0 for n in range(parts)}
    time = VisitTime(codes, dict.fromkeys(codes, 0), 0, complete=False, all_minutes=False, totals=[total])
    sums = [sum(map(supported, split)) for split in splits(total, parts)]
    assert (time.most_ama(), time.least_ama()) == (max(sums), min(sums))


def test_minutes_that_only_the_total_has_may_be_any_codes() -> None:
    stated = {"97110": 10, "97140": 36}
    time = VisitTime(stated, dict.fromkeys(stated, 0), 0, complete=True, all_minutes=True, totals=[46])
    assert time.most_ama() == 3
    time.totals = [48]
    assert time.most_ama() == 4


def session(start: int, end: int, minutes: int, number: int) -> Session:
    return Session([_line(number)], start, end, minutes)


def _line(number: int) -> Line:
    return line_of({**BASE, "claim_line_number": str(number), "procedure_code": "97110"}, Settings([]))


def most_by_schedule(sessions: list[Session]) -> int:
    """The most minutes that one person can give minute by minute, earliest end first."""
    left = {id(s): s.minutes for s in sessions}
    given = 0
    for minute in range(max(s.end for s in sessions)):
        open_now = [s for s in sessions if s.start <= minute < s.end and left[id(s)]]
        if open_now:
            left[id(min(open_now, key=lambda s: s.end))] -= 1
            given += 1
    return given


def test_the_demand_test_keeps_as_many_minutes_as_can_be_given() -> None:
    random = Random(11)
    for _ in range(300):
        sessions = []
        for number in range(random.randrange(1, 6)):
            start = random.randrange(0, 30)
            end = start + random.randrange(1, 20)
            sessions.append(session(start, end, random.randrange(0, end - start + 1), number))
        sessions.sort(key=lambda s: s.order)
        assert sum(kept(sessions)) == most_by_schedule(sessions)


def test_missing_minutes_are_charged_to_the_session_that_ends_later() -> None:
    short = shortage([session(540, 570, 30, 1), session(560, 620, 60, 2)])
    assert (short.missing, short.keeps) == (10, [30, 50])


def test_units_above_the_time_go_cheapest_first() -> None:
    flags = found(
        {"procedure_code": "97110", "units": "2", "minutes": "20", "paid_amount": "60.00"},
        {"claim_line_number": "2", "procedure_code": "97140", "units": "2", "minutes": "15", "paid_amount": "50.00"},
    )
    assert flags["TIM001"] == {"C1/1 C1/2": "over 50.00"}


def test_a_code_with_a_unit_too_many_is_at_risk_for_the_difference() -> None:
    first = {"procedure_code": "97112", "units": "1", "minutes": "24", "paid_amount": "20.00"}
    second = {"claim_line_number": "2", "procedure_code": "97110", "units": "2", "minutes": "23", "paid_amount": "60.00"}
    assert found(first, second)["TIM003"] == {"C1/1 C1/2": "over 10.00"}
    assert found({**first, "paid_amount": "30.00"}, second)["TIM003"] == {"C1/1 C1/2": "coding 0.00"}


@pytest.mark.parametrize(
    ("status", "paid", "state"),
    [
        ("DENIED - CO-97", "0.00", "denied"),
        ("Non-covered", "", "denied"),
        ("4", "0.00", "denied"),
        ("Denied", "12.00", "live"),
        ("Denied, void", "", "void"),
        ("Replaced", "12.00", "void"),
        ("22", "12.00", "void"),
        ("replacement", "12.00", "live"),
        ("undeniable", "12.00", "live"),
        ("Pending", "", "live"),
    ],
)
def test_words_of_a_status_settle_its_state(status: str, paid: str, state: str) -> None:
    rows = [
        {"procedure_code": "97110", "claim_status": status, "paid_amount": paid},
        {"claim_id": "C2", "procedure_code": "97110", "patient_id": "P2", "paid_amount": "12.00", "allowed_amount": "15.00"},
    ]
    lines = [line_of({**BASE, **row}, Settings([])) for row in rows]
    settled(lines, Settings([]))
    assert lines[0].state == state


def test_a_line_paid_and_allowed_nothing_is_denied_where_payments_are_stated() -> None:
    unpaid = {"procedure_code": "97110", "units": "3", "minutes": "30", "paid_amount": "0.00", "allowed_amount": "0.00"}
    paid = {"claim_id": "C2", "patient_id": "P2", "procedure_code": "97110", "minutes": "15", "paid_amount": "25.00"}
    assert "TIM001" not in found(unpaid, {**paid, "allowed_amount": "30.00"})
    assert "TIM001" in found({**unpaid, "allowed_amount": "90.00"}, {**paid, "allowed_amount": "30.00"})


def test_a_reversal_takes_its_line_away() -> None:
    line = {"procedure_code": "97110", "units": "3", "minutes": "30", "paid_amount": "60.00"}
    back = {**line, "claim_line_number": "2", "paid_amount": "-60.00"}
    other = {"claim_id": "C2", "patient_id": "P2", "procedure_code": "97110", "minutes": "15", "paid_amount": "20.00"}
    assert "TIM001" in found(line, other)
    assert "TIM001" not in found(line, back, other)


@pytest.mark.parametrize(
    ("modifiers", "rules"),
    [
        ({}, {"MAN003"}),
        ({"modifier_2": "59"}, {"MOD003"}),
        ({"modifier_2": "LT"}, {"MOD003", "MAN003"}),
        ({"modifier_2": "25"}, {"MAN003"}),
    ],
)
def test_massage_beside_manual_therapy_to_medicare(modifiers: dict[str, str], rules: set[str]) -> None:
    flags = found(
        {"procedure_code": "97140", "minutes": "15", "paid_amount": "26.00"},
        {"claim_line_number": "2", "procedure_code": "97124", "minutes": "15", "paid_amount": "29.00"} | modifiers,
    )
    assert {rule for rule in ("MAN003", "MOD003", "MOD008") if rule in flags} == rules
    assert all(flags[rule] == {"C1/2": "over 29.00"} for rule in rules)


@pytest.mark.parametrize(("areas", "flagged"), [("neck", True), ("neck; knee", False), ("low back", False), ("zone 4", False)])
def test_beside_an_adjustment_only_another_region_is_separate(areas: str, flagged: bool) -> None:
    adjusted = {"procedure_code": "98940", "modifier_1": "AT", "body_region": "cervical", "payer_name": "Acme Health"}
    manual = {"claim_line_number": "2", "procedure_code": "97140", "modifier_2": "59", "body_region": areas}
    flags = found(adjusted, {**manual, "payer_name": "Acme Health"}, settings=Settings([ACME]))
    assert ("MOD005" in flags) is flagged


@pytest.mark.parametrize(("modifier", "rule"), [("25", "MOD008"), ("59", None), ("RT", None)])
def test_only_the_59_family_and_sides_separate_therapy_lines(modifier: str, rule: str | None) -> None:
    flags = found(
        {"procedure_code": "97150", "paid_amount": "18.00"},
        {"claim_line_number": "2", "procedure_code": "97110", "minutes": "15", "modifier_2": modifier, "paid_amount": "28.00"},
    )
    assert flags.get("MOD008") == ({"C1/2": "over 28.00"} if rule else None)


@pytest.mark.parametrize(("second", "flagged"), [("2025-12-03", True), ("2025-12-04", False)])
def test_a_second_first_evaluation_within_thirty_days(second: str, flagged: bool) -> None:
    flags = found({"procedure_code": "97161"}, {"claim_id": "C2", "service_date": second, "procedure_code": "97162"})
    assert flags.get("CLM007", {}) == ({"C2/1": "coding 0.00"} if flagged else {})


@pytest.mark.parametrize(("minutes", "flagged"), [("150", True), ("151", False)])
def test_a_further_hour_of_work_hardening_needs_half_of_it(minutes: str, flagged: bool) -> None:
    first = {"procedure_code": "97545", "minutes": "120", "paid_amount": "30.00"}
    further = {"claim_line_number": "2", "procedure_code": "97546", "minutes": str(int(minutes) - 120), "paid_amount": "30.00"}
    assert ("TIM015" in found(first, further)) is flagged


@pytest.mark.parametrize(
    ("day", "sent", "late"),
    [
        ("2024-11-03", "2025-11-03", False),
        ("2024-11-03", "2025-11-04", True),
        ("2024-02-29", "2025-02-28", False),
        ("2024-02-29", "2025-03-01", True),
    ],
)
def test_medicare_is_filed_within_a_year(day: str, sent: str, late: bool) -> None:
    assert ("MED010" in found({"procedure_code": "97110", "service_date": day, "submitted_date": sent})) is late


def test_what_an_edit_takes_away_is_no_surplus_of_time_too() -> None:
    rows = [
        {"procedure_code": "97140", "units": "2", "visit_timed_minutes": "30", "paid_amount": "52.00"},
        {"claim_line_number": "2", "procedure_code": "97124", "visit_timed_minutes": "30", "paid_amount": "29.00"},
    ]
    known = Settings([])
    export = settled([line_of({**BASE, **row}, known) for row in rows], known)
    results = judge(export)
    assert {"TIM001", "MAN003"} <= set(results.findings)
    assert counted_once(export, results, ("TIM001", "MAN003")) == Decimal("29.00")


@pytest.mark.parametrize(("npi", "valid"), [("1234567893", True), ("1234567890", False), ("123456789", False)])
def test_the_check_digit_of_an_npi(npi: str, valid: bool) -> None:
    assert npi_is_valid(npi) is valid


@pytest.mark.parametrize(("number", "valid"), [("1EG4TE5MK73", True), ("0EG4TE5MK73", False), ("1SG4TE5MK73", False)])
def test_the_shape_of_a_medicare_number(number: str, valid: bool) -> None:
    assert bool(MBI.fullmatch(number)) is valid


@pytest.mark.parametrize(("freedom", "quantile"), [(49, 2.4049), (10, 2.7638), (200, 2.3451)])
def test_the_quantile_of_student_s_t(freedom: int, quantile: float) -> None:
    assert t_quantile(0.99, freedom) == pytest.approx(quantile, abs=5e-4)


def test_findings_of_one_subject_are_added_up_before_they_are_compared() -> None:
    lines = [("C1", 1), ("C1", 2), ("C1", 3)]
    ours = [
        Finding("MED009", frozenset(lines[:2]), "over", {lines[0]: Decimal(20)}),
        Finding("MED009", frozenset(lines[1:]), "over", {lines[2]: Decimal(10)}),
    ]
    whole = Theirs("MED009", lines[2], "over", {lines[0]: Decimal(20), lines[2]: Decimal(10)})
    assert list(differences("MED009", ours, [whole])) == []
    less = Theirs("MED009", lines[2], "over", {lines[0]: Decimal(20)})
    assert [(d.ours, d.theirs) for d in differences("MED009", ours, [less])] == [("over 30.00", "over 20.00")]
    assert [(d.ours, d.theirs) for d in differences("MED009", [], [whole])] == [("nothing", "over 30.00")]
    assert [(d.ours, d.theirs) for d in differences("MED009", ours[:1], [])] == [("over 20.00", "nothing")]


@pytest.mark.parametrize("shape", random_lines.SHAPES[:-1])
def test_the_order_of_rows_changes_nothing(shape: str, tmp_path: Path) -> None:
    claims, config = random_lines.write(tmp_path, 3, shape, 800)
    known, rows = Settings.of(config), read_rows(claims)

    def told(ordered: list[dict[str, str]]) -> list[tuple[str, list[LineId], str, list[tuple[LineId, Decimal]]]]:
        results = judge(settled([line_of(row, known) for row in ordered], known))
        flat = [finding for findings in results.findings.values() for finding in findings]
        return sorted((f.rule, sorted(f.members), f.direction, sorted(f.amounts.items())) for f in flat)

    shuffled = Random(1).sample(rows, len(rows))
    assert told(rows) == told(shuffled)


def test_random_exports_hold_what_they_are_for(tmp_path: Path) -> None:
    states, rules = set(), set()
    for seed, shape, count in random_lines.shapes(1, 9 * 1200, 1200):
        claims, config = random_lines.write(tmp_path, seed, shape, count)
        export = load(claims, Settings.of(config))
        states |= {line.state for line in export.lines + export.excluded}
        rules |= set(judge(export).findings)
    assert states == {"live", "denied", "void"}
    assert set(READ) - rules <= {"TIM010", "MOD004", "MED019", "TIM016", "MAN005"}


def test_fisher_s_exact_test_of_one_side() -> None:
    # Fisher's lady tasting tea: 3 of 4 right, then all.
    assert fisher_greater(3, 4, 1, 4) == pytest.approx(17 / 70)
    assert fisher_greater(4, 4, 0, 4) == pytest.approx(1 / 70)
