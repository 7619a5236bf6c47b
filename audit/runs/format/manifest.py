"""manifest.json as records: what a run read, decided and found, complete enough to render its report from it again.

The records are the format: a key is a field, and there is no other. Counts are whole numbers, amounts are dollars as
text with two places in the file and Decimal here, None is for what the export or the run does not have. What a released
format looked like before stands in upgrade.py.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from audit.model import MappedColumn, NotEvaluated, Rejection
from audit.reference.loaded import Edition
from audit.runs.format.record import Count, Part
from audit.runs.format.review_records import Recurrence, Replaced, Review
from audit.settings.config import DateOrder, EngineName, FailOn, LexiconTerm, PayerSetting, Phi, ProviderSetting
from audit.terms import About, ParamValue, PayerClass, Reach, Status, reach

FORMAT = 6
# What may judge two runs otherwise.
Judge = Literal["rules", "references", "settings", "program", "money_basis", "entity"]
MoneyColumn = Literal["charge_amount", "allowed_amount", "paid_amount"]


class Run(Part, frozen=True):
    """Which run this is, and of whom; `patients`: how their ids stand in all of its files; `final`: no draft any more."""

    id: str
    label: str
    created_at: datetime
    auditor: str | None
    entity: str | None
    period: str | None
    first_service_date: date
    last_service_date: date
    patients: Phi
    final: bool


class Software(Part, frozen=True, rename={"program": "claims-audit"}):
    """Versions of what ran, and what judged: of a cluster its master, and the parts into which the lines were split."""

    program: str
    duckdb: str
    python: str
    engine: EngineName
    master: str | None
    partitions: Count | None


class Settings(Part, frozen=True):
    """The settings in force, as audit.toml and the command line gave them."""

    period: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: FailOn
    strict: bool
    columns: dict[str, str]
    header_names: dict[str, tuple[str, ...]]
    constants: dict[str, str]
    max_rejected: float
    dates: DateOrder | None
    payers: tuple[PayerSetting, ...]
    providers: tuple[ProviderSetting, ...]
    lexicon: tuple[LexiconTerm, ...]
    rules: dict[str, dict[str, ParamValue]]


class Rows(Part, frozen=True):
    """What became of rows: read = audited + excluded + rejected."""

    read: Count
    audited: Count
    excluded: Count
    rejected: Count


class Dollars(Part, frozen=True):
    """What became of dollars: read = audited + excluded + rejected + claim totals that stand on each line of a claim."""

    read: Decimal
    audited: Decimal
    excluded: Decimal
    rejected: Decimal
    claim_totals: Decimal


class DollarsRead(Part, frozen=True):
    """Dollars by column; None where the export has no such column."""

    charge_amount: Dollars | None
    allowed_amount: Dollars | None
    paid_amount: Dollars | None

    def of(self, column: MoneyColumn) -> Dollars | None:
        """The dollars of one column."""
        found: Dollars | None = getattr(self, column)
        return found


class Input(Part, frozen=True):
    """One file that was read."""

    file: str
    path: str
    format: str
    size_bytes: Count
    sha256: str
    rows: Rows
    dollars: DollarsRead
    mapping: tuple[MappedColumn, ...]
    unmapped_columns: tuple[str, ...]
    private_columns: tuple[str, ...]


class ControlTotals(Part, frozen=True):
    """All files together."""

    rows: Rows
    dollars: DollarsRead
    ties: bool


class Exclusion(Part, frozen=True):
    """Rows that were read and not audited, and why."""

    reason: str
    rows: Count
    charge_amount: Decimal | None
    allowed_amount: Decimal | None
    paid_amount: Decimal | None

    def of(self, column: MoneyColumn) -> Decimal | None:
        """The dollars of one column."""
        found: Decimal | None = getattr(self, column)
        return found


class Payer(Part, frozen=True):
    """A payer of the audited lines with the policy applied to it, and who decided it."""

    payer_name: str | None
    payer_id: str | None
    claim_filing_indicator: str | None
    payer_class: PayerClass
    unit_rule: Literal["cms", "ama", "either", "none"]
    follows_ncci: bool | None
    massage_coverage: Literal["not_covered", "plan_of_care", "covered", "unknown"]
    decided_by: str
    lines: Count
    amount: Decimal


class StoredRule(About, frozen=True, kw_only=True):
    """A rule as it ran: what it says of itself, its parameters, its SQL, and what it examined, judged and flagged."""

    params: dict[str, ParamValue]
    # What each parameter means, in the words of the rule file.
    param_help: dict[str, str]
    sql: str
    sql_sha256: str
    status: Status
    error: str
    population: Count
    evaluated: Count
    flagged: Count
    not_evaluated: tuple[NotEvaluated, ...]
    lines_flagged: Count
    gross_at_risk: Decimal

    @property
    def reach(self) -> Reach:
        """How much of what it examined the rule could judge."""
        return reach(self.status, self.population, self.evaluated)

    @property
    def not_judged(self) -> int:
        """Subjects that the rule examined and could not judge."""
        return sum(reason.count for reason in self.not_evaluated)


class PastFigures(Part, frozen=True):
    """A run's figures beside those of this run; `differs` names what judged it otherwise, and is empty where nothing did."""

    label: str
    run_id: str
    first_service_date: date
    last_service_date: date
    claims: Count
    lines: Count
    claims_with_error: Count | None
    lines_with_error: Count | None
    amount: Decimal
    findings: Count
    over_once: Decimal
    under_gross: Decimal
    judged: Count
    not_judged: Count
    failed_rules: Count
    differs: dict[Judge, tuple[str, ...]]


