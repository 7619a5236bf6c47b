"""A web page's tables, and XML that Excel writes, as rows: web systems save these under the name of a workbook.

Excel shows all tables of a page below each other, and so are their rows numbered.
"""

import codecs
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

_CHUNK = 1 << 20
_ROW, _CELL, _BREAK = ("tr", "row"), ("td", "th", "cell"), ("br", "p", "div")
_UNSEEN = ("script", "style", "title")
_MOST_SPANNED = 200


def rows_of_page(path: Path) -> Iterator[list[str]]:
    """The cells of each row, in the order of the page."""
    parser = _Tables()
    with path.open("rb") as stream:
        decoder = codecs.getincrementaldecoder(_encoding(path))(errors="replace")
        while chunk := stream.read(_CHUNK):
            parser.feed(decoder.decode(chunk))
            yield from parser.taken()
    parser.close()
    parser.end_row()
    yield from parser.taken()


def _encoding(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as stream:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        stream.seek(0)
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


class _Tables(HTMLParser):
    """Collects rows. A tag that is never closed, as HTML allows, is closed by the next one of its kind."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._unseen = self._span = 0

    def taken(self) -> list[list[str]]:
        """The rows that are complete; they are handed out once."""
        rows, self._rows = self._rows, []
        return rows

    def end_row(self) -> None:
        """The row is complete."""
        self._end_cell()
        if self._row is not None:
            self._rows.append(self._row)
        self._row = None

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
            self._row.append("\n".join(lines).strip())
            self._row.extend([""] * (self._span - 1))
        self._cell = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ROW:
            self.end_row()
            self._row = []
        elif tag in _CELL:
            self._end_cell()
            self._row = [] if self._row is None else self._row
            self._begin_cell(dict(attrs))
        elif tag in _BREAK and self._cell is not None:
            self._cell.append("\n")
        elif tag in _UNSEEN:
            self._unseen += 1

    def _begin_cell(self, attrs: dict[str, str | None]) -> None:
        assert self._row is not None  # noqa: S101 - a cell begins in a row
        self._cell = []
        index = attrs.get("ss:index") or ""
        if index.isdigit():  # Excel's XML leaves empty cells out and numbers the next
            self._row.extend([""] * min(int(index) - 1 - len(self._row), _MOST_SPANNED))
        span = attrs.get("colspan") or ""
        across = attrs.get("ss:mergeacross") or ""
        self._span = min(int(span) if span.isdigit() else 1 + int(across) if across.isdigit() else 1, _MOST_SPANNED)

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELL:
            self._end_cell()
        elif tag in (*_ROW, "table"):
            self.end_row()
        elif tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            # A line end in the source is a blank, as a browser shows it.
            self._cell.append(data.replace("\r", " ").replace("\n", " ").replace("\u00a0", " "))
