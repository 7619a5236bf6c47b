"""What the cells under a known header may say against it: shares that are no amounts, flags, words, another kind of id.

Each test looks at the first rows only and gives the reason in words, "" where nothing speaks against the header. It is asked
of headers that intake chose by their name; one that the user names is read as it stands.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audit.contract import BY_NAME, Kind
from audit.intake.columns.body_words import names_body_areas
from audit.intake.columns.code_words import read_code
from audit.intake.columns.shapes import are_mostly_of_medicine, cells_of, is_date, is_mbi, share_of_shape
from audit.intake.columns.status_words import says_a_state

_NEARLY_ALL = 0.9
_FLAG = re.compile(r"(?i)\s*([01](\.0)?|true|false|t|f|yes|no|y|n)\s*")
_FLAG_SET = re.compile(r"(?i)\s*(1(\.0)?|true|t|yes|y)\s*")
_ACTIVITY = re.compile(
    r"(?i)\s*([01](\.0)?|true|false|t|f|yes|no|y|n|a|i|d|v|active|inactive|deleted|voided|void|archived|valid|current)\s*"
)
# Of a note its state, where its words should be.
_STATE_OF_NOTE = re.compile(
    r"(?i)\s*((un|co-?)?signed( off)?|drafts?|(in)?completed?|done|final(i[sz]ed)?|pending|(un)?locked|open|closed"
    r"|missing|in progress|not started|on file|attached|submitted|approved|[01]|true|false|t|f|yes|no|y|n|x|\d+)\s*"
)
# How a mark is set besides, and a date as databases write it.
_MARK_SET = re.compile(r"(?i)\s*([x*\u2713\u2714\u2610\u2611\u2612]|-1|(19|20)\d{6}|0+[/-]0+[/-]0+.*)\s*")
_REVERSED = re.compile(r"(?i)\s*(r|rev|revers(al|ed)|o|orig(inal)?)\.?\s*")
_SERIAL_DAY = re.compile(r"\s*4\d{4}(\.0)?\s*")
_AMOUNT = re.compile(r"\s*(\(?-?\s*\$.*|\(?-?[\d,]*\.\d{2}-?\)?|[\d,]{3,}(\.0)?)\s*")
_RECORD = re.compile(r"\s*\d+(\.0)?\s*")
_REASON_CODE = re.compile(
    r"(?i)\W*(CAS\W)?((CO|PR|OA|PI|CR)[\W_]{0,5}0*([1-9][0-9]{0,2}|[ABP][0-9]{1,2})|(MA?|N)[0-9]{1,3})\b(\W.*)?",
    re.DOTALL,
)
_PERCENT = re.compile(r"\s*-?\d+(\.\d+)?\s*%\s*")
_FEWEST_PARTS = 5
_PART = re.compile(r"\s*(0?\.\d+|[01](\.0*)?)\s*")
# An electronic payer id is five signs, and a few are a little longer; a member's number is longer or runs with the patient.
_PAYER_ID = re.compile(r"[A-Za-z0-9]{2,6}")
_LONG_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{7,}")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the file as a test sees it: its header, its filled cells, and how many patients they belong to."""

    header: str
    cells: Sequence[str]
    patients: Sequence[str] = ()


def against(name: str, field: Field, told_by_value: bool = False) -> str:
    """Why a field is not the contract column, "" where nothing says so. `told_by_value`: its header fits two columns."""
    tests = _TESTS.get(name) or _BY_KIND.get(BY_NAME[name].kind, ())
    for test in tests:
        if reason := test(field):
            return reason
    return _BY_VALUE[name](field) if told_by_value and name in _BY_VALUE else ""


def field_of(headers: Sequence[str], sample: Sequence[Sequence[str]], index: int, patient: int | None = None) -> Field:
    """A field of a file's sample; `patient` is the field of the patients' numbers, where it is known."""
    patients: tuple[str, ...] = ()
    if patient is not None:
        patients = tuple(row[patient] for row in sample if max(index, patient) < len(row) and row[index].strip())
    return Field(headers[index], cells_of(sample, index), patients)


