"""Which statements of staging a query needs: those that make what it names, what those name, and so on.

A name is any word of a statement's text, comments apart, so that a table named in a string is found too: rather a
statement too many than one too few.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from audit.engine import sql_files
from audit.engine.sql_files import FileStatement

_MAKES = re.compile(r"\s*(?:CREATE OR REPLACE (?:TABLE|VIEW|MACRO)|SET VARIABLE) (\w+)")
_MACRO = re.compile(r"\s*CREATE (?:OR REPLACE )?MACRO (\w+)")
# Read by whoever stages, whatever the query.
_ALWAYS = frozenset({"money_basis"})
# The files that read notes. Without notes they make empty tables.
_OF_NOTES = re.compile(r"2\d_note")


@cache
def needed(queries: Sequence[str], has_notes: bool) -> tuple[FileStatement, ...]:
    """The statements that the queries need, in order; without notes, not those that read notes."""
    return tuple(
        step for step in _closure(tuple(queries)) if has_notes or not _OF_NOTES.match(step[0].name) or _is_of_lexicon(queries)
    )


@cache
def made_by_others() -> frozenset[str]:
    """The tables and views that are made by files which read no notes."""
    return frozenset(_made(text) for path, text in _texts() if not _OF_NOTES.match(path) and _made(text))


def _is_of_lexicon(queries: Sequence[str]) -> bool:
    return any("note_lexicon" in words for words in map(_words, queries))


def _closure(queries: Sequence[str]) -> list[FileStatement]:
    named = _widened(_ALWAYS.union(*map(_words, queries)))
    chosen = []
    for step in reversed(sql_files.statements("staging")):
        text = _text(step)
        # what makes nothing of its own, an index or a check, goes along
        if _made(text) in named or not _made(text):
            chosen.append(step)
            named |= _widened(_words(text))
    return chosen[::-1]


def _widened(words: Iterable[str]) -> set[str]:
    """The words, and those of the macros among them."""
    seen: set[str] = set()
    open_words = set(words)
    while open_words:
        word = open_words.pop()
        seen.add(word)
        open_words |= _words_of_macros().get(word, frozenset()) - seen
    return seen


@cache
def _words_of_macros() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for step in sql_files.statements("macros"):
        text = _text(step)
        macro = _MACRO.match(text)
        if macro:
            found[macro[1]] = found.get(macro[1], frozenset()) | _words(text)
    return found


def _texts() -> list[tuple[str, str]]:
    return [(path.name, _text((path, statement))) for path, statement in sql_files.statements("staging")]


def _made(text: str) -> str:
    made = _MAKES.match(text)
    return made[1] if made else ""


def _text(step: FileStatement) -> str:
    return re.sub(r"--.*", "", step[1].query).strip()


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))
