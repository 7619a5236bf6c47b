"""The data files of a run: findings as Parquet and CSV, the lines they concern, rows refused, rows left out.

CSV files are opened in spreadsheets by people: a text cell that a spreadsheet would take for a formula gets an
apostrophe in front, and characters that turn the direction of text become visible marks. Parquet files hold the text as
it is.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from audit.engine.duckdb_session import Session

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

_FORMULA_START = r"^[\s\x00]*[=+\-@\t\r|%\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]"
_TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def write(session: Session, folder: Path) -> tuple[str, ...]:
    """Write the run's data files into the folder; returns their names in order."""
    findings = session.table(FINDINGS)
    pq.write_table(findings, folder / "findings.parquet", compression="zstd")
    pq.write_table(session.table(FINDING_LINES), folder / "finding_lines.parquet", compression="zstd")
    _write_csv(findings, folder / "findings.csv")
    _write_csv(session.table(REJECTED_ROWS), folder / "rejected_rows.csv")
    _write_csv(session.table(EXCLUDED_ROWS), folder / "excluded_rows.csv")
    return ("excluded_rows.csv", "finding_lines.parquet", "findings.csv", "findings.parquet", "rejected_rows.csv")


def inert(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A text column that begins no formula, holds no NUL and turns no text around; other columns as they are."""
    if not pa.types.is_string(column.type):
        return column
    column = pc.replace_substring(column, pattern="\0", replacement="")
    if pc.any(pc.match_substring_regex(column, f"[{_TURNS}]")).as_py():
        for turn in _TURNS:
            column = pc.replace_substring(column, pattern=turn, replacement=f"[U+{ord(turn):04X}]")
    starts_formula = pc.match_substring_regex(column, _FORMULA_START)
    return pc.if_else(starts_formula, pc.binary_join_element_wise("'", column, ""), column)


def _write_csv(table: pa.Table, path: Path) -> None:
    safe = pa.table({name: inert(table[name]) for name in table.column_names})
    pa_csv.write_csv(safe, path, pa_csv.WriteOptions(quoting_style="needed"))
