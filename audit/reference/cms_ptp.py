"""Reads one part of CMS's procedure-to-procedure (PTP) table into Parquet, refusing the part at its first bad row.

Columns as CMS publishes them: column 1 code, column 2 code, "in existence prior to 1996" flag, effective date, deletion
date (`*` for none), modifier indicator (0 not allowed, 1 allowed, 9 not applicable), rationale. The rows are written with
their row numbers to a plain text file and checked and typed in one pass by DuckDB: 2.6 million rows in seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from audit.errors import InputError
from audit.reference.archive import Member
from audit.reference.grid import Row

COLUMNS = ("column 1", "column 2", "prior to 1996", "effective date", "deletion date", "modifier indicator", "rationale")
MANUAL_THERAPY = "97140"

_WIDTH = len(COLUMNS)
_CODE = r"^([0-9]{5}|[0-9]{4}[A-Z]|[A-Z][0-9]{4})$"
_DAY = r"^[0-9]{8}$"
_CODE_EXPECTED = "a CPT or HCPCS code of five characters"
_DAY_EXPECTED = "a real date as YYYYMMDD"
_EXPECTED = {
    "column 1": _CODE_EXPECTED,
    "column 2": _CODE_EXPECTED,
    "prior to 1996": "* or nothing",
    "effective date": _DAY_EXPECTED,
    "deletion date": f"{_DAY_EXPECTED}, or * for none",
    "modifier indicator": "0, 1 or 9",
    "rationale": "a rationale of at most 200 characters",
}

_LOAD = f"""
CREATE OR REPLACE TABLE ptp_row AS
SELECT
    row_number,
    column_1,
    column_2,
    try_strptime(effective, '%Y%m%d')::DATE AS effective_from,
    try_strptime(nullif(deletion, '*'), '%Y%m%d')::DATE AS effective_to,
    try_cast(indicator AS INTEGER) AS modifier_indicator,
    rationale,
    CASE
        WHEN NOT regexp_matches(column_1, '{_CODE}') THEN 0
        WHEN NOT regexp_matches(column_2, '{_CODE}') THEN 1
        WHEN prior NOT IN ('', '*') THEN 2
        WHEN NOT regexp_matches(effective, '{_DAY}') OR effective_from IS NULL THEN 3
        WHEN deletion != '*' AND (NOT regexp_matches(deletion, '{_DAY}') OR effective_to IS NULL) THEN 4
        WHEN indicator NOT IN ('0', '1', '9') THEN 5
        WHEN rationale = '' OR length(rationale) > 200 THEN 6
    END AS fault,
    [column_1, column_2, prior, effective, deletion, indicator, rationale] AS cells
FROM read_csv(
    $body,
    auto_detect = false, header = false, delim = '\t', quote = '', escape = '', new_line = '\\n',
    force_not_null = ['column_1', 'column_2', 'prior', 'effective', 'deletion', 'indicator', 'rationale'],
    columns = {{
        'row_number': 'BIGINT', 'column_1': 'VARCHAR', 'column_2': 'VARCHAR', 'prior': 'VARCHAR',
        'effective': 'VARCHAR', 'deletion': 'VARCHAR', 'indicator': 'VARCHAR', 'rationale': 'VARCHAR'
    }}
)
"""

_FIRST_FAULT = "SELECT row_number, fault, cells FROM ptp_row WHERE fault IS NOT NULL ORDER BY row_number LIMIT 1"

_WRITE = """
COPY (
    SELECT DISTINCT column_1, column_2, effective_from, effective_to, modifier_indicator, rationale
    FROM ptp_row
    ORDER BY column_1, column_2, effective_from, effective_to NULLS LAST, modifier_indicator, rationale
) TO '{parquet}' (FORMAT PARQUET, COMPRESSION ZSTD)
"""

_MEASURE = """
SELECT
    count(*),
    count(*) FILTER (effective_to IS NULL AND modifier_indicator != 9),
    count(*) FILTER (effective_to < effective_from),
    min(column_1),
    max(column_1),
    min(effective_from),
    max(effective_from),
    coalesce(bool_or(column_1 = $code), false)
