"""The practice's clinics, the people who treat there, and the payers it bills. All numbers are made up."""

from practice.records import Patient, Payer, Provider


def npi(nine_digits: str) -> str:
    """Nine digits and the check digit that makes them a well-formed NPI (Luhn over the prefix 80840)."""
    total = 0
    for place, digit in enumerate(reversed("80840" + nine_digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return nine_digits + str(-total % 10)


CLINICS: dict[str, str] = {  # name -> billing NPI
    "Northgate": npi("199999001"),
    "Eastfield": npi("199999002"),
    "Southbank": npi("199999003"),
}

PAYERS: dict[str, Payer] = {
    payer.key: payer
    for payer in (
        Payer("MCR", "Medicare Part B", "SYN01", "MB", "cms", 100, 80, True),
        Payer("MA", "Silver Oak Medicare Advantage", "SYN02", "16", "cms", 98, 85, True),
        Payer("MCD", "State Medicaid", "SYN03", "MC", "cms", 74, 100, True),
        Payer("UHC", "UHC Choice", "SYN04", "CI", "either", 108, 80, True),
        Payer("AET", "Aetna Open Access", "SYN05", "CI", "ama", 112, 90, True),
        Payer("BCBS", "BCBS PPO", "SYN06", "BL", "either", 121, 80, True),
        Payer("WC", "Workers Comp State Fund", "SYN07", "WC", "either", 137, 100, False),
        Payer("HARB", "Harbor Mutual", "SYN09", "CI", "either", 110, 80, True),
        Payer("SELF", "Self Pay", "", "09", "none", 95, 100, False),
    )
}

_THERAPY = (("MCR", 29), ("MA", 13), ("MCD", 11), ("UHC", 13), ("AET", 12), ("BCBS", 13), ("WC", 6), ("SELF", 3))
_COMMERCIAL = (("UHC", 26), ("AET", 24), ("BCBS", 28), ("WC", 14), ("SELF", 8))
_MASSAGE = (("UHC", 20), ("AET", 20), ("BCBS", 24), ("WC", 12), ("SELF", 24))
_CHIROPRACTIC = (("MCR", 22), ("UHC", 22), ("AET", 18), ("BCBS", 24), ("WC", 6), ("SELF", 8))

_PT, _ORTHOPEDIC_PT, _PTA = "225100000X", "2251X0800X", "225200000X"
_OT, _MT, _DC = "225X00000X", "225700000X", "111N00000X"

PROVIDERS: tuple[Provider, ...] = (
    Provider("PT1", "PT", npi("199999011"), _PT, "Northgate", 11.0, _THERAPY),
    Provider("PT2", "PT", npi("199999012"), _ORTHOPEDIC_PT, "Northgate", 8.0, _THERAPY),
    Provider("PT3", "PT", npi("199999013"), _PT, "Eastfield", 11.0, _THERAPY),
    Provider("PT4", "PT", npi("199999014"), _PT, "Eastfield", 8.0, _THERAPY),
    Provider("PT5", "PT", npi("199999015"), _ORTHOPEDIC_PT, "Southbank", 7.9, _THERAPY),
    Provider("PT6", "PT", npi("199999016"), _PT, "Southbank", 7.4, _COMMERCIAL, bills_massage=True),
    Provider("PTA1", "PTA", npi("199999021"), _PTA, "Northgate", 0, ()),
    Provider("PTA2", "PTA", npi("199999022"), _PTA, "Eastfield", 0, ()),
    Provider("OT1", "OT", npi("199999031"), _OT, "Northgate", 7.5, _THERAPY),
    Provider("OT2", "OT", npi("199999032"), _OT, "Southbank", 7.3, _THERAPY),
    Provider("MT1", "MT", npi("199999041"), _MT, "Northgate", 6.0, _MASSAGE, bills_massage=True),
    Provider("MT2", "MT", npi("199999042"), _MT, "Eastfield", 5.6, _MASSAGE, bills_massage=True),
    Provider("DC1", "DC", npi("199999051"), _DC, "Eastfield", 10.8, _CHIROPRACTIC, bills_massage=True),
    Provider("DC2", "DC", npi("199999052"), _DC, "Southbank", 9.6, _CHIROPRACTIC, bills_massage=True),
    # Without a book of their own: every visit of theirs is planted, so that a pattern can be counted.
    Provider("PT7", "PT", npi("199999017"), _PT, "Northgate", 0, ()),
    Provider("PT8", "PT", npi("199999018"), _PT, "Eastfield", 0, ()),
    Provider("DC3", "DC", npi("199999053"), _DC, "Northgate", 0, ()),
)

BY_KEY: dict[str, Provider] = {provider.key: provider for provider in PROVIDERS}

# The assistant who takes some of the visits of a physical therapist's patients.
ASSISTANT: dict[str, Provider] = {"PT1": BY_KEY["PTA1"], "PT2": BY_KEY["PTA1"], "PT3": BY_KEY["PTA2"], "PT4": BY_KEY["PTA2"]}

_MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"  # S, L, O, I, B and Z are never used


def member_id(payer: str, serial: int) -> str | None:
    """A made-up member number: shaped like a Medicare number for Part B only; none for self-pay."""
    if payer == "SELF":
        return None
    if payer != "MCR":
        return f"SYN{payer}{serial:06d}"
    letters = [_MBI_LETTERS[serial // 20**place % 20] for place in range(3)]
    return f"1E{letters[0]}4{letters[1]}{serial // 8000}5{letters[2]}K{serial % 100:02d}"


def new_patient(serial: int, payer: str, region: str) -> Patient:
    """Patient number `serial` of the practice."""
    return Patient(f"P{10000 + serial}", member_id(payer, serial), payer, region)
