"""What audit.toml says of payers that the export does not have: said by name, for it is most often a slip of the pen."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from audit.model import Intake


def with_unmatched(taken: Intake, patterns: Sequence[Mapping[str, Any]], payers: Iterable[Mapping[str, Any]]) -> Intake:
    """The intake with a warning for each pattern that fits no payer, and the payer whose name is nearest to it."""
    names = list(dict.fromkeys(row[key] for row in payers for key in ("payer_name", "payer_id") if row[key]))
    said = [_sentence(row, names) for row in patterns]
    return replace(taken, warnings=(*taken.warnings, *said)) if said else taken


def _sentence(row: Mapping[str, Any], names: Sequence[str]) -> str:
    pattern = str(row["pattern"])
    by_key = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(pattern.strip("*?"), by_key, n=1, cutoff=0.5)
    nearest = f" The nearest is {by_key[found[0]]!r}." if found else ""
    return f"audit.toml: no payer of the export fits {pattern!r}, in [[payer]] table {row['position']}.{nearest}"
