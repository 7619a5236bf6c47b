"""Settings that all tests share."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import claim_rows

# Repeatable by default: the same examples on every run and machine. HYPOTHESIS_PROFILE=search looks for new ones.
_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, suppress_health_check=_SLOW_IS_FINE)
settings.register_profile("search", deadline=None, max_examples=1000, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

_CASES = "tests/rules/test_cases.py"
# A run writes each of its files through to the disk, and on a slow disk thousands of runs wait for that longer than they work.
_IN_MEMORY, _ENOUGH = Path("/dev/shm"), 3 << 30
_BEGAN = time.monotonic()


def pytest_configure() -> None:
    """Tests' folders lie in memory where it has room for them; PYTEST_DEBUG_TEMPROOT names another place."""
    if os.access(_IN_MEMORY, os.W_OK) and shutil.disk_usage(_IN_MEMORY).free > _ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_IN_MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the quick lane; see tests/quick.py."""
    parser.addoption("--seconds", type=float, help="skip what has not begun after so many seconds")
    parser.addoption("--cases-of", help="of the rules' cases run those of these ids, and the first of every other rule")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The quick lane runs few of the rules' cases."""
    if config.getoption("--cases-of") is not None:
        _thin_out(config, items)


def _thin_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    seen = set(config.getoption("--cases-of").split(","))
    whole, left_out = frozenset(seen), []
    for item in items:
        case = item.callspec.params.get("case") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
        if item.path.relative_to(config.rootpath).as_posix() == _CASES and case is not None:
            if case.rule_id in seen - whole:
                left_out.append(item)
            seen.add(case.rule_id)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """In the quick lane, leave out what the time does not reach."""
    seconds = item.config.getoption("--seconds")
    if seconds is not None and time.monotonic() - _BEGAN > seconds:
        pytest.skip("not reached in the time of the quick lane")


@pytest.fixture(autouse=True)
def _signals_are_heard_again() -> Iterator[None]:
    """The program ignores signals once its work is done; a process that a later test starts would inherit that."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        if signal.getsignal(number) != handler:
            signal.signal(number, handler)


@pytest.fixture(scope="session", autouse=True)
def _shared_session_is_closed() -> Iterator[None]:
    yield
    claim_rows.close_shared_session()
