"""Codes: the shipped CMS tables, and what the rules say of codes in so many words."""

import csv
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[2] / "audit" / "reference" / "data"
OFFICE_VISITS = frozenset(f"99{n}" for n in (202, 203, 204, 205, 211, 212, 213, 214, 215))
SUPERVISED = frozenset(f"97{n:03}" for n in range(10, 29)) | {"G0281", "G0283", "G0329"}
NOT_ONE_ON_ONE = SUPERVISED | {"97150", "97545", "97546"}
ADJUSTMENTS = frozenset({"98940", "98941", "98942"})
BESIDE_ADJUSTMENT = frozenset({"97112", "97124", "97140"})
PT_EVALUATIONS = frozenset({"97161", "97162", "97163"})
OT_EVALUATIONS = frozenset({"97165", "97166", "97167"})
RE_EVALUATIONS = frozenset({"97164", "97168"})
EVALUATIONS = PT_EVALUATIONS | OT_EVALUATIONS | RE_EVALUATIONS
FIRST = frozenset({"97129", "97545", "97810", "97813"})
FIRST_OF = {
    "97130": {"97129"},
    "97546": {"97545"},
    "97811": {"97810", "97813"},
    "97814": {"97810", "97813"},
    "97598": {"97597"},
    "97551": {"97550"},
}
FAMILIES = {
    "97129": "97129",
    "97130": "97129",
    "97810": "97810",
    "97811": "97810",
    "97813": "97810",
    "97814": "97810",
}
FAMILY_59 = frozenset({"59", "XE", "XS", "XP", "XU"})
ANATOMIC = frozenset(
    [f"E{n}" for n in range(1, 5)]
    + ["FA", *(f"F{n}" for n in range(1, 10)), "TA", *(f"T{n}" for n in range(1, 10))]
    + ["LT", "RT", "LC", "LD", "RC", "LM", "RI"]
)
OTHER_FIELDS = frozenset({"24", "25", "27", "57", "58", "78", "79", "91"})


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _holds(row: dict[str, str], day: date) -> bool:
    return row["effective_from"] <= day.isoformat() <= (row["effective_to"] or "9999")


@cache
def _procedures() -> dict[str, dict[str, str]]:
    return {row["procedure_code"]: row for row in _rows("procedure.csv")}


def basis(code: str) -> str:
    """Unit basis of a code; empty for a code that the table lacks."""
    return _procedures().get(code, {}).get("unit_basis", "")


def medicare_status(code: str) -> str:
    """Fee schedule status, such as A, B or I."""
    return _procedures().get(code, {}).get("medicare_status", "")


def always_therapy(code: str) -> bool:
    """Always therapy to Medicare."""
    return _procedures().get(code, {}).get("always_therapy") == "true"


def therapy(code: str) -> bool:
    """Any code of the therapy table; office visits are none."""
    return code in _procedures() and code not in OFFICE_VISITS


def timed(code: str) -> bool:
    """Any timed code, work hardening with it."""
    return basis(code).startswith("timed")


def timed_15(code: str) -> bool:
    """A code that stands in the visit's timed total: quarter hours, first and further ones with them."""
    return basis(code) == "timed_15" or code in FAMILIES


def one_code(code: str) -> str:
    """First and further codes of a 15-minute family are one code."""
    return FAMILIES.get(code, code)


@cache
def _mues() -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    for row in _rows("mue.csv"):
        if row["setting"] == "practitioner":
            found[row["procedure_code"]].append(row)
    return found


def mue(code: str, day: date) -> int | None:
    """The practitioner MUE in force; None where the table has none."""
    return next((int(row["mue"]) for row in _mues().get(code, []) if _holds(row, day)), None)


@cache
def _edits() -> dict[tuple[str, str], list[dict[str, str]]]:
    found = defaultdict(list)
    for row in _rows("ptp_edit.csv"):
        if row["setting"] == "practitioner":
            found[row["column_1"], row["column_2"]].append(row)
    return found


def edit(column_1: str, column_2: str, day: date) -> int | None:
    """The indicator, 0 or 1, of the edit in force; None where there is none (9 never is)."""
    for row in _edits().get((column_1, column_2), []):
        if _holds(row, day) and row["modifier_indicator"] in ("0", "1"):
            return int(row["modifier_indicator"])
    return None


@cache
def _covered() -> frozenset[str]:
    return frozenset(row["procedure_code"] for row in _rows("ptp_coverage.csv") if row["setting"] == "practitioner")


def covered(code: str) -> bool:
    """Do the shipped edits speak of this code?"""
    return code in _covered()
