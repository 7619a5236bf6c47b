"""The golden files as they are rendered now: pages, workbook and SQL of the two runs of golden_data.

Charts stand in the page as their specifications, so that the gold holds what is drawn and not how a library draws it.
"""

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, get_args
from unittest.mock import patch
from xml.etree import ElementTree as ET

from audit.report import ReportOptions, build_view, evidence, render_html
from audit.report.build import OUTPUTS
from audit.report.charts import trend_charts, vega
from audit.report.outputs import cards, decisions, rules_sql, workbook
from audit.report.outputs.page import render_card, render_rest
from audit.report.sections import actions, breakdown, checks, criteria, listed, measures, quality, review, trend, weightiest
from audit.report.stored import tally
from audit.report.stored.source import read_run
from audit.report.text import words
from audit.report.view import Figure
from audit.terms import Confidence, Family, PayerClass
from tests.report import golden_others
from tests.report.golden_edges import past_runs

GOLDEN = Path(__file__).parent / "golden"
# Lists that are cut, and after how many rows where the golden files see them cut.
_SHORT = (
    (actions, "WORKLIST", 3),
    (breakdown, "_LIMIT", 3),
    (breakdown, "_HEAT_RULES", 4),
    (breakdown, "_HEAT_PROVIDERS", 3),
    (listed, "IN_PAGE", 11),
    (listed, "IN_REST", 3),
    (listed, "IN_PAGES", 15),
    (listed, "IN_WORKBOOK", 7),
    (weightiest, "PRINTED", 4),
    (quality, "_LIMIT", 2),
    (review, "_SHOWN", 3),
    (trend, "_NAMED", 2),
    (cards, "LINES", 2),
    (tally, "CARDS", 2),
    (workbook, "WORKLIST_ROWS", 4),
)
_STORED = ("cms", "ama", "either", "none", "paid_amount", "allowed_amount", "charge_amount")
_WRONG = ((0, 0), (0, 7), (5, 100), (6, 100), (9, 7))
_HIDDEN = ReportOptions(patients="hidden", charts=False, final=True)
_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Runs:
    """The folders of the three runs."""

    rich: Path
    bare: Path
    edged: Path


Files = Iterator[tuple[str, str]]


def _bracketed(patient: str | None) -> str:
    return f"<{patient}>"


def rendered(rich: Path, bare: Path, edged: Path) -> Iterator[tuple[str, str]]:
    """Every golden file with its name, of the folders of the three runs."""
    for piece in PIECES:
        yield from piece(Runs(rich, bare, edged))


def _report(runs: Runs) -> Files:
    with charts_as_specifications():
        yield "report.html", scrubbed(render_html(build_view(runs.rich, ReportOptions(patients="full"))))


def _report_of_nothing(runs: Runs) -> Files:
    yield "report_of_nothing.html", scrubbed(render_html(build_view(runs.bare, _HIDDEN)))


def _report_at_the_edges(runs: Runs) -> Files:
    with short_lists(), charts_as_specifications():
        yield "report_edges.html", scrubbed(render_html(build_view(runs.edged, ReportOptions(patients="pseudonym"))))


def _cards_at_the_edges(runs: Runs) -> Files:
    with short_lists():
        pages = [scrubbed(render_card(card)) for card in cards.cards(read_run(runs.edged), _bracketed)]
        yield "providers_edges.html", "\n".join(pages)


def _pages_beside(runs: Runs) -> Files:
    # So few that a rule has several pages beside the report.
    with short_lists(), patch.multiple(listed, IN_PAGE=2, IN_REST=2, IN_PAGES=99):
        pages = listed.rest_pages(read_run(runs.edged), _bracketed)
        yield "findings_beside.html", "\n".join(scrubbed(render_rest(page)) for page in pages)


def _workbook_at_the_edges(runs: Runs) -> Files:
    if workbook.available():
        with short_lists():
            yield "findings_edges.txt", _cells(workbook.write(read_run(runs.edged), runs.edged / "findings.xlsx", _bracketed))


def _cards(runs: Runs) -> Files:
    for card in islice(cards.cards(read_run(runs.rich), _bracketed), 2):
        yield f"provider_{card.npi}.html", scrubbed(render_card(card))


def _others(runs: Runs) -> Files:
    run = read_run(runs.rich)
    for name, page in golden_others.pages(run, build_view(runs.bare, _HIDDEN), next(cards.cards(run, _bracketed))):
        yield name, scrubbed(page)


def _small(runs: Runs) -> Files:
    yield "rules.sql", rules_sql.write(read_run(runs.rich)).read_text(encoding="utf-8")
    yield "words.txt", _words()
    yield "chart.json", _chart_as_sent()


def _workbook(runs: Runs) -> Files:
    if workbook.available():
        yield "findings.txt", _cells(workbook.write(read_run(runs.rich), runs.rich / "findings.xlsx", _bracketed))


# What renders golden files, and which: each by itself, so that of a changed report those alone are rendered that it reaches.
PIECES: dict[Callable[[Runs], Files], tuple[str, ...]] = {
    _report: ("report.html",),
    _report_of_nothing: ("report_of_nothing.html",),
    _report_at_the_edges: ("report_edges.html",),
    _cards_at_the_edges: ("providers_edges.html",),
    _pages_beside: ("findings_beside.html",),
    _workbook_at_the_edges: ("findings_edges.txt",),
    _cards: ("provider_1003000126.html", "provider_1234567893.html"),
    _others: (
        "estimate.html",
        "estimate_of_little.html",
        "index.html",
        "sections.html",
        "samples.html",
        "provider_long.html",
    ),
    _small: ("rules.sql", "words.txt", "chart.json"),
    _workbook: ("findings.txt",),
}


