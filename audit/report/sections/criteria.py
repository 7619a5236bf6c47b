"""What a rule rests on and when it took effect: its sources, the reference tables behind it, its own version.

No date is invented: a source that names no year stands without one.
"""

import re
from collections.abc import Mapping, Sequence

from audit.report.stored.source import StoredRun
from audit.report.view import Fact
from audit.runs.format.manifest import StoredRule

OWN = "this program's own definition"
_OWN_PLACE = "docs/notes.md"
# Rules read staged tables; these are the reference tables that shape them beyond what every claim line rests on.
_EDITS = ("ptp_edit", "ptp_coverage")
STAGED: Mapping[str, tuple[str, ...]] = {
    "judged_pair": _EDITS,
    "line_area": ("body_area",),
    "note": ("lexicon",),
    "paired_line": _EDITS,
    "ptp_pair": _EDITS,
    "separated_pair": (*_EDITS, "body_area"),
}
COMMON = "procedure"
_IN_FORCE = re.compile(r"dates of service from (\d{4}-\d{2}-\d{2})")
_NAMES = {
    "body_area": "Words for areas of the body",
    "first_code": "Codes billed with a first code",
    "lexicon": "Word list for notes",
    "modifier_conflict": "Conflicts of liability modifiers",
    "modifier_role": "Roles of modifiers",
    "mue": "Medically unlikely edits",
    "procedure": "Facts about procedure codes",
    "provider_role": "Roles of providers by taxonomy",
    "ptp_coverage": "Codes that the edits cover",
    "ptp_edit": "NCCI procedure-to-procedure edits",
    "threshold": "KX thresholds",
}


def sources(run: StoredRun, rule: StoredRule) -> tuple[Fact, ...]:
    """The rule's sources, tables and version, each as what it is (`label`) and its date or edition (`value`)."""
    cited = [Fact(source, _said_of(source)) for source in rule.references]
    editions = {entry.table: entry.edition for entry in run.manifest.references}
    tables = [
        Fact(f"{_NAMES.get(table, table)} (table {table})", f"edition {editions[table] or 'not recorded'}")
        for table in behind(rule)
        if table in editions
    ]
    own = Fact(f"Rule {rule.id}", f"version {rule.version}" + (f", since release {rule.since}" if rule.since else ""))
    return (*_in_force(rule), *cited, *tables, own)


def judged_by(run: StoredRun, rule: StoredRule) -> str:
    """The rule with its version and the editions of the tables behind it, in a line."""
    editions = {entry.table: entry.edition for entry in run.manifest.references}
    tables = [f"{_NAMES.get(table, table)} {editions[table]}" for table in behind(rule) if editions.get(table)]
    return "; ".join((f"{rule.id} version {rule.version}", *tables))


def _in_force(rule: StoredRule) -> tuple[Fact, ...]:
    """From which date of service on the rule judges, where it says so of itself, its settings filled in."""
    said = rule.applies_to
    for name, value in rule.params.items():
        said = said.replace(f"from {name}", f"from {value}")
    first = _IN_FORCE.search(said)
    return (Fact("In force", f"for dates of service from {first[1]}"),) if first else ()


def behind(rule: StoredRule) -> Sequence[str]:
    """Names of the reference tables behind a rule, those that it reads itself first."""
    tables = (table for read in rule.reads for table in STAGED.get(read, (read,)))
    return tuple(dict.fromkeys((*tables, COMMON)))


def _said_of(source: str) -> str:
    """What is to be known of a source beside its title, which has its own date where it has one."""
    return OWN if _OWN_PLACE in source else ""
