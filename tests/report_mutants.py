"""Small changes to what makes the report: a figure replaced, a field swapped, a text changed, a part dropped.

A change of Python is one of its syntax tree, so that layout plays no part; a change of a template is one of its text.
"""

import ast
import copy
import dataclasses
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from audit.runs.format import manifest

# What a call that shows a figure becomes.
_FIGURES = {
    "money": "$0.00", "count": "0", "rate": "0 %", "number": "0", "plural": "0 things", "day": "2000-01-01", "size": "0 B",
    "moment": "2000-01-01 00:00 UTC", "words": "words", "brief": "brief", "units": "1 unit", "in_sentence": "sentence",
    "first_sentence": "sentence",
}  # fmt: skip
_TURNED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
# Python finds a codec whatever stands behind its name, so that a change of it changes nothing.
_CODEC = "utf-8"
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
_LETTER = re.compile(r"[A-Za-z]")
# A changed text that nothing but a reader can mean: several words, or one with a capital.
_PROSE = re.compile(r"^([A-Z]|.* )", re.DOTALL)
_MARKED = "def marked_(was, new, mark):\n    return mark if was != new else was\n"


@dataclass(frozen=True)
class Mutant:
    """A changed file: where, what stood there, what stands there now, and the whole text."""

    where: str
    was: str
    became: str
    text: str


