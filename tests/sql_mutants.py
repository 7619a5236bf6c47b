"""Every small change of a SELECT that a case of the rule should notice.

Works on tokens, not on meaning: some mutants do not bind and fall out by themselves. Left alone are the struct called
evidence, the wording of messages and reasons, the order of the final rows and of lists called `lines`: they decide nothing
that a case could see.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.sql_tokens import Token, close_of, open_of, ranges_of_between, span_since, span_until, tokens_of

_CLAUSES = frozenset({
    "SELECT", "FROM", "WHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT",
    "JOIN", "INNER", "LEFT", "CROSS", "ANTI", "SEMI", "ON", "USING", "AS", "WHEN", "THEN", "ELSE", "END", "LAMBDA",
    "OVER", "FILTER", "PARTITION", "ROWS", "BY", ",", ";", ":", "||",
})  # fmt: skip
_SWAPS = {
    ">": (">=", "<"), ">=": (">", "<"), "<": ("<=", ">"), "<=": ("<", ">"), "=": ("<>",), "<>": ("=",),
    "//": ("*",), "/": ("*",), "%": ("+",), "AND": ("OR",), "OR": ("AND",), "TRUE": ("FALSE",), "FALSE": ("TRUE",),
    "INNER": ("LEFT",), "LEFT": ("INNER",), "ANTI": ("SEMI",), "SEMI": ("ANTI",), "FIRST": ("LAST",), "LAST": ("FIRST",),
    "'over'": ("'coding'",), "'under'": ("'over'",), "'coding'": ("'over'",), "'none'": ("'other'",),
    "'high'": ("'medium'",), "'medium'": ("'high'",), "'low'": ("'medium'",), "'info'": ("'medium'",),
}  # fmt: skip
_ANSWERS = {"is_flagged": ("TRUE", "FALSE"), "reason": ("CAST(NULL AS VARCHAR)",)}
_FUNCTIONS = {
    "min": "max", "max": "min", "greatest": "least", "least": "greatest", "bool_and": "bool_or", "bool_or": "bool_and",
    "arg_min": "arg_max", "arg_max": "arg_min", "min_by": "max_by", "max_by": "min_by", "floor": "ceil", "ceil": "floor",
    "sum": "max", "lag": "lead", "lead": "lag", "list_bool_and": "list_bool_or", "list_bool_or": "list_bool_and",
}  # fmt: skip
_TAKES_A_PATTERN = frozenset({"list_contains", "starts_with", "ends_with", "contains", "regexp_matches", "regexp_full_match"})
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Mutant:
    """A changed text. `was` and `became` are the lines concerned, blanks folded: they name the mutant in a list."""

    text: str
    line: int
    was: str
    became: str


@dataclass(frozen=True)
class _Text:
    """A SELECT with its tokens; `between` are the ANDs of BETWEEN, `still` the tokens that stay as they are."""

    sql: str
    tokens: list[Token]
    between: frozenset[int]
    still: frozenset[int]

    def cut(self, first: int, behind: int) -> str:
        return self.sql[self.tokens[first].start : self.tokens[behind - 1].end]


Edit = tuple[int, int, str]  # tokens first .. behind-1 give way to this text


def mutants(sql: str) -> list[Mutant]:
    """All mutants of a text, in the order in which they stand in it, no two alike."""
    tokens = tokens_of(sql)
    text = _Text(sql, tokens, ranges_of_between(tokens), frozenset(_left_alone(tokens)))
    found: dict[str, Mutant] = {}
    for first, behind, new in sorted(edit for kind in _KINDS for edit in kind(text)):
        if text.still.isdisjoint(range(first, behind)):
            mutant = _mutant(text, first, behind, new)
            found.setdefault(mutant.text, mutant)
    return list(found.values())


def _mutant(text: _Text, first: int, behind: int, new: str) -> Mutant:
    start, end = text.tokens[first].start, text.tokens[behind - 1].end
    line_start = text.sql.rfind("\n", 0, start) + 1
    line_end = text.sql.find("\n", end) if "\n" in text.sql[end:] else len(text.sql)
    was = text.sql[line_start:line_end]
    became = text.sql[line_start:start] + new + text.sql[end:line_end]
    changed = text.sql[:start] + new + text.sql[end:]
    return Mutant(changed, text.sql.count("\n", 0, start) + 1, _fold(was), _fold(became))


def _fold(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _left_alone(tokens: list[Token]) -> Iterator[int]:
    """The evidence, the types' digits, the last ORDER BY, and the order of the lists of lines."""
    for place, token in enumerate(tokens):
        after = tokens[place + 1].text if place + 1 < len(tokens) else ""
        if token.key == "AS" and after == "evidence" and tokens[place - 1].key == "}":
            yield from range(open_of(tokens, place - 1), place)
        elif token.text in ("DECIMAL", "VARCHAR") and after == "(":
            yield from range(place, close_of(tokens, place + 1) + 1)
        elif token.key == "ORDER" and token.depth == 0:
            yield from range(place, span_until(tokens, place, frozenset({";"})))
        elif token.text == "list" and after == "(":
            yield from _order_of_lines(tokens, place)


