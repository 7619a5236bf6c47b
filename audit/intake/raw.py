"""A source file as DuckDB can scan it, whatever its format: fields as text, and the number of each data row."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

# In place of SQL for the number of a row: the order in which they are read tells it, and nothing is spent on counting.
ORDER_TELLS = "NULL"
ONE_LINE_A_ROW = "CAST(NULL AS INTEGER)"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the file. `text` is SQL for its cell as VARCHAR; `native` is SQL for the cell as the file types it."""

    header: str
    text: str
    native: str = ""
    native_type: str = "VARCHAR"


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that has no readable cells: its number in the file, what it holds, and what is wrong with it."""

    source_row: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class BrokenRows:
    """A file's broken rows: how many, and a CSV of (source_row, shape, reason), None where there are none.

    They stand in a file because there may be millions of them.
    """

    count: int = 0
    path: Path | None = None


@dataclass(slots=True)
class RawTable:
    """What a reader hands to the loader.

    `relation` stands after FROM. `source_row` is SQL for the row's number as the file's own editor counts: the line of a text
    on which it begins, the row of a sheet; where the order of rows tells it, `ahead` lines stand before the first. `rows` is
    how many rows the relation must give, None where only reading tells. `place` is SQL for the number of a claim line within
    its row, NULL where a row is one line. `titles` are the lines above the header; `apart` counts rows that the reader has
    kept out of the table because they are no claims, by what they are.
    """

    relation: str
    fields: tuple[Field, ...]
    source_row: str = ORDER_TELLS
    ahead: int = 0
    rows: int | None = None
    broken: BrokenRows = BrokenRows()
    place: str = ONE_LINE_A_ROW
    titles: frozenset[str] = frozenset()
    apart: Mapping[str, int] = field(default_factory=dict)

    def only(self, rows: str) -> "RawTable":
        """The table with the rows alone whose numbers, which it has itself, are those of the SELECT."""
        return replace(self, relation=f"(FROM {self.relation} WHERE {self.source_row} IN ({rows}))")

    @property
    def row_number(self) -> str:
        """SQL for the row's number, counted where the order of rows tells it."""
        return f"row_number() OVER () + {self.ahead}" if self.source_row == ORDER_TELLS else self.source_row


def sql_text(value: str) -> str:
    """A SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def sql_path(path: Path) -> str:
    """A file as a SQL string literal; DuckDB would read * ? [ in a file's name as a pattern, so they are escaped."""
    text = str(path)
    for sign in "[*?":
        text = text.replace(sign, f"[{sign}]") if sign != "[" else text.replace("[", "[[]")
    return sql_text(text)
