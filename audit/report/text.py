"""Numbers, dates and foreign text as a reader meets them. Every value of the report passes through here once.

Text that comes from an export (notes, payer names, file names) is hostile: `clean` makes control characters and
direction overrides visible and cuts what is endless. Markup is left alone; the template escapes it.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

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
    "cms": "total time (CMS)",
    "ama": "each code alone (CPT midpoint)",
    "either": "either method",
    "paid_amount": "amount paid",
    "allowed_amount": "amount allowed",
    "charge_amount": "amount charged",
}
_SUBJECTS = {
    "line": ("claim line", "claim lines"),
    "visit": ("visit", "visits"),
    "patient": ("patient", "patients"),
    "provider": ("provider", "providers"),
}
# What a rule counts where that is a day and not the line or provider that its findings stand on.
_DAYS = {"days": ("provider day", "provider days"), "patient-days": ("patient day", "patient days")}


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


def count(value: int) -> str:
    """A whole number with thousands marked: 12480 -> "12,480"."""
    return f"{value:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun: (1, "visit") -> "1 visit", (2, "visit") -> "2 visits"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def subject(rule: Mapping[str, object], number: int = 2) -> str:
    """What a rule counts, in words: "claim lines", "visits", "providers", or the days that its denominator speaks of."""
    name, denominator = clean(rule.get("subject")), clean(rule.get("denominator"))
    one, many = _DAYS.get(denominator.split(" ")[0]) or _SUBJECTS.get(name, (name, name + "s"))
    return one if number == 1 else many


def in_sentence(title: str) -> str:
    """A title as it stands within a sentence: "A timed code" -> "a timed code"; names and abbreviations keep their letters."""
    word = title.split(" ", maxsplit=1)[0]
    proper = word == "Medicare" or (len(word) > 1 and not word[1:].islower())
    return title if proper else title[:1].lower() + title[1:]


def first_sentence(text: str) -> str:
    """The first sentence of a text, without its full stop."""
    return re.split(r"\. (?=[A-Z])", text, maxsplit=1)[0].rstrip(".")


def words(name: object) -> str:
    """A stored name as words: "workers_comp" -> "workers comp", "cms" -> "total time (CMS)"."""
    text = clean(name)
    return _WORDS.get(text, text.replace("_", " "))


def decimal(value: object) -> Decimal:
    """An amount of the manifest ("123.45") or of a table as Decimal; absent is 0.00."""
    if value is None or value == "":
        return Decimal("0.00")
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal("0.00")


def money(value: object) -> str:
    """Dollars with cents: "1234.5" -> "$1,234.50"; absent is a dash, a negative has its sign before the dollar."""
    if value is None or value == "":
        return DASH
    amount = decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    sign = "\u2212" if amount < 0 else ""
    return f"{sign}${abs(amount):,.2f}"


def number(value: object) -> str:
    """Units or minutes without useless zeros: "3.00" -> "3"; absent is a dash."""
    if value is None or value == "":
        return DASH
    text = f"{decimal(value):,f}"
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


def day(value: object) -> str:
    """A date as ISO text, for a date or its text; absent is a dash."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return clean(value)[:10] or DASH


def moment(value: object) -> str:
    """A stored UTC time: "2026-01-05T06:00:00Z" -> "2026-01-05 06:00 UTC"."""
    text = clean(value)
    return f"{text[:10]} {text[11:16]} UTC" if len(text) >= 16 else text


def size(value: object) -> str:
    """Bytes as kB or MB (powers of ten)."""
    amount = int(decimal(value))
    if amount < 1_000:
        return f"{amount} B"
    return f"{amount / 1_000:,.0f} kB" if amount < 1_000_000 else f"{amount / 1_000_000:,.1f} MB"
