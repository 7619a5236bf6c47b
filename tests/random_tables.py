"""Random tables of claim lines, written as exports write them, each with what must be read from it.

What must be read is made first, as plain Python values; the cells are then written from it in one of the ways in which
exports write such a value. Nothing here uses the program but the contract's columns and the headers known for them.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from audit.contract import BY_NAME
from audit.intake.columns.names import of_column

Value = str | int | bool | Decimal | dt.date | dt.time | None
Row = dict[str, Value]

REQUIRED = ("claim_id", "claim_line_number", "patient_id", "service_date", "procedure_code", "units", "payer_name")
OPTIONAL = (
    "minutes", "start_time", "end_time", "rendering_npi", "billing_npi", "charge_amount", "allowed_amount", "paid_amount",
    "paid_date", "note_text", "diagnosis_1", "diagnosis_2", "place_of_service", "location", "is_void", "member_id",
)  # fmt: skip
MODIFIERS = tuple(f"modifier_{place}" for place in range(1, 5))
MONEY = ("charge_amount", "allowed_amount", "paid_amount")
DATES = ("service_date", "paid_date")
NPIS = ("1234567893", "1245319599", "1000000004")
PRIVATE = ("Patient Name", "DOB", "Zip Code", "Client Last Name")
UNKNOWN = ("Room", "Referral Source", "Batch", "Cost Center")
_NOTHING = ("", "-", "--", "---", ".", "na", "n/a", "#n/a", "nan", "null", "none", "(blank)")
# Signs of _ANY that stand around a text and are no part of it.
_AROUND = " \t\r\n\u00a0\u2028"
_SIGNS = "abc xyz,;|\t\"'\n-.0123456789=+@/"
# Text that Windows-1252 can hold, and text that it cannot.
_WESTERN = _SIGNS + "é€ßÜ“\u2013\u00a0"
_ANY = _WESTERN + "日ç\u2028\u0301😀"

DATE_STYLES: dict[str, Callable[[dt.date], str]] = {
    "2025-11-03": lambda day: day.isoformat(),
    "2025/11/3": lambda day: f"{day.year}/{day.month}/{day.day}",
    "20251103": lambda day: f"{day:%Y%m%d}",
    "11/03/2025": lambda day: f"{day:%m/%d/%Y}",
    "11/3/25": lambda day: f"{day.month}/{day.day}/{day:%y}",
    "11-03-2025": lambda day: f"{day:%m-%d-%Y}",
    "11/03/2025 12:00:00 AM": lambda day: f"{day:%m/%d/%Y} 12:00:00 AM",
    "03/11/2025": lambda day: f"{day:%d/%m/%Y}",
    "03.11.2025": lambda day: f"{day:%d.%m.%Y}",
    "03-Nov-2025": lambda day: f"{day:%d-%b-%Y}",
    "3-Nov-25": lambda day: f"{day.day}-{day:%b-%y}",
    "03NOV2025": lambda day: f"{day:%d%b%Y}".upper(),
    "November 3, 2025": lambda day: f"{day:%B} {day.day}, {day.year}",
    "2025-11-03 00:00:00": lambda day: f"{day.isoformat()} 00:00:00",
    "2025-11-03T00:00:00.000Z": lambda day: f"{day.isoformat()}T00:00:00.000Z",
    "45964": lambda day: str((day - dt.date(1899, 12, 30)).days),
    "45964.0": lambda day: f"{(day - dt.date(1899, 12, 30)).days}.0",
}


@dataclass
class Table:
    """`rows` are what must be read, in order; `headers` the export's; `cells` its rows of text, each in the headers' order.

    `source` names the contract column of each header, None for those that mean none. `order` numbers each of `rows` among
    all rows of the export. `numbers` says of what a typed file may hold as numbers, dates or flags.
    """

    rows: list[Row]
    headers: list[str]
    source: list[str | None]
    cells: list[list[str]]
    order: list[int] = field(default_factory=list)

    @property
    def private(self) -> list[str]:
        """Headers of persons' data, in the order of the file."""
        return [header for header in self.headers if header in PRIVATE]

    def total(self, name: str) -> Decimal | None:
        """Dollars of a column, None where the export has it not."""
        if name not in self.source:
            return None
        return sum((row[name] for row in self.rows if isinstance(row[name], Decimal)), Decimal("0.00"))  # type: ignore[misc]


