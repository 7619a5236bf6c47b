"""Scope and method: what was examined, by which payer's rules, and what was not tested."""

from collections.abc import Mapping

from audit.report.source import StoredRun
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
    columns = (Column("Rule", "code"), Column("Setting"), Column("Value"))
    rows = []
    for rule in sorted(run.entries("rules"), key=lambda entry: str(entry.get("id"))):
        params = rule.get("params")
        for name, value in params.items() if isinstance(params, Mapping) else ():
            rows.append((Cell(clean(rule.get("id"))), Cell(words(name)), Cell(clean(value))))
    return Table("settings", "Thresholds in force", columns, tuple(rows), empty="No rule of this run has a threshold.")


def not_tested(run: StoredRun) -> Table:
    """Everything that a rule could not judge, with the reason, the most first."""
    columns = (Column("Rule", "wide"), Column("Why it could not be judged", "wide"), Column("Not judged", "number"))
    rows = []
    for rule in run.entries("rules"):
        name, title = clean(rule.get("id")), clean(rule.get("title"))
        if rule.get("status") == "error":
            rows.append((-_EVERYTHING, name, Cell(title, name), Cell("the rule failed to run", tone="over"), Cell("all")))
        for item in rule.get("not_evaluated") or ():
            number = int(item.get("count") or 0)
            amount = Cell(count(number), f"of {count(int(rule.get('population') or 0))} {subject(rule)}")
            rows.append((-number, name, Cell(title, name), Cell(clean(item.get("reason"))), amount))
    rows.sort(key=lambda row: row[:2])
    cells = tuple((rule, reason, amount) for _, _, rule, reason, amount in rows)
    return Table(
        "not-tested", "What was not tested", columns, cells, empty="Every rule judged everything it examined.", style="stack"
    )
