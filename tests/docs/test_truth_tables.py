"""docs/truth-tables.md says what the engine says: worked out again here, letter by letter."""

import importlib.util
import sys
from types import ModuleType

import pytest

from tests.house.checkout import ROOT


@pytest.fixture(scope="module")
def truth_tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("truth_tables", ROOT / "docs" / "truth_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["truth_tables"] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


def test_the_page_has_not_drifted(truth_tables: ModuleType) -> None:
    page = ROOT / truth_tables.PAGE
    assert page.read_text(encoding="utf-8") == truth_tables.text(), "run `make docs`"


@pytest.mark.parametrize(
    "row",
    [
        "| 97110 22 min x2 | TIM001 flags 30.00 | TIM002 flags 30.00 | TIM001 flags 30.00 |",
        "| 97110 23 min x2 | ok | ok | ok |",
        "| 97112 20 min x2 + 97110 20 min x1 | ok | TIM002 flags 30.00 | ok |",
        "| 97112 24 min x2 + 97110 23 min x2 | TIM001 flags 30.00 | ok | ok |",
        "| manual therapy and massage, 59 | 97140 + 97124-59 | 2025-11-03 | ok | ok | flags 97124 30.00 | - | ok |",
        "| reversed: column 2 stands first on the claim | 97112 + 98941 | 2025-11-03 | - | - | - | flags 97112 30.00 | - |",
    ],
)
def test_what_the_manuals_say_stands_on_it(row: str) -> None:
    """Rows worked out by hand from the manuals' own examples, so that a wrong engine cannot agree with itself."""
    assert row in (ROOT / "docs" / "truth-tables.md").read_text(encoding="utf-8")