def table(chance: Random, *, wide_signs: bool = True) -> Table:
    """A table of one to eight claim lines; `wide_signs` lets text hold what Windows-1252 cannot."""
    signs = _ANY if wide_signs else _WESTERN
    named = [*REQUIRED, *(name for name in OPTIONAL if chance.random() < 0.5)]
    modifiers = chance.choice(["none", "columns", "one cell", "behind the code"])
    rows = [_row(chance, number, named, modifiers, signs) for number in range(1, chance.randint(1, 8) + 1)]
    style = chance.choice(list(DATE_STYLES))
    # One date whose day is over 12 settles the order of the others, in each column: a typed file may hold one as text alone.
    for name in DATES:
        if name in named:
            rows[0][name] = dt.date(2025, chance.randint(1, 12), chance.randint(13, 28))
    # Amounts below a dollar alone may be parts of one, payments below zero alone may be a system's sign for money that came in.
    for name in MONEY:
        if name in named and not any(isinstance(amount := row[name], Decimal) and amount > 1 for row in rows):
            rows[0][name] = Decimal("45.00")
    sources: list[str | None] = list(named)
    if modifiers == "columns":
        sources += MODIFIERS
    if modifiers == "one cell":
        sources.append("modifiers")
    sources += [None] * chance.randint(0, 4)
    chance.shuffle(sources)
    headers = _headers(chance, sources)
    written = [
        [
            _written(chance, row, source, style, modifiers) if source else _beside(chance, header, signs)
            for source, header in zip(sources, headers, strict=True)
        ]
        for row in rows
    ]
    return Table([_told(row) for row in rows], headers, sources, written, list(range(1, len(rows) + 1)))


