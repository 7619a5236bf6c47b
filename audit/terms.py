"""The closed lists of words that more than one room rests on: each decided here once, as data.

A rule's severity, direction, confidence, subject and family are words of its front matter; how far a rule reached and
what it examined are facts of a run. A number stands with its noun here too. Imports nothing of the project.
"""

from enum import StrEnum
from typing import Literal, get_args

import msgspec

Severity = Literal["info", "low", "medium", "high"]
Confidence = Literal["certain", "likely", "possible", "pattern"]
Direction = Literal["over", "under", "coding", "none"]
Family = Literal["time", "modifier", "massage", "medicare", "documentation", "claim", "custom"]
Subject = Literal["line", "visit", "patient", "provider"]
Examined = Literal["line", "visit", "patient", "provider", "provider day", "patient day"]
# The claim lines that an engine must keep together when it evaluates a rule: all that are alike in this. Lines of a claim's
# family are those that replace, reverse or repeat each other. docs/writing-rules.md says more.
Partition = Literal["line", "note", "patient", "claim_family", "provider_and_date", "provider"]
Status = Literal["done", "error"]
# How a finding stands: found for the first time; another of its kind was in the run before; itself was; set aside by a person;
# dismissed by a reviewer. The last two count nowhere.
Standing = Literal["new", "again", "repeat", "suppressed", "dismissed"]
# What a reviewer may decide of a finding.
DecisionWord = Literal["confirm", "dismiss", "ask for record", "refer", "refunded"]
PayerClass = Literal[
    "medicare_ffs", "medicare_advantage", "medicaid", "tricare", "va", "commercial", "blues", "workers_comp", "auto",
    "self_pay", "unknown",
]  # fmt: skip
ParamValue = int | float | str | bool

# From the least severe to the most.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
# What the rows below a table or a sheet are called: the sum of its rows, and of all there are where it shows a part.
TOTAL, WHOLE_RUN = "Total", "The whole run"
COUNT_NOWHERE: frozenset[Standing] = frozenset({"suppressed", "dismissed"})
# Payers whose money is the United States': an overpayment that is identified is reported and returned within 60 days.
FEDERAL: frozenset[PayerClass] = frozenset({"medicare_ffs", "medicare_advantage", "medicaid", "tricare", "va"})
# What a rule examines and counts, one and many.
NOUNS: dict[Examined, tuple[str, str]] = {
    "line": ("claim line", "claim lines"),
    "visit": ("visit", "visits"),
    "patient": ("patient", "patients"),
    "provider": ("provider", "providers"),
    "provider day": ("provider day", "provider days"),
    "patient day": ("patient day", "patient days"),
}


class Reach(StrEnum):
    """How much of what a rule examined it could judge."""

    ALL = "all"
    PART = "part"
    NONE = "none"
    NOTHING = "nothing to examine"
    FAILED = "failed"


def reach(status: Status, population: int, evaluated: int) -> Reach:
    """How far a rule reached that examined `population` subjects and judged `evaluated` of them."""
    if status == "error":
        return Reach.FAILED
    if not population:
        return Reach.NOTHING
    if not evaluated:
        return Reach.NONE
    return Reach.ALL if evaluated == population else Reach.PART


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun: (1, "visit") -> "1 visit", (1200, "visit") -> "1,200 visits"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def rank(severity: Severity) -> int:
    """Where a severity stands among all, the most severe first: "high" -> 0."""
    return len(SEVERITIES) - 1 - SEVERITIES.index(severity)


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule says of itself, its parameters apart: the front matter of its file, kept with every run."""

    id: str
    name: str
    title: str
    family: Family
    severity: Severity
    confidence: Confidence
    direction: Direction
    subject: Subject
    partition_by: Partition | Literal["run"]  # "run" stands in runs that were stored before engines kept to it
    reads: list[str]
    version: int
    since: str
    checks: str
    why: str
    numerator: str
    denominator: str
    applies_to: str
    not_evaluated_when: str
    flagged_example: str
    correct_example: str
    fix: str
    false_positives: str
    references: list[str]
    examines: Examined | None = None
    ask: str | None = None  # of the record; without it what the family asks for

    @property
    def noun(self) -> tuple[str, str]:
        """What the rule examines and counts, one and many: days where it says so, else the subject of its findings."""
        return NOUNS[self.examines or self.subject]
