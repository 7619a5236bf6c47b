"""Which header most likely holds a field that no header names, and which headers may be shown at all.

Headers of a file are its own words: where the file is not what it seems, or has no header line, they are patients' data. So
only those are shown that are made of words which the known names are made of.
"""

import difflib
from collections.abc import Sequence
from functools import cache

from audit.intake.columns.names import normalized, of_column, shipped
from audit.intake.columns.private import is_private
from audit.intake.columns.spelling import SHORT_FORMS, in_full, words_of

_LIKE = 0.5
_SPELLED_LIKE = 0.75
# Words of headers that no known name has, and short ways of writing those that they have.
_MORE = frozenset(
    {
        "code", "codes", "type", "desc", "description", "list", "key", "ref", "reference", "adj", "adjustment", "balance",
        "copay", "auth", "authorization", "tax", "therapist", "provider", "prov", "claims", "visit", "case", "batch", "post",
        "posted", "posting", "created", "updated", "by", "tx", "therapy", "session", "group", "revenue", "rev", "center",
        "department",
        "secondary", "tertiary", "financial", "class", "category", "reason", "denial", "remark", "write", "off", "writeoff",
        "adjusted", "adjustments", "expected", "receipts", "outstanding", "net", "gross", "reimbursement", "price", "cost",
        "dollars",
        "percent", "pct", "rate", "ratio", "tin", "seq", "sequence", "discipline", "specialty", "referring", "cert", "addendum",
        "address", "data", "source", "exported", "invoiced", "mileage", "method", "transfer", "transfers", "unpaid", "vendor",
        "timezone", "superbill", "comment", "comments", "memo", "user",
    }
)  # fmt: skip
# Words that mean the same where a header is only offered, beside the short forms that spelling.py knows.
_SAME = {
    "id": "number", "ident": "number", "client": "patient", "cpt": "procedure", "hcpcs": "procedure", "carrier": "payer",
    "dos": "date",
}  # fmt: skip


# Words that say what a column holds: one is no likely header of a column none of whose names has it ("Claims[NPI]" is no claim).
_TELLING = frozenset(
    {
        "npi", "taxonomy", "date", "amount", "charge", "charges", "paid", "payment", "balance", "units", "minutes", "status",
        "modifier", "diagnosis", "time", "percent", "count", "email", "phone",
    }
)  # fmt: skip


def likely(name: str, headers: Sequence[str]) -> str:
    """The header among `headers` that most likely holds a contract column, "" where none is like its names."""
    of_it = {word for other in _names_of(name) for word in _meant(other)}
    fitting = [header for header in headers if may_be_shown(header) and not _TELLING & _meant(header) - of_it]
    scored = sorted(((_likeness(name, header), header) for header in fitting), reverse=True)
    return scored[0][1].strip() if scored and scored[0][0] >= _LIKE else ""


def likely_each(names: Sequence[str], headers: Sequence[str]) -> dict[str, str]:
    """likely() of each column. One header fills one column: what is offered for one is not offered for the next."""
    offered: dict[str, str] = {}
    for name in names:
        offered[name] = likely(name, [header for header in headers if header.strip() not in offered.values()])
    return offered


def nearest(wanted: str, headers: Sequence[str]) -> str:
    """The header that is spelled most like the one wanted, "" where none is."""
    shown = {normalized(header): header.strip() for header in headers if may_be_shown(header)}
    found = difflib.get_close_matches(normalized(wanted), shown, n=1, cutoff=0.6)
    return shown[found[0]] if found else ""


def may_be_shown(header: str) -> bool:
    """Whether every word of a header is one that headers are made of: a person's name, an id or a cell is none.

    A letter beyond ASCII is in no such word: it is of a name, or of cells that were read askew.
    """
    words = words_of(header) if header.isascii() else []
    known = all((word.isdigit() and len(word) <= 2) or word in _known() for word in words)
    return bool(words) and known and not is_private(header)


def in_words_or_place(headers: Sequence[str], unread: Sequence[str]) -> tuple[str, ...]:
    """Of the headers those that fill no column, as they may be told.

    One most of whose words no header has may be a person's name, of a table that has a column for each: it is told by its
    place. "#8" names the eighth column in audit.toml too.
    """
    return tuple(header if _is_of_headers(header) else f"#{headers.index(header) + 1}" for header in unread)


def _is_of_headers(header: str) -> bool:
    words = words_of(header)
    return bool(words) and 2 * sum(_is_like_known(word) for word in words) >= len(words)


@cache
def _is_like_known(word: str) -> bool:
    """Whether a word is one of headers, is made with one ("claimid"), or is spelled like one ("minuts")."""
    if word.isdigit():
        return len(word) <= 2
    long = [known for known in _known() if len(known) > 4]
    made = word in _known() or any(word.startswith(known) or word.endswith(known) for known in long)
    return made or bool(difflib.get_close_matches(word, long, n=1, cutoff=_SPELLED_LIKE))


def _likeness(name: str, header: str) -> float:
    """From 0 to 1: the share of words that a header and a name of the column have in common, or how alike they are spelled."""
    mine = _meant(header)
    others = _names_of(name)
    shared = max(len(mine & _meant(other)) / len(mine | _meant(other)) for other in others)
    spelled = max(difflib.SequenceMatcher(None, normalized(header), normalized(other)).ratio() for other in others)
    return max(shared, spelled if spelled >= _SPELLED_LIKE else 0.0)


def _names_of(name: str) -> list[str]:
    return [name, *(known.header for known in of_column(name) if known.strength == "strong")]


def _meant(header: str) -> frozenset[str]:
    return frozenset(_SAME.get(word, word) for word in map(in_full, words_of(header)))


@cache
def _known() -> frozenset[str]:
    named = {word for name in shipped() for text in (name.header, name.column) for word in words_of(text)}
    return _MORE | {*_SAME} | SHORT_FORMS | named
