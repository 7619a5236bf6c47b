"""What a file holds, told from its first bytes whatever its name says: a file of another kind is named, and none of it shown."""

import re
from collections.abc import Mapping

from audit.errors import InputError

HEAD = 4096
OLD_WORKBOOK, NEW_WORKBOOK = "an Excel workbook of 97 to 2003", "a zip archive, or an Excel workbook of today"
HTML = "a web page (HTML)"
XML = "XML"
PARQUET = "a Parquet file"
TEXT = "text"

_MAGIC: Mapping[bytes, str] = {
    b"PAR1": PARQUET,
    b"PK\x03\x04": NEW_WORKBOOK,
    b"\xd0\xcf\x11\xe0": OLD_WORKBOOK,
    b"\x1f\x8b": "a gzip file",
    b"BZh": "a bzip2 file",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\xfd7zXZ": "an xz file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"Rar!": "a RAR archive",
    b"%PDF": "a PDF",
    b"{\\rtf": "a rich text document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
    b"SQLite format 3": "an SQLite database",
    b"\x00\x01\x00\x00Standard": "an Access database",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
    b"ARROW1": "an Arrow file",
}
_X12 = "X12"
_SHAPES: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\s*ISA([^A-Za-z0-9\s])\d\d\1.{10}\1\d\d\1", re.DOTALL), _X12),
    (re.compile(rb"\s*ST([^A-Za-z0-9\s])\d{3}\1"), _X12),
    # A piece of one, without its envelope.
    (re.compile(rb"\s*(GS([*^])[A-Z]{2}\2|NM1([*^])[0-9A-Z]{2,3}\3[12]\3)"), _X12),
    (re.compile(rb"\s*(BHT|CLM|CLP|SV1|SV2|SVC|DTP|HL|LX|SBR)[*^][^,\t\n]*~"), _X12),
    (re.compile(rb"\s*(UNA.{6}\s*)?UN[BH]\+", re.DOTALL), "EDIFACT messages"),
    (
        re.compile(
            rb"\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|table|meta|style|div|center)\b", re.IGNORECASE | re.DOTALL
        ),
        HTML,
    ),
    (re.compile(rb"\s*<[!?A-Za-z][^>]*>"), XML),
    (re.compile(rb'\s*(\[\s*)*\{\s*("|\x27\w|\}|$)|\s*\[\s*(\[|"|-?\d|\]|$)'), "JSON"),
    (re.compile(rb"\s*MIME-Version: "), "an e-mail or a web archive"),
    (re.compile(rb"\s*(MSH\||FHS\||BHS\|)"), "HL7 messages"),
    (re.compile(rb"\s*(--.*\n\s*)*(INSERT\s+INTO|CREATE\s+TABLE|BEGIN\s+TRANSACTION)\b", re.IGNORECASE), "SQL statements"),
)
_SET = re.compile(rb"ST[^A-Za-z0-9\s](\d{3})[^A-Za-z0-9]")
_SETS = {b"837": "X12 claims (837)", b"835": "an X12 remittance (835)", b"277": "X12 claim statuses (277)"}
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(head: bytes) -> str:
    """What the first bytes of a file are of; TEXT where they are of nothing else that is known."""
    plain = _plain(head)
    kinds = [kind for magic, kind in _MAGIC.items() if head.startswith(magic)]
    kinds += [kind for shape, kind in _SHAPES if shape.match(plain)]
    kind = kinds[0] if kinds else TEXT
    named = _SET.search(plain) if kind == _X12 else None
    return _SETS.get(named[1], f"X12 ({named[1].decode()})") if named else kind


def another_kind(name: str, kind: str) -> InputError:
    """What to say of a file that is not what its name says; nothing of what it holds."""
    return InputError(
        f"{name} holds {kind}, and no table of claim lines such as its name promises.",
        "Export the claim lines as CSV, Excel or Parquet, one row a line, under a name that says which.",
    )


def _plain(head: bytes) -> bytes:
    """The head as single bytes: UTF-16 without its noughts, and no byte-order mark."""
    for mark in _BOMS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"") if head[:200].count(0) > 20 else head
