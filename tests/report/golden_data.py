"""Two stored runs for the golden files: one with a case of everything that a report may have to say, one with nothing."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from audit.contract import COLUMNS
from audit.model import NotEvaluated
from audit.reference.loaded import Edition
from audit.runs.format import stored
from audit.runs.format.manifest import (
    CodeFigures,
    ColumnFilled,
    DayLines,
    Dollars,
    LocationFigures,
    Manifest,
    MonthFigures,
    PairedLines,
    Payer,
    PayerFigures,
    ProviderFigures,
    StoredRule,
    Suppression,
    TimedMinutes,
)
from audit.runs.format.review_records import Review
from tests.report.fixture import DAYS, PROVIDERS, figures_of, finding_rows, manifest_of, write_tables
from tests.report.fixture_rules import RULES

MOST = 12
ASIDE = Suppression("mod001" + f"{0:010x}", "reviewed with the record", date(2026, 6, 30), "desk")
WIDE = Dollars(Decimal("140390.50"), Decimal("135191.00"), Decimal("5000.00"), Decimal("159.50"), Decimal("40.00"))
# A column that is added to the contract is one that these runs have: the golden pages stay as they are.
FILLED = tuple(column.name for column in COLUMNS if column.name not in ("start_time", "techniques"))
SILENT = (date(2025, 11, 6), date(2025, 11, 27))


@dataclass(frozen=True)
class Kept:
    """A stored run and what it was made of."""

    folder: Path
    manifest: Manifest
    rows: list[dict[str, Any]]

    @property
    def live(self) -> list[dict[str, Any]]:
        """The findings that count."""
        return [row for row in self.rows if row["status"] != "suppressed"]


def everything(folder: Path) -> Kept:
    """A run with at most twelve findings a rule, and a case of whatever a report may have to say."""
    rng = random.Random(11)
    rows = [row for rule in RULES for row in finding_rows(rule, min(rule.count, MOST), rng)]
    for row in rows:
        if row["finding_id"] == ASIDE.finding_id:
            row["status"] = "suppressed"
        elif row["rule_id"] == "MOD001" and row["finding_id"][-1] in "123":
            row.update(amount_at_risk=Decimal("4.10"), how_made="$8.20 paid x 1 of 2 units")
    by_rule = {rule.id: [row for row in rows if row["rule_id"] == rule.id] for rule in RULES}
    # Two rules doubt one line; one rule has findings of two directions.
    same = ("claim_id", "claim_line_number", "patient_id", "service_date", "rendering_npi", "payer_name", "source_file")
    for one, other in zip(by_rule["MED001"][:3], by_rule["TIM001"], strict=False):
        one.update({name: other[name] for name in same})
    by_rule["MAN001"][0].update(direction="over", amount_at_risk=Decimal("30.00"), how_made="$30.00 paid, the whole line")
    by_rule["MAN001"][1].update(amount_at_risk=Decimal("4.00"), how_made="a part of $9.00 paid, as its evidence says")
    rows[0].update(minutes=None, units_supported=None)
    rows[5].update(modifiers="", source_row=1234)
    live = [row for row in rows if row["status"] != "suppressed"]
    made = _with_all(manifest_of(live), rows)
    return kept(folder, made, rows)


def nothing(folder: Path) -> Kept:
    """A run without a finding, of nobody named, that does not tie and has no run before it."""
    made = manifest_of([])
    clean = tuple(
        msgspec.structs.replace(rule, status="done", error="", population=9, evaluated=9, flagged=0, not_evaluated=(), params={})
        for rule in made.rules[:3]
    )
    control = msgspec.structs.replace(made.control_totals, ties=False)
    return kept(
        folder,
        msgspec.structs.replace(
            made,
            run=msgspec.structs.replace(made.run, auditor=None, entity=None, period=None, label="2025-10_2025-11"),
            control_totals=msgspec.structs.replace(control, rows=msgspec.structs.replace(control.rows, read=8810, rejected=0)),
            exclusions=(),
            rejections=(),
            warnings=(),
            filled_columns=FILLED,
            references=(),
            rules=clean,
            history=msgspec.structs.replace(made.history, previous=None, resolved=None, trend=made.history.trend[-1:]),
            review=Review(rules=(), confirmed=(), decided=(), gone=1),
            notes=(),
            summary=msgspec.structs.replace(made.summary, by_location=()),
            outputs=(),
        ),
        [],
    )


def kept(folder: Path, manifest: Manifest, rows: list[dict[str, Any]]) -> Kept:
    """The run, written into the folder."""
    folder.mkdir(parents=True)
    write_tables(folder, rows)
    (folder / stored.NAME).write_text(stored.as_text(manifest), encoding="utf-8")
    return Kept(folder, manifest, rows)


def _with_all(made: Manifest, rows: list[dict[str, Any]]) -> Manifest:
    replace = msgspec.structs.replace
    first, second = made.inputs
    control = made.control_totals
    whole = Dollars(Decimal("280741.00"), Decimal("270382.00"), Decimal("10000.00"), Decimal("319.00"), Decimal("40.00"))
    unknown = Payer(
        payer_name="Harbor Plan",
        payer_id="HP1",
        claim_filing_indicator=None,
        payer_class="unknown",
        unit_rule="either",
        follows_ncci=None,
        massage_coverage="unknown",
        decided_by="nothing",
        lines=9,
        amount=Decimal("279.00"),
    )
    return replace(
        made,
        inputs=(
            replace(first, dollars=replace(first.dollars, charge_amount=WIDE), private_columns=("Pt Name",)),
            replace(second, size_bytes=900, private_columns=("DOB", "Pt Name"), unmapped_columns=("Scheduler",)),
        ),
        control_totals=replace(control, dollars=replace(control.dollars, charge_amount=whole)),
        payers=(*made.payers, unknown, replace(unknown, payer_name=None, payer_id=None, lines=8)),
        references=(
            *made.references,
            Edition("lexicon", "2026-01-01", "this program", "words of notes", 2522, "e" * 64),
            Edition("procedure", "2026-01-01", "this program", "therapy codes", 70, "f" * 64),
        ),
        rules=tuple(_spoken(rule, rows) for rule in made.rules),
        filled_columns=FILLED,
        suppressions=(ASIDE,),
        totals=replace(made.totals, lines_without_amount=12),
        summary=_summary(made, rows),
    )


def _spoken(rule: StoredRule, rows: list[dict[str, Any]]) -> StoredRule:
    """Rules that read other tables, hold settings, or judge from a date on; suppressed findings are flagged ones too."""
    flagged = sum(row["rule_id"] == rule.id for row in rows)
    more: dict[str, Any] = {
        "MOD003": {"reads": ["claim_line", "ptp_pair"], "params": {"as_of": "", "max_share": 0.5, "strict": True}},
        "MAN001": {"reads": ["note", "claim_line"], "applies_to": "Medicare, dates of service from 2015-01-01."},
        "DOC001": {"params": {"required_from": "2018-01-01"}, "applies_to": "all, dates of service from required_from"},
        "MAN005": {"references": ["Definition of 97124: docs/notes.md"], "since": ""},
        "TIM009": {"examines": "provider day"},
        "CLM005": {"not_evaluated": (), "population": 0},
        "TIM005": {"not_evaluated": (NotEvaluated("one by itself", 1),), "evaluated": rule.population - 1},
    }
    return msgspec.structs.replace(rule, **{"flagged": flagged, **more.get(rule.id, {})})


def _paired() -> tuple[PairedLines, ...]:
    """Two providers far above the others, one of few lines and one of many, and one a line short of being shown."""
    usual = [PairedLines(npi, 30 + at, at) for at, (npi, *_) in enumerate(PROVIDERS)]
    far = [PairedLines("1990000018", 60, 40), PairedLines("1990000026", 200, 90), PairedLines("1990000034", 29, 29)]
    return (*usual, *far)


def _summary(made: Manifest, rows: list[dict[str, Any]]) -> Any:
    live = [row for row in rows if row["status"] != "suppressed"]
    summary, (first, *_) = made.summary, PROVIDERS
    span = (DAYS[1] - DAYS[0]).days + 1
    days = [DAYS[0] + timedelta(days=at) for at in range(span)]
    empty = figures_of([], 8)
    return msgspec.structs.replace(
        summary,
        by_code=(*summary.by_code, CodeFigures(**figures_of([], 40), procedure_code="29530", plain_name=None)),
        by_column=(*summary.by_column, ColumnFilled("start_time", 0, 8722), ColumnFilled("note_text", 8082, 8722)),
        by_day=tuple(DayLines(day, 290) for day in days if day not in SILENT),
        by_location=(*summary.by_location, LocationFigures(**empty, location=None)),
        by_modifier_59=_paired(),
        by_month=(
            MonthFigures(**figures_of([], 1200), month="2025-10"),
            MonthFigures(**figures_of(live, 7522), month="2025-11"),
        ),
        by_payer=(*summary.by_payer, PayerFigures(**figures_of([], 9), payer_name=None, payer_class=None)),
        by_provider=(
            *summary.by_provider,
            ProviderFigures(**figures_of([], 60), rendering_npi=first[0], provider_role="massage_therapist"),
            ProviderFigures(**figures_of([], 31), rendering_npi=None, provider_role=None),
        ),
        by_timed_minutes=tuple(TimedMinutes(minutes, 40 if minutes == 38 else 5) for minutes in (0, *range(30, 45), 130, 131)),
    )
