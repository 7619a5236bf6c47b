"""Cover and executive summary."""

from collections.abc import Sequence
from decimal import Decimal

from audit.report.sections import checks, criteria, trend
from audit.report.stored import tally
from audit.report.stored.source import SEVERITIES, Entry, StoredRun
from audit.report.text import clean, count, day, decimal, moment, money, plural, rate, subject, words
from audit.report.view import Cell, Column, Cover, Fact, Summary, Table

_FEDERAL = ("medicare_ffs", "medicare_advantage", "medicaid", "tricare", "va")


def cover(run: StoredRun, state: str) -> Cover:
    """The head of the report; `state` is "Draft" or "Final"."""
    facts, software = run.entry("run"), run.entry("software")
    dates = f"{day(facts.get('first_service_date'))} to {day(facts.get('last_service_date'))}"
    return Cover(
        title="Claims audit",
        entity=clean(facts.get("entity")) or "Entity not stated",
        period=clean(facts.get("period") or facts.get("label")).replace("_", " to "),
        state=state,
        confidentiality="Confidential. Holds claim-level health information: keep, send and destroy it as such.",
        facts=(
            Fact("Dates of service", dates),
            Fact("Prepared by", clean(facts.get("auditor")) or "Not stated"),
            Fact("Created", moment(facts.get("created_at"))),
            Fact("Run", clean(facts.get("id"))),
            Fact("Program", ", ".join(f"{clean(name)} {clean(version)}" for name, version in software.items())),
        ),
    )


def summary(run: StoredRun, caveat: str = "") -> Summary:
    """The one-page summary: what was reviewed, how right it was, what it may cost, what to do first."""
    return Summary(
        headline=_headline(run),
        reviewed=_reviewed(run),
        accuracy=_accuracy(run),
        exposure=_exposure(run),
        top=_top(run),
        first_steps=tuple(_first_steps(run)),
        caveats=(*_caveats(run), *filter(None, (caveat,))),
        change=_change(run),
        change_note=_change_note(run),
    )


def _headline(run: StoredRun) -> str:
    totals = run.entry("totals")
    claims, wrong = int(totals.get("claims") or 0), int(totals["claims_with_error"])
    over = decimal(_part(run, "over").get("counted_once"))
    if wrong == 0:
        return f"None of {plural(claims, 'claim')} shows a potential error in what could be checked."
    share = f"{count(wrong)} of {plural(claims, 'claim')} ({rate(wrong, claims)})"
    verb = "shows" if wrong == 1 else "show"
    money_part = f", with {money(over)} potentially overpaid when each line is counted once" if over else ""
    return f"{share} {verb} at least one potential billing error{money_part}."


def _part(run: StoredRun, name: str) -> Entry:
    found = run.entry("totals").get(name)
    return found if isinstance(found, dict) else {}


def _reviewed(run: StoredRun) -> tuple[Fact, ...]:
    totals = run.entry("totals")
    names = (
        ("Claims", "claims"),
        ("Claim lines", "lines"),
        ("Visits", "visits"),
        ("Patients", "patients"),
        ("Providers", "providers"),
    )
    facts = [Fact(label, count(int(totals.get(name) or 0))) for label, name in names]
    basis = words(run.manifest.get("money_basis"))
    return (*facts, Fact("Dollars reviewed", money(totals.get("amount")), basis))


def _accuracy(run: StoredRun) -> tuple[Fact, ...]:
    totals = run.entry("totals")
    names = (("Claims without a potential error", "claims"), ("Lines without a potential error", "lines"))
    return tuple(
        _against_benchmark(label, int(totals[f"{name}_with_error"]), int(totals.get(name) or 0), name) for label, name in names
    )


def _against_benchmark(label: str, wrong: int, whole: int, noun: str) -> Fact:
    right = max(whole - wrong, 0)
    if whole == 0:
        return Fact(label, rate(0, 0), f"no {noun} in the run", "mute")
    below = right * 100 < trend.BENCHMARK * whole
    side = "below" if below else "at or above"
    note = f"{count(right)} of {count(whole)}; {side} the {trend.BENCHMARK} % benchmark"
    return Fact(label, rate(right, whole), note, "over" if below else "ok")


def _exposure(run: StoredRun) -> tuple[Fact, ...]:
    over, under, coding, other = (_part(run, name) for name in ("over", "under", "coding", "none"))
    gross = f"{money(over.get('gross'))} gross, {plural(int(over.get('findings') or 0), 'finding')}"
    return (
        Fact("Potential overpayment", money(over.get("counted_once") or 0), f"each line counted once; {gross}", "over"),
        Fact("Potential underbilling", money(under.get("gross") or 0), _findings_of(under), "under"),
        Fact("Coding findings", count(int(coding.get("findings") or 0)), "no dollars counted", "coding"),
        Fact("For review", count(int(other.get("findings") or 0)), "documentation, patterns and data; no dollars", "none"),
    )


def _findings_of(part: Entry) -> str:
    return f"{plural(int(part.get('findings') or 0), 'finding')}; never netted against overpayment"


