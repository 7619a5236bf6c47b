"""What the rivals take from the program's dated tables, as an analyst would look it up: for the quarter of `benchmarks.chain`."""

import csv
from collections.abc import Iterator, Mapping

from benchmarks.chain import FIRST_DAY, REFERENCE

MODIFIERS = ("modifier_1", "modifier_2", "modifier_3")
# The rules of time ask for a whole unit.
MEDICARE = "Medicare Part B"
CMS_UNITS = (MEDICARE, "Silver Oak Medicare Advantage", "State Medicaid")
FOLLOWS_NCCI = (MEDICARE, "Silver Oak Medicare Advantage")
SELF_PAY = "Self Pay"
MASSAGE, MANUAL = "97124", "97140"


def _rows(table: str) -> Iterator[Mapping[str, str]]:
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["effective_from"] <= str(FIRST_DAY) <= (row["effective_to"] or "9999-12-31"):
                yield row


TIMED = tuple(row["procedure_code"] for row in _rows("procedure") if row["unit_basis"].startswith("timed_15"))
OTHER_THERAPY = tuple(
    row["procedure_code"] for row in _rows("procedure")
    if row["service_kind"] != "massage" and (row["always_therapy"] == "true" or row["procedure_code"] == "97010")
)  # fmt: skip
COVERED = tuple(row["procedure_code"] for row in _rows("ptp_coverage") if row["setting"] == "practitioner")
DISTINCT = tuple(row["modifier"] for row in _rows("modifier_role") if row["role"] == "distinct_service")
LIABILITY = tuple(row["modifier"] for row in _rows("modifier_role") if row["role"] == "liability_notice")
# Column 1, column 2 and indicator of each edit in force; 9 never was.
EDITS = tuple(
    (row["column_1"], row["column_2"], int(row["modifier_indicator"])) for row in _rows("ptp_edit")
    if row["setting"] == "practitioner" and row["modifier_indicator"] != "9"
)  # fmt: skip
# The most units of a code on a date, by code.
MUE = {row["procedure_code"]: int(row["mue"]) for row in _rows("mue") if row["setting"] == "practitioner"}
