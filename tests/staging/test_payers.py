"""Payers: the class, unit rule and policies that a name, a filing indicator or audit.toml gives, on each date of service."""

from typing import Any

import msgspec
import pytest

from audit.settings.config import Config, PayerSetting
from tests.claim_rows import asked, completed


def policy(cells: dict[str, str], *settings: dict[str, Any]) -> dict[str, Any]:
    """What staging knows of the payer of one line; `settings` are [[payer]] tables of audit.toml."""
    payers = tuple(msgspec.convert(setting, PayerSetting) for setting in settings)
    query = "SELECT claim_line.*, decided_by FROM claim_line CROSS JOIN payer_policy"
    (found,) = asked(query, completed([cells]), Config(sources=(), payers=payers))
    return found


def classes(*payers: str | tuple[str, str]) -> list[str]:
    """The class of each payer, given by name or by name and filing indicator, staged together: each a line of its own."""
    pairs = [(payer, "") if isinstance(payer, str) else payer for payer in payers]
    rows = completed([{"payer_name": name, "claim_filing_indicator": indicator} for name, indicator in pairs])
    return [row["payer_class"] for row in asked("SELECT payer_class FROM claim_line ORDER BY line_id", rows)]


def wrong(expected: dict[str, str] | dict[tuple[str, str], str]) -> dict[object, str]:
    """What is of another class than expected, with the class that it is of."""
    return {payer: found for (payer, right), found in zip(expected.items(), classes(*expected), strict=True) if found != right}


FEE_FOR_SERVICE = (
    "Medicare", "MCR", "Mcare", "Medicare B", "Medicare PTB",
    "Medicare A/B", "Medicare Part A & B", "Medicare-Texas", "MEDICARE OF NEW YORK",
    "Medicare Northern California", "Medicare FFS", "Traditional Medicare", "Original Medicare", "Railroad Medicare",
    "Medicare Railroad (Palmetto)", "Novitas Solutions", "Palmetto GBA", "National Government Services", "NGS Part B",
    "First Coast Service Options", "CGS Administrators", "Noridian Healthcare Solutions", "Noridian JF", "CGS J15 MAC",
    "WPS J5", "MDCR", "Medicare Outpatient", "Medicare Professional", "Medicare 2nd", "Medicare MSP", "Medicare DMERC",
    "Medicare Novitas Delaware Claims", "Medicare Part B Whatever", "Medicare Primary",
    "Straight Medicare", "Regular Medicare", "Medicare Insurance", "Medicare Health Insurance Payor", "MedicareB", "MEDICARE/B",
    "Medicare as Secondary", "Medicare 2ndary", "12M04 - Medicare", "Medicare ID 12M23", "Medicare Physical Therapy",
    "Medicare Outpatient Rehab", "Medicare OT", "Medicare Inpatient", "Medicare Home Health", "Medicare Claims", "Medicare EDI",
    "Medicare (Active)", "Medicare Pending", "Medicare ACO REACH", "Rail Road Medicare", "Railroad Retirement Board",
    "Natl Govt Svcs Medicare", "National Govt Services", "Cahaba GBA", "Cahaba Medicare", "Trailblazer Medicare",
    "Wisconsin Physicians Service Medicare", "Red White and Blue Medicare", "Medicare (Red, White & Blue)",
    "Medicare Exhausted", "Medicare - Benefits Exhausted", "Medicare Denied", "Medicare Rejected", "Medicare Termed",
    "Medicare (Cigna Primary)", "Medicare Secondary (Blue Cross Primary)", "Medicare (Secondary)",
)  # fmt: skip
ADVANTAGE = (
    "Advantage", "HMO", "PPO", "PFFS", "Complete", "Plus", "Preferred", "Gold", "Senior", "Dual", "Health Plan", "Part C",
    "Humana", "Aetna", "UHC", "United", "Wellcare", "Kaiser", "Molina", "Devoted", "Health Net", "Cigna", "Anthem", "BCBS",
    "Dovetail", "Sunrise Community",
)  # fmt: skip

