"""Which rows are one part's: a patient's all together, and with them whoever else the claims of that patient name.

A claim stands under one patient as a rule, and then a patient is a family alone. A claim number that stands under two patients,
or is named under one and stands under another (a corrected patient is a reason to replace a claim), makes one family of both.
"""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

# Claim numbers, stated or named as the original, that several patients have.
_SHARED = """
SELECT list(DISTINCT patient_id) AS patients
FROM (
    SELECT claim_id, patient_id FROM claim_row
    UNION ALL
    SELECT original_claim_id AS claim_id, patient_id FROM claim_row WHERE original_claim_id IS NOT NULL
)
GROUP BY claim_id
HAVING count(DISTINCT patient_id) > 1
"""
_JOINED = pa.schema([("patient_id", pa.string()), ("family", pa.string())])


def settle(con: duckdb.DuckDBPyConnection, parts: int) -> None:
    """Make the table part_of_line: the part (0 up to `parts`) of each line_id of claim_row."""
    joined = _joined(patients for (patients,) in con.execute(_SHARED).fetchall())
    table = pa.table({"patient_id": [*joined], "family": [*joined.values()]}, _JOINED)
    con.register("joined_patient", table)
    con.execute(
        """
        CREATE OR REPLACE TABLE part_of_line AS
        SELECT line_id, CAST(hash(coalesce(joined_patient.family, claim_row.patient_id)) % $parts AS INTEGER) AS part
        FROM claim_row
        LEFT JOIN joined_patient USING (patient_id)
        """,
        {"parts": parts},
    )
    con.unregister("joined_patient")


def _joined(groups: Iterable[list[str]]) -> dict[str, str]:
    """Each patient of some group with one that stands for all that are connected with it."""
    stands_for: dict[str, str] = {}

    def head(patient: str) -> str:
        way = []
        while stands_for.setdefault(patient, patient) != patient:
            way.append(patient)
            patient = stands_for[patient]
        for one in way:
            stands_for[one] = patient
        return patient

    for group in groups:
        first = head(min(group))
        for patient in group:
            stands_for[head(patient)] = first
    return {patient: head(patient) for patient in sorted(stands_for)}
