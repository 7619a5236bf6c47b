"""TIM009, TIM010, MOD004, MOD005 and MOD007: what clock times, areas and people say of services billed as separate.

Days of one person stand on Saturdays, when the book is empty, so that no other visit comes between.
"""

from datetime import date

from practice.desk import Desk, cheapest, svc
from practice.people import new_patient
from practice.records import Claim, Line

_FIRST_SERIAL = 60_000  # beyond the patients of the appointment book
_NINE = 9 * 60


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _two_patients_at_once(desk)
    _one_after_the_other(desk)
    _long_days(desk)
    _same_minutes(desk)
    _nothing_separate(desk)
    _something_separate(desk)
    _narrower_modifier(desk)


def _one_visit(desk: Desk, payer: str, provider: str, day: date, lines: list[Line], begins: int | None = None) -> Claim:
    claim = desk.own_visit(new_patient(_FIRST_SERIAL + len(desk.claims), payer, "low back"), provider, day, lines)
    claim.begins = begins
    return claim


def _two_patients_at_once(desk: Desk) -> None:
    cases: list[tuple[str, date, str, list[Line], int, str]] = [
        ("PT1", date(2025, 9, 6), "MCR", [svc("97140", 1)], 20, "10 of 45 minutes are missing: 5 are left of the second's 15"),
        ("PT3", date(2025, 9, 6), "MCR", [svc("97110", 2)], 22, "8 minutes of both, the first that are too many: 22 are left"),
        ("PT1", date(2025, 9, 20), "BCBS", [svc("97140", 1)], 20, "10 minutes of both"),
        ("MT1", date(2025, 9, 13), "AET", [svc("97124", 2)], 0, "both begin at nine; the second stands on the later claim"),
    ]
    for provider, day, payer, lines, after, why in cases:
        other = "MCR" if payer == "MCR" else "UHC"
        _one_visit(desk, other, provider, day, [svc("97124" if provider == "MT1" else "97112", 2)], _NINE)
        later = _one_visit(desk, payer, provider, day, lines, _NINE + after)
        _lacks_time(desk, later.lines, 1 if payer == "MCR" else 0, why)
    # The longest session ends last: the minutes that the others took are missing from it.
    long = _one_visit(desk, "MCR", "OT1", date(2025, 9, 20), [svc("97535", 3)], _NINE)
    _one_visit(desk, "MCR", "OT1", date(2025, 9, 20), [svc("97530", 1), svc("97535", 1)], _NINE + 10)
    _lacks_time(desk, long.lines, 2, "the other patient's 30 minutes lie within these 45: 15 are left, which support 1 unit")
    day = date(2025, 9, 27)
    long = _one_visit(desk, "MCR", "PT5", day, [svc("97110", 3)], _NINE)
    others = [_one_visit(desk, "MCR", "PT5", day, [svc("97112", 1)], _NINE + after) for after in (10, 20)]
    at_risk = {long.lines[0]: 2, others[1].lines[0]: 1}
    why = "three patients at once: of 75 minutes 45 can have been; the second keeps 10 of 15, the third 20 of 45"
    desk.finding("TIM009", at_risk | {others[1].lines[0]: 0, long.lines[0]: 2}, why, "provider")
    desk.decoy("TIM009", others[0].lines[0], "it ended first and keeps its 15 minutes")


def _lacks_time(desk: Desk, lines: list[Line], units: int, why: str) -> None:
    at_risk = dict.fromkeys(lines, 0) | (cheapest(lines, units) if units else {})
    if not units:
        why += "; no dollars: an assistant of the therapist may have given some of it, which this payer's claims do not show"
    desk.finding("TIM009", at_risk, why, "provider")


