"""Writes docs/claim-line.md from the contract and the known names: every column, and the headers known to mean it."""

from pathlib import Path

from audit.contract import COLUMNS, PAYER_COLUMNS, Column, Kind
from audit.intake.columns import names

PAGE = Path("docs/claim-line.md")

_READ_AS = {
    Kind.TEXT: "text, as it stands",
    Kind.CODE: "text, trimmed and in capitals; leading zeros stay",
    Kind.DATE: "2025-11-03, 11/03/2025, 20251103 and the like; whether day or month comes first is settled for the whole column",
    Kind.TIME: "14:05, 2:05 PM and the like",
    Kind.MONEY: "dollars with two places; $ and thousands separators are taken off, (12.00) is below zero",
    Kind.UNITS: "a number with up to two places",
    Kind.MINUTES: "whole minutes",
    Kind.NUMBER: "a whole number",
    Kind.FLAG: "true, yes, y, t, 1 or x; false, no, n, f or 0; any other word rejects the row",
}
_INTRO = """# The claim-line contract

Every export is brought to these columns, one row a billed line; rules read nothing else. This page is written from
`audit/contract.py` and `audit/intake/columns/header_names.csv` by `make docs`. A line needs the columns marked *required* and
one of {payers}.
Everything else may be missing: a rule that needs it says "not evaluated". Columns of the export that mean none of these are
listed in the report.

Headers are compared without case, blanks and punctuation. A *lesser* name is taken where no other of the column stands in
the file, and behind these a header that writes the words of a name in another way or order (`Clm Ref`, `Date of Svc`). Where
headers do not tell, name the column in audit.toml, or add its names to the known ones
([configuration.md](configuration.md)). Of a wide file each
group of columns across is a line ([intake.md](intake.md)).

| column | type | meaning | headers that are known |
|---|---|---|---|
"""


def _headers(column: Column) -> str:
    """The headers of a column: those that mean it, then those that mean it where none of the first stands in the file."""
    known = [name for name in names.of_column(column.name) if name.strength != "never"]
    kinds = (
        ("", [name for name in known if name.strength == "strong" and not name.meaning]),
        ("lesser: ", [name for name in known if name.strength == "weak" and name.meaning != "hours"]),
        ("as hours: ", [name for name in known if name.meaning == "hours"]),
    )
    said = [title + ", ".join(name.header for name in of_kind) for title, of_kind in kinds if of_kind]
    return "; ".join(said) or "-"


def text() -> str:
    """The whole page."""
    rows = [
        f"| `{column.name}` | {column.kind.value} | {column.meaning}{' (*required*)' if column.required else ''} "
        f"| {_headers(column)} |"
        for column in COLUMNS
    ]
    kinds = [f"| {kind.value} | `{kind.sql_type}` | {_READ_AS[kind]} |" for kind in Kind]
    payers = ", ".join(f"`{name}`" for name in PAYER_COLUMNS[:-1]) + f" and `{PAYER_COLUMNS[-1]}`"
    head = "\n## Types\n\n| type | held as | read from |\n|---|---|---|\n"
    return _INTRO.format(payers=payers) + "\n".join(rows) + "\n" + head + "\n".join(kinds) + "\n"
