"""Makes a run folder as `claims-audit run` leaves it, so that the report can be tested without an audit.

Everything is drawn from a seeded generator: the same call writes the same folder. No person stands behind any row.
"""

import json
import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.report.fixture_rules import RULES, SampleRule

MONEY = pa.decimal128(12, 2)
FINDINGS = pa.schema(
    [
        *((name, pa.string()) for name in ("finding_id", "rule_id")),
        ("rule_version", pa.int32()),
        *((name, pa.string()) for name in ("family", "severity", "confidence", "direction", "subject", "claim_id")),
        ("claim_line_number", pa.int32()),
        ("patient_id", pa.string()),
        ("service_date", pa.date32()),
        *(
            (name, pa.string())
            for name in ("rendering_npi", "billing_npi", "payer_name", "payer_class", "procedure_code", "modifiers")
        ),
        ("units_billed", pa.decimal128(9, 2)),
        ("units_supported", pa.decimal128(9, 2)),
        ("minutes", pa.int32()),
        ("amount_at_risk", MONEY),
        *((name, pa.string()) for name in ("message", "evidence", "status", "source_file")),
        ("source_row", pa.int64()),
    ]
)
LINES = pa.schema(
    [("finding_id", pa.string()), ("claim_id", pa.string()), ("claim_line_number", pa.int32()), ("amount_at_risk", MONEY)]
)
PROVIDERS = (
    ("1234567893", "physical therapist", 2400),
    ("1003000126", "physical therapist", 1900),
    ("1003000134", "physical therapist assistant", 1500),
    ("1003000142", "occupational therapist", 1300),
    ("1003000159", "massage therapist", 900),
    ("1003000167", "chiropractor", 700),
    ("1003000175", "physical therapist", 22),
)
PAYERS = (
    ("Medicare Part B", "MB", "medicare_ffs", "cms", True, "not_covered", 2900),
    ("Sunrise Advantage HMO", "16", "medicare_advantage", "cms", True, "unknown", 1400),
    ("Bluebird Health", "BL", "blues", "either", None, "unknown", 2100),
    ("Northwind Commercial", "CI", "commercial", "either", None, "unknown", 1600),
    ("State Fund Workers Comp", "WC", "workers_comp", "either", None, "unknown", 522),
    ("Self pay", "09", "self_pay", "none", False, "unknown", 200),
)
FILES = ("clinic_east_2025-11.csv", "clinic_west_2025-11.csv")


def finding_rows(rule: SampleRule, count: int, rng: random.Random) -> list[dict[str, Any]]:
    """`count` findings of one rule, each on a claim line of its own."""
    rows = []
    for number in range(count):
        payer = rng.choice(PAYERS[:5]) if rule.payers is None else PAYERS[rng.choice(rule.payers)]
        billed = rng.randint(2, 5)
        minutes = rng.randint(8, 22) + 15 * (billed - 2)
        amount = Decimal(rng.randint(2400, 6900)) / 100 if rule.priced else Decimal("0.00")
        source_row = rng.randint(1, 4100)
        rows.append(
            {
                "finding_id": f"{rule.id.lower()}{number:010x}",
                "rule_id": rule.id,
                "rule_version": 1,
                "family": rule.family,
                "severity": rule.severity,
                "confidence": rule.confidence,
                "direction": rule.direction,
                "subject": rule.subject,
                "claim_id": f"C{10000 + source_row // 3}",
                "claim_line_number": source_row % 3 + 1,
                "patient_id": f"PATIENT-{rng.randint(1, 600):04d}",
                "service_date": date(2025, 11, 1) + timedelta(days=rng.randint(0, 29)),
                "rendering_npi": rng.choices(PROVIDERS, [p[2] for p in PROVIDERS])[0][0],
                "billing_npi": "1992000000",
                "payer_name": payer[0],
                "payer_class": payer[2],
                "procedure_code": rng.choice(rule.codes),
                "modifiers": rng.choice(("GP", "59 GP", "GP KX", "")),
                "units_billed": Decimal(billed),
                "units_supported": Decimal(billed - 1),
                "minutes": minutes,
                "amount_at_risk": amount,
                "message": rule.message.format(minutes=minutes, billed=billed, supported=billed - 1),
                "evidence": json.dumps({"minutes": minutes, "billed": billed, "supported": billed - 1}),
                "status": rng.choices(("new", "repeat"), (7, 3))[0],
                "source_file": rng.choice(FILES),
                "source_row": source_row,
            }
        )
    return rows


def _dollars(amounts: Iterable[Decimal]) -> str:
    return str(sum(amounts, Decimal("0.00")))


def _lines_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = ("finding_id", "claim_id", "claim_line_number", "amount_at_risk")
    return [{key: row[key] for key in keys} for row in rows]


