"""Cover and executive summary."""

from collections.abc import Sequence

from audit.reference.loaded import outdated
from audit.report.sections import checks, listed, measures, review, trend
from audit.report.stored import tally
from audit.report.stored.source import StoredRun
from audit.report.text import LIMIT, brief, count, day, moment, money, plural, rate, words
from audit.report.view import Cell, Column, Cover, Fact, Summary, Table
from audit.runs.format.manifest import Found, StoredRule
from audit.terms import Reach, rank


def cover(run: StoredRun, state: str) -> Cover:
    """The head of the report; `state` is "Draft" or "Final"."""
    facts, software = run.manifest.run, run.manifest.software
    dates = f"{day(facts.first_service_date)} to {day(facts.last_service_date)}"
    return Cover(
        title="Claims audit",
        entity=facts.entity or "Entity not stated",
        period=(facts.period or facts.label).replace("_", " to "),
        state=state,
        confidentiality="Confidential. Holds claim-level health information: keep, send and destroy it as such.",
        facts=(
            Fact("Dates of service", dates),
            Fact("Prepared by", facts.auditor or "Not stated"),
            Fact("Created", moment(facts.created_at)),
            Fact("Run", facts.id),
            Fact("Program", f"claims-audit {software.program}, duckdb {software.duckdb}, python {software.python}"),
        ),
    )


def summary(run: StoredRun, caveat: str = "") -> Summary:
    """The one-page summary: what was reviewed, how right it was, what it may cost, what to do first."""
    return Summary(
        headline=_headline(run),
        reviewed=_reviewed(run),
        accuracy=measures.measures(run),
        exposure=_exposure(run),
        top=_top(run),
        first_steps=tuple(_first_steps(run)),
        caveats=(*_caveats(run), *filter(None, (caveat,))),
        change=_change(run),
        change_note=_change_note(run),
    )


def _headline(run: StoredRun) -> str:
    totals = run.manifest.totals
    claims, wrong, over = totals.claims, totals.claims_with_error, totals.over.counted_once
    if wrong == 0:
        return f"None of {plural(claims, 'claim')} shows a potential error in what could be checked.{_unknown(run)}"
    share = f"{count(wrong)} of {plural(claims, 'claim')} ({rate(wrong, claims)})"
    verb = "shows" if wrong == 1 else "show"
    money_part = f", with {money(over)} potentially overpaid when each line is counted once" if over else ""
    return f"{share} {verb} at least one potential billing error{money_part}.{_unknown(run)}"


def _unknown(run: StoredRun) -> str:
    """A sentence for a run that left most checks unmade: what it did not find says little then."""
    left, whole = measures.unmade(run)
    return f" But {rate(left, whole)} of the checks could not be made." if 2 * left > whole else ""


def _reviewed(run: StoredRun) -> tuple[Fact, ...]:
    totals = run.manifest.totals
    return (
        Fact("Claims", count(totals.claims)),
        Fact("Claim lines", count(totals.lines)),
        Fact("Visits", count(totals.visits)),
        Fact("Patients", count(totals.patients)),
        Fact("Providers", count(totals.providers)),
        Fact("Dollars reviewed", money(totals.amount), words(run.manifest.money_basis).removeprefix("amount ")),
    )


def _exposure(run: StoredRun) -> tuple[Fact, ...]:
    totals, claims = run.manifest.totals, tally.claims(run)
    over, under, coding = (plural(claims.get(side, 0), "claim") for side in ("over", "under", "coding"))
    gross = f"{money(totals.over.gross)} gross, {plural(totals.over.findings, 'finding')} on {over}"
    return (
        Fact("Potential overpayment", money(totals.over.counted_once), f"each line counted once; {gross}", "over"),
        measures.of_federal_payers(run),
        Fact("Potential underbilling", money(totals.under.gross), _findings_of(totals.under, under), "under"),
        Fact("Coding findings", count(totals.coding.findings), f"on {coding}; no dollars counted", "coding"),
        Fact("For review", count(totals.none.findings), "documentation, patterns and data; no dollars", "none"),
    )


def _findings_of(part: Found, claims: str) -> str:
    return f"{plural(part.findings, 'finding')} on {claims}; never netted against overpayment"


def _by_weight(run: StoredRun) -> Sequence[StoredRule]:
    """Rules with findings, by their share of the dollars counted once, then gross, then severity, then how many."""
    share = tally.counted_once(run.findings)
    flagged = [rule for rule in run.rules if rule.flagged]
    return sorted(
        flagged, key=lambda rule: (-share.get(rule.id, 0), -rule.gross_at_risk, rank(rule.severity), -rule.flagged, rule.id)
    )


def _top(run: StoredRun) -> Table:
    columns = (
        Column("Rule", "wide"),
        Column("Flagged", "number"),
        Column("Rate", "number"),
        Column("Potential dollars, gross", "number"),
        Column("Counted once", "number"),
    )
    amounts, share = tally.dollars(run.findings), tally.counted_once(run.findings)
    rows = tuple(
        (
            Cell(rule.title, rule.id, href=f"#rule-{rule.id}"),
            Cell(count(rule.flagged), f"of {plural(rule.evaluated, *rule.noun)}"),
            Cell(rate(rule.flagged, rule.evaluated)),
            checks.potential(amounts.get(rule.id, {})),
            checks.once(share.get(rule.id)),
        )
        for rule in _by_weight(run)[:5]
    )
    return Table("top", "The rules that weigh most", columns, rows, empty="No findings.", style="stack")


