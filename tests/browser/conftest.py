"""Pages in a real browser: Debian's Chromium, driven by Playwright. Without either the tests are skipped."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.report import ReportOptions, write_all
from tests.end_to_end.sample_home import copy_of_sample_home
from tests.report.fixture import make_run


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed")
    with api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_run(tmp_path_factory.mktemp("out") / "2025-11")
    write_all(made, ReportOptions(patients="pseudonym", key_file=made.parent / "key"))
    return made


class Watch:
    """A page that remembers what it asked for and what it complained about; dialogs are answered with yes."""

    def __init__(self, browser: Any, path: Path, before: str = "", **context: Any) -> None:
        self.context = browser.new_context(**context)
        if before:
            self.context.add_init_script(before)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", self._answer)
        self.page.goto(path.as_uri())

    def _answer(self, dialog: Any) -> None:
        self.said.append(f"{dialog.type}: {dialog.message}" if dialog.type == "beforeunload" else dialog.message)
        dialog.accept()


@pytest.fixture
def visit(browser: Any, folder: Path) -> Iterator[Any]:
    opened: list[Watch] = []

    def go(path: Path | None = None, **context: Any) -> Watch:
        opened.append(Watch(browser, path or folder / "report.html", **context))
        return opened[-1]

    yield go
    for watch in opened:
        watch.context.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample practice, audited once."""
    return copy_of_sample_home(tmp_path_factory, tmp_path_factory.mktemp("sample") / "home") / "report.html"
