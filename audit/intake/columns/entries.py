"""A column that tells of each row of a ledger whether it is a charge or an entry: a payment, an adjustment, a diagnosis.

It counts only where every cell of it is a word of such a list, and some rows are services and others not. A void or reversal
takes a charge back where its units or its charge are below zero: such a row is a service's own, and is settled with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb

from audit.intake.columns.names import normalized
from audit.intake.raw import RawTable

_LEDGER = "ledger_word"
_CODE_TYPE = "code_type_word"
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


def may_tell_entries(con: duckdb.DuckDBPyConnection, headers: Sequence[str], sample: Iterable[Sequence[str]]) -> list[Entries]:
    """The fields that may tell entries, as far as their headers and the first rows say."""
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
        if said and None not in said:
            found.append(Entries(index, header, macro))
    return found


def entries_of(
    con: duckdb.DuckDBPyConnection, table: RawTable, sample: Iterable[Sequence[str]], measures: Sequence[int] = ()
) -> Entries | None:
    """The field of a file that tells entries from services on each of its rows; `measures` are those of units and charges."""
    for one in may_tell_entries(con, [field.header for field in table.fields], sample):
        cell = table.fields[one.index].text
        query = f"SELECT DISTINCT {_word(cell, one.macro)} FROM {table.relation} WHERE NOT is_blank({cell})"
        words = {word for (word,) in con.execute(query).fetchall()}
        if words >= {"service"} and len(words) > 1 and None not in words:
            return replace(one, measures=tuple(measures))
    return None


def _word(cell: str, macro: str) -> str:
    return f"{macro}(regexp_replace(tidy_value({cell}), '[_\\s]+', ' ', 'g'))"
