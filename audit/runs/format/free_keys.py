"""Keys of manifest.json that are no field of a record: names of parameters, of columns, of what differs between runs.

No schema knows them, so a manifest lists them itself, each with the kind of its value; a key that was lost, renamed or
given another kind of value is told from the list.
"""

from collections.abc import Iterator
from typing import Any

# Where they stand; * is any key, [] any place of a list. Of a [[payer]] table `class` alone may be absent.
_PLACES = (
    "config.columns.*",
    "config.header_names.*",
    "config.header_names.*.[]",
    "config.constants.*",
    "config.rules.*",
    "config.rules.*.*",
    "config.payers.[].class",
    "config.payers.[].daily_units.*",
    "rules.[].params.*",
    "rules.[].param_help.*",
    "history.trend.[].differs.*",
    "history.trend.[].differs.*.[]",
)
_KINDS = {str: "text", bool: "true or false", int: "whole number", float: "number", list: "list", dict: "table"}


def free_keys(stored: dict[str, Any]) -> list[str]:
    """The free keys of a manifest (plain JSON values), in its order: ["rules[0].params.min_excess: whole number"]."""
    return [f"{path}: {kind_of(value)}" for place in _PLACES for path, value in _at(stored, place.split("."), "")]


def kind_of(value: object) -> str:
    """What kind of JSON value this is, in words."""
    return "nothing" if value is None else _KINDS.get(type(value), "list")


def _at(value: Any, place: list[str], path: str) -> Iterator[tuple[str, Any]]:
    if not place:
        yield path, value
    elif place[0] == "[]":
        for at, item in enumerate(value if isinstance(value, list | tuple) else ()):
            yield from _at(item, place[1:], f"{path}[{at}]")
    elif isinstance(value, dict):
        for key in value if place[0] == "*" else value.keys() & {place[0]}:
            yield from _at(value[key], place[1:], f"{path}.{key}" if path else str(key))
