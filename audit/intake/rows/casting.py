"""The SELECT that turns a raw table into typed contract columns, with the faults of each row beside it.

A row's `faults` is NULL where every cell was read, else a list of (column_name, value, reason): nothing is dropped here.
An empty list marks a row in which every mapped cell is blank: it is no claim line and no fault either.
"""

from collections.abc import Sequence

from audit.contract import BY_NAME, MONEY_COLUMNS, PAYER_COLUMNS, Kind
from audit.intake.columns.mapping import Assignment
from audit.intake.raw import RawTable, sql_text

_READ = {
    Kind.TEXT: "parse_text",
    Kind.CODE: "parse_code",
    Kind.DATE: "parse_date",
    Kind.TIME: "parse_time",
    Kind.MONEY: "parse_money",
    Kind.UNITS: "parse_units",
    Kind.MINUTES: "parse_minutes",
    Kind.NUMBER: "parse_whole",
    Kind.FLAG: "parse_flag",
}
# The shape that most exports write, and how it is read at once: many times as quick as the macro, which reads the rest.
_QUICK = {
    # Of the years of plausible_date() those that claims are of.
    Kind.DATE: ("{raw} LIKE '20__-__-__'", "TRY_CAST({raw} AS DATE)"),
    Kind.TIME: ("{raw} LIKE '__:__:__'", "TRY_CAST({raw} AS TIME)"),
}
_QUICK_DIAGNOSIS = (r"regexp_full_match({raw}, '[A-Z][0-9][0-9A-Z]\.[0-9A-Z]{{1,4}}')", "{raw}")
_NOT_A = {
    Kind.DATE: "is not a date that exists, or not in a known shape",
    Kind.TIME: "is not a clock time",
    Kind.MONEY: "is not an amount",
    Kind.UNITS: "is not a number of units",
    Kind.MINUTES: "is not a whole number of minutes",
    Kind.NUMBER: "is not a whole number",
    Kind.FLAG: "is neither yes nor no",
}
_REQUIRED_CELLS = ("claim_id", "claim_line_number", "patient_id", "service_date", "procedure_code", "units")
# Lines of a hospital's or facility's claim that name no code are no therapy lines; the reject gate does not count them.
REVENUE_CODE_LINE = "no procedure code: an institutional line that is billed by its revenue code"
_PAYER_MISSING = "the payer is blank: no name, payer id or filing indicator"


def select_typed(table: RawTable, assignments: Sequence[Assignment]) -> str:
    """SELECT giving source_row, place, the mapped columns typed, `<money>_raw` texts and `faults`."""
    outer = ["source_row", "place"]
    outer += [f'value_{a.name} AS "{a.name}"' for a in assignments]
    outer += [f"raw_{a.name} AS {a.name}_raw" for a in assignments if a.name in MONEY_COLUMNS]
    outer.append(f"{_faults(assignments)} AS faults")
    texts = [f"{text_of(table, a)} AS raw_{a.name}" for a in assignments]
    natives = [f"{table.fields[a.index].native} AS native_{a.name}" for a in assignments if _direct(table, a)]
    inner = ", ".join([f"CAST({table.source_row} AS BIGINT) AS source_row", f"{table.place} AS place", *texts, *natives])
    typed = ", ".join(f"{_value(table, a)} AS value_{a.name}" for a in assignments)
    return f"SELECT {', '.join(outer)} FROM (SELECT *, {typed} FROM (SELECT {inner} FROM {table.relation}))"


def text_of(table: RawTable, assignment: Assignment) -> str:
    """SQL for the text from which an assignment is read."""
    if assignment.index < 0:
        return assignment.cell
    cell = table.fields[assignment.index].text
    if assignment.joined:
        cells = [cell, *(table.fields[index].text for index in assignment.joined)]
        blank = " OR ".join(f"is_blank({one})" for one in cells)
        text = " || ' ' || ".join(f"trimmed({one})" for one in cells)
        cell = f"CASE WHEN NOT ({blank}) THEN {text} END"
    if assignment.fill is not None:
        cell = f"CASE WHEN is_blank({cell}) THEN {table.fields[assignment.fill].text} ELSE {cell} END"
    return assignment.cell.replace("{cell}", cell)


