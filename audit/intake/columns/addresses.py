"""How a column of an export is named in audit.toml: by its header, as the nth of that name ("Charge#2"), by number ("#12")."""

import re
from collections.abc import Sequence

from audit.errors import InputError
from audit.intake.columns.names import normalized

_NUMBERED = re.compile(r"(?P<header>.*?)\s*#(?P<number>[1-9][0-9]*)", re.DOTALL)


def find_column(file: str, headers: Sequence[str], name: str, wanted: str) -> int | None:
    """Index of the field that `wanted` names for the contract column `name`, None where the file has no such header.

    A header that is written so in the file comes first, then a number behind #, then a header that differs in case or
    punctuation. InputError where several columns answer to it, or fewer than the number asks for.
    """
    wanted = wanted.strip()
    exact = [index for index, header in enumerate(headers) if header.strip() == wanted]
    numbered = _NUMBERED.fullmatch(wanted)
    if not exact and numbered:
        found = _of_number(file, headers, name, numbered["header"], int(numbered["number"]))
        if found is not None:
            return found
    places = exact or _places(headers, wanted)
    if len(places) > 1:
        raise InputError(
            f"{file} has the header {wanted!r} {len(places)} times, and [columns] maps {name} to it.",
            f"Say which: {name} = {_either([address(headers, place) for place in places])}.",
        )
    return places[0] if places else None


def find_columns(file: str, headers: Sequence[str], name: str, wanted: str) -> tuple[int, ...]:
    """As `find_column`, for one field or for several that are joined ("Patient ID + DOS"); empty where one is not there."""
    alone = find_column(file, headers, name, wanted)
    if alone is not None:
        return (alone,)
    parts = [find_column(file, headers, name, part) for part in wanted.split(" + ")]
    found = tuple(part for part in parts if part is not None)
    return found if len(found) == len(parts) else ()


def address(headers: Sequence[str], index: int) -> str:
    """What names this column in audit.toml and no other one: its header where that is alone, else with its number."""
    header = headers[index].strip()
    twins = _places(headers, header) if header else []
    if twins == [index]:
        return header
    if index in twins and not any(other.strip() == f"{header}#{twins.index(index) + 1}" for other in headers):
        return f"{header}#{twins.index(index) + 1}"
    return f"#{index + 1}"


def _either(addresses: Sequence[str]) -> str:
    return " or ".join(f'"{one}"' for one in addresses)


def _places(headers: Sequence[str], wanted: str) -> list[int]:
    exact = [index for index, header in enumerate(headers) if header.strip() == wanted]
    return exact or [index for index, header in enumerate(headers) if normalized(header) == normalized(wanted)]


def _of_number(file: str, headers: Sequence[str], name: str, header: str, number: int) -> int | None:
    if not header:
        if number > len(headers):
            raise InputError(
                f'[columns] maps {name} to column "#{number}", and {file} has {len(headers)} columns.',
                "Count the columns from 1, or name the header.",
            )
        return number - 1
    places = _places(headers, header)
    if places and number > len(places):
        if any(normalized(other) == normalized(f"{header}{number}") for other in headers):
            return None
        raise InputError(
            f'[columns] maps {name} to "{header}#{number}", and {file} has {header!r} {len(places)} '
            f"time{'s' if len(places) > 1 else ''}.",
            "Count the columns of that name from the left, from 1.",
        )
    return places[number - 1] if places else None
