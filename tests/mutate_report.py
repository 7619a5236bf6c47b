"""Changes the report in every small way and sees that a test notices.

    python -m tests.mutate_report [FILE...] [--jobs N] [--golden | --own] [--every N] [--toml]

Changed are the modules of audit/report and the templates of reports/ (tests/report_mutants.py says how). Each mutant
renders the golden files; one that changes none of them goes through the other tests of the report. A mutant that none
notices is a survivor: a test is missing, or the mutant means the same. Those that mean the same are listed with the reason
in tests/mutation_explained_report.toml. Exit 1: a survivor is not explained, or an explanation fits no survivor. FILE may
be a part of a file's name; --every 10 takes a tenth of the mutants, evenly.
"""

import argparse
import atexit
import importlib.abc
import importlib.util
import io
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.house.checkout import ROOT
from tests.mutate_rules import Result, compare, entry, explanations
from tests.report_mutants import Mutant, of_python, of_template
from tests.sql_mutants import Mutant as Shown

EXPLAINED = Path(__file__).parent / "mutation_explained_report.toml"
GOLDEN = ROOT / "tests" / "report" / "golden"
# What draws charts takes longest. The golden files are looked at first, and tests of the mutants judge no report.
_SLOWER = ("charts", "workbook")
_TESTS = tuple(
    name
    for path in sorted((ROOT / "tests" / "report").glob("test_*.py"))
    if (name := path.stem.removeprefix("test_")) not in (*_SLOWER, "golden", "mutation")
)
# Whose tests stand in another module than one of the same name, or in more.
_OWN = {
    "breakdown": ("edges", "figures"),
    "build": ("build", "decisions"),
    "checks": ("view", "figures", "listed"),
    "evidence": ("weightiest", "parts"),
    "overview": ("view", "measures"),
    "rules_sql": ("queries", "build"),
    "sheets": ("workbook", "edges"),
    "shares": ("workbook", "edges"),
    "source": ("source", "edges"),
    "tally": ("figures", "edges", "measures"),
    "trend_charts": ("trend", "charts"),
    "vega": ("parts", "charts"),
}
_SECONDS = 300
# Loaded once, before the processes of the mutants part from this one.
_HEAVY = ("duckdb", "jinja2", "pyarrow.compute", "pyarrow.parquet", "pandas", "pytest", "xlsxwriter", "vl_convert")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mutants of the files asked for (all without names) and print what survives. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate_report", description="Mutates the report.")
    parser.add_argument("files", nargs="*", metavar="FILE", help="parts of files' names; none: every file")
    parser.add_argument("--jobs", type=int, default=1, help="mutants worked on at a time")
    parser.add_argument("--golden", action="store_true", help="judge by the golden files alone, which takes a tenth of the time")
    parser.add_argument("--own", action="store_true", help="judge by the golden files and the module's own tests")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take every N-th mutant of a file only")
    parser.add_argument("--toml", action="store_true", help="print unexplained survivors as entries of the list")
    chosen = parser.parse_args(arguments)
    files = [file for file in report_files() if any(part in file for part in chosen.files or [""])]
    if not files:
        print(f"no file of the report is named like {' or '.join(chosen.files)}", file=sys.stderr)
        return 2
    for name in _HEAVY:
        if importlib.util.find_spec(name):
            importlib.import_module(name)
    _kept_runs()
    known, to_mend = explanations(EXPLAINED), 0
    for file in files:
        result = result_of_file(file, chosen.jobs, _judges(file, chosen), chosen.every)
        to_mend += _show(result, known, as_toml=chosen.toml, is_whole=chosen.every == 1)
    print(f"{to_mend} to mend" if to_mend else "no unexplained survivor")
    return 1 if to_mend else 0


def report_files() -> list[str]:
    """The modules of audit/report and the templates, as paths of the checkout."""
    modules = [path for path in (ROOT / "audit" / "report").rglob("*.py") if path.name not in ("__init__.py", "view.py")]
    return sorted(str(path.relative_to(ROOT)) for path in (*modules, *(ROOT / "reports").glob("*.j2")))


