"""The workbook's sheets by provider, payer, code, location and month: every row of each, also those that the page cuts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.report.outputs.sheets import Book, Styles, cell, head, total
from audit.report.stored import tally
from audit.report.stored.source import StoredRun
from audit.report.stored.tally import Provider
from audit.report.text import words
from audit.runs.format.manifest import Figures

_FIGURES = ("lines", "visits", "findings", "lines_with_error", "amount", "over_gross", "over_once", "under_gross")
_WIDE = ("name", "provider_role", "payer_name", "plain_name", "location")


@dataclass(frozen=True, slots=True)
class _Shares:
    """A sheet: its name, its first columns, and its rows, each the words of those columns with the figures."""

    sheet: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[tuple[str | None, ...], Figures | Provider]]


def write(book: Book, run: StoredRun, styles: Styles) -> None:
    """A sheet for each part of the summary that has rows; most dollars first, months in order."""
    for shares in _all(run):
        if shares.rows:
            _sheet(book, shares, styles)


def _all(run: StoredRun) -> tuple[_Shares, ...]:
    summary, providers = run.manifest.summary, tally.providers(run)
    of_providers = [((one.npi, one.name, words(one.role)), one) for one in providers]
    payers = [((one.payer_name, words(one.payer_class)), one) for one in tally.by_weight(summary.by_payer)]
    codes = [((one.procedure_code, one.plain_name), one) for one in tally.by_weight(summary.by_code)]
    return (
        _Shares("Providers", ("rendering_npi", "name", "provider_role"), of_providers),
        _Shares("Payers", ("payer_name", "payer_class"), payers),
        _Shares("Codes", ("procedure_code", "plain_name"), codes),
        _Shares("Locations", ("location",), [((one.location,), one) for one in tally.by_weight(summary.by_location)]),
        _Shares("Months", ("month",), [((one.month,), one) for one in summary.by_month]),
    )


def _sheet(book: Book, shares: _Shares, styles: Styles) -> None:
    sheet, columns = book.add_worksheet(shares.sheet), (*shares.columns, *_FIGURES)
    head(sheet, tuple((name, 26 if name in _WIDE else 15) for name in columns), styles)
    for row, (said, figures) in enumerate(shares.rows, start=1):
        for at, value in enumerate((*said, *(getattr(figures, name) for name in _FIGURES))):
            cell(sheet, row, at, value, styles)
    over = sum((figures.over_once for _, figures in shares.rows), Decimal("0.00"))
    total(sheet, len(shares.rows) + 2, columns, {"over_once": over}, styles)
