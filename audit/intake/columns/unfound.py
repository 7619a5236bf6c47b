"""Headers that audit.toml names and no file has: a slip of the pen, where any other column would be guessed in its place."""

from collections.abc import Mapping, Sequence

from audit.contract import BY_NAME
from audit.errors import ConfigError, InputError
from audit.intake.columns.addresses import find_column, find_columns
from audit.intake.columns.headers import candidates
from audit.intake.columns.likely import may_be_shown, nearest


def unfound(columns: Mapping[str, str], headers: Sequence[str]) -> dict[str, str]:
    """Those of the user's [columns] that name a header which is not among these."""
    return {name: wanted for name, wanted in columns.items() if name in BY_NAME and not _is_there(headers, name, wanted)}


def refuse(columns: Mapping[str, str], headers: Sequence[str]) -> None:
    """ConfigError that names each such header and the nearest one that there is. `headers` are those of all files."""
    if not columns:
        return
    said, hints = [], []
    for name, wanted in columns.items():
        parts = [part for part in wanted.split(" + ") if not _is_there(headers, name, part)] or [wanted]
        said += [f"[columns] in audit.toml maps {name} to the header {part!r}, which no file has." for part in parts]
        found = [(part, nearest(part, headers) if " + " in wanted else _nearest(name, part, headers)) for part in parts]
        hints += [f"The nearest to {part!r} is {header!r}." for part, header in found if header]
    raise ConfigError("\n".join(said), "\n".join(hints) or "`claims-audit init` shows the headers that there are.")


def _nearest(name: str, wanted: str, headers: Sequence[str]) -> str:
    """The header that goes by a name of the column, else the one spelled most like it that goes by no other column's name."""
    goes_by = candidates(headers)
    own = [headers[option.index] for option in goes_by.get(name, ())]
    others = {headers[option.index] for options in goes_by.values() for option in options}
    return (
        nearest(wanted, own)
        or next((one.strip() for one in own if may_be_shown(one)), "")
        or nearest(wanted, [header for header in headers if header not in others])
    )


def _is_there(headers: Sequence[str], name: str, wanted: str) -> bool:
    """Whether some column answers to it; where several do, or too few, a sentence of its own says so later."""
    try:
        return bool(find_columns("", headers, name, wanted)) or find_column("", headers, name, wanted) is not None
    except InputError:
        return True
