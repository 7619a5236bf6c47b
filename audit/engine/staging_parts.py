"""Which statements of staging some queries need: those that make what they name, what those name, and so on.

A name is any word of a statement's text, comments apart, so that a table named in a string is found too: rather a
statement too many than one too few. Reading notes and laying sessions on clocks are half of staging; a run of a few rules
goes without what none of them reads. So it is with the columns of the widest table, that of the lines.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from audit.engine import sql_files
from audit.engine.narrowed import narrowed
from audit.engine.sql_files import FileStatement

_MAKES = re.compile(r"\s*(?:CREATE OR REPLACE (?:TABLE|VIEW|MACRO)|SET VARIABLE) (\w+)")
_DROPS = re.compile(r"\s*DROP TABLE IF EXISTS (\w+)")
_MACRO = re.compile(r"\s*CREATE (?:OR REPLACE )?MACRO (\w+)")
# Read by whoever stages, whatever the query.
_ALWAYS = frozenset({"money_basis"})
# Read by those who tell of a run, beside the queries of findings/ and summary/.
OF_EVERY_RUN = frozenset({"claim_line", "excluded_row", "export_column", "visit"})
# The columns of lines that these read, from the proof of a rule's result to the files of a run.
COLUMNS_OF_EVERY_RUN = frozenset(
    {
        "billing_npi", "claim_id", "claim_line_number", "line_amount", "line_id", "location", "minutes", "modifiers",
        "patient_id", "payer_name", "procedure_code", "provider_npi", "rendering_npi", "service_date", "source_file",
        "source_row", "units", "visit_id",
    }
)  # fmt: skip
# The table of the lines: wide, and every line is in it.
LINES = "export_line"


def of_a_run(rules: Sequence[str], *, narrow: bool = True) -> tuple[FileStatement, ...]:
    """The statements that a run of some rules needs, in order; `rules` are their SELECTs.

    `narrow`: lines have the columns alone that these rules, the findings and the summary name.
    """
    told = (statement.query for folder in ("findings", "summary") for _, statement in sql_files.statements(folder))
    queries = (*told, *rules)
    return _needed((*OF_EVERY_RUN, *queries), queries if narrow else None)


def needed(queries: Sequence[str]) -> tuple[FileStatement, ...]:
    """The statements that the queries need, in order."""
    return _needed(tuple(queries), None)


@cache
def _needed(queries: tuple[str, ...], readers: tuple[str, ...] | None) -> tuple[FileStatement, ...]:
    """The statements that the queries need; where the readers of lines are given, lines have the columns that those name."""
    steps = sql_files.statements("staging")
    named = _named(queries) | _ALWAYS
    of_lines = None if readers is None else COLUMNS_OF_EVERY_RUN | _named(readers)
    chosen: dict[int, FileStatement] = {}
    for at, step in reversed(list(enumerate(steps))):
        # What makes nothing of its own goes along; what is dropped was made, or was not.
        if dropped_by(step) or (made_by(step) and made_by(step) not in named):
            continue
        chosen[at] = narrowed(step, of_lines) if of_lines is not None and made_by(step) == LINES else step
        words = _named([chosen[at][1].query])
        named |= words
        of_lines = None if of_lines is None else of_lines | words
    made = {made_by(step) for step in chosen.values()}
    chosen |= {at: step for at, step in enumerate(steps) if dropped_by(step) in made - {""}}
    return tuple(chosen[at] for at in sorted(chosen))


def _named(queries: Iterable[str]) -> frozenset[str]:
    """Every word of the queries and of the macros that they call."""
    return frozenset(_widened(set().union(*(_words(without_comments(query)) for query in queries))))


def made_by(step: FileStatement) -> str:
    """The table, view or variable that a statement makes; "" where it makes none."""
    made = _MAKES.match(without_comments(step[1].query))
    return made[1] if made else ""


def dropped_by(step: FileStatement) -> str:
    """The table that a statement drops; "" where it drops none."""
    dropped = _DROPS.match(without_comments(step[1].query))
    return dropped[1] if dropped else ""


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
