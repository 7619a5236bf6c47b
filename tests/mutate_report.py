"""Changes the report in every small way and sees that a test notices.

    python -m tests.mutate_report [FILE...] [--jobs N] [--golden | --own] [--every N] [--toml]

Changed are the modules of audit/report and the templates of reports/ (tests/report_mutants.py says how). Each mutant
renders the golden files; one that changes none of them goes through the other tests of the report. Of both only what enters
the changed function judges (tests/report_reached.py). A mutant that none notices is a survivor: a test is missing, or the
mutant means the same. Those that mean the same are listed with the reason in tests/mutation_explained_report.toml. Exit 1: a
survivor is not explained, or an explanation fits no survivor. FILE may be a part of a file's name; --every 10 takes a tenth of
the mutants, evenly.
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
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.house.checkout import ROOT
from tests.mutate_rules import Result, compare, entry, explanations
from tests.report_mutants import Mutant, marked, of_python, of_template
from tests.report_reached import Noting, Reached, functions_of, judges_of
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
    "build": ("build", "decisions", "listed"),
    "checks": ("view", "figures", "listed"),
    "evidence": ("weightiest", "parts"),
    "listed": ("listed", "decided"),
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
    judges = {file: _judges(file, chosen) for file in files}
    reached = _alone(reached_by, sorted({one for some in judges.values() for one in some}))
    for file in files:
        result = _alone(result_of_file, file, chosen.jobs, *_met(reached, judges[file]), chosen.every)
        to_mend += _show(result, known, as_toml=chosen.toml, is_whole=chosen.every == 1)
    print(f"{to_mend} to mend" if to_mend else "no unexplained survivor")
    return 1 if to_mend else 0


def report_files() -> list[str]:
    """The modules of audit/report and the templates, as paths of the checkout."""
    modules = [path for path in (ROOT / "audit" / "report").rglob("*.py") if path.name not in ("__init__.py", "view.py")]
    return sorted(str(path.relative_to(ROOT)) for path in (*modules, *(ROOT / "reports").glob("*.j2")))


def mutants_of(file: str) -> list[Mutant]:
    """Every mutant of a file."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return list(of_python(text) if file.endswith(".py") else of_template(text))


def _judges(file: str, chosen: argparse.Namespace) -> tuple[str, ...]:
    """The test modules that judge the mutants of a file, its own first: most mutants get no further."""
    if chosen.golden:
        return ()
    own = (*_OWN.get(Path(file).stem, (Path(file).stem, "parts")), "sections")
    known = (*_TESTS, *_SLOWER)
    return tuple(name for name in own if name in known) + tuple(name for name in known if name not in own and not chosen.own)


def _alone(work: Callable[..., Any], *of: Any) -> Any:
    """The work's answer, done in a process that has loaded nothing of the report and may have processes of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as process:
        return process.submit(work, *of).result()


def reached_by(judges: Sequence[str]) -> tuple[list[Reached], list[Reached]]:
    """What the pieces of the golden files reach, and each test of the judges. Raises AssertionError where one of them fails."""
    from tests.report import golden_run

    noting, wrong = Noting(ROOT), list[str]()
    with tempfile.TemporaryDirectory() as name, redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
        runs = _copies(Path(name))
        pieces = [noting.during(one.__name__, partial(_note_if_other, one, runs, wrong)) for one in golden_run.PIECES]
        assert not wrong, f"without any change golden files differ: {', '.join(wrong)}"
        if judges:
            assert not _fails_a_test(Path(name), [_test_file(one) for one in judges], noting), out.getvalue()
    return pieces, noting.tests


def _note_if_other(piece: Callable[..., Any], runs: Any, wrong: list[str]) -> None:
    if _is_other(piece, runs):
        wrong.append(piece.__name__)


def _is_other(piece: Callable[..., Any], runs: Any) -> bool:
    """Whether a piece renders other files than the golden ones, or other text."""
    from tests.report import golden_run

    files = dict(piece(runs))
    if files.keys() != set(golden_run.PIECES[piece]):
        return True
    return any((GOLDEN / name).read_text(encoding="utf-8") != text for name, text in files.items())


def _met(reached: tuple[list[Reached], list[Reached]], judges: Sequence[str]) -> tuple[list[Reached], list[Reached]]:
    """Of all tests those of some judges."""
    pieces, tests = reached
    return pieces, [test for test in tests if test.judge.split("::")[0] in map(_test_file, judges)]


def result_of_file(file: str, jobs: int, pieces: Sequence[Reached], tests: Sequence[Reached], every: int = 1) -> Result:
    """Every mutant of a file, each in a process of its own."""
    mutants, together = _alone(mutants_of, file), _alone(_marked, file)
    _load_what_rests_not_on(file, {test.judge.split("::")[0] for test in tests})
    with get_context("fork").Pool(jobs, maxtasksperchild=1) as pool:
        # A process in which the file is put in its place unchanged notices nothing; the quickest tests may say so for all.
        few = sorted(tests, key=lambda test: test.seconds)[:20]
        unchanged = Mutant("", "", "", (ROOT / file).read_text(encoding="utf-8"))
        assert not pool.apply(_is_noticed, (file, pieces, few, unchanged)), f"{file}: noticed without any change"
        seen = pool.apply(_seen_together, (file, pieces, *together))
        mutants = [mutant for at, mutant in enumerate(mutants) if at % every == 0 and at not in seen]
        noticed = pool.map(partial(_is_noticed, file, pieces, tests), mutants, chunksize=1)
    left = [
        Shown(text="", line=0, was=f"{mutant.where}: {mutant.was}", became=mutant.became)
        for mutant, is_killed in zip(mutants, noticed, strict=True)
        if not is_killed
    ]
    return Result(file, tuple(left), sum(noticed) + sum(at % every == 0 for at in seen), 0)


def _marked(file: str) -> tuple[str, dict[int, set[str]]]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return marked(text) if file.endswith(".py") else (text, {})


def _seen_together(file: str, pieces: Sequence[Reached], text: str, marks: dict[int, set[str]]) -> set[int]:
    """The places of the mutants that golden files show when texts and figures of a module are all changed at once, by marks."""
    if not marks:
        return set()
    shown = []
    with tempfile.TemporaryDirectory() as name:
        _install(file, text, Path(name))
        from tests.report import golden_run

        runs = _copies(Path(name))
        for piece in judges_of(file, "", frozenset(), pieces):
            with suppress(Exception):  # a text that the module itself reads: its mutants are judged one by one
                shown += [text for _, text in getattr(golden_run, piece)(runs)]
    return {at for at, some in marks.items() if any(mark in text for mark in some for text in shown)}


def _load_what_rests_not_on(file: str, tests: Iterable[str]) -> None:
    """Load all of the report, and its judges, that does not import the file: a mutant's process then loads the others alone."""
    # The package stands empty, for its own text imports all of the report; _install runs that text.
    package = importlib.util.find_spec("audit.report")
    assert package is not None
    sys.modules[package.name] = importlib.util.module_from_spec(package)
    absent = _Absent(_module(file))
    sys.meta_path.insert(0, absent)
    paths = (path.relative_to(ROOT) for path in (ROOT / "audit" / "report").rglob("*.py") if path.name != "__init__.py")
    for name in (_module(str(path)) for path in (*paths, "tests/report/golden_run.py", *tests)):
        with suppress(ImportError):
            importlib.import_module(name)
    sys.meta_path.remove(absent)


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


