"""Rows of a printed report that are no claims: repeated headers, titles, captions, totals, footers, rules.

What a row is, is told from its cells alone, and only rows that cannot be read as claims are asked about.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from audit.intake.columns.headers import candidates
from audit.intake.columns.names import normalized
from audit.intake.columns.shapes import is_blank

HEADER, TITLE, TOTAL, AMOUNTS, FOOTER, RULE, CAPTION = "header", "title", "total", "amounts", "footer", "rule", "caption"
# Amounts behind some word: its total, whatever the word and its language, where the rows above add up to them.
NAMED = "named"
_SAID = {
    HEADER: ("row repeats the header line", "rows repeat the header line"),
    TITLE: ("row repeats a title line", "rows repeat title lines"),
    TOTAL: ("row states totals", "rows state totals"),
    FOOTER: ("row is a footer of the report", "rows are footers of the report"),
    RULE: ("row is a ruled line", "rows are ruled lines"),
    CAPTION: ("row is a caption", "rows are captions"),
}

_LABEL = (
    r"(rendering|referring|billing|primary|secondary|servicing|treating|attending|supervising)?\s*"
    r"(providers?|therapists?|clinicians?|practitioners?|doctors?|dr|physicians?|staff|employees?|locations?|sites?|facility|"
    r"facilities|clinics?|offices?|practices?|departments?|dept|payers?|payors?|insurances?|carriers?|plans?|financial class|"
    r"class|groups?|disciplines?|cost cent(er|re)|region|cases?|batch|npi|tax id|month|week|period|date of service|"
    r"service date|dos|date range|report|run)"
)
_MONTH = re.compile(
    r"(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)"
    r"\.?([\s,/'\-]+(\d{4}|\d{2}))?|\d{4}[-/.](0?[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.]\d{4}|[12]\d{3}[\s-]*q[1-4]|q[1-4][\s-]*[12]\d{3}",
    re.IGNORECASE,
)
_PERSON = r"(patients?|clients?|members?|accounts?|acct|subscribers?|names?|mrn|chart)"
_CAPTION = re.compile(rf"{_LABEL}\s*(name|id|no|number)?\s*[.#]?\s*(:.*|-\s.*)?", re.IGNORECASE | re.DOTALL)
_CAPTION_OF_PERSON = re.compile(rf"{_PERSON}\s*(name|id|no|number)?\s*[.#]?\s*(:.*|-\s.*)", re.IGNORECASE | re.DOTALL)
_TOTAL = re.compile(
    r"[\s*=-]*((grand|report|sub|page|overall|final|running|file|batch|claims?|lines?|days?|daily|patients?|clients?|providers?|"
    r"therapists?|payers?|insurance|location|visits?|charges?|payments?)[\s-]*){0,2}(totals?|sum)\b.*|[^.]{0,80}\b(sub)?totals?\s*:?",
    re.IGNORECASE | re.DOTALL,
)
_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
_FOOTER = re.compile(
    r"[\s*=\-<(\[]*(page\s*:?\s*\d+(\s*(of|/)\s*\d+)?|\d+\s*(of|/)\s*\d+\s*pages?"
    r"|end of (the )?(report|file|data|list|export|document|page)|end report|report end|no more (records|rows|data)"
    r"|(report |list |file |data )?(generated|printed|created|exported|produced|prepared|run|compiled)"
    r"\s*(date|time|on|by|at|from|:)+.*"
    rf"|(as of|report date|print date|run date|date (printed|run))\b.*|{_DATE}(\s.*)?page\s*\d+.*"
    r"|(total )?(number of |count of |# of )?(records?|rows?|lines?|claims?|items?|entries|visits?|charges?)"
    r"( (count|exported|printed|listed|returned|found|selected|total))*\s*[:=]?\s*[\d,]+"
    r"|(record |row |line |claim |item |visit )?counts?\s*[:=]?\s*[\d,]+"
    r"|[\d,]+\s+(records?|rows?|lines?|claims?|items?|entries|visits?|charges?|results?)"
    r"( (exported|printed|listed|returned|found|selected|total|affected|in total))*"
    r"|(\(c\)|\u00a9|copyright|confidential|all rights reserved).*|continued.*|\(?cont('?d|inued)\.?\)?)[\s*=\->)\].]*",
    re.IGNORECASE | re.DOTALL,
)
_RULED = re.compile(r"[\s\-=_*#~.+|\u2014\u2013]{3,}")
_NUMBER = re.compile(r"[-(]?\s*+(?:\$\s*+)?-?(?:[\d,]*\.\d+|[\d,]*\d)\s*+[-)%]?")
_CODE = re.compile(r"\d{4}[0-9A-Z]|[A-V]\d{4}", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][^\d]*(\([^)]*\))?")
# No sum of the rows above, nor a claim.
_AVERAGE = re.compile(r"[\s*=-]*(average|avg|mean|median)\b[^,;]{0,40}", re.IGNORECASE)
_MOST_WORDS_OF_TOTAL = 3
_MOST_CELLS_OF_CAPTION = 4


def passed_over(what: str, rows: int) -> str:
    """So many rows of a kind, in words: "2 rows repeat the header line and were passed over"."""
    one, more = _SAID[what]
    return f"1 {one} and was passed over" if rows == 1 else f"{rows:,} {more} and were passed over"


def line_of(cells: Sequence[str]) -> str:
    """A row in one line without case, blanks and punctuation, to tell it again by."""
    return normalized("".join(cells))


@dataclass(frozen=True, slots=True)
class Structure:
    """A file's header, the titles above it, and whether it holds prose: then a line without delimiters may be a note's."""

    headers: tuple[str, ...]
    titles: Collection[str] = frozenset()
    has_prose: bool = False

    def what_is(self, cells: Sequence[str]) -> str | None:
        """What a row is that is no claim; None where it may be one that cannot be read."""
        filled = [(place, cell.strip()) for place, cell in enumerate(cells) if not is_blank(cell)]
        if not filled:
            return RULE if any(cell.strip() for cell in cells) else None
        if self._has_code(filled):
            return None
        is_narrow = len(cells) < len(self.headers)
        texts = [text for _, text in filled]
        words = [text for text in texts if not _NUMBER.fullmatch(text)]
        kinds = (
            (HEADER, self._repeats_header(filled)),
            (RULE, all(map(_RULED.fullmatch, texts))),
            (TITLE, line_of(texts) in self.titles),
            (FOOTER, len(words) == 1 and _AVERAGE.fullmatch(texts[0])),
            (AMOUNTS, not words and not is_narrow),
            (FOOTER, words and (_FOOTER.fullmatch(" ".join(texts)) or all(map(_FOOTER.fullmatch, texts)))),
            (TOTAL, words and _is_total(texts, words)),
            (NAMED, len(cells) == len(self.headers) and _are_amounts_of_a_name(texts)),
            (CAPTION, words and self._is_caption(filled, is_narrow=is_narrow)),
        )
        return next((kind for kind, holds in kinds if holds), None)

    def _has_code(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Whether a code stands where codes stand: then a claim is meant, whatever is wrong with it."""
        places = _places_of_codes(self.headers)
        return any(place in places and _CODE.fullmatch(text) for place, text in filled)

    def _repeats_header(self, filled: Sequence[tuple[int, str]]) -> bool:
        names = [place < len(self.headers) and normalized(text) == normalized(self.headers[place]) for place, text in filled]
        return sum(names) >= 2 and 2 * sum(names) > len(filled)

    def _is_caption(self, filled: Sequence[tuple[int, str]], *, is_narrow: bool) -> bool:
        place, text = filled[0]
        if len(filled) > _MOST_CELLS_OF_CAPTION or place > 1:
            return False
        has_name = ":" in text or len(filled) > 1
        if _CAPTION.fullmatch(text) and has_name:
            return True
        if is_narrow and self.has_prose:
            return False
        if _CAPTION_OF_PERSON.fullmatch(text):
            return True
        is_words = any(sign.isalpha() for sign in text) and (" " in text or ":" in text)
        if is_narrow and len(filled) > 1:  # a name with a comma in it
            return text.isalpha() and all(_NAME.fullmatch(one) for _, one in filled)
        return len(filled) == 1 and is_words and not _CODE.search(text)


@lru_cache(maxsize=8)
def _places_of_codes(headers: tuple[str, ...]) -> frozenset[int]:
    return frozenset(option.index for option in candidates(headers).get("procedure_code", ()))


def _is_total(texts: Sequence[str], words: Sequence[str]) -> bool:
    if len(words) > _MOST_WORDS_OF_TOTAL:
        return False
    return any(_TOTAL.fullmatch(word) for word in words[:2]) and (len(texts) > len(words) or len(texts) == 1)


def _are_amounts_of_a_name(texts: Sequence[str]) -> bool:
    """Whether numbers stand behind one word or name: one with a digit may be a claim's, but for months and counts of rows."""
    name, *numbers = texts
    is_name = any(one.fullmatch(name) for one in (_MONTH, _NAME, _FOOTER))
    return is_name and bool(numbers) and all(map(_NUMBER.fullmatch, numbers))


def holds_prose(sample: Sequence[Sequence[str]]) -> bool:
    """Whether some column of the sampled rows holds sentences; what stands alone in its row as a caption does is none."""
    rows = (row for row in sample if not (len(row) == 1 and _CAPTION_OF_PERSON.fullmatch(row[0])))
    return any(cell.count(" ") >= 3 and len(cell) > 20 for row in rows for cell in row)