def _order_of_lines(tokens: list[Token], function: int) -> Iterator[int]:
    closing = close_of(tokens, function + 1)
    end = closing + 1
    if end < len(tokens) and tokens[end].key == "FILTER":
        end = close_of(tokens, end + 1) + 1
    if end + 1 < len(tokens) and tokens[end].key == "AS" and tokens[end + 1].text == "lines":
        inside = range(function + 2, closing)
        order = next((i for i in inside if tokens[i].key == "ORDER" and tokens[i].depth == tokens[closing].depth + 1), closing)
        yield from range(order, closing)


def _swapped(text: _Text) -> Iterator[Edit]:
    """Another comparison, AND for OR, the other kind of join, another direction, the other extreme."""
    for place, token in enumerate(text.tokens):
        if place in text.between:
            continue
        for new in _SWAPS.get(token.key, ()):
            yield place, place + 1, new
        called = place + 1 < len(text.tokens) and text.tokens[place + 1].text == "("
        if called and token.text.lower() in _FUNCTIONS:
            yield place, place + 1, _FUNCTIONS[token.text.lower()]


def _answers(text: _Text) -> Iterator[Edit]:
    """Everything flagged, nothing flagged, nothing left unjudged."""
    for place, token in enumerate(text.tokens[:-1]):
        answers = _ANSWERS.get(text.tokens[place + 1].text, ()) if token.key == "AS" else ()
        first = span_since(text.tokens, place - 1, _CLAUSES - {"END"}) if answers else place
        yield from ((first, place, answer) for answer in answers if text.cut(first, place) != answer)


def _numbers(text: _Text) -> Iterator[Edit]:
    """One more, one less."""
    for place, token in enumerate(text.tokens):
        if token.kind == "number" and "." in token.text:
            yield place, place + 1, str(float(token.text) * 2)
        elif token.kind == "number":
            yield place, place + 1, str(int(token.text) + 1)
            if int(token.text) > 0:
                yield place, place + 1, str(int(token.text) - 1)


def _signs(text: _Text) -> Iterator[Edit]:
    """Plus for minus, times for divided by, a leading minus dropped."""
    for place, token in enumerate(text.tokens[:-1]):
        binary = place > 0 and text.tokens[place - 1].is_operand
        if token.text == "-" and not binary:
            yield place, place + 1, ""
        elif binary and token.text in "+-*" and text.tokens[place + 1].key not in ("FROM", ",", ")"):
            yield place, place + 1, {"+": "-", "-": "+", "*": "/"}[token.text]


def _compared_texts(text: _Text) -> Iterator[Edit]:
    """A literal that something is compared with becomes one that fits nothing."""
    for place, token in enumerate(text.tokens):
        if token.kind == "text" and len(token.text) > 2 and _is_compared(text.tokens, place):
            yield place, place + 1, f"'~{token.text[1:]}"


def _is_compared(tokens: list[Token], place: int) -> bool:
    before = tokens[place - 1].key
    if before in ("=", "<>", "WHEN"):
        return True
    opening = next((i for i in range(place, -1, -1) if tokens[i].text == "(" and tokens[i].depth < tokens[place].depth), 0)
    listed = tokens[opening - 1].key == "IN" and tokens[place].depth == tokens[opening].depth + 1
    return opening > 0 and (listed or tokens[opening - 1].text in _TAKES_A_PATTERN)


