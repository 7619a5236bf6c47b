"""The document: self-contained, inert, private, the same every time, and small however many findings there are."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.report import ReportOptions, build_view, render_html, write_all, write_report
from audit.report.charts import vega
from audit.report.outputs import workbook
from tests.report.fixture import make_run
from tests.report.read_page import Page as ReadPage

PLAIN = ReportOptions(patients="hidden", charts=False)
# What a link may lead to outside the page: the files of the same run folder.
BESIDE = re.compile(
    r"findings\.(xlsx|csv)|(excluded|rejected)_rows\.csv|providers/\d{10}\.html|findings/[A-Z]+\d+-\d+\.html(#row-\w+)?"
)
HOSTILE = (
    "<script>alert(1)</script>",
    "</style></script><img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    '" onmouseover="alert(1)',
    "=cmd|'/c calc'!A1",
    "abc\u202egpj.exe",
    "nul\x00byte",
    "massage 💆🏽 مساج",
    "x" * 100_000,
)


class Tags(HTMLParser):
    """Collects the elements and attributes of a document, and checks that they nest."""

    VOID = frozenset({"meta", "br", "img", "input", "link", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"style": [], "script": []}  # of each element, in order

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag in self.texts:
            self.texts[tag].append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.texts:
            self.texts[self.open[-1]][-1] += data


def parse(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render_html(build_view(make_run(tmp_path_factory.mktemp("out") / "run"), ReportOptions(patients="hidden")))


def test_nothing_comes_from_outside(page: str) -> None:
    for tag, attributes in parse(page).seen:
        assert tag not in {"link", "iframe", "object", "embed", "img", "base", "form"}
        for name in ("src", "href", "action", "xlink:href"):
            beside = tag == "a" and BESIDE.fullmatch(attributes.get(name) or "")
            assert beside or (attributes.get(name) or "#").startswith("#"), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
    style = "".join(parse(page).texts["style"])
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_allows_exactly_the_inline_style_and_scripts(page: str) -> None:
    tags = parse(page)
    policy = next(a["content"] or "" for t, a in tags.seen if t == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    for kind in ("style", "script"):
        digests = (b64encode(sha256(text.encode()).digest()).decode() for text in tags.texts[kind])
        hashes = " ".join(f"'sha256-{digest}'" for digest in digests)
        assert f"; {kind}-src {hashes}; " in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_ids_are_unique_and_links_lead_somewhere(page: str) -> None:
    tags = parse(page)
    ids = [attributes["id"] for _, attributes in tags.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"] or "" for t, a in tags.seen if t == "a"}
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)


def test_the_page_leads_to_the_files_beside_it_and_they_are_there(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    for name in ("findings.csv", "excluded_rows.csv", "rejected_rows.csv"):
        (folder / name).touch()  # the run writes it, not the report
    write_all(folder, PLAIN)
    tags = parse((folder / "report.html").read_text(encoding="utf-8"))
    beside = {a["href"] or "" for t, a in tags.seen if t == "a" and BESIDE.fullmatch(a.get("href") or "")}
    assert {"findings.csv", "findings.xlsx"} < beside
    assert [name for name in beside if not (folder / name).is_file()] == []


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    first, second = (render_html(build_view(make_run(tmp_path / name), ReportOptions(patients="hidden"))) for name in "ab")
    assert first == second


def poison(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
    """Put hostile text wherever text of an export or a configuration can arrive."""
    for number, row in enumerate(rows):
        bad = HOSTILE[number % len(HOSTILE)]
        for name in (
            "message",
            "claim_id",
            "payer_name",
            "modifiers",
            "source_file",
            "procedure_code",
            "patient_id",
            "rendering_npi",
        ):
            row[name] = bad
    for part, names in (
        ("inputs", ("file", "path", "format", "sha256")),
        ("payers", ("payer_name", "payer_id", "claim_filing_indicator", "decided_by")),
        ("exclusions", ("reason",)),
        ("rejections", ("column", "reason")),
        ("references", ("table", "edition", "source", "coverage")),
    ):
        for number, entry in enumerate(manifest[part]):
            entry.update({name: HOSTILE[(number + at) % len(HOSTILE)] for at, name in enumerate(names)})
    for table in manifest["summary"].values():
        for number, entry in enumerate(table):
            for name in {"rendering_npi", "payer_name", "plain_name", "location", "provider_role"} & entry.keys():
                entry[name] = HOSTILE[number % len(HOSTILE)]
    manifest["warnings"] = list(HOSTILE)
    manifest["run"].update(auditor=HOSTILE[1], entity=HOSTILE[0], label='"; } body { display: none } /*')


def test_hostile_text_is_inert(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", change=poison)
    options = ReportOptions(patients="full")
    write_all(folder, options)
    page = (folder / "report.html").read_text(encoding="utf-8")
    tags = parse(page)
    assert sum(tag == "script" for tag, _ in tags.seen) == 2  # tables.js, decisions.js
    assert not any(name.startswith("on") for _, attributes in tags.seen for name in attributes)
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page
    assert "\x00" not in page
    assert "display: none } /*" not in page
    assert len(page) < 1_000_000
    cards = folder / "providers"
    assert not cards.exists() or all(re.fullmatch(r"[0-9A-Za-z]+\.html", path.name) for path in cards.iterdir())


def test_the_file_is_private_and_leaves_no_draft(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    path = write_report(folder, PLAIN)
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(item.name for item in folder.iterdir()) == [
        "finding_lines.parquet",
        "findings.parquet",
        "manifest.json",
        "report.html",
    ]


def test_many_findings_make_no_larger_page(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    for name in ("findings.parquet", "finding_lines.parquet"):
        table = pq.read_table(folder / name)
        pq.write_table(pa.concat_tables([table] * 40), folder / name)  # about 25,000 findings
    page = write_report(folder, PLAIN)
    # What is listed takes 4.3 megabytes; of those that are not, none may add even 40 bytes.
    assert page.stat().st_size < 5_200_000
    tables = ReadPage(page.read_text(encoding="utf-8")).tables
    rows = [row for name, table in tables.items() if name.startswith("examples") for row in table.rows]
    assert sum(len(row) > 1 for row in rows) == 5_000
    assert {row[0].text for row in rows if len(row) == 1} == {"None of them weighs so much."}


def test_without_the_optional_libraries_there_are_tables_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vega, "available", lambda: False)
    monkeypatch.setattr(workbook, "available", lambda: False)
    folder = make_run(tmp_path / "run")
    written = write_all(folder, ReportOptions(patients="hidden"))
    assert "<svg" not in (folder / "report.html").read_text(encoding="utf-8")
    assert not [path for path in written if path.suffix == ".xlsx"]


def test_charts_have_words_beside_them_and_no_ids_in_common(page: str) -> None:
    tags = parse(page)
    drawings = [attributes for tag, attributes in tags.seen if tag == "svg"]
    assert len(drawings) >= 3
    assert all(attributes.get("aria-hidden") == "true" for attributes in drawings)
    assert page.count("<figcaption>") == page.count('</div><p class="note">') == len(drawings)
