"""Whether a file writes a comma before its decimals ("1.234,56"), told from all of its values and never from one row.

A comma or a point alone may mark thousands or cents. A comma marks cents where a file has cells in which it can mark nothing
else, as two digits stand behind it, and none in which a point does. An amount such as 1.234 in a file in which no cell tells is
$1,234 or $1.23: such a file is refused.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from audit.contract import BY_NAME, Kind
from audit.errors import InputError
from audit.intake.columns.mapping import FileMapping
from audit.intake.raw import RawTable

_COUNTED = (Kind.MONEY, Kind.UNITS, Kind.MINUTES)
_COMMA = re.compile(r"\d,\d")
# One digit, two, or four and more; three may be thousands.
_DECIMALS = r"[0-9]{}([0-9]{{1,2}}|[0-9]{{4,}})([^0-9.,].*)?$"
_WITH_COMMA = _DECIMALS.format(",")
# Thousands begin with no nought, and part no four digits from the rest.
_WITH_POINT = _DECIMALS.format(r"\.") + r"|(^|[^0-9.,])(0|[0-9]{4,})\.[0-9]{3}([^0-9.,].*)?$"
_POINT = re.compile(_WITH_POINT)
# A count has no parts: of units only a comma before noughts tells.
_UNITS_WITH_COMMA = r"^[0-9]+,0+$"
# "1.234"
MAYBE_THOUSANDS = r"(^|[^0-9.,])[1-9][0-9]{0,2}(\.[0-9]{3})+([^0-9.,].*)?$"
# No therapy costs ten thousand dollars a line: 60.000 beside cells that have three decimals too is sixty dollars.
_TEN_THOUSANDS = r"[1-9][0-9]{1,2}\.[0-9]{3}"
_WHOLE = r"^[^0-9.,]*[1-9][0-9]*[^0-9.,]*$"


def settle_decimals(
    con: duckdb.DuckDBPyConnection,
    name: str,
    table: RawTable,
    mapping: FileMapping,
    sample: Sequence[Sequence[str]],
    *,
    is_text: bool,
) -> FileMapping:
    """The mapping with numbers read by the comma before their decimals where the file writes so, and a word about it.

    `is_text`: the file holds text, and no numbers as a workbook does. InputError where amounts of such a file may be thousands or
    parts of a cent.
    """
    numbers = {
        one.name: one.index
        for one in mapping.assignments
        if BY_NAME[one.name].kind in _COUNTED and one.index >= 0 and one.cell == "{cell}" and not table.fields[one.index].native
    }
    amounts = {one: index for one, index in numbers.items() if BY_NAME[one].kind is Kind.MONEY}
    is_doubtful = is_text and bool(amounts) and not _tells_point(sample, amounts)
    if not is_doubtful and not _may_tell(sample, numbers):
        return mapping
    tells = [_tells(table.fields[index].text, BY_NAME[one].kind) for one, index in numbers.items()]
    commas, points = (f"bool_or({' OR '.join(told)})" for told in zip(*tells, strict=True))
    found = con.execute(f"SELECT {commas}, {points} FROM {table.relation}").fetchone() or (False, False)
    if is_doubtful and not found[0] and not found[1]:
        _refuse_either(con, name, table, amounts)
    if not found[0] or found[1]:
        return mapping
    said = f"{name}: numbers are written with a comma before their decimals (1.234,56), and were read so."
    read = [replace(one, cell="pointed({cell})") if one.name in numbers else one for one in mapping.assignments]
    return replace(mapping, assignments=tuple(read), warnings=(*mapping.warnings, said))


def _may_tell(sample: Sequence[Sequence[str]], numbers: Mapping[str, int]) -> bool:
    return any(_COMMA.search(row[index]) for row in sample for index in numbers.values() if index < len(row))


def _tells_point(sample: Sequence[Sequence[str]], amounts: Mapping[str, int]) -> bool:
    """Whether amounts of the first rows show a point before cents, as those of nearly all files do."""
    return any(_POINT.search(row[index]) for row in sample for index in amounts.values() if index < len(row))


def _tells(cell: str, kind: Kind) -> tuple[str, str]:
    """SQL for whether a cell has a comma before decimals, and a point."""
    comma = _UNITS_WITH_COMMA if kind is Kind.UNITS else _WITH_COMMA
    return _has(cell, comma), _has(cell, _WITH_POINT)


def _refuse_either(con: duckdb.DuckDBPyConnection, name: str, table: RawTable, amounts: Mapping[str, int]) -> None:
    """Refuse a file whose amounts have three digits behind a point, where nothing tells whether it marks thousands."""
    cells = [table.fields[index].text for index in amounts.values()]
    asked = [f"bool_or({_has(cell, MAYBE_THOUSANDS)})" for cell in cells]
    asked += [f"bool_or({' OR '.join(_has(cell, pattern) for cell in cells)})" for pattern in (_WHOLE, _TEN_THOUSANDS)]
    *maybe, is_some_whole, is_some_large = con.execute(f"SELECT {', '.join(asked)} FROM {table.relation}").fetchone() or (False,)
    headers = [table.fields[index].header.strip() for index, is_so in zip(amounts.values(), maybe, strict=False) if is_so]
    if headers and (is_some_whole or not is_some_large):
        raise InputError(
            f"{name}: amounts with a point before three digits (under {', '.join(map(repr, headers))}) may be thousands, or "
            "parts of a cent; no amount of the file tells which.",
            "Export amounts with two decimals: 1234.00, or 1.23.",
        )


def _has(cell: str, pattern: str) -> str:
    return f"coalesce(regexp_matches({cell}, '{pattern}'), FALSE)"
