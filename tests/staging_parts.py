"""Which statements of staging a test's queries need (audit/engine/staging_parts.py), without those that read notes."""

import re
from collections.abc import Sequence
from functools import cache

from audit.engine import sql_files, staging_parts
from audit.engine.sql_files import FileStatement

# The files that read notes. Without notes they make empty tables.
_OF_NOTES = re.compile(r"2\d_note")


@cache
def needed(queries: Sequence[str], has_notes: bool) -> tuple[FileStatement, ...]:
    """The statements that the queries need, in order; without notes, not those that read notes."""
    of_lexicon = any(re.search(r"\bnote_lexicon\b", staging_parts.without_comments(query)) for query in queries)
    steps = staging_parts.needed(tuple(queries))
    return tuple(step for step in steps if has_notes or of_lexicon or not _OF_NOTES.match(step[0].name))


@cache
def made_by_others() -> frozenset[str]:
    """The tables and views that are made by files which read no notes."""
    steps = (step for step in sql_files.statements("staging") if not _OF_NOTES.match(step[0].name))
    return frozenset(staging_parts.made_by(step) for step in steps) - {""}
