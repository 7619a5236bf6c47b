"""Random exports under contract names, with an audit.toml: few patients, days and codes, so that lines meet and collide.

All of it is made up: NPIs are numbers that pass (or fail) the check digit, patients are P and a number, nobody is meant.
A shape says which columns the export has; every shape is drawn from its seed alone.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.oracle_rules.claim import npi_is_valid

SHAPES = ("plain", "full", "totals", "clocks", "charges", "allowed", "not_covered", "unmodified", "one_practice", "full")
# First day and days of a stretch of dates; the odd ones lie about days on which edits, modifiers and limits change.
STRETCHES = [(date(2024, 7, 8), 500), (date(2025, 1, 2), 400), (date(2025, 1, 27), 300)]
TURNS = [
    (date(2019, 6, 26), 9),
    (date(2019, 12, 27), 12),
    (date(2020, 9, 26), 9),
    (date(2021, 12, 28), 9),
    (date(2024, 2, 26), 6),
]
PAYERS = (
    [("Medicare Part B", "04412", "MB")] * 9
    + [("Novitas Solutions", "04412", "MB")] * 2
    + [("Humana Gold Plus HMO", "61101", "16")] * 3
    + [("State Medicaid", "", "MC")] * 2
    + [("TRICARE East", "", "CH")]
    + [("Aetna PPO", "60054", "CI")] * 3
    + [("BCBS of Texas", "84980", "BL"), ("BCBS TX", "84980", "BL")]
    + [("Texas Mutual Workers Comp", "", "WC"), ("Zenith Mutual", "", "ZZ"), ("Self Pay", "", "09")]
    + [("Acme Health", "", "CI")] * 4
    + [("Beta Benefit", "", "CI")] * 3
    + [("Gamma Cover", "", "HM")] * 5
    + [("Delta Cover", "", "HM")] * 2
)
SECONDARY = [("Aetna PPO", "60054", "CI"), ("State Medicaid", "", "MC"), ("Acme Health", "", "CI")]
KNOWN_KEYS = """
[[payer]]
match = ["acme*"]
class = "commercial"
follows_ncci = true
x_modifiers = "preferred"
massage = "covered"
filing_days = 90
[[payer]]
match = ["beta*"]
class = "commercial"
unit_rule = "ama"
massage = "not_covered"
not_covered = ["97014"]
yearly_visits = 6
[[payer]]
match = ["gamma*"]
class = "commercial"
unit_rule = "cms"
follows_ncci = true
filing_days = 120
daily_units = { 97140 = 2, 97110 = 3 }
massage = "covered"
x_modifiers = "preferred"
"""
DELTA = """
[[payer]]
match = ["delta*"]
class = "commercial"
unit_rule = "cms"
"""
NEW_KEYS = """daily_timed_units = 4
daily_therapy_units = 5
never_beside = { 97140 = ["98940", "98941", "98942"] }
plan_modifiers = "required"
assistant_modifiers = "required"
"""
NOT_COVERED = """
[[payer]]
match = ["medicare*", "novitas*"]
massage = "not_covered"
"""
TIMED = ["97110", "97110", "97140", "97140", "97124", "97124", "97112", "97530", "97535", "97116", "97035", "97113", "97750"]
UNTIMED = ["97150", "97150", "G0283", "97012", "97014", "97010", "97164", "97161", "97162", "97163", "97165", "97168", "98940"]
RARE = ["97129", "97130", "97810", "97811", "97545", "97546", "98941", "98942", "98941", "99213", "99203", "20560"]
TOGETHER = [
    ("97113", "97110"),
    ("97113", "97110"),
    ("97140", "97750"),
    ("97140", "97124"),
    ("97124", "97140"),
    ("98940", "97140"),
    ("98941", "97124"),
    ("98942", "97112"),
    ("97150", "97530"),
    ("97530", "97116"),
    ("97530", "97535"),
    ("97124", "97164"),
    ("97129", "97130"),
    ("97545", "97546"),
    ("97810", "97811"),
    ("97161", "97165"),
    ("99213", "97161"),
]
SINCE_2020 = {"97129", "97130", "20560"}
AREAS = [
    "cervical",
    "neck",
    "lumbar",
    "low back",
    "thoracic",
    "shoulder",
    "knee",
    "pelvis",
    "full spine",
    "lumbosacral",
    "zone 4",
]
STATUSES = ["Paid"] * 30 + ["", "", "Pending", "ZQ7", "Processed", "Submitted", "1"]
DENIALS = [
    "Denied",
    "DENIED - CO-97",
    "4 - Denied",
    "4",
    "Rejected by payer",
    "Non-covered",
    "Zero pay",
    "No pay",
    "Denial upheld",
]
VOIDS = ["Void", "Voided", "Cancelled", "Reversed", "Replaced", "22", "Deleted"]
DIAGNOSES = ["M54.50"] * 30 + ["M25.511", "Z00.00", "Z71.3", "", ""]
COLUMNS = [
    "claim_id",
    "claim_line_number",
    "claim_frequency_code",
    "original_claim_id",
    "is_void",
    "claim_status",
    "encounter_id",
    "patient_id",
    "member_id",
    "service_date",
    "service_date_to",
    "submitted_date",
    "paid_date",
    "procedure_code",
    "modifier_1",
    "modifier_2",
    "modifier_3",
    "modifier_4",
    "units",
    "minutes",
    "start_time",
    "end_time",
    "visit_timed_minutes",
    "visit_total_minutes",
    "area_minutes",
    "rendering_npi",
    "rendering_taxonomy",
    "billing_npi",
    "payer_name",
    "payer_id",
    "claim_filing_indicator",
    "payer_sequence",
    "place_of_service",
    "bill_type",
    "diagnosis_1",
    "diagnosis_2",
    "charge_amount",
    "allowed_amount",
    "paid_amount",
    "body_region",
]
LACKS = {
    "totals": {"minutes", "start_time", "end_time", "area_minutes"},
    "clocks": {"minutes", "visit_timed_minutes", "visit_total_minutes", "area_minutes"},
    "charges": {"paid_amount", "allowed_amount", "paid_date"},
    "allowed": {"paid_amount", "paid_date"},
    # Without bill types a last day, which is its claim's, would be a date span.
    "one_practice": {"billing_npi", "bill_type", "service_date_to"},
    "unmodified": {"modifier_1", "modifier_2", "modifier_3", "modifier_4"},
}
Row = dict[str, str]


def npi(number: int) -> str:
    """A ten-digit NPI that passes its check."""
    return next(text for digit in range(10) if npi_is_valid(text := f"1{number:08}{digit}"))


@dataclass
class Person:
    """One who treats: NPI, taxonomy, the plan of care that he mostly works under."""

    npi: str
    taxonomy: str
    plan: str
    exceeds: bool = False
    follows_payer: bool = False


PEOPLE = (
    [Person(npi(11000000 + n), "225100000X", "GP") for n in range(4)]
    + [Person(npi(12000000), "225100000X", "GP", exceeds=True, follows_payer=True)]
    + [Person(npi(22000000 + n), "225X00000X", "GO") for n in range(2)]
    + [
        Person(npi(33000000), "225700000X", ""),
        Person(npi(44000000), "111N00000X", "GP"),
        Person(npi(55000000), "225200000X", "GP"),
    ]
    + [Person("1234567890", "224Z00000X", "GO"), Person(npi(66000000), "", "GP"), Person(npi(77000000), "2255A2300X", "GP")]
    # A physician who bills for therapists, and a practice that names itself.
    + [Person(npi(78000000), "208100000X", "GP"), Person(npi(88000000), "225100000X", "GP")]
)
PRACTICES = [npi(88000000), npi(88000001)]
HOSPITAL = npi(99000000)


@dataclass
class Writer:
    """Draws visits and keeps their rows."""

    random: Random
    shape: str
    rows: list[Row] = field(default_factory=list)
    claims: int = 0

    @property
    def plain(self) -> bool:
        """An export without odd statuses, reversals, payers of two names and lines billed to be denied."""
        return self.shape == "plain"

    def claim_id(self) -> str:
        """The next claim's id."""
        self.claims += 1
        return f"C{self.claims:05}"

    def chance(self, share: float) -> bool:
        """True in so many of all cases."""
        return self.random.random() < share

    def visits(self, count: int) -> list[Row]:
        """Rows until there are `count`."""
        patients = [f"P{n}" for n in range(1, max(4, count // 30))]
        payers = [payer for payer in PAYERS if not self.plain or payer[0] not in ("Novitas Solutions", "BCBS TX")]
        of_patient = {patient: self.random.choice(payers) for patient in patients}
        days = self._days(max(12, count // 50))
        while len(self.rows) < count:
            patient = self.random.choice(patients)
            payer = of_patient[patient] if self.chance(0.95) else self.random.choice(payers)
            self._visit(patient, payer, self.random.choice(days))
        return self.rows[:count]

    def _days(self, count: int) -> list[date]:
        """The dates of the export: few, so that a provider's and a patient's lines meet on them."""
        first, length = self.random.choice(STRETCHES)
        days = [first] + [first + timedelta(days=self.random.randrange(length)) for _ in range(count)]
        turn, length = self.random.choice(TURNS)
        return days + [turn + timedelta(days=n) for n in range(length) if self.chance(0.5)]

    def _visit(self, patient: str, payer: tuple[str, str, str], day: date) -> None:
        choose = self.random.choice
        person, practice = choose(PEOPLE[:5] if self.chance(0.6) else PEOPLE), PRACTICES[0] if self.chance(0.9) else PRACTICES[1]
        hospital, through = self.chance(0.04), day + timedelta(days=choose([0, 1, 27]))
        begin = 8 * 60 + 5 * self.random.randrange(0, 100)
        claim = self.claim_id()
        submitted = self._submitted(day)
        lines = []
        for number, code in enumerate(self._codes(day), 1):
            row = dict.fromkeys(COLUMNS, "")
            row |= {
                "claim_id": claim,
                "claim_line_number": str(number),
                "encounter_id": f"E{claim}" if self.chance(0.5) else f"E{claim}-{number}",
                "patient_id": patient,
                "service_date": day.isoformat(),
                "service_date_to": through.isoformat() if hospital and self.chance(0.6) else "",
                "submitted_date": submitted,
                "rendering_npi": person.npi if self.chance(0.97) else "",
                "rendering_taxonomy": person.taxonomy,
                "billing_npi": HOSPITAL if hospital else practice,
                "payer_name": payer[0],
                "payer_id": payer[1],
                "claim_filing_indicator": payer[2],
                "payer_sequence": choose(["", "P"]),
                "place_of_service": choose(["11"] * 20 + ["02", "10", "31", "21", ""]),
                "bill_type": choose(["131", "851", "741"]) if hospital else "",
                "member_id": self._member(patient),
                "diagnosis_1": choose(DIAGNOSES),
                "diagnosis_2": choose(["", "", "M54.2", "Z00.00"]),
            }
            begin = self._service(row, code, person, begin)
            lines.append(row)
        self._totals(lines)
        self._afterwards(lines)

    def _member(self, patient: str) -> str:
        if self.chance(0.15):
            return ""
        return f"1EG4TE5MK{int(patient[1:]) % 90 + 10}" if self.chance(0.7) else f"W{int(patient[1:]) + 100000000}"

    def _submitted(self, day: date) -> str:
        late = self.random.choice([3] * 12 + [10, 89, 90, 91, 120, 121, 365, 366, 367, -1])
        return (day + timedelta(days=late)).isoformat() if self.chance(0.93) else ""

    def _codes(self, day: date) -> list[str]:
        """The codes of a visit, of those that exist: any, or two that an edit or a family holds together."""
        choose = self.random.choice
        codes = list(choose(TOGETHER)) if self.chance(0.15) else []
        codes += [choose(choose([TIMED] * 4 + [UNTIMED] * 2 + [RARE])) for _ in range(choose([1, 2, 2, 3, 3, 4]))]
        codes = ["97110" if code in SINCE_2020 and day.year < 2020 else code for code in codes]
        return codes[: 2 if self.chance(0.3) else 4]

    def _service(self, row: Row, code: str, person: Person, begin: int) -> int:
        """Code, modifiers, units, minutes, clock and money of a line; when the next may begin."""
        choose = self.random.choice
        if person.follows_payer and code in TIMED and self.chance(0.7):
            code = "97124" if row["payer_name"] in ("Acme Health", "Gamma Cover") else "97140"
        row["procedure_code"] = code
        for n, modifier in enumerate(self._modifiers(code, person), 1):
            row[f"modifier_{n}"] = modifier
        timed = code in TIMED or code in ("97129", "97130", "97810", "97811")
        minutes = choose([7, 8, 10, 12, 15, 15, 20, 22, 23, 24, 30, 30, 33, 38, 45, 60])
        if row["service_date"].endswith("7") and self.chance(0.7):
            minutes = 60
        right = (minutes + 7) // 15 if minutes >= 8 else 1
        count = max(1, right + choose([0, 0, 0, 0, 1, -1])) if timed else choose([1] * 12 + [2])
        if code in ("97545", "97546"):
            minutes, count = choose([60, 90, 91, 120, 150, 151, 211, 240]), choose([1, 1, 2, 3])
        odd = self.random.random()
        units = str(count)
        if odd < 0.006:
            units, minutes = ("15", 15) if self.chance(0.5) else ("30", 0)
        elif odd < 0.012:
            units = choose(["0", "0.5", "1.5"])
        row["units"] = units
        if minutes and self.chance(0.9 if timed else 0.1):
            row["minutes"] = str(minutes)
        begin = self._clock(row, begin, minutes or 15)
        self._areas(row, minutes)
        price = choose([20, 22.5, 25, 28.13, 31.07])
        self._money(row, round(price * max(1, count) * 100))
        return begin

    def _modifiers(self, code: str, person: Person) -> list[str]:
        choose = self.random.choice
        found = []
        if self.chance(0.85) and person.plan:
            found.append(person.plan)
        elif self.chance(0.2):
            found.append(choose(["GP", "GO", "GN"]))
        if self.chance(0.28):
            found.append(choose(["59", "59", "59", "XE", "XS", "XP", "XU"]))
        if self.chance(0.02):
            found.append(choose(["59", "XU", "LT", "RT"]))
        found += self._rarer_modifiers(code, person)
        return list(dict.fromkeys(found))[:4]

    def _rarer_modifiers(self, code: str, person: Person) -> list[str]:
        choose = self.random.choice
        found: list[str] = []
        if self.chance(0.05):
            found.append(choose(["76", "77", "91", "25", "24", "KX", "KX", "95", "GT"]))
        if self.chance(0.07):
            found += (
                ["GA"]
                if self.plain
                else choose([["GA"], ["GX"], ["GY"], ["GZ"], ["GY"], ["GA", "GY"], ["GX", "GY"], ["GX", "GA"], ["KX", "GA"]])
            )
        if person.exceeds and self.chance(0.6):
            found.append("KX")
        if self.chance(0.004):
            found.append("9")
        if self.chance(0.07):
            found.append(choose(["CQ", "CQ", "CO", "KX", "GA", "22"]))
        if code.startswith("9894") and self.chance(0.6):
            found.append("AT")
        return found

    def _clock(self, row: Row, begin: int, minutes: int) -> int:
        """A clock of the line's own, one that overlaps the last, an appointment's hour, or none."""
        kind = self.random.random()
        begin = min(begin, 22 * 60)
        if kind < 0.2:
            return begin + minutes
        length = self.random.choice([minutes, minutes, max(5, minutes - 5), minutes + 10, 60])
        if kind < 0.38:
            begin -= self.random.choice([5, 8, 15])
        elif kind < 0.5:
            begin, length = begin // 60 * 60, 60
        length = min(length, 24 * 60 - 1 - begin)
        row["start_time"] = f"{begin // 60:02}:{begin % 60:02}"
        row["end_time"] = f"{(begin + length) // 60:02}:{(begin + length) % 60:02}"
        return begin + (length if self.chance(0.8) else length + self.random.choice([60, 61, 90]))

    def _areas(self, row: Row, minutes: int) -> None:
        areas = self.random.sample(AREAS[: 10 if self.chance(0.95) else 11], self.random.choice([1, 1, 2]))
        if self.chance(0.7):
            row["body_region"] = "; ".join(areas)
        if self.chance(0.1) and minutes > 5:
            row["area_minutes"] = f"{areas[0]}:{minutes - 5}; {areas[-1]}:{self.random.choice([5, 5, 6])}"

    def _money(self, row: Row, price: int) -> None:
        choose = self.random.choice
        # Some patients are dear, so that the year's threshold is crossed.
        price *= 6 if row["patient_id"].endswith("3") else 1
        row["charge_amount"] = f"{price * 2 / 100:.2f}"
        row["allowed_amount"] = f"{price * 1.25 / 100:.2f}" if self.chance(0.97) else ""
        row["paid_amount"] = f"{price / 100:.2f}" if self.chance(0.95) else choose(["", "0.00"])
        row["claim_status"] = "Paid" if self.plain else choose(STATUSES)
        row["paid_date"] = row["submitted_date"] if self.chance(0.5) else ""
        denied = self.random.random()
        if self.plain:
            if denied < 0.05:
                row |= {"claim_status": "Denied", "paid_amount": "0.00", "allowed_amount": "0.00"}
        elif denied < 0.07:
            row |= {
                "claim_status": choose(DENIALS),
                "paid_amount": choose(["0.00", "", "0.00"]),
                "allowed_amount": choose(["0.00", ""]),
            }
            if self.chance(0.1):
                row["paid_amount"] = f"{price / 100:.2f}"
        elif denied < 0.09:
            row |= {"paid_amount": "0.00", "allowed_amount": "0.00"}
        elif denied < 0.1:
            row |= {"claim_status": choose(VOIDS)}
        elif denied < 0.103:
            row |= {"is_void": "true"}

    def _totals(self, lines: list[Row]) -> None:
        """The visit's totals, on all its lines: right, or a little off."""
        if not self.chance(0.5):
            return
        timed = sum(int(row["minutes"] or 15) for row in lines if row["procedure_code"] in TIMED)
        timed += self.random.choice([0, 0, 0, 0, 5, 6, -5, -6, 15])
        for row in lines:
            row["visit_timed_minutes"] = str(max(0, timed))
            # The whole treatment holds the timed minutes; now and then a record says less.
            row["visit_total_minutes"] = str(max(0, timed + self.random.choice([10] * 9 + [-8]))) if self.chance(0.9) else ""

    def _afterwards(self, lines: list[Row]) -> None:
        """What follows a claim: the same again, a correction, a void, a reversal, a secondary claim."""
        self.rows += lines
        fate = self.random.random()
        if fate < 0.05:
            self._again(lines, {})
        elif fate < 0.07:
            self._again(lines, {"claim_frequency_code": "7", "original_claim_id": lines[0]["claim_id"]})
        elif fate < 0.08:
            self._again(lines, {"claim_frequency_code": "8", "original_claim_id": lines[0]["claim_id"]})
        elif fate < 0.1 and not self.plain:
            self._reverse(lines[0], len(lines) + 1)
        elif fate < 0.13 and lines[0]["procedure_code"] == "97124":
            lines[0] |= {"claim_status": "Denied", "paid_amount": "0.00"}
            self._again(lines[:1], {"procedure_code": "97140", "claim_status": "Paid", "paid_amount": "28.00"})
        elif fate < 0.19:
            name, number, indicator = self.random.choice([payer for payer in SECONDARY if payer[0] != lines[0]["payer_name"]])
            payer = {"payer_name": name, "payer_id": number, "claim_filing_indicator": indicator, "payer_sequence": "S"}
            self._again(lines, payer | {"paid_amount": "5.00", "allowed_amount": "6.25"})

    def _again(self, lines: list[Row], change: Row) -> None:
        claim = self.claim_id()
        submitted = lines[0]["submitted_date"]
        if submitted and self.chance(0.5):
            submitted = (date.fromisoformat(submitted) + timedelta(days=20)).isoformat()
        self.rows += [row | {"claim_id": claim, "submitted_date": submitted} | change for row in lines]

    def _reverse(self, row: Row, number: int) -> None:
        money = {
            column: f"-{row[column]}" for column in ("charge_amount", "allowed_amount", "paid_amount") if float(row[column] or 0)
        }
        mark = {"is_void": "true"} if self.chance(0.3) else {}
        self.rows.append(row | money | mark | {"claim_line_number": str(number)})


def shapes(seed: int, lines: int, size: int = 2500) -> Iterator[tuple[int, str, int]]:
    """Exports that make up `lines`: seed, shape and rows of each."""
    for n in range(-(-lines // size)):
        yield seed * 1000 + n, SHAPES[(seed + n) % len(SHAPES)], min(size, lines - n * size)


def write(folder: Path, seed: int, shape: str, count: int) -> tuple[Path, Path]:
    """Writes claims.csv and audit.toml of one random export."""
    rows = Writer(Random(seed), shape).visits(count)[:count]
    lacks = LACKS.get(shape, set())
    if "billing_npi" in lacks:
        # Of a line that names nobody, and of a facility without a name, nothing of a provider is known.
        rows = [{**row, "rendering_npi": row.get("rendering_npi") or row["billing_npi"]} for row in rows]
    columns = [column for column in COLUMNS if column not in lacks]
    claims, config = folder / "claims.csv", folder / "audit.toml"
    with claims.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    config.write_text(KNOWN_KEYS + (NOT_COVERED if shape == "not_covered" else "") + DELTA + NEW_KEYS, encoding="utf-8")
    return claims, config
