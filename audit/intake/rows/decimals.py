"""Whether a file writes a comma before its decimals ("1.234,56"), told from all of its values and never from one row.

A comma alone may mark thousands or cents. It marks cents where a file has cells in which it can mark nothing else, as two digits
stand behind it, and none in which a point does.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from audit.contract import BY_NAME, Kind
from audit.intake.columns.mapping import FileMapping
from audit.intake.raw import RawTable

_COUNTED = (Kind.MONEY, Kind.UNITS, Kind.MINUTES)
_COMMA = re.compile(r"\d,\d")
# One digit, two, or four and more; three may be thousands.
_DECIMALS = r"[0-9]{}([0-9]{{1,2}}|[0-9]{{4,}})([^0-9.,].*)?$"
_WITH_COMMA, _WITH_POINT = _DECIMALS.format(","), _DECIMALS.format(r"\.")
# A count has no parts: of units only a comma before noughts tells.
_UNITS_WITH_COMMA = r"^[0-9]+,0+$"


def settle_decimals(
    con: duckdb.DuckDBPyConnection, name: str, table: RawTable, mapping: FileMapping, sample: Sequence[Sequence[str]]
) -> FileMapping:
    """The mapping with numbers read by the comma before their decimals where the file writes so, and a word about it."""
    numbers = {
        one.name: one.index
        for one in mapping.assignments
        if BY_NAME[one.name].kind in _COUNTED and one.index >= 0 and one.cell == "{cell}" and not table.fields[one.index].native
    }
    if not any(_COMMA.search(row[index]) for row in sample for index in numbers.values() if index < len(row)):
        return mapping
    tells = [_tells(table.fields[index].text, BY_NAME[one].kind) for one, index in numbers.items()]
    commas, points = (f"bool_or(coalesce({' OR '.join(told)}, FALSE))" for told in zip(*tells, strict=True))
    found = con.execute(f"SELECT {commas} AND NOT {points} FROM {table.relation}").fetchone()
    if not found or not found[0]:
        return mapping
    said = f"{name}: numbers are written with a comma before their decimals (1.234,56), and were read so."
    read = [replace(one, cell="pointed({cell})") if one.name in numbers else one for one in mapping.assignments]
    return replace(mapping, assignments=tuple(read), warnings=(*mapping.warnings, said))


def _tells(cell: str, kind: Kind) -> tuple[str, str]:
    """SQL for whether a cell has a comma before decimals, and a point."""
    comma = _UNITS_WITH_COMMA if kind is Kind.UNITS else _WITH_COMMA
    return f"coalesce(regexp_matches({cell}, '{comma}'), FALSE)", f"coalesce(regexp_matches({cell}, '{_WITH_POINT}'), FALSE)"
