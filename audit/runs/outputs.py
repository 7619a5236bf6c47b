"""The data files of a run: findings as Parquet and CSV, the lines they concern, all lines audited, rows refused or left out."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

from audit.engine.interface import Engine
from audit.files.output import Output
from audit.files.tables import write_batches, write_csv, write_parquet
from audit.machine import profile
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
SELECT
    finding_id, finding_line.rule_id, direction, is_lead, is_error, is_counted, finding_line.claim_id,
    finding_line.claim_line_number, service_date, rendering_npi, payer_name, procedure_code, location,
    claim_line.line_amount, amount_at_risk, coalesce(counted_once, 0) AS counted_once, how_made, source_file, source_row
FROM finding_line
INNER JOIN claim_line USING (line_id)
INNER JOIN line_made USING (finding_id, line_id)
LEFT JOIN line_share USING (finding_id, line_id)
ORDER BY finding_line.rule_id, finding_id, finding_line.claim_id, finding_line.claim_line_number, line_id
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
# Every audited line once, with what it can put at risk and the rules that flag it; samples are drawn from these. A key that
# stands twice in the export is told apart by `occurrence`, which is made of what the rows say.
AUDITED_LINES = """
SELECT
    claim_id, claim_line_number, CAST(coalesce(occurrence, 1) AS INTEGER) AS occurrence, patient_id, service_date, payer_name,
    rendering_npi, procedure_code, array_to_string(modifiers, ' ') AS modifiers, units, "minutes", line_amount,
    coalesce(counted_once, 0) AS counted_once, bearing_rule, coalesce(rules, '') AS rules,
    coalesce(over_rules, '') AS over_rules, source_file, source_row
FROM claim_line
LEFT JOIN line_occurrence USING (line_id)
LEFT JOIN (
    SELECT
        line_id,
        string_agg(DISTINCT rule_id, ' ' ORDER BY rule_id) AS rules,
        string_agg(DISTINCT rule_id, ' ' ORDER BY rule_id) FILTER (WHERE direction = 'over') AS over_rules
    FROM finding_line
    WHERE is_counted
    GROUP BY line_id
) AS flagged USING (line_id)
LEFT JOIN (
    SELECT
        line_id,
        CAST(sum(counted_once) AS DECIMAL(12, 2)) AS counted_once,
        first(rule_id ORDER BY counted_once DESC, finding_id) AS bearing_rule
    FROM line_share
    INNER JOIN (SELECT finding_id, rule_id FROM finding) AS named_finding USING (finding_id)
    GROUP BY line_id
) AS share USING (line_id)
ORDER BY claim_id, claim_line_number, occurrence
"""


@dataclass(frozen=True)
class DataFile(Output):
    """A file of rows: Parquet or CSV, as its name ends, of what a SELECT over the run's tables gives.

    A `large` one is as long as the export, and is written in Parquet as its rows come.
    """

    query: str
    large: bool = False


OUTPUTS = (
    DataFile(
        "audited_lines.parquet",
        "every audited line with its amount and the rules that flag it, to draw samples from ([how](docs/sampling.md))",
        AUDITED_LINES,
        large=True,
    ),
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
        with profile.part("output", output.name):
            if output.large:
                rows = engine.batches(output.query)
                write_batches((named(pa.table(batch), namer) for batch in rows), rows.schema, folder / output.name)
                continue
            as_its_name_ends = write_csv if output.name.endswith(".csv") else write_parquet
            as_its_name_ends(table(output.query), folder / output.name)
    return tuple(output.name for output in OUTPUTS)
