"""What values look like, whatever stands above them: procedure codes, dates, NPIs, Medicare numbers, clock times."""

import re
from collections.abc import Callable, Sequence

from audit import npi

# Blanks, control signs and signs without width: blank_signs() in queries/macros, once more. What is taken is not given back:
# a cell may be thousands of them.
_EDGE = r"[\x00-\x20\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]*+"
# What exports write for "nothing here": is_blank() in queries/macros, once more.
_BLANK = re.compile(
    rf"(?i){_EDGE}(= ?\")?'?{_EDGE}"
    r"(-*|[\u2013\u2014]+|\.+|\?+|n\s*/\s*a\.?|n\.\s*a\.?|na|nan|nat|nil|null"
    r"|none( (reported|listed|on file))?|nonetype|no (modifiers?|data)"
    r"|not (available|applicable|documented|recorded|provided|specified|entered|stated"
    r"|on file|given|listed|reported|assigned)|\\n"
    r"|[(<\[{]\s*((n/a|na|nan|nat|nil|null|none|blank|empty|unset|missing|no value)\s*)?[)>\]}]|\"\s*\""
    r"|#(n/?a|null!|ref!|value!|name\?|div/0!|num!))"
    rf"{_EDGE}'?\"?{_EDGE}",
    re.ASCII,
)
# Signs with which no word for nothing begins, so that a look at the first one is enough for most cells.
_NEVER_BLANK = frozenset("0123456789ABCDEFGHIJKLMOPQRSTUVWXYZabcdefghijklmopqrstuvwxyz")
_PROCEDURE = re.compile(r"\s*(\d{4}[\dFTU]|[A-V]\d{4})(\.0+)?\s*([^A-Za-z0-9.\s].*|\s\S.*)?", re.IGNORECASE | re.DOTALL)
# Most codes that a therapist bills begin so; other five digits may be zip codes or accounts.
_OF_MEDICINE = re.compile(r"\s*[9A-V]", re.IGNORECASE)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[., ]+"
_DATE = re.compile(
    rf"(?:{_WEEKDAY})?(?:\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}([ T].*)?|\d{{1,2}}[-/.]\d{{1,2}}[-/.](\d{{4}}|\d{{2}})([ T].*)?)"
    r"|\d{1,2}-[A-Za-z]{3}-\d{2,4}",
    re.IGNORECASE,
)
_MBI = re.compile(r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d{2}")
_CLOCK_OF_SPAN = r"\d{1,2}(?::\d{2}){1,2}\s*(?:[ap]\.?m?\.?)?|\d{3,4}\s*(?:[ap]\.?m?\.?)?|\d{1,2}\s*[ap]\.?m?\.?"
_DATE_OF_SPAN = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{8}|\d{1,2}[- ]?[a-z]{3,9}[- ,]*\d{2,4}|[a-z]{3,9}\.? \d{1,2},? \d{4}"
# What stands between two dates, and what between two clock times: span_sign() and clock_sign() in queries/macros, once more.
_TO = r"\s*(?:[-=]+>?|[\u2010-\u2015\u2192]|~|/|\.\.+|\bto\b|\bthru\b|\bthrough\b|\buntil\b|\btill\b)\s*"
_TO_CLOCK = rf"(?:{_TO}|\s*(?:[,;|&\n]|\band\b|,?\s*\b(?:time )?(?:out|end|stop|finish)\b\s*:?)\s*)"
_CLOCK_SPAN = re.compile(
    rf"(?P<day>(?:{_DATE_OF_SPAN})[ t,]+)?(?:(?:from|time in|in|start|begin)\b\s*:?\s*)?(?P<first>{_CLOCK_OF_SPAN}){_TO_CLOCK}"
    rf"(?:(?:{_DATE_OF_SPAN})[ t,]+)?(?P<last>{_CLOCK_OF_SPAN})(?:\s*[ecmp][sd]?t)?(?:\s*\(.*\))?",
    re.IGNORECASE,
)
_BARE_HOUR = re.compile(r"(?:(?<=[ Tt])|^)(\d{1,2})(\s*(?:[-\u2010-\u2015~]|\bto\b)\s*\d{1,2}:\d\d)", re.IGNORECASE)
_DOTTED = re.compile(rf"(?:(?<=[ Tt])|^)(\d{{1,2}})[.Hh](\d\d)({_TO})(\d{{1,2}})[.Hh](\d\d)\b", re.IGNORECASE)
_DATE_SPAN = re.compile(
    rf"(?:from\s+)?(?:{_DATE_OF_SPAN})(?:[ t,]+(?:{_CLOCK_OF_SPAN}))?{_TO}(?:{_DATE_OF_SPAN})(?:[ t,]+(?:{_CLOCK_OF_SPAN}))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(:[0-5]\d)?\s*((?P<half>[AaPp])\.?([Mm]\.?)?)?")


def is_blank(text: str) -> bool:
    """Whether a cell holds nothing, or a word for it."""
    return text[:1] not in _NEVER_BLANK and _BLANK.fullmatch(text) is not None


class _Marks(dict[int, str]):
    """What stands for a sign in a shape, worked out once for each sign."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = mark = "#" if sign.isdigit() else "A" if sign.isalpha() else sign if sign.isprintable() else " "
        return mark


_MARKS = _Marks()


def shape_of(text: str, longest: int) -> str:
    """A text with every digit as # and every letter as A, cut at `longest` signs: "C251100001" becomes "A#########"."""
    marked = text[:longest].translate(_MARKS)
    return marked if len(text) <= longest else f"{marked}..."


def is_date(text: str) -> bool:
    """Whether a cell is a date as exports write it."""
    return _DATE.fullmatch(text.strip()) is not None


def is_npi(text: str) -> bool:
    """Whether a cell is an NPI that passes its check digit, as spreadsheets write numbers too."""
    return npi.is_valid(text.strip().removesuffix(".0"))


def is_mbi(text: str) -> bool:
    """Eleven characters in the pattern of a Medicare Beneficiary Identifier, with or without its dashes."""
    return _MBI.fullmatch(text.strip().upper().replace("-", "")) is not None


def minute_of_day(text: str) -> int | None:
    """A clock time as minutes after midnight, None where the text is none."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock is None:
        return None
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"] in "pP" else 0) if 1 <= hour <= 12 else 24
    return hour * 60 + int(clock["minute"]) if hour < 24 else None


def is_date_span(text: str) -> bool:
    """Whether a cell holds two dates, from and to: "11/13/2025 - 11/14/2025"."""
    return _DATE_SPAN.fullmatch(_unwrapped(text)) is not None


def is_clock_span(text: str, *, with_day: bool = False) -> bool:
    """Whether a cell holds two clock times, from and to: "9:00 AM - 9:45 AM"; `with_day`: behind the day that they are of."""
    span = _CLOCK_SPAN.fullmatch(_with_colons(_unwrapped(text)))
    if span is None or (with_day and not span["day"]):
        return False
    return all(_is_hour(span[place]) for place in ("first", "last"))


def has_colon(text: str) -> bool:
    """Whether clock times in a cell are written with a colon or a half of the day, and so are nothing else."""
    return re.search(r":\d\d|[ap]\.?m", text, re.IGNORECASE) is not None


def _with_colons(text: str) -> str:
    """A span with colons in its clock times: "10-10:30" begins at ten, and "10.00-10.30" and "10h00-10h30" are times as well."""
    return _DOTTED.sub(r"\1:\2\3\4:\5", _BARE_HOUR.sub(r"\1:00\2", text))


def _unwrapped(text: str) -> str:
    """A cell without blanks, and without the ="..." or apostrophe that protect it."""
    return re.sub(r"^=(?: ?|T\()\"(.*)\"\)?$", r"\1", text.strip(" \t\r\n\u00a0")).strip("' ")


def _is_hour(clock: str) -> bool:
    digits = re.sub(r"[^0-9]", "", clock.partition(":")[0] if ":" in clock else clock)
    hour, minute = (digits[:-2], digits[-2:]) if ":" not in clock and len(digits) > 2 else (digits, "0")
    return int(hour) < 24 and int(minute) < 60


SHAPES: dict[str, tuple[Callable[[str], bool], str]] = {
    "procedure_code": (lambda text: _PROCEDURE.fullmatch(text) is not None, "five-character codes"),
    "service_date": (is_date, "dates"),
    "rendering_npi": (is_npi, "NPIs that pass their check digit"),
    "member_id": (is_mbi, "Medicare numbers (MBI)"),
    "start_time": (lambda text: minute_of_day(text) is not None, "clock times"),
}


def cells_of(sample: Sequence[Sequence[str]], index: int) -> list[str]:
    """The cells of one field in the sampled rows that hold anything."""
    return [row[index] for row in sample if index < len(row) and not is_blank(row[index])]


def are_mostly_of_medicine(cells: Sequence[str]) -> bool:
    """Whether at least half of the codes are of the kinds that therapists bill: then they are no zip codes."""
    return 2 * sum(_OF_MEDICINE.match(cell) is not None for cell in cells) >= len(cells)


def share_of_shape(shape: str, cells: Sequence[str]) -> tuple[int, float]:
    """How many of the cells have the shape, and which share of them that is (0 where there are none)."""
    fits = sum(map(SHAPES[shape][0], cells))
    return fits, fits / len(cells) if cells else 0.0