def of_python(text: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(text)
    names = _names(tree)
    for change in _changes(tree):
        was, became = ast.unparse(change.node), ast.unparse(change.new) if change.new else ""
        change.put(change.new)
        try:
            yield Mutant(names.get(change.parent, ""), was, became, ast.unparse(tree))
        finally:
            change.back()


def marked(text: str) -> tuple[str, dict[int, set[str]]]:
    """A module with marks, all at once: behind each text of several words, and for each figure that its mutant would change.

    Rendered, a mark that stands in a page tells that the page notices the mutant: by the places of mutants, their marks. What is
    dropped from a list is missed where any mark within it stands in a page.
    """
    tree, marks = ast.parse(text), dict[int, set[str]]()
    changes, within = list(_changes(tree)), dict[ast.AST, str]()
    for at, change in enumerate(changes):
        new = _with_mark(change, f"{at}~")
        if new is not None:
            change.put(new)
            marks[at] = {f"~{at}~"}
            within[new] = f"~{at}~"
    for at, change in enumerate(changes):
        if change.new is None:
            marks[at] = {within[node] for node in ast.walk(change.node) if node in within}
    return f"{_MARKED}\n\n{ast.unparse(tree)}", marks


def _with_mark(change: "Change", mark: str) -> ast.AST | None:
    """What a change becomes among others: a text with a mark of its own, a figure that gives its mark where it would differ."""
    if not isinstance(change.new, ast.Constant) or isinstance(change.parent, ast.Compare | ast.Subscript):
        return None
    if isinstance(change.node, ast.Call):
        return ast.Call(ast.Name("marked_"), [change.node, change.new, ast.Constant(f"~{mark}")], [])
    return ast.Constant(f"{change.new.value}{mark}") if _PROSE.search(change.new.value) else None


def of_template(text: str) -> Iterator[Mutant]:
    """Every mutant of a template: each expression, loop, condition, tag and run of words changed in turn."""
    at = 0
    for found in [*_TEMPLATE.finditer(text), None]:
        end = found.start() if found else len(text)
        if _LETTER.search(text[at:end]):
            words = text[at:end].strip()
            yield _replaced(text, at, end, text[at:end].replace(words, f"{words}~"))
        if found:
            became = _of_tag(found[0])
            if became is not None:
                yield _replaced(text, found.start(), found.end(), became)
            at = found.end()


def _of_tag(tag: str) -> str | None:
    if tag.startswith(("{{", "{% include")):
        return ""
    if condition := re.fullmatch(r"\{% (if|elif) (.*) %\}", tag):
        return f"{{% {condition[1]} not ({condition[2]}) %}}"
    if loop := re.fullmatch(r"\{% for (.*) in (.*) %\}", tag):
        return f"{{% for {loop[1]} in ({loop[2]})[:0] %}}"
    if tag.startswith("<") and '="' in tag and "{" not in tag:
        return tag.replace('="', '="~', 1)
    return None


def _replaced(text: str, start: int, end: int, became: str) -> Mutant:
    line = text.count("\n", 0, start) + 1
    shown = text.splitlines()[line - 1].strip()
    return Mutant(shown, text[start:end].strip(), became.strip(), text[:start] + became + text[end:])


@dataclass(frozen=True)
class Change:
    """A change of a tree: what stands in a field of a node, in a list at a place, and what comes there; None drops it."""

    parent: ast.AST
    field: str
    at: int | None
    node: ast.AST
    new: ast.AST | None

    def put(self, new: ast.AST | None) -> None:
        """Put something in the node's place, or drop the node."""
        if self.at is None:
            setattr(self.parent, self.field, new)
        else:
            getattr(self.parent, self.field)[self.at : self.at + 1] = [] if new is None else [new]

    def back(self) -> None:
        """Put the node back."""
        if self.new is None and self.at is not None:
            getattr(self.parent, self.field).insert(self.at, self.node)
        else:
            self.put(self.node)


def _changes(tree: ast.Module) -> Iterator[Change]:
    """Every change of a tree."""
    docs = {node.body[0].value for node in ast.walk(tree) if _has_docstring(node)}
    partners = _partners()
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            for at, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(node, ast.AST) and node not in docs and not _is_hint(parent, field):
                    for new in _instead(node, field, partners):
                        yield Change(parent, field, at, node, new)
        if isinstance(parent, ast.Tuple | ast.List) and isinstance(parent.ctx, ast.Load) and _is_listing(parent):
            for at, node in enumerate(list(parent.elts)):
                yield Change(parent, "elts", at, node, None)


def _instead(node: ast.AST, field: str, partners: dict[str, list[str]]) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FIGURES:
        yield ast.Constant(_FIGURES[node.func.id])
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _LETTER.search(node.value) and node.value != _CODEC:
        yield ast.Constant(f"{node.value}~")
    elif isinstance(node, ast.Attribute) and node.attr in partners:
        for name in partners[node.attr]:
            yield ast.Attribute(node.value, name, node.ctx)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _TURNED:
        yield ast.Compare(node.left, [_TURNED[type(node.ops[0])]()], node.comparators)
    if field in ("test", "ifs") and isinstance(node, ast.expr):
        yield ast.UnaryOp(ast.Not(), node)


def _is_listing(node: ast.Tuple | ast.List) -> bool:
    """Whether a tuple or list is one of things shown: calls, or texts, two of them at least."""
    return len(node.elts) > 1 and all(isinstance(one, ast.Call | ast.JoinedStr | ast.Starred) for one in node.elts)


def _is_hint(parent: ast.AST, field: str) -> bool:
    """Annotations, imports and the types of dictionaries change nothing that is shown."""
    return field in ("annotation", "returns") or isinstance(parent, ast.ImportFrom | ast.Import)


def _has_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None


def _partners() -> dict[str, list[str]]:
    """For each field of a stored record the next one of its type in that record, which it may be confused with."""
    from audit.report.stored.findings import Finding
    from audit.report.stored.tally import Provider

    found: dict[str, list[str]] = {}
    records = [kind for kind in vars(manifest).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    typed = [{field.name: str(field.type) for field in msgspec.structs.fields(kind)} for kind in records]
    typed += [{field.name: str(field.type) for field in dataclasses.fields(kind)} for kind in (Finding, Provider)]
    for fields in typed:
        for _, alike in itertools.groupby(sorted(fields, key=fields.__getitem__), fields.__getitem__):
            names = list(alike)
            for name, other in zip(names, [*names[1:], names[0]], strict=True):
                if other != name and other not in found.setdefault(name, []):
                    found[name].append(other)
    return {name: others for name, others in found.items() if others}


def _names(tree: ast.Module) -> dict[ast.AST, str]:
    """The function or name that each part of a module stands in."""
    found: dict[ast.AST, str] = {}
    for top in tree.body:
        name = getattr(top, "name", None) or ast.unparse(copy.copy(top)).split(" ")[0].split(":")[0]
        found |= dict.fromkeys(ast.walk(top), name)
    return found