class History(Part, frozen=True):
    """The run before, findings of it that are gone, and the runs up to this one, which stands last.

    `replaced` is an earlier run of this one's name. `recurrences` are kinds of finding that the run before had too, those of
    most runs in a row first, and no more than are worth a page; `recurring` counts them all.
    """

    previous: str | None
    resolved: Count | None
    replaced: Replaced | None
    recurring: Count
    recurrences: tuple[Recurrence, ...]
    trend: tuple[PastFigures, ...]


class Suppression(Part, frozen=True):
    """A finding that a person has set aside until a day (inclusive), or all of a rule for a payer, a provider or a code."""

    finding_id: str | None
    reason: str
    until: date
    by: str
    rule_id: str | None = None
    payer_name: str | None = None
    provider: str | None = None
    procedure_code: str | None = None


class Found(Part, frozen=True):
    """Findings of one direction and their gross dollars."""

    findings: Count
    gross: Decimal


class FoundOver(Found, frozen=True):
    """Findings of potential overpayment; `counted_once` takes each line with its largest amount alone."""

    counted_once: Decimal


class Totals(Part, frozen=True):
    """What was audited and found in all."""

    claims: Count
    lines: Count
    visits: Count
    patients: Count
    providers: Count
    claims_with_error: Count
    lines_with_error: Count
    amount: Decimal
    lines_without_amount: Count
    over: FoundOver
    under: Found
    coding: Found
    none: Found

    @property
    def findings(self) -> int:
        """Findings of every direction."""
        return sum(part.findings for part in (self.over, self.under, self.coding, self.none))


class Figures(Part, frozen=True):
    """Lines, findings and potential dollars of a group of claim lines."""

    lines: Count
    visits: Count
    amount: Decimal
    findings: Count
    lines_with_error: Count
    over_gross: Decimal
    over_once: Decimal
    under_gross: Decimal


class ProviderFigures(Figures, frozen=True):
    """Figures of a provider in one role."""

    rendering_npi: str | None
    provider_role: str | None


class ProviderName(Part, frozen=True):
    """What the export calls a provider, where a column names one."""

    rendering_npi: str
    provider_name: str


class PayerFigures(Figures, frozen=True):
    """Figures of a payer."""

    payer_name: str | None
    payer_class: PayerClass | None


class CodeFigures(Figures, frozen=True):
    """Figures of a procedure code."""

    procedure_code: str
    plain_name: str | None


class LocationFigures(Figures, frozen=True):
    """Figures of a clinic or site."""

    location: str | None


class MonthFigures(Figures, frozen=True):
    """Figures of a month of service, YYYY-MM."""

    month: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}$")]


class ColumnFilled(Part, frozen=True):
    """Audited lines that hold a value in a column."""

    column_name: str
    filled: Count
    lines: Count


class DayLines(Part, frozen=True):
    """Audited lines of a date of service."""

    service_date: date
    lines: Count


class PairedLines(Part, frozen=True):
    """A provider's lines that stand in an NCCI pair, and those of them with a modifier of the 59 family."""

    rendering_npi: str
    lines: Count
    lines_59: Count


class TimedMinutes(Part, frozen=True):
    """Visits that record so many timed minutes."""

    minutes: int
    visits: Count


class Summary(Part, frozen=True):
    """The tables of queries/summary/ that the report shows."""

    by_code: tuple[CodeFigures, ...]
    by_column: tuple[ColumnFilled, ...]
    by_day: tuple[DayLines, ...]
    by_location: tuple[LocationFigures, ...]
    by_modifier_59: tuple[PairedLines, ...]
    by_month: tuple[MonthFigures, ...]
    by_payer: tuple[PayerFigures, ...]
    by_provider: tuple[ProviderFigures, ...]
    by_provider_name: tuple[ProviderName, ...]
    by_timed_minutes: tuple[TimedMinutes, ...]


class Output(Part, frozen=True):
    """A file of the run folder as the run wrote it."""

    file: str
    size_bytes: Count
    sha256: str


class Manifest(Part, frozen=True):
    """All of manifest.json.

    `free_keys` lists the keys that are no field of a record but names of parameters, columns and the like, each with
    the kind of its value, so that one that is lost is missed.
    """

    format: int
    free_keys: tuple[str, ...]
    run: Run
    software: Software
    config: Settings
    inputs: tuple[Input, ...]
    control_totals: ControlTotals
    exclusions: tuple[Exclusion, ...]
    rejections: tuple[Rejection, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    money_basis: MoneyColumn
    payers: tuple[Payer, ...]
    filled_columns: tuple[str, ...]
    references: tuple[Edition, ...]
    rules: tuple[StoredRule, ...]
    history: History
    suppressions: tuple[Suppression, ...]
    review: Review | None
    totals: Totals
    summary: Summary
    outputs: tuple[Output, ...]
