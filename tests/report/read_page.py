"""A page of the report read back: its tables, its labelled facts and its sentences, as a reader finds them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Shown:
    """A cell: its text and the quiet line below it."""

    text: str = ""
    note: str = ""


@dataclass
class ReadTable:
    """A table: its headings, its rows, and the row below them."""

    headings: list[str] = field(default_factory=list)
    rows: list[list[Shown]] = field(default_factory=list)
    foot: list[Shown] = field(default_factory=list)

    def column(self, heading: str) -> list[Shown]:
        """The cells below a heading; the one cell of a table without rows, which says so, is none of them."""
        at = self.headings.index(heading)
        return [row[at] for row in self.rows if len(row) == len(self.headings)]

    def by_first(self) -> dict[str, list[Shown]]:
        """The rows by the text of their first cell."""
        return {row[0].text: row for row in self.rows}

    def by_note(self) -> dict[str, list[Shown]]:
        """The rows by the first word of the note of their first cell, such as a rule's id."""
        return {row[0].note.split(" ")[0]: row for row in self.rows}


class Page(HTMLParser):
    """Tables by id, facts by label within a section, and what each section says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, ReadTable] = {}
        self.facts: dict[tuple[str, str], Shown] = {}
        self.texts: dict[str, str] = {}
        self._section, self._open = "", list[str]()
        self._table: ReadTable | None = None
        self._cell, self._label = Shown(), ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("meta", "br"):
            return
        self._open.append(tag)
        if tag in ("section", "article", "header") and given.get("id", tag):
            self._section = given.get("id") or tag
        elif tag == "table":
            self._table = self.tables.setdefault(given.get("id") or "", ReadTable())
        elif tag == "tr" and self._table is not None:
            if "tbody" in self._open:
                self._table.rows.append([])
        elif tag in ("td", "th", "dd"):
            self._cell = Shown()
        elif tag == "dt":
            self._label = ""

    def handle_data(self, data: str) -> None:
        self.texts[self._section] = self.texts.get(self._section, "") + data
        if "dt" in self._open:
            self._label += data
        elif "td" in self._open or "th" in self._open or "dd" in self._open:
            name = "note" if "small" in self._open else "text"
            setattr(self._cell, name, getattr(self._cell, name) + data)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()
        self._cell = Shown(self._cell.text.strip(), self._cell.note.strip()) if tag in ("td", "th", "dd") else self._cell
        if tag == "dd":
            self.facts[(self._section, self._label.strip())] = self._cell
        elif tag == "table":
            self._table = None
        elif tag in ("td", "th") and self._table is not None:
            if "thead" in self._open:
                self._table.headings.append(self._cell.text)
            else:
                (self._table.foot if "tfoot" in self._open else self._table.rows[-1]).append(self._cell)
