"""Exports all of whose rows have more cells than the header has names: where the nameless cells stand is found by value."""

import re
from collections import Counter
from collections.abc import Sequence

from audit.contract import BY_NAME, Kind
from audit.intake.headers import candidates

_MOST_EXTRA = 3
_ENOUGH = 0.9
_LOOKS = {
    Kind.DATE: re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|\s*\d{8}\s*|\s*\d{1,2}-[A-Za-z]{3}-\d{2,4}\s*"),
    Kind.MONEY: re.compile(r"\s*[-($]*\d[\d,]*(\.\d+)?[-)]?\s*"),
    Kind.UNITS: re.compile(r"\s*\d{1,3}(\.\d+)?\s*"),
}
_PROCEDURE = re.compile(r"\s*([A-Z]\d{4}|\d{4}[0-9A-Z])\b.*", re.IGNORECASE)


def aligned_headers(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The headers, with blank names put in where nearly every row has more cells than there are headers."""
    if not sample:
        return tuple(headers)
    width, rows = Counter(len(cells) for cells in sample).most_common(1)[0]
    extra = width - len(headers)
    if not 0 < extra <= _MOST_EXTRA or rows < _ENOUGH * len(sample):
        return tuple(headers)
    fitting = [cells for cells in sample if len(cells) == width]
    places = range(len(headers), -1, -1)
    best = max(places, key=lambda place: _fit([*headers[:place], *[""] * extra, *headers[place:]], fitting))
    return (*headers[:best], *[""] * extra, *headers[best:])


def _fit(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> int:
    """How many cells look like what the header above them names."""
    fit = 0
    for name, options in candidates(headers).items():
        pattern = _PROCEDURE if name == "procedure_code" else _LOOKS.get(BY_NAME[name].kind)
        if pattern is not None:
            fit += sum(pattern.fullmatch(cells[options[0].index]) is not None for cells in sample)
    return fit
