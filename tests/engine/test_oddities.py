"""Doubts that an export leaves are said in a sentence with their count, and never with what may be a patient's."""

from datetime import date
from pathlib import Path

import pytest

from audit import assets
from audit.pipeline.oddities import SUMMARIES, unmatched_providers, with_oddities
from audit.reference.loaded import Edition, outdated
from audit.settings.config import Config, PayerSetting, ProviderSetting
from tests.claim_rows import OTHER_FILE, completed, staged, staged_in_turn
from tests.intake.test_load import read, write

LIVE = {"paid_amount": "10.00", "allowed_amount": "10.00"}
UNPRICED = {"paid_amount": "", "allowed_amount": ""}


def sentences(*rows: dict[str, str]) -> list[str]:
    query = (assets.queries() / "summary" / "oddities.sql").read_text(encoding="utf-8")
    with staged(completed([{"claim_id": f"C{n}", "patient_id": f"P{n}"} | row for n, row in enumerate(rows)])) as session:
        return [row["sentence"] for row in session.rows(query)]


def test_an_export_without_doubts_has_none() -> None:
    assert sentences(LIVE | {"claim_status": "Paid"}, LIVE | {"claim_status": "pending"}, LIVE) == []


def test_a_status_that_no_list_knows_is_named_with_its_count() -> None:
    (said,) = sentences(*[LIVE | {"claim_status": status} for status in ("ZQ7", "ZQ7", "zorp", "paid")])
    assert said.startswith('The claim status of 3 lines is not known: "ZQ7" 2, "zorp" 1. Judged as live;')


def test_a_word_that_no_list_knows_is_named_beside_one_that_is_known_unless_the_line_is_denied() -> None:
    known = LIVE | {"claim_status": "Paid"}
    beside = [known | {"line_status": "zorp"}, *[LIVE | {"claim_status": "ZQ7", "line_status": "Paid"}] * 2]
    denied = UNPRICED | {"claim_status": "Denied", "line_status": "ZQ7"}
    (said,) = sentences(*beside, denied)
    assert said.startswith('3 lines have a status that is not known beside one that is: "ZQ7" 2, "zorp" 1. Judged by the other;')
    (said,) = sentences(known | {"line_status": "ZQ7 123456"})
    assert said.startswith("1 line has a status that is not known beside one that is. Judged")


@pytest.mark.parametrize(
    "statuses",
    [["ZQ7 123456"], ["Z" * 41, "ZQ7"], [f"unread {n:c}" for n in range(65, 86)]],
    ids=["six digits", "a long text", "21 words"],
)
def test_what_may_be_a_patients_is_counted_and_not_shown(statuses: list[str]) -> None:
    (said,) = sentences(*[LIVE | {"claim_status": status} for status in statuses])
    assert f"of {len(statuses)} line" in said
    assert not any(status in said for status in statuses)


def test_twenty_words_of_forty_letters_are_shown() -> None:
    statuses = [chr(65 + n) + "Z" * 39 for n in range(20)]
    (said,) = sentences(*[LIVE | {"claim_status": status} for status in statuses])
    assert all(status in said for status in statuses)


def test_a_status_that_contradicts_itself_is_named_where_no_amount_decides() -> None:
    doubt = {"claim_status": "denied paid"}
    assert sentences(LIVE, LIVE | doubt) == []
    (said,) = sentences(LIVE, UNPRICED | doubt)
    assert said.startswith('The claim status of 1 line says both paid and denied, and no amount tells which: "denied paid" 1.')


def test_lines_denied_by_their_noughts_are_counted() -> None:
    nought = {"paid_amount": "0.00", "allowed_amount": "0.00"}
    (said,) = sentences(LIVE, nought, nought | {"claim_status": "denied"})
    assert said.startswith("1 line shows nothing allowed and nothing paid and no word of denial: judged as denied.")
    (said,) = sentences(LIVE, nought, nought)
    assert said.startswith("2 lines show nothing allowed")


def test_where_no_amount_is_allowed_anywhere_none_is_said_to_be_nought() -> None:
    paid, nought = ({"claim_status": "Paid", "paid_amount": amount, "allowed_amount": ""} for amount in ("10.00", "0.00"))
    (said,) = sentences(paid, nought)
    assert said.startswith("1 line shows nothing paid, in an export without allowed amounts, and no word of denial: judged as")
    ours = {"claim_status": "Paid", "paid_amount": "0.00", "allowed_amount": "0.00"}
    own, theirs = sorted(sentences(paid | {"allowed_amount": "20.00"}, ours, nought | {OTHER_FILE: "yes"}))
    assert own.startswith("1 line shows nothing allowed and nothing paid and"), "each file by what it states"
    assert theirs.startswith("1 line shows nothing paid, in an export without allowed amounts, and")