def _by_weight(run: StoredRun) -> Sequence[Entry]:
    """Rules with findings, by potential dollars, then severity, then how many."""

    def weight(rule: Entry) -> tuple[bool, Decimal, int, int, str]:
        severity = str(rule.get("severity"))
        rank = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
        dollars = decimal(rule.get("gross_at_risk"))
        return dollars == 0, -dollars, rank, -int(rule.get("flagged") or 0), str(rule.get("id"))

    return sorted((rule for rule in run.entries("rules") if rule.get("flagged")), key=weight)


def _top(run: StoredRun) -> Table:
    columns = (
        Column("Finding", "wide"),
        Column("Flagged", "number"),
        Column("Rate", "number"),
        Column("Potential dollars", "number"),
    )
    rows, amounts = [], tally.dollars(run.findings)
    for rule in _by_weight(run)[:5]:
        flagged, judged = int(rule.get("flagged") or 0), int(rule.get("evaluated") or 0)
        unit = subject(rule, judged)
        rows.append(
            (
                Cell(clean(rule.get("title")), clean(rule.get("id")), href=f"#rule-{clean(rule.get('id'))}"),
                Cell(count(flagged), f"of {count(judged)} {unit}"),
                Cell(rate(flagged, judged)),
                checks.potential(amounts.get(str(rule.get("id")), {})),
            )
        )
    return Table("top", "Five findings that weigh most", columns, tuple(rows), empty="No findings.", style="stack")


def _first_steps(run: StoredRun) -> list[str]:
    steps = []
    if not run.entry("control_totals").get("ties", True):
        steps.append("Find out why rows or dollars do not tie before relying on any figure here.")
    for rule in [rule for rule in _by_weight(run) if rule.get("direction") == "over"][:2]:
        found = plural(int(rule.get("flagged") or 0), "finding")
        steps.append(f"Review the {found} of {clean(rule.get('id'))} against the record: {clean(rule.get('fix'))}")
    if any(row.get("payer_class") in _FEDERAL and decimal(row.get("over_gross")) for row in run.summary("by_payer")):
        steps.append(
            "Where review confirms that a federal payer overpaid, report and return it within 60 days of identifying it; "
            "a timely good-faith investigation may suspend that for up to 180 days."
        )
    skipped = [rule for rule in run.entries("rules") if rule.get("not_evaluated")]
    if skipped:
        rules = plural(len(skipped), "rule")
        steps.append(f"See under Scope what {rules} could not judge; where data is missing, supply it and audit again.")
    rejected = int((run.entry("control_totals").get("rows") or {}).get("rejected") or 0)
    if rejected:
        steps.append(f"Mend the {plural(rejected, 'rejected row')} listed in rejected_rows.csv and run the audit again.")
    return steps or ["Keep this report with the month's compliance file."]


def _caveats(run: StoredRun) -> list[str]:
    rules = run.entries("rules")
    broken = [clean(rule.get("id")) for rule in rules if rule.get("status") == "error"]
    never = [rule for rule in rules if rule.get("status") != "error" and not rule.get("evaluated")]
    partly = [rule for rule in rules if rule.get("evaluated") and rule.get("not_evaluated")]
    notes = ["Every finding and every amount is potential: the program compares data with rules, an auditor decides."]
    if broken:
        notes.append(f"{plural(len(broken), 'rule')} failed to run ({', '.join(broken)}): what they check is unknown.")
    if never or partly:
        said = [f"{plural(len(never), 'rule')} judged nothing at all"] if never else []
        said += [f"{plural(len(partly), 'rule')} judged only a part of what they examined"] if partly else []
        notes.append(f"{' and '.join(said)}. What could not be checked is not counted as correct and not as wrong.")
    notes += [*_unknown_amounts(run), *criteria.outdated(run)]
    notes.append(
        "Claims without a potential error passed only the checks that could be made on them; the true accuracy may be lower."
    )
    return notes


def _unknown_amounts(run: StoredRun) -> list[str]:
    totals = run.entry("totals")
    unknown, lines = (int(totals.get(name) or 0) for name in ("lines_without_amount", "lines"))
    if not unknown:
        return []
    of = f"{count(unknown)} of {plural(lines, 'claim line')}"
    why = "blank, or a claim's total repeated on its lines"
    return [f"The amount of {of} is not known ({why}): it is in no sum of dollars, neither reviewed nor found."]


def _change(run: StoredRun) -> tuple[Fact, ...]:
    known, history = tally.counts(run.findings, "status"), run.entry("history")
    facts = [Fact("New findings", count(known.get(("new",), 0))), Fact("Seen before", count(known.get(("repeat",), 0)))]
    if history.get("resolved") is not None:
        facts.append(Fact("Resolved", count(int(history["resolved"])), "in the last run, not in this one", "ok"))
    facts.append(Fact("Suppressed", count(run.suppressed.num_rows), "with a reason on file", "mute"))
    return tuple(facts)


def _change_note(run: StoredRun) -> str:
    previous = clean(run.entry("history").get("previous"))
    if previous:
        return f"Compared with run {previous}. {trend.since_the_last(run)}".strip()
    repeated = tally.counts(run.findings, "status").get(("repeat",))
    return "" if repeated else "No earlier run is on record, so every finding counts as new."
