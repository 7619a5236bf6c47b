"""The files that a report is made of: their names, and which run they say they are of."""

from pathlib import Path

import pytest

from audit.report import ReportOptions, build_view, render_again, write_all, write_report
from audit.report.build import OUTPUTS, Rendered
from audit.runs.format import stored
from audit.runs.ledgers import seals
from tests.house.checkout import ROOT
from tests.report.fixture import make_run, manifest_of

NAMES = ["report.html", "rules.sql", "findings.xlsx", "findings/<rule>-<page>.html", "providers/<npi>.html"]
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


def test_the_page_alone(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    before = {path.name for path in folder.iterdir()}
    assert write_report(folder, PLAIN) == folder / "report.html"
    assert {path.name for path in folder.iterdir()} - before == {"report.html"}
    assert (folder / "report.html").stat().st_mode & 0o777 == 0o600
    assert "Two Rivers Therapy" in (folder / "report.html").read_text(encoding="utf-8")


def test_a_folder_with_a_list_of_manifests_has_the_new_one_in_it(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "out" / "november")
    seals.note(tmp_path / "out", "2025-11", folder, "run", stored.read(folder).run.created_at)
    render_again(folder, PLAIN)
    first, second = seals.read(tmp_path / "out")
    assert (second.label, second.by) == (stored.read(folder).run.label, "report")
    assert stored.read(folder).run.label != stored.read(folder).run.id
    assert second.manifest == stored.sha256_of(folder / stored.NAME) != first.manifest


def test_a_folder_without_a_list_of_manifests_gets_none(tmp_path: Path) -> None:
    render_again(make_run(tmp_path / "out" / "november"), PLAIN)
    assert not (tmp_path / "out" / seals.NAME).exists()


def test_the_manifest_lists_what_was_there_and_what_was_made_but_not_what_is_gone(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    assert [output.file for output in stored.read(folder).outputs] == ["findings.csv"]
    (folder / "findings.csv").write_text("finding_id\n", encoding="utf-8")
    again = render_again(folder, PLAIN)
    names = [str(path.relative_to(folder)) for path in again.written]
    assert [output.file for output in stored.read(folder).outputs] == ["findings.csv", *names]
    (folder / "findings.csv").unlink()
    render_again(folder, PLAIN)
    assert [output.file for output in stored.read(folder).outputs] == names
    assert all(output.sha256 == stored.sha256_of(folder / output.file) for output in stored.read(folder).outputs)


@pytest.mark.parametrize(("asked", "was", "stands"), [(None, True, True), (None, False, False), (False, True, False)])
def test_a_run_stays_final_unless_something_else_is_asked_for(
    tmp_path: Path, asked: bool | None, was: bool, stands: bool
) -> None:
    folder = make_run(tmp_path / "run", change=lambda _, manifest: manifest["run"].update(final=was))
    render_again(folder, ReportOptions(patients="hidden", charts=False, final=asked))
    assert stored.read(folder).run.final is stands
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert ("Final" in page, "Draft" in page) == (stands, not stands)
