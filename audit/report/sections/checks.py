"""The table of rules and the findings by rule: criterion, condition, cause, effect, recommendation, examples."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from audit.report.options import Namer
from audit.report.sections import criteria
from audit.report.stored import tally
from audit.report.stored.source import Entry, StoredRun
from audit.report.text import clean, count, day, decimal, in_sentence, money, number, plural, rate, subject
from audit.report.view import Cell, Column, Fact, Figure, RuleFindings, Table

EXAMPLES = 10
PRINTED = 5  # the stylesheet leaves out the rest on paper
Chart = Callable[[StoredRun, Entry], tuple[Figure, ...]]
_MEANS = {
    "over": ("Potential overpayment", "over"),
    "under": ("Potential underbilling", "under"),
    "coding": ("Coding", "coding"),
    "none": ("For review", "none"),
}
_CONFIDENCE = {
    "certain": "follows from the data alone",
    "likely": "the record decides",
    "possible": "the export leaves it open",
    "pattern": "proof of nothing by itself",
}


def rules_table(run: StoredRun) -> Table:
    """One row a rule; a rule that judged nothing never looks like one that found nothing."""
    columns = (
        Column("Rule", "wide"),
        Column("Severity", filter=True),
        Column("Result", filter=True),
        Column("Examined", "number"),
        Column("Not judged", "number"),
        Column("Flagged", "number"),
        Column("Rate", "number"),
        Column("Potential dollars, gross", "number"),
    )
    once = money(_totals(run, "over").get("counted_once") or 0)
    total = (
        Cell(
            "Potential overpayment, each line counted once", "less than the sum of the rules where they meet on one line", span=7
        ),
        Cell(once, tone="over"),
    )
    amounts = tally.dollars(run.findings)
    rows = tuple(_rule_row(rule, amounts.get(str(rule.get("id")), {})) for rule in run.rules())
    return Table(
        "rules-table", "Rules, what they examined and what they flagged", columns, rows, total=total, style="stack", search=True
    )


def _totals(run: StoredRun, name: str) -> Entry:
    found = run.entry("totals").get(name)
    return found if isinstance(found, Mapping) else {}


def skipped(rule: Entry) -> int:
    """Subjects that the rule examined and could not judge."""
    return sum(int(item.get("count") or 0) for item in rule.get("not_evaluated") or ())


def result(rule: Entry) -> Cell:
    """What a rule's run comes to, in a word or two, with its tone."""
    flagged, judged, left = int(rule.get("flagged") or 0), int(rule.get("evaluated") or 0), skipped(rule)
    if rule.get("status") == "error":
        return Cell("Failed to run", clean(rule.get("error"), 160), "over")
    if not judged and left:
        return Cell("Not evaluated", "nothing could be judged", "warn")
    if not judged:
        return Cell("Nothing to examine", "no subject of this rule in the run", "mute")
    if flagged:
        return Cell("Flagged", "judged in part" if left else "", _MEANS.get(str(rule.get("direction")), ("", "none"))[1])
    return Cell("None in part judged", "the rest not evaluated", "warn") if left else Cell("None found", tone="ok")


def _rule_row(rule: Entry, amounts: Mapping[str, Decimal]) -> tuple[Cell, ...]:
    name = clean(rule.get("id"))
    flagged, judged, left = int(rule.get("flagged") or 0), int(rule.get("evaluated") or 0), skipped(rule)
    broken, severity = rule.get("status") == "error", clean(rule.get("severity"))
    return (
        Cell(
            clean(rule.get("title")),
            f"{name} {clean(rule.get('name'))}",
            href=f"#rule-{name}" if flagged else f"#definition-{name}",
        ),
        Cell(severity, tone=severity),
        result(rule),
        Cell("unknown" if broken else count(int(rule.get("population") or 0)), subject(rule)),
        Cell("all" if broken else count(left), tone="warn" if left or broken else ""),
        Cell("unknown" if broken else count(flagged)),
        Cell(rate(flagged, judged)),
        potential(amounts),
    )


def potential(amounts: Mapping[str, Decimal]) -> Cell:
    """A rule's potential dollars by direction as one cell: what is not counted as over or under says so."""
    coding = amounts.get("coding")
    for side in ("over", "under"):
        if side in amounts:
            note = f"{side}; coding {money(coding)}, not counted" if coding else side
            return Cell(money(amounts[side]), note, side, order=str(amounts[side]))
    return Cell(money(coding), "coding, not counted", order=str(coding)) if coding else Cell("", order="0")


def findings_by_rule(run: StoredRun, name: Namer, chart: Chart) -> tuple[RuleFindings, ...]:
    """A section for each rule with live findings, most severe first, with its first findings and what `chart` draws of it."""
    known = tally.counts(run.findings, "rule_id")
    return tuple(_section(run, rule, name, chart(run, rule)) for rule in run.rules() if known.get((rule.get("id"),)))


def silent(run: StoredRun) -> tuple[str, ...]:
    """Ids of the rules that judged everything they examined and flagged nothing."""
    return tuple(clean(rule.get("id")) for rule in run.rules() if result(rule).tone == "ok")


