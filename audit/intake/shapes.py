"""Columns recognised by their values where their headers are useless: codes, NPIs, dates. A guess, and said to be one."""

import re
from collections.abc import Callable, Sequence

_ENOUGH = 5
_SHARE = 0.9

_PROCEDURE = re.compile(r"\d{4}[\dFTU]|[A-V]\d{4}", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([ T].*)?|\d{1,2}[/-]\d{1,2}[/-](\d{4}|\d{2})([ T].*)?|\d{1,2}-[A-Za-z]{3}-\d{2,4}")
_MBI = re.compile(r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d{2}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?\s*([AaPp]\.?[Mm]?\.?)?")


def is_npi(text: str) -> bool:
    """Ten digits that pass the NPI's check digit (Luhn over 80840 and the number)."""
    digits = text.strip().removesuffix(".0")
    if len(digits) != 10 or not digits.isdigit() or not digits.isascii():
        return False
    total = 0
    for place, sign in enumerate(reversed("80840" + digits)):
        value = int(sign) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_mbi(text: str) -> bool:
    """Eleven characters in the pattern of a Medicare Beneficiary Identifier, with or without its dashes."""
    return _MBI.fullmatch(text.strip().upper().replace("-", "")) is not None


SHAPES: dict[str, tuple[Callable[[str], bool], str]] = {
    "procedure_code": (lambda text: _PROCEDURE.fullmatch(text.strip().removesuffix(".0")) is not None, "five-character codes"),
    "service_date": (lambda text: _DATE.fullmatch(text.strip()) is not None, "dates"),
    "rendering_npi": (is_npi, "NPIs that pass their check digit"),
    "member_id": (is_mbi, "Medicare numbers (MBI)"),
    "start_time": (lambda text: _CLOCK.fullmatch(text.strip()) is not None, "clock times"),
}


def columns_of_shape(name: str, sample: Sequence[Sequence[str]], indices: Sequence[int]) -> list[int]:
    """The columns among `indices` whose sampled values nearly all have the shape of the contract column `name`."""
    test, _ = SHAPES[name]
    found = []
    for index in indices:
        values = [row[index] for row in sample if index < len(row) and row[index].strip()]
        if len(values) >= _ENOUGH and sum(map(test, values)) >= _SHARE * len(values):
            found.append(index)
    return found