def _direct(table: RawTable, assignment: Assignment) -> bool:
    """Whether a typed file already holds what the contract wants, so that no text has to be read."""
    if assignment.index < 0 or assignment.fill is not None or assignment.reader or assignment.joined:
        return False
    field = table.fields[assignment.index]
    if not field.native or assignment.cell != "{cell}":
        return False
    kind = BY_NAME[assignment.name].kind
    base = field.native_type.split("(")[0]
    whole = base in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT")
    if kind in (Kind.NUMBER, Kind.MINUTES):
        return whole
    if kind in (Kind.MONEY, Kind.UNITS):
        return whole or base == "DECIMAL"
    return (kind is Kind.DATE and base in ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")) or (
        kind is Kind.TIME and base == "TIME"
    )


def _value(table: RawTable, assignment: Assignment) -> str:
    column = BY_NAME[assignment.name]
    if _direct(table, assignment):
        return f"TRY_CAST(native_{column.name} AS {column.kind.sql_type})"
    usual = "parse_npi" if column.name.endswith("_npi") else _READ[column.kind]
    raw = f"raw_{column.name}"
    read = f"{assignment.reader or usual}({raw})"
    quick = _QUICK_DIAGNOSIS if column.name.startswith("diagnosis_") else _QUICK.get(column.kind)
    if quick is None:
        return read
    shape, at_once = quick
    return f"CASE WHEN {shape.format(raw=raw)} THEN {at_once.format(raw=raw)} ELSE {read} END"


def _faults(assignments: Sequence[Assignment]) -> str:
    present = {assignment.name for assignment in assignments}
    required = [name for name in _REQUIRED_CELLS if name in present]
    payers = [name for name in PAYER_COLUMNS if name in present]
    castable = [a.name for a in assignments if BY_NAME[a.name].kind in _NOT_A and a.name not in required]
    no_payer = " AND ".join(f"value_{name} IS NULL" for name in payers)
    # The cheap test runs on every row; the list is only built for rows that fail it.
    suspect = [f"(value_{name} IS NULL AND raw_{name} IS NOT NULL)" for name in castable]
    suspect += [f"value_{name} IS NULL" for name in required] + ([f"({no_payer})"] if payers else [])
    entries = [_fault(name, name in required, "bill_type" in present) for name in [*required, *castable]]
    if payers:
        entries.append(f"CASE WHEN {no_payer} THEN {_struct('payer_name', 'NULL', sql_text(_PAYER_MISSING))} END")
    listed = f"list_filter([{', '.join(entries)}], lambda fault: fault IS NOT NULL)"
    blank = " AND ".join(f"is_blank(raw_{a.name})" for a in assignments if a.index >= 0)
    return f"CASE WHEN {' OR '.join(suspect)} THEN CASE WHEN {blank} THEN [] ELSE nullif({listed}, []) END END"


def _fault(name: str, required: bool, institutional: bool) -> str:
    column = BY_NAME[name]
    why = sql_text(f"{column.meaning} is blank")
    if name == "procedure_code" and institutional:
        why = f"CASE WHEN value_bill_type IS NOT NULL THEN {sql_text(REVENUE_CODE_LINE)} ELSE {why} END"
    blank = _struct(name, f"raw_{name}", why) if required else "NULL"
    bad = _struct(name, f"raw_{name}", _reason(name, column.kind))
    return f"CASE WHEN value_{name} IS NOT NULL THEN NULL WHEN is_blank(raw_{name}) THEN {blank} ELSE {bad} END"


def _reason(name: str, kind: Kind) -> str:
    plain = sql_text(f"{_NOT_A.get(kind, 'cannot be read')}")
    if kind is Kind.MONEY:
        comma = sql_text("the comma may mark thousands or cents; write the amount with a point")
        return f"CASE WHEN regexp_matches(raw_{name}, '[0-9],[0-9]') THEN {comma} ELSE {plain} END"
    return plain


def _struct(name: str, value: str, reason: str) -> str:
    return f"{{'column_name': '{name}', 'value': CAST({value} AS VARCHAR), 'reason': {reason}}}"
