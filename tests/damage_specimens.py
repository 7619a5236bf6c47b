"""Whole exports of several formats, held record by record, for tests.damage to spoil.

Every record has a claim number of its own, so that what became of it can be asked for. Of a text file the header, the lines
around the records and each record are kept apart as bytes; a packed one is such a text with a packing.
"""

import csv
import datetime as dt
import gzip
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

HEADER = (
    "Claim #", "Line", "Patient ID", "Patient Name", "DOS", "CPT", "Mod 1", "Mod 2", "Units", "Minutes", "Start", "Rendering NPI",
    "Payer", "Dx", "Charge", "Paid", "Note", "Room",
)  # fmt: skip
WIDE = (
    "Claim #", "Patient ID", "DOS", "Payer", "CPT 1", "Units 1", "Charge 1", "CPT 2", "Units 2", "Charge 2", "CPT 3", "Units 3",
    "Charge 3", "Note",
)  # fmt: skip
NOTES = (
    "Massage to neck", "neck, then back",
    'the "knot" eased', "two\nlines", "one\n\nthree; last", "tab\there | bar", "caf\u00e9", "",
    'quote at the end "so"', "\u201ccurly\u201d \u2013 dash", "=1+1", "Total relief",
)  # fmt: skip
PLAIN_NOTES = ("Massage to neck", "then back", "", "caf\u00e9", "relief of pain")


@dataclass(frozen=True)
class Specimen:
    """A whole text export. `delimiter` and line ends are in the file's encoding; `unit` is its bytes a character.

    `pack` makes the file of the text; a packing whose parts carry checksums `is_sealed`: damaged outside, it may be refused
    or read as it was, and nothing between.
    """

    name: str
    suffix: str
    before: bytes
    header: bytes
    records: tuple[bytes, ...]
    after: bytes
    delimiter: bytes
    unit: int = 1
    encoding: str = "utf-8"
    pack: Callable[[bytes], bytes] = bytes
    is_sealed: bool = False

    def encoded(self, text: str) -> bytes:
        """A piece of text in the file's encoding, without a byte-order mark."""
        return text.encode(self.encoding)

    @property
    def whole(self) -> bytes:
        """The text as it was exported."""
        return self.before + self.header + b"".join(self.records) + self.after


@dataclass(frozen=True)
class Grid:
    """A whole export that is no text: rows of cells, of which `write` makes the file."""

    name: str
    suffix: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    write: Callable[[Sequence[Sequence[str]]], bytes]
    is_sealed: bool = False

    @property
    def whole(self) -> bytes:
        """The file as it was exported."""
        return self.write((self.header, *self.rows))


def specimens(seed: int = 1, count: int = 24) -> list[Specimen | Grid]:
    """One whole export of each kind, of `count` records (fewer where a format is slow to write)."""
    chance = random.Random(seed)
    rows = [_row(chance, number, NOTES) for number in range(1, count + 1)]
    plain = [_row(chance, number, PLAIN_NOTES) for number in range(1, count + 1)]
    quoted = _text("quoted notes", rows, ",", "\n")
    semicolons = _text("semicolons", rows, ";", "\r\n", quoting=csv.QUOTE_ALL)
    titled = _text("titled, with totals", plain, "|", "\n", before="Sunrise Therapy\nCharges by date\n\n", after=_totals(plain))
    wide = _text("wide", [_wide_row(chance, number) for number in range(1, count + 1)], ",", "\n", header=WIDE)
    zipped = replace(titled, name="zip", suffix=".zip", pack=lambda data: _zip({"in/claims.csv": data}), is_sealed=True)
    return [
        quoted,
        _text("plain", plain, ",", "\n"),
        semicolons,
        _text("tabs, Windows-1252", plain, "\t", "\r\n", encoding="cp1252"),
        _text("UTF-16", rows, "\t", "\r\n", encoding="utf-16-le", bom="\ufeff"),
        titled,
        wide,
        replace(quoted, name="gz", suffix=".csv.gz", pack=lambda data: gzip.compress(data, mtime=0), is_sealed=True),
        zipped,
        Grid("Excel", ".xlsx", HEADER, tuple(map(tuple, rows)), _xlsx, is_sealed=True),
        Grid("Parquet", ".parquet", HEADER, tuple(map(tuple, rows)), _parquet),
    ]


def _row(chance: random.Random, number: int, notes: Sequence[str]) -> list[str]:
    day = dt.date(2025, 11, 1) + dt.timedelta(days=chance.randrange(28))
    units = chance.randint(1, 4)
    charge = chance.choice([f"${units * 1234.5:,.2f}", f"{units * 45}.00", f"({units * 45}.25)", f"{units}.05-"])
    return [
        f"C{number:04d}", "1", f"P{chance.randint(1, 9)}", f"Zzyzx{number:04d}", f"{day:%m/%d/%Y}",
        chance.choice(["97124", "97140"]),
        chance.choice(["GP", ""]), chance.choice(["59", ""]), str(units), str(units * 15),
        chance.choice(["9:05 AM", "14:30", ""]),
        chance.choice(["1234567893", "1234567893.0"]), chance.choice(["Medicare Part B", "Aetna"]), "M54.50", charge,
        f"{chance.randrange(9000) / 100:.2f}", chance.choice(notes), "7",
    ]  # fmt: skip


def _wide_row(chance: random.Random, number: int) -> list[str]:
    groups: list[str] = []
    for place in range(3):
        groups += [chance.choice(["97124", "97140"]), str(chance.randint(1, 4)), f"{chance.randrange(9000) / 100:.2f}"]
        if place and chance.random() < 0.4:
            groups[-3:] = ["", "", ""]
    day = f"2025-11-{chance.randint(1, 28):02d}"
    return [f"C{number:04d}", f"P{chance.randint(1, 9)}", day, "Aetna", *groups, chance.choice(NOTES)]


def _totals(rows: Sequence[Sequence[str]]) -> str:
    paid = HEADER.index("Paid")
    cells = [""] * len(HEADER)
    cells[0], cells[paid] = "Total", str(sum(Decimal(row[paid]) for row in rows))
    return "|".join(cells) + "\n"


def _text(
    name: str, rows: Sequence[Sequence[str]], delimiter: str, end: str, *, header: Sequence[str] = HEADER,
    encoding: str = "utf-8", bom: str = "", before: str = "", after: str = "", quoting: int = csv.QUOTE_MINIMAL,
) -> Specimen:  # fmt: skip
    def line(cells: Sequence[str]) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerow(cells)
        return out.getvalue().encode(encoding)

    return Specimen(
        name=name,
        suffix=".csv",
        before=(bom + before).encode(encoding),
        header=line(header),
        records=tuple(map(line, rows)),
        after=after.encode(encoding),
        delimiter=delimiter.encode(encoding),
        unit=len("x".encode(encoding)),
        encoding=encoding,
    )


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Claims")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell.isdigit() and number:
                    sheet.write_number(number, place, int(cell))
                else:
                    sheet.write_string(number, place, cell)
    return out.getvalue()


def _parquet(rows: Sequence[Sequence[str]]) -> bytes:
    header, *lines = rows
    table = pa.table({name: pa.array([line[place] for line in lines], pa.string()) for place, name in enumerate(header)})
    out = io.BytesIO()
    pq.write_table(table, out, compression="snappy")
    return out.getvalue()