FROM read_parquet($parquet)
"""

_ORDERED = """
SELECT count(*) = 0
FROM (SELECT column_1, lag(column_1) OVER (ORDER BY row_number) AS earlier FROM ptp_row)
WHERE column_1 < earlier
"""


@dataclass(frozen=True, slots=True)
class PtpPart:
    """What one part holds. `live` counts rows with no deletion date and an indicator other than 9.

    `ordered` says that column 1 codes ascend through the file; then the part holds every row whose column 1 code lies
    strictly between `first_code` and `last_code`.
    """

    rows: int
    live: int
    repeated: int
    ends_before_start: int
    first_code: str
    last_code: str
    oldest_effective: date
    newest_effective: date
    has_manual_therapy: bool
    ordered: bool


def convert(rows: Iterator[Row], member: Member, parquet: Path, workspace: Path) -> PtpPart:
    """Writes the rows below a PTP header to `parquet` and measures them.

    Parquet columns: column_1, column_2, effective_from DATE, effective_to DATE (the deletion date, inclusive, NULL while
    live), modifier_indicator INTEGER (0, 1, 9), rationale. `workspace` is a private folder for scratch files.
    Raises InputError naming the first bad row, its column, its value and what was expected.
    """
    body = workspace / "ptp_body.txt"
    try:
        written = _stage(rows, member, body)
        if not written:
            raise InputError(f"{member.label}: has a PTP header but no row below it.", "Download it again.")
        return _load(body, member, parquet, written, workspace)
    finally:
        body.unlink(missing_ok=True)


def _stage(rows: Iterator[Row], member: Member, body: Path) -> int:
    written = 0
    started = False
    with body.open("w", encoding="utf-8", newline="\n") as out:
        for number, cells in rows:
            # CMS's header spans several lines; those after the first have both code cells empty.
            if not started and not any(cells[:2]):
                continue
            started = True
            if len(cells) != _WIDTH:
                if not any(cells):
                    continue
                out.write(_line(number, _fit(cells, number, member)))
            else:
                out.write(_line(number, cells))
            written += 1
    return written


def _line(number: int, cells: list[str]) -> str:
    return f"{number}\t" + "\t".join(cells) + "\n"


def _fit(cells: list[str], number: int, member: Member) -> list[str]:
    if any(cells[_WIDTH:]) or len(cells) < _WIDTH - 1:
        raise InputError(
            f"{member.at(number)}: {len(cells)} columns where the PTP table has {_WIDTH}.",
            "Download the file again; nothing of it was imported.",
        )
    return [*cells, ""][:_WIDTH]


def _load(body: Path, member: Member, parquet: Path, written: int, workspace: Path) -> PtpPart:
    try:
        with duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(workspace / "spill")}) as con:
            con.execute(_LOAD, {"body": str(body)})
            _refuse_fault(con, member)
            ordered = _one(con, _ORDERED)[0]
            con.execute(_WRITE.format(parquet=str(parquet).replace("'", "''")))
            con.execute("DROP TABLE ptp_row")
            measured = _one(con, _MEASURE, {"code": MANUAL_THERAPY, "parquet": str(parquet)})
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{member.label}: its rows cannot be read or stored ({reason}).",
            "Check the space on the disk of the reference folder, and download the file again.",
        ) from error
    count, live, inverted, first, last, oldest, newest, manual = measured
    return PtpPart(count, live, written - count, inverted, first, last, oldest, newest, manual, ordered)


def _one(con: duckdb.DuckDBPyConnection, sql: str, values: dict[str, str] | None = None) -> tuple[Any, ...]:
    row = con.execute(sql, values).fetchone()
    return row or ()


def _refuse_fault(con: duckdb.DuckDBPyConnection, member: Member) -> None:
    fault = con.execute(_FIRST_FAULT).fetchone()
    if fault is None:
        return
    row, column, cells = fault
    name = COLUMNS[column]
    raise InputError(
        f"{member.at(row)}, {name}: found {cells[column][:60]!r}, expected {_EXPECTED[name]}.",
        "Nothing of this file was imported. Download it again; if CMS changed the layout, report it.",
    )
