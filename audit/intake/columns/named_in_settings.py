"""The columns that audit.toml names by their headers."""

from collections.abc import Mapping, Sequence

from audit.contract import BY_NAME, Kind
from audit.errors import ConfigError
from audit.intake.columns.addresses import find_columns
from audit.intake.columns.assignments import Assignment

# An id that is made of a patient and a day tells lines apart as well without showing either, and reports show claim numbers.
_DIGEST = "'D' || substr(sha256({cell}), 1, 12)"


def chosen(file: str, headers: Sequence[str], overrides: Mapping[str, str]) -> dict[str, Assignment]:
    """What [columns] says, by column of the contract. ConfigError for what is no column of it, or joins what is no text."""
    forced = {}
    for name, wanted in overrides.items():
        if name not in BY_NAME:
            raise ConfigError(
                f"[columns] names {name!r}, which is no column of the claim-line contract.",
                f"Its columns are: {', '.join(BY_NAME)}.",
            )
        places = find_columns(file, headers, name, wanted)
        if len(places) > 1 and BY_NAME[name].kind is not Kind.TEXT:
            raise ConfigError(
                f"[columns] joins several headers to {name}, which is no text: {wanted!r}.", "Name the one header that holds it."
            )
        if len(places) == 1:
            forced[name] = Assignment(name, places[0], headers[places[0]], "named in audit.toml")
        elif places:
            header = " + ".join(headers[place].strip() for place in places)
            how = "named in audit.toml; a digest of the two" if len(places) == 2 else "named in audit.toml; a digest of them all"
            forced[name] = Assignment(name, places[0], header, how, cell=_DIGEST, joined=places[1:])
    return forced
