"""Settings that all tests share."""

import os
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests import claim_rows

# Repeatable by default: the same examples on every run and machine. HYPOTHESIS_PROFILE=search looks for new ones.
_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, suppress_health_check=_SLOW_IS_FINE)
settings.register_profile("search", deadline=None, max_examples=1000, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# Modules of many short tests that share nothing: where several processes run the tests, any of them takes the next one.
_ONE_BY_ONE = {
    "test_rule_cases",
    "test_staging_lines",
    "test_staging_payers",
    "test_staging_final_action",
    "test_unit_rule_vectors",
}


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Every other module's tests stay in one process (`-n auto --dist loadgroup`), so that its fixtures are made once."""
    for item in items:
        if item.path.stem not in _ONE_BY_ONE:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session", autouse=True)
def _shared_session_is_closed() -> Iterator[None]:
    yield
    claim_rows.close_shared_session()