def test_a_file_without_the_amounts_that_dollars_are_counted_in_is_said() -> None:
    theirs = UNPRICED | {"claim_status": "Paid", OTHER_FILE: "yes"}
    (said,) = sentences(LIVE, LIVE, theirs)
    assert said.startswith(
        "other.csv has no column that is read as paid_amount, in which potential dollars are counted: 1 line bears none."
    )
    (said,) = sentences(UNPRICED | {"charge_amount": ""}, UNPRICED | {"charge_amount": ""})
    assert said.startswith("test.csv has no column that is read as charge_amount, in which")
    assert "2 lines bear none." in said
    assert sentences(LIVE, LIVE | {"paid_amount": ""}, UNPRICED | {OTHER_FILE: "yes", "paid_amount": "5.00"}) == []


def test_a_reversal_without_its_payment_is_said() -> None:
    taken_back = {
        "claim_id": "C0",
        "patient_id": "P0",
        "claim_line_number": "2",
        "paid_amount": "-10.00",
        "allowed_amount": "-10.00",
    }
    alone = taken_back | {"claim_id": "C9"}
    opposite = {name: f"-{value}" for name, value in completed([{}])[0].items() if name == "charge_amount" and value}
    assert sentences(LIVE, taken_back | opposite) == []
    (said,) = sentences(LIVE, alone)
    assert said.startswith("1 reversal finds no line")
    (said,) = sentences(LIVE, alone, alone | {"claim_id": "C8"}, LIVE | {"claim_status": "reversal"})
    assert said.startswith("3 reversals find no line")


def test_an_insurer_under_medicares_filing_indicator_is_named() -> None:
    insurer = LIVE | {"payer_name": "Aetna", "claim_filing_indicator": "MB"}
    (said,) = sentences(insurer, insurer, LIVE | {"payer_name": "Medicare", "claim_filing_indicator": "MB"})
    assert said.startswith("Aetna is judged as commercial on 2 lines whose filing indicator MB says Medicare Part A or B:")


def edition(table: str, text: str) -> Edition:
    return Edition(table, text, "CMS", "therapy", 1, "0" * 64)


@pytest.mark.parametrize(
    ("table", "text", "last", "said"),
    [
        ("ptp_edit", "2024-07-01", date(2024, 9, 30), False),
        ("ptp_edit", "2024-07-01", date(2024, 10, 1), True),
        ("mue", "2025-10-01", date(2026, 1, 1), True),
        ("mue", "practitioner 2025-07-01, hospital 2025-10-01", date(2025, 12, 31), False),
        ("procedure", "2020-01-01", date(2026, 1, 1), False),
        ("mue", "not dated", date(2026, 1, 1), False),
    ],
)
def test_an_edition_of_an_earlier_quarter_is_old(table: str, text: str, last: date, said: bool) -> None:
    assert bool(outdated([edition(table, text)], last)) is said


HEAD = "Claim ID,Patient ID,DOS,CPT,Units,Payer"


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("Net Receipts", True), ("Adjusted Charges", True), ("Expected Payment", True), ("Payment Date", False),
        ("Visit Type", False), ("Testov Paid", False),
    ],
)  # fmt: skip
def test_a_file_without_dollars_is_said_to_have_none_with_headers_that_may_hold_them(
    tmp_path: Path, header: str, named: bool
) -> None:
    _, intake = read(write(tmp_path, f"{HEAD},{header}\nC1,P1,11/13/2025,97124,1,Aetna,12.34\n"))
    (said,) = with_oddities(intake, dict.fromkeys(SUMMARIES, ()), (), None).warnings[len(intake.warnings) :]
    assert said.startswith("No column of dollars was read")
    assert (repr(header) in said) is named
    assert "12.34" not in said


@pytest.mark.parametrize(
    ("headers", "basis", "named"),
    [
        ("Charge,Paid 1,Paid 2", "charged", "'Paid 1', 'Paid 2'"), ("Charge,Allowed,Payment 2", "allowed", "'Payment 2'"),
        ("Charge,Paid,Payment 2", "", ""), ("Charge,Payment Date", "", ""), ("Charge,Patient Payment 2", "", ""),
        ("Charge,Testov Payments", "", ""), ("Charge,Balance", "", ""),
    ],
)  # fmt: skip
def test_payments_that_are_not_read_are_named_where_no_others_are(tmp_path: Path, headers: str, basis: str, named: str) -> None:
    cells = ",".join(["12.34"] * len(headers.split(",")))
    _, intake = read(write(tmp_path, f"{HEAD},{headers}\nC1,P1,11/13/2025,97124,1,Aetna,{cells}\n"))
    said = with_oddities(intake, dict.fromkeys(SUMMARIES, ()), (), None).warnings[len(intake.warnings) :]
    told = f"counted on what was {basis}. These headers may hold payments: {named}. Name"
    assert [told in one for one in said] == [True] * bool(named)


def test_a_file_with_one_column_of_dollars_has_them(tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, f"{HEAD},Charge,Adjusted Charges\nC1,P1,11/13/2025,97124,1,Aetna,30.00,12.34\n"))
    assert with_oddities(intake, dict.fromkeys(SUMMARIES, ()), (), None) == intake