def _section(run: StoredRun, rule: Entry, name: Namer, figures: tuple[Figure, ...]) -> RuleFindings:
    mine = tally.of_rule(run.findings, str(rule.get("id")))
    means, tone = _MEANS.get(str(rule.get("direction")), _MEANS["none"])
    severity = clean(rule.get("severity"))
    confidence = clean(rule.get("confidence"))
    return RuleFindings(
        id=clean(rule.get("id")),
        name=clean(rule.get("name")),
        title=clean(rule.get("title")),
        pills=(
            Fact("Severity", f"{severity.capitalize()} severity", tone=severity),
            Fact("Kind", means, tone=tone),
            Fact("Confidence", f"{confidence.capitalize()}: {_CONFIDENCE.get(confidence, '')}".rstrip(": ")),
        ),
        criterion=clean(rule.get("why"), 2000),
        sources=criteria.sources(run, rule),
        condition=_condition(rule, mine.num_rows),
        cause=clean(rule.get("false_positives"), 2000),
        effect=_effect(rule, tally.dollars(mine).get(str(rule.get("id")), {})),
        recommendation=clean(rule.get("fix"), 2000),
        not_evaluated=_not_evaluated(rule),
        examples=examples(mine, clean(rule.get("id")), name),
        figures=figures,
    )


def _condition(rule: Entry, live: int) -> str:
    flagged, judged = int(rule.get("flagged") or 0), int(rule.get("evaluated") or 0)
    unit, title, verdict = subject(rule, judged), in_sentence(clean(rule.get("title"))), _verdict(rule, flagged == 1)
    said = f"{count(flagged)} of {count(judged)} {unit} judged ({rate(flagged, judged)}) {verdict}: {title}."
    return (
        said
        if live == flagged
        else f"{said} {plural(live, 'finding')} stand; the others are suppressed or part of the same finding."
    )


def _verdict(rule: Entry, one: bool) -> str:
    """What the flagged subjects come to: no more is claimed than the rule's confidence carries."""
    if rule.get("direction") == "none":
        return "needs review" if one else "need review"
    if rule.get("confidence") == "certain":
        return "did not meet the criterion"
    return f"{'appears' if one else 'appear'} not to meet the criterion"


def _not_evaluated(rule: Entry) -> str:
    left = skipped(rule)
    if not left:
        return ""
    reasons = "; ".join(
        f"{clean(item.get('reason'))} ({count(int(item.get('count') or 0))})" for item in rule.get("not_evaluated") or ()
    )
    whole = int(rule.get("population") or 0)
    return f"{count(left)} of {count(whole)} {subject(rule, whole)} could not be judged: {reasons}."


def _effect(rule: Entry, amounts: Mapping[str, Decimal]) -> str:
    flagged = int(rule.get("lines_flagged") or 0)
    lines = plural(flagged, "claim line")
    said = []
    if "over" in amounts:
        said.append(f"{money(amounts['over'])} potentially overpaid, gross: other rules may count the same lines.")
    if "under" in amounts:
        said.append(f"{money(amounts['under'])} of billable service potentially not billed. It offsets no overpayment.")
    if "coding" in amounts:
        said.append(f"{money(amounts['coding'])} would change hands if the coding were set right; not counted as overpayment.")
    verb = "is" if flagged == 1 else "are"
    return " ".join((f"{lines} {verb} concerned.", *(said or ["No dollars are counted for this rule."])))


COLUMNS = (
    Column("Claim", "code"),
    Column("Date, patient", "date"),
    Column("What was found", "wide"),
    Column("Code", "code"),
    Column("Payer, provider"),
    Column("Export file, row", "file"),
    Column("Potential", "number"),
)


def examples(findings: Any, name: str, namer: Namer) -> Table:
    """The first findings of a rule, largest amount first, each with its place in the export."""
    rows = tuple(example_row(row, namer) for row in tally.first(findings, EXAMPLES))
    return Table(f"examples-{name}", f"Findings of {name}", COLUMNS, rows, note=_shown(findings.num_rows), style="stack examples")


def _shown(whole: int) -> str:
    """How many of the findings stand in the table, on screen and on paper; empty where all do."""
    if whole <= PRINTED:
        return ""
    screen = f"the first {EXAMPLES} on screen, " if whole > EXAMPLES else ""
    return f"{count(whole)} findings, largest amount first: {screen}the first {PRINTED} on paper, all in findings.csv."


def example_row(row: Mapping[str, Any], namer: Namer) -> tuple[Cell, ...]:
    """A finding as table cells; the patient appears as `namer` has it."""
    line, place, amount = row.get("claim_line_number"), row.get("source_row"), decimal(row.get("amount_at_risk"))
    code = " ".join(filter(None, (clean(row.get("procedure_code"), 20), clean(row.get("modifiers"), 40))))
    return (
        Cell(clean(row.get("claim_id"), 60), f"line {line}" if line is not None else ""),
        Cell(day(row.get("service_date")), namer(row.get("patient_id"))),
        Cell(clean(row.get("message"))),
        Cell(code, units(row.get("units_billed"))),
        Cell(clean(row.get("payer_name"), 80), clean(row.get("rendering_npi") or row.get("billing_npi"), 40)),
        Cell(clean(row.get("source_file"), 120), f"row {count(int(place))}" if place is not None else ""),
        Cell(money(amount) if amount else "", order=str(amount)),
    )


def units(value: object) -> str:
    """Billed units in words; empty where the finding has none."""
    return "" if value is None else f"{number(value)} {'unit' if decimal(value) == 1 else 'units'}"