def mutants_of(file: str) -> list[Mutant]:
    """Every mutant of a file, and first the file as it is."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return [Mutant("", "", "", text), *(of_python(text) if file.endswith(".py") else of_template(text))]


def _judges(file: str, chosen: argparse.Namespace) -> tuple[str, ...]:
    """The test modules that judge the mutants of a file, its own first: most mutants get no further."""
    if chosen.golden:
        return ()
    own = (*_OWN.get(Path(file).stem, (Path(file).stem, "parts")), "sections")
    known = (*_TESTS, *_SLOWER)
    return tuple(name for name in own if name in known) + tuple(name for name in known if name not in own and not chosen.own)


def result_of_file(file: str, jobs: int, judges: tuple[str, ...] = (), every: int = 1) -> Result:
    """Every mutant of a file, each in a process of its own. Raises AssertionError where the tests fail unmutated."""
    # The mutator asks for the report's own records, so it too works in a process of its own.
    with get_context("fork").Pool(1) as alone:
        whole, *mutants = alone.apply(mutants_of, (file,))
    mutants = [whole, *mutants[::every]]
    with get_context("fork").Pool(jobs, maxtasksperchild=1) as pool:
        noticed = pool.map(partial(_is_noticed, file, judges), mutants, chunksize=1)
    assert not noticed[0], f"{file}: the report's tests fail without any change"
    left = [
        Shown(text="", line=0, was=f"{mutant.where}: {mutant.was}", became=mutant.became)
        for mutant, is_killed in zip(mutants[1:], noticed[1:], strict=True)
        if not is_killed
    ]
    return Result(file, tuple(left), sum(noticed), 0)


def _is_noticed(file: str, judges: tuple[str, ...], mutant: Mutant) -> bool:
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(_SECONDS)
    with tempfile.TemporaryDirectory() as name, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        try:
            _install(file, mutant.text, Path(name))
            return _renders_otherwise(Path(name)) or (judges != () and _fails_a_test(Path(name), judges))
        except BaseException:  # noqa: BLE001 (whatever it is, it was noticed)
            return True


def _install(file: str, text: str, scratch: Path) -> None:
    """Let this process see the changed file in the place of the file."""
    if file.endswith(".py"):
        module = file.removesuffix(".py").replace("/", ".")
        assert module not in sys.modules, f"{module} is loaded before it could be changed"
        sys.meta_path.insert(0, _Changed(module, text, str(ROOT / file)))
        return
    from audit import assets

    folder = scratch / "reports"
    shutil.copytree(assets.reports(), folder)
    (folder / Path(file).name).write_text(text, encoding="utf-8")
    assets.reports = lambda: folder


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, and makes it of a changed text."""

    def __init__(self, module: str, text: str, path: str) -> None:
        self.module, self.text, self.path = module, text, path

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> Any:
        return importlib.util.spec_from_loader(fullname, self, origin=self.path) if fullname == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.text, self.path, "exec"), vars(module))


def _renders_otherwise(scratch: Path) -> bool:
    from jinja2 import FileSystemBytecodeCache

    from audit.report.outputs import page
    from tests.report import golden_run

    page.environment().bytecode_cache = FileSystemBytecodeCache(str(_kept_runs()))
    folders = [Path(shutil.copytree(_kept_runs() / name, scratch / name)) for name in ("rich", "bare", "edged")]
    seen = set()
    for name, text in golden_run.rendered(*folders):
        seen.add(name)
        path = GOLDEN / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            return True
    return seen != {path.name for path in GOLDEN.iterdir()}


@cache
def _kept_runs() -> Path:
    """The folder of the three runs that golden files are rendered from, made once for all mutants."""
    from tests.report import golden_data, golden_edges

    folder = Path(tempfile.mkdtemp(prefix="mutate_report-"))
    atexit.register(shutil.rmtree, folder)
    golden_data.everything(folder / "rich")
    golden_data.nothing(folder / "bare")
    golden_edges.edges(folder / "edged")
    return folder


def _fails_a_test(scratch: Path, judges: tuple[str, ...]) -> bool:
    import pytest

    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(scratch)
    files = [str(ROOT / "tests" / "report" / f"test_{name}.py") for name in judges]
    return pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-k", "not many_findings", *files]) != 0


def _too_long(signum: int, frame: object) -> None:
    raise TimeoutError


def _show(result: Result, explained: Sequence[dict[str, str]], *, as_toml: bool, is_whole: bool) -> int:
    """Print one result; returns how many survivors and explanations are to mend."""
    left, gone = compare(result, explained)
    gone = gone if is_whole else []
    print(f"{result.subject}: {result.killed} noticed, {len(result.survivors)} not, {len(left)} of them unexplained", flush=True)
    for mutant in left:
        print(entry(result.subject, mutant) if as_toml else f"    was    {mutant.was}\n    became {mutant.became}")
    for old in gone:
        print(f"  explained, but no survivor (any more):\n    was    {old['was']}\n    became {old['became']}")
    return len(left) + len(gone)


if __name__ == "__main__":
    sys.exit(main())
