"""Whole pages as they should be. UPDATE_GOLDEN=1 writes them anew where a change is meant; read the difference."""

import os

import pytest

from audit.report.outputs import workbook
from tests.report import golden_data, golden_edges, golden_run
from tests.report.golden_run import GOLDEN

# Each file's least size, and words that stand in it however it is laid out.
WHOLE = {
    "report.html": (
        250_000,
        "Potential overpayment", "What was not tested", "Findings by rule", "Corrective action plan", "Judged as this run?",
        "Weekdays without a claim line", "Findings set aside", "Rule definitions", "Reference tables",
        "Findings that weigh most", "How the dollars were made", "</html>",
    ),
    "report_of_nothing.html": (45_000, "None of 1,370 claims", "do not tie", "Entity not stated", "</html>"),
    **dict.fromkeys(
        ("provider_1234567893.html", "provider_1003000126.html"),
        (15_000, "Your figures", "What to change", "Lines concerned", "</html>"),
    ),
    "report_edges.html": (
        120_000,
        "of them stand here", "These are 4 of ", "November, both clinics",
        "rules MAN004, TIM001; reference tables mue, ptp_edit and 1 more", "</html>",
    ),
    "findings_beside.html": (6_000, "More findings of ", "the report under ", "largest amount first", "</html>"),
    "providers_edges.html": (10_500, "too few lines", "</html>"),
    "estimate.html": (4_500, "Design, stated before the draw", "a second check", "caption of strata", "</html>"),
    "estimate_of_little.html": (3_500, "Estimate from a sample", "caption of units", "</html>"),
    "index.html": (2_500, "All runs", "one before that", "No finished run.", "</html>"),
    "sections.html": (12_000, "Sample and extrapolation", "The first 25 on paper", "another"),
    "samples.html": (1_500, "Reviewed samples", "a caution of it"),
    "provider_long.html": (9_000, "peers of it", "The first 30 on paper", "title 30", "</html>"),
    "rules.sql": (4_500, "-- TIM001 version 1", "SELECT", "failed to run"),
    "words.txt": (1_500, "ask the record for, claim: ", "table threshold: "),
    "chart.json": (900, "labelFont", "aria-hidden"),
    "findings.txt": (80_000, "Worklist", "Reconciliation", "1234567893"),
    "findings_edges.txt": (10_000, "holds the first 7 of "),
}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("out")
    makers = (golden_data.everything, golden_data.nothing, golden_edges.edges)
    return dict(golden_run.rendered(*(make(folder / make.__name__).folder for make in makers)))


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_is_as_the_golden_one(files: dict[str, str], name: str) -> None:
    if name.startswith("findings") and not workbook.available():
        pytest.skip("the workbook needs xlsxwriter")
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(files[name], encoding="utf-8")
    assert files[name] == path.read_text(encoding="utf-8"), "run the test with UPDATE_GOLDEN=1 where the change is meant"


@pytest.mark.parametrize("name", WHOLE)
def test_a_golden_file_is_whole(name: str) -> None:
    text = (GOLDEN / name).read_text(encoding="utf-8")
    least, *words = WHOLE[name]
    assert len(text) > least
    assert [word for word in words if word not in text] == []


def test_each_golden_file_is_of_one_piece() -> None:
    names = sorted(name for of_piece in golden_run.PIECES.values() for name in of_piece)
    assert names == sorted(WHOLE) == sorted(path.name for path in GOLDEN.iterdir())


def test_the_scrubbing_takes_no_more_than_hashes_styles_and_scripts() -> None:
    page = (
        "<style>a{}\n@page { @bottom-left { kept } }\n</style><meta content=\"'sha256-"
        + "A" * 43
        + "='; x\"><p>kept &#39;sha256-no hash</p><script>b()</script>"
    )
    assert golden_run.scrubbed(page) == (
        "<style>@page { @bottom-left { kept } }</style>"
        "<meta content=\"'sha256-'; x\"><p>kept &#39;sha256-no hash</p><script>a script</script>"
    )
