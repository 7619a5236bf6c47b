"""Findings row by row: how one stands in a table, which stand in the page, and which in the pages beside it.

The page holds the weightiest of all rules together. What is left of a rule stands in pages of its own in the folder
`findings`, in the same order, so that every finding has a row that can be read, linked to and decided: up to as many as
the workbook holds too, for nobody reads hundreds of pages. All stand in findings.csv and findings.parquet.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pyarrow as pa

from audit.report.stored import decided, tally
from audit.report.stored.findings import Finding, first, in_order, weightiest
from audit.report.stored.source import StoredRun
from audit.report.text import brief, count, day, money, number
from audit.report.view import Cell, Column, Link, RestPage, Table
from audit.runs.patient_names import Namer

IN_PAGE = 5_000  # findings that stand in the page, the weightiest of all rules together
IN_PAGES = 50_000  # findings that stand in the page or in one beside it, the weightiest of all rules together
IN_REST = 2_000  # findings of one rule that stand in a page beside it: more take a browser seconds to lay out
IN_WORKBOOK = IN_PAGES  # findings that stand in the workbook: a report and its workbook hold the same
FOLDER = "findings"
_NONE: Mapping[str, str] = {}
_FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")  # an id that is none (of a damaged manifest) gets no file
COLUMNS = (
    Column("Claim", "code"),
    Column("Date, patient", "date"),
    Column("What was found", "wide"),
    Column("Code", "code"),
    Column("Payer, provider"),
    Column("Export file, row", "file"),
    Column("Potential", "number"),
)


def row(finding: Finding, namer: Namer, decision: str = "") -> tuple[Cell, ...]:
    """A finding as table cells, with what was decided of it; the patient appears as `namer` has it."""
    line, place, amount = finding.claim_line_number, finding.source_row, finding.amount_at_risk
    code = " ".join(filter(None, (brief(finding.procedure_code, 20), brief(finding.modifiers, 40))))
    return (
        Cell(brief(finding.claim_id, 60), f"line {line}" if line is not None else ""),
        Cell(day(finding.service_date), namer(finding.patient_id)),
        Cell(finding.message, decision),
        Cell(code, units(finding.units_billed)),
        Cell(brief(finding.payer_name, 80), brief(finding.provider, 40)),
        Cell(brief(finding.source_file, 120), f"row {count(place)}" if place is not None else ""),
        Cell(money(amount), finding.how_made, order=str(amount)) if amount else Cell("", order=str(amount)),
    )


def units(value: Decimal | None) -> str:
    """Billed units in words; empty where the finding has none."""
    return "" if value is None else f"{number(value)} {'unit' if value == 1 else 'units'}"


def in_page(run: StoredRun) -> pa.Table:
    """The findings that stand in the page."""
    return weightiest(run.findings, IN_PAGE)


def table(name: str, caption: str, shown: Sequence[Finding], namer: Namer, decisions: Mapping[str, str] = _NONE) -> Table:
    """A table of findings that can each be linked to and decided."""
    rows = tuple(row(finding, namer, decisions.get(finding.finding_id, "")) for finding in shown)
    keys, empty = tuple(finding.finding_id for finding in shown), "None of them weighs so much."
    return Table(f"examples-{name}", caption, COLUMNS, rows, empty=empty, style="stack examples", keys=keys)


@dataclass(frozen=True, slots=True)
class Part:
    """A page beside the report: where it lies, at which finding of its rule it begins (from 0), and how many it holds."""

    path: str
    start: int
    findings: int

    @property
    def words(self) -> str:
        """Which findings of the rule it holds: "5,001 to 10,000", "10,001"."""
        last = f" to {count(self.start + self.findings)}" if self.findings > 1 else ""
        return f"{count(self.start + 1)}{last}"


def parts(run: StoredRun) -> dict[str, tuple[Part, ...]]:
    """The pages beside the report, by rule: of those that have findings which do not stand in it."""
    whole, shown = tally.counts(weightiest(run.findings, IN_PAGES), "rule_id"), tally.counts(in_page(run), "rule_id")
    found = {}
    for rule in run.rules:
        held, of_rule = shown.get((rule.id,), 0), whole.get((rule.id,), 0)
        if of_rule > held and _FILE_NAME.fullmatch(rule.id):
            found[rule.id] = tuple(
                Part(f"{FOLDER}/{rule.id}-{at}.html", start, min(IN_REST, of_rule - start))
                for at, start in enumerate(range(held, of_rule, IN_REST), start=1)
            )
    return found


def places(run: StoredRun, findings: Sequence[Finding]) -> dict[str, str]:
    """The link from the report to each finding's row, in it or in a page beside it, by the finding's id; some have none."""
    shown, rules = set(in_page(run)["finding_id"].to_pylist()), {one.finding_id: one.rule_id for one in findings}
    found, left = {key: f"#row-{key}" for key in rules.keys() & shown}, rules.keys() - shown
    beside = parts(run) if left else {}
    for rule_id in {rules[key] for key in left} & beside.keys():
        ids = in_order(tally.of_rule(run.findings, rule_id))["finding_id"]
        for part in beside[rule_id]:
            held = left & set(ids.slice(part.start, part.findings).to_pylist())
            found |= {key: f"{part.path}#row-{key}" for key in held}
    return found


def rest_pages(run: StoredRun, namer: Namer) -> Iterator[RestPage]:
    """The pages of the findings that do not stand in the report, rule by rule, largest amount first."""
    facts, rules, decisions = run.manifest.run, {rule.id: rule for rule in run.rules}, decided.in_words(run)
    for rule_id, pages in parts(run).items():
        findings, links = in_order(tally.of_rule(run.findings, rule_id)), tuple(Link(one.path, one.words) for one in pages)
        for at, page in enumerate(pages):
            shown = first(findings.slice(page.start, page.findings), page.findings)
            caption = f"Findings {page.words} of {count(findings.num_rows)}, largest amount first"
            yield RestPage(
                rule_id=rule_id,
                title=rules[rule_id].title,
                entity=facts.entity or "Entity not stated",
                period=f"{day(facts.first_service_date)} to {day(facts.last_service_date)}",
                label=facts.label,
                run_id=facts.id,
                pages=links,
                at=at,
                findings=replace(table(rule_id, caption, shown, namer, decisions), search=True),
            )