def _first_steps(run: StoredRun) -> list[str]:
    steps = []
    if not run.manifest.control_totals.ties:
        steps.append("Find out why rows or dollars do not tie before relying on any figure here.")
    steps += [
        f"“{rule.title}” ({rule.id}, {plural(rule.flagged, 'finding')}): hold each against the record. {brief(rule.fix, LIMIT)}"
        for rule in [rule for rule in _by_weight(run) if rule.direction == "over"][:2]
    ]
    if owed := measures.federal(run):
        steps.append(
            f"Of the {money(owed)} potentially overpaid by federal payers, report and return what review confirms within "
            "60 days of identifying it; a timely good-faith investigation may suspend that for up to 180 days."
        )
    skipped = [rule for rule in run.rules if rule.not_judged]
    if skipped:
        rules = plural(len(skipped), "rule")
        steps.append(f"See under Scope what {rules} could not judge; where data is missing, supply it and audit again.")
    rejected = run.manifest.control_totals.rows.rejected
    if rejected:
        steps.append(f"Mend the {plural(rejected, 'rejected row')} listed in rejected_rows.csv and run the audit again.")
    return steps or ["Keep this report with the month's compliance file."]


def _caveats(run: StoredRun) -> list[str]:
    rules = run.manifest.rules
    broken = [rule.id for rule in rules if rule.reach is Reach.FAILED]
    never = [rule for rule in rules if rule.reach is Reach.NONE]
    partly = [rule for rule in rules if rule.reach is Reach.PART]
    notes = ["Every finding and every amount is potential: the program compares data with rules, an auditor decides."]
    if broken:
        notes.append(f"{plural(len(broken), 'rule')} failed to run ({', '.join(broken)}): what they check is unknown.")
    if never or partly:
        said = [f"{plural(len(never), 'rule')} could judge nothing"] if never else []
        said += [f"{plural(len(partly), 'rule')} could judge only a part"] if partly else []
        notes.append(
            f"{' and '.join(said)} of what there was to examine, most often: {measures.why_not_judged(run)}. "
            "What could not be checked counts neither as right nor as wrong."
        )
    notes += [*_beside(run), *_unknown_amounts(run), *outdated(run.manifest.references, run.manifest.run.last_service_date)]
    notes.append(
        "Claims without a potential error passed only the checks that could be made on them; the true accuracy may be lower."
    )
    return notes


def _beside(run: StoredRun) -> list[str]:
    """Where the findings stand that the page does not hold."""
    pages = [page for pages in listed.parts(run).values() for page in pages]
    if not pages:
        return []
    whole, beside = run.findings.num_rows, sum(page.findings for page in pages)
    is_cut = whole > listed.IN_PAGES
    said = (
        f"report.html holds the {count(listed.IN_PAGE)} of {count(whole)} findings that weigh most. "
        f"{f'The next {count(beside)}' if is_cut else 'The rest'} stand in {plural(len(pages), 'page')} in the folder "
        f"{listed.FOLDER} beside it, linked under each rule; send them with it."
    )
    return [f"{said} The others stand in findings.csv and findings.parquet alone." if is_cut else said]


def _unknown_amounts(run: StoredRun) -> list[str]:
    totals = run.manifest.totals
    if not totals.lines_without_amount:
        return []
    of = f"{count(totals.lines_without_amount)} of {plural(totals.lines, 'claim line')}"
    why = "blank, or a claim's total repeated on its lines"
    return [f"The amount of {of} is not known ({why}): it is in no sum of dollars, neither reviewed nor found."]


def _change(run: StoredRun) -> tuple[Fact, ...]:
    known, resolved = tally.counts(run.findings, "status"), run.manifest.history.resolved
    history = run.manifest.history
    facts = [Fact("New findings", count(known.get(("new",), 0)))]
    if history.previous:
        kind = "same rule, provider and payer as in the run before"
        facts.append(Fact("Back again", count(known.get(("again",), 0)), kind))
    facts.append(Fact("Seen before", count(known.get(("repeat",), 0))))
    if history.replaced is not None:
        facts.append(Fact("Settled by correction", count(history.replaced.settled), "in the run that this one replaces"))
    elif resolved is not None:
        facts.append(Fact("Settled", count(resolved), "in the last run, not in this one"))
    aside = tally.counts(run.set_aside, "status")
    facts.append(Fact("Set aside", count(aside.get(("suppressed",), 0)), "with a reason on file"))
    facts.append(Fact("Dismissed", count(aside.get(("dismissed",), 0)), "by a reviewer"))
    return (*facts, *review.facts(run))


def _change_note(run: StoredRun) -> str:
    previous = run.manifest.history.previous
    if previous:
        return f"Compared with run {previous}. {trend.since_the_last(run)}".strip()
    if tally.counts(run.findings, "status").get(("repeat",)):
        return ""
    if then := run.manifest.history.replaced:
        made = day(then.created_at.date())
        return f"No run of an earlier time is on record, so every finding counts as new; this run replaces one of {made}."
    return "No earlier run is on record, so every finding counts as new."
