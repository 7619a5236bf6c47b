"""A column that says what a quantity counts: beside it 30 may be minutes (MJ) and no units."""

import re
from dataclasses import replace

from audit.intake.columns.assignments import Draft
from audit.intake.columns.names import normalized
from audit.intake.columns.shapes import cells_of

_HEADERS = re.compile(
    r"units?|units?(type|code|qualifier|basis|ofmeasure(ment)?)|uom|(qty|quantity)(type|qualifier|uom)|measurementcode|"
    r"basisof(measure(ment)?)?|sv103"
)
_KIND = re.compile(r"(?i)\s*(un|units?|u|ea|each|mj|min|mins|minutes?)\s*")
_MINUTES = re.compile(r"(?i)\s*m(j|in(ute)?s?)\s*")


def join(draft: Draft) -> None:
    """Read a quantity together with its kind where some are minutes: "MJ 30" is no number of units, and rejects its row."""
    units = draft.chosen.get("units")
    if units is None or units.index < 0 or units.joined:
        return
    taken = draft.taken()
    for index, header in enumerate(draft.headers):
        cells = cells_of(draft.sample, index)
        if index in taken or not _HEADERS.fullmatch(normalized(header)) or not cells or not all(map(_KIND.fullmatch, cells)):
            continue
        if any(map(_MINUTES.fullmatch, cells)):
            how = f"{units.how}; with {draft.headers[index].strip()!r}, which says what it counts"
            draft.chosen["units"] = replace(units, index=index, joined=(units.index,), fill=units.index, how=how)
            return