def _is_share(field: Field) -> str:
    return _is_percent(field) or ("holds parts of one and no amounts" if _are_parts(field.cells) else "")


def _is_percent(field: Field) -> str:
    return "is a share in percent and no amount" if "%" in field.header or _most(field.cells, _PERCENT) else ""


def _are_parts(cells: Sequence[str]) -> bool:
    """Whether all cells are parts of one (0.56, 0.8): nobody pays less than a dollar for each of several services."""
    if not all(map(_PART.fullmatch, cells)):
        return False
    parts = [float(cell) for cell in cells if float(cell) > 0]
    return len(parts) >= _FEWEST_PARTS and min(parts) < 1


def _is_number_sign(field: Field) -> str:
    return "is a number by its # and no amount" if "#" in field.header else ""


def _is_flag(field: Field) -> str:
    """Of noughts alone, or of a single 1, nothing is told: a claim that was denied throughout has such payments."""
    cells = field.cells
    worded = bool(cells) and all(_FLAG.fullmatch(cell) and not any(sign.isdigit() for sign in cell) for cell in cells)
    numbered = len(cells) > 1 and all(map(_FLAG.fullmatch, cells)) and any(map(_FLAG_SET.fullmatch, cells))
    return "holds only yes or no (1 or 0) and no amounts" if worded or numbered else ""


def _is_word(field: Field) -> str:
    worded = sum(not any(sign.isdigit() for sign in cell) for cell in field.cells)
    return "holds words and no numbers" if field.cells and worded >= _NEARLY_ALL * len(field.cells) else ""


def _is_dates(field: Field) -> str:
    dated = sum(is_date(cell) for cell in field.cells)
    return "holds dates and no amounts" if field.cells and dated >= _NEARLY_ALL * len(field.cells) else ""


def _is_no_area(field: Field) -> str:
    if any(word in field.header.casefold() for word in ("body", "treat")):
        return ""
    return "" if names_body_areas(field.cells) else "names no area of the body"


def _is_no_mark(field: Field) -> str:
    """An activity may be a sort of visit, and "Active" a patient's state; a mark is a flag, or a date of its own."""
    return "" if all(map(_is_mark, field.cells)) else "is no mark of a row that is dead"


def _is_no_mark_of_void(field: Field) -> str:
    """The same; "R" and "O" say besides which row reverses and which is the original."""
    marks = all(_is_mark(cell) or _REVERSED.fullmatch(cell) is not None for cell in field.cells)
    return "" if marks else "is no mark of a row that is dead"


def _is_mark(cell: str) -> bool:
    return is_date(cell) or _ACTIVITY.fullmatch(cell) is not None or _MARK_SET.fullmatch(cell) is not None


def _is_member_id(field: Field) -> str:
    """Members' numbers are long, or as many as there are patients; payers' are short and few."""
    cells = [cell.strip() for cell in field.cells]
    long = sum(_LONG_ID.fullmatch(cell) is not None or is_mbi(cell) for cell in cells)
    if cells and 2 * long > len(cells):
        return "holds members' numbers and no payer ids"
    several = len(set(field.patients)) > 2
    if several and len(set(cells)) >= len(set(field.patients)):
        return "holds as many numbers as there are patients, so no payer ids"
    few = len(set(cells)) < max(2, len(cells))
    return "" if few and all(map(_PAYER_ID.fullmatch, cells)) else "may hold members' numbers as well as payer ids"


def _is_payer_id(field: Field) -> str:
    return "" if _is_member_id(field).startswith("holds") else "may hold payer ids as well as members' numbers"


def _is_state_of_note(field: Field) -> str:
    states = sum(is_date(cell) or _STATE_OF_NOTE.fullmatch(cell) is not None for cell in field.cells)
    return "says what became of a note and not what stands in it" if field.cells and states == len(field.cells) else ""


def _is_code_itself(field: Field) -> str:
    """A column under "CPT/Modifier" may hold modifiers alone, or each code with its modifiers behind it."""
    fits, share = share_of_shape("procedure_code", field.cells)
    return "holds procedure codes themselves" if fits and share >= _NEARLY_ALL else ""


