"""What the templates see: a tree of frozen records whose values are text already formatted.

Nothing is computed in a template. `tone` is the name of a colour role of the stylesheet: over, under, coding, none, ok,
warn, mute, high, medium, low or info; the empty string is plain.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: text, a quiet second line, a tone, what to sort by, a link in the document, columns it spans."""

    text: str
    note: str = ""
    tone: str = ""
    order: str = ""
    href: str = ""
    span: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; `kind` (text, number, code, file, date, wide, blank) sets its look; `filter` offers its values."""

    heading: str
    kind: str = "text"
    filter: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with caption; `note` says what was left out, `empty` stands in for no rows, `style` is stack, heat or ''.

    `keys`: the finding of each row, where a row is one finding; it is shown, can be linked to and decided.
    `behind`: what to ask the files for the rows behind a row's figures, as (what it gives, SQL).
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""
    empty: str = "None."
    style: str = ""
    search: bool = False
    keys: tuple[str, ...] = ()
    behind: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value: a headline figure, or a line of a list of facts."""

    label: str
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as inline SVG, with a title and the sentence that says the same in words."""

    name: str
    title: str
    svg: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A file of the run folder, by its path there, and what it is called."""

    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Cover:
    """Who, what, when: the head of the report."""

    title: str
    entity: str
    period: str
    state: str
    confidentiality: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The page for those who read one page."""

    headline: str
    reviewed: tuple[Fact, ...]
    accuracy: tuple[Fact, ...]
    exposure: tuple[Fact, ...]
    top: Table
    first_steps: tuple[str, ...]
    caveats: tuple[str, ...]
    change: tuple[Fact, ...]
    change_note: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What was examined, how, and what was not."""

    paragraphs: tuple[str, ...]
    payers: Table
    settings: Table
    not_tested: Table


@dataclass(frozen=True, slots=True)
class Quality:
    """Where every row and dollar went, and what the export lacks."""

    verdict: str
    tone: str
    control: Table
    files: Table
    hashes: Table
    exclusions: Table
    rejections: Table
    mapping: Table
    gaps: Table
    silent_days: tuple[str, ...]
    absent: tuple[str, ...]
    private: tuple[str, ...]
    unmapped: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleFindings:
    """One rule with findings: criterion, condition, cause, effect, what to do, and examples."""

    id: str
    title: str
    pills: tuple[Fact, ...]
    criterion: str
    sources: tuple[Fact, ...]
    condition: str
    cause: str
    effect: str
    recommendation: str
    not_evaluated: str
    examples: Table
    rest: tuple[Link, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class RestPage:
    """A page of a rule's findings that do not stand in the report; it is the one at `at` (from 0) of the rule's `pages`."""

    rule_id: str
    title: str
    entity: str
    period: str
    label: str
    run_id: str
    pages: tuple[Link, ...]
    at: int
    findings: Table


@dataclass(frozen=True, slots=True)
class Single:
    """One finding in full: its rule, claim and dollars in a line, what was found, and the facts behind it."""

    id: str
    rule_id: str
    title: str
    head: str
    amount: str
    tone: str
    message: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Weightiest:
    """The findings with the most dollars, each in full; `note` says where the others are, `in_workbook` what is not there."""

    items: tuple[Single, ...]
    note: str
    in_workbook: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A rule in the appendix: facts, text and the SQL that decided."""

    id: str
    title: str
    facts: tuple[Fact, ...]
    why: str
    false_positives: str
    sources: tuple[Fact, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Findings along one dimension, with a sentence on how to read it; `sql` leads to the findings behind a row."""

    title: str
    name: str
    text: str
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...] = ()
    sql: str = ""


@dataclass(frozen=True, slots=True)
class Appendix:
    """Definitions, editions, words and limits."""

    definitions: tuple[Definition, ...]
    references: Table
    glossary: tuple[Fact, ...]
    limitations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole report."""

    label: str
    run_id: str
    cover: Cover
    summary: Summary
    scope: Scope
    quality: Quality
    rules: Table
    figures: tuple[Figure, ...]
    weightiest: Weightiest
    findings: tuple[RuleFindings, ...]
    silent: tuple[str, ...]
    providers: Breakdown
    breakdowns: tuple[Breakdown, ...]
    worklist: Table
    plan: Table
    trend: Breakdown
    review: Breakdown
    set_aside: Table
    sign_off: tuple[str, ...]
    choices: tuple[str, ...]
    appendix: Appendix
    samples: Breakdown | None = None
