"""What `claims-audit check` shows: a preview laid out as tables of text."""

import sys
from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from audit.contract import BY_NAME, COLUMNS, MONEY_COLUMNS
from audit.model import RuleOutcome, SourceFile
from audit.pipeline.preview import Preview, missing_columns, reach
from audit.runs.control_totals import CLAIM_TOTALS, Fate, total
from audit.terms import Reach, plural

_FATES = ("read", "audited", "excluded", "rejected")
_PIPE_WIDTH = 180
_PAYER = ("payer_name", "payer_id", "claim_filing_indicator", "payer_class", "unit_rule")
_GROUPS = (
    (Reach.ALL, "Rules that can judge all they examine"),
    (Reach.PART, "Rules that can judge a part"),
    (Reach.NONE, "Rules that cannot judge anything here"),
    (Reach.NOTHING, "Rules with nothing to examine in this export"),
    (Reach.FAILED, "Rules that failed"),
)


def show(seen: Preview) -> None:
    """Print the preview to stdout, as wide as the terminal, and wide into a pipe."""
    console = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, highlight=False, soft_wrap=False)
    for file in seen.intake.files:
        _file(console, file)
    _rejections(console, seen)
    _totals(console, seen)
    _payers(console, seen)
    _rules(console, seen)
    _missing(console, seen)
    if told := (*seen.intake.warnings, *seen.intake.notes):
        _heading(console, "To know")
        for sentence in told:
            console.print(f"- {escape(sentence)}")


def _file(console: Console, file: SourceFile) -> None:
    _heading(console, f"{file.name} ({file.format}, {plural(file.rows, 'row')})")
    table = _table("Column", "Header in the export", "Why", "Confidence")
    for column in file.mapping:
        table.add_row(column.name, escape(column.source_column or "-"), escape(column.how), f"{100 * column.confidence:.0f} %")
    console.print(table)
    mapped = {column.name for column in file.mapping}
    absent = [column.name for column in COLUMNS if column.name not in mapped]
    for text, names in (
        ("No header for", absent),
        ("Headers that fill no column", file.unmapped_columns),
        ("Patients' data, not loaded", file.private_columns),
    ):
        if names:
            console.print(f"{text}: {escape(', '.join(names))}.")


def _rejections(console: Console, seen: Preview) -> None:
    if not seen.intake.rejections:
        return
    _heading(console, "Rejected rows")
    table = _table("Rows", "Column", "Reason", "Where")
    for rejection in seen.intake.rejections:
        table.add_row(
            f"{rejection.rows:,}", rejection.column or "(row)", escape(rejection.reason), escape(seen.intake.places_of(rejection))
        )
    console.print(table)


def _totals(console: Console, seen: Preview) -> None:
    _heading(console, "Control totals: read = audited + excluded + rejected, in rows and dollars")
    table = _table("File", "Of", *(fate.capitalize() for fate in _FATES), *_claim_totals_heading(seen))
    for name, fate in seen.fates.items():
        _add_fate(table, name, fate)
    if len(seen.fates) > 1:
        _add_fate(table, "all files", total(seen.fates.values()))
    console.print(table)
    for row in seen.exclusions:
        console.print(f"Excluded, {escape(str(row['reason']))}: {plural(row['rows'], 'row')}.")
    console.print(f"Potential dollars are counted in {seen.money_basis}.")


def _claim_totals_heading(seen: Preview) -> tuple[str, ...]:
    """A column of its own for claim totals repeated on lines, in an export that has such amounts."""
    every = total(seen.fates.values()).dollars.values()
    return ("Claim totals",) if any(amounts and amounts[CLAIM_TOTALS] for amounts in every) else ()


def _add_fate(table: Table, name: str, fate: Fate) -> None:
    table.add_row(escape(name), "rows", *(f"{fate.rows[key]:,}" for key in _FATES))
    for column in MONEY_COLUMNS:
        amounts = fate.dollars[column]
        if amounts is not None:
            shown = _FATES if len(table.columns) == len(_FATES) + 2 else (*_FATES, CLAIM_TOTALS)
            table.add_row("", column, *(f"{amounts[key]:,.2f}" for key in shown))


def _payers(console: Console, seen: Preview) -> None:
    if not seen.payers:
        return
    _heading(console, "Payers, and the policy applied to each")
    table = _table("Payer", "Id", "Filing", "Class", "Unit rule", "NCCI", "Massage", "Decided by", "Lines", "Amount")
    for row in sorted(seen.payers, key=lambda row: -row["lines"]):
        ncci = {True: "yes", False: "no", None: "not known"}[row["follows_ncci"]]
        names = [str(row[name] or "-") for name in _PAYER]
        tail = [ncci, str(row["massage_coverage"]), str(row["decided_by"]), f"{row['lines']:,}", f"{Decimal(row['amount']):,.2f}"]
        table.add_row(*(escape(text) for text in [*names, *tail]))
    console.print(table)


def _rules(console: Console, seen: Preview) -> None:
    titles = {rule.id: rule.front.title for rule in seen.rules}
    for kind, heading in _GROUPS:
        outcomes = [outcome for outcome in seen.outcomes if reach(outcome) == kind]
        if not outcomes:
            continue
        _heading(console, f"{heading}: {len(outcomes)}")
        table = _table("Rule", "What it flags", "Judged", "Of", "Why not all")
        for outcome in outcomes:
            judged = (f"{outcome.evaluated:,}", f"{outcome.population:,}", escape(why_not(outcome)))
            table.add_row(outcome.rule_id, escape(titles[outcome.rule_id]), *judged)
        console.print(table)


def _missing(console: Console, seen: Preview) -> None:
    """Columns that the export does not fill, with the rules that lose ground by it."""
    missing = missing_columns(seen)
    if not missing:
        return
    _heading(console, "What no header of the export fills, and the rules that rest on it")
    table = _table("Column", "What it is", "Judge nothing", "Judge a part")
    for column in missing:
        rules = (", ".join(ids) or "-" for ids in (column.judge_nothing, column.judge_a_part))
        table.add_row(column.name, escape(BY_NAME[column.name].meaning), *rules)
    console.print(table)


def why_not(outcome: RuleOutcome) -> str:
    """Why a rule could not judge some subjects, the commonest reason first."""
    if outcome.error:
        return outcome.error
    reasons = sorted(outcome.not_evaluated, key=lambda reason: (-reason.count, reason.reason))
    return "; ".join(f"{reason.reason} ({reason.count:,})" for reason in reasons)


def _table(*headings: str) -> Table:
    numbers = ("Rows", "Confidence", "Claim totals", "Lines", "Amount", "Judged", "Of", *(fate.capitalize() for fate in _FATES))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        right = heading in numbers and not (heading == "Of" and "Judged" not in headings)
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    return table


def _heading(console: Console, text: str) -> None:
    console.print(f"\n[bold]{escape(text)}[/bold]")


def in_a_word(outcomes: Sequence[RuleOutcome]) -> str:
    """One sentence: how many rules can judge all, a part, nothing."""
    kinds = [reach(outcome) for outcome in outcomes]
    return (
        f"Of {plural(len(kinds), 'rule')}, {kinds.count(Reach.ALL)} can judge all they examine, "
        f"{kinds.count(Reach.PART)} a part, {kinds.count(Reach.NONE)} nothing, "
        f"and {kinds.count(Reach.NOTHING)} met nothing to examine."
    )