def _one_after_the_other(desk: Desk) -> None:
    day = date(2025, 10, 4)
    cases: list[tuple[str, list[Line], list[Line], int, str]] = [
        ("PT1", [svc("97110", 2)], [svc("97110", 1)], 23, "7 minutes of both are within what clocks disagree by"),
        ("PT3", [svc("97110", 2)], [svc("97110", 2, mods="CQ")], 10, "the assistant's patient, under the therapist's NPI"),
        ("OT1", [svc("97530", 2)], [svc("97016")], 10, "a modality that runs by itself"),
    ]
    for provider, lines, others, after, why in cases:
        _one_visit(desk, "MA", provider, day, lines, _NINE)
        desk.decoy("TIM009", _one_visit(desk, "MA", provider, day, others, _NINE + after).lines[0], why)
    day = date(2025, 10, 11)
    for after in (0, 30):  # 30 minutes in each of two appointments of an hour
        claim = _one_visit(desk, "MCR", "PT5", day, [svc("97110", 2)], _NINE + after)
        claim.lines[0].duration, claim.timed_total, claim.visit_total = 60, 30, 30
        desk.decoy("TIM009", claim.lines[0], "two appointments of an hour that overlap by half, 30 minutes given in each")


def _long_days(desk: Desk) -> None:
    payers = ("MCR", "UHC", "MA", "WC")

    def day_of(provider: str, day: date, patients: int) -> list[Line]:
        visits = [_one_visit(desk, payers[n % 4], provider, day, [svc("97110", 4)]) for n in range(patients)]
        return [visit.lines[0] for visit in visits]

    long_day = day_of("PT2", date(2025, 10, 18), 13)
    desk.finding("TIM010", dict.fromkeys(long_day, 0), "13 patients of one hour each", "provider", "none")
    desk.decoy("TIM010", day_of("PT2", date(2025, 10, 25), 12)[0], "12 patients of one hour each: 12 hours, no minute more")
    helped = day_of("PT4", date(2025, 10, 18), 12)
    assistant = _one_visit(desk, "MCR", "PT4", date(2025, 10, 18), [svc("97110", 4, mods="CQ")])
    desk.decoy("TIM010", assistant.lines[0], f"beside {len(helped)} hours of the therapist's own: it is the assistant's time")
    implied = [_one_visit(desk, "UHC", "OT2", date(2025, 10, 18), [svc("97535", 4, 53)], timed) for timed in _hours(14)]
    for claim in implied:
        claim.lines[0].minutes, claim.timed_total, claim.visit_total = None, None, None
    lines = {claim.lines[0]: 0 for claim in implied}
    desk.finding("TIM010", lines, "14 patients of 4 units, which take 53 minutes at least: 742 minutes", "provider", "none")


def _hours(number: int) -> list[int]:
    return [7 * 60 + 55 * place for place in range(number)]


def _early(line: Line, minutes: int) -> Line:
    line.early = minutes
    return line


def _same_minutes(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line], str]] = [
        ("UHC", "DC", [svc("98941"), _early(svc("97140", 1, mods="59"), 5)], "97140 begins 5 minutes before 98941 ends"),
        (
            "MCR",
            "PT",
            [svc("97113", 1), _early(svc("97110", 2, mods="59"), 5)],
            "97110 begins 5 minutes before aquatic work ends",
        ),
        ("MCR", "OT", [svc("97530", 1), _early(svc("97542", 1, mods="XU"), 5)], "5 minutes of both"),
        ("MA", "PT", [svc("97530", 1), _early(svc("97750", 2, mods="59"), 1)], "one minute of both"),
    ]
    for payer, role, lines, why in cases:
        claim = desk.visit(payer, lines, role)
        line = claim.lines[1]
        claim.lines[0].body_region = line.body_region
        if lines[0].code != "98941":  # another time does not part the two: MOD005 asks for another region
            desk.finding("MOD004", line, f"{why}, and the modifier says that they were separate")
        desk.finding("MOD005", line, "no separate time and no other area")
    claim = desk.visit("UHC", [svc("98940"), _early(svc("97140", 1, mods="59"), 5)], "DC")
    claim.lines[0].body_region = "thoracic segments"
    desk.decoy("MOD004", claim.lines[1], "beside an adjustment another region decides, not the time")
    desk.decoy("MOD005", claim.lines[1], "another body area is recorded")
    claim = desk.visit("BCBS", [svc("98940"), _early(svc("97140", 1, mods="59"), 5)], "DC")
    desk.decoy("MOD004", claim.lines[1], "the payer is not known to follow NCCI")
    claim = desk.visit("MCR", [svc("97012"), svc("97140", 1, mods="59")])
    desk.decoy("MOD004", claim.lines[1], "97140 begins when traction ends")