def _row(chance: Random, number: int, named: Sequence[str], modifiers: str, signs: str) -> Row:
    codes = chance.sample(["59", "GP", "KX", "XS", "97", "22"], chance.randint(0, 4)) if modifiers != "none" else []
    if modifiers == "columns":
        codes += [""] * (4 - len(codes))
        chance.shuffle(codes)
    codes += [""] * (4 - len(codes))
    start = chance.randrange(24 * 60)
    values: dict[str, Callable[[], Value]] = {
        "claim_id": lambda: chance.choice([f"C{number}", f"00{number}", f"{number}-A, b", f"K {number}"]),
        "claim_line_number": lambda: chance.randint(1, 99),
        "patient_id": lambda: chance.choice([f"P{number}", f"{number}", f"0{number}", f'"{number}"']),
        "service_date": lambda: _day(chance),
        "paid_date": lambda: chance.choice([_day(chance), None]),
        "procedure_code": lambda: chance.choice(["97124", "97140", "G0283", "0101T", "97110"]),
        "units": lambda: Decimal(chance.choice(["1", "2", "8", "0", "1.5", "0.25", "-2"])),
        "payer_name": lambda: chance.choice(["Aetna", "Medicare Part B", "Blue; Cross, Blue Shield", 'The "Plan"']),
        "minutes": lambda: chance.choice([chance.randint(1, 240), None]),
        "start_time": lambda: chance.choice([dt.time(start // 60, start % 60), None]),
        "end_time": lambda: dt.time(start // 60, 59),
        "rendering_npi": lambda: chance.choice([*NPIS, None]),
        "billing_npi": lambda: chance.choice(NPIS),
        "charge_amount": lambda: _amount(chance),
        "allowed_amount": lambda: chance.choice([_amount(chance), None]),
        "paid_amount": lambda: _amount(chance),
        "note_text": lambda: _text(chance, signs, 40),
        "diagnosis_1": lambda: chance.choice(["M54.50", "S13.4XXA", None]),
        "diagnosis_2": lambda: chance.choice(["M62.830", None]),
        "place_of_service": lambda: chance.choice(["11", "02", "10", None]),
        "location": lambda: _text(chance, signs, 12),
        "is_void": lambda: chance.choice([True, False, None]),
        "member_id": lambda: chance.choice([f"W{number}00", "00123", None]),
    }
    return {name: values[name]() for name in named} | dict(zip(MODIFIERS, (code or None for code in codes), strict=True))


def _told(row: Row) -> Row:
    """The row as it must be read: text without the blanks around it, and None for the words for nothing."""
    return {name: _read_text(value) if isinstance(value, str) else value for name, value in row.items()}


def _read_text(value: str) -> str | None:
    bare = value.strip(_AROUND)
    if bare.startswith("'"):
        bare = bare.strip(_AROUND + "'")
    elif bare.startswith('="') and bare.endswith('"') and len(bare) > 2:
        bare = bare[2:-1].strip(_AROUND + "'")
    elif len(bare) > 1 and set(bare[1:]) <= set("0123456789.") and bare.startswith("="):
        bare = bare[1:]
    nothing = bare.casefold() in _NOTHING or set(bare) <= {"-"} or set(bare) <= {"."} or set(bare) <= {"\u2013"}
    return None if nothing else bare


def _day(chance: Random) -> dt.date:
    return dt.date(2025, 1, 1) + dt.timedelta(days=chance.randrange(365))


def _amount(chance: Random) -> Decimal:
    cents = chance.choice([0, 5, 50, 4500, chance.randrange(10_000), chance.randrange(200_000_000)])
    return Decimal(cents).scaleb(-2) * chance.choice([1, 1, 1, -1])


def _text(chance: Random, signs: str, longest: int) -> str:
    return "".join(chance.choice(signs) for _ in range(chance.randint(0, longest)))


def _headers(chance: Random, sources: Sequence[str | None]) -> list[str]:
    beside = chance.sample([*PRIVATE, *UNKNOWN], 8)
    return [_header(chance, source) if source else beside.pop() for source in sources]


def _header(chance: Random, source: str) -> str:
    """One of the headers known for a column, in some case and punctuation."""
    if source == "modifiers":
        return chance.choice(["Modifiers", "Modifier", "MODS", "Mod"])
    # "Member" may be a person.
    header = chance.choice([name for name in _KNOWN[source] if name != "Member"])
    spelled = chance.choice([str, str.upper, str.lower, str.title])(header)
    return chance.choice(["{}", "{} ", " {}", "{}."]).format(spelled.replace(" ", chance.choice([" ", "_", "  ", "-"])))


def _plain(header: str) -> str:
    return re.sub(r"[\W_]+", "", header.casefold())


def _known_for_one() -> dict[str, list[str]]:
    """Contract column -> the headers known for it and for no other: what is known for two is asked about."""
    known = {
        name: [name, *(row.header for row in of_column(name) if row.strength == "strong" and not row.meaning)] for name in BY_NAME
    }
    counted = Counter(plain for headers in known.values() for plain in {_plain(header) for header in headers})
    return {name: [header for header in headers if counted[_plain(header)] == 1] for name, headers in known.items()}


_KNOWN = _known_for_one()


def _beside(chance: Random, header: str, signs: str) -> str:
    """A cell of a column that means nothing to an audit."""
    if header == "DOB":
        return f"{chance.randint(1, 12)}/{chance.randint(1, 28)}/{chance.randint(1930, 2010)}"
    if header in PRIVATE:
        return chance.choice(["Example, Ada", "Sample", ""])
    return chance.choice(["", "west", _text(chance, signs.replace("\n", ""), 8)])


def _written(chance: Random, row: Row, source: str, style: str, modifiers: str) -> str:
    """A cell as some export writes the value."""
    if source == "modifiers":
        return chance.choice([" ", ", ", "/", "-", ""]).join(str(row[name]) for name in MODIFIERS if row[name])
    value = row[source]
    if value is None:
        return chance.choice(["", "", "", "N/A", "--"])
    if source == "procedure_code" and modifiers == "behind the code":
        return chance.choice(["-", " ", ","]).join([str(value), *(str(row[name]) for name in MODIFIERS if row[name])])
    if isinstance(value, dt.date):
        return DATE_STYLES[style](value)
    return _text_cell(chance, source, value) if isinstance(value, str) else _typed_cell(chance, source, value)


def _text_cell(chance: Random, source: str, value: str) -> str:
    if source == "procedure_code" and value.isdigit():
        return chance.choice([value, f"{value}.0", f"{value}.00", f" {value}"])
    if source.endswith("_npi"):
        return chance.choice([value, f"{value}.0", f" {value} "])
    return chance.choice([value, value.lower()]) if source in (*MODIFIERS, "procedure_code", "diagnosis_1") else value


def _typed_cell(chance: Random, source: str, value: bool | int | Decimal | dt.time) -> str:
    if isinstance(value, bool):
        return chance.choice([["False", "no", "N", "0"], ["TRUE", "Yes", "y", "1", "x"]][value])
    if isinstance(value, dt.time):
        return _clock(chance, value)
    if isinstance(value, Decimal):
        return _number(chance, value) if source == "units" else _money(chance, value)
    return chance.choice([str(value), f"{value}.0"] + ([f"{value} min"] if source == "minutes" else []))


def _clock(chance: Random, moment: dt.time) -> str:
    half, hour = ("AM" if moment.hour < 12 else "PM"), (moment.hour % 12 or 12)
    return chance.choice([
        f"{moment:%H:%M}", f"{moment:%H:%M:%S}", f"{hour}:{moment:%M} {half}", f"{hour:02}:{moment:%M}{half.lower()}",
        f"{hour}:{moment:%M}{half[0].lower()}", f"{moment:%H%M}", f"{hour}:{moment:%M:%S} {half}",
    ])  # fmt: skip


def _number(chance: Random, value: Decimal) -> str:
    places = chance.choice([0, 1, 2, 4]) if value == value.to_integral_value() else chance.choice([2, 4])
    return f"{value:.{places}f}"


def _money(chance: Random, value: Decimal) -> str:
    size = abs(value)
    plain = chance.choice([f"{size:.2f}", f"{size:,.2f}", f"${size:,.2f}", f"${size:.2f}", f" {size:.2f} "])
    if size == size.to_integral_value() and chance.random() < 0.3:
        plain = f"{size:.0f}"
    if value >= 0:
        return plain
    bare = plain.strip()
    return chance.choice([f"({bare})", f"-{bare}", f"{bare}-"] + ([f"$-{bare[1:]}"] if bare.startswith("$") else []))