INJURIES_AT_WORK = (
    "Sedgwick", "SEDGWICK CMS", "Sedgwick Claims Management Services", "Gallagher Bassett", "Gallagher Bassett Services Inc",
    "Broadspire", "ESIS", "ESIS, Inc.", "CorVel", "CorVel Corporation", "CORVEL ENTERPRISE COMP", "Helmsman Management Services",
    "York Risk Services", "TRISTAR Risk Management", "Athens Administrators", "CCMSI", "Cannon Cochran Management Services",
    "Crawford & Company", "AmTrust North America", "Zenith", "The Zenith Insurance Company", "Zenith National",
    "Employers Compensation Insurance", "ICW Group", "Accident Fund", "Eastern Alliance", "Berkshire Hathaway Homestate",
    "Republic Indemnity", "Chesapeake Employers", "LWCC", "KEMI", "MEMIC", "Missouri Employers Mutual", "Beacon Mutual",
    "Montana State Fund", "State Fund", "New Mexico Mutual", "CopperPoint", "SFM Mutual", "WCF Insurance", "Builders Mutual",
    "Bridgefield Casualty", "AmGUARD", "MedRisk", "MEDRISK LLC", "One Call Care Management", "One Call Physical Therapy",
    "Align Networks", "HomeLink", "DEEOIC", "Black Lung Program", "Pinnacol Assurance", "Texas Mutual",
)  # fmt: skip
# Names that share a word with the administrators of injuries at work, or with an Advantage plan.
NO_INJURIES_AT_WORK = {
    "Gallagher Benefit Services": "commercial", "Zenith American Solutions": "unknown", "Crawford": "unknown",
    "Aetna Employers Plan": "commercial", "Employers Health": "unknown", "Cigna Ma Retail": "commercial", "BCBS MA PPO": "blues",
    "Blue Cross of MA HMO": "blues", "Tufts MA PPO": "commercial", "Aetna PPO": "commercial", "Aetna MA": "commercial",
}  # fmt: skip
ADVANTAGE_BRANDS = (
    "Aetna MA PPO", "AETNA MA HMO", "Humana MA PPO", "UHC MA Plan", "United Healthcare MA HMO", "Wellcare MA DSNP",
    "HealthSpring", "Health Spring", "Cigna HealthSpring", "Cigna-HealthSpring", "CIGNA HEALTHSPRING HMO",
    "Freedom Health", "Optimum HealthCare", "HealthSun Health Plans", "Allwell from Superior HealthPlan",
    "BCBS of Michigan MAPPO", "Martins Point Generations Advantage", "Senior Dimensions",
)  # fmt: skip


def test_fee_for_service_has_a_sign_of_its_own() -> None:
    assert wrong(dict.fromkeys(FEE_FOR_SERVICE, "medicare_ffs")) == {}


def test_who_pays_before_or_behind_in_brackets_is_another_payer() -> None:
    behind = {
        "Cigna (Medicare Secondary)": "commercial", "Aetna PPO (Medicare is Primary)": "commercial",
        "BCBS of Texas (Medicare Part B Secondary)": "blues", "Humana w/ Medicare Secondary": "commercial",
        "State Farm (Medicare Secondary)": "auto", "Medicaid (Medicare Primary)": "medicaid",
        "Aetna Medicare (Secondary)": "medicare_advantage", "Aetna (Medicare PPO Primary)": "medicare_advantage",
        "Aetna Medicare Primary": "medicare_advantage", "Cigna Medicare Denied": "medicare_advantage",
    }  # fmt: skip
    assert wrong(behind) == {}


def test_administrators_of_injuries_at_work_are_known_by_name() -> None:
    assert wrong(dict.fromkeys(INJURIES_AT_WORK, "workers_comp")) == {}
    assert wrong(NO_INJURIES_AT_WORK) == {}


def test_brands_of_advantage_plans_are_advantage_unless_they_say_medicaid() -> None:
    assert wrong(dict.fromkeys(ADVANTAGE_BRANDS, "medicare_advantage")) == {}
    assert wrong({"Cigna HealthSpring STAR PLUS": "medicaid", "HealthSpring Medicaid": "medicaid"}) == {}


