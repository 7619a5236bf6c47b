"""The records that the generator passes around. Money is whole cents, times are minutes after midnight."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

FIRST_DIAGNOSIS = "of the region"
FILL = -1  # "work it out from the lines", where None means "leave the cell blank"


@dataclass(frozen=True)
class Provider:
    """A person who treats. `panel` weighs the payers of the patients that this person sees."""

    key: str
    role: str  # PT | PTA | OT | MT | DC
    npi: str
    taxonomy: str
    clinic: str
    visits_per_day: float
    panel: tuple[tuple[str, int], ...]
    bills_massage: bool = False


@dataclass(frozen=True)
class Payer:
    """A payer: how it arrives in the export, how it counts time, what it pays of the Medicare fee schedule."""

    key: str
    name: str
    payer_id: str
    filing_indicator: str
    unit_rule: str  # cms | ama | either | none
    fee_percent: int  # allowed amount, percent of the Medicare amount
    paid_percent: int  # paid amount, percent of the allowed amount
    plan_modifier: bool  # GP and GO are sent to this payer


@dataclass(frozen=True)
class Patient:
    """A patient: numbers only, nobody is invented."""

    patient_id: str
    member_id: str | None
    payer: str
    region: str


@dataclass
class Appointment:
    """A visit that stands in the book; `nth` is 1 for the evaluation visit, 0 for a course that began before the sample."""

    patient: Patient
    provider: Provider
    day: date
    nth: int


@dataclass(eq=False)
class Line:
    """One billed line. `duration` is clock time; `minutes` is what the export shows (None: a blank cell)."""

    code: str
    units: int
    minutes: int | None
    duration: int
    modifiers: list[str] = field(default_factory=list)
    note: str | None = None
    body_region: str | None = None
    area_minutes: str | None = None
    techniques: str | None = None
    justification: str | None = None
    response: str | None = None
    charge: int = 0
    allowed: int = 0
    paid: int = 0
    show_clock: bool = True
    plan: bool = True  # GP or GO is added where the payer wants it
    confirm: bool = True  # KX is added where the yearly threshold is near
    units_shown: Decimal | None = None  # what the export shows where it is not the units of the claim
    early: int = 0  # minutes by which it begins before the line above has ended
    start: int = 0  # set by the schedule
    claim_id: str = ""  # set when claims are numbered
    number: int = 0
    claim: "Claim | None" = None

    @property
    def home(self) -> "Claim":
        """The claim that the line stands on. Raises LookupError before it stands on one."""
        if self.claim is None:
            raise LookupError(f"this {self.code} line stands on no claim yet")
        return self.claim


@dataclass(eq=False)
class Claim:
    """One claim of one visit. A second claim for the same treatment names the first in `same_slot`."""

    patient: Patient
    provider: Provider
    day: date
    payer: str
    lines: list[Line]
    timed_total: int | None = FILL
    visit_total: int | None = FILL
    frequency: str = "1"
    original: "Claim | None" = None
    status: str = "paid"
    sequence: str = "P"
    same_slot: "Claim | None" = None
    after: "Claim | None" = None
    later: bool = False  # numbered after the month's ordinary claims
    submitted: date | None = None  # None: some days after the visit
    begins: int | None = None  # a clock time of its own; None: the next that is free
    place: str = "11"  # place of service
    diagnosis: str | None = FIRST_DIAGNOSIS  # the only one, where a scenario names it
    sign: int = 1  # -1: a reversal of the claim in `original`, under the same number
    claim_id: str = ""
    encounter_id: str = ""

    def __post_init__(self) -> None:
        for line in self.lines:
            line.claim = self


@dataclass(frozen=True)
class Expected:
    """A finding that the audit must report. `at_risk`: cents by line, the lead line being the one with the most."""

    rule_id: str
    subject: str  # line | visit
    at_risk: tuple[tuple[Line, int], ...]
    direction: str  # over | under | coding | none
    why: str


@dataclass(frozen=True)
class Decoy:
    """A line that looks like a defect and is none."""

    rule_id: str
    line: Line
    why: str
