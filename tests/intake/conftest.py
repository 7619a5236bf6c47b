"""What tests of intake share."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.macros import session


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A session for all tests of a module that read with the macros and keep nothing."""
    with session() as con:
        yield con
