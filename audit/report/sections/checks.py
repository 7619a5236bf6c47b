"""The table of rules and the findings by rule: criterion, condition, cause, effect, recommendation, examples."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa

from audit.report.sections import criteria, listed
from audit.report.stored import decided, tally
from audit.report.stored.findings import first
from audit.report.stored.source import StoredRun
from audit.report.text import brief, count, money, plural, rate
from audit.report.view import Cell, Column, Fact, Figure, Link, RuleFindings, Table
from audit.runs.format.manifest import StoredRule
from audit.runs.patient_names import Namer
from audit.terms import Confidence, Direction, Reach

Chart = Callable[[StoredRun, StoredRule], tuple[Figure, ...]]
# What a direction means to a reader, and the tone that goes with it.
_MEANS: dict[Direction, tuple[str, str]] = {
    "over": ("Potential overpayment", "over"),
    "under": ("Potential underbilling", "under"),
    "coding": ("Coding", "coding"),
    "none": ("For review", "none"),
}
_CONFIDENCE: dict[Confidence, str] = {
    "certain": "follows from the data alone",
    "likely": "the record decides",
    "possible": "the export leaves it open",
    "pattern": "proof of nothing by itself",
}
# What a rule's run comes to where it flagged nothing: a rule that judged nothing never looks like one that found nothing.
_NOTHING_FLAGGED = {
    Reach.NONE: Cell("Not evaluated", "nothing could be judged", "warn"),
    Reach.NOTHING: Cell("Nothing to examine", "no subject of this rule in the run", "mute"),
    Reach.PART: Cell("None found", "judged in part", "warn"),
    Reach.ALL: Cell("None found", tone="ok"),
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
    total = (
        Cell("Potential overpayment, each line counted once", "less than the gross sum where rules meet on one line", span=7),
        Cell(money(run.manifest.totals.over.counted_once), tone="over"),
    )
    amounts, shares = tally.dollars(run.findings), tally.counted_once(run.findings)
    rows = tuple(_rule_row(rule, amounts.get(rule.id, {}), shares.get(rule.id)) for rule in run.rules)
    return Table(
        "rules-table", "Rules, what they examined and what they flagged", columns, rows, total=total, style="stack", search=True
    )


def means(rule: StoredRule) -> str:
    """What a rule's direction means to a reader."""
    return _MEANS[rule.direction][0]


def tone(rule: StoredRule) -> str:
    """The tone of a rule's direction."""
    return _MEANS[rule.direction][1]


def result(rule: StoredRule) -> Cell:
    """What a rule's run comes to, in a word or two, with its tone."""
    if rule.reach is Reach.FAILED:
        return Cell("Failed to run", brief(rule.error, 160), "over")
    if rule.flagged:
        return Cell("Flagged", "judged in part" if rule.reach is Reach.PART else "", _MEANS[rule.direction][1])
    return _NOTHING_FLAGGED[rule.reach]


def _rule_row(rule: StoredRule, amounts: Mapping[str, Decimal], share: Decimal | None) -> tuple[Cell, ...]:
    failed, left = rule.reach is Reach.FAILED, rule.not_judged
    return (
        Cell(rule.title, rule.id, href=f"#rule-{rule.id}" if rule.flagged else f"#definition-{rule.id}"),
        Cell(rule.severity, tone=rule.severity),
        result(rule),
        Cell("unknown" if failed else count(rule.population), rule.noun[1]),
        Cell("all" if failed else count(left), tone="warn" if left or failed else ""),
        Cell("unknown" if failed else count(rule.flagged)),
        Cell(rate(rule.flagged, rule.evaluated)),
        potential(amounts, _borne(amounts, share)),
    )


def _borne(amounts: Mapping[str, Decimal], share: Decimal | None) -> str:
    """What of a rule's potential overpayment counts where each line counts once."""
    if "over" not in amounts:
        return ""
    if share == amounts["over"]:
        return ", all counted once"
    return f"; {money(share)} counted once" if share else "; counted under other rules"


def potential(amounts: Mapping[str, Decimal], borne: str = "") -> Cell:
    """A rule's potential dollars by direction as one cell: what is not counted as over or under says so."""
    coding = amounts.get("coding")
    for side in ("over", "under"):
        if side in amounts:
            note = f"{side}{borne}; coding {money(coding)}, not counted" if coding else f"{side}{borne}"
            return Cell(money(amounts[side]), note, side, order=str(amounts[side]))
    return Cell(money(coding), "coding, not counted", order=str(coding)) if coding else Cell("", order="0")


def once(share: Decimal | None) -> Cell:
    """A rule's share of the potential overpayment, each line counted once."""
    return Cell(money(share), order=str(share)) if share else Cell("", order="0")


