"""MOD001, MOD002, MOD003, MOD006 and MOD008: modifier 59 and the NCCI edits."""

from practice.desk import Desk, Line, svc

_UNSTATED = "the payer has not stated that it follows NCCI"
_Case = tuple[str, str, list[Line], int, str]


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _alone(desk)
    _no_edit(desk)
    _no_bypass(desk)
    _both_families(desk)
    _missing(desk)
    _near_misses(desk)
    _near_misses_of_two_claims(desk)
    _of_another_field(desk)


def _of_another_field(desk: Desk) -> None:
    why = "belongs to visits, surgery or the laboratory: it separates no therapy line"
    for payer, role, lines in (
        ("BCBS", "PT", [svc("97110", 2, mods="25"), svc("97112", 1)]),
        ("AET", "PT", [svc("97530", 2, mods="58")]),
        ("WC", "OT", [svc("97535", 2, mods="91")]),
        ("MCD", "PT", [svc("97116", 1, mods="79"), svc("97110", 1)]),
    ):
        line = desk.visit(payer, lines, role).lines[0]
        desk.no_dollars("MOD011", line, f"{line.modifiers[0]} {why}")
    for payer, role, lines in (
        ("MA", "PT", [svc("97012"), svc("97164", mods="25")]),
        ("UHC", "DC", [svc("98941"), svc("97140", 1, mods="25")]),
    ):
        line = desk.visit(payer, lines, role).lines[1]
        desk.no_dollars("MOD011", line, f"25 {why}")
        desk.finding("MOD008", line, f"{lines[0].code}/{line.code} is in force; 25 is no modifier for it")
    line = desk.visit("BCBS", [svc("99213", mods="25"), svc("98941")], "DC").lines[0]
    desk.decoy("MOD011", line, "25 on an office visit, where it belongs")
    line = desk.visit("UHC", [svc("97110", 2, mods="76")]).lines[0]
    desk.decoy("MOD011", line, "76: repeated by the same person")


def _alone(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line]]] = [
        ("MCR", "PT", [svc("97110", 2, mods="59")]),
        ("UHC", "PT", [svc("97140", 1, mods="59")]),
        ("AET", "MT", [svc("97124", 2, mods="XS")]),
        ("BCBS", "DC", [svc("98940", mods="59")]),
        ("WC", "OT", [svc("97530", 2, mods="59")]),
        ("MA", "PTA", [svc("97140", 2, mods="XU")]),
        ("SELF", "MT", [svc("97124", 2, mods="59")]),
        ("MCD", "PT", [svc("G0283", mods="59")]),
    ]
    for payer, role, lines in cases:
        line = desk.visit(payer, lines, role).lines[0]
        desk.no_dollars("MOD001", line, f"{line.code} carries {line.modifiers[0]} and is the provider's only code of the day")
    first = desk.visit("BCBS", [svc("97140", 2, mods="59")], provider="PT3")
    desk.second(first, [svc("98940")], "DC")
    desk.no_dollars("MOD001", first.lines[0], "the other code of the day is another provider's")


def _no_edit(desk: Desk) -> None:
    cases: list[_Case] = [
        ("MCR", "PT", [svc("97110", 1), svc("97140", 2, mods="59")], 1, "no edit pairs 97140 with 97110 any longer"),
        ("UHC", "PT", [svc("97530", 1), svc("97140", 1, mods="59")], 1, "97140/97530 was deleted at the end of 2019"),
        ("UHC", "PT", [svc("97110", 2), svc("97124", 1, mods="59")], 1, "no edit pairs 97124 with 97110"),
        ("MCR", "PT", [svc("97112", 1, mods="59"), svc("97110", 2)], 0, "no edit pairs 97112 with 97110"),
        ("MA", "PT", [svc("97116", 1, mods="XU"), svc("97530", 2)], 0, "97530/97116 was deleted in 2020"),
        ("MCR", "OT", [svc("97535", 1, mods="59"), svc("97530", 1)], 0, "97530/97535 was deleted at the end of 2021"),
        ("MA", "PT", [svc("97012", mods="59"), svc("97110", 2)], 0, "no edit pairs 97012 with 97110"),
        ("UHC", "DC", [svc("98941", mods="59"), svc("97110", 1)], 0, "no edit pairs 98941 with 97110"),
        ("MA", "OT", [svc("97110", 1), svc("97140", 1, mods="XS")], 1, "no edit pairs 97140 with 97110"),
    ]
    for payer, role, lines, place, why in cases:
        desk.no_dollars("MOD002", desk.visit(payer, lines, role).lines[place], why)


