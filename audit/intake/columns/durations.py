"""A column headed "Duration" or the like: whether it holds minutes or hours, told from its cells, and said."""

import re
from collections.abc import Sequence
from dataclasses import replace

from audit.intake.columns.assignments import Assignment, FileMapping
from audit.intake.columns.private import is_private
from audit.intake.columns.shapes import cells_of
from audit.intake.columns.spans import used_fields

_LENGTH = re.compile(
    r"(?i)\bduration\b|\blength\b|\btime spent\b|\bsession time\b|^\W*times?\W*$"
    r"|\b(treatment|tx|direct|contact|timed|face to face|one on one) time\b"
)
_TOTAL = re.compile(r"(?i)\W*total (treatment |tx |therapy |session |visit )?time\W*")
_SAYS_OTHER = re.compile(r"(?i)travel|drive|stay|episode|plan\b|auth|call|wait|visit|appt|appointment|total|name|code")
_SPOKEN = re.compile(
    r"(?i)(?=.*\d)(PT(?=\d))?((\d+(\.\d*)?|\.\d+)\s*h((ou)?rs?)?\.?)?[\s,]*(and)?\s*(\d+(\.0*)?\s*(m(in(ute)?s?)?\.?|['\u2019\u2032]))?"
)
_CLOCKED = re.compile(r"(?:0 days? )?(\d{1,2}):[0-5]\d(:00)?")
_PLAIN = re.compile(r"\d+(\.\d*)?|\.\d+|\d+,\d{1,2}")
# A service takes no longer than a working day, and minutes of it are not fewer than five.
_MOST_HOURS = 8
_MOST_MINUTES = 480
_WHOLE = re.compile(r"\d+(\.0*)?")
_MINUTES = re.compile(r"(?i)\bmin(ute)?s?\b")
_SECONDS = re.compile(r"(?i)\bsec(ond)?s?\b")
_FEWEST_MINUTES = 5
_CONFIDENCE = 0.7
_MINUTES_A_UNIT = 15


def find_duration(mapping: FileMapping, file: str, headers: Sequence[str], sample: Sequence[Sequence[str]]) -> FileMapping:
    """The mapping with a column of lengths of time as the minutes, where no other names them; with a word about it."""
    chosen = {one.name for one in mapping.assignments}
    if chosen & {"minutes", "visit_timed_minutes", "visit_total_minutes"}:
        return mapping
    used = used_fields(mapping.assignments)
    places = [index for index, header in enumerate(headers) if index not in used and _is_length(header)]
    places = [index for index in places if _hold_numbers(cells_of(sample, index))]
    lengths = [index for index in places if _lengths(cells_of(sample, index)) and not _is_total(headers[index])]
    if len(lengths) != 1:
        return replace(mapping, warnings=(*mapping.warnings, *(_unread(file, headers, index) for index in places)))
    (index,) = lengths
    reader, why = _said(headers[index], cells_of(sample, index))
    if not reader:
        return replace(mapping, warnings=(*mapping.warnings, _unread(file, headers, index)))
    shown = _shown(headers, index)
    name = "visit_total_minutes" if _is_of_visit(mapping, sample, index, reader) else "minutes"
    said = f"{file}: {shown} was taken for {name}, {why}. If that is wrong, name the right one under [columns] in audit.toml."
    taken = Assignment(name, index, headers[index], why, _CONFIDENCE, reader=reader)
    unmapped = list(mapping.unmapped)
    unmapped.remove(headers[index])
    return replace(
        mapping,
        assignments=(*mapping.assignments, taken),
        unmapped=tuple(unmapped),
        warnings=(*mapping.warnings, said),
    )


def _shown(headers: Sequence[str], index: int) -> str:
    return f"{headers[index].strip()!r} (column {index + 1})"


def _unread(file: str, headers: Sequence[str], index: int) -> str:
    return (
        f"{file}: {_shown(headers, index)} may hold hours, minutes, seconds or units; it was not read. "
        "Name it under [columns] in audit.toml."
    )


