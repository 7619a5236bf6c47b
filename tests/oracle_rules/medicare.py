"""What Medicare and other payers cover, from whom, and with which modifiers: MED001 to MED008, MED012 to MED018, MED020."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tests.oracle_rules import codes
from tests.oracle_rules.explained import GX_AS_GY, NOT_ASKED_TO_PAY
from tests.oracle_rules.lines import Export, Line, cents
from tests.oracle_rules.results import Results
from tests.oracle_rules.visits import grouped

MASSAGE_THERAPIST = "225700000X"
NOT_PERSONNEL = (MASSAGE_THERAPIST, "2255A", "226300000X", "224Y", "225800000X")
PTA, OTA = "225200000X", "224Z"
PLANS = ("GP", "GO", "GN")
REVENUE_PLANS = {"042": "GP", "043": "GO", "044": "GN"}
HANDS_ON = frozenset(f"97{n:03}" for n in range(10, 38)) | {"97113", "97124", "97140", "G0281", "G0283", "G0329"}
# Needles, hands on joints, the head that is turned, a wound.
HANDS_ON |= {"20560", "20561", "95992", "97597", "97598"} | {f"989{n}" for n in (25, 26, 27, 28, 29, 40, 41, 42, 43)}
MBI = re.compile(
    "[1-9]{C}{AN}[0-9]{C}{AN}[0-9]{C}{C}[0-9]{2}".replace("{C}", "[AC-HJKMNP-RT-Y]").replace("{AN}", "[0-9AC-HJKMNP-RT-Y]")
)
NO_MBI = date(2020, 1, 1)


def judge(export: Export, results: Results) -> None:
    """All rules of this module."""
    rules: list[Callable[[Export, Line, Results], None]] = [
        med002, med003, med004, med005, med006, med007, med012, med013, med014, med015, med016, med017, med018, med020,
    ]  # fmt: skip
    for line in export.lines:
        for rule in rules:
            rule(export, line, results)
    for day in grouped(export.lines, lambda line: (line.patient, line.day, line.practice)):
        med001(export, day, results)
        med008(day, results)


def physical_therapist(line: Line) -> bool:
    """Rendered by a physical therapist."""
    return line.taxonomy.startswith("2251")


def occupational_therapist(line: Line) -> bool:
    """Rendered by an occupational therapist."""
    return line.taxonomy.startswith("225X")


def assistant(line: Line) -> bool:
    """Rendered by a physical or occupational therapy assistant."""
    return line.taxonomy == PTA or line.taxonomy.startswith(OTA)


def _is_therapy(line: Line) -> bool:
    return codes.always_therapy(line.code) or line.code == "97010"


def med001(export: Export, day: list[Line], results: Results) -> None:
    """97124 to fee-for-service Medicare, neither billed to be denied nor with a notice on file."""
    for line in day:
        if line.code != "97124" or not line.payer.ffs or line.has("GY", "GX", "GZ", "GA"):
            continue
        other_therapy = any(
            other.code != "97124" and (codes.always_therapy(other.code) or other.code == "97010") for other in day
        )
        skilled = physical_therapist(line) or occupational_therapist(line) or assistant(line)
        shows_skill = line.taxonomy != MASSAGE_THERAPIST and (skilled or line.has("GP", "GO") or other_therapy)
        coding = (line.payer.massage != "not_covered" and shows_skill) or not export.knows_modifiers
        results.flag_line("MED001", line, "coding" if coding else "over")


def med002(export: Export, line: Line, results: Results) -> None:
    """GY, GX or GZ to fee-for-service Medicare, and paid."""
    if line.payer.ffs and line.has("GY", "GX", "GZ"):
        if line.paid is None:
            results.skip("MED002", [line])
        elif line.paid > 0:
            results.flag_line("MED002", line, "over", line.paid)


def med003(export: Export, line: Line, results: Results) -> None:
    """Always therapy without GP, GO or GN."""
    held = (line.payer.ffs and line.day >= date(2018, 1, 1)) or line.payer.plan_modifiers
    if held and codes.always_therapy(line.code):
        if not export.knows_modifiers:
            results.skip("MED003", [line])
        elif not line.has(*PLANS):
            results.flag_line("MED003", line, "coding")


def med004(export: Export, line: Line, results: Results) -> None:
    """Medicare therapy rendered by somebody who cannot furnish it."""
    if not line.payer.ffs or not (_is_therapy(line) or line.has(*PLANS)):
        return
    if not line.taxonomy:
        results.skip("MED004", [line])
    elif line.taxonomy.startswith(NOT_PERSONNEL) and not (line.to_be_denied and not (line.paid or 0) > 0):
        results.flag_line("MED004", line)


def med005(export: Export, line: Line, results: Results) -> None:
    """A chiropractor's line to Medicare that is no spinal adjustment."""
    if not line.payer.ffs or line.code in codes.ADJUSTMENTS:
        return
    if not line.taxonomy or not export.knows_modifiers:
        results.skip("MED005", [line])
    elif line.taxonomy.startswith("111N"):
        if not line.has("GY", "GX"):
            results.flag_line("MED005", line)
        elif (line.has("GY") or export.reads(GX_AS_GY)) and codes.always_therapy(line.code) and not line.has(*PLANS):
            results.flag_line("MED005", line, "coding")


