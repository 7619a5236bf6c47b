"""SQL for one cell of an export: its text as it stands, its tidy text, and the value that is read from it.

A cell in the shape that most exports write is read at once; only what has another shape is made tidy first, because that takes
many times as long as the reading itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from audit.contract import BY_NAME, Column, Kind
from audit.intake.columns.mapping import Assignment
from audit.intake.raw import RawTable, sql_text

# Ids that tell claims and patients apart; the others only say more of a line.
TELLING_IDS = ("claim_id", "original_claim_id", "patient_id")
IDS = (*TELLING_IDS, "encounter_id", "member_id", "payer_id")
NPIS = ("rendering_npi", "billing_npi")

_READ = {
    Kind.TEXT: "",  # tidy as it is
    Kind.CODE: "parse_code",
    Kind.DATE: "parse_date",
    Kind.TIME: "parse_time",
    Kind.MONEY: "parse_money",
    Kind.UNITS: "parse_units",
    Kind.MINUTES: "parse_minutes",
    Kind.NUMBER: "parse_whole",
    Kind.FLAG: "parse_flag",
}
# A mark that says "unknown" is neither yes nor no.
_TIDY = {Kind.TEXT: "tidy_text", Kind.FLAG: "tidy_value"}
_WHOLE_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT")
_DATE_TYPES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")


_SMALL = "ord({cell}) BETWEEN 48 AND 57 AND strlen({cell}) <= 2 AND NOT contains({cell}, '.')"
_DIGITS = "regexp_full_match({cell}, '[0-9]+(\\.[0-9]*)?')"
# Of the years of plausible_date() those that claims are of.
_ISO_DATE = "WHEN {cell} LIKE '20__-__-__' THEN TRY_CAST({cell} AS DATE)"
# How a cell is read at once: what this gives is what the reader gives for the tidy cell, or NULL. (A day that ends at 24:00:00 is
# known here alone.)
_AT_ONCE: Mapping[str, str] = {
    # No word for nothing: those of capitals begin with N, or are letters alone.
    "parse_code": "WHEN regexp_full_match({cell}, '[A-MO-Z0-9][A-Z0-9]?|[A-MO-Z]?[0-9][A-Z0-9]*') THEN {cell}",
    "parse_modifier": "WHEN {cell} <> '00' AND regexp_full_match({cell}, '[A-MO-Z0-9][A-Z0-9]') THEN {cell}",
    "parse_procedure": "WHEN regexp_full_match({cell}, '[1-9][0-9]{3}[0-9A-NP-Z]|[A-NP-Z][0-9]{4}') THEN {cell}",
    "upper": "WHEN regexp_full_match({cell}, '[A-Z][0-9][0-9A-Z]\\.?[0-9A-Z]*') THEN {cell}",
    # No exponent and no leading 0x: then ten signs that are so large a number are ten digits.
    "parse_npi": "WHEN strlen({cell}) = 10 AND {cell} >= '1' AND NOT contains({cell}, 'e') AND NOT contains({cell}, 'E') "
    "AND TRY_CAST({cell} AS BIGINT) > 999999999 THEN {cell}",
    # What begins with a letter was never a number.
    "parse_id": "WHEN is_clean({cell}) AND is_narrow({cell}) "
    "AND ({cell} >= 'A' OR (NOT contains({cell}, '.') AND NOT contains({cell}, '+'))) THEN {cell}",
    "parse_date": f"{_ISO_DATE} WHEN {{cell}} LIKE '__/__/20__' THEN plausible_date(try_strptime({{cell}}, '%m/%d/%Y'))",
    "parse_date_day_first": _ISO_DATE,
    "parse_time": "WHEN {cell} LIKE '__:__:__' THEN TRY_CAST({cell} AS TIME) "
    "WHEN regexp_full_match({cell}, '(0?[1-9]|1[0-2]):[0-5][0-9] [AP]M') THEN CAST(try_strptime({cell}, '%I:%M %p') AS TIME) "
    "WHEN regexp_full_match({cell}, '([01]?[0-9]|2[0-3]):[0-5][0-9]') THEN CAST(try_strptime({cell}, '%H:%M') AS TIME)",
    "parse_money": f"WHEN {_DIGITS} THEN TRY_CAST({{cell}} AS DECIMAL(12, 2)) "
    "WHEN regexp_full_match({cell}, '\\$[0-9]+(\\.[0-9]*)?') THEN TRY_CAST(substr({cell}, 2) AS DECIMAL(12, 2))",
    "parse_units": f"WHEN {_DIGITS} THEN TRY_CAST({{cell}} AS DECIMAL(9, 2))",
    "parse_minutes": f"WHEN {_SMALL} THEN TRY_CAST({{cell}} AS INTEGER)",
    "parse_whole": f"WHEN {_SMALL} THEN TRY_CAST({{cell}} AS INTEGER)",
}


@dataclass(frozen=True, slots=True)
class Quick:
    """SQL for a value out of `cell_<name>` and `given_<name>`, NULL where a cell has another shape than the usual one.

    `given` is SQL for what a typed file holds, "" where it is not needed. `is_all` says that no text tells more.
    """

    given: str
    value: str
    is_all: bool = False


def text_of(table: RawTable, assignment: Assignment) -> str:
    """SQL for the tidy text from which an assignment is read, NULL where its cell is blank."""
    return tidied(assignment, cell_of(table, assignment))


def tidied(assignment: Assignment, cell: str) -> str:
    """SQL for the tidy text of `cell`, which is SQL for the assignment's cell as it stands."""
    if assignment.index < 0:
        return cell
    tidy = "tidy_value" if assignment.name in NPIS else _TIDY.get(BY_NAME[assignment.name].kind, "tidy_known")
    return assignment.cell.replace("{cell}", f"{tidy}({cell})")


