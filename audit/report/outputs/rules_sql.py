"""rules.sql: the SQL that decided, as it ran, for whoever defends or attacks a finding line by line.

Each rule's one SELECT stands below its id, version, the hash of its file, its parameters and its figures. What a rule
reads is staged by the program of the version that the head names.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from audit.report.outputs.page import write_private
from audit.report.stored.source import Entry, StoredRun
from audit.report.text import clean, count, subject

NAME = "rules.sql"


def write(run: StoredRun) -> Path:
    """Write rules.sql (0600) into the run's folder."""
    return write_private(run.folder / NAME, "\n".join(_text(run)))


def _text(run: StoredRun) -> Iterator[str]:
    version = clean(run.entry("software").get("claims-audit"))
    yield f"-- The rules of run {clean(run.entry('run').get('id'))} as they ran, claims-audit {version}."
    yield "-- Each reads tables that the program stages first; a value written $name is bound, its value stands above the rule.\n"
    for rule in sorted(run.entries("rules"), key=lambda entry: str(entry.get("id"))):
        yield from (f"-- {line}" for line in _head(rule))
        yield f"{str(rule.get('sql') or '').strip().rstrip(';')};\n".replace("\x00", "")


def _head(rule: Entry) -> Iterator[str]:
    yield f"{clean(rule.get('id'))} version {clean(rule.get('version'))}: {clean(rule.get('title'))}"
    yield f"SHA-256 of the rule file: {clean(rule.get('sql_sha256'))}"
    params = rule.get("params")
    for name, value in params.items() if isinstance(params, Mapping) else ():
        yield f"${clean(name)} = {clean(value)}"
    if rule.get("status") == "error":
        yield f"failed to run: {clean(rule.get('error'))}"
        return
    examined, judged, flagged = (int(rule.get(name) or 0) for name in ("population", "evaluated", "flagged"))
    yield f"{count(examined)} {subject(rule, examined)} examined, {count(judged)} judged, {count(flagged)} flagged"