def _hold_numbers(cells: Sequence[str]) -> bool:
    return bool(cells) and all(any(sign.isdigit() for sign in cell) for cell in cells)


def _is_length(header: str) -> bool:
    words = re.sub(r"[_\W]+", " ", header)
    said = _LENGTH.search(words) and not _SAYS_OTHER.search(words)
    return bool(said or _is_total(header)) and not is_private(header)


def _is_total(header: str) -> bool:
    """Whether a header says the time of a whole visit, of which the unit is not known."""
    return _TOTAL.fullmatch(re.sub(r"[_\W]+", " ", header)) is not None


def _lengths(cells: Sequence[str]) -> bool:
    shapes = (_SPOKEN, _CLOCKED, _PLAIN)
    return all(any(shape.fullmatch(cell.strip()) for shape in shapes) for cell in cells)


def _said(header: str, cells: Sequence[str]) -> tuple[str, str]:
    """The same as _unit, where the header does not say it."""
    if _SECONDS.search(header):
        return "", ""
    if _MINUTES.search(header) and all(map(_WHOLE.fullmatch, map(str.strip, cells))):
        return "parse_minutes", "in minutes, as its header says"
    return _unit(cells)


def _unit(cells: Sequence[str]) -> tuple[str, str]:
    """(the macro that reads the cells, why), ("", "") where they do not tell."""
    plain = [_number(cell) for cell in map(str.strip, cells) if _PLAIN.fullmatch(cell)]
    clocked = [int(found[1]) for cell in cells if (found := _CLOCKED.fullmatch(cell.strip()))]
    in_parts = any(not length.is_integer() for length in plain)
    if max([*plain, *clocked, 0]) <= _MOST_HOURS and (in_parts or (clocked and not plain)):
        return "parse_hours", "in hours of 60 minutes each, as its cells are parts of hours"
    if clocked or in_parts:
        return "", ""
    if not plain:
        return "parse_minutes", "in the hours and minutes that its cells state"
    if min(plain) >= _FEWEST_MINUTES and _MOST_HOURS < max(plain) <= _MOST_MINUTES:
        return "parse_minutes", "in minutes, as its cells are too many for hours"
    return "", ""


def _is_of_visit(mapping: FileMapping, sample: Sequence[Sequence[str]], index: int, reader: str) -> bool:
    """Whether the length is the visit's, repeated on its lines: then their units together fit it, and not each line's."""
    patient, day, units = (mapping.named(name) for name in ("patient_id", "service_date", "units"))
    if patient is None or day is None or units is None or min(patient.index, day.index, units.index) < 0:
        return False
    visits: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for row in sample:
        if max(patient.index, day.index, units.index, index) < len(row):
            count = re.search(r"\d+(\.\d+)?", row[units.index])
            visits.setdefault((row[patient.index], row[day.index]), []).append((row[index], float(count[0]) if count else 0))
    as_lines = as_visit = 0.0
    for lines in visits.values():
        lengths = {length for length, _ in lines}
        if len(lines) > 1 and len(lengths) == 1:
            fits = _minutes(lengths.pop(), reader) / _MINUTES_A_UNIT
            as_lines += sum(abs(fits - count) for _, count in lines)
            as_visit += abs(fits - sum(count for _, count in lines))
        elif len(lines) > 1:
            as_visit += 1
    return as_visit < as_lines


def _number(cell: str) -> float:
    return float(cell.replace(",", "."))


def _minutes(cell: str, reader: str) -> float:
    text = cell.strip()
    if clocked := _CLOCKED.fullmatch(text):
        return int(clocked[1]) * 60 + int(text.split(":")[1])
    if _PLAIN.fullmatch(text):
        return _number(text) * (60 if reader == "parse_hours" else 1)
    hours, minutes = re.search(r"(?i)([\d.]+)\s*h", text), re.search(r"(?i)(\d+)(\.0*)?\s*[m'\u2019\u2032]", text)
    return (float(hours[1]) * 60 if hours else 0) + (int(minutes[1]) if minutes else 0)