def cell_of(table: RawTable, assignment: Assignment) -> str:
    """SQL for the text of the cell as it stands in the file, or the constant where it is blank."""
    cell = _written(table, assignment)
    if assignment.constant:
        return f"CASE WHEN {is_blank_in(table, assignment)} THEN {sql_text(assignment.constant)} ELSE {cell} END"
    return cell


def is_blank_in(table: RawTable, assignment: Assignment) -> str:
    """SQL for whether the file itself leaves the assignment's cell blank."""
    return f"coalesce(is_blank({_written(table, assignment)}), TRUE)"


def _written(table: RawTable, assignment: Assignment) -> str:
    if assignment.index < 0:
        return assignment.cell
    cell = table.fields[assignment.index].text
    if assignment.joined:
        cells = [cell, *(table.fields[index].text for index in assignment.joined)]
        blank = " OR ".join(f"is_blank({one})" for one in cells)
        text = " || ' ' || ".join(f"trimmed({one})" for one in cells)
        cell = f"CASE WHEN NOT ({blank}) THEN {text} END"
    if assignment.beside:
        cells = [cell, *(table.fields[index].text for index in assignment.beside)]
        cell = f"nullif(concat_ws(' ', {', '.join(f'trimmed({one})' for one in cells)}), '')"
    if assignment.fill is not None:
        unset = f"OR {assignment.reader}({cell}) IS FALSE " if assignment.reader == "parse_mark" else ""
        cell = f"CASE WHEN is_blank({cell}) {unset}THEN {table.fields[assignment.fill].text} ELSE {cell} END"
    return cell


def _is_direct(table: RawTable, assignment: Assignment) -> bool:
    """Whether a typed file already holds what the contract wants, so that no text has to be read."""
    if assignment.index < 0 or assignment.fill is not None or assignment.constant:
        return False
    if assignment.reader or assignment.joined or assignment.beside:
        return False
    field = table.fields[assignment.index]
    if not field.native or assignment.cell != "{cell}":
        return False
    kind = BY_NAME[assignment.name].kind
    base = field.native_type.split("(")[0]
    if kind in (Kind.NUMBER, Kind.MINUTES):
        return base in _WHOLE_TYPES
    if kind in (Kind.MONEY, Kind.UNITS):
        return base in (*_WHOLE_TYPES, "DECIMAL")
    return (kind is Kind.DATE and base in _DATE_TYPES) or (kind is Kind.TIME and base == "TIME")


def usual_modifier(assignment: Assignment, cell: str) -> str:
    """SQL for a modifier that is read at once from a raw cell, NULL where it has another shape than the usual one."""
    cases = _AT_ONCE["parse_modifier"].replace("{cell}", cell)
    return f"CASE {cases} END" if assignment.cell == "{cell}" else "CAST(NULL AS VARCHAR)"


def quick_value(table: RawTable, assignment: Assignment) -> Quick | None:
    """How the assignment's cells are read before any text is made tidy; None where there is no such way."""
    name = assignment.name
    if _is_direct(table, assignment):
        native = table.fields[assignment.index].native
        return Quick(native, f"TRY_CAST(given_{name} AS {BY_NAME[name].kind.sql_type})", is_all=True)
    cases = _AT_ONCE.get(_reader(assignment)) if assignment.index >= 0 and assignment.cell == "{cell}" else None
    return None if cases is None else Quick("", f"CASE {cases.replace('{cell}', f'cell_{name}')} END")


def read_from(assignment: Assignment, text: str) -> str:
    """SQL for what is read from a tidy text, NULL where it cannot be read."""
    return f"{_reader(assignment)}({text})"


def _reader(assignment: Assignment) -> str:
    """The macro that reads the assignment's tidy text; "" where nothing is left to read."""
    return assignment.reader or _usual_reader(BY_NAME[assignment.name])


def _usual_reader(column: Column) -> str:
    if column.name in NPIS:
        return "parse_npi"
    if column.name in IDS:
        return "parse_id"
    if column.name.startswith("diagnosis_"):
        # A diagnosis of the old code set may end in .0 and mean it.
        return "upper"
    return "parse_procedure" if column.name == "procedure_code" else _READ[column.kind]
