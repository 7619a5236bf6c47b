"""Which golden files and tests reach each function of the report: no other can notice a change of it. The quickest come first."""

import ast
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest


@dataclass(frozen=True)
class Reached:
    """The functions that one judge (a piece of the golden files, a test) enters, as (file, name), and in how many seconds."""

    judge: str
    entered: frozenset[tuple[str, str]]
    seconds: float


def judges_of(file: str, where: str, functions: frozenset[str], judges: Iterable[Reached]) -> list[str]:
    """The judges that may notice a change in `where` of a file, the likeliest first, then the quickest.

    `functions` are those whose changes show only where they are entered. What is made as the file is loaded, and a template,
    shows wherever anything of the file is, and where a test reads it by itself.
    """
    if where in functions:
        met = [(False, one) for one in judges if (file, where) in one.entered]
    else:
        met = [(all(of != file for of, _ in one.entered), one) for one in judges]
    return [one.judge for _, one in sorted(met, key=lambda pair: (pair[0], pair[1].seconds))]


def functions_of(file: str, text: str) -> frozenset[str]:
    """The functions of a module that are entered each time: one that keeps its answers is not, nor is a template."""
    if not file.endswith(".py"):
        return frozenset()
    return frozenset(one.name for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and not one.decorator_list)


class Noting:
    """Notes what is entered of the report's files of a checkout. As a plugin of pytest, by test, its fixtures with it."""

    def __init__(self, root: Path) -> None:
        self.tests: list[Reached] = []
        self._root = root
        self._files: dict[str, str] = {}
        self._entered: set[tuple[str, str]] = set()
        self._fixtures: dict[Any, set[tuple[str, str]]] = {}

    def during(self, judge: str, work: Callable[[], object]) -> Reached:
        """Do the work and tell what it entered."""
        self._entered, began = set(), time.perf_counter()
        sys.setprofile(self._note)
        try:
            work()
        finally:
            sys.setprofile(None)
        return Reached(judge, frozenset(self._entered), time.perf_counter() - began)

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            code = frame.f_code
            file = self._files.get(code.co_filename)
            if file is None:
                file = self._files[code.co_filename] = self._known(Path(code.co_filename))
            if file:
                self._entered.add((file, code.co_qualname.split(".")[0]))

    def _known(self, path: Path) -> str:
        """The path as the files of the report are named, from the checkout; "" for what is none of them."""
        rooms = (self._root / "audit" / "report", self._root / "reports")
        return str(path.relative_to(self._root)) if any(map(path.is_relative_to, rooms)) else ""

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        outer, self._entered = self._entered, set()
        yield
        self._fixtures[fixturedef] = self._entered
        self._entered = outer | self._entered

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        self._entered, began = set(), time.perf_counter()
        sys.setprofile(self._note)
        yield
        sys.setprofile(None)
        asked: Mapping[str, Any] = item._fixtureinfo.name2fixturedefs
        of_fixtures = [self._fixtures.get(one, set()) for known in asked.values() for one in known]
        self.tests.append(Reached(item.nodeid, frozenset(self._entered.union(*of_fixtures)), time.perf_counter() - began))
