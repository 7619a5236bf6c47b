"""Values that stand in the names of folders: "payer=Aetna/year=2025/part-0.parquet", as Spark, DuckDB and Hive write partitions.

Such a file lacks the column that its folders are named after.
"""

from collections.abc import Sequence
from urllib.parse import unquote

from audit.contract import PAYER_COLUMNS
from audit.intake.columns.assignments import Assignment, Draft
from audit.intake.columns.names import ALIAS, OWN_NAME
from audit.intake.raw import sql_text

_NONE = "__HIVE_DEFAULT_PARTITION__"
# By other names than the contract's own a folder may be of the day of the export, or of whom it was made for.
_BY_KNOWN_NAMES = frozenset({*PAYER_COLUMNS, "location"})


def fill_in(draft: Draft, folders: Sequence[str]) -> None:
    """Let the value of each of the file's folders fill the column that it names, where the file has none for it."""
    for folder in folders:
        key, sign, value = folder.partition("=")
        if not sign or not value.strip() or value == _NONE:
            continue
        for name, tier in draft.names.of(key):
            known = tier <= OWN_NAME or (tier <= ALIAS and name in _BY_KNOWN_NAMES)
            if known and name not in draft.chosen and name not in draft.doubts:
                how = f"on every row, by the name of its folder, {key}=..."
                draft.chosen[name] = Assignment(name, -1, "", how, cell=sql_text(unquote(value).strip()))
                break
