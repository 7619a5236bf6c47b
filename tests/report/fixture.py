"""Makes a run folder as `claims-audit run` leaves it, so that the report can be tested without an audit.

Everything is drawn from a seeded generator: the same call writes the same folder. No person stands behind any row.
"""

import json
import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from audit.model import MappedColumn, NotEvaluated, Rejection
from audit.reference.loaded import Edition
from audit.runs.format import stored
from audit.runs.format.free_keys import free_keys
from audit.runs.format.manifest import (
    FORMAT,
    CodeFigures,
    ColumnFilled,
    ControlTotals,
    DayLines,
    Dollars,
    DollarsRead,
    Exclusion,
    Found,
    FoundOver,
    History,
    Input,
    LocationFigures,
    Manifest,
    MonthFigures,
    Output,
    PastFigures,
    Payer,
    PayerFigures,
    ProviderFigures,
    Rows,
    Run,
    Settings,
    Software,
    StoredRule,
    Summary,
    Suppression,
    Totals,
)
from audit.settings.config import Config, as_json
from audit.terms import DIRECTIONS, PayerClass
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
        ("counted_once", MONEY),
        *((name, pa.string()) for name in ("how_made", "message", "evidence", "status", "source_file")),
        ("source_row", pa.int64()),
        ("rests_on", pa.string()),
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
PAYERS: tuple[tuple[str, str, PayerClass, Any, bool | None, Any, int], ...] = (
    ("Medicare Part B", "MB", "medicare_ffs", "cms", True, "not_covered", 2900),
    ("Sunrise Advantage HMO", "16", "medicare_advantage", "cms", True, "unknown", 1400),
    ("Bluebird Health", "BL", "blues", "either", None, "unknown", 2100),
    ("Northwind Commercial", "CI", "commercial", "either", None, "unknown", 1600),
    ("State Fund Workers Comp", "WC", "workers_comp", "either", None, "unknown", 522),
    ("Self pay", "09", "self_pay", "none", False, "unknown", 200),
)
DAYS = (date(2025, 11, 1), date(2025, 11, 30))
FILLED = (
    "claim_id", "claim_line_number", "patient_id", "service_date", "procedure_code", "units", "minutes", "payer_name",
)  # fmt: skip
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
                "counted_once": Decimal("0.00"),
                "how_made": f"${amount} paid, the whole line" if amount else None,
                "message": rule.message.format(minutes=minutes, billed=billed, supported=billed - 1),
                "evidence": json.dumps({"minutes": minutes, "billed": billed, "supported": billed - 1}),
                "status": rng.choices(("new", "repeat"), (7, 3))[0],
                "source_file": rng.choice(FILES),
                "source_row": source_row,
                "rests_on": f"{source_row:x}",
            }
        )
    return rows


def _dollars(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal("0.00"))