def _no_bypass(desk: Desk) -> None:
    """The last number names the column 2 line, whichever line carries the modifier."""
    cases: list[_Case] = [
        ("MA", "PT", [svc("97140", 1), svc("97124", 1, mods="59")], 1, "97140/97124 has indicator 0: no modifier bypasses it"),
        ("UHC", "PT", [svc("97140", 2), svc("97124", 2, mods="XS")], 1, "97140/97124 has indicator 0; XS on 97124"),
        ("UHC", "PT", [svc("97140", 1, mods="59"), svc("97124", 1)], 1, "97140/97124 has indicator 0; the 59 stands on column 1"),
        ("MCR", "DC", [svc("98941", mods="AT"), svc("98940", mods="AT 59")], 1, "98941/98940 has indicator 0"),
        ("MCR", "PT", [svc("97161"), svc("97750", 2, mods="59")], 1, "97161/97750 has indicator 0"),
        ("MA", "OT", [svc("97165"), svc("97750", 1, mods="XU")], 1, "97165/97750 has indicator 0"),
        ("UHC", "PT", [svc("97164"), svc("97750", 2, mods="59")], 1, "97164/97750 has indicator 0"),
        ("MA", "PT", [svc("97161"), svc("97750", 2, mods="LT")], 1, "97161/97750 has indicator 0: LT does not bypass it either"),
    ]
    for payer, role, lines, place, why in cases:
        desk.finding("MOD003", desk.visit(payer, lines, role).lines[place], why)
    claim = desk.visit("MCR", [svc("97140", 1), svc("97124", 1, mods="59")])
    desk.finding("MOD003", claim.lines[1], "97140/97124 has indicator 0: the 59 does not make massage payable")
    desk.no_dollars("MED001", claim.lines[1], "97124 sent to Medicare, beside manual therapy")


def _both_families(desk: Desk) -> None:
    cases: list[_Case] = [
        ("MCR", "PT", [svc("97012"), svc("97140", 1, mods="59 XS")], 1, "XS"),
        ("UHC", "DC", [svc("98940"), svc("97140", 1, mods="59 XU")], 1, "XU"),
        ("AET", "PT", [svc("97113", 1), svc("97110", 2, mods="XE 59")], 1, "XE"),
        ("MA", "PT", [svc("97113", 2), svc("97110", 1, mods="59 XE")], 1, "XE"),
        ("BCBS", "PT", [svc("97530", 1), svc("97750", 2, mods="59 XU")], 1, "XU"),
        ("MCD", "OT", [svc("97530", 2), svc("97542", 1, mods="XS 59")], 1, "XS"),
        ("WC", "DC", [svc("98941"), svc("97124", 2, mods="59 XS")], 1, "XS"),
    ]
    for payer, role, lines, place, other in cases:
        why = f"59 and {other} on one line say the same thing twice"
        desk.no_dollars("MOD006", desk.visit(payer, lines, role).lines[place], why)