def _without_clock(claim: Claim) -> Claim:
    for line in claim.lines:
        line.show_clock = False
    return claim


def _nothing_separate(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line]]] = [
        ("MCR", "PT", [svc("97012"), svc("97140", 1, mods="59")]),
        ("UHC", "DC", [svc("98941"), svc("97124", 2, mods="XS")]),
        ("MA", "PT", [svc("97012"), svc("97140", 2, mods="XU")]),
    ]
    for payer, role, lines in cases:
        claim = _without_clock(desk.visit(payer, lines, role))
        claim.lines[0].body_region = claim.lines[1].body_region = "low back"
        desk.finding("MOD005", claim.lines[1], "no clock times, and both lines name the same areas")
    claim = _without_clock(desk.visit("UHC", [svc("98942"), svc("97140", 1, mods="59")], "DC"))
    claim.lines[0].body_region = claim.lines[1].body_region
    desk.finding("MOD005", claim.lines[1], "no clock times, and both lines name the same areas")


def _something_separate(desk: Desk) -> None:
    claim = _without_clock(desk.visit("UHC", [svc("98940"), svc("97140", 1, mods="XS")], "DC"))
    claim.lines[0].body_region = "thoracic segments"
    desk.decoy("MOD005", claim.lines[1], "no clock times, but another body area")
    claim = desk.visit("MA", [svc("97012"), svc("97140", 1, mods="59")])
    claim.lines[0].body_region = claim.lines[1].body_region
    desk.decoy("MOD005", claim.lines[1], "the same area, one service after the other")
    claim = _without_clock(desk.visit("AET", [svc("98941"), svc("97140", 1, mods="59")], "DC"))
    desk.decoy("MOD005", claim.lines[1], "the payer is not known to follow NCCI")


def _narrower_modifier(desk: Desk) -> None:
    """Harbor Mutual prefers the X modifiers."""
    days = (date(2025, 11, day) for day in (1, 8, 15, 22))
    first = next(days)
    area = _one_visit(desk, "HARB", "DC1", first, [svc("98941"), svc("97140", 1, mods="59")])
    area.lines[0].body_region = "cervical segments"
    desk.no_dollars("MOD007", area.lines[1], "another body area is recorded: XS")
    later = _one_visit(desk, "HARB", "PT2", first, [svc("97012"), svc("97140", 1, mods="59")])
    desk.no_dollars("MOD007", later.lines[1], "the times do not overlap: XU")
    adjusted = _one_visit(desk, "HARB", "DC1", next(days), [svc("98940")])
    other = desk.second(adjusted, [svc("97140", 1, mods="59")], "PT")
    desk.no_dollars("MOD007", other.lines[0], "another person of the practice treated by hand: XP")
    desk.no_dollars("MOD001", other.lines[0], "the other code of the day is another provider's")
    third = next(days)
    named = _one_visit(desk, "HARB", "DC1", third, [svc("98941"), svc("97140", 1, mods="XS")])
    desk.decoy("MOD007", named.lines[1], "XS stands there already")
    unclear = _one_visit(desk, "HARB", "DC2", third, [svc("98941"), _early(svc("97140", 1, mods="59"), 4)])
    unclear.lines[0].body_region = unclear.lines[1].body_region
    desk.decoy("MOD007", unclear.lines[1], "one area, times that overlap: the record shows no X modifier")
    usual = _one_visit(desk, "UHC", "DC2", third, [svc("98941"), svc("97140", 1, mods="59")])
    desk.decoy("MOD007", usual.lines[1], "the payer has stated no preference")