def with_shares(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings with the share of each that is counted once: the first of the largest on a claim line bears it."""
    bearer: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = (row["claim_id"], row["claim_line_number"])
        counts = row["direction"] == "over" and row["status"] != "suppressed"
        if counts and row["amount_at_risk"] > bearer.get(key, {"amount_at_risk": Decimal("0.00")})["amount_at_risk"]:
            bearer[key] = row
    borne = {id(row) for row in bearer.values()}
    return [{**row, "counted_once": row["amount_at_risk"] if id(row) in borne else Decimal("0.00")} for row in rows]


def _lines_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = ("finding_id", "claim_id", "claim_line_number", "amount_at_risk")
    return [{key: row[key] for key in keys} for row in rows]


def _rule_entry(rule: SampleRule, rows: list[dict[str, Any]]) -> StoredRule:
    mine = [row for row in rows if row["rule_id"] == rule.id]
    skipped = sum(count for _, count in rule.not_evaluated)
    return StoredRule(
        id=rule.id,
        name=rule.name,
        title=rule.title,
        family=rule.family,
        severity=rule.severity,
        confidence=rule.confidence,
        direction=rule.direction,
        subject=rule.subject,
        examines=rule.examines,
        partition_by="patient",
        reads=["claim_line"],
        version=1,
        since="0.1.0",
        checks="Whether the billed service is what the export says it is.",
        why=rule.why,
        numerator="what the rule flags",
        denominator="what the rule examines",
        applies_to="every payer",
        not_evaluated_when="the export lacks what the rule reads",
        flagged_example="One that is flagged.",
        correct_example="One that is not.",
        fix=rule.fix,
        false_positives=rule.false_positives,
        references=list(rule.references),
        params={"min_excess": 1} if rule.family == "time" else {},
        param_help={"min_excess": "units beyond the minutes from which a visit is flagged"} if rule.family == "time" else {},
        sql=rule.sql,
        sql_sha256="5" * 64,
        status="error" if rule.error else "done",
        error=rule.error,
        population=rule.population,
        evaluated=rule.population - skipped,
        flagged=len(mine),
        not_evaluated=tuple(NotEvaluated(reason, count) for reason, count in rule.not_evaluated),
        lines_flagged=len(mine),
        gross_at_risk=_dollars(row["amount_at_risk"] for row in mine),
    )


def _with_error(rows: list[dict[str, Any]]) -> set[tuple[str, int]]:
    wrong = (row for row in rows if row["direction"] != "none" and row["confidence"] != "pattern")
    return {(row["claim_id"], row["claim_line_number"]) for row in wrong}


def figures_of(rows: list[dict[str, Any]], lines: int) -> dict[str, Any]:
    """Figures of a group of lines and of the findings on them, as the summary tables of the manifest give them."""
    over: dict[tuple[str, int], Decimal] = {}
    for row in rows:
        if row["direction"] == "over":
            key = (row["claim_id"], row["claim_line_number"])
            over[key] = max(over.get(key, Decimal("0.00")), row["amount_at_risk"])
    return {
        "lines": lines,
        "visits": lines // 2,
        "amount": Decimal(lines * 31).quantize(Decimal("0.01")),
        "findings": len(rows),
        "lines_with_error": len(_with_error(rows)),
        "over_gross": _dollars(row["amount_at_risk"] for row in rows if row["direction"] == "over"),
        "over_once": _dollars(over.values()),
        "under_gross": _dollars(row["amount_at_risk"] for row in rows if row["direction"] == "under"),
    }


def _summary(rows: list[dict[str, Any]]) -> Summary:
    def of(key: str, value: str, lines: int) -> dict[str, Any]:
        return figures_of([row for row in rows if row[key] == value], lines)

    codes = (("97124", "massage", 1210), ("97140", "manual therapy", 2300), ("97110", "therapeutic exercise", 5212))
    places = zip(FILES, ("East", "West"), strict=True)
    return Summary(
        by_code=tuple(CodeFigures(**of("procedure_code", c, n), procedure_code=c, plain_name=name) for c, name, n in codes),
        by_column=tuple(ColumnFilled(name, 8722, 8722) for name in FILLED),
        by_day=tuple(DayLines(DAYS[0] + timedelta(days=day), 290) for day in range(30)),
        by_location=tuple(LocationFigures(**of("source_file", file, 4361), location=name) for file, name in places),
        by_modifier_59=(),
        by_month=(MonthFigures(**figures_of(rows, 8722), month="2025-11"),),
        by_payer=tuple(PayerFigures(**of("payer_name", p[0], p[6]), payer_name=p[0], payer_class=p[2]) for p in PAYERS),
        by_provider=tuple(
            ProviderFigures(**of("rendering_npi", npi, lines), rendering_npi=npi, provider_role=role)
            for npi, role, lines in PROVIDERS
        ),
        by_provider_name=(),
        by_timed_minutes=(),
    )


def _dollars_read(read: str, audited: str, excluded: str, rejected: str) -> DollarsRead:
    dollars = Dollars(*map(Decimal, (read, audited, excluded, rejected, "0.00")))
    return DollarsRead(charge_amount=dollars, allowed_amount=None, paid_amount=dollars)


def _input(name: str, digit: str) -> Input:
    return Input(
        file=name,
        path=f"exports/{name}",
        format="csv",
        size_bytes=1834022,
        sha256=digit * 64,
        rows=Rows(read=4404, audited=4361, excluded=38, rejected=5),
        dollars=_dollars_read("140350.50", "135191.00", "5000.00", "159.50"),
        mapping=(MappedColumn("claim_id", "Claim #", "alias", 0.95), MappedColumn("procedure_code", "CPT", "alias")),
        unmapped_columns=("Scheduler", "Color tag"),
        private_columns=(),
    )


def _totals(rows: list[dict[str, Any]]) -> Totals:
    figures = figures_of(rows, 8722)
    by = {d: [row for row in rows if row["direction"] == d] for d in DIRECTIONS}
    return Totals(
        claims=1370,
        lines=8722,
        visits=4361,
        patients=600,
        providers=7,
        claims_with_error=len({claim for claim, _ in _with_error(rows)}),
        lines_with_error=figures["lines_with_error"],
        amount=figures["amount"],
        lines_without_amount=0,
        over=FoundOver(len(by["over"]), figures["over_gross"], figures["over_once"]),
        under=Found(len(by["under"]), figures["under_gross"]),
        coding=Found(len(by["coding"]), _dollars(row["amount_at_risk"] for row in by["coding"])),
        none=Found(len(by["none"]), Decimal("0.00")),
    )


def past(label: str, first: date, last: date, totals: Totals, **other: Any) -> PastFigures:
    """A run beside others, its figures those of `totals` where `other` has none."""
    figures: dict[str, Any] = {
        "run_id": label,
        "claims": totals.claims,
        "lines": totals.lines,
        "claims_with_error": totals.claims_with_error,
        "lines_with_error": totals.lines_with_error,
        "amount": totals.amount,
        "findings": 600,
        "over_once": totals.over.counted_once,
        "under_gross": totals.under.gross,
        "judged": 50_000,
        "not_judged": 9_000,
        "failed_rules": 1,
        "differs": {},
    }
    return PastFigures(label=label, first_service_date=first, last_service_date=last, **{**figures, **other})


def _trend(totals: Totals) -> tuple[PastFigures, ...]:
    """Two earlier runs, the first judged by other rules, and this one."""
    otherwise = {"rules": ("MAN004", "TIM001"), "references": ("ptp_edit",)}
    return (
        past("2025-09", date(2025, 9, 1), date(2025, 9, 30), totals, lines_with_error=540, differs=otherwise),
        past("2025-10", date(2025, 10, 1), date(2025, 10, 31), totals, lines_with_error=470),
        past("2025-11", *DAYS, totals),
    )


def manifest_of(rows: list[dict[str, Any]]) -> Manifest:
    """The manifest of a run over two clinics' files that found `rows`."""
    totals = _totals(rows)
    return Manifest(
        format=FORMAT,
        free_keys=(),
        run=Run(
            id="0123456789abcdef",
            label="2025-11",
            created_at=datetime(2026, 1, 5, 6, tzinfo=UTC),
            auditor="Compliance desk",
            entity="Two Rivers Therapy",
            period="2025-11",
            first_service_date=DAYS[0],
            last_service_date=DAYS[1],
            patients="full",
            final=False,
        ),
        software=Software("0.1.0", "2.0.0", "3.11.7", "duckdb", None, None),
        config=msgspec.convert(as_json(Config(("exports",))), Settings),
        inputs=tuple(_input(name, digit) for name, digit in zip(FILES, "ab", strict=True)),
        control_totals=ControlTotals(
            rows=Rows(read=8808, audited=8722, excluded=76, rejected=10),
            dollars=_dollars_read("280701.00", "270382.00", "10000.00", "319.00"),
            ties=True,
        ),
        exclusions=(
            Exclusion("void claim", 30, Decimal("4000.00"), None, Decimal("4000.00")),
            Exclusion("repeated row", 46, Decimal("6000.00"), None, Decimal("6000.00")),
        ),
        rejections=(Rejection("units", "not a number", 6), Rejection("service_date", "not a date", 4)),
        notes=("claims_2025-11.csv: its totals line states paid_amount 61,015.20, and its rows add up to that.",),
        warnings=("The export has no column for start_time; rules that need clock times did not run on any line.",),
        money_basis="paid_amount",
        payers=tuple(
            Payer(
                payer_name=name,
                payer_id=None,
                claim_filing_indicator=filing,
                payer_class=payer_class,
                unit_rule=unit_rule,
                follows_ncci=ncci,
                massage_coverage=massage,
                decided_by="filing indicator",
                lines=lines,
                amount=Decimal(lines * 31).quantize(Decimal("0.01")),
            )
            for name, filing, payer_class, unit_rule, ncci, massage, lines in PAYERS
        ),
        filled_columns=FILLED,
        references=(
            Edition(
                table="ptp_edit",
                edition="2024-07-01",
                source="CMS NCCI practitioner PTP edits",
                coverage="pairs among therapy, CMT, OMT and office-visit codes only",
                rows=2211,
                sha256="c" * 64,
            ),
        ),
        rules=tuple(_rule_entry(rule, rows) for rule in RULES),
        history=History("2025-10", 3, replaced=None, recurring=0, recurrences=(), trend=_trend(totals)),
        suppressions=(),
        review=None,
        totals=totals,
        summary=_summary(rows),
        outputs=(Output("findings.csv", 120000, "d" * 64),),
    )


def aside(finding_id: str, reason: str = "reviewed", until: str = "2026-06-30", by: str = "Desk") -> dict[str, Any]:
    """A suppression of a finding, as manifest.json holds it."""
    found: dict[str, Any] = stored.as_json(Suppression(finding_id, reason, date.fromisoformat(until), by))
    return found


def write_tables(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Write findings.parquet and finding_lines.parquet of these findings."""
    pq.write_table(pa.Table.from_pylist(with_shares(rows), schema=FINDINGS), folder / "findings.parquet")
    pq.write_table(pa.Table.from_pylist(_lines_of(rows), schema=LINES), folder / "finding_lines.parquet")


def make_run(
    folder: Path,
    seed: int = 7,
    change: Callable[[list[dict[str, Any]], dict[str, Any]], None] | None = None,
) -> Path:
    """A run folder with findings of every sample rule; `change` may alter findings and manifest.json before they are written."""
    rng = random.Random(seed)
    rows = [row for rule in RULES for row in finding_rows(rule, rule.count, rng)]
    manifest = plain(manifest_of(rows))
    if change is not None:
        change(rows, manifest)
    folder.mkdir(parents=True, exist_ok=True)
    write_tables(folder, rows)
    write_manifest(folder, manifest)
    return folder


def plain(manifest: Manifest) -> dict[str, Any]:
    """A manifest as the values of its file."""
    found: dict[str, Any] = json.loads(stored.as_text(manifest))
    return found


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write manifest.json as it is given, with the list of its free keys made anew."""
    text = json.dumps({**manifest, "free_keys": free_keys(manifest)}, indent=1)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