def _missing(desk: Desk) -> None:
    cases: list[_Case] = [
        ("MCR", "PT", [svc("97012"), svc("97140", 2)], 1, "97012/97140 is in force, neither line has a modifier for it"),
        ("UHC", "DC", [svc("98941"), svc("97140", 1)], 1, "98941/97140 is in force, no modifier"),
        ("UHC", "PT", [svc("97113", 1), svc("97110", 2)], 1, "97113/97110 is in force, no modifier"),
        ("MA", "PT", [svc("97530", 1), svc("97750", 2)], 1, "97530/97750 is in force, no modifier"),
        ("MCR", "PT", [svc("97113", 2), svc("97110", 1)], 1, "97113/97110 is in force, no modifier"),
        ("UHC", "PT", [svc("97162"), svc("97750", 1)], 1, "97162/97750 is never payable together"),
        ("UHC", "PT", [svc("97012"), svc("97164")], 1, "97012/97164 is in force, no modifier"),
        ("UHC", "DC", [svc("98940"), svc("97124", 2)], 1, "98940/97124 is in force, no modifier"),
        ("MA", "PT", [svc("97161"), svc("97750", 2)], 1, "97161/97750 is never payable together"),
        ("MCR", "OT", [svc("97530", 2), svc("97542", 1)], 1, "97530/97542 is in force, no modifier"),
    ]
    for payer, role, lines, place, why in cases:
        desk.finding("MOD008", desk.visit(payer, lines, role).lines[place], why)