def med006(export: Export, line: Line, results: Results) -> None:
    """Liability modifiers that contradict each other."""
    if line.payer.payer_class not in ("medicare_ffs", "medicare_advantage"):
        return
    two = sum(line.has(m) for m in ("GA", "GY", "GZ")) >= 2
    with_gx = line.has("GX") and line.has("EY", "GA", "GL", "GZ", "KB", "QL", "TQ")
    with_at = line.has("GA") and line.has("AT") and line.code in codes.ADJUSTMENTS
    if two or with_gx or with_at or (line.has("KX") and line.has("GA")):
        results.flag_line("MED006", line, "coding")


def med007(export: Export, line: Line, results: Results) -> None:
    """A Medicare number under another payer, or Medicare without one."""
    member = line.cell("member_id")
    if not member:
        results.skip("MED007", [line])
        return
    shaped = bool(MBI.fullmatch(member.replace("-", "").upper()))
    may_have_it = line.payer.payer_class in ("medicare_ffs", "medicare_advantage", "self_pay", "unknown")
    stranger = shaped and not may_have_it and line.order == "P"
    if stranger or (line.payer.ffs and line.day >= NO_MBI and not shaped):
        results.flag_line("MED007", line, "none")


def med008(day: list[Line], results: Results) -> None:
    """A code that the payer's policy does not cover, or never beside another of that day."""
    paid_codes = {line.code for line in day if line.live}
    for line in day:
        beside = paid_codes & set(line.payer.never_beside.get(line.code, ()))
        massage = line.code == "97124" and line.payer.massage == "not_covered"
        listed = line.code in line.payer.not_covered
        if beside or ((massage or listed) and not (line.payer.ffs and massage)):
            results.flag_line("MED008", line)


def med012(export: Export, line: Line, results: Results) -> None:
    """A code of status I or B to Medicare."""
    unpaid_to_be_denied = export.reads(NOT_ASKED_TO_PAY) and line.to_be_denied and not (line.paid or 0) > 0
    if line.payer.ffs and codes.medicare_status(line.code) in ("I", "B") and not unpaid_to_be_denied:
        paid = line.paid or Decimal(0)
        results.flag_line("MED012", line, "over" if export.holds("paid_amount") else "coding", max(paid, Decimal(0)))


def med013(export: Export, line: Line, results: Results) -> None:
    """An assistant's line without CQ or CO."""
    if not (line.payer.ffs or line.payer.assistant_modifiers) or line.day < date(2020, 1, 1):
        return
    if (line.cell("bill_type") or "").lstrip("0").startswith("85"):
        return
    if not line.taxonomy or not export.knows_modifiers:
        results.skip("MED013", [line])
    elif assistant(line) and not line.has("CQ", "CO"):
        paid = line.paid if line.day >= date(2022, 1, 1) else None
        results.flag_line("MED013", line, "over" if paid is not None else "coding", cents((paid or Decimal(0)) * Decimal("0.15")))


def med014(export: Export, line: Line, results: Results) -> None:
    """Assistant's and plan of care's modifiers that contradict each other."""
    two_plans = sum(line.has(m) for m in PLANS) >= 2
    cq = line.by_assistant and line.has("CQ") and (not line.has("GP") or line.has("GO"))
    co = line.by_assistant and line.has("CO") and (not line.has("GO") or line.has("GP"))
    if two_plans or cq or co:
        results.flag_line("MED014", line, "coding")


def med015(export: Export, line: Line, results: Results) -> None:
    """A spinal adjustment to Medicare without AT."""
    if line.payer.ffs and line.code in codes.ADJUSTMENTS:
        if not export.knows_modifiers:
            results.skip("MED015", [line])
        elif not line.has("AT", "GA", "GX", "GY", "GZ"):
            results.flag_line("MED015", line)


def med016(export: Export, line: Line, results: Results) -> None:
    """Hands-on service by telehealth."""
    if line.code in HANDS_ON and (line.cell("place_of_service") in ("02", "10") or line.has("93", "95", "GT")):
        results.flag_line("MED016", line)


def med017(export: Export, line: Line, results: Results) -> None:
    """An evaluation by an assistant; a therapist's office visit to Medicare."""
    evaluation = line.code in codes.EVALUATIONS and (line.by_assistant or assistant(line))
    therapist = physical_therapist(line) or occupational_therapist(line) or assistant(line)
    if evaluation or (line.payer.ffs and line.code in codes.OFFICE_VISITS and therapist):
        results.flag_line("MED017", line)


def med018(export: Export, line: Line, results: Results) -> None:
    """An evaluation, or a revenue code, under another discipline's modifier."""
    physical = line.code in codes.PT_EVALUATIONS | {"97164"} and line.has("GO", "GN") and not line.has("GP")
    occupational = line.code in codes.OT_EVALUATIONS | {"97168"} and line.has("GP", "GN") and not line.has("GO")
    plan = REVENUE_PLANS.get((line.cell("revenue_code") or "").rjust(4, "0")[:3])
    other_revenue = plan is not None and line.has(*PLANS) and not line.has(plan)
    if physical or occupational or other_revenue:
        results.flag_line("MED018", line, "coding")


def med020(export: Export, line: Line, results: Results) -> None:
    """A therapist in private practice where the facility bills therapy."""
    if line.payer.ffs and not line.institutional and line.cell("place_of_service") in ("21", "31"):
        if not line.taxonomy:
            results.skip("MED020", [line])
        elif physical_therapist(line) or occupational_therapist(line):
            results.flag_line("MED020", line, "none")