@pytest.mark.parametrize(("payer_class", "warned"), [("unknown", True), ("medicare_ffs", False)])
def test_record_numbers_that_audit_toml_names_are_warned_of_unless_it_says_what_they_are(
    tmp_path: Path, payer_class: str, warned: bool
) -> None:
    text = f"{HEAD.replace('Payer', 'Payer ID')},Charge\nC1,P1,11/13/2025,97124,1,3,30.00\n"
    _, intake = read(write(tmp_path, text), column_overrides={"payer_id": "Payer ID"})
    payers = [{"payer_name": None, "payer_id": "3", "payer_class": payer_class}]
    found = with_oddities(intake, {**dict.fromkeys(SUMMARIES, ()), "payers": payers}, (), None)
    assert any("export's own records" in said for said in found.warnings) is warned


def _unknown(*payers: tuple[str, str]) -> list[str]:
    rows = [LIVE | {"payer_name": name, "patient_id": patient} for name, patient in payers]
    return [said for said in sentences(*rows) if "of no known kind" in said]


def test_a_payer_of_no_known_kind_is_named_with_its_lines_and_dollars() -> None:
    assert _unknown(("Medicare Part B", "P1"), ("Aetna", "P2")) == []
    (said,) = _unknown(("Moonlight", "P1"), ("Moonlight", "P2"), ("Aetna", "P2"))
    assert said.startswith("1 payer is of no known kind: Moonlight (2 lines, $20.00). Applied to them: ")


def test_a_name_on_one_patients_lines_alone_is_counted_and_not_shown() -> None:
    (said,) = _unknown(("Moonlight", "P1"), ("Moonlight", "P2"), ("Zorp", "P1"), ("Zorp", "P1"))
    assert said.startswith(
        "2 payers are of no known kind: Moonlight (2 lines, $20.00); 1 more, 4 lines and $40.00 in all. Applied"
    )
    (said,) = _unknown(("Zorp", "P1"))
    assert said.startswith("1 payer is of no known kind, 1 line and $10.00 in all. Applied")
    assert "Zorp" not in said


def test_five_payers_are_named_those_of_most_dollars_first() -> None:
    payers = [(f"Zorp {letter}", patient) for letter in "ABCDEF" for patient in ("P1", "P2")]
    (said,) = _unknown(*payers, ("Zorp F", "P1"))
    named = said.partition(": ")[2].partition(". Applied")[0]
    assert named.startswith("Zorp F (3 lines, $30.00); Zorp A (2 lines, $20.00); ")
    assert named.endswith("Zorp D (2 lines, $20.00); 1 more, 13 lines and $130.00 in all")


def test_a_provider_on_no_line_is_told() -> None:
    named = [ProviderSetting("1234567893", "Desk 4"), ProviderSetting("1003000126", "Desk 5")]
    assert unmatched_providers(named, {"1234567893", "1003000126", None}) == []
    (said,) = unmatched_providers(named, {"1234567893", None})
    assert said == "audit.toml: no line of the export has the NPI 1003000126, in [[provider]] table 2."


def two_names(*unit_rules: tuple[str, str | None], second: str = "60054") -> tuple[list[str], set[str]]:
    """The sentences of one visit billed under two names of a payer id, and the unit rules of its visits."""
    query = (assets.queries() / "summary" / "oddities.sql").read_text(encoding="utf-8")
    rows = [{"payer_name": name, "payer_id": "60054"} for name in ("Acme Health", "Acme Health Plan")]
    rows[1]["payer_id"] = second
    tables = [PayerSetting(match=[name], payer_class="commercial", unit_rule=unit_rule) for name, unit_rule in unit_rules]  # type: ignore[arg-type]
    with staged_in_turn(completed(rows), Config(sources=(), payers=tuple(tables))) as session:
        said = [row["sentence"] for row in session.rows(query)]
        return said, {row["unit_rule"] for row in session.rows("SELECT unit_rule FROM visit")}


def test_two_tables_of_one_payer_are_named_and_the_first_decides() -> None:
    end = " decides for the whole visit, not table 2. State one unit_rule for all of the payer's names, or other payer ids."
    for first, second in (("cms", "ama"), ("ama", "cms")):
        said, rules = two_names(("acme health", first), ("acme health plan", second))
        start = "audit.toml: 1 visit has lines of one payer under several names, with the unit rules ama and cms: "
        assert (said, rules) == ([f"{start}[[payer]] table 1{end}"], {first})
    # A table that states a rule goes before one that leaves it to the class, and before none.
    start = "audit.toml: 1 visit has lines of one payer under several names, with the unit rules cms and either: [[payer]] table "
    for tables, deciding, others in (
        ((("acme health plan", "cms"), ("acme health", None)), "1", ", not table 2"),
        ((("acme health", None), ("acme health plan", "cms")), "2", ", not table 1"),
        ((("acme health plan", "cms"),), "1", ""),
    ):
        said, rules = two_names(*tables)
        assert (said[-1], rules) == (start + deciding + end.replace(", not table 2", others), {"cms"})


def test_two_tables_that_agree_or_are_of_two_payers_are_not_named() -> None:
    assert two_names(("acme health", "cms"), ("acme health plan", "cms")) == ([], {"cms"})
    assert two_names(("acme health", "cms"), ("acme health plan", "ama"), second="60055") == ([], {"cms", "ama"})
