"""The one guard of text that people open in spreadsheets: it begins no formula, holds no NUL, and turns no text around.

A cell that a spreadsheet would take for a formula gets an apostrophe in front; characters that turn the direction of
text become visible marks.
"""

import re

# The last four are the wide forms that some spreadsheets read as the first four. Written for Python's re and Arrow's RE2.
FORMULA_START = "^[ \t\n\f\r\v\x00]*[=+\\-@\t\r|%\uff1d\uff0b\uff0d\uff20]"
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_FORMULA = re.compile(FORMULA_START)
_TURN = str.maketrans({turn: f"[U+{ord(turn):04X}]" for turn in TURNS} | {"\0": None})


def text(value: str) -> str:
    """The text, inert: "=1+1" -> "'=1+1". Arrow's columns: audit.files.tables.inert."""
    value = value.translate(_TURN)
    return f"'{value}" if _FORMULA.match(value) else value


def cell(value: object) -> object:
    """A cell of a row: text is made inert, anything else stays what it is."""
    return text(value) if isinstance(value, str) else value
