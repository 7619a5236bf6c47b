"""A column that tells of each row of a ledger whether it is a charge or an entry: a payment, an adjustment, a diagnosis.

It counts where most of its words are of such a list, and some rows are services and others not. A row of another word stays a
service, and the word is named: it may be one more entry. A void or reversal takes a charge back where its units or its charge
are below zero: such a row is a service's own, and is settled with it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb

from audit.intake.columns.names import normalized
from audit.intake.raw import RawTable

_LEDGER = "ledger_word"
_CODE_TYPE = "code_type_word"
# Words are shown as statuses are (queries/summary/oddities.sql).
_MOST_WORDS, _LONGEST, _NUMBER = 20, 40, re.compile(r"\d{6}")
_KIND_OF_LEDGER = (
    "transaction",
    "trans",
    "tran",
    "trx",
    "txn",
    "entry",
    "line",
    "ledger",
    "activity",
    "posting",
    "item",
    "record",
    "",
)
_HEADERS = {
    **{f"{of}{what}": _LEDGER for of in _KIND_OF_LEDGER for what in ("type", "kind", "category") if of or what == "type"},
    **dict.fromkeys(("transactiontypedesc", "transactiontypename", "transactiontypedescription", "transaction"), _LEDGER),
    **dict.fromkeys(("codetype", "proccodetype", "procedurecodetype", "codesystem", "codeset"), _CODE_TYPE),
}


@dataclass(frozen=True, slots=True)
class Entries:
    """The field that tells entries from services, the macro that knows its words, and the fields of units and charges."""

    index: int
    header: str
    macro: str
    measures: tuple[int, ...] = ()

    def is_entry(self, table: RawTable) -> str:
        """SQL for whether a row of the table is no service."""
        word = _word(table.fields[self.index].text, self.macro)
        below = [f"coalesce(parse_money(tidy_value({table.fields[index].text})) < 0, FALSE)" for index in self.measures]
        return f"CASE {word} WHEN 'entry' THEN TRUE WHEN 'reversal' THEN NOT ({' OR '.join([*below, 'FALSE'])}) ELSE FALSE END"


@dataclass(frozen=True, slots=True)
class Found:
    """What the columns of a ledger's types tell: the one that is read, and sentences on words that nobody knows."""

    entries: Entries | None = None
    said: tuple[str, ...] = ()


def may_tell_entries(con: duckdb.DuckDBPyConnection, headers: Sequence[str], sample: Iterable[Sequence[str]]) -> list[Entries]:
    """The fields that may tell entries, as far as their headers and the first rows say: some word of theirs is a ledger's."""
    named = [(index, header) for index, header in enumerate(headers) if normalized(header) in _HEADERS]
    if not named:
        return []
    rows = list(sample)
    found = []
    for index, header in named:
        cells = list({row[index] for row in rows if index < len(row)})
        macro = _HEADERS[normalized(header)]
        query = (
            f"SELECT DISTINCT {_word('cell', macro)} FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS cell) WHERE NOT is_blank(cell)"
        )
        said = {word for (word,) in con.execute(query, [cells]).fetchall()}
        if said - {None}:
            found.append(Entries(index, header, macro))
    return found


def entries_of(
    con: duckdb.DuckDBPyConnection, table: RawTable, name: str, sample: Iterable[Sequence[str]], measures: Sequence[int] = ()
) -> Found:
    """The field of a file that tells entries from services; `measures` are those of units and charges, `name` is the file's."""
    said: list[str] = []
    for one in may_tell_entries(con, [field.header for field in table.fields], sample):
        cell = table.fields[one.index].text
        query = f"SELECT {_word(cell, one.macro)} AS word, trimmed({cell}) AS stated, count(*) FROM {table.relation} "
        counts = con.execute(f"{query} WHERE NOT is_blank({cell}) GROUP BY ALL ORDER BY 3 DESC, 2").fetchall()
        words = {word for word, _, _ in counts}
        strangers = [(stated, rows) for word, stated, rows in counts if word is None]
        if words >= {"service"} and words - {None, "service"} and 2 * len(strangers) <= len(counts):
            kept = [f"{name}: {_shown(one)} {_unknown(strangers)} They were read as services."] if strangers else []
            return Found(replace(one, measures=tuple(measures)), (*said, *kept))
        if strangers and "entry" in words:
            said.append(
                f"{name}: {_shown(one)} may tell services from payments and other entries of a ledger, and was not read: it "
                f"{_unknown(strangers)} If some rows are no services, leave them out of the export."
            )
    return Found(said=tuple(said))


def _shown(one: Entries) -> str:
    return f"{one.header.strip()!r} (column {one.index + 1})"


def _unknown(strangers: Sequence[tuple[str, int]]) -> str:
    """That some rows hold words that no ledger uses; the words where they are a short list, for others may be a patient's."""
    rows = sum(count for _, count in strangers)
    short = len(strangers) <= _MOST_WORDS and all(len(word) <= _LONGEST and not _NUMBER.search(word) for word, _ in strangers)
    listed = ": " + ", ".join(f'"{word}" {count:,}' for word, count in strangers) if short else ""
    return f"holds words on {rows:,} {'row' if rows == 1 else 'rows'} that are not known{listed}."


def _word(cell: str, macro: str) -> str:
    return f"{macro}(regexp_replace(tidy_value({cell}), '[_\\s]+', ' ', 'g'))"
