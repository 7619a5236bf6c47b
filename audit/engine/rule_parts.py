"""Takes a rule's SELECT apart: the common tables that judge, and the last SELECT, which words what they found.

The engine asks a rule two things, how many subjects came to which verdict and what it says of those that it flags. With
the common tables in front of both questions they are worked out once, and a message is worded for a flag alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import duckdb

_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")
# Where one of these stands beside it, the last order decides which rows there are.
_ORDER_DECIDES = frozenset({"LIMIT", "OFFSET", "FETCH", "DISTINCT"})


@dataclass(frozen=True, slots=True)
class RuleParts:
    """A SELECT as `tables`, what stands between WITH and the last SELECT ("" where it has none), and `words`, the rest."""

    tables: str
    words: str


def parts_of(sql: str) -> RuleParts:
    """The parts of one SELECT that parses; an order of its rows that decides nothing is left out.

    A query in a form that is not known here is all words, and means the same.
    """
    outer = list(_outer_words(sql))
    text = sql.encode()
    if not outer or outer[0][1] not in ("WITH", "SELECT"):
        return RuleParts("", sql)
    begins, first = next(((at, word) for at, word in outer if word in ("SELECT", "FROM")), (0, ""))
    if first != "SELECT":
        return RuleParts("", sql)
    ends = _end_without_order(outer, begins, len(text))
    tables = text[outer[0][0] + len("WITH") : begins].decode().strip() if outer[0][1] == "WITH" else ""
    return RuleParts(tables, text[begins:ends].decode().strip())


def _end_without_order(outer: list[tuple[int, str]], begins: int, end: int) -> int:
    last = [(at, word) for at, word in outer if at >= begins]
    if any(word in _ORDER_DECIDES for _, word in last):
        return end
    return max((at for (at, word), (_, after) in pairwise(last) if (word, after) == ("ORDER", "BY")), default=end)


def _outer_words(sql: str) -> Iterator[tuple[int, str]]:
    """The keywords that stand in no bracket, in capitals, each with the byte at which it begins."""
    text, depth = sql.encode(), 0
    tokens = duckdb.tokenize(sql)
    for (begins, kind), (ends, _) in pairwise([*tokens, (len(text), None)]):
        token = text[begins:ends].decode().strip()
        if kind == duckdb.token_type.operator:
            depth += (token in _OPENS) - (token in _CLOSES)
        elif kind == duckdb.token_type.keyword and depth == 0:
            yield begins, token.upper()
