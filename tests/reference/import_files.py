"""Makes files in CMS's own layouts: small ones by hand, and the practitioner PTP table at full size from a Parquet table.

The wording of the notices is ours; what matters is their shape (one line above PTP headers, a quoted block of several
lines above MUE headers).
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import xlsxwriter

PtpRow = tuple[str, str, str, str, str, str, str]

PTP_HEADER: tuple[PtpRow, ...] = (
    ("Notice of the owner of the code set.", "", "", "", "", "", ""),
    ("Column1/Column2 Edits", "", "", "", "", "", ""),
    ("Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier", "PTP Edit Rationale"),
    ("", "", "prior to 1996", "Date", "Date", "0=not allowed", ""),
    ("", "", "", "", "*=no data", "1=allowed", ""),
    ("", "", "", "", "", "9=not applicable", ""),
)
MUE_TITLES = {
    "practitioner": "Practitioner Services MUE Values",
    "hospital": "Outpatient Hospital Services MUE Values",
    "dme": "DME Supplier Services MUE Values",
}
MUE_NOTICE = "Notice of the owner of the code set.\n\nIt runs over several lines, with a comma, inside one cell.\n"
POLICY = "2 Date of Service Edit: Policy"
CLINICAL = "3 Date of Service Edit: Clinical"
MISUSE = "Misuse of Column Two code with Column One code"


def ptp(column_1: str, column_2: str, start: str = "20000101", end: str = "*", indicator: str = "1") -> PtpRow:
    return (column_1, column_2, "", start, end, indicator, MISUSE)


def ptp_text(rows: Sequence[Sequence[str]], header: Sequence[Sequence[str]] = PTP_HEADER, newline: str = "\r\n") -> bytes:
    return "".join("\t".join(row) + newline for row in (*header, *rows)).encode("latin-1")


def ptp_xlsx(rows: Sequence[Sequence[object]], header: Sequence[Sequence[str]] = PTP_HEADER) -> bytes:
    return _xlsx([*header, *rows])


def mue_csv(rows: Sequence[Sequence[str]], setting: str = "practitioner", newline: str = "\n") -> bytes:
    title = MUE_TITLES[setting]
    head = f'"{MUE_NOTICE}",,,\n"HCPCS/\nCPT Code",{title},MUE Adjudication Indicator,MUE Rationale\n'
    text = head + "".join(",".join(row) + "\n" for row in rows)
    return text.replace("\n", newline).encode("latin-1")


def mue_xlsx(rows: Sequence[Sequence[object]], setting: str = "practitioner") -> bytes:
    header = ("HCPCS/\nCPT Code", MUE_TITLES[setting], "MUE Adjudication Indicator", "MUE Rationale")
    return _xlsx([(MUE_NOTICE, "", "", ""), header, *rows])


def _xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def zip_of(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def full_size(parquet: Path, folder: Path, parts: int = 4) -> list[Path]:
    """The PTP table of `parquet` (column_1, column_2, deletion_date, modifier_indicator, rationale) as CMS's text parts."""
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE t AS SELECT *, ntile(?) OVER (ORDER BY column_1) AS part FROM read_parquet(?)", [parts, str(parquet)]
        )
        return [_full_part(con, folder, number) for number in range(1, parts + 1)]


def _full_part(con: duckdb.DuckDBPyConnection, folder: Path, number: int) -> Path:
    path = folder / f"ccipra-v302r0-f{number}.txt"
    body = folder / "body"
    con.execute(
        f"""
        COPY (
            SELECT column_1, column_2, '', '19960101', deletion_date, modifier_indicator, rationale || chr(13)
            FROM t WHERE part = {number} ORDER BY column_1, column_2
        ) TO '{body}' (FORMAT CSV, DELIMITER '\t', QUOTE '', ESCAPE '', HEADER false)
        """
    )
    path.write_bytes(ptp_text([]) + body.read_bytes())
    body.unlink()
    return path
