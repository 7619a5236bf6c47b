"""Appendix: every rule's definition and SQL, reference editions, glossary, limitations."""

from collections.abc import Mapping

from audit.report.sections import criteria
from audit.report.stored.source import Entry, StoredRun
from audit.report.text import clean, count, words
from audit.report.view import Appendix, Cell, Column, Definition, Fact, Table

_GLOSSARY = (
    ("Counted once", "A line's largest potential overpayment among all rules, never above the line's own amount."),
    ("Evaluated, or judged", "The rule had the data it needs and reached a verdict."),
    ("Examined", "Everything a rule looked at: judged plus not evaluated."),
    ("Gross", "The sum of a rule's amounts, without regard to other rules that flag the same lines."),
    ("MUE", "Medically unlikely edit: CMS's largest number of units of a code for one patient, provider and date."),
    ("NCCI PTP edit", "A pair of codes that CMS does not pay together; its indicator says whether a modifier may separate them."),
    ("Not evaluated", "Data was missing or the rule does not bind the payer. Neither a pass nor a fail."),
    ("Potential", "What the data suggests. An auditor who reads the record decides."),
    ("Timed code", "A code billed in 15-minute units of one-on-one treatment."),
    (
        "Total-time rule (CMS)",
        "The minutes of a visit's timed codes are added; 8 to 22 earn 1 unit, 23 to 37 earn 2, and so on.",
    ),
    ("CPT midpoint", "Each code alone earns a unit once past the middle of its time, 8 of 15 minutes; nothing is pooled."),
    ("Visit", "One patient, date, billing provider, discipline and payer."),
)
_LIMITATIONS = (
    (
        "The audit compares exported data with rules. It did not read medical records beyond the text in the export, "
        "and it does not judge medical necessity."
    ),
    "A service never billed appears in no billing export: missed revenue is found only where minutes exceed units.",
    "Payer contracts and local policies override general rules; what is not in audit.toml was not applied.",
    "Reference tables cover the codes and dates stated above. A pair or code outside them is not evaluated.",
    "This report is not legal advice. Questions of repayment and disclosure belong to counsel.",
)


def appendix(run: StoredRun) -> Appendix:
    """The appendix."""
    ordered = sorted(run.entries("rules"), key=lambda rule: str(rule.get("id")))
    return Appendix(
        definitions=tuple(_definition(run, rule) for rule in ordered),
        references=_references(run),
        glossary=tuple(Fact(term, text) for term, text in _GLOSSARY),
        limitations=_LIMITATIONS,
    )


def _definition(run: StoredRun, rule: Entry) -> Definition:
    params = rule.get("params")
    settings = params.items() if isinstance(params, Mapping) else ()
    facts = [
        Fact("Family", words(rule.get("family"))),
        Fact("Severity", clean(rule.get("severity"))),
        Fact("Confidence", clean(rule.get("confidence"))),
        Fact("Direction", clean(rule.get("direction"))),
        Fact("Judges each", clean(rule.get("subject"))),
        *(Fact(words(name).capitalize(), clean(value)) for name, value in settings),
        Fact("SHA-256 of the rule file", clean(rule.get("sql_sha256"))),
    ]
    return Definition(
        id=clean(rule.get("id")),
        name=clean(rule.get("name")),
        title=clean(rule.get("title")),
        facts=tuple(facts),
        why=clean(rule.get("why"), 2000),
        false_positives=clean(rule.get("false_positives"), 2000),
        sources=criteria.sources(run, rule),
        sql=str(rule.get("sql") or "").strip("\n")[:20_000].replace("\x00", ""),
    )


def _references(run: StoredRun) -> Table:
    columns = (
        Column("Table", "code"),
        Column("Edition", "date"),
        Column("Source", "wide"),
        Column("Covers", "wide"),
        Column("Rows", "number"),
    )
    rows = tuple(
        (
            Cell(clean(entry.get("table"))),
            Cell(clean(entry.get("edition"))),
            Cell(clean(entry.get("source"))),
            Cell(clean(entry.get("coverage"))),
            Cell(count(int(entry.get("rows") or 0))),
        )
        for entry in run.entries("references")
    )
    return Table("references", "Reference tables", columns, rows, style="stack")
