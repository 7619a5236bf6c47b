"""The data files of a run: findings as Parquet and CSV, the lines they concern, rows refused, rows left out."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

from audit.engine.interface import Engine
from audit.files.output import Output
from audit.files.tables import write_csv, write_parquet
from audit.runs.patient_names import Namer, named

FINDINGS = """
SELECT
    finding_id, rule_id, rule_version, family, severity, confidence, direction, subject, claim_id, claim_line_number,
    patient_id, service_date, rendering_npi, billing_npi, payer_name, payer_class, procedure_code, modifiers,
    units_billed, units_supported, "minutes", amount_at_risk, coalesce(counted_once, 0) AS counted_once, how_made,
    message, evidence, status, source_file, source_row, rests_on
FROM finding
LEFT JOIN (
    SELECT finding_id, CAST(sum(counted_once) AS DECIMAL(14, 2)) AS counted_once FROM line_share GROUP BY finding_id
) AS share USING (finding_id)
LEFT JOIN finding_made USING (finding_id)
ORDER BY rule_id, service_date, claim_id, claim_line_number, finding_id
"""
FINDING_LINES = """
SELECT finding_id, claim_id, claim_line_number, line_amount, amount_at_risk, coalesce(counted_once, 0) AS counted_once, how_made
FROM finding_line
INNER JOIN line_made USING (finding_id, line_id)
LEFT JOIN line_share USING (finding_id, line_id)
ORDER BY rule_id, finding_id, claim_id, claim_line_number, line_id
"""
REJECTED_ROWS = """
SELECT source_file AS file, source_row AS "row", column_name AS "column", "value", reason
FROM rejected_row
ORDER BY ALL
"""

EXCLUDED_ROWS = """
SELECT
    source_file AS file, source_row AS "row", reason, claim_id, claim_line_number,
    service_date, procedure_code, charge_amount, allowed_amount, paid_amount
FROM excluded_row
ORDER BY source_file, source_row, claim_line_number, line_id
"""


@dataclass(frozen=True)
class DataFile(Output):
    """A file of rows: Parquet or CSV, as its name ends, of what a SELECT over the run's tables gives."""

    query: str


OUTPUTS = (
    DataFile(
        "excluded_rows.csv",
        "rows left out (void, superseded, reversed, other month), with the reason",
        EXCLUDED_ROWS,
    ),
    DataFile("finding_lines.parquet", "every line that a finding concerns, with its share of the dollars", FINDING_LINES),
    DataFile(
        "findings.csv",
        "one row a finding: rule, line, arithmetic, potential dollars and how made, file and row ([columns](docs/findings.md))",
        FINDINGS,
    ),
    DataFile("findings.parquet", "the same, typed, for other programs", FINDINGS),
    DataFile(
        "rejected_rows.csv",
        "rows that could not be read, with the reason and no names ([how](docs/intake.md#rejected-rows))",
        REJECTED_ROWS,
    ),
)


def write(engine: Engine, folder: Path, namer: Namer) -> tuple[str, ...]:
    """Write the run's data files into the folder, patients as `namer` has them; returns their names in order."""

    @cache
    def table(query: str) -> pa.Table:
        found = engine.table(query)
        return named(found, namer) if "patient_id" in found.column_names else found

    for output in OUTPUTS:
        as_its_name_ends = write_csv if output.name.endswith(".csv") else write_parquet
        as_its_name_ends(table(output.query), folder / output.name)
    return tuple(output.name for output in OUTPUTS)
