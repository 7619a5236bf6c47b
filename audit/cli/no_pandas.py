"""Keeps pyarrow and DuckDB from loading pandas, which takes longer than reading a month of claims and which nothing here uses.

Both look for it, lest they be handed a frame, and do without where there is none. Spark's Python side does need it: where
pyspark is loaded, pandas is found.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

_NEEDS_IT = "pyspark"


class _Hidden:
    """A finder that answers for pandas alone."""

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None) -> ModuleSpec | None:
        """Raises ModuleNotFoundError for pandas, as if it were not installed."""
        if name == "pandas" and _NEEDS_IT not in sys.modules:
            raise ModuleNotFoundError("pandas is not looked for", name=name)
        return None


def hide() -> None:
    """Let nobody find pandas in this process, unless Spark is at work in it."""
    sys.meta_path.insert(0, _Hidden())
