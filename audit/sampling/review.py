"""A filled worksheet in, one answer for each unit of the sample out. A blank is refused, and so is anything that was changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from importlib import import_module
from pathlib import Path
from typing import Any

from audit.errors import InputError
from audit.intake.formats.workbook import check_workbook
from audit.sampling import design, generator, worksheet
from audit.sampling.design import Row, Sample
from audit.sampling.draw import seed_of
from audit.sampling.frame import KEYS
from audit.sampling.worksheet import FOUND, NOT_FOUND, NOT_OF_THE_FRAME, RECORDS, SAMPLE, SPARES

Cells = Mapping[str, Any]
_NAMED = 10
_CENT = Decimal("0.01")
_ANSWERS = ("record", "error", "allowed_amount", "reason")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A unit as it was reviewed: examined is what the run has, audited what is right."""

    row: Row
    audited: Decimal
    is_error: bool
    is_missing: bool
    reason: str

    @property
    def difference(self) -> Decimal:
        """Examined less audited: the overpayment; below zero where too little was paid."""
        return self.row.amount - self.audited


@dataclass(frozen=True, slots=True)
class Replaced:
    """A unit that was not of the frame, the spare that stands for it, and why."""

    row: Row
    spare: Row
    reason: str


@dataclass(frozen=True, slots=True)
class Review:
    """All answers, stratum by stratum, with the units that spares stand for."""

    sample: Sample
    strata: tuple[tuple[Reviewed, ...], ...]
    replaced: tuple[Replaced, ...]

    @property
    def reviewed(self) -> tuple[Reviewed, ...]:
        """The units of all strata."""
        return tuple(one for stratum in self.strata for one in stratum)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a sheet, and how a message names it."""

    where: str
    cells: Cells

    def text(self, name: str) -> str:
        """A cell as text, without the spaces about it; a whole number without its point."""
        value = self.cells[name]
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return "" if value is None else str(value).strip()

    @property
    def is_blank(self) -> bool:
        """Whether nobody has answered anything."""
        return not any(self.text(name) for name in _ANSWERS)


class _FaultError(Exception):
    """What is wrong with an answer."""


def read(path: Path) -> Review:
    """The review in a worksheet, its sample.json beside it. Raises InputError, which names each row at fault."""
    sample = design.read(path.parent)
    _drawn_again(sample, path.parent / design.NAME)
    lines = _lines(path, sample)
    faults, strata, replaced = list[str](), list[tuple[Reviewed, ...]](), list[Replaced]()
    for number in range(1, len(sample.strata) + 1):
        spares = iter(sample.of(number, spares=True))
        found = []
        for row in sample.of(number, spares=False):
            try:
                found.append(_answer(row, spares, lines, replaced))
            except _FaultError as fault:
                faults.append(str(fault))
        strata.append(tuple(found))
    if faults:
        more = f"\n... and {len(faults) - _NAMED:,} more." if len(faults) > _NAMED else ""
        raise InputError(
            f"{path.name} is not reviewed to the end:\n" + "\n".join(faults[:_NAMED]) + more,
            "A blank is not an answer. Fill these in and estimate again.",
        )
    return Review(sample, tuple(strata), tuple(replaced))


def is_answered(path: Path) -> bool:
    """Whether anybody has answered anything in a worksheet; False where it cannot be read."""
    try:
        lines = _lines(path, design.read(path.parent))
    except InputError:
        return False
    return any(not line.is_blank for line in lines.values())


def _answer(row: Row, spares: Iterator[Row], lines: Mapping[int, _Line], replaced: list[Replaced]) -> Reviewed:
    """What was found of a unit, or of the spare that stands for it: a spare may itself not be of the frame."""
    line = lines[row.drawn]
    record = line.text("record").lower() or FOUND
    if line.is_blank:
        raise _FaultError(f"{line.where}: not reviewed.")
    if record not in RECORDS:
        raise _FaultError(f"{line.where}: record is none of {', '.join(RECORDS)}.")
    if record != NOT_OF_THE_FRAME:
        return _missing(row, line) if record == NOT_FOUND else _found(row, line)
    if not line.text("reason"):
        raise _FaultError(f"{line.where}: not of the frame, and no reason is stated.")
    if line.text("error") or line.text("allowed_amount"):
        raise _FaultError(f"{line.where}: not of the frame, and yet answered.")
    spare = next(spares, None)
    if spare is None:
        raise _FaultError(f"{line.where}: not of the frame, and no spare is left to take its place.")
    replaced.append(Replaced(row, spare, line.text("reason")))
    return _answer(spare, spares, lines, replaced)


def _missing(row: Row, line: _Line) -> Reviewed:
    """A record that cannot be shown supports nothing: an error in full."""
    if line.text("error").lower() not in ("", "yes") or (line.text("allowed_amount") and _amount(line) != 0):
        raise _FaultError(f"{line.where}: a record that is not found is an error in full; leave error and allowed amount blank.")
    return Reviewed(row, Decimal("0.00"), True, True, line.text("reason"))


def _found(row: Row, line: _Line) -> Reviewed:
    blank = [name.replace("_", " ") for name in ("error", "allowed_amount") if not line.text(name)]
    if blank:
        raise _FaultError(f"{line.where}: {' and '.join(blank)} {'is' if len(blank) == 1 else 'are'} blank.")
    error, audited = line.text("error").lower(), _amount(line)
    if error not in ("yes", "no"):
        raise _FaultError(f"{line.where}: error is neither yes nor no.")
    if error == "no" and audited != row.amount:
        raise _FaultError(f"{line.where}: error is no, and yet the allowed amount is not the amount.")
    return Reviewed(row, audited, error == "yes", False, line.text("reason"))


def _amount(line: _Line) -> Decimal:
    text = line.text("allowed_amount").replace("$", "").replace(",", "")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise _FaultError(f"{line.where}: allowed amount is no amount.") from None
    if not amount.is_finite() or amount < 0:
        raise _FaultError(f"{line.where}: allowed amount is not 0 or more.")
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _drawn_again(sample: Sample, path: Path) -> None:
    """Draw again from the seeds: what sample.json lists must be what they give."""
    for number, one in enumerate(sample.strata, start=1):
        drawn = generator.single_stage(seed_of(one.seed), 1, one.universe, len(one.numbers), len(one.spares))
        listed = tuple(tuple(row.place for row in sample.of(number, spares)) for spares in (False, True))
        if drawn != (one.numbers, one.spares) or drawn != listed:
            raise InputError(f"{path}: the rows listed are not those that its seeds draw.", "Bring the first version back.")


def _lines(path: Path, sample: Sample) -> dict[int, _Line]:
    """The rows of both sheets by the number drawn, each proven to be the unit that was drawn."""
    calamine: Any = import_module("python_calamine")
    try:
        check_workbook(path, path.name)
        book = calamine.load_workbook(str(path))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in (SAMPLE, SPARES)}
    except FileNotFoundError:
        raise InputError(f"{path} is not there.", "Give the sample.xlsx that 'claims-audit sample' wrote.") from None
    except (calamine.CalamineError, OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{path} cannot be read as a worksheet of a sample.", "Save it as .xlsx, with its sheets' names."
        ) from error
    lines = dict[int, _Line]()
    rows = {row.drawn: row for row in sample.rows}
    for name, cells in sheets.items():
        for line in _of_sheet(path, name, cells, sample):
            drawn = _drawn(line)
            if drawn not in rows or drawn in lines or rows[drawn].is_spare != (name == SPARES):
                raise InputError(f"{line.where}: this row was not drawn, or stands twice.", _AS_DRAWN)
            _same(line, rows[drawn], sample)
            lines[drawn] = line
    lost = sorted(rows.keys() - lines.keys())
    if lost:
        raise InputError(
            f"{path.name}: {len(lost):,} rows that were drawn are gone, the first of them drawn {lost[0]:,}.", _AS_DRAWN
        )
    return lines


_AS_DRAWN = "Every row that was drawn stays, as it was drawn; only the yellow columns are filled in."


def _of_sheet(path: Path, name: str, rows: Sequence[Sequence[Any]], sample: Sample) -> Iterator[_Line]:
    wanted = [column for column, _ in worksheet.columns(sample)]
    heads = [str(cell).strip().replace(" ", "_") for cell in rows[0]] if rows else []
    if not {*wanted} <= {*heads}:
        lost = next(column for column in wanted if column not in heads)
        raise InputError(f"{path.name}: sheet {name} has no column {lost.replace('_', ' ')} any more.", _AS_DRAWN)
    places = {column: heads.index(column) for column in wanted}
    for number, row in enumerate(rows[1:], start=2):
        cells = {column: row[at] for column, at in places.items()}
        if any(value not in ("", None) for value in cells.values()):
            yield _Line(f"sheet {name}, row {number}", cells)


def _drawn(line: _Line) -> int | None:
    value = line.cells["drawn"]
    return int(value) if isinstance(value, int | float) and int(value) == value else None


def _same(line: _Line, row: Row, sample: Sample) -> None:
    """Raise InputError where amount, number or keys of a unit are not as they were drawn."""
    amount, number = line.cells["amount"], line.cells["number"]
    is_same = isinstance(amount, int | float) and Decimal(str(amount)).quantize(_CENT) == row.amount and number == row.number
    keys = zip(KEYS[sample.frame.unit], row.key, strict=True)
    if not is_same or any(line.text(name) != worksheet.shown(key).strip() for name, key in keys):
        raise InputError(f"{line.where}: amount, number or keys are not as they were drawn.", _AS_DRAWN)
