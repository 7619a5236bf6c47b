"""The mutator of the report: what it changes; and that faults which once went unnoticed break the golden page."""

from pathlib import Path
from typing import Any

import pytest

from audit.report.sections import checks, overview
from tests.report import golden_data, golden_edges, golden_run
from tests.report_mutants import marked, of_python, of_template
from tests.report_reached import Reached, functions_of, judges_of


@pytest.mark.parametrize(
    ("text", "was", "became"),
    [
        ("x = money(totals.amount)", "money(totals.amount)", "'$0.00'"),
        ("x = f'{count(n)} of them'", "count(n)", "'0'"),
        ("x = entry.over_gross", "entry.over_gross", "entry.over_once"),
        ("x = Fact('Visits', y)", "'Visits'", "'Visits~'"),
        ("x = (Fact(a), Fact(b))", "Fact(a)", ""),
        ("x = 1 if a < b else 2", "a < b", "a <= b"),
        ("x = 1 if a else 2", "a", "not a"),
        ("x = [y for y in z if y]", "y", "not y"),
    ],
)
def test_a_change_of_python(text: str, was: str, became: str) -> None:
    assert (was, became) in {(mutant.was, mutant.became) for mutant in of_python(text)}


def test_texts_and_figures_are_marked_together_and_what_is_dropped_with_them() -> None:
    text = "x = (Fact('Two words', 'a_column'), Fact('Kind', money(y)))\nif z == 'Kind':\n    x = count(1)\n"
    changed, marks = marked(text)
    mutants, seen = list(of_python(text)), dict[str, set[str]]()
    for at, some in marks.items():
        seen.setdefault(mutants[at].became or mutants[at].was, set()).update(some)
    words, kind, figure, one = (seen[became] for became in ("'Two words~'", "'Kind~'", "'$0.00'", "'0'"))
    assert seen == {
        "'Two words~'": words, "'Kind~'": kind, "'$0.00'": figure, "'0'": one,
        "Fact('Two words', 'a_column')": words, "Fact('Kind', money(y))": kind | figure,
    }  # fmt: skip
    scope = {"Fact": lambda *given: " ".join(given), "money": lambda _: "$9.00", "count": str, "y": 9, "z": "Kind"}
    exec(changed, scope)
    assert scope["x"] == one.pop()
    scope |= {"z": "", "money": lambda _: "$0.00"}
    exec(changed, scope)
    assert scope["x"] == (f"Two words{words.pop()} a_column", f"Kind{kind.pop()} $0.00")


def test_a_change_is_judged_by_what_reaches_it_the_quickest_first() -> None:
    entered = {"slow": ("a", "f", 3.0), "quick": ("a", "f", 2.0), "other": ("a", "g", 1.0), "apart": ("b", "f", 0.5)}
    judges = [Reached(name, frozenset({(f"{of}.py", one)}), seconds) for name, (of, one, seconds) in entered.items()]
    functions = functions_of("a.py", "def f(): ...\n@cache\ndef g(): ...\nX = 1\n")
    assert functions == {"f"}
    assert judges_of("a.py", "f", functions, judges) == ["quick", "slow"]
    assert judges_of("a.py", "g", functions, judges) == judges_of("a.py", "X", functions, judges)
    assert judges_of("a.py", "X", functions, judges) == ["other", "quick", "slow", "apart"]


def test_docstrings_hints_and_imports_stay() -> None:
    assert list(of_python('"""Doc."""\nfrom a import b\n\ndef f(x: "int") -> "str":\n    """Doc."""\n    return x\n')) == []


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("{{ view.title }}", ""),
        ('{% include "cover.html.j2" %}', ""),
        ("{% if a %}", "{% if not (a) %}"),
        ("{% for a in b.c %}", "{% for a in (b.c)[:0] %}"),
        ('<p class="lead">', '<p class="~lead">'),
        ("What to do", "What to do~"),
    ],
)
def test_a_change_of_a_template(was: str, became: str) -> None:
    found = {(mutant.was, mutant.became): mutant.text for mutant in of_template(f"<b>{was}</b>\n")}
    assert found[(was, became)] == f"<b>{became}</b>\n"


@pytest.mark.parametrize(
    ("module", "name", "instead"),
    [
        (checks, "_effect", lambda *_: "$0.00"),
        (checks, "_condition", lambda *_: "$0.00"),
        (overview, "_exposure", overview._reviewed),
        (overview, "_headline", lambda _run: ""),
        (overview, "_caveats", lambda _run: []),
    ],
)
def test_a_part_that_is_struck_out_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, instead: Any
) -> None:
    monkeypatch.setattr(module, name, instead)
    made = (
        golden_data.everything(tmp_path / "rich"),
        golden_data.nothing(tmp_path / "bare"),
        golden_edges.edges(tmp_path / "edged"),
    )
    name, page = next(golden_run.rendered(*(kept.folder for kept in made)))
    assert page != (golden_run.GOLDEN / name).read_text(encoding="utf-8")