def test_a_contractor_s_short_name_alone_is_no_sign() -> None:
    names = (
        "Noridian", "Novitas", "Palmetto Health", "First Coast Physicians", "CGS", "WPS Health Plan", "Railroad", "Cahaba",
        "Wisconsin Physicians Service", "UHC Railroad", "Railroad Employees Health Plan",
    )  # fmt: skip
    assert not [name for name, found in zip(names, classes(*names), strict=True) if found.startswith("medicare")]


def test_medicare_beside_a_plan_an_insurer_or_a_stranger_is_advantage() -> None:
    names = [name for word in ADVANTAGE for name in (f"{word} MEDICARE", f"Medicare {word}")]
    assert wrong(dict.fromkeys(names, "medicare_advantage")) == {}


def test_a_plan_s_word_or_an_insurer_beats_every_sign() -> None:
    names = ("Aetna Medicare Part B", "Blue Medicare Original", "Medicare Part B HMO")
    assert wrong({(name, indicator): "medicare_advantage" for name in names for indicator in ("", "MB")}) == {}


def test_an_insurer_with_the_name_of_such_a_plan_is_advantage_without_the_word() -> None:
    names = ("Humana Gold Plus HMO", "UHC Dual Complete", "Kaiser Senior Advantage", "Aetna Advantage", "Aetna MAPD")
    assert wrong(dict.fromkeys(names, "medicare_advantage")) == {}


def test_medicare_supplements_are_commercial() -> None:
    words = ("Supplement", "Medigap", "Supp", "Supplemental Plan F")
    assert wrong({f"Medicare {word} Humana": "commercial" for word in words}) == {}


def test_a_plan_word_without_medicare_is_not_medicare() -> None:
    names = ("Aetna", "Kaiser Permanente", "Humana Gold", "Wellcare PPO", "Commercial Non-Medicare")
    assert wrong(dict.fromkeys(names, "commercial")) == {}


def test_a_name_that_says_no_to_a_programme_is_not_of_it() -> None:
    expected = {
        "Not Medicare": "unknown", "No Medicare B": "unknown", "NO MEDICARE PART A": "unknown", "Non MCR": "unknown",
        "Other than Medicare": "unknown", "All payers except Medicare": "unknown", "Without Medicare": "unknown",
        "Non-Medicare HMO Aetna": "commercial", "Self pay, no Medicare": "self_pay", "Non-Medicaid": "unknown",
        "BCBS non-HMO": "blues", "Medicare, non-HMO": "medicare_ffs", "Non Work Comp Cigna": "commercial",
        "No Fault": "auto", "No Insurance": "self_pay", "Nonprofit Medicare": "medicare_advantage",
    }  # fmt: skip
    assert wrong(expected) == {}


def test_whom_a_payer_pays_before_or_behind_says_nothing_of_it() -> None:
    expected = {
        "Medicare B 2nd to BCBS": "medicare_ffs", "Medicare secondary to Humana": "medicare_ffs",
        "Medicaid 2nd to Medicare": "medicaid",
        "BCBS 2nd to Medicare": "blues", "Aetna (secondary to Medicare)": "commercial",
        "Cigna - primary to Medicare": "commercial",
        "Humana Medicare secondary to UMR": "medicare_advantage", "Toledo Health": "unknown",
    }  # fmt: skip
    assert wrong(expected) == {}


def test_tricare_for_life_is_tricare_beside_the_medicare_that_it_pays_behind() -> None:
    names = (
        "Tricare for Life (Medicare Secondary)",
        "Medicare - TFL",
        "WPS TRICARE for Life",
        "TriCare for Life 2nd to Medicare",
    )
    assert wrong(dict.fromkeys(names, "tricare")) == {}