@contextmanager
def short_lists() -> Any:
    """Every list that the report cuts is cut after some rows."""
    with ExitStack() as stack:
        for module, name, most in _SHORT:
            stack.enter_context(patch.object(module, name, most))
        yield


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
    """A page without its stylesheet, its script and their hashes, which change with every pixel; the printed foot stays."""
    page = re.sub(r"(<style[^>]*>)(.*?)(</style>)", _foot_alone, page, flags=re.DOTALL)
    page = re.sub(r"(<script[^>]*>)\s*\S.*?(</script>)", r"\1a script\2", page, flags=re.DOTALL)
    return re.sub(r"sha256-[A-Za-z0-9+/]{43}=", "sha256-", page)


def _foot_alone(style: re.Match[str]) -> str:
    foot = re.search(r"@page \{ @bottom-left.*", style[2])
    return f"{style[1]}{foot[0] if foot else style[2].strip() and 'a style'}{style[3]}"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def _words() -> str:
    """What the report says for each word of the closed lists, a line each."""
    said = [f"{name}: {words(name)}" for name in (*get_args(PayerClass), *_STORED)]
    said += [f"ask the record for, {family}: {actions.asked_of(family, None)}" for family in get_args(Family)]
    said += [
        f"flagged nothing, {reach}: {cell.text}; {cell.note}; {cell.tone}" for reach, cell in checks._NOTHING_FLAGGED.items()
    ]
    said += [f"confidence, {confidence}: {checks._CONFIDENCE[confidence]}" for confidence in get_args(Confidence)]
    said += [f"table {table}: {name}" for table, name in criteria._NAMES.items()]
    said += [f"sign-off: {line}" for line in actions.SIGN_OFF]
    said += [f"evidence {name}: {label}" for name, label in evidence._LABELS.items()]
    said += [f"evidence shows {name}: {what}" for name, what in evidence._SHOWN_AS.items()]
    lists = {"dollars": evidence._DOLLARS, "words": evidence._STORED_WORDS, "left out": evidence._LEFT_OUT}
    said += [f"evidence, {what}: {', '.join(sorted(names))}" for what, names in lists.items()]
    said += [f"file {output.name}: {output.what}" for output in OUTPUTS]
    said += [f"decided in: {', '.join(decisions.SHEETS)}; {', '.join(decisions.FIELDS)}; days {', '.join(decisions.DAYS)}"]
    said += [f"{wrong} of {whole} wrong: {measures.without_error('Lines', wrong, whole, 'lines')}" for wrong, whole in _WRONG]
    said += [f"trend of {name}: {trend._text(entries)}" for name, entries in past_runs().items()]
    return "\n".join(said) + "\n"


def _chart_as_sent() -> str:
    """All that the drawing library is given for a chart."""
    sent: list[Any] = []

    class Library:
        @staticmethod
        def vegalite_to_svg(spec: Any) -> str:
            sent.append(spec)
            return '<svg width="1"></svg>'

    with patch.object(vega, "import_module", lambda _: Library):
        figure = vega.draw("chart-x", "Title", "Text", {"mark": "bar"})
    return json.dumps({"sent": sent, "figure": astuple(figure)}, indent=1) + "\n"


def _cells(path: Path) -> str:
    """The cells of a workbook, a line each, and how each sheet is laid out."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    lines = []
    with zipfile.ZipFile(path) as book:
        kept = ET.fromstring(book.read("docProps/core.xml"))
        lines += [f"property {part.tag.split('}')[-1]} {part.text}" for part in kept]
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        for at, name in enumerate(names, start=1):
            sheet = ET.fromstring(book.read(f"xl/worksheets/sheet{at}.xml"))
            for cell in sheet.iterfind(".//m:c", space):
                shown = "".join(text.text or "" for text in cell.iterfind(".//m:t", space)) or cell.findtext("m:v", "", space)
                lines.append(f"{name} {cell.get('r')} {shown}")
            lines += [f"{name} link {link.get('ref')} {link.get('location')}" for link in sheet.iterfind(".//m:hyperlink", space)]
            lines += [f"{name} {line}" for line in _layout(sheet, _forms(ET.fromstring(book.read("xl/styles.xml"))))]
    return "\n".join(lines) + "\n"


def _layout(sheet: ET.Element, forms: Sequence[str]) -> Iterator[str]:
    """Widths, panes, paper, choices, and the form of every cell of the second row."""
    for tag in ("col", "pane", "pageSetup", "oddFooter", "autoFilter", "dataValidation"):
        for part in sheet.iter(f"{_SPACE}{tag}"):
            held = [f"{key}={value}" for key, value in part.attrib.items()] + [text for text in part.itertext() if text.strip()]
            yield f"{tag} {' '.join(held)}"
    for cell in sheet.iterfind(f".//{_SPACE}row[@r='2']/{_SPACE}c"):
        yield f"form of {cell.get('r')}: {forms[int(cell.get('s') or 0)]}"


def _forms(styles: ET.Element) -> list[str]:
    """Each style of a workbook's cells: its number format, fill, font and alignment."""
    codes = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{_SPACE}numFmt")}
    fills, fonts = (list(styles.find(f"{_SPACE}{name}") or ()) for name in ("fills", "fonts"))
    found = []
    for style in styles.find(f"{_SPACE}cellXfs") or ():
        parts = [fills[int(style.get("fillId") or 0)], fonts[int(style.get("fontId") or 0)], *style]
        said = [f"{key}={value}" for part in parts for one in part.iter() for key, value in one.attrib.items()]
        number = style.get("numFmtId")
        found.append(" ".join([str(codes.get(number, number)), *said]))
    return found
