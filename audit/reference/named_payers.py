"""What payers publish of their rules as data: named_payers.csv, a row a fact, offered by `init` and never applied by itself.

`name`, `beside` and `unless` are patterns of whole words of a payer's name as the macro payer_key leaves it: the first must
be found, the second too where it stands, the third must not; they stand in a payer's first row and serve its others too.
`payer_class` lists the classes to which a fact is offered.
`setting` is a line of a [[payer]] table; without one the fact is for reading only. Dates may be a year or a month, where no
more is known: a first date is then its first day, a last date its last one.
"""

import calendar
import csv
import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("named_payers.csv")
CERTAINTIES = ("certain", "secondary source")
_PATTERNS = ("name", "beside", "unless")


@dataclass(frozen=True, slots=True)
class Published:
    """One row of the table."""

    payer: str
    name: str
    beside: str
    unless: str
    payer_class: str
    setting: str
    says: str
    effective_from: str
    effective_to: str
    certainty: str
    source: str

    @property
    def key(self) -> str:
        """The setting's key of audit.toml: unit_rule; empty where the fact is no setting."""
        return self.setting.partition(" = ")[0]

    @property
    def first_day(self) -> date:
        """From when it holds."""
        return _day(self.effective_from, last=False) if self.effective_from else date.min

    @property
    def last_day(self) -> date:
        """Until when it holds."""
        return _day(self.effective_to, last=True) if self.effective_to else date.max

    def fits(self, name_key: str, classes: Container[str]) -> bool:
        """Whether a payer of this name, as payer_key leaves it, and of one of these classes is the one that published it."""
        return (
            any(name in classes for name in self.payer_class.split())
            and _holds(self.name, name_key)
            and (not self.beside or _holds(self.beside, name_key))
            and not (self.unless and _holds(self.unless, name_key))
        )


@cache
def table() -> tuple[Published, ...]:
    """Every row, in the order of the file."""
    patterns: dict[str, dict[str, str]] = {}
    rows = []
    with FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, strict=True):
            known = patterns.setdefault(row["payer"], {name: row[name] for name in _PATTERNS})
            rows.append(Published(**row | known))
    return tuple(rows)


def of(name_key: str, classes: Container[str]) -> tuple[Published, ...]:
    """What the payer of this name publishes."""
    return tuple(row for row in table() if row.fits(name_key, classes))


def _holds(pattern: str, name_key: str) -> bool:
    return re.search(rf"\b(?:{pattern})\b", name_key) is not None


def _day(text: str, *, last: bool) -> date:
    """A date that may lack its day or its month: "2016-03" -> its first or last day."""
    year, month, day = [*map(int, text.split("-")), None, None][:3]
    month = month or (12 if last else 1)
    return date(year or 0, month, day or (calendar.monthrange(year or 0, month)[1] if last else 1))
