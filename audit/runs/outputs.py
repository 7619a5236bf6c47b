"""The data files of a run: findings as Parquet and CSV, the lines they concern, rows refused, rows left out."""

from pathlib import Path

from audit.engine.interface import Engine
from audit.files.tables import write_csv, write_parquet

FINDINGS = """
SELECT
    finding_id, rule_id, rule_version, family, severity, confidence, direction, subject, claim_id, claim_line_number,
    patient_id, service_date, rendering_npi, billing_npi, payer_name, payer_class, procedure_code, modifiers,
    units_billed, units_supported, "minutes", amount_at_risk, message, evidence, status, source_file, source_row
FROM finding
ORDER BY rule_id, service_date, claim_id, claim_line_number, finding_id
"""
FINDING_LINES = """
SELECT finding_id, claim_id, claim_line_number, amount_at_risk
FROM finding_line
ORDER BY rule_id, finding_id, claim_id, claim_line_number, line_id
"""
REJECTED_ROWS = """
SELECT source_file AS file, source_row AS "row", column_name AS "column", "value", reason
FROM rejected_row
ORDER BY ALL
"""

EXCLUDED_ROWS = """
SELECT
    claim_row.source_file AS file, claim_row.source_row AS "row", excluded_line.reason, claim_id, claim_line_number,
    service_date, procedure_code, charge_amount, allowed_amount, paid_amount
FROM excluded_line
INNER JOIN claim_row USING (line_id)
ORDER BY claim_row.line_id
"""


def write(engine: Engine, folder: Path) -> tuple[str, ...]:
    """Write the run's data files into the folder; returns their names in order."""
    findings = engine.table(FINDINGS)
    write_parquet(findings, folder / "findings.parquet")
    write_parquet(engine.table(FINDING_LINES), folder / "finding_lines.parquet")
    write_csv(findings, folder / "findings.csv")
    write_csv(engine.table(REJECTED_ROWS), folder / "rejected_rows.csv")
    write_csv(engine.table(EXCLUDED_ROWS), folder / "excluded_rows.csv")
    return ("excluded_rows.csv", "finding_lines.parquet", "findings.csv", "findings.parquet", "rejected_rows.csv")
