"""MED001 to MED003: massage to Medicare, excluded massage paid, therapy without GP or GO."""

from practice.desk import Desk, Line, svc


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _massage_to_medicare(desk)
    _excluded_but_paid(desk)
    _no_plan_modifier(desk)
    _near_misses(desk)


def _massage_to_medicare(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line], int, str]] = [
        ("PT", "PT2", [svc("97124", 2)], 0, "the only code of the day"),
        ("PT", "PT4", [svc("97110", 2), svc("97124", 1)], 1, "beside exercise, within a therapy plan"),
        ("OT", "OT1", [svc("97124", 1), svc("97530", 2)], 0, "within an occupational therapy plan"),
        ("OT", "OT2", [svc("97124", 3)], 0, "the only code of the day"),
        ("PTA", "PTA1", [svc("97112", 1), svc("97124", 2)], 1, "by an assistant, within a therapy plan"),
        ("PT", "PT5", [svc("97116", 1), svc("97124", 1), svc("97530", 1)], 1, "within a therapy plan"),
        ("PT", "PT1", [svc("97124", 4)], 0, "a full hour, the only code of the day"),
    ]
    for role, provider, lines, place, how in cases:
        line = desk.visit("MCR", lines, role, provider).lines[place]
        desk.no_dollars("MED001", line, f"97124 sent to Medicare: {how}")
    line = desk.visit("MCR", [svc("97124", 2)], "PT", "PT3").lines[0]
    line.modifiers.remove("GP")
    desk.no_dollars("MED001", line, "97124 sent to Medicare: alone and without GP, by a physical therapist")
    desk.no_dollars("MED003", line, "an always-therapy code without GP, GO or GN")
    line = desk.denied(desk.visit("MCR", [svc("97124", 1), svc("97110", 1)])).lines[0]
    desk.no_dollars("MED001", line, "97124 sent to Medicare and denied: found, but no dollars at risk")
    for units in (1, 2):
        bare = svc("97124", units)
        bare.plan = False
        line = desk.visit("MCR", [bare], "DC").lines[0]
        desk.finding("MED001", line, "97124 sent to Medicare: nothing shows skilled therapy")
        desk.finding("MED005", line, "97124 by a chiropractor to Medicare without GY")
        desk.no_dollars("MED003", line, "an always-therapy code without GP, GO or GN")


def _excluded_but_paid(desk: Desk) -> None:
    cases: list[tuple[str, list[Line], int]] = [
        ("PT", [svc("97124", 2, mods="GY")], 0),
        ("PT", [svc("97110", 2), svc("97124", 1, mods="GY")], 1),
        ("OT", [svc("97124", 1, mods="GZ")], 0),
        ("PT", [svc("97124", 3, mods="GX GY")], 0),
        ("PTA", [svc("97112", 2), svc("97124", 1, mods="GZ")], 1),
        ("OT", [svc("97124", 2, mods="GY"), svc("97535", 1)], 0),
    ]
    for role, lines, place in cases:
        line = desk.visit("MCR", lines, role).lines[place]
        desk.finding("MED002", line, f"97124 billed with {line.modifiers[0]}, no payment expected, and paid")


def _no_plan_modifier(desk: Desk) -> None:
    cases: list[tuple[str, list[Line], tuple[int, ...]]] = [
        ("PT", [svc("97110", 2), svc("97112", 1)], (1,)),
        ("PT", [svc("97140", 1), svc("97110", 1)], (0, 1)),
        ("PT", [svc("97110", 1), svc("G0283")], (1,)),
        ("OT", [svc("97535", 2)], (0,)),
        ("PTA", [svc("97530", 2), svc("97116", 1)], (0,)),
        ("PT", [svc("97162")], (0,)),
        ("OT", [svc("97530", 1), svc("97110", 1), svc("97016")], (2,)),
    ]
    for role, lines, bare in cases:
        claim = desk.visit("MCR", lines, role)
        for place in bare:
            line = claim.lines[place]
            line.modifiers = [modifier for modifier in line.modifiers if modifier not in {"GP", "GO"}]
            if "CQ" in line.modifiers:
                desk.no_dollars("MED014", line, "CQ without GP")
            desk.no_dollars("MED003", line, f"{line.code} is always therapy for Medicare and carries no GP, GO or GN")


def _near_misses(desk: Desk) -> None:
    for role, modifiers in (("PT", "GY"), ("OT", "GZ"), ("PT", "GX GY")):
        line = desk.visit("MCR", [svc("97124", 2, mods=modifiers)], role).lines[0]
        line.allowed = line.paid = 0
        desk.decoy("MED001", line, "billed to be denied")
        desk.decoy("MED002", line, "billed to be denied, and nothing was paid")
    line = desk.visit("MCR", [svc("97124", 2, mods="GA"), svc("97110", 1)]).lines[0]
    desk.decoy("MED001", line, "GA: the patient signed a notice")
    desk.decoy("MED002", line, "GA does not say that no payment is expected")
    for lines, role in (([svc("97124", 2)], "PT"), ([svc("97124", 1), svc("97530", 1)], "OT")):
        desk.decoy("MED001", desk.visit("MA", lines, role).lines[0], "an Advantage plan, not Part A or B")
    for lines, role in (([svc("97112", 1), svc("97124", 1, mods="GY")], "PTA"), ([svc("97124", 1, mods="GZ")], "PT")):
        line = desk.visit("MCR", lines, role).lines[-1]
        line.allowed = line.paid = 0
        desk.decoy("MED002", line, "billed to be denied, and nothing was paid")
    bare = desk.visit("MA", [svc("97110", 2)])
    bare.lines[0].modifiers.clear()
    desk.decoy("MED003", bare.lines[0], "an Advantage plan: the rule is Medicare's own")
    cases: list[tuple[str, str, list[Line], str]] = [
        ("MCR", "DC", [svc("98941", mods="AT")], "a spinal adjustment is not therapy"),
        ("MCR", "OT", [svc("97129", 1), svc("97535", 1)], "97129 is not an always-therapy code"),
        ("WC", "PT", [svc("97110", 2)], "workers' compensation does not ask for GP"),
        ("SELF", "PT", [svc("97140", 2)], "self-pay"),
    ]
    for payer, role, lines, why in cases:
        desk.decoy("MED003", desk.visit(payer, lines, role).lines[0], why)
