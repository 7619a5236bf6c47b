"""Makes a synthetic export of any number of claim lines, in the canonical columns, as Parquet or CSV.

Every value follows from the line's number by hashing, so the same size gives the same rows on every machine. Patients,
payers and notes are invented; most visits are in order, a few per cent break a rule.

    python -m benchmarks.generate --lines 1000000 --out export.parquet
"""

import argparse
from pathlib import Path

import duckdb

_LINES = """
CREATE OR REPLACE MACRO pick(seed, salt, choices) AS CAST(hash(seed, salt) % choices AS INTEGER);

CREATE OR REPLACE TABLE line AS
WITH visit AS (
    SELECT
        range AS visit,
        1 + pick(range, 'codes', 5) AS codes
    FROM range($lines)
),

numbered AS (
    SELECT visit, codes, unnest(range(1, codes + 1)) AS line
    FROM visit
    LIMIT $lines
)
SELECT
    visit,
    line,
    codes,
    CAST(15 * (1 + pick(visit, line, 3)) + pick(visit, line * 7, 7) AS INTEGER) AS treated
FROM numbered;

CREATE OR REPLACE VIEW export AS
SELECT
    'C' || lpad(CAST(visit AS VARCHAR), 10, '0') AS claim_id,
    CAST(line AS INTEGER) AS claim_line_number,
    '1' AS claim_frequency_code,
    'paid' AS claim_status,
    'P' || lpad(CAST(pick(visit, 'patient', greatest(CAST($lines AS BIGINT) // 30, 1)) AS VARCHAR), 8, '0') AS patient_id,
    DATE '2024-01-01' + pick(visit, 'day', 700) AS service_date,
    DATE '2024-01-03' + pick(visit, 'day', 700) AS submitted_date,
    (['97110', '97140', '97112', '97530', '97124', '97035', 'G0283', '97116'])[1 + (pick(visit, 'first', 8) + line) % 8]
        AS procedure_code,
    CASE WHEN pick(visit, 'plan', 50) > 0 THEN 'GP' END AS modifier_1,
    CASE WHEN pick(visit, line, 40) = 0 THEN '59' END AS modifier_2,
    CAST(CASE WHEN pick(visit, line * 3, 60) = 0 THEN treated // 15 + 1 ELSE treated // 15 END AS DECIMAL(9, 2)) AS units,
    CASE WHEN pick(visit, line * 5, 100) > 0 THEN treated END AS "minutes",
    TIME '08:00:00' + INTERVAL 1 MINUTE * (pick(visit, 'hour', 500)) AS start_time,
    npis[2 + pick(visit, 'provider', 90)] AS rendering_npi,
    npis[1] AS billing_npi,
    '225100000X' AS rendering_taxonomy,
    (['Medicare Part B', 'Aetna', 'BCBS', 'UHC', 'State Medicaid', 'Work Comp Fund', 'Sunrise Medicare Advantage', 'Self Pay'])
        [1 + pick(visit, 'payer', 8)] AS payer_name,
    '11' AS place_of_service,
    'M54.50' AS diagnosis_1,
    CAST(45 * units AS DECIMAL(12, 2)) AS charge_amount,
    CAST(30 * units AS DECIMAL(12, 2)) AS allowed_amount,
    CAST(24 * units AS DECIMAL(12, 2)) AS paid_amount,
    CASE
        WHEN pick(visit, 'note', 3) = 0
            THEN (['Joint mobilization grade III to L', 'MFR to upper trapezius and C', 'Effleurage and petrissage, pain T'])
                [1 + pick(visit, line, 3)]
                || pick(visit, 'level', 7) || ', ' || treated || ' min, tolerated well, visit ' || visit
    END AS note_text,
    'Clinic ' || (1 + pick(visit, 'clinic', 3)) AS location
FROM line
CROSS JOIN (SELECT $npis AS npis) AS provider
"""


def npi(number: int) -> str:
    """The number-th NPI of an unassigned range: ten digits that pass the check digit (Luhn, prefix 80840)."""
    digits = f"80840{199990000 + number:09d}"
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits)))
    check = -sum(value // 10 + value % 10 for value in doubled) % 10
    return f"{digits[5:]}{check}"


def write(lines: int, path: Path) -> None:
    """Write so many claim lines; the suffix (.parquet or .csv) says how."""
    con = duckdb.connect()
    for statement in _LINES.split(";\n\n"):
        con.execute(statement.replace("$lines", str(lines)).replace("$npis", str([npi(n) for n in range(91)])))
    kind = "(FORMAT parquet)" if path.suffix == ".parquet" else "(FORMAT csv, HEADER)"
    con.execute(f"COPY (SELECT * FROM export) TO '{path}' {kind}")
    con.close()


def main() -> None:
    """Command line of the generator."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000, help="claim lines to write (default: 1000000)")
    parser.add_argument("--out", type=Path, default=Path("export.parquet"), help="file to write, .parquet or .csv")
    options = parser.parse_args()
    write(options.lines, options.out)
    print(f"{options.lines:,} lines in {options.out} ({options.out.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