class _Absent(importlib.abc.MetaPathFinder):
    """Makes one module as if it were not there."""

    def __init__(self, module: str) -> None:
        self.module = module

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> Any:
        if fullname == self.module:
            raise ImportError(fullname)


def _is_noticed(file: str, pieces: Sequence[Reached], tests: Sequence[Reached], mutant: Mutant) -> bool:
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(_SECONDS)
    functions = functions_of(file, (ROOT / file).read_text(encoding="utf-8"))
    shown, tested = (judges_of(file, mutant.where, functions, judges) for judges in (pieces, tests))
    with tempfile.TemporaryDirectory() as name, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        try:
            _install(file, mutant.text, Path(name))
            return _renders_otherwise(Path(name), shown) or (tested != [] and _fails_a_test(Path(name), tested))
        except BaseException:  # noqa: BLE001 (whatever it is, it was noticed)
            return True


def _install(file: str, text: str, scratch: Path) -> None:
    """Let this process see the changed file in the place of the file."""
    package = sys.modules["audit.report"]
    if file.endswith(".py"):
        module = _module(file)
        assert module not in sys.modules, f"{module} is loaded before it could be changed"
        sys.meta_path.insert(0, _Changed(module, text, str(ROOT / file)))
    else:
        from audit import assets

        folder = scratch / "reports"
        shutil.copytree(assets.reports(), folder)
        (folder / Path(file).name).write_text(text, encoding="utf-8")
        assets.reports = lambda: folder
    assert package.__spec__ is not None
    assert package.__spec__.loader is not None
    package.__spec__.loader.exec_module(package)


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, and makes it of a changed text."""

    def __init__(self, module: str, text: str, path: str) -> None:
        self.module, self.text, self.path = module, text, path

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> Any:
        return importlib.util.spec_from_loader(fullname, self, origin=self.path) if fullname == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.text, self.path, "exec"), vars(module))


def _renders_otherwise(scratch: Path, pieces: Sequence[str]) -> bool:
    from audit.report.outputs import page
    from tests.report import golden_run

    page.environment().bytecode_cache = _compiled(_kept_runs())
    runs = _copies(scratch)
    return any(_is_other(getattr(golden_run, piece), runs) for piece in pieces)


def _copies(scratch: Path) -> Any:
    from tests.report import golden_run

    return golden_run.Runs(*(Path(shutil.copytree(_kept_runs() / name, scratch / name)) for name in ("rich", "bare", "edged")))


def _compiled(folder: Path) -> Any:
    """Where compiled templates are kept. They are found by their text, wherever the folder of templates lies."""
    from jinja2 import FileSystemBytecodeCache

    class ByText(FileSystemBytecodeCache):
        def get_cache_key(self, name: str, filename: str | None = None) -> str:
            return super().get_cache_key(name)

    return ByText(str(folder))


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


def _fails_a_test(scratch: Path, tests: Sequence[str], *plugins: object) -> bool:
    import pytest

    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(scratch)
    chosen = ["-x", "-q", "-p", "no:cacheprovider", "--rootdir", str(ROOT), "-k", "not many_findings"]
    return pytest.main([*chosen, *(str(ROOT / test) for test in tests)], plugins=plugins) != 0


def _test_file(judge: str) -> str:
    return f"tests/report/test_{judge}.py"


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
