"""Whether a rival finds what the program finds in an export of `benchmarks.chain`."""

from pathlib import Path

import duckdb

CORE = ("CLM001", "MAN003", "MED001", "MOD001", "MOD002", "MOD003", "MOD008", "TIM001", "TIM002", "TIM003", "TIM004")


def differences(export: Path, findings: Path, found: Path) -> list[str]:
    """One sentence a rule whose findings, or whose dollars, differ; empty where all agree. All three are Parquet."""
    rows = duckdb.connect().execute(
        f"""
        WITH place AS (
            SELECT claim_id, claim_line_number, file_row_number AS line, encounter_id
            FROM read_parquet('{export}', file_row_number = TRUE)
        ),
        audited AS (
            SELECT
                rule_id,
                -- A visit is known by its first line, whichever line leads the finding.
                CASE WHEN starts_with(rule_id, 'TIM') THEN min(of_visit.line) ELSE any_value(place.line) END AS line,
                CASE WHEN NOT starts_with(rule_id, 'TIM') THEN any_value(CAST(amount_at_risk AS DOUBLE)) END AS amount
            FROM read_parquet('{findings}')
            INNER JOIN place USING (claim_id, claim_line_number)
            INNER JOIN place AS of_visit ON place.encounter_id = of_visit.encounter_id
            GROUP BY finding_id, rule_id
        ),
        rival AS (FROM read_parquet('{found}'))
        SELECT
            coalesce(audited.rule_id, rival.rule_id) AS rule_id,
            count(*) FILTER (WHERE rival.line IS NULL) AS missed,
            count(*) FILTER (WHERE audited.line IS NULL) AS added,
            count(*) FILTER (WHERE abs(audited.amount - rival.amount) > 0.005) AS of_other_dollars
        FROM audited
        FULL JOIN rival ON audited.rule_id = rival.rule_id AND audited.line = rival.line
        GROUP BY ALL
        HAVING missed + added + of_other_dollars > 0
        ORDER BY ALL
        """
    ).fetchall()  # fmt: skip
    return [f"{rule}: {missed} missed, {added} added, {other} of other dollars" for rule, missed, added, other in rows]