def _dropped_words(text: _Text) -> Iterator[Edit]:
    """NOT, DISTINCT, DESC, NULLS FIRST and ALL fall away; IS NULL gains a NOT; the null-safe comparison becomes a plain one."""
    keys = [token.key for token in text.tokens]
    for place, key in enumerate(keys):
        after = keys[place + 1 : place + 3]
        drops = (key == "DISTINCT" and after[:1] != ["FROM"]) or (key == "ALL" and keys[place - 1] == "UNION")
        if drops or key in ("NOT", "DESC"):
            yield place, place + 1, ""
        elif key == "IS" and after[:1] == ["NULL"]:
            yield place, place + 2, "IS NOT NULL"
        elif key == "IS" and after == ["NOT", "DISTINCT"]:
            yield place, place + 4, "="
        elif key == "IS" and after == ["DISTINCT", "FROM"]:
            yield place, place + 3, "<>"


def _dropped_conditions(text: _Text) -> Iterator[Edit]:
    """A side of AND holds always, a side of OR never, a lone condition after WHERE, ON, HAVING or QUALIFY always."""
    tokens = text.tokens
    for place, token in enumerate(tokens):
        if token.key in ("AND", "OR") and place not in text.between:
            stops = _CLAUSES | {"OR"} | ({"AND"} if token.key == "AND" else set())
            neutral = "TRUE" if token.key == "AND" else "FALSE"
            yield span_since(tokens, place - 1, stops, text.between), place, neutral
            yield place + 1, span_until(tokens, place + 1, stops, text.between), neutral
        elif token.key in ("WHERE", "ON", "HAVING", "QUALIFY"):
            yield place + 1, span_until(tokens, place + 1, _CLAUSES), "TRUE"


def _cases(text: _Text) -> Iterator[Edit]:
    """A branch of a CASE dropped, two neighbours swapped, the ELSE dropped."""
    for place, token in enumerate(text.tokens):
        if token.key == "CASE":
            closing = close_of(text.tokens, place)
            inside = [i for i in range(place, closing) if text.tokens[i].depth == token.depth + 1]
            starts = [i for i in inside if text.tokens[i].key in ("WHEN", "ELSE")]
            spans = list(zip(starts, [*starts[1:], closing], strict=True))
            branches = [span for span in spans if text.tokens[span[0]].key == "WHEN"]
            for span in spans if len(branches) > 1 else spans[len(branches) :]:
                yield *span, ""
            for one, other in itertools.pairwise(branches):
                yield one[0], other[1], f"{text.cut(*other)} {text.cut(*one)}"


def _defaults(text: _Text) -> Iterator[Edit]:
    """coalesce() keeps only one of its arguments."""
    for place, token in enumerate(text.tokens[:-1]):
        if token.text == "coalesce":
            for first, behind in _parts(text, place + 2):
                yield place, close_of(text.tokens, place + 1) + 1, text.cut(first, behind)


def _keys(text: _Text) -> Iterator[Edit]:
    """A key of PARTITION BY, USING or GROUP BY falls away; a key of a window's order runs the other way."""
    keys = [token.key for token in text.tokens]
    for place, key in enumerate(keys[:-2]):
        if key in ("PARTITION", "USING", "GROUP"):
            parts = list(_parts(text, place + 2))
            for lost in parts if len(parts) > 1 else []:
                kept = ", ".join(text.cut(*part) for part in parts if part != lost)
                yield parts[0][0], parts[-1][1], kept
            if key == "PARTITION" and len(parts) == 1:
                yield place, parts[0][1], ""
        elif key == "ORDER":
            for first, behind in _parts(text, place + 2):
                if "DESC" not in keys[first:behind]:
                    end = next((i for i in range(first, behind) if keys[i] == "NULLS"), behind)
                    yield first, end, f"{text.cut(first, end)} DESC"


def _parts(text: _Text, first: int) -> Iterator[tuple[int, int]]:
    """What stands between the commas from here to the end of the bracket or clause."""
    stops = (_CLAUSES - {":", "||"}) | {"AND", "OR"}
    while True:
        behind = span_until(text.tokens, first, stops)
        if behind > first:
            yield first, behind
        if behind >= len(text.tokens) or text.tokens[behind].text != "," or text.tokens[behind].depth < text.tokens[first].depth:
            return
        first = behind + 1


_KINDS: tuple[Callable[[_Text], Iterator[Edit]], ...] = (
    _swapped, _answers, _numbers, _signs, _compared_texts, _dropped_words, _dropped_conditions, _cases, _defaults, _keys,
)  # fmt: skip
