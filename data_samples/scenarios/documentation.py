"""DOC001: a hands-on line whose record lacks one of its five parts."""

from practice.desk import Desk, Line, svc


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    cases: list[tuple[str, str, list[Line], tuple[str, ...]]] = [
        ("MCR", "PT", [svc("97140", 2)], ("response",)),
        ("UHC", "MT", [svc("97124", 3)], ("justification",)),
        ("AET", "MT", [svc("97124", 2)], ("area_minutes",)),
        ("BCBS", "PT", [svc("97110", 1), svc("97140", 1)], ("techniques",)),
        ("MCD", "PT", [svc("97140", 1)], ("body_region", "area_minutes")),
        ("WC", "DC", [svc("98940"), svc("97140", 1, mods="59")], ("justification", "response")),
        ("SELF", "MT", [svc("97124", 4)], ("body_region", "area_minutes", "techniques", "justification", "response")),
        ("MA", "OT", [svc("97530", 1), svc("97140", 1)], ("response",)),
        ("MCR", "PTA", [svc("97140", 1), svc("97112", 2)], ("techniques", "justification")),
    ]
    for payer, role, lines, blank in cases:
        claim = desk.visit(payer, lines, role)
        line = next(one for one in claim.lines if one.code in {"97124", "97140"})
        for element in blank:
            setattr(line, element, None)
        desk.no_dollars("DOC001", line, f"{line.code}: blank in the record: {', '.join(blank).replace('_', ' ')}", "none")
    _near_misses(desk)


def _near_misses(desk: Desk) -> None:
    for payer, role, code in (("MCR", "PT", "97110"), ("UHC", "OT", "97530"), ("BCBS", "DC", "98941"), ("AET", "PT", "97035")):
        line = desk.visit(payer, [svc(code, 1)], role).lines[0]
        desk.decoy("DOC001", line, f"{code} is neither massage nor manual therapy")
    for payer, role, code in (("UHC", "MT", "97124"), ("MCR", "PT", "97140"), ("WC", "PT", "97140")):
        line = desk.visit(payer, [svc(code, 1)], role).lines[0]
        area = (line.body_region or "").split("; ")[0]
        line.body_region, line.area_minutes = area, f"{area}:{line.duration}"
        line.techniques, line.justification, line.response = line.techniques, "pain", "better"
        desk.decoy("DOC001", line, "terse, but all five parts are there")
    line = desk.visit("BCBS", [svc("97140", 2)]).lines[0]
    line.body_region = None
    desk.decoy("DOC001", line, "the minutes by area name the areas")
