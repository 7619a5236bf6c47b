"""Columns whose cells hold a first and a last: "9:00 AM - 9:45 AM", "11/13/2025 - 11/14/2025", a day with its times."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from audit.intake.columns.assignments import Assignment, FileMapping
from audit.intake.columns.private import is_private
from audit.intake.columns.shapes import cells_of, has_colon, is_clock_span, is_date_span

_SHARE = 0.9
_CONFIDENCE = 0.7
# Headers that say what else such times are, and those under which times are written without a colon.
_SAYS_OTHER = re.compile(r"(?i)creat|updat|modif|post|sign|log|print|drive|travel|open|avail|hours of|business")
_SAYS_TIME = re.compile(r"(?i)time|session|appt|appointment|slot|clock|start|begin|in.*out")


def part_spans(mapping: FileMapping, file: str, headers: Sequence[str], sample: Sequence[Sequence[str]]) -> FileMapping:
    """The mapping with columns of spans read as two: dates of service from and to, clock times of start and end."""
    chosen = {one.name: one for one in mapping.assignments}
    said: list[str] = []
    _part_dates(chosen, sample)
    unmapped = _part_times(chosen, mapping, file, headers, sample, said)
    return replace(mapping, assignments=tuple(chosen.values()), unmapped=tuple(unmapped), warnings=(*mapping.warnings, *said))


def used_fields(assignments: Collection[Assignment]) -> set[int]:
    """The fields that a mapping reads."""
    used = {one.index for one in assignments} | {one.fill for one in assignments if one.fill is not None}
    return used | {index for one in assignments for index in one.joined}


def _part_dates(chosen: dict[str, Assignment], sample: Sequence[Sequence[str]]) -> None:
    day = chosen.get("service_date")
    if day is None or day.index < 0 or day.cell != "{cell}" or day.joined:
        return
    cells = cells_of(sample, day.index)
    spans = any(map(is_date_span, cells))
    timed = any(is_clock_span(cell, with_day=True) for cell in cells)
    if not spans and not timed:
        return
    chosen["service_date"] = replace(day, cell="first_date({cell})", how=f"{day.how}; the first of a span")
    if spans and "service_date_to" not in chosen:
        last = replace(
            day, name="service_date_to", cell="last_date({cell})", how="the last day of a span in that column", fill=None
        )
        chosen["service_date_to"] = last
    if timed and "start_time" not in chosen and "end_time" not in chosen:
        _take_times(chosen, day, "the times behind the day in that column")


def _part_times(
    chosen: dict[str, Assignment],
    mapping: FileMapping,
    file: str,
    headers: Sequence[str],
    sample: Sequence[Sequence[str]],
    said: list[str],
) -> list[str]:
    """Fill start_time and end_time from a column of spans; gives the headers that are still left over."""
    unmapped = list(mapping.unmapped)
    start = chosen.get("start_time")
    if "end_time" in chosen:
        return unmapped
    if start is not None:
        if start.index >= 0 and any(map(is_clock_span, cells_of(sample, start.index))):
            _take_times(chosen, start, f"{start.how}; a span of two times")
        return unmapped
    places = [index for index in _free(chosen, headers) if _holds_times(headers[index], cells_of(sample, index))]
    shown = " and ".join(f"{headers[index].strip()!r} (column {index + 1})" for index in places)
    if len(places) > 1:
        said.append(
            f"{file}: {shown} each hold clock times from and to; none was read. Name start_time under [columns] in audit.toml."
        )
    if len(places) == 1:
        how = "the only column left that holds clock times from and to"
        _take_times(chosen, Assignment("start_time", places[0], headers[places[0]], how, _CONFIDENCE), how)
        unmapped.remove(headers[places[0]])
        said.append(f"{file}: {shown} holds clock times from and to, and was read as start_time and end_time.")
    return unmapped


def _take_times(chosen: dict[str, Assignment], source: Assignment, how: str) -> None:
    for name, cell in (("start_time", "first_clock({cell})"), ("end_time", "last_clock({cell})")):
        chosen[name] = replace(source, name=name, cell=cell, how=how, fill=None, reader="")


def _free(chosen: dict[str, Assignment], headers: Sequence[str]) -> list[int]:
    used = used_fields(chosen.values())
    return [index for index, header in enumerate(headers) if index not in used and header.strip() and not is_private(header)]


def _holds_times(header: str, cells: Sequence[str]) -> bool:
    if not cells or _SAYS_OTHER.search(header):
        return False
    spans = [cell for cell in cells if is_clock_span(cell)]
    told = _SAYS_TIME.search(header) is not None or all(map(has_colon, spans))
    return bool(spans) and told and len(spans) >= _SHARE * len(cells)
