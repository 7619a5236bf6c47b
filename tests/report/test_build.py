"""The files that a report is made of: their names, and which run they say they are of."""

from pathlib import Path

import pytest

from audit.report import ReportOptions, build_view, write_all
from audit.report.build import OUTPUTS, Rendered
from tests.house.checkout import ROOT
from tests.report.fixture import make_run, manifest_of

NAMES = ["report.html", "rules.sql", "findings.xlsx", "providers/<npi>.html"]
PLAIN = ReportOptions(patients="hidden", charts=False)


def test_the_files_of_a_report_and_their_order(tmp_path: Path) -> None:
    assert [output.name for output in OUTPUTS] == NAMES
    folder = make_run(tmp_path / "run")
    written = [path.relative_to(folder) for path in write_all(folder, PLAIN)]
    assert [str(path) for path in written[:3]] == NAMES[:3]
    assert len(written) > 4
    assert {(str(path.parent), path.suffix) for path in written[3:]} == {("providers", ".html")}
    assert all(path.stem.isdecimal() and len(path.stem) == 10 for path in written[3:])


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: output.name)
def test_what_a_file_is_stands_in_the_readme(output: Rendered) -> None:
    assert f"| `{output.name}` | {output.what} |" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_view_knows_its_run(tmp_path: Path) -> None:
    run, view = manifest_of([]).run, build_view(make_run(tmp_path / "run"), PLAIN)
    assert (view.label, view.run_id) == (run.label, run.id)
    assert run.label != run.id
