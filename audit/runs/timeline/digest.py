"""A stored run in a few figures: what a mail, a log and the index over all runs tell of it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from audit.files.tables import read_parquet
from audit.reference.loaded import outdated
from audit.runs.format import stored
from audit.runs.format.manifest import Manifest
from audit.runs.format.review_records import Replaced
from audit.terms import COUNT_NOWHERE, FEDERAL


@dataclass(frozen=True, slots=True)
class Digest:
    """Figures of a run. `standing` counts findings by how they stand: new, again, repeat, suppressed, dismissed.

    `findings` are those that count, none set aside or dismissed; `replaced` says what became of those of the run that this
    one took the place of.
    """

    label: str
    run_id: str
    created_at: datetime
    first_service_date: date
    last_service_date: date
    findings: int
    standing: dict[str, int]
    over_once: Decimal
    federal_once: Decimal
    under_gross: Decimal
    not_judged: int
    failed_rules: int
    rejected_rows: int
    warnings: int
    final: bool
    replaced: Replaced | None
    old_editions: tuple[str, ...]


def federal(manifest: Manifest) -> Decimal:
    """What of the potential overpayment, each line counted once, federal payers paid."""
    paid = (payer.over_once for payer in manifest.summary.by_payer if payer.payer_class in FEDERAL)
    return sum(paid, Decimal("0.00"))


def digest(folder: Path) -> Digest:
    """The figures of a stored run. Raises InputError, OSError or ArrowException where it cannot be read."""
    manifest = stored.read(folder)
    run, totals = manifest.run, manifest.totals
    standing = Counter(read_parquet(folder / "findings.parquet", ["status"])["status"].to_pylist())
    return Digest(
        label=folder.name,
        run_id=run.id,
        created_at=run.created_at,
        first_service_date=run.first_service_date,
        last_service_date=run.last_service_date,
        findings=sum(number for status, number in standing.items() if status not in COUNT_NOWHERE),
        standing=dict(standing),
        over_once=totals.over.counted_once,
        federal_once=federal(manifest),
        under_gross=totals.under.gross,
        not_judged=sum(rule.not_judged for rule in manifest.rules),
        failed_rules=sum(rule.status == "error" for rule in manifest.rules),
        rejected_rows=manifest.control_totals.rows.rejected,
        warnings=len(manifest.warnings),
        final=run.final,
        replaced=manifest.history.replaced,
        old_editions=tuple(outdated(manifest.references, run.last_service_date)),
    )
