"""What is wrong with a setting, in the words of who wrote it: where it stands, what it must be, what may have been meant."""

import difflib
import re
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.*?)`(?: - at `(?P<path>\$.*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<key>\w+)`(?: - at `(?P<path>\$.*)`)?")
_KIND = re.compile(r"Expected `(?P<wanted>[\w |]+)`, got `(?P<found>\w+)`(?: - at `(?P<path>\$.*)`)?")
_CHOICE = re.compile(r"Invalid enum value '?(?P<value>.*?)'?(?: - at `(?P<path>\$.*)`)?", re.DOTALL)
_PATH = re.compile(r"\$(?:\.(?P<table>\w+))?(?:\[(?P<number>\d+)\])?(?:\.(?P<key>\w+))?(?P<rest>.*)")
_KINDS = {
    "str": "text between quotation marks",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in [brackets]",
    "object": "a table",
    "date": "a date",
    "datetime": "a time",
}
# Of a key so much is shown: it may be anything.
_SHOWN = 40


def in_words(fault: str, settings: type[msgspec.Struct]) -> str:
    """What msgspec says of audit.toml, as a phrase; `settings` is the record of the whole file."""
    if found := _UNKNOWN.fullmatch(fault):
        return f"{_where(found['path'])} has no key {_shown(found['key'])}"
    if found := _MISSING.fullmatch(fault):
        return f"{_where(found['path'])} lacks {found['key']}"
    if found := _KIND.fullmatch(fault):
        return f"{_where(found['path'])} must be {kind(found['wanted'])}, and is {kind(found['found'])}"
    if found := _CHOICE.fullmatch(fault):
        allowed = choices(settings, found["path"] or "$")
        return f"{_where(found['path'])} is {_shown(found['value'])}, which is {_none_of(found['value'], allowed)}"
    return fault


def of_value(fault: str, section: type[msgspec.Struct], name: str) -> str:
    """The same of one key's value, as it follows the value itself: "is not a whole number"."""
    fault = fault.partition(" - at ")[0]
    if found := _KIND.fullmatch(fault):
        return f"is not {kind(found['wanted'])}"
    if found := _CHOICE.fullmatch(fault):
        return f"is {_none_of(found['value'], choices(section, f'$.{name}'))}"
    return f"cannot be: {fault}"


def kind(named: str) -> str:
    """A type of TOML in words: "int | null" is a whole number."""
    return " or ".join(_KINDS.get(one, one) for one in named.split(" | ") if one != "null")


def choices(record: type[msgspec.Struct], path: str) -> tuple[str, ...]:
    """The words that may stand at a path ("$.payer[0].class"); none where any may."""
    wanted: Any = record
    for name in re.findall(r"\.(\w+)", path):
        structs = [one for one in _inner(wanted) if isinstance(one, type) and issubclass(one, msgspec.Struct)]
        if not structs:
            return ()
        names = dict(zip(structs[0].__struct_encode_fields__, structs[0].__struct_fields__, strict=True))
        wanted = get_type_hints(structs[0]).get(names.get(name, ""), None)
    return tuple(one for one in _inner(wanted) if isinstance(one, str))


def _inner(wanted: Any) -> list[Any]:
    """A type's parts, down to records and the words of a Literal."""
    if get_origin(wanted) is None:
        return [wanted]
    return [part for one in get_args(wanted) for part in _inner(one)]


def _none_of(value: str, allowed: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(value.lower(), allowed, n=1)
    meant = f"; the nearest is {near[0]}" if near else ""
    return f"none of {', '.join(allowed)}{meant}" if allowed else "none of what it may be"


def _where(path: str | None) -> str:
    """Where a path of msgspec's leads: "[audit] entity", "[[payer]] table 2, class"."""
    found = _PATH.fullmatch(path or "$")
    if not found or not found["table"]:
        return "The file"
    if found["number"]:
        return f"[[{found['table']}]] table {int(found['number']) + 1}" + (f", {found['key']}" if found["key"] else "")
    if found["rest"].startswith("[...]"):
        return f"A value of [{found['table']}]"
    at = f"[{found['table']}] {found['key']}" if found["key"] else f"[{found['table']}]"
    return f"An entry of {at}" if found["rest"] else at


def _shown(text: str) -> str:
    plain = "".join(one if one.isprintable() else "?" for one in text)
    return repr(plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}...")
