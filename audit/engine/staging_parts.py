"""Which statements of staging some queries need: those that make what they name, what those name, and so on.

A name is any word of a statement's text, comments apart, so that a table named in a string is found too: rather a
statement too many than one too few. Reading notes and laying sessions on clocks are half of staging; a run of a few rules
goes without what none of them reads.
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
# Read by those who tell of a run, beside the queries of findings/ and summary/.
OF_EVERY_RUN = frozenset({"claim_line", "excluded_row", "export_column", "visit"})


def of_a_run(rules: Iterable[str]) -> tuple[FileStatement, ...]:
    """The statements that a run of some rules needs, in order; `rules` are their SELECTs."""
    told = [statement.query for folder in ("findings", "summary") for _, statement in sql_files.statements(folder)]
    return needed((*OF_EVERY_RUN, *told, *rules))


@cache
def needed(queries: Sequence[str]) -> tuple[FileStatement, ...]:
    """The statements that the queries need, in order."""
    named = _widened(_ALWAYS.union(*(_words(without_comments(query)) for query in queries)))
    chosen = []
    for step in reversed(sql_files.statements("staging")):
        text = without_comments(step[1].query)
        # what makes nothing of its own, an index or a check, goes along
        if made_by(step) in named or not made_by(step):
            chosen.append(step)
            named |= _widened(_words(text))
    return tuple(chosen[::-1])


def made_by(step: FileStatement) -> str:
    """The table, view or variable that a statement makes; "" where it makes none."""
    made = _MAKES.match(without_comments(step[1].query))
    return made[1] if made else ""


def without_comments(query: str) -> str:
    """A query's text without its comments."""
    return re.sub(r"--.*", "", query).strip()


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
    for _, statement in sql_files.statements("macros"):
        text = without_comments(statement.query)
        macro = _MACRO.match(text)
        if macro:
            found[macro[1]] = found.get(macro[1], frozenset()) | _words(text)
    return found


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))
