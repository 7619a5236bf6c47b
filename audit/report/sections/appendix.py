"""Appendix: every rule's definition and SQL, reference editions, glossary, limitations."""

from audit.report.sections import checks, criteria, scope
from audit.report.stored.source import StoredRun
from audit.report.text import count, words
from audit.report.view import Appendix, Cell, Column, Definition, Fact, Table
from audit.runs.format.manifest import StoredRule

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
    ordered = sorted(run.rules, key=lambda rule: rule.id)
    return Appendix(
        definitions=tuple(_definition(run, rule) for rule in ordered),
        references=_references(run),
        glossary=tuple(Fact(term, text) for term, text in _GLOSSARY),
        limitations=_LIMITATIONS,
    )


def _definition(run: StoredRun, rule: StoredRule) -> Definition:
    facts = [
        Fact("Family", words(rule.family)),
        Fact("Severity", rule.severity),
        Fact("Confidence", rule.confidence),
        Fact("Dollars", checks.means(rule)),
        Fact("Judges each", rule.subject),
        *(Fact("Threshold", value, meaning) for meaning, value in scope.settings_of(rule)),
        Fact("SHA-256 of the rule file", rule.sql_sha256),
    ]
    return Definition(
        id=rule.id,
        title=rule.title,
        facts=tuple(facts),
        why=rule.why,
        false_positives=rule.false_positives,
        sources=criteria.sources(run, rule),
        sql=rule.sql.strip("\n")[:20_000],
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
            Cell(edition.table),
            Cell(edition.edition),
            Cell(edition.source),
            Cell(edition.coverage),
            Cell(count(edition.rows)),
        )
        for edition in run.manifest.references
    )
    return Table("references", "Reference tables", columns, rows, style="stack")