def test_who_pays_alone_is_no_programme_s_patient() -> None:
    expected = {
        "Medicare Self-Pay": "self_pay", "Medicare Cash": "self_pay", "Medicaid Self Pay": "self_pay", "Direct Pay": "self_pay",
        "Empire Direct Pay": "blues", "Medicare Direct Billing": "medicare_ffs",
    }  # fmt: skip
    assert wrong(expected) == {}


def test_the_number_of_a_contract_is_no_number_of_a_payer() -> None:
    assert (
        wrong({"Medicare H3312": "medicare_advantage", "Medicare R5826": "medicare_advantage", "Medicare 12502": "medicare_ffs"})
        == {}
    )


def test_names_are_matched_by_whole_words() -> None:
    assert wrong(dict.fromkeys(("MedicareX", "Premedicare", "Songs of Hope", "Cgsx"), "unknown")) == {}


@pytest.mark.parametrize("name", ["MEDICARE-PART B", "medicare, part b", "  Medicare   Part B."])
def test_case_and_punctuation_do_not_matter(name: str) -> None:
    found = policy({"payer_name": name})
    assert (found["payer_class"], found["payer_key"]) == ("medicare_ffs", "medicare")


def test_other_names() -> None:
    expected = {
        "State Medicaid": "medicaid", "Medi-Cal": "medicaid", "TRICARE West": "tricare", "VA Community Care": "va",
        "Workers' Comp Fund": "workers_comp", "Worker's Comp": "workers_comp", "WORKMENS COMPENSATION": "workers_comp",
        "Work Comp": "workers_comp", "Worker\u2019s Compensation": "workers_comp", "W/C": "workers_comp",
        "US Dept of Labor - OWCP": "workers_comp", "Department of Labor FECA": "workers_comp", "SAIF": "workers_comp",
        "Johns Hopkins USFHP": "tricare", "US Family Health Plan": "tricare", "SCAN Health Plan": "medicare_advantage",
        "VA": "va", "CHAMPVA": "va", "Veterans Affairs": "va", "Optum VA CCN": "va", "TriWest": "va", "VA CCN TX": "va",
        "Anthem BCBS VA": "blues", "Medicaid VA": "medicaid",
        "Medicaid of Ohio": "medicaid", "MCAID": "medicaid", "BlueCard PPO": "blues", "PHCS": "commercial",
        "Medi-Share": "commercial", "Guarantor": "self_pay", "Guarantor Benefit Trust": "unknown", "Molina Medicaid": "medicaid",
        "Aetna VA": "commercial", "VA Premier": "commercial",
        "Auto No-Fault": "auto", "Self-Pay": "self_pay", "BCBS of Ohio": "blues",
        "Self": "self_pay", "Self Payor": "self_pay", "Patient": "self_pay", "PATIENT RESPONSIBILITY": "self_pay",
        "Client Pay": "self_pay", "Non-insured": "self_pay", "None": "self_pay", "Charity Care": "self_pay",
        # An employer that insures itself, and a patient's name for a plan, are no patient who pays.
        "Self-Insured Employer": "unknown", "Self Insured Services": "unknown", "Patient Choice Health": "unknown",
        "Sisters of Charity Health": "unknown", "Client First Benefits": "unknown",
        "Medical Mutual of Ohio": "commercial", "Aetna Medical": "commercial", "UHC Medical": "commercial",
        "Medical": "medicaid", "Medi-Cal Managed Care": "medicaid", "Medical Assistance": "medicaid",
        "Inland Empire Health Plan": "medicaid", "CalOptima": "medicaid", "Inland Empire Medicare": "medicare_advantage",
        "VA Medical Center": "va", "VAMC": "va", "V.A.": "va", "TFL": "tricare", "IBX": "blues",
        "Blue Cross Blue Shield": "blues", "UHC": "commercial", "Aetna Choice": "commercial", "Acme Trust": "unknown",
    }  # fmt: skip
    assert wrong(expected) == {}


