"""Scope and method: what was examined, by which payer's rules, and what was not tested."""

from collections.abc import Mapping

from audit.report.stored.source import Entry, StoredRun
from audit.report.text import clean, count, day, money, plural, subject, words
from audit.report.view import Cell, Column, Scope, Table

_EVERYTHING = 10**15  # sorts a rule that failed before all counts
_FOLLOWS = {True: "yes", False: "no", None: "not stated"}


def scope(run: StoredRun) -> Scope:
    """The scope and method section."""
    return Scope(paragraphs=_paragraphs(run), payers=_payers(run), settings=_settings(run), not_tested=not_tested(run))


def _paragraphs(run: StoredRun) -> tuple[str, ...]:
    facts, totals = run.entry("run"), run.entry("totals")
    names = (("lines", "claim line"), ("claims", "claim"), ("visits", "visit"))
    population = ", ".join(plural(int(totals.get(name) or 0), noun) for name, noun in names)
    basis = words(run.manifest.get("money_basis"))
    return (
        (
            f"All claim lines of the export were examined, not a sample: {population}, with dates of service from "
            f"{day(facts.get('first_service_date'))} to {day(facts.get('last_service_date'))}."
        ),
        (
            "A visit is one patient, one date, one billing provider, one discipline and one payer. Each rule says how many "
            "claim lines, visits or providers it examined, how many it could judge, and how many it flagged."
        ),
        (
            f"Dollars are the {basis}. Amounts are potential and gross. Over- and underbilling are apart and never netted. "
            "A line that several rules flag counts once, with the largest of its amounts and never more than the line's own."
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
    for payer in sorted(run.entries("payers"), key=lambda entry: -int(entry.get("lines") or 0)):
        identity = " · ".join(filter(None, (clean(payer.get("payer_id")), clean(payer.get("claim_filing_indicator")))))
        unknown = payer.get("payer_class") in (None, "unknown")
        rows.append(
            (
                Cell(clean(payer.get("payer_name")) or identity or "not named", identity),
                Cell(words(payer.get("payer_class")), f"by {words(payer.get('decided_by'))}", "warn" if unknown else ""),
                Cell(words(payer.get("unit_rule"))),
                Cell(_FOLLOWS.get(payer.get("follows_ncci"), "not stated")),
                Cell(words(payer.get("massage_coverage"))),
                Cell(count(int(payer.get("lines") or 0))),
                Cell(money(payer.get("amount"))),
            )
        )
    note = "A class or rule that is wrong for a payer is set right in audit.toml. Every verdict on that payer depends on it."
    return Table("payers", "Payers and the rules applied to them", columns, tuple(rows), note=note, style="stack")


def _settings(run: StoredRun) -> Table:
    columns = (Column("Rule", "wide"), Column("Settings", "wide"))
    rows = []
    for rule in sorted(run.entries("rules"), key=lambda entry: str(entry.get("id"))):
        params = rule.get("params")
        if isinstance(params, Mapping) and params:
            said = "; ".join(f"{words(name)} {clean(value) or 'not set'}" for name, value in params.items())
            rows.append((Cell(clean(rule.get("title")), clean(rule.get("id"))), Cell(said)))
    return Table(
        "settings", "Thresholds in force", columns, tuple(rows), empty="No rule of this run has a threshold.", style="stack"
    )


def not_tested(run: StoredRun) -> Table:
    """One row a rule that could not judge all that it examined, with the reasons, the most first."""
    columns = (Column("Rule", "wide"), Column("Not judged", "number"), Column("Why they could not be judged", "wide"))
    rows = [row for row in map(_untested, run.entries("rules")) if row is not None]
    rows.sort(key=lambda row: row[:2])
    cells = tuple(row[2] for row in rows)
    return Table(
        "not-tested", "What was not tested", columns, cells, empty="Every rule judged everything it examined.", style="stack"
    )


def _untested(rule: Entry) -> tuple[int, str, tuple[Cell, ...]] | None:
    """Sort keys and the row of a rule; None where it judged everything."""
    name = clean(rule.get("id"))
    head = Cell(clean(rule.get("title")), name)
    if rule.get("status") == "error":
        return -_EVERYTHING, name, (head, Cell("all"), Cell("the rule failed to run", tone="over"))
    reasons = sorted((-int(item.get("count") or 0), clean(item.get("reason"))) for item in rule.get("not_evaluated") or ())
    left = -sum(number for number, _ in reasons)
    if not left:
        return None
    whole = int(rule.get("population") or 0)
    why = "; ".join(f"{reason} ({count(-number)})" if len(reasons) > 1 else reason for number, reason in reasons)
    return -left, name, (head, Cell(count(left), f"of {count(whole)} {subject(rule, whole)}"), Cell(why))