def _is_no_code(field: Field) -> str:
    fits, _ = share_of_shape("procedure_code", field.cells)
    return (
        "" if fits == len(field.cells) and are_mostly_of_medicine(field.cells) else "holds other codes than those of procedures"
    )


def _is_no_date(field: Field) -> str:
    """From and to may be clock times, places or payers as well."""
    dated = sum(is_date(cell) for cell in field.cells)
    return "" if field.cells and dated >= _NEARLY_ALL * len(field.cells) else "holds no dates"


def _is_no_diagnosis(field: Field) -> str:
    """A system's own number of a diagnosis goes by the same header; a code begins with a letter."""
    return "holds numbers of records and no codes" if _most(field.cells, _RECORD) else ""


def _is_no_mark_of_denial(field: Field) -> str:
    """What was denied may be an amount or a number of units, and who denied it a name; noughts and ones are a flag."""
    dated = "date" in field.header.casefold()
    marks = sum(
        _FLAG.fullmatch(cell) is not None
        or (dated and _SERIAL_DAY.fullmatch(cell) is not None)
        or _MARK_SET.fullmatch(cell) is not None
        or is_date(cell)
        or (says_a_state(cell) and not cell.strip().isdecimal())
        for cell in field.cells
    )
    return "" if marks >= _NEARLY_ALL * len(field.cells) else "is no mark of lines that were denied"


def is_reason_code(cell: str) -> bool:
    """Whether a cell is a reason of an adjustment behind its group, or a remark: "CO-45", "N115"."""
    return _REASON_CODE.fullmatch(cell) is not None


def _is_no_reason_code(field: Field) -> str:
    return "" if _most(field.cells, _REASON_CODE) else "holds other codes than the 835's of adjustments"


def _is_no_state(field: Field) -> str:
    known = sum(map(says_a_state, field.cells))
    return "" if 2 * known > len(field.cells) else "says nothing of what became of a claim"


def _is_no_profession(field: Field) -> str:
    known = sum(read_code("rendering_taxonomy", cell) is not None for cell in field.cells)
    return "" if field.cells and known >= _NEARLY_ALL * len(field.cells) else "names other things than professions"


def _is_no_order(field: Field) -> str:
    """What a payer is responsible for may be an amount, and stands beside noughts of other lines."""
    return "holds amounts and no order of coverage" if any(map(_AMOUNT.fullmatch, field.cells)) else ""


def _most(cells: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return bool(cells) and sum(pattern.fullmatch(cell) is not None for cell in cells) >= _NEARLY_ALL * len(cells)


_Test = Callable[[Field], str]
_BY_KIND: dict[Kind, tuple[_Test, ...]] = {
    Kind.MONEY: (_is_share, _is_number_sign, _is_flag, _is_dates, _is_word),
    Kind.UNITS: (_is_percent, _is_word),
    Kind.MINUTES: (_is_percent, _is_word),
}
_TESTS: dict[str, tuple[_Test, ...]] = {
    "body_region": (_is_no_area,),
    "claim_line_number": (_is_word,),
    "denial_mark": (_is_no_mark_of_denial,),
    "note_text": (_is_state_of_note,),
    "payer_sequence": (_is_no_order,),
    **{column: (_is_code_itself,) for column in BY_NAME if column.startswith("modifier_")},
}
_BY_VALUE: dict[str, _Test] = {
    "payer_id": _is_member_id,
    "member_id": _is_payer_id,
    "is_deleted": _is_no_mark,
    "is_void": _is_no_mark_of_void,
    "claim_status": _is_no_state,
    "line_status": _is_no_state,
    "rendering_taxonomy": _is_no_profession,
    "denial_reason": _is_no_reason_code,
    "service_date": _is_no_date,
    "service_date_to": _is_no_date,
    "submitted_date": _is_no_date,
    "procedure_code": _is_no_code,
    **{column: _is_no_diagnosis for column in BY_NAME if column.startswith("diagnosis_")},
}
