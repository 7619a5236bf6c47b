"""TIM008, DOC003 and DOC004: records of time that contradict each other, totals that Medicare wants and nobody wrote down.

Where two totals differ they support the same units, so that no rule of units is disturbed.
"""

from practice.desk import Desk, Line, svc
from practice.records import FILL, Claim


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _totals_disagree(desk)
    _clock_disagrees(desk)
    _totals_agree(desk)
    _totals_missing(desk)
    _areas_disagree(desk)


def _totals_disagree(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line], int]] = [
        ("MCR", "PT", [svc("97110", 2, 30), svc("97140", 1, 15)], 39),
        ("UHC", "PT", [svc("97112", 2, 24)], 36),
        ("BCBS", "OT", [svc("97530", 2, 30)], 24),
        ("MA", "PT", [svc("97110", 1, 14), svc("97530", 1, 15)], 37),
        ("MCD", "PT", [svc("97116", 1, 8), svc("97110", 1, 15)], 35),
    ]
    for payer, role, lines, total in cases:
        recorded = sum(line.minutes or 0 for line in lines)
        claim = desk.visit(payer, lines, role, timed_total=total, visit_total=max(total, recorded) + 8)
        _disagree(desk, claim.lines, f"the lines add up to {recorded} minutes, the visit's timed total says {total}")
    claim = desk.visit("AET", [svc("97110", 3, 45)], visit_total=38)
    _disagree(desk, claim.lines, "45 timed minutes in a treatment of 38")


def _clock_disagrees(desk: Desk) -> None:
    for payer, role, code, minutes, clock in (("UHC", "MT", "97124", 30, 24), ("MCR", "PT", "97110", 38, 24)):
        claim = _on_the_clock(desk, payer, role, code, minutes, clock)
        _disagree(desk, claim.lines, f"{clock} minutes between the clock times, {minutes} on the line")
    claim = _on_the_clock(desk, "UHC", "MT", "97124", 30, 50)
    desk.decoy("TIM008", claim.lines[0], "30 minutes in an appointment of 50")
    claim = _on_the_clock(desk, "BCBS", "PT", "97110", 30, 25)
    desk.decoy("TIM008", claim.lines[0], "30 minutes in 25: within the tolerance")


def _on_the_clock(desk: Desk, payer: str, role: str, code: str, minutes: int, clock: int) -> Claim:
    line = svc(code, units=2 if minutes == 30 else 3, minutes=minutes)
    line.duration = clock
    claim = desk.visit(payer, [line], role, timed_total=minutes, visit_total=max(minutes, clock))
    line.area_minutes = f"{(line.body_region or '').split('; ')[0]}:{minutes}" if code == "97124" else None
    return claim


def _disagree(desk: Desk, lines: list[Line], why: str) -> None:
    desk.finding("TIM008", dict.fromkeys(lines, 0), why, "visit", "none")


def _totals_agree(desk: Desk) -> None:
    claim = desk.visit("MCR", [svc("97110", 2, 30), svc("97140", 1, 15)], timed_total=40)
    desk.decoy("TIM008", claim.lines[0], "45 against 40 minutes: within the tolerance")
    claim = desk.visit("UHC", [svc("97110", 2, 30)], visit_total=75)
    desk.decoy("TIM008", claim.lines[0], "the whole treatment may take much longer than its timed part")
    claim = desk.visit("BCBS", [svc("97110", 2, 30)])
    claim.lines[0].show_clock, claim.timed_total, claim.visit_total = False, None, None
    desk.decoy("TIM008", claim.lines[0], "one record of the time only")


def _totals_missing(desk: Desk) -> None:
    cases: list[tuple[str, list[Line], int | None, int | None, str]] = [
        ("PT", [svc("97110", 2), svc("97140", 1)], None, FILL, "total timed minutes are blank"),
        ("OT", [svc("97530", 2)], FILL, None, "total treatment minutes are blank"),
        ("PT", [svc("97112", 1), svc("97530", 1)], None, None, "both totals are blank"),
        ("PTA", [svc("97116", 2)], FILL, None, "total treatment minutes are blank"),
        ("PT", [svc("97161")], None, None, "an evaluation without total treatment minutes"),
    ]
    for role, lines, timed, total, why in cases:
        claim = desk.visit("MCR", lines, role, timed_total=timed, visit_total=total)
        desk.finding("DOC003", dict.fromkeys(claim.lines, 0), why, "visit", "none")
    for payer, role, lines in (("MA", "PT", [svc("97110", 2)]), ("BCBS", "OT", [svc("97535", 2)])):
        claim = desk.visit(payer, lines, role, timed_total=None, visit_total=None)
        desk.decoy("DOC003", claim.lines[0], "the totals are Medicare's demand")
    adjustment = desk.visit("MCR", [svc("98941", mods="AT")], "DC", timed_total=None, visit_total=None)
    desk.decoy("DOC003", adjustment.lines[0], "a spinal adjustment is not therapy")
    evaluation = desk.visit("MCR", [svc("97161")], timed_total=None)
    desk.decoy("DOC003", evaluation.lines[0], "no timed code: there are no timed minutes to total")


def _areas_disagree(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line], str]] = [
        ("UHC", "MT", [svc("97124", 3)], "upper back:20; neck:20"),
        ("MCR", "PT", [svc("97140", 2)], "shoulder:35"),
        ("BCBS", "MT", [svc("97124", 2)], "low back:15; hips:14"),
        ("WC", "PT", [svc("97140", 1)], "neck:10 min; shoulder:10 min"),
        ("MCD", "PT", [svc("97110", 1), svc("97140", 1)], "knee:5, ankle:5"),
    ]
    for payer, role, lines, areas in cases:
        line = desk.visit(payer, lines, role).lines[-1]
        line.area_minutes = areas
        desk.no_dollars("DOC004", line, f"the areas ({areas}) do not add up to {line.minutes} minutes", "none")
    for payer, code, areas in (("UHC", "97124", "Low back : 20 min; hips: 10 min;"), ("AET", "97124", "neck 15, upper back 15")):
        line = desk.visit(payer, [svc(code, 2)], "MT").lines[0]
        line.area_minutes = areas
        why = "another way to write 30 minutes" if ":" in areas else "not in a form that can be added up"
        desk.decoy("DOC004", line, why)
