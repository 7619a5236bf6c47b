"""Numbers, dates and foreign text as a reader meets them. Every value of the report passes through here once.

Text that comes from an export (notes, payer names, file names) is hostile: `clean` makes control characters and
direction overrides visible and cuts what is endless. It is called where a run is read (stored/), and what the sections
hold is clean already; `brief` only shortens. Markup is left alone; the template escapes it.
"""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from audit import terms

DASH = "\u2013"
LIMIT = 400
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\uffff]")
_BLANK = re.compile(r"\s+")
_WORDS = {
    "medicare_ffs": "Medicare (fee for service)",
    "medicare_advantage": "Medicare Advantage",
    "medicaid": "Medicaid",
    "tricare": "TRICARE",
    "va": "VA",
    "blues": "Blue Cross Blue Shield",
    "workers_comp": "workers' compensation",
    "self_pay": "self-pay",
    "cms": "total time (CMS)",
    "ama": "each code alone (CPT midpoint)",
    "either": "either method",
    "paid_amount": "amount paid",
    "allowed_amount": "amount allowed",
    "charge_amount": "amount charged",
}
_CUT = re.compile(r"\u2026 \((?P<size>[\d,]+) characters\)\Z")


def clean(value: object, limit: int = LIMIT) -> str:
    """Any value as one line of safe text of at most `limit` characters; hidden characters become visible marks."""
    if value is None:
        return ""
    text = str(value)
    size = len(text)
    text = _BLANK.sub(" ", text[: limit * 4]).strip()
    text = _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    if size > limit:
        return f"{text[:limit]}… ({size:,} characters)"
    return text


def brief(text: str, limit: int) -> str:
    """Clean text cut at `limit` characters, with the size of the whole where it is cut."""
    if len(text) <= limit:
        return text
    cut_before = _CUT.search(text)
    return f"{text[:limit]}\u2026 ({cut_before['size'] if cut_before else f'{len(text):,}'} characters)"


def count(value: int) -> str:
    """A whole number with thousands marked: 12480 -> "12,480"."""
    return f"{value:,}"


plural = terms.plural


def first_sentence(text: str) -> str:
    """The first sentence of a text, without its full stop."""
    return re.split(r"\. (?=[A-Z])", text, maxsplit=1)[0].rstrip(".")


def words(name: str | None) -> str:
    """A stored name as words: "workers_comp" -> "workers comp", "cms" -> "total time (CMS)"; absent is nothing."""
    text = name or ""
    return _WORDS.get(text, text.replace("_", " "))


def money(amount: Decimal | None) -> str:
    """Dollars with cents: 1234.50 -> "$1,234.50"; absent is a dash, a negative has its sign before the dollar."""
    if amount is None:
        return DASH
    amount = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    sign = "\u2212" if amount < 0 else ""
    return f"{sign}${abs(amount):,.2f}"


def number(value: Decimal | int | None) -> str:
    """Units or minutes without useless zeros: 3.00 -> "3"; absent is a dash."""
    if value is None:
        return DASH
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rate(part: int, whole: int) -> str:
    """Share as a percentage with one decimal, which never shows 0 or 100 when it is not; no whole is a dash."""
    if whole <= 0:
        return DASH
    if part <= 0:
        return "0 %"
    if part >= whole:
        return "100 %"
    percent = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if percent < Decimal("0.1"):
        return "< 0.1 %"
    if percent > Decimal("99.9"):
        return "> 99.9 %"
    return f"{percent} %"


def day(value: date | None) -> str:
    """A date as ISO text; absent is a dash."""
    return DASH if value is None else value.isoformat()


def moment(value: datetime) -> str:
    """A stored UTC time: 2026-01-05T06:00:00Z -> "2026-01-05 06:00 UTC"."""
    return f"{value:%Y-%m-%d %H:%M} UTC"


def size(amount: int) -> str:
    """Bytes as kB or MB (powers of ten)."""
    if amount < 1_000:
        return f"{amount} B"
    return f"{amount / 1_000:,.0f} kB" if amount < 1_000_000 else f"{amount / 1_000_000:,.1f} MB"
