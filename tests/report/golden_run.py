"""The golden files as they are rendered now: pages, workbook and SQL of the two runs of golden_data.

Charts stand in the page as their specifications, so that the gold holds what is drawn and not how a library draws it.
"""

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree as ET

from audit.report import ReportOptions, build_view, render_html
from audit.report.charts import trend_charts, vega
from audit.report.outputs import rules_sql, workbook
from audit.report.outputs.cards import cards
from audit.report.outputs.page import render_card
from audit.report.stored.source import read_run
from audit.report.view import Figure

GOLDEN = Path(__file__).parent / "golden"


def rendered(rich: Path, bare: Path) -> Iterator[tuple[str, str]]:
    """Every golden file with its name, of the folders of the two runs."""
    named, hidden = ReportOptions(patients="full"), ReportOptions(patients="hidden", charts=False, final=True)
    with charts_as_specifications():
        yield "report.html", scrubbed(render_html(build_view(rich, named)))
    yield "report_of_nothing.html", scrubbed(render_html(build_view(bare, hidden)))
    run = read_run(rich)
    for card in list(cards(run, _bracketed))[:2]:
        yield f"provider_{card.npi}.html", scrubbed(render_card(card))
    yield "rules.sql", rules_sql.write(run).read_text(encoding="utf-8")
    if workbook.available():
        yield "findings.txt", _cells(workbook.write(run, rich / "findings.xlsx", _bracketed))


def _bracketed(patient: str | None) -> str:
    return f"<{patient}>"


@contextmanager
def charts_as_specifications() -> Any:
    """Charts, where they are drawn, show what they are drawn from."""

    def draw(name: str, title: str, text: str, spec: Mapping[str, Any], height: int = 240) -> Figure:
        # Python's own sums of floats differ in the last digits from machine to machine.
        said = json.dumps(_rounded(spec), indent=1, ensure_ascii=False)
        return Figure(name, title, f"<svg><text>{said} height {height}</text></svg>", text)

    with (
        patch.object(vega, "draw", draw),
        patch.object(trend_charts, "draw", draw),
        patch.object(vega, "available", lambda: True),
    ):
        yield


def scrubbed(page: str) -> str:
    """A page without its stylesheet, its script and their hashes, which change with every pixel."""
    page = re.sub(r"(<(style|script)[^>]*>).*?(</\2>)", r"\1\3", page, flags=re.DOTALL)
    return re.sub(r"sha256-[A-Za-z0-9+/]{43}=", "sha256-", page)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def _cells(path: Path) -> str:
    """The cells of a workbook, a line each."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    lines = []
    with zipfile.ZipFile(path) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        for at, name in enumerate(names, start=1):
            sheet = ET.fromstring(book.read(f"xl/worksheets/sheet{at}.xml"))
            for cell in sheet.iterfind(".//m:c", space):
                shown = "".join(text.text or "" for text in cell.iterfind(".//m:t", space)) or cell.findtext("m:v", "", space)
                lines.append(f"{name} {cell.get('r')} {shown}")
            lines += [f"{name} link {link.get('ref')} {link.get('location')}" for link in sheet.iterfind(".//m:hyperlink", space)]
    return "\n".join(lines) + "\n"
