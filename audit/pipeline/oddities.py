"""What an auditor should settle before trusting a run: statuses and payers read with doubt, old editions, settings without use.

Each is a sentence among the warnings of the intake, in `run` and `check` alike.
"""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from audit.contract import MONEY_COLUMNS
from audit.intake.columns.likely import may_be_shown
from audit.intake.columns.payers import RECORD_NUMBERS
from audit.intake.columns.spelling import words_of
from audit.model import Intake
from audit.reference.loaded import Edition, outdated
from audit.settings.config import ProviderSetting

_NEARLY_ALL = 0.9
_MOST_SHOWN = 8
# Words of headers over dollars, and those beside which they are none.
_OF_MONEY = frozenset(
    {
        "amount", "amounts", "amt", "paid", "payment", "payments", "pmt", "pmts", "pd", "pay", "charge", "charges", "chg", "chgs",
        "chrg", "charged", "billed", "allowed", "allow", "allowable", "fee", "fees", "price", "cost", "receipts", "revenue",
        "dollars", "balance", "reimbursement", "expected",
    }
)  # fmt: skip
_NO_MONEY = frozenset(
    {
        "date", "dt", "day", "code", "cd", "id", "no", "number", "num", "nbr", "type", "status", "method", "ref", "reason",
        "units", "unit", "qty", "quantity", "minutes", "min", "time", "by", "name", "description", "desc", "batch", "group",
        "npi",
        "provider", "center", "month",
    }
)  # fmt: skip
# Words over what a payer paid; a patient's payments are none, nor is what is a plan or terms of them.
_OF_PAYMENTS = frozenset(
    {"paid", "payment", "payments", "pmt", "pmts", "pymt", "pymts", "pd", "reimbursement", "reimbursed", "remitted", "collected"}
)
_NO_PAYERS = _NO_MONEY | {"pt", "patient", "pat", "copay", "plan", "terms", "flag", "expected", "percent", "pct", "check"}
SUMMARIES = ("oddities", "payers", "unmatched_patterns")


def with_oddities(
    taken: Intake, summary: Mapping[str, Sequence[Mapping[str, Any]]], editions: Iterable[Edition], last: date | None
) -> Intake:
    """The intake with a warning for each oddity. `summary` holds the rows of SUMMARIES; `last` is the last date of service."""
    names = list(dict.fromkeys(row[key] for row in summary["payers"] for key in ("payer_name", "payer_id") if row[key]))
    said = [str(row["sentence"]) for row in summary["oddities"]]
    said += _unpriced(taken)
    said += _unpaid(taken)
    said += [_unmatched(row, names) for row in summary["unmatched_patterns"]]
    said += outdated(editions, last) if last else []
    warnings = taken.warnings
    if summary["payers"] and all(row["payer_class"] != "unknown" for row in summary["payers"]):
        # [[payer]] tables say what each number is.
        warnings = tuple(one for one in warnings if RECORD_NUMBERS not in one)
    return replace(taken, warnings=(*warnings, *said)) if said or warnings != taken.warnings else taken


def unmatched_providers(providers: Sequence[ProviderSetting], on_lines: Collection[str | None]) -> list[str]:
    """A warning for each [[provider]] table whose NPI is on no line."""
    return [
        f"audit.toml: no line of the export has the NPI {one.npi}, in [[provider]] table {at}."
        for at, one in enumerate(providers, 1)
        if one.npi not in on_lines
    ]


def _unmatched(row: Mapping[str, Any], names: Sequence[str]) -> str:
    pattern = str(row["pattern"])
    by_key = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(pattern.strip("*?"), by_key, n=1, cutoff=0.5)
    nearest = f" The nearest is {by_key[found[0]]!r}." if found else ""
    return f"audit.toml: no payer of the export fits {pattern!r}, in [[payer]] table {row['position']}.{nearest}"


def _unpriced(taken: Intake) -> list[str]:
    """Where nearly every line comes from a file without a column of dollars: say so, with headers that may hold them."""
    bare = [file for file in taken.files if not {one.name for one in file.mapping} & {*MONEY_COLUMNS}]
    if not taken.rows or sum(file.rows for file in bare) < _NEARLY_ALL * taken.rows:
        return []
    headers = list(dict.fromkeys(header.strip() for file in bare for header in file.unmapped_columns if _is_of_money(header)))
    named = ", ".join(f"{header!r}" for header in headers[:_MOST_SHOWN])
    mend = (
        f"These headers were not read and may hold them: {named}. Name the right one under [columns] in audit.toml: "
        f"{' or '.join(reversed(MONEY_COLUMNS))}."
        if headers
        else f"Export {' or '.join(reversed(MONEY_COLUMNS))}."
    )
    return [f"No column of dollars was read, so what findings are worth is not known. {mend}"]


def _unpaid(taken: Intake) -> list[str]:
    """Where no file states payments and dollars are counted on other amounts: headers that may hold what was paid."""
    read = {one.name for file in taken.files for one in file.mapping}
    headers = list(dict.fromkeys(header.strip() for file in taken.files for header in file.unmapped_columns if _is_paid(header)))
    if "paid_amount" in read or not read & {*MONEY_COLUMNS} or not headers:
        return []
    named = ", ".join(f"{header!r}" for header in headers[:_MOST_SHOWN])
    basis = "what was allowed" if "allowed_amount" in read else "what was charged"
    several = " Of several, export their sum in one column." if len(headers) > 1 else ""
    said = f"No column was read as paid_amount, so dollars are counted on {basis}. These headers may hold payments: {named}."
    return [f"{said} Name the right one under [columns] in audit.toml: paid_amount.{several}"]


def _is_paid(header: str) -> bool:
    words = set(words_of(header))
    return may_be_shown(header) and bool(words & _OF_PAYMENTS) and not words & _NO_PAYERS


def _is_of_money(header: str) -> bool:
    words = set(words_of(header))
    return may_be_shown(header) and bool(words & _OF_MONEY) and not words & _NO_MONEY