def test_the_filing_indicator_decides_where_the_name_says_nothing() -> None:
    expected = {
        "MB": "medicare_ffs", "MA": "medicare_ffs", "16": "medicare_advantage", "MC": "medicaid", "CH": "tricare",
        "VA": "va", "WC": "workers_comp", "AM": "auto", "BL": "blues", "CI": "commercial", "HM": "commercial",
        "12": "commercial", "09": "self_pay", "ZZ": "unknown", "11": "unknown", "M": "unknown",
    }  # fmt: skip
    assert wrong({(name, indicator): right for indicator, right in expected.items() for name in ("Acme Trust", "")}) == {}


def test_a_name_outranks_its_indicator_but_for_advantage() -> None:
    expected = {
        ("Medicare Advantage HMO", "CI"): "medicare_advantage",
        ("Humana Medicare", "HM"): "medicare_advantage",
        ("Aetna", "MB"): "commercial",
        ("Medicare Part B", "CI"): "medicare_ffs",
        ("Medicare", "16"): "medicare_advantage",
        ("Medicare Part B", "16"): "medicare_advantage",
        ("Medicare Dovetail", "MB"): "medicare_ffs",
        ("BCBS of Ohio", "MA"): "blues",
        ("Aetna", "16"): "medicare_advantage",
        ("Medigap of Ohio", "MB"): "commercial",
    }
    assert wrong(expected) == {}


def test_what_decided_is_said() -> None:
    assert policy({"payer_name": "Aetna"})["decided_by"] == "payer name"
    against = policy({"payer_name": "Aetna", "claim_filing_indicator": "MB"})["decided_by"]
    assert against == "payer name, against filing indicator MB"
    assert policy({"payer_name": "Acme", "claim_filing_indicator": "MB"})["decided_by"] == "filing indicator MB"
    assert policy({"payer_name": "Acme"})["decided_by"] == "no match"
    assert policy({"payer_name": "Acme"}, {"match": ["acme"]})["decided_by"] == "audit.toml payer 1"


