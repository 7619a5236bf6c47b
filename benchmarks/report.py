"""How long the report of a run with very many findings takes, and how large its files are.

Makes a stored run of any number of synthetic findings, renders everything from it, and prints seconds, bytes and the rows
that the workbook holds. Judges nothing. Every value follows from the finding's number.

    python -m benchmarks.report --findings 1000000
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from audit import rules
from audit.report import ReportOptions, write_all, write_report
from audit.report.sections import listed
from audit.runs.format import manifest as stored_run, stored
from audit.runs.format.manifest import FORMAT, Manifest
from audit.settings import config as configuration
from benchmarks.generate import npi

_RULES = ("TIM001", "TIM004", "MOD003", "MOD008", "MAN001", "MAN003", "MED001", "DOC001", "CLM001", "MED003")
_PROVIDERS = 200
_NOTHING = Decimal("0.00")
_FINDINGS = """
SELECT
    printf('%016x', range) AS finding_id, rule.id AS rule_id, CAST(1 AS INTEGER) AS rule_version, rule.family, rule.severity,
    rule.confidence, rule.direction, rule.subject, 'C' || lpad(CAST(range // 2 AS VARCHAR), 10, '0') AS claim_id,
    CAST(1 + range % 2 AS INTEGER) AS claim_line_number, 'P' || CAST(range % 90000 AS VARCHAR) AS patient_id,
    DATE '2025-11-01' + CAST(range % 30 AS INTEGER) AS service_date, $npis[1 + range % 200] AS rendering_npi,
    $npis[1] AS billing_npi, 'Payer ' || CAST(range % 40 AS VARCHAR) AS payer_name, 'commercial' AS payer_class,
    (['97110', '97140', '97124', '97112'])[1 + range % 4] AS procedure_code, 'GP' AS modifiers,
    CAST(2 + range % 3 AS DECIMAL(11, 2)) AS units_billed, CAST(1 + range % 3 AS DECIMAL(11, 2)) AS units_supported,
    CAST(15 + range % 40 AS INTEGER) AS "minutes",
    CAST(CASE WHEN rule.direction IN ('over', 'under') THEN 20 + range % 4000 / 100 ELSE 0 END AS DECIMAL(14, 2))
        AS amount_at_risk,
    CAST(CASE WHEN rule.direction = 'over' THEN amount_at_risk ELSE 0 END AS DECIMAL(14, 2)) AS counted_once,
    CASE WHEN amount_at_risk > 0 THEN '$' || amount_at_risk || ' of the line' ELSE '' END AS how_made,
    (15 + range % 40) || ' timed minutes support '
        || (1 + range % 3) || ' units; ' || (2 + range % 3) || ' were billed' AS message,
    '{}' AS evidence, CASE WHEN range % 10 = 0 THEN 'repeat' ELSE 'new' END AS status,
    'export.csv' AS source_file, range AS source_row
FROM range($findings)
INNER JOIN rule ON range % len($rules) = rule.place
ORDER BY rule_id, service_date, claim_id, claim_line_number, finding_id
"""
_GROUP = """
SELECT
    {key}, count(*) * 10 AS lines, count(*) * 4 AS visits, CAST(count(*) * 310 AS DECIMAL(14, 2)) AS amount, count(*) AS findings,
    count(*) AS lines_with_error,
    CAST(coalesce(sum(amount_at_risk) FILTER (WHERE direction = 'over'), 0) AS DECIMAL(14, 2)) AS over_gross,
    over_gross AS over_once,
    CAST(coalesce(sum(amount_at_risk) FILTER (WHERE direction = 'under'), 0) AS DECIMAL(14, 2)) AS under_gross
FROM finding GROUP BY {key} ORDER BY {key}
"""


def make_run(folder: Path, findings: int) -> None:
    """Write manifest.json, findings.parquet and finding_lines.parquet of a run with so many findings."""
    con = duckdb.connect()
    catalogue = {rule.id: rule for rule in rules.load()}
    con.execute(
        "CREATE TABLE rule (place INTEGER, id TEXT, family TEXT, severity TEXT, confidence TEXT, direction TEXT, subject TEXT)"
    )
    for place, name in enumerate(_RULES):
        front = catalogue[name].front
        facts = [place, name, front.family, front.severity, front.confidence, front.direction, front.subject]
        con.execute("INSERT INTO rule VALUES (?, ?, ?, ?, ?, ?, ?)", facts)
    values = {
        "$npis": str([npi(number) for number in range(_PROVIDERS)]),
        "$findings": str(findings),
        "$rules": str(list(_RULES)),
    }
    query = _FINDINGS
    for name, value in values.items():
        query = query.replace(name, value)
    con.execute(f"CREATE TABLE finding AS {query}")
    con.execute(f"COPY finding TO '{folder / 'findings.parquet'}' (FORMAT parquet)")
    lines = "SELECT finding_id, claim_id, claim_line_number, amount_at_risk FROM finding"
    con.execute(f"COPY ({lines}) TO '{folder / 'finding_lines.parquet'}' (FORMAT parquet)")
    stored.write(_manifest(con, catalogue, findings), folder, ())
    con.close()


def _manifest(con: duckdb.DuckDBPyConnection, catalogue: dict[str, rules.Rule], findings: int) -> Manifest:
    def grouped(key: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = con.sql(_GROUP.format(key=key)).to_arrow_table().to_pylist()
        return rows

    by_rule = {row["rule_id"]: row for row in grouped("rule_id")}
    by_direction = {row["direction"]: row for row in grouped("direction")}

    def found(direction: str) -> dict[str, Any]:
        row = by_direction.get(direction, {})
        return {"findings": row.get("findings", 0), "gross": row.get(f"{direction}_gross", _NOTHING)}

    over = found("over")
    first, last = date(2025, 11, 1), date(2025, 11, 30)
    return Manifest(
        format=FORMAT,
        free_keys=(),
        run=stored_run.Run(
            "0" * 16,
            "2025-11",
            datetime(2026, 1, 5, 6, tzinfo=UTC),
            None,
            "Synthetic",
            "2025-11",
            first,
            last,
            "pseudonym",
            final=False,
        ),
        software=stored_run.Software("0", "0", "0", "duckdb", None, None),
        config=msgspec.convert(configuration.as_json(configuration.Config(("synthetic",))), stored_run.Settings),
        inputs=(),
        control_totals=stored_run.ControlTotals(stored_run.Rows(0, 0, 0, 0), stored_run.DollarsRead(None, None, None), ties=True),
        exclusions=(),
        rejections=(),
        warnings=(),
        notes=(),
        money_basis="paid_amount",
        payers=(),
        filled_columns=(),
        references=(),
        rules=tuple(_rule(catalogue[name], by_rule.get(name, {}), findings) for name in _RULES),
        history=stored_run.History(None, None, None, 0, (), ()),
        suppressions=(),
        review=None,
        totals=stored_run.Totals(
            claims=findings * 5,
            lines=findings * 10,
            visits=findings * 4,
            patients=90_000,
            providers=_PROVIDERS,
            claims_with_error=findings // 2,
            lines_with_error=findings,
            amount=Decimal("1.00"),
            lines_without_amount=0,
            over=stored_run.FoundOver(**over, counted_once=over["gross"]),
            under=stored_run.Found(**found("under")),
            coding=stored_run.Found(**found("coding")),
            none=stored_run.Found(**found("none")),
        ),
        summary=stored_run.Summary(
            by_code=tuple(stored_run.CodeFigures(**row, plain_name=None) for row in grouped("procedure_code")),
            by_column=(),
            by_day=(),
            by_location=(),
            by_modifier_59=(),
            by_month=(),
            by_payer=tuple(stored_run.PayerFigures(**row, payer_class="commercial") for row in grouped("payer_name")),
            by_provider=tuple(
                stored_run.ProviderFigures(**row, provider_role="physical_therapist") for row in grouped("rendering_npi")
            ),
            by_provider_name=(),
            by_timed_minutes=(),
        ),
        outputs=(),
    )


def _rule(rule: rules.Rule, found: dict[str, Any], findings: int) -> stored_run.StoredRule:
    said = {name: value for name, value in msgspec.structs.asdict(rule.front).items() if name != "params"}
    return stored_run.StoredRule(
        **said,
        params=dict(rule.values),
        param_help={name: param.help for name, param in rule.front.params.items()},
        sql=rule.sql,
        sql_sha256=rule.sha256,
        status="done",
        error="",
        population=findings * 10,
        evaluated=findings * 10,
        flagged=found.get("findings", 0),
        not_evaluated=(),
        lines_flagged=found.get("findings", 0),
        gross_at_risk=found.get("over_gross", _NOTHING),
    )


def timed(work: Callable[[], object]) -> str:
    """How long the work takes, by the clock and by the processor: on a busy machine only the latter is its own."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - clock:8.1f} s, {time.process_time() - processor:.1f} s of processor"


def main() -> None:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=1_000_000, help="findings of the stored run (default: 1000000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_run(folder, options.findings)
        shown = ReportOptions(patients="pseudonym", key_file=folder / "key")
        page, everything = (timed(partial(work, folder, shown)) for work in (write_report, write_all))
        cards, beside = list((folder / "providers").iterdir()), list(folder.glob("findings/*.html"))
        held = min(options.findings, listed.IN_WORKBOOK)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{options.findings:,} findings")
        print(f"  report.html    {(folder / 'report.html').stat().st_size:12,} bytes {page}")
        print(f"  findings.xlsx  {(folder / 'findings.xlsx').stat().st_size:12,} bytes; {held:,} rows of findings")
        print(f"  providers/     {sum(card.stat().st_size for card in cards):12,} bytes in {len(cards)} pages")
        print(f"  findings/      {sum(page.stat().st_size for page in beside):12,} bytes in {len(beside)} pages")
        print(f"  all of them    {'':18} {everything}; peak memory {memory:,.0f} MB")


if __name__ == "__main__":
    main()
