"""State and money of each line, settled once: void, denied or live; the basis of the run; discipline."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.oracle_rules.lines import Export, Line, line_of, read_rows
from tests.oracle_rules.payers import Settings

VOID_WORDS = ("void", "voided", "cancelled", "canceled", "deleted", "reversed", "reversal", "replaced", "superseded")
DENIED_WORDS = ("denied", "denial", "rejected", "non covered", "noncovered", "not covered", "zero pay", "no pay")
YES = ("true", "yes", "y", "t", "1", "x")
PLANS = ("GP", "GO", "GN")
CALLINGS = {"2251": "GP", "225200000X": "GP", "225X": "GO", "224Z": "GO", "235Z": "GN"}


def load(path: Path, settings: Settings) -> Export:
    """The export of a CSV under contract names, every line settled."""
    return settled([line_of(row, settings) for row in read_rows(path)], settings)


def settled(lines: list[Line], settings: Settings) -> Export:
    """Voids taken out, denied lines marked, amounts and disciplines set."""
    columns = frozenset(column for line in lines for column, cell in line.cells.items() if cell)
    _mark_voids(lines)
    states_payments = any(line.paid is not None and line.paid > 0 for line in lines)
    audited = [line for line in lines if line.state != "void"]
    has_allowed = any(line.allowed is not None for line in lines)
    for line in audited:
        if _is_denied(line, states_payments, has_allowed):
            line.state = "denied"
    basis = _basis(lines)
    for line in audited:
        line.amount = _amount(line, basis)
        # A blank payment is not paid yet; a blank charge or allowed amount is not known.
        line.amount_known = not line.counts or basis == "paid" or getattr(line, basis) is not None
    _set_disciplines(audited)
    first_days: dict[int, date] = {}
    for line in lines:
        first_days[line.day.year] = min(line.day, first_days.get(line.day.year, date.max))
    excluded = [line for line in lines if line.state == "void"]
    return Export(audited, columns, settings, first_days, excluded, basis)


def _words(status: str | None) -> str:
    return re.sub(r"[^a-z0-9]+", " ", (status or "").lower()).strip()


def _says(status: str | None, beginnings: Iterable[str]) -> bool:
    words = _words(status)
    return any(re.search(rf"\b{beginning}", words) for beginning in beginnings)


def _negative(line: Line) -> bool:
    return any(amount is not None and amount < 0 for amount in (line.charge, line.allowed, line.paid))


def _is_reversal(line: Line) -> bool:
    status = line.cell("claim_status")
    return _words(status) == "22" or _says(status, ("reversal",)) or _negative(line)


def _void_by_itself(line: Line) -> bool:
    flags = (line.cell("is_void"), line.cell("is_deleted"))
    return (
        _says(line.cell("claim_status"), VOID_WORDS)
        or any(flag and flag.lower() in YES for flag in flags)
        or line.cell("claim_frequency_code") == "8"
        or line.cell("void_date") is not None
        or _is_reversal(line)
    )


def _mark_voids(lines: list[Line]) -> None:
    replaced = {line.cell("original_claim_id") for line in lines if line.cell("claim_frequency_code") in ("7", "8")}
    for line in lines:
        if _void_by_itself(line) or line.claim_id in replaced - {None}:
            line.state = "void"
    _mark_reversed(lines)


def _amounts(line: Line, sign: int) -> tuple[Decimal | None, ...]:
    return tuple(None if amount is None else sign * amount for amount in (line.charge, line.allowed, line.paid))


def _mark_reversed(lines: list[Line]) -> None:
    """A reversal takes away the line that it reverses: same claim, patient, date, code, modifiers, opposite amount."""
    waiting = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.id):
        if line.state != "void":
            waiting[_service(line), _amounts(line, 1)].append(line)
    for line in sorted(lines, key=lambda line: line.id):
        if _negative(line) and (matches := waiting[_service(line), _amounts(line, -1)]):
            matches.pop(0).state = "void"


def _service(line: Line) -> tuple[object, ...]:
    return line.claim_id, line.patient, line.day, line.code, frozenset(line.modifiers)


def _is_denied(line: Line, states_payments: bool, has_allowed: bool) -> bool:
    if line.paid is not None and line.paid > 0:
        return False
    status = line.cell("claim_status")
    if _words(status) == "4" or _says(status, DENIED_WORDS):
        return True
    nothing_allowed = not has_allowed or line.allowed == 0
    return states_payments and line.paid == 0 and nothing_allowed and line.units >= 1


def _basis(lines: list[Line]) -> str:
    for basis in ("paid", "allowed"):
        if any((getattr(line, basis) or 0) > 0 for line in lines):
            return basis
    return "charge"


def _amount(line: Line, basis: str) -> Decimal:
    """What the line can put at risk: its basis, or what was paid of a line denied or billed to be denied."""
    value = line.paid if line.state == "denied" or line.to_be_denied else getattr(line, basis)
    return max(value or Decimal(0), Decimal(0))


def _set_disciplines(lines: list[Line]) -> None:
    seen: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for line in lines:
        line.discipline = next((m for m in PLANS if line.has(m)), None)
        if line.discipline:
            seen[line.patient, line.day, line.practice].add(line.discipline)
    treated: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for line in lines:
        if known := line.discipline or _calling(line):
            treated[line.patient, line.day, line.practice].add(known)
    for line in lines:
        only = seen[line.patient, line.day, line.practice]
        if line.discipline is not None:
            continue
        # Where several disciplines treated, who gave a line tells whose it is.
        if len(treated[line.patient, line.day, line.practice]) > 1 and _calling(line):
            line.discipline = _calling(line)
        elif len(only) == 1:
            line.discipline = next(iter(only))


def _calling(line: Line) -> str | None:
    """The discipline that the therapist's taxonomy names."""
    return next((plan for start, plan in CALLINGS.items() if line.taxonomy.startswith(start)), None)
