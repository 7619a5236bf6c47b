"""CLM003, CLM004, CLM005 and MOD009: numbers, dates and codes that cannot be right, and 59 on an office visit."""

from dataclasses import replace
from datetime import timedelta

from practice.desk import Desk, Line, svc


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _wrong_numbers(desk)
    _impossible_dates(desk)
    _malformed(desk)
    _office_visits(desk)


def _wrong_numbers(desk: Desk) -> None:
    for payer, role, lines in (
        ("UHC", "PT", [svc("97110", 2)]),
        ("MCR", "PT", [svc("97112", 1), svc("97530", 1)]),
        ("BCBS", "DC", [svc("98941")]),
        ("MCD", "OT", [svc("97535", 2)]),
    ):
        claim = desk.visit(payer, lines, role)
        right = claim.provider.npi
        claim.provider = replace(claim.provider, npi=right[:7] + right[8] + right[7] + right[9])  # two digits changed places
        if claim.provider.npi == right:
            claim.provider = replace(claim.provider, npi=right[:9] + str((int(right[9]) + 1) % 10))
        for line in claim.lines:
            desk.no_dollars("CLM003", line, f"rendering NPI {claim.provider.npi} fails its check digit", "none")
    short = desk.visit("WC", [svc("97140", 1)])
    short.provider = replace(short.provider, npi=short.provider.npi[:9])
    desk.no_dollars("CLM003", short.lines[0], "the rendering NPI has nine digits", "none")
    line = desk.visit("AET", [svc("97110", 2)]).lines[0]
    desk.decoy("CLM003", line, "an NPI whose check digit fits")


def _impossible_dates(desk: Desk) -> None:
    for payer, role, lines, days in (
        ("MCR", "PT", [svc("97110", 2)], 1),
        ("UHC", "PT", [svc("97140", 1), svc("97112", 1)], 30),
        ("BCBS", "MT", [svc("97124", 2)], 3),
        ("AET", "OT", [svc("97530", 2)], 10),
    ):
        claim = desk.visit(payer, lines, role)
        claim.submitted = claim.day - timedelta(days=days)
        for line in claim.lines:
            desk.no_dollars("CLM004", line, f"the claim was sent {days} days before the date of service", "none")
    for payer in ("MCD", "MA"):
        claim = desk.visit(payer, [svc("97110", 2)])
        claim.submitted = claim.day
        desk.decoy("CLM004", claim.lines[0], "sent on the day of the service")


def _malformed(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line]]] = [
        ("UHC", "PT", [svc("97110", 1), svc("97112", 1)]),
        ("WC", "PT", [svc("97140", 1), svc("97530", 2)]),
        ("BCBS", "OT", [svc("97535", 1), svc("97110", 1)]),
    ]
    for payer, role, lines in cases:
        line = desk.visit(payer, lines, role).lines[1]
        line.modifiers = [*line.modifiers, "5"]
        desk.no_dollars("CLM005", line, "5 has lost its second digit", "none")
    for payer, role, modifier in (("AET", "MT", "590"), ("BCBS", "PT", "GPK"), ("WC", "DC", "X")):
        lines = [svc("97124", 2)] if role == "MT" else [svc("97110", 2)]
        line = desk.visit(payer, lines, role).lines[0]
        line.modifiers = [modifier]
        desk.no_dollars("CLM005", line, f"{modifier} is no modifier of two characters", "none")
    for payer, role, code in (("MCR", "PT", "G0283"), ("BCBS", "PT", "29530")):
        line = desk.visit(payer, [svc("97110", 2), svc(code)], role).lines[1]
        desk.decoy("CLM005", line, f"{code} has the shape of a code")


def _office_visits(desk: Desk) -> None:
    cases: list[tuple[str, str]] = [("UHC", "59"), ("BCBS", "XU"), ("AET", "59"), ("WC", "XE"), ("UHC", "25 59")]
    for payer, modifiers in cases:
        line = desk.visit(payer, [svc("99213", mods=modifiers), svc("98940")], "DC").lines[0]
        desk.no_dollars("MOD009", line, f"{modifiers} on an office visit: 25 is the modifier for it")
    for payer in ("UHC", "BCBS"):
        line = desk.visit(payer, [svc("99213", mods="25"), svc("98941")], "DC").lines[0]
        desk.decoy("MOD009", line, "25 says that the visit was separate")
    line = desk.visit("BCBS", [svc("98940"), svc("97140", 1, mods="59")], "DC").lines[1]
    desk.decoy("MOD009", line, "59 on a procedure")