DEFAULTS = [
    ("Medicare Part B", "cms", True, "plan_of_care"),
    ("Medicare HMO", "cms", True, "unknown"), ("Medicaid", "cms", None, "unknown"),
    ("Tricare", "cms", None, "unknown"), ("VA", "cms", None, "unknown"), ("Aetna", "either", None, "unknown"),
    ("BCBS", "either", None, "unknown"), ("Workers Comp", "either", None, "unknown"), ("Auto", "either", None, "unknown"),
    ("Self Pay", "none", False, "unknown"), ("Acme Trust", "either", None, "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "unit_rule", "follows_ncci", "massage"), DEFAULTS, ids=[row[0] for row in DEFAULTS])
def test_the_defaults_of_each_class(name: str, unit_rule: str, follows_ncci: bool | None, massage: str) -> None:
    found = policy({"payer_name": name})
    assert (found["unit_rule"], found["follows_ncci"], found["massage_coverage"]) == (unit_rule, follows_ncci, massage)


def test_settings_override_one_by_one_and_the_class_brings_its_defaults() -> None:
    found = policy({"payer_name": "Acme Trust"}, {"match": ["acme*"], "unit_rule": "ama"})
    assert (found["payer_class"], found["unit_rule"], found["follows_ncci"]) == ("unknown", "ama", None)
    found = policy({"payer_name": "Acme Trust"}, {"match": ["acme*"], "class": "medicare_ffs", "massage": "plan_of_care"})
    assert (found["payer_class"], found["unit_rule"], found["follows_ncci"]) == ("medicare_ffs", "cms", True)
    assert found["massage_coverage"] == "plan_of_care"
    found = policy({"payer_name": "State Medicaid"}, {"match": ["*medicaid*"], "follows_ncci": False})
    assert (found["payer_class"], found["follows_ncci"]) == ("medicaid", False)


def test_massage_is_not_covered_where_its_code_is_on_the_payer_s_list() -> None:
    listed = {"match": ["acme*"], "not_covered": ["97124"]}
    assert policy({"payer_name": "Acme Trust"}, listed)["massage_coverage"] == "not_covered"
    assert policy({"payer_name": "Acme Trust"}, {**listed, "massage": "covered"})["massage_coverage"] == "covered"
    assert policy({"payer_name": "Acme Trust"}, {**listed, "not_covered": ["97140"]})["massage_coverage"] == "unknown"
    assert policy({"payer_name": "Other"}, listed)["massage_coverage"] == "unknown"


def test_x_modifiers_and_filing_days() -> None:
    plain = policy({"payer_name": "Acme"})
    assert (plain["prefers_x_modifiers"], plain["last_filing_date"]) == (False, None)
    stated = policy({"payer_name": "Acme"}, {"match": ["acme"], "x_modifiers": "preferred", "filing_days": 90})
    assert (stated["prefers_x_modifiers"], str(stated["last_filing_date"])) == (True, "2026-02-01")
    accepted = policy({"payer_name": "Acme"}, {"match": ["acme"], "x_modifiers": "accepted"})
    assert accepted["prefers_x_modifiers"] is False


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [("acme", False), ("acme*", True), ("*TRUST", True), ("acme ?rust", True), ("12345", True), ("1234", False)],
)
def test_a_pattern_fits_the_whole_name_or_the_whole_id_in_any_case(pattern: str, holds: bool) -> None:
    found = policy({"payer_name": "Acme Trust", "payer_id": "12345"}, {"match": [pattern], "unit_rule": "ama"})
    assert found["unit_rule"] == ("ama" if holds else "either")


def test_the_first_table_that_fits_decides_alone() -> None:
    tables: list[dict[str, Any]] = [
        {"match": ["none", "acme*"], "unit_rule": "ama"},
        {"match": ["*"], "unit_rule": "cms", "follows_ncci": True},
    ]
    found = policy({"payer_name": "Acme Trust"}, *tables)
    assert (found["unit_rule"], found["follows_ncci"]) == ("ama", None)


@pytest.mark.parametrize(
    ("day", "unit_rule"), [("2025-10-31", "cms"), ("2025-11-01", "ama"), ("2025-11-30", "ama"), ("2025-12-01", "either")]
)
def test_settings_hold_on_their_dates(day: str, unit_rule: str) -> None:
    tables: list[dict[str, Any]] = [
        {"match": ["acme*"], "unit_rule": "ama", "effective_from": "2025-11-01", "effective_to": "2025-11-30"},
        {"match": ["acme*"], "unit_rule": "cms", "effective_to": "2025-10-31"},
    ]
    assert policy({"payer_name": "Acme Trust", "service_date": day}, *tables)["unit_rule"] == unit_rule


def test_a_payer_known_by_its_id_only() -> None:
    found = policy({"payer_name": "", "payer_id": "60054"}, {"match": ["60054"], "class": "commercial"})
    assert (found["payer_class"], found["payer_key"]) == ("commercial", "60054")


def test_names_in_another_script_stay_apart() -> None:
    rows = completed([{"payer_name": "健保"}, {"payer_name": "社保"}])
    assert len({row["payer_key"] for row in asked("SELECT payer_key FROM claim_line", rows)}) == 2


def test_a_line_that_names_no_payer_at_all_is_of_unknown_class() -> None:
    found = policy({"payer_name": ""})
    assert (found["payer_class"], found["payer_key"], found["decided_by"]) == ("unknown", "", "no match")


def test_two_names_that_differ_by_id_or_indicator_are_two_policies_of_one_payer() -> None:
    rows = completed([{"payer_name": "Acme", "payer_id": "1"}, {"payer_name": "Acme", "claim_filing_indicator": "MB"}])
    lines = asked("SELECT payer_key, payer_class FROM claim_line ORDER BY line_id", rows)
    assert lines == [{"payer_key": "acme", "payer_class": "unknown"}, {"payer_key": "medicare", "payer_class": "medicare_ffs"}]


def keys(*cells: dict[str, str]) -> list[str]:
    return [row["payer_key"] for row in asked("SELECT payer_key FROM claim_line ORDER BY line_id", completed(list(cells)))]


def test_a_payer_id_joins_the_spellings_of_one_class() -> None:
    named = [{"payer_name": name, "payer_id": "84980"} for name in ("BCBS TX", "BCBS of Texas", "Acme")]
    assert keys(*named, {"payer_name": "BCBS of Texas"}) == ["bcbs of texas", "bcbs of texas", "acme", "bcbs of texas"]


def test_spellings_are_joined_from_id_to_id() -> None:
    names = [("Aetna One", "11111x1"), ("Aetna Two", "11111X1"), ("Aetna Two", "12"), ("Aetna Three", "12"), ("Aetna Four", "34")]
    assert keys(*({"payer_name": name, "payer_id": number} for name, number in names)) == ["aetna one"] * 4 + ["aetna four"]


@pytest.mark.parametrize("number", ["NONE", "UNKNOWN", "00000", "99999", "COMM"])
def test_a_placeholder_joins_nothing(number: str) -> None:
    assert keys({"payer_name": "Aetna", "payer_id": number}, {"payer_name": "Cigna", "payer_id": number}) == ["aetna", "cigna"]


def test_all_names_of_fee_for_service_medicare_are_one_payer() -> None:
    assert keys({"payer_name": "Medicare Part B", "payer_id": "04412"}, {"payer_name": "Novitas Solutions"}) == ["medicare"] * 2


def test_a_brand_that_sells_nothing_but_advantage_is_advantage() -> None:
    names = ["Anthem MediBlue", "Devoted Health", "Clover Health", "Alignment Health Plan", "CarePlus", "ANTHEM MEDIBLUE ACCESS",
     "Alignment Healthcare", "CarePlus Health Plans", "AARP MedicareComplete", "Keystone 65 HMO", "UPMC for Life",
     "Geisinger Gold", "Peoples Health", "Secure Horizons", "HumanaChoice PPO", "HealthTeam Advantage"]  # fmt: skip
    assert wrong(dict.fromkeys(names, "medicare_advantage")) == {}


def test_a_brand_of_medicaid_plans_alone_is_medicaid() -> None:
    expected = {
        "Aetna Better Health": "medicaid", "Aetna Better Health of Ohio": "medicaid", "Aetna Health": "commercial",
        "Peach State Health Plan": "medicaid", "UnitedHealthcare Community Plan": "medicaid",
        "UHC Community Plan of Texas": "medicaid", "UHC Dual Complete Community Plan": "medicare_advantage",
        "UnitedHealthcare": "commercial", "Humana Healthy Horizons": "medicaid", "Healthy Blue": "medicaid",
        "BadgerCare Plus": "medicaid", "Badger Care Plus": "medicaid",
    }  # fmt: skip
    assert wrong(expected) == {}


def test_an_insurer_of_cars_is_one_by_its_name() -> None:
    expected = {
        "State Farm": "auto", "State Farm Insurance": "auto", "GEICO": "auto", "Progressive": "auto",
        "Progressive Casualty Insurance Co": "auto", "Allstate": "auto", "USAA": "auto", "USAA Casualty": "auto",
        "USAA Life": "unknown", "State Farm Health Insurance": "unknown", "Allstate Benefits": "unknown",
        "Progressive Health Plan": "unknown", "Progressive Rehab Network": "unknown",
        "State Farm Medicare Supplement": "commercial", "Humana USAA": "commercial", "Medicare USAA": "medicare_advantage",
    }  # fmt: skip
    assert wrong(expected) == {}


@pytest.mark.parametrize("name", ["Wellcare", "Molina Healthcare", "CareSource", "Amerigroup"])
def test_an_insurer_of_several_lines_is_of_no_class_by_its_name(name: str) -> None:
    found = policy({"payer_name": name})
    assert (found["payer_class"], found["decided_by"]) == ("unknown", "payer name, an insurer with several lines of business")
    # A listed insurer is no contractor of Medicare's, whatever the indicator says.
    assert wrong({(name, "MC"): "medicaid", (name, "16"): "medicare_advantage", (name, "MB"): "commercial"}) == {}