def findings_by_rule(run: StoredRun, name: Namer, chart: Chart) -> tuple[RuleFindings, ...]:
    """A section for each rule with live findings, most severe first, with its first findings and what `chart` draws of it."""
    known = tally.counts(run.findings, "rule_id")
    shown, parts = listed.in_page(run), listed.parts(run)
    decisions, found = decided.in_words(run), []
    for rule in (rule for rule in run.rules if known.get((rule.id,))):
        whole, rest = known[(rule.id,)], parts.get(rule.id, ())
        held = examples(shown, rule, whole, name, decisions)
        note = _left_out(len(held.rows), sum(part.findings for part in rest), whole)
        found.append(_section(run, rule, replace(held, note=note), rest, chart(run, rule)))
    return tuple(found)


def examples(shown: pa.Table, rule: StoredRule, whole: int, name: Namer, decisions: Mapping[str, str]) -> Table:
    """The findings of a rule, of `whole`, that stand in the page (`shown`), largest amount first."""
    found = first(tally.of_rule(shown, rule.id), whole)
    return listed.table(rule.id, f"{plural(whole, 'finding')} of {rule.id}, largest amount first", found, name, decisions)


def _left_out(shown: int, beside: int, whole: int) -> str:
    """Where those of a rule's findings stand that the page does not hold: `beside` in pages beside it, else in files alone."""
    if shown == whole:
        return ""
    pages = f"in pages beside this one, in the folder {listed.FOLDER}"
    others = [f"{count(beside) if shown + beside < whole else 'the rest'} {pages}"] if beside else []
    others += ["the rest in findings.csv and findings.parquet alone"] if shown + beside < whole else []
    return (
        "; ".join((f"{count(shown)} of them stand here, among the {count(listed.IN_PAGE)} that weigh most of all rules", *others))
        + "."
    )


def silent(run: StoredRun) -> tuple[str, ...]:
    """Ids of the rules that judged everything they examined and flagged nothing."""
    return tuple(rule.id for rule in run.rules if rule.reach is Reach.ALL and not rule.flagged)


def _section(
    run: StoredRun,
    rule: StoredRule,
    shown: Table,
    rest: Sequence[listed.Part],
    figures: tuple[Figure, ...],
) -> RuleFindings:
    mine = tally.of_rule(run.findings, rule.id)
    means, tone = _MEANS[rule.direction]
    amounts = tally.dollars(mine).get(rule.id, {})
    # A rule of coding or records may find lines that a payer should not have paid.
    also = (Fact("Kind", "In part potential overpayment", tone="over"),) if "over" in amounts and tone != "over" else ()
    return RuleFindings(
        id=rule.id,
        title=rule.title,
        pills=(
            Fact("Severity", f"{rule.severity.capitalize()} severity", tone=rule.severity),
            Fact("Kind", means, tone=tone),
            *also,
            Fact("Confidence", f"{rule.confidence.capitalize()}: {_CONFIDENCE[rule.confidence]}"),
        ),
        criterion=rule.why,
        sources=criteria.sources(run, rule),
        condition=_condition(rule, mine.num_rows),
        cause=rule.false_positives,
        effect=_effect(rule, amounts),
        recommendation=rule.fix,
        not_evaluated=_not_evaluated(rule),
        examples=shown,
        rest=tuple(Link(part.path, part.words) for part in rest),
        figures=figures,
    )


def _condition(rule: StoredRule, live: int) -> str:
    flagged, judged = rule.flagged, rule.evaluated
    said = f"{count(flagged)} of {plural(judged, *rule.noun)} judged ({rate(flagged, judged)}) {_verdict(rule, flagged == 1)}."
    return (
        said
        if live == flagged
        else f"{said} {plural(live, 'finding')} stand; the others are set aside or part of the same finding."
    )


def _verdict(rule: StoredRule, one: bool) -> str:
    """What the flagged subjects come to: no more is claimed than the rule's confidence carries."""
    if rule.direction == "none":
        return "needs review" if one else "need review"
    if rule.confidence == "certain":
        return "did not meet it"
    return f"{'appears' if one else 'appear'} not to meet it"


def _not_evaluated(rule: StoredRule) -> str:
    if not rule.not_judged:
        return ""
    most = sorted(rule.not_evaluated, key=lambda item: (-item.count, item.reason))
    reasons = "; ".join(f"{item.reason} ({count(item.count)})" for item in most)
    return f"{count(rule.not_judged)} of {plural(rule.population, *rule.noun)} could not be judged: {reasons}."


def _effect(rule: StoredRule, amounts: Mapping[str, Decimal]) -> str:
    lines = plural(rule.lines_flagged, "claim line")
    said = []
    if "over" in amounts:
        said.append(f"{money(amounts['over'])} potentially overpaid, gross: other rules may count the same lines.")
    if "under" in amounts:
        said.append(f"{money(amounts['under'])} of billable service potentially not billed. It offsets no overpayment.")
    if "coding" in amounts:
        said.append(f"{money(amounts['coding'])} would change hands if the coding were set right; not counted as overpayment.")
    verb = "is" if rule.lines_flagged == 1 else "are"
    return " ".join((f"{lines} {verb} concerned.", *(said or ["No dollars are counted for this rule."])))
