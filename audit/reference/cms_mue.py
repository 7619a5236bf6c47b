"""Reads a CMS medically unlikely edit (MUE) table into Parquet, refusing the file at its first bad row.

Columns as CMS publishes them: code, MUE value for one setting, adjudication indicator ("2 Date of Service Edit: Policy":
its first digit is the MAI), rationale. Some 15,000 rows, so plain Python does.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from audit.errors import InputError
from audit.reference.archive import Member
from audit.reference.grid import Row

_CODE = re.compile(r"[0-9]{5}|[0-9]{4}[A-Z]|[A-Z][0-9]{4}")
_UNITS = re.compile(r"[0-9]{1,6}")
_MAI = re.compile(r"([123])(\D.*)?")
_SCHEMA = pa.schema([("code", pa.string()), ("mue", pa.int32()), ("mai", pa.int32()), ("rationale", pa.string())])


def convert(rows: Iterator[Row], member: Member, parquet: Path) -> int:
    """Writes the rows below an MUE header to `parquet` and returns their number.

    Parquet columns, sorted by code: code, mue (units), mai (1, 2 or 3), rationale.
    Raises InputError naming the first bad row, its column, its value and what was expected.
    """
    values: dict[str, tuple[int, int, str]] = {}
    seen: dict[str, int] = {}
    for number, cells in rows:
        if not any(cells):
            continue
        code, mue, mai, rationale = _parse(cells, number, member)
        if code in seen:
            raise _fault(
                member, number, "code", code, f"each code once (it stands in {member.at(seen[code]).rsplit(', ', 1)[-1]} too)"
            )
        seen[code] = number
        values[code] = (mue, mai, rationale)
    if not values:
        raise InputError(f"{member.label}: has an MUE header but no row below it.", "Download it again.")
    records = [{"code": code, "mue": mue, "mai": mai, "rationale": text} for code, (mue, mai, text) in sorted(values.items())]
    pq.write_table(pa.Table.from_pylist(records, schema=_SCHEMA), parquet, compression="zstd")
    return len(records)


def _parse(cells: list[str], number: int, member: Member) -> tuple[str, int, int, str]:
    if len(cells) < 3 or any(cells[4:]):
        raise InputError(
            f"{member.at(number)}: {len(cells)} columns where the MUE table has 4.",
            "Download the file again; nothing of it was imported.",
        )
    code, units, indicator, rationale = (*cells[:4], "")[:4]
    if not _CODE.fullmatch(code):
        raise _fault(member, number, "code", code, "a CPT or HCPCS code of five characters")
    if not _UNITS.fullmatch(units):
        raise _fault(member, number, "MUE value", units, "a whole number of units")
    mai = _MAI.fullmatch(indicator)
    if mai is None:
        raise _fault(member, number, "MUE adjudication indicator", indicator, "a text that begins with 1, 2 or 3")
    if len(rationale) > 200:
        raise _fault(member, number, "rationale", f"{len(rationale)} characters", "at most 200")
    return code, int(units), int(mai[1]), rationale


def _fault(member: Member, number: int, column: str, value: str, expected: str) -> InputError:
    return InputError(
        f"{member.at(number)}, {column}: found {value!r}, expected {expected}.",
        "Nothing of this file was imported. Download it again; if CMS changed the layout, report it.",
    )
