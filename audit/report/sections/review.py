"""Review: what came again, how far reviewers have come, and what they confirmed with the dates that run from it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from audit.report.stored.source import StoredRun
from audit.report.text import DASH, brief, count, day, money, plural, words
from audit.report.view import Breakdown, Cell, Column, Fact, Table
from audit.runs.format.review_records import ConfirmedFinding, Recurrence, Review, ReviewOfRule
from audit.runs.ledgers.review import share
from audit.terms import FEDERAL

_SHOWN = 40
# The findings of every run beside this one but those that another took the place of (`latest` is one of them again), and what
# was answered.
_RUNS = "'../*/findings.parquet'"
_IN_FORCE = "NOT regexp_matches(filename, '/latest/|superseded-')"
_ANSWERS = "'../decisions.jsonl'"
_BEHIND_AGAIN = (
    (
        "The findings of a row, run by run, in DuckDB:",
        (
            f"SELECT filename, * FROM {_RUNS} WHERE {_IN_FORCE} AND status NOT IN ('dismissed', 'suppressed') "
            "AND rule_id = '...' AND coalesce(rendering_npi, billing_npi) = '...' AND payer_name = '...'"
        ),
    ),
    (
        "The provider's lines:",
        f"SELECT filename, * FROM '../*/audited_lines.parquet' WHERE {_IN_FORCE} AND rendering_npi = '...'",
    ),
)
_BEHIND_RULES = (
    (
        "What was answered of a rule's findings, in DuckDB (the last answer stands; refunded counts as confirmed):",
        f"SELECT what.finding_id, max_by(what.decision, imported_at) AS stands FROM {_ANSWERS} WHERE rule_id = '...' GROUP BY 1",
    ),
    (
        "Its findings without an answer (those of status suppressed are set aside, the others open):",
        (
            f"SELECT DISTINCT ON (finding_id) * FROM {_RUNS} WHERE {_IN_FORCE} AND rule_id = '...' AND finding_id NOT IN "
            f"(SELECT what.finding_id FROM {_ANSWERS})"
        ),
    ),
)
_BEHIND_CONFIRMED = (
    ("Every answer to a finding, in DuckDB:", f"SELECT * FROM {_ANSWERS} WHERE what.finding_id = '...'"),
    (
        "Its lines with their dollars, the whole of which stands where an answer names no amount:",
        f"SELECT * FROM '../*/finding_lines.parquet' WHERE {_IN_FORCE} AND finding_id = '...'",
    ),
)
_BEHIND_REFUNDS = (
    (
        "The findings of a payer with every answer to them, in DuckDB:",
        (
            f"SELECT DISTINCT answer.* FROM {_ANSWERS} AS answer JOIN {_RUNS} AS found ON what.finding_id = found.finding_id "
            "WHERE direction = 'over' AND payer_name = '...'"
        ),
    ),
)
# 42 CFR 401.305: report and return within 60 days of identifying; a timely good-faith investigation suspends that for at most
# 180 days from its beginning.
_RETURN = timedelta(days=60)
_INVESTIGATE = timedelta(days=180)
_HOW = (
    "Decide in findings.xlsx, findings.csv or in this page, then run claims-audit review import: the next report shows what was "
    "confirmed, dismissed and paid back, and dismissed findings leave its totals."
)


def review(run: StoredRun) -> Breakdown:
    """The section: findings back again, the review by rule, overpayments confirmed, refunds by payer."""
    found = run.manifest.review
    tables = [_again(run)] if run.manifest.history.recurrences else []
    if found is not None:
        today = run.manifest.run.created_at.date()
        tables += [_by_rule(run, found), _confirmed(found, today), _refunds(found, today)]
    return Breakdown("Review", "review", _text(run), tuple(tables), ())


def facts(run: StoredRun) -> list[Fact]:
    """The review in the summary: what is decided, what of it is late."""
    found = run.manifest.review
    if found is None:
        return []
    rules = found.rules
    decided = sum(rule.confirmed + rule.dismissed for rule in rules)
    open_ones, asked = sum(rule.open for rule in rules), sum(rule.asked_or_referred for rule in rules)
    waiting = f"; {count(asked)} more wait for a record or another person" if asked else ""
    late = sum(_is_late(one, run.manifest.run.created_at.date()) for one in found.confirmed)
    return [
        Fact(
            "Decided", count(decided), f"of these {count(sum(rule.confirmed for rule in rules))} confirmed, in all runs on record"
        ),
        Fact("Open", count(open_ones), f"not decided yet, in all runs on record{waiting}"),
        Fact("Overdue", count(late), "confirmed, federal, past 60 days and not paid back"),
    ]


def _text(run: StoredRun) -> str:
    found, history = run.manifest.review, run.manifest.history
    said = []
    if history.replaced is not None:
        then = history.replaced
        said.append(
            f"This run replaces one of {day(then.created_at.date())} of other input or settings: "
            f"{plural(then.settled, 'finding')} of that one settled by correction, {count(then.new)} new, "
            f"{count(then.repeated)} in both."
        )
    if found is None:
        return " ".join((*said, "No decision is on record yet.", _HOW))
    said.append("Figures of the review are of all runs on record in the same folder, this one included.")
    if found.gone:
        said.append(f"{plural(found.gone, 'decided finding')} {'is' if found.gone == 1 else 'are'} in no run on record any more.")
    return " ".join(said)


def _again(run: StoredRun) -> Table:
    columns = (
        Column("Rule", "wide"),
        Column("Provider", "code"),
        Column("Payer"),
        Column("Runs in a row", "number"),
        Column("Findings, run by run", "number"),
        Column("Per 100 lines", "number"),
        Column("Said of the earlier ones"),
        Column("Potential, gross", "number"),
    )
    history, titles = run.manifest.history, {rule.id: rule.title for rule in run.rules}
    rows = tuple(_again_row(one, titles) for one in history.recurrences[:_SHOWN])
    more = history.recurring - len(rows)
    note = "The last figure of a row is this run's. The same rule for the same provider and payer as in the run before."
    note += f" {count(more)} more, not shown." if more > 0 else ""
    return Table("again", "Back again", columns, rows, note=note, style="stack", behind=_BEHIND_AGAIN)


def _again_row(one: Recurrence, titles: dict[str, str]) -> tuple[Cell, ...]:
    title = titles.get(one.rule_id, "")
    rates = [f"{100 * found / lines:.1f}" if lines else DASH for found, lines in zip(one.findings, one.lines, strict=True)]
    said = [f"{count(one.confirmed)} confirmed"] if one.confirmed else []
    said += [f"{count(one.refunded)} paid back"] if one.refunded else []
    return (
        Cell(title or one.rule_id, one.rule_id if title else "", href=f"#rule-{one.rule_id}"),
        Cell(one.provider or DASH),
        Cell(brief(one.payer_name or "", 60)),
        Cell(count(len(rates))),
        Cell(", ".join(map(count, one.findings)), order=str(one.findings[-1])),
        Cell(", ".join(rates), order=rates[-1]),
        Cell(", ".join(said) or "nothing yet"),
        Cell(money(one.gross) if one.gross else "", order=str(one.gross)),
    )


def _by_rule(run: StoredRun, found: Review) -> Table:
    columns = (
        Column("Rule", "wide"),
        Column("Open", "number"),
        Column("Record asked or referred", "number"),
        Column("Confirmed", "number"),
        Column("Dismissed", "number"),
        Column("Set aside", "number"),
        Column("Share confirmed", "number"),
    )
    answered = [rule for rule in found.rules if rule.returned or any(_counts(rule)[1:])]
    titles = {rule.id: rule.title for rule in run.rules}
    rows = tuple(_rule_row(rule, titles.get(rule.rule_id, "")) for rule in answered)
    unanswered = len(found.rules) - len(answered)
    total = tuple(
        Cell(text)
        for text in (
            "All rules",
            *(count(sum(counts)) for counts in zip(*map(_counts, found.rules), strict=True)),
            "",
        )
    )
    note = (
        "The share confirmed is of the findings that were confirmed or dismissed, with the range in which it would lie in 95 of "
        "100 such reviews. A dismissal holds while the rule and the lines stay as they were. Set aside are findings that "
        "claims-audit suppress took out and nobody decided."
    )
    note += f" {plural(unanswered, 'rule')} with findings and without an answer yet: in the total alone." if unanswered else ""
    return Table(
        "review-rules",
        "The review by rule",
        columns,
        rows,
        total=total if found.rules else (),
        note=note,
        style="stack",
        behind=_BEHIND_RULES if found.rules else (),
    )


def _counts(rule: ReviewOfRule) -> tuple[int, int, int, int, int]:
    return rule.open, rule.asked_or_referred, rule.confirmed, rule.dismissed, rule.set_aside


def _rule_row(rule: ReviewOfRule, title: str) -> tuple[Cell, ...]:
    said = share(rule)
    back = f"{plural(rule.returned, 'dismissal')} no longer holds" if rule.returned == 1 else ""
    back = back or (f"{plural(rule.returned, 'dismissal')} no longer hold" if rule.returned else "")
    return (
        Cell(title or rule.rule_id, rule.rule_id if title else ""),
        Cell(count(rule.open), back, "warn" if back else ""),
        *(Cell(count(number)) for number in _counts(rule)[1:]),
        Cell(_percent(said.share), f"{100 * said.low:.0f} to {_percent(said.high)}", order=f"{said.share:.4f}")
        if said
        else Cell(DASH, order="-1"),
    )


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %"


def _confirmed(found: Review, today: date) -> Table:
    columns = (
        Column("Claim", "code"),
        Column("Rule, finding", "code"),
        Column("Payer"),
        Column("Amount confirmed", "number"),
        Column("Confirmed on", "date"),
        Column("60 days end", "date"),
        Column("Paid back", "number"),
    )
    ordered = sorted(
        found.confirmed, key=lambda one: (one.refunded_on is not None, one.confirmed_on, -one.amount, one.finding_id)
    )
    rows = tuple(_confirmed_row(one, today) for one in ordered[:_SHOWN])
    more = len(ordered) - len(rows)
    note = (
        "60 days run from the day on which the overpayment was confirmed; they bind for federal payers. 180 days run from the "
        "day of the first run that shows it, and are the longest that a timely investigation may take. Counsel decides which "
        "day counts."
    )
    note += f" First {len(rows)} of {count(len(ordered))}." if more > 0 else ""
    return Table(
        "confirmed",
        "Overpayments confirmed",
        columns,
        rows,
        note=note,
        empty="None is confirmed yet.",
        style="stack",
        behind=_BEHIND_CONFIRMED if rows else (),
    )


def _confirmed_row(one: ConfirmedFinding, today: date) -> tuple[Cell, ...]:
    line = f"line {one.claim_line_number}" if one.claim_line_number is not None else ""
    late = _is_late(one, today)
    if one.refunded_on:
        refund = Cell(money(one.refunded), day(one.refunded_on), "ok")
    else:
        refund = Cell("not yet", "past 60 days" if late else "", "over" if late else "warn")
    return (
        Cell(brief(one.claim_id, 60), line),
        Cell(one.rule_id, one.finding_id),
        Cell(brief(one.payer_name or "", 60), words(one.payer_class)),
        Cell(money(one.amount), order=str(one.amount)),
        Cell(day(one.confirmed_on), f"first seen {day(one.first_seen)}"),
        _deadlines(one) if one.payer_class in FEDERAL else Cell(DASH),
        refund,
    )


def _deadlines(one: ConfirmedFinding) -> Cell:
    return Cell(day(one.confirmed_on + _RETURN), f"180 days end {day(one.first_seen + _INVESTIGATE)}")


def _is_late(one: ConfirmedFinding, today: date) -> bool:
    return one.payer_class in FEDERAL and one.refunded_on is None and today > one.confirmed_on + _RETURN


def _refunds(found: Review, today: date) -> Table:
    columns = (
        Column("Payer"),
        Column("Findings", "number"),
        Column("Confirmed", "number"),
        Column("Paid back", "number"),
        Column("Still to pay back", "number"),
        Column("Earliest 60 days end", "date"),
    )
    payers = sorted(set(map(_payer, found.confirmed)))
    rows = tuple(_refund_row(*payer, today, [one for one in found.confirmed if _payer(one) == payer]) for payer in payers)
    confirmed, refunded, owed = _sums(found.confirmed)
    total = (
        Cell("All payers"),
        Cell(count(len(found.confirmed))),
        Cell(money(confirmed)),
        Cell(money(refunded)),
        Cell(money(owed)),
    )
    note = "A line that two confirmed findings concern is in both: pay back each line once."
    return Table(
        "refunds",
        "Refunds by payer",
        columns,
        rows,
        total=(*total, Cell("")) if rows else (),
        note=note if rows else "",
        empty="Nothing is confirmed, so nothing is to be paid back.",
        style="stack",
        behind=_BEHIND_REFUNDS if rows else (),
    )


def _payer(one: ConfirmedFinding) -> tuple[str, str]:
    return one.payer_name or "", one.payer_class or "unknown"


def _refund_row(name: str, payer_class: str, today: date, of_payer: Sequence[ConfirmedFinding]) -> tuple[Cell, ...]:
    confirmed, refunded, owed = _sums(of_payer)
    due = [one.confirmed_on + _RETURN for one in of_payer if one.refunded_on is None and one.payer_class in FEDERAL]
    return (
        Cell(brief(name, 60) or DASH, words(payer_class)),
        Cell(count(len(of_payer))),
        Cell(money(confirmed), order=str(confirmed)),
        Cell(money(refunded), order=str(refunded)),
        Cell(money(owed), order=str(owed)),
        Cell(day(min(due)), "past" if min(due) < today else "", "over" if min(due) < today else "") if due else Cell(DASH),
    )


def _sums(confirmed: Iterable[ConfirmedFinding]) -> tuple[Decimal, Decimal, Decimal]:
    """Dollars confirmed, paid back, and still to be paid back."""
    whole, back, owed = Decimal("0.00"), Decimal("0.00"), Decimal("0.00")
    for one in confirmed:
        refunded = one.refunded or Decimal("0.00")
        whole, back, owed = whole + one.amount, back + refunded, owed + max(one.amount - refunded, Decimal("0.00"))
    return whole, back, owed