def _near_misses(desk: Desk) -> None:
    cases: list[tuple[str, str, str, list[Line], int, str]] = [
        ("MOD001", "UHC", "DC", [svc("98941"), svc("97140", 1, mods="59")], 1, "98941 stands beside it"),
        ("MOD001", "AET", "PT", [svc("97110", 2, mods="KX")], 0, "KX is not of the 59 family"),
        ("MOD001", "MCR", "PT", [svc("97750", 2, mods="59"), svc("97530", 1)], 0, "97530 stands beside it"),
        ("MOD001", "BCBS", "DC", [svc("98940"), svc("97124", 2, mods="XS")], 1, "98940 stands beside it"),
        ("MOD001", "MA", "PT", [svc("97110", 2, mods="RT")], 0, "RT names a side; it is not of the 59 family"),
        ("MOD002", "AET", "OT", [svc("97530", 1), svc("97542", 1, mods="59")], 1, "97530/97542 is in force"),
        ("MOD002", "UHC", "PT", [svc("97113", 2), svc("97110", 1, mods="XE")], 1, "97113/97110 is in force"),
        ("MOD002", "MA", "PT", [svc("97110", 1), svc("97113", 1, mods="59")], 1, "97113/97110 is in force; the 59 is on column 1"),
        ("MOD002", "BCBS", "PT", [svc("97110", 2), svc("97124", 1, mods="59")], 1, _UNSTATED),
        ("MOD002", "MCD", "PT", [svc("97112", 1, mods="59"), svc("97110", 2)], 0, "Medicaid has edits of its own"),
        ("MOD002", "SELF", "PT", [svc("97110", 1), svc("97140", 1, mods="XS")], 1, "self-pay: no edit applies"),
        ("MOD003", "SELF", "PT", [svc("97140", 1), svc("97124", 1, mods="59")], 1, "self-pay: no edit applies"),
        ("MOD003", "MA", "PT", [svc("97012"), svc("97140", 1, mods="59")], 1, "indicator 1: the modifier bypasses the edit"),
        ("MOD003", "MA", "OT", [svc("97530", 1), svc("97542", 1, mods="XU")], 1, "indicator 1: the modifier bypasses the edit"),
        ("MOD003", "MCD", "OT", [svc("97165"), svc("97750", 1, mods="XU")], 1, "Medicaid has edits of its own"),
        ("MOD006", "BCBS", "DC", [svc("98940"), svc("97140", 1, mods="XS")], 1, "XS alone"),
        ("MOD006", "AET", "PT", [svc("97012"), svc("97140", 1, mods="59 RT")], 1, "RT names a side, not a kind of distinct service"),
        ("MOD006", "MCD", "PT", [svc("97012"), svc("97140", 1, mods="59")], 1, "59 with GP"),
        ("MOD002", "MCR", "PT", [svc("97012"), svc("97140", 2, mods="59")], 1, "97012/97140 is in force"),
        ("MOD002", "MA", "PT", [svc("97530", 1), svc("97750", 2, mods="59")], 1, "97530/97750 is in force"),
        ("MOD002", "BCBS", "PT", [svc("29530"), svc("97140", 1, mods="59")], 1, "strapping is outside the loaded edits"),
        ("MOD002", "WC", "DC", [svc("98940"), svc("97112", 1, mods="XS")], 1, "98940/97112 is in force"),
        ("MOD003", "BCBS", "PT", [svc("97140", 1), svc("97124", 1, mods="59")], 1, _UNSTATED),
        ("MOD003", "AET", "PT", [svc("97140", 1), svc("97124", 2, mods="XS")], 1, _UNSTATED),
        ("MOD003", "UHC", "DC", [svc("98940"), svc("97140", 1, mods="59")], 1, "indicator 1: the modifier bypasses the edit"),
        ("MOD003", "MCR", "PT", [svc("97113", 1), svc("97110", 2, mods="59")], 1, "indicator 1: the modifier bypasses the edit"),
        ("MOD006", "MA", "PT", [svc("97012", mods="XS"), svc("97140", 2, mods="59")], 1, "59 and XS on two lines, not on one"),
        ("MOD006", "MCR", "PT", [svc("97113", 1), svc("97110", 2, mods="59 KX")], 1, "59 with KX and GP is in order"),
        ("MOD006", "UHC", "PT", [svc("97530", 2), svc("97750", 2, mods="XE")], 1, "XE alone"),
        ("MOD008", "BCBS", "PT", [svc("97012"), svc("97140", 1)], 1, _UNSTATED),
        ("MOD008", "SELF", "PT", [svc("97012"), svc("97140", 1)], 1, "self-pay: no edit applies"),
        ("MOD008", "MCR", "PT", [svc("97012", mods="59"), svc("97140", 1)], 1, "the modifier stands on the column 1 line"),
        ("MOD008", "MA", "PT", [svc("97530", 1), svc("97140", 1)], 1, "97140/97530 was deleted at the end of 2019"),
        ("MOD008", "MCD", "PT", [svc("97012"), svc("97164")], 1, "Medicaid has edits of its own"),
        ("MOD008", "MCR", "PT", [svc("97530", 1), svc("97116", 1)], 1, "97530/97116 was deleted in 2020"),
        ("MOD008", "UHC", "DC", [svc("99213", mods="25"), svc("98940")], 0, "25 on the visit bypasses the edit"),
        ("MOD008", "MA", "PT", [svc("97012"), svc("97164", mods="59")], 1, "59 on the re-evaluation bypasses the edit"),
    ]  # fmt: skip
    for rule_id, payer, role, lines, place, why in cases:
        line = desk.visit(payer, lines, role).lines[place]
        desk.decoy(rule_id, line, why)
        if line.code == "97124" and payer in {"AET", "BCBS"} and rule_id == "MOD003":
            desk.no_dollars("MAN003", line, "a 59 says that the two were separate: the record must show separate areas")


def _near_misses_of_two_claims(desk: Desk) -> None:
    first = desk.visit("UHC", [svc("97140", 2, mods="59")], provider="PT4")
    second = desk.second(first, [svc("97012")])
    desk.decoy("MOD001", first.lines[0], "97012 of the same provider stands on another claim of the day")
    desk.decoy("MOD008", second.lines[0], "the pair stands on two claims, and the 59 bypasses it")
    first = desk.visit("UHC", [svc("97140", 2)], provider="PT3")
    desk.second(first, [svc("98941")], "DC")
    desk.decoy("MOD008", first.lines[0], "98941 is another provider's: no edit between them")