def _rule_entry(rule: SampleRule, rows: list[dict[str, Any]]) -> dict[str, Any]:
    mine = [row for row in rows if row["rule_id"] == rule.id]
    skipped = sum(count for _, count in rule.not_evaluated)
    return {
        **{
            key: getattr(rule, key) for key in ("id", "name", "title", "family", "severity", "confidence", "direction", "subject")
        },
        **{key: getattr(rule, key) for key in ("why", "fix", "false_positives", "sql", "error")},
        "version": 1,
        "since": "0.1.0",
        "reads": ["claim_line"],
        "references": list(rule.references),
        "params": {"min_excess": 1} if rule.family == "time" else {},
        "sql_sha256": "5" * 64,
        "status": "error" if rule.error else "done",
        "population": rule.population,
        "evaluated": rule.population - skipped,
        "flagged": len(mine),
        "not_evaluated": [{"reason": reason, "count": count} for reason, count in rule.not_evaluated],
        "lines_flagged": len(mine),
        "gross_at_risk": _dollars(row["amount_at_risk"] for row in mine),
    }


def _with_error(rows: list[dict[str, Any]]) -> set[tuple[str, int]]:
    wrong = (row for row in rows if row["direction"] != "none" and row["confidence"] != "pattern")
    return {(row["claim_id"], row["claim_line_number"]) for row in wrong}


