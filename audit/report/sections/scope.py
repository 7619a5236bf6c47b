"""Scope and method: what was examined, by which payer's rules, and what was not tested."""

from collections.abc import Iterator

from audit.report.stored.source import StoredRun
from audit.report.text import count, day, money, plural, words
from audit.report.view import Cell, Column, Scope, Table
from audit.runs.format.manifest import StoredRule
from audit.terms import Reach

_EVERYTHING = 10**15  # sorts a rule that failed before all counts
_UNITS = {"none": "no payer's rule"}
_COVERS = {"unknown": "not stated", "plan_of_care": "inside a plan of care"}
_FOLLOWS = {True: "yes", False: "no", None: "not stated"}


def scope(run: StoredRun) -> Scope:
    """The scope and method section."""
    return Scope(paragraphs=_paragraphs(run), payers=_payers(run), settings=_settings(run), not_tested=not_tested(run))


def _paragraphs(run: StoredRun) -> tuple[str, ...]:
    facts, totals = run.manifest.run, run.manifest.totals
    counted = ((totals.lines, "claim line"), (totals.claims, "claim"), (totals.visits, "visit"))
    population = ", ".join(plural(number, noun) for number, noun in counted)
    basis = words(run.manifest.money_basis)
    return (
        (
            f"All claim lines of the export were examined, not a sample: {population}, with dates of service from "
            f"{day(facts.first_service_date)} to {day(facts.last_service_date)}."
        ),
        (
            "A visit is one patient, one date, one billing provider, one discipline and one payer. Each rule says how many "
            "claim lines, visits or providers it examined, how many it could judge, and how many it flagged."
        ),
        (
            f"Dollars are the {basis}. Amounts are potential and gross. Over- and underbilling are apart and never netted. "
            "A line that several rules flag counts once, with the largest of its amounts and never more than the line's own; "
            "units too many of a visit or a day that another finding takes away count no second time."
        ),
        "Where the data a rule needs is missing, the rule says “not evaluated”. That is neither a pass nor a fail.",
    )


def _payers(run: StoredRun) -> Table:
    columns = (
        Column("Payer", "wide"),
        Column("Class"),
        Column("Units from minutes by"),
        Column("NCCI edits"),
        Column("Massage (97124)"),
        Column("Lines", "number"),
        Column("Amount", "number"),
    )
    rows = []
    for payer in sorted(run.manifest.payers, key=lambda entry: -entry.lines):
        identity = " · ".join(filter(None, (payer.payer_id, payer.claim_filing_indicator)))
        rows.append(
            (
                Cell(payer.payer_name or identity or "not named", identity),
                Cell(
                    words(payer.payer_class),
                    f"by {words(payer.decided_by)}",
                    "warn" if payer.payer_class == "unknown" else "",
                ),
                Cell(_UNITS.get(payer.unit_rule, words(payer.unit_rule))),
                Cell(_FOLLOWS[payer.follows_ncci]),
                Cell(_COVERS.get(payer.massage_coverage, words(payer.massage_coverage))),
                Cell(count(payer.lines)),
                Cell(money(payer.amount)),
            )
        )
    note = "A class or rule that is wrong for a payer is set right in audit.toml. Every verdict on that payer depends on it."
    return Table("payers", "Payers and the rules applied to them", columns, tuple(rows), note=note, style="stack")


def _settings(run: StoredRun) -> Table:
    columns = (Column("Rule", "wide"), Column("Thresholds", "wide"))
    rows = []
    for rule in sorted(run.rules, key=lambda rule: rule.id):
        if rule.params:
            said = "; ".join(f"{meaning}: {value}" for meaning, value in settings_of(rule))
            rows.append((Cell(rule.title, rule.id), Cell(said)))
    note = "claims-audit explain RULE names each as audit.toml sets it." if rows else ""
    none = "No rule of this run has a threshold."
    return Table("settings", "Thresholds in force", columns, tuple(rows), note=note, empty=none, style="stack")


def settings_of(rule: StoredRule) -> Iterator[tuple[str, str]]:
    """A rule's thresholds: what each means, in its own words, and its value. An older run kept their names alone."""
    for name, value in rule.params.items():
        said = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        yield rule.param_help.get(name) or words(name), said or "not set"


def not_tested(run: StoredRun) -> Table:
    """One row a rule that could not judge all that it examined, with the reasons, the most first."""
    columns = (Column("Rule", "wide"), Column("Not judged", "number"), Column("Why they could not be judged", "wide"))
    rows = [row for row in map(_untested, run.rules) if row is not None]
    rows.sort(key=lambda row: row[:2])
    cells = tuple(row[2] for row in rows)
    return Table(
        "not-tested", "What was not tested", columns, cells, empty="Every rule judged everything it examined.", style="stack"
    )


def _untested(rule: StoredRule) -> tuple[int, str, tuple[Cell, ...]] | None:
    """Sort keys and the row of a rule; None where it judged everything."""
    head = Cell(rule.title, rule.id, href=f"#definition-{rule.id}")
    if rule.reach is Reach.FAILED:
        return -_EVERYTHING, rule.id, (head, Cell("all"), Cell("the rule failed to run", tone="over"))
    left = rule.not_judged
    if not left:
        return None
    reasons = sorted((-item.count, item.reason) for item in rule.not_evaluated)
    why = "; ".join(f"{reason} ({count(-number)})" if len(reasons) > 1 else reason for number, reason in reasons)
    return -left, rule.id, (head, Cell(count(left), f"of {plural(rule.population, *rule.noun)}"), Cell(why))
