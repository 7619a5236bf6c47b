"""Coded columns that an export writes in words: code_words.csv has the words of each code, and what stands beside them.

"Primary", "1st" and "P - Primary" are P; "Office", "011" and "11 - Office" are 11. What means no code, or two, is not read.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("code_words.csv")
_FILLER = "-"
# How the codes of a column look. A single digit of a place of service has lost its nought; other noughts in front say nothing.
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "payer_sequence": re.compile(r"[PSTA-HU]"),
    "claim_frequency_code": re.compile(r"[0-5789A-Q]"),
    "place_of_service": re.compile(r"0[1-9]|[1-9][0-9]"),
    "claim_filing_indicator": re.compile(r"AM|BL|C[HI]|DS|FI|HM|L[IM]|M[ABC]|OF|TV|VA|WC|ZZ|09|1[0-7]"),
    "bill_type": re.compile(r"0?[1-9][0-9][0-9A-Z]|UB04"),
    "revenue_code": re.compile(r"0?[0-9]{3}"),
    "rendering_taxonomy": re.compile(r"[0-9]{3}[0-9A-Z]{6}X"),
}
COLUMNS = tuple(_SHAPES)
# A code and what it is called: where the name is another code's, one of the two is wrong.
_NAME_MUST_AGREE = frozenset({"payer_sequence", "claim_frequency_code"})
_HEAD = re.compile(r"[(\[]?\s*([0-9A-Z]+)\s*[)\]]?(\s*[-\u2010-\u2015:=/|.,;(\[]\s*|\s+)(?=.*[^\W\d_]{2})(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Words:
    codes: tuple[tuple[str, re.Pattern[str]], ...]
    fillers: re.Pattern[str]


def read_code(column: str, cell: str) -> str | None:
    """The code that a cell of a coded column means, "" where it says that there is none; None where it is not understood."""
    text = cell.strip().upper().removesuffix(".0")
    if code := _as_code(column, text):
        return code
    head = _HEAD.fullmatch(text)
    if head and (stated := _as_code(column, head[1])):
        named = _from_words(column, head[3])
        if named in (None, stated):
            is_marked_off = not head[2].isspace()
            return stated if named or is_marked_off else None
        return None if column in _NAME_MUST_AGREE else stated
    named = _from_words(column, text)
    return _numbered(column, text) if named is None else named


def _numbered(column: str, text: str) -> str | None:
    """The number of a text that holds nothing else but words that say nothing: "POS 11"."""
    left = _words(column).fillers.sub(" ", _folded(text)).strip().upper()
    return (_as_code(column, left) or None) if left[:1].isdecimal() else None


def _as_code(column: str, text: str) -> str:
    """A cell that is a code as it stands, but for noughts in front; "" where it is none."""
    plain = text
    if column == "place_of_service" and plain.isdecimal():
        plain = plain.lstrip("0").zfill(2)
    elif column == "claim_frequency_code" and plain.isdecimal():
        plain = plain.lstrip("0") or "0"
    elif column == "claim_filing_indicator" and plain == "9":
        plain = "09"
    return plain if _SHAPES[column].fullmatch(plain) else ""


def _from_words(column: str, text: str) -> str | None:
    """The one code that all words of a text mean, each of them known."""
    words, rest = _words(column), _folded(text)
    found: set[str] = set()
    # The longest first: a "physical therapist assistant" is no physical therapist.
    while longest := max(
        ((match[0], code) for code, pattern in words.codes for match in pattern.finditer(rest)),
        key=lambda one: len(one[0]),
        default=None,
    ):
        found.add(longest[1])
        rest = re.sub(rf"\b{re.escape(longest[0])}\b", " | ", rest)
    if len(found) != 1:
        return None
    code = next(iter(found))
    left = re.sub(r"\|", " ", words.fillers.sub(" ", rest)).split()
    return code if all(word == code.casefold() for word in left) else None


def _folded(text: str) -> str:
    """Small letters and digits, blanks between; "Ins1" is two words, "1st" is one, "01" is 1."""
    plain = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['\u2018\u2019`]", "", text.casefold()))
    return re.sub(r"\b0+(?=[0-9])", "", re.sub(r"([a-z])(?=[0-9])", r"\1 ", plain)).strip()


@cache
def _words(column: str) -> _Words:
    with FILE.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["column"] == column]
    codes = tuple((row["code"], _bounded(row["words"])) for row in rows if row["code"] != _FILLER)
    fillers = "|".join(row["words"] for row in rows if row["code"] == _FILLER)
    return _Words(codes, _bounded(fillers))


def _bounded(words: str) -> re.Pattern[str]:
    # The longest of the alternatives that fit, whatever their order.
    parts = sorted(_alternatives(words), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


def _alternatives(words: str) -> list[str]:
    """The alternatives of a pattern, apart from those within its brackets."""
    parts, depth = [""], 0
    for sign in words:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
