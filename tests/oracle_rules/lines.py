"""A claim line as the oracle sees it, and an export: its lines, its columns and what is settled for all of them."""

import csv
from dataclasses import dataclass, field
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from tests.oracle_rules.payers import Payer, Settings

ASSISTANTS_MARKED_SINCE = date(2020, 1, 1)
# Physicians, podiatrists, nurse practitioners, physician assistants, clinical nurse specialists.
MEDICAL = ("204", "207", "208", "213E", "363L", "363A", "364S")
Span = tuple[int, int]
LineId = tuple[str, int]


@dataclass(eq=False)
class Line:
    """One billed line. Cells are typed, blanks are None; what `states` settles follows at the end."""

    cells: dict[str, str]
    claim_id: str
    number: int
    patient: str
    day: date
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    minutes: int | None
    clock: Span | None
    charge: Decimal | None
    allowed: Decimal | None
    paid: Decimal | None
    submitted: date | None
    payer: Payer
    state: str = "live"
    amount: Decimal = Decimal(0)
    amount_known: bool = True
    discipline: str | None = None
    why_void: str = ""

    @property
    def id(self) -> LineId:
        """Claim id and line number."""
        return self.claim_id, self.number

    def cell(self, column: str) -> str | None:
        """A text cell, None where it is blank or the export lacks it."""
        return self.cells.get(column) or None

    def has(self, *modifiers: str) -> bool:
        """Does any of these modifiers stand on the line?"""
        return any(modifier in self.modifiers for modifier in modifiers)

    @property
    def by_assistant(self) -> bool:
        """Marked as an assistant's, since those marks exist."""
        return self.day >= ASSISTANTS_MARKED_SINCE and self.has("CQ", "CO")

    @property
    def live(self) -> bool:
        """Neither denied nor void."""
        return self.state == "live"

    @property
    def order(self) -> str:
        """Order of coverage; a blank one is primary."""
        return self.cell("payer_sequence") or "P"

    @property
    def institutional(self) -> bool:
        """Stands on an institutional claim."""
        return self.cell("bill_type") is not None

    @property
    def practice(self) -> str | None:
        """Billing NPI; where none stands all of the export is one practice."""
        return self.cell("billing_npi")

    @property
    def rendering(self) -> str | None:
        """NPI of the person who treated."""
        return self.cell("rendering_npi")

    @property
    def provider(self) -> str | None:
        """Rendering NPI, else billing NPI; on institutional lines the facility."""
        if self.institutional:
            return self.practice
        return self.rendering or self.practice

    @property
    def taxonomy(self) -> str:
        """Taxonomy of the person who treated, or an empty text."""
        return self.cell("rendering_taxonomy") or ""

    @property
    def to_be_denied(self) -> bool:
        """Billed to fee-for-service Medicare or an Advantage plan in order to be denied (GY, GX, GZ)."""
        return self.payer.payer_class in ("medicare_ffs", "medicare_advantage") and self.has("GY", "GX", "GZ")

    @property
    def counts(self) -> bool:
        """Its units and minutes count: live, and payment was asked for."""
        return self.live and not self.to_be_denied

    @property
    def price(self) -> Decimal | None:
        """Dollars of a unit; None where the line bills no unit."""
        return self.amount / self.units if self.units > 0 else None

    @property
    def span(self) -> int | None:
        """Minutes between start and end."""
        return self.clock[1] - self.clock[0] if self.clock else None


@dataclass
class Export:
    """All lines that are audited (live and denied), what the whole export holds, and the payers' settings."""

    lines: list[Line]
    columns: frozenset[str]
    settings: Settings
    first_days: dict[int, date]
    excluded: list[Line] = field(default_factory=list)
    basis: str = "charge"
    unclear: set[tuple[object, ...]] | None = None
    other_readings: frozenset[str] = frozenset()
    _many: set[str] | None = None
    _of_day: dict[tuple[object, ...], list[Line]] = field(default_factory=dict)

    def of_day(self, line: Line) -> list[Line]:
        """Lines of the patient's date with that payer and order of coverage."""
        if not self._of_day:
            for one in self.lines:
                self._of_day.setdefault((one.patient, one.day, one.payer.key, one.order), []).append(one)
        return self._of_day[line.patient, line.day, line.payer.key, line.order]

    def of_date(self, line: Line) -> list[Line]:
        """All lines of the patient's date."""
        return [one for one in self.lines if (one.patient, one.day) == (line.patient, line.day)]

    def is_of_many(self, line: Line) -> bool:
        """May others than one person have given what stands under the rendering NPI?

        Medical practitioners bill for therapists who work incident to them; a practice that names itself as the one who treated
        names nobody, once any other treats for it.
        """
        if self._many is None:
            everything = [*self.lines, *self.excluded]
            treat_for: dict[str, set[str]] = {}
            for one in everything:
                if one.practice and one.rendering:
                    treat_for.setdefault(one.practice, set()).add(one.rendering)
            self._many = {practice for practice, people in treat_for.items() if practice in people and len(people) > 1}
            self._many |= {one.rendering for one in everything if one.rendering and one.taxonomy.startswith(MEDICAL)}
        return line.rendering in self._many

    def reads(self, other: str) -> bool:
        """Is the export read in this other way, which the rules' text allows too (explained.toml)?"""
        return other in self.other_readings

    def holds(self, *columns: str) -> bool:
        """Does any line of the export fill one of these columns?"""
        return any(column in self.columns for column in columns)

    @property
    def knows_modifiers(self) -> bool:
        """Does any line bear a modifier? Else that one is absent is not known."""
        return self.holds("modifier_1", "modifier_2", "modifier_3", "modifier_4")


def cents(value: Decimal) -> Decimal:
    """Rounded once, half up."""
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _minute(text: str | None) -> int | None:
    if not text:
        return None
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute


def _clock(row: dict[str, str]) -> Span | None:
    start, end = _minute(row.get("start_time")), _minute(row.get("end_time"))
    return (start, end) if start is not None and end is not None and end > start else None


def line_of(row: dict[str, str], settings: Settings) -> Line:
    """A row of a CSV under contract names, typed."""
    day = date.fromisoformat(row["service_date"])
    minutes = row.get("minutes")
    return Line(
        cells=row,
        claim_id=row["claim_id"],
        number=int(row["claim_line_number"]),
        patient=row["patient_id"],
        day=day,
        code=row["procedure_code"],
        modifiers=tuple(m for n in range(1, 5) if (m := row.get(f"modifier_{n}"))),
        units=Decimal(row["units"]),
        minutes=int(minutes) if minutes else None,
        clock=_clock(row),
        charge=_number(row.get("charge_amount")),
        allowed=_number(row.get("allowed_amount")),
        paid=_number(row.get("paid_amount")),
        submitted=_day(row.get("submitted_date")),
        payer=settings.payer(row, day),
    )


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV, by header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
