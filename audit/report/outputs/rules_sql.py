"""rules.sql: the SQL that decided, as it ran, for whoever defends or attacks a finding line by line.

Each rule's one SELECT stands below its id, version, the hash of its file, its parameters and its figures. What a rule
reads is staged by the program of the version that the head names.
"""

from collections.abc import Iterator
from pathlib import Path

from audit.files.door import write_text
from audit.report.stored.source import StoredRun
from audit.report.text import count, plural
from audit.runs.format.manifest import StoredRule
from audit.terms import Reach

NAME = "rules.sql"


def write(run: StoredRun) -> Path:
    """Write rules.sql (0600) into the run's folder."""
    return write_text(run.folder / NAME, "\n".join(_text(run)))


def _text(run: StoredRun) -> Iterator[str]:
    yield f"-- The rules of run {run.manifest.run.id} as they ran, claims-audit {run.manifest.software.program}."
    yield "-- Each reads tables that the program stages first; a value written $name is bound, its value stands above the rule.\n"
    for rule in sorted(run.rules, key=lambda rule: rule.id):
        yield from (f"-- {line}" for line in _head(rule))
        yield f"{rule.sql.strip().rstrip(';')};\n"


def _head(rule: StoredRule) -> Iterator[str]:
    yield f"{rule.id} version {rule.version}: {rule.title}"
    yield f"SHA-256 of the rule file: {rule.sql_sha256}"
    for name, value in rule.params.items():
        yield f"${name} = {value}"
    if rule.reach is Reach.FAILED:
        yield f"failed to run: {rule.error}"
        return
    yield f"{plural(rule.population, *rule.noun)} examined, {count(rule.evaluated)} judged, {count(rule.flagged)} flagged"
