"""Values that audit.toml states for every line: they fill what an export lacks, and replace nothing that it says."""

from collections.abc import Mapping
from dataclasses import replace

from audit.contract import BY_NAME
from audit.errors import ConfigError
from audit.intake.columns import modifiers
from audit.intake.columns.assignments import Assignment, Draft
from audit.intake.raw import sql_text

_NOTHING = "CAST(NULL AS VARCHAR)"


def fill_in(draft: Draft, constants: Mapping[str, str]) -> None:
    """Let each constant fill its column on every row, or the blank cells of the field that the file has for it.

    ConfigError where a constant is empty. Only of modifiers that no field holds may audit.toml say that there are none.
    """
    for name, value in constants.items():
        chosen = draft.chosen.get(name)
        if name not in BY_NAME or name in draft.doubts:
            continue
        if not value.strip() and (name not in modifiers.COLUMNS or chosen is not None):
            raise ConfigError(
                f"[constants] gives {name} an empty value, which says nothing{_of_file(draft, chosen)}.", _mend(name)
            )
        if chosen is None:
            cell = sql_text(value) if value.strip() else _NOTHING
            draft.chosen[name] = Assignment(name, -1, "", f"{value!r} on every row, by audit.toml", cell=cell)
        elif chosen.index >= 0:
            how = f"{chosen.how}; where it is blank, {value!r} by audit.toml"
            draft.chosen[name] = replace(chosen, how=how, constant=value)


def _of_file(draft: Draft, chosen: Assignment | None) -> str:
    return "" if chosen is None or chosen.index < 0 else f": {draft.file} has {draft.shown(chosen.index)} for it"


def _mend(name: str) -> str:
    return f"Leave {name} out of [constants], or write the value that stands on every line."