def _exposure(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Sums of a group of findings, as the summary tables of the manifest give them."""
    over: dict[tuple[str, int], Decimal] = {}
    for row in rows:
        if row["direction"] == "over":
            key = (row["claim_id"], row["claim_line_number"])
            over[key] = max(over.get(key, Decimal("0.00")), row["amount_at_risk"])
    return {
        "findings": len(rows),
        "lines_with_error": len(_with_error(rows)),
        "over_gross": _dollars(row["amount_at_risk"] for row in rows if row["direction"] == "over"),
        "over_once": _dollars(over.values()),
        "under_gross": _dollars(row["amount_at_risk"] for row in rows if row["direction"] == "under"),
    }


def _group(rows: list[dict[str, Any]], key: str, value: str, lines: int, **extra: Any) -> dict[str, Any]:
    mine = [row for row in rows if row[key] == value]
    return {**extra, "lines": lines, "visits": lines // 2, "amount": str(Decimal(lines * 31)), **_exposure(mine)}


def _summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    codes = (("97124", "massage", 1210), ("97140", "manual therapy", 2300), ("97110", "therapeutic exercise", 5212))
    return {
        "by_provider": [_group(rows, "rendering_npi", n, c, rendering_npi=n, provider_role=r) for n, r, c in PROVIDERS],
        "by_payer": [_group(rows, "payer_name", p[0], p[6], payer_name=p[0], payer_class=p[2]) for p in PAYERS],
        "by_code": [_group(rows, "procedure_code", c, n, procedure_code=c, plain_name=name) for c, name, n in codes],
        "by_month": [{"month": "2025-11", "lines": 8722, "visits": 4361, "amount": "270382.00", **_exposure(rows)}],
        "by_location": [_group(rows, "source_file", f, 4361, location=n) for f, n in zip(FILES, ("East", "West"), strict=True)],
    }


def _input(name: str, digit: str) -> dict[str, Any]:
    dollars = {"read": "140350.50", "audited": "135191.00", "excluded": "5000.00", "rejected": "159.50"}
    return {
        "file": name,
        "path": f"exports/{name}",
        "format": "csv",
        "size_bytes": 1834022,
        "sha256": digit * 64,
        "rows": {"read": 4404, "audited": 4361, "excluded": 38, "rejected": 5},
        "dollars": {"charge_amount": dollars, "allowed_amount": None, "paid_amount": dollars},
        "mapping": [
            {"name": "claim_id", "source_column": "Claim #", "how": "alias"},
            {"name": "procedure_code", "source_column": "CPT", "how": "alias"},
        ],
        "unmapped_columns": ["Scheduler", "Color tag"],
    }


def _totals(rows: list[dict[str, Any]]) -> dict[str, Any]:
    exposure = _exposure(rows)
    by = {d: [row for row in rows if row["direction"] == d] for d in ("over", "under", "coding", "none")}
    return {
        "claims": 1370,
        "lines": 8722,
        "visits": 4361,
        "patients": 600,
        "providers": 7,
        "claims_with_error": len({claim for claim, _ in _with_error(rows)}),
        "lines_with_error": len(_with_error(rows)),
        "amount": "270382.00",
        "over": {"findings": len(by["over"]), "gross": exposure["over_gross"], "counted_once": exposure["over_once"]},
        "under": {"findings": len(by["under"]), "gross": exposure["under_gross"]},
        "coding": {"findings": len(by["coding"]), "gross": _dollars(row["amount_at_risk"] for row in by["coding"])},
        "none": {"findings": len(by["none"])},
    }


def _trend(totals: dict[str, Any]) -> list[dict[str, Any]]:
    """Two earlier runs, the first judged by other rules, and this one."""
    figures = {name: totals[name] for name in ("claims", "lines", "claims_with_error", "lines_with_error", "amount")}
    money = {"over_once": totals["over"]["counted_once"], "under_gross": totals["under"]["gross"]}
    entries = []
    for month, last, wrong in (("09", "30", 540), ("10", "31", 470), ("11", "30", totals["lines_with_error"])):
        dates = {"first_service_date": f"2025-{month}-01", "last_service_date": f"2025-{month}-{last}"}
        counts = {"findings": 600, "judged": 50_000, "not_judged": 9_000, "failed_rules": 1, "differs": {}}
        entries.append(
            {"label": f"2025-{month}", "run_id": month, **figures, **money, **dates, **counts, "lines_with_error": wrong}
        )
    entries[0]["differs"] = {"rules": ["MAN004", "TIM001"], "references": ["ptp_edit"]}
    return entries


def manifest_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The manifest of a run over two clinics' files that found `rows`."""
    dollars = {"read": "280701.00", "audited": "270382.00", "excluded": "10000.00", "rejected": "319.00"}
    names = ("payer_name", "claim_filing_indicator", "payer_class", "unit_rule", "follows_ncci", "massage_coverage", "lines")
    return {
        "format": 2,
        "run": {
            "id": "0123456789abcdef",
            "label": "2025-11",
            "created_at": "2026-01-05T06:00:00Z",
            "auditor": "Compliance desk",
            "entity": "Two Rivers Therapy",
            "period": "2025-11",
            "first_service_date": "2025-11-01",
            "last_service_date": "2025-11-30",
        },
        "software": {"claims-audit": "0.1.0", "duckdb": "2.0.0", "python": "3.11.7"},
        "config": {"money": "paid", "select": []},
        "inputs": [_input(name, digit) for name, digit in zip(FILES, "ab", strict=True)],
        "control_totals": {
            "rows": {"read": 8808, "audited": 8722, "excluded": 76, "rejected": 10},
            "dollars": {"charge_amount": dollars, "allowed_amount": None, "paid_amount": dollars},
            "ties": True,
        },
        "exclusions": [
            {"reason": "void claim", "rows": 30, "charge_amount": "4000.00", "allowed_amount": None, "paid_amount": "4000.00"},
            {"reason": "repeated row", "rows": 46, "charge_amount": "6000.00", "allowed_amount": None, "paid_amount": "6000.00"},
        ],
        "rejections": [
            {"column": "units", "reason": "not a number", "rows": 6},
            {"column": "service_date", "reason": "not a date", "rows": 4},
        ],
        "warnings": ["The export has no column for start_time; rules that need clock times did not run on any line."],
        "money_basis": "paid_amount",
        "payers": [
            {**dict(zip(names, p, strict=True)), "payer_id": None, "decided_by": "filing indicator", "amount": str(p[6] * 31)}
            for p in PAYERS
        ],
        "filled_columns": [
            "claim_id",
            "claim_line_number",
            "patient_id",
            "service_date",
            "procedure_code",
            "units",
            "minutes",
            "payer_name",
        ],
        "references": [
            {
                "table": "ptp_edit",
                "edition": "2024-07-01",
                "source": "CMS NCCI practitioner PTP edits",
                "coverage": "pairs among therapy, CMT, OMT and office-visit codes only",
                "rows": 2211,
                "sha256": "c" * 64,
            },
        ],
        "rules": [_rule_entry(rule, rows) for rule in RULES],
        "history": {"previous": "2025-10", "resolved": 3, "trend": _trend(_totals(rows))},
        "totals": _totals(rows),
        "summary": _summary(rows),
        "outputs": [{"file": "findings.csv", "size_bytes": 120000, "sha256": "d" * 64}],
    }


def write_tables(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Write findings.parquet and finding_lines.parquet of these findings."""
    pq.write_table(pa.Table.from_pylist(rows, schema=FINDINGS), folder / "findings.parquet")
    pq.write_table(pa.Table.from_pylist(_lines_of(rows), schema=LINES), folder / "finding_lines.parquet")


def make_run(
    folder: Path,
    seed: int = 7,
    change: Callable[[list[dict[str, Any]], dict[str, Any]], None] | None = None,
) -> Path:
    """A run folder with findings of every sample rule; `change` may alter findings and manifest before they are written."""
    rng = random.Random(seed)
    rows = [row for rule in RULES for row in finding_rows(rule, rule.count, rng)]
    manifest = manifest_of(rows)
    if change is not None:
        change(rows, manifest)
    folder.mkdir(parents=True, exist_ok=True)
    write_tables(folder, rows)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return folder
