"""Exports all of whose rows have more cells than the header has names: where the nameless cells stand is found by value.

Where several places would do and a column that is read, or a person's, stands between them, the file is refused: in the
wrong one, amounts or payers would be read from their neighbours without a sign of it.
"""

import re
from collections import Counter
from collections.abc import Sequence

from audit.contract import BY_NAME, Kind
from audit.errors import InputError
from audit.intake.columns.headers import candidates, is_known
from audit.intake.columns.private import is_private
from audit.intake.columns.shapes import is_blank

_MOST_EXTRA = 3
_ENOUGH = 0.9
# A place is as good as the best one where no more than this share of the rows speaks against it in addition.
_SLIPS = 0.05
_LOOKS = {
    Kind.DATE: re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|\d{8}|\d{1,2}[- ]?[A-Za-z]{3}.*|\d{5}(\.\d+)?"),
    Kind.MONEY: re.compile(r"-?[-($\s]*\d[\d,]*(\.\d*)?\s*[-)]?|[-($\s]*\.\d+\s*[-)]?"),
    Kind.UNITS: re.compile(r"-?\d{1,3}(\.\d*)?"),
    Kind.MINUTES: re.compile(r"\d{1,3}(\.\d*)?(:\d\d)?\s*[a-z.]*", re.IGNORECASE),
    Kind.NUMBER: re.compile(r"\d{1,4}(\.0*)?"),
    Kind.TIME: re.compile(r".*\d{1,2}:\d\d.*|0?\.\d+|\d{3,4}"),
}
_CODES = {
    "procedure_code": re.compile(r"([A-Z]\d{4}|\d{4}[0-9A-Z])\b.*", re.IGNORECASE | re.DOTALL),
    "modifier": re.compile(r"[A-Z0-9]{2}(\.0)?(\W*[A-Z0-9]{2})*", re.IGNORECASE),
    "diagnosis": re.compile(r"[A-TV-Z]\d.*", re.IGNORECASE),
    "rendering_npi": re.compile(r"\d{10}(\.0*)?|\d\.\d+E.*"),
    "billing_npi": re.compile(r"\d{10}(\.0*)?|\d\.\d+E.*"),
    "place_of_service": re.compile(r"\d{1,2}(\.0)?\b.*"),
}


def aligned_headers(file: str, headers: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The headers, with blank names put in where nearly every row has more cells than there are headers.

    InputError where the place of these cannot be told and it matters.
    """
    if not sample:
        return tuple(headers)
    width, rows = Counter(len(cells) for cells in sample).most_common(1)[0]
    extra = width - len(headers)
    if not 0 < extra <= _MOST_EXTRA or rows < _ENOUGH * len(sample):
        return tuple(headers)
    fitting = [[cell.strip() for cell in cells] for cells in sample if len(cells) == width]
    at = {place: [*headers[:place], *[""] * extra, *headers[place:]] for place in range(len(headers) + 1)}
    against = {place: _against(names, fitting) for place, names in at.items()}
    good = [place for place, cells in against.items() if cells <= min(against.values()) + _SLIPS * len(fitting)]
    # A delimiter behind every row leaves a nameless cell at the end.
    trailing = max(good) == len(headers) and not any(any(cells[-extra:]) for cells in fitting)
    between = headers[min(good) : max(good)]
    if not trailing and any(is_known(header) or is_private(header) for header in between):
        raise _cannot_tell(file, width, headers, between)
    return tuple(at[max(good)])


def _against(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> int:
    """How many cells hold something that does not look like what the header above them names."""
    against = 0
    for name, options in candidates(headers).items():
        pattern = _CODES.get(name) or _CODES.get(name.rpartition("_")[0]) or _LOOKS.get(BY_NAME[name].kind)
        if pattern is not None:
            index = options[0].index
            against += sum(pattern.fullmatch(cells[index]) is None and not is_blank(cells[index]) for cells in sample)
    return against


def _cannot_tell(file: str, width: int, headers: Sequence[str], between: Sequence[str]) -> InputError:
    return InputError(
        f"{file}: its rows have {width} cells and its header {len(headers)} names, and where the cells without a name stand "
        f"cannot be told: before {between[0].strip()!r}, or after {between[-1].strip()!r}.",
        "Export it again with a name over every column, or mend its header line: a delimiter between two names may be lost.",
    )
