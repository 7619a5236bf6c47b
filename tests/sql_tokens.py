"""Takes SQL apart into tokens with their nesting, for the mutator. CASE ... END nests as brackets do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<skip>\s+|--[^\n]*|/\*.*?\*/)
    | (?P<text>'(?:[^']|'')*')
    | (?P<word>"[^"]*"|[A-Za-z_]\w*)
    | (?P<param>\$\w+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<mark><=|>=|<>|!=|\|\||//|::|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
KEYWORDS = frozenset({
    "ALL", "AND", "ANTI", "AS", "ASC", "BETWEEN", "BY", "CASE", "CROSS", "DESC", "DISTINCT", "ELSE", "END", "EXCEPT",
    "EXISTS", "FALSE", "FILTER", "FIRST", "FROM", "GROUP", "HAVING", "IN", "INNER", "INTERSECT", "IS", "JOIN", "LAMBDA",
    "LAST", "LEFT", "LIMIT", "NOT", "NULL", "NULLS", "ON", "OR", "ORDER", "OVER", "PARTITION", "QUALIFY", "ROWS",
    "SELECT", "SEMI", "THEN", "TRUE", "UNION", "USING", "WHEN", "WHERE", "WINDOW", "WITH",
})  # fmt: skip
_OPENS = frozenset("([{") | {"CASE"}
_CLOSES = frozenset(")]}") | {"END"}


@dataclass(frozen=True)
class Token:
    """One token: its place in the text (end excluded), and how many brackets and CASEs it stands in."""

    kind: str
    text: str
    start: int
    end: int
    depth: int

    @property
    def key(self) -> str:
        """Keywords in capitals, everything else as it stands."""
        upper = self.text.upper()
        return upper if self.kind == "word" and upper in KEYWORDS else self.text

    @property
    def is_operand(self) -> bool:
        """Whether a value can end here, so that a sign after it has two sides."""
        return self.kind in ("text", "param", "number") or self.key in (")", "]", "}", "END") or self.is_name

    @property
    def is_name(self) -> bool:
        """A word of the query's own: a column, a table, a function."""
        return self.kind == "word" and self.key not in KEYWORDS


def tokens_of(sql: str) -> list[Token]:
    """The tokens of a text without blanks and comments. A bracket has the depth of what stands around it."""
    found: list[Token] = []
    depth = 0
    for match in _TOKEN.finditer(sql):
        kind = str(match.lastgroup)
        if kind == "skip":
            continue
        token = Token(kind, match[0], match.start(), match.end(), depth)
        if kind != "text" and token.key in _CLOSES:
            depth -= 1
            token = Token(kind, match[0], match.start(), match.end(), depth)
        elif kind != "text" and token.key in _OPENS:
            depth += 1
        found.append(token)
    return found


def close_of(tokens: Sequence[Token], opening: int) -> int:
    """Index of the bracket or END that closes the one at `opening`."""
    depth = tokens[opening].depth
    return next(i for i in range(opening + 1, len(tokens)) if tokens[i].depth == depth and tokens[i].key in _CLOSES)


def open_of(tokens: Sequence[Token], closing: int) -> int:
    """Index of the bracket or CASE that the one at `closing` closes."""
    depth = tokens[closing].depth
    return next(i for i in range(closing - 1, -1, -1) if tokens[i].depth == depth and tokens[i].key in _OPENS)


def ranges_of_between(tokens: Sequence[Token]) -> frozenset[int]:
    """Indexes of each AND that belongs to a BETWEEN."""
    found = set()
    for place, token in enumerate(tokens):
        if token.key == "BETWEEN":
            found.add(next(i for i in range(place, len(tokens)) if tokens[i].key == "AND" and tokens[i].depth == token.depth))
    return frozenset(found)


def span_until(tokens: Sequence[Token], first: int, stops: frozenset[str], skipped: frozenset[int] = frozenset()) -> int:
    """Index behind the last token of what begins at `first` and ends before a stop word of its depth or its bracket's end."""
    depth = tokens[first].depth
    for place in range(first, len(tokens)):
        token = tokens[place]
        if token.depth < depth or (token.depth == depth and token.key in stops and place not in skipped):
            return place
    return len(tokens)


def span_since(tokens: Sequence[Token], last: int, stops: frozenset[str], skipped: frozenset[int] = frozenset()) -> int:
    """Index of the first token of what ends at `last` and begins behind a stop word of its depth or its opening bracket."""
    depth = tokens[last].depth
    for place in range(last, -1, -1):
        token = tokens[place]
        outside = token.depth < depth or (token.depth == depth and token.key in stops and place not in skipped)
        if outside:
            return place + 1
    return 0
