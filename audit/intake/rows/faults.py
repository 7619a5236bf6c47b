"""What is wrong with a row, why it is no claim line, and which of its cells stay unread, each as SQL over what was read of it.

It is asked of `value_<name>`, `text_<name>` (the tidy text of a cell that was not read at once) and `modifier_list`.
"""

from collections.abc import Sequence

from audit.contract import BY_NAME, PAYER_COLUMNS, Kind
from audit.intake.columns.entries import Entries
from audit.intake.columns.mapping import Assignment
from audit.intake.raw import sql_text
from audit.intake.rows.modifiers import MODIFIERS, Modifiers
from audit.intake.rows.values import IDS, NPIS, TELLING_IDS

_NOT_A = {
    Kind.DATE: "is not a date that exists, or not in a known shape",
    Kind.TIME: "is not a clock time",
    Kind.MONEY: "is not an amount",
    Kind.UNITS: "is not a number of units",
    Kind.MINUTES: "is not a whole number of minutes",
    Kind.NUMBER: "is not a whole number",
    Kind.FLAG: "is neither yes nor no",
}
_NO_CODE = "has not the shape of a procedure code: five digits, four and a letter, or a letter and four"
REQUIRED_CELLS = ("claim_id", "claim_line_number", "patient_id", "service_date", "procedure_code", "units")
_PAYER_MISSING = "the payer is blank: no name, payer id or filing indicator"
# By it lines of several claims or patients would be one's.
NO_ID = "says that none is known (UNKNOWN, TBD, TEST, 000000 and the like)"
_TOO_MANY_MODIFIERS = "more than four modifiers on one line"

# Rows that are no claim line and no fault: left out with the reason.
REVENUE_CODE_LINE = "no procedure code: an institutional line that is billed by its revenue code"
LEDGER_ENTRY = "a ledger entry, no service: a payment, adjustment, transfer or balance stands where the procedure code would"
NO_VISIT = "no service: a missed or cancelled visit, or a fee, stands where the procedure code would"
TYPED_ENTRY = "a ledger entry, no service: by its type the row is no charge"
# Faults for which the file is refused as it stands: what is left of it would not be what was billed.
SEVERAL_CODES = "several procedure codes in one cell"
LOST_DIGITS = "a number in scientific notation, whose last digits are lost"
HIDDEN_DIGITS = "#### in place of a number, whose digits are lost"
ROUNDED = "numbers of which a spreadsheet has kept fifteen digits, whose last digits are lost"


def blank_before(name: str) -> str:
    """The column that tells of each row whether its cell was blank, and a constant fills it."""
    return f"{name}_was_blank"


def left_out(assignments: Sequence[Assignment], entries: Entries | None) -> str:
    """SQL for why a row is no claim line and no fault either."""
    by_code = _left_out_by_code(assignments)
    return by_code if entries is None else f"CASE WHEN is_entry THEN {sql_text(TYPED_ENTRY)} ELSE {by_code} END"


def _left_out_by_code(assignments: Sequence[Assignment]) -> str:
    present = {a.name for a in assignments if a.index >= 0}
    if "procedure_code" not in present:
        return "CAST(NULL AS VARCHAR)"
    cases = [f"WHEN is_no_visit(text_procedure_code) THEN {sql_text(NO_VISIT)}"]
    cases += [f"WHEN is_ledger_entry(text_procedure_code) THEN {sql_text(LEDGER_ENTRY)}"]
    marks = [f"value_{name} IS NOT NULL" for name in ("bill_type", "revenue_code") if name in present]
    if marks:
        # A revenue code may stand in the code's own column.
        bare = "(text_procedure_code IS NULL OR regexp_full_match(text_procedure_code, '0?[0-9]{3}|0+'))"
        cases.append(f"WHEN ({' OR '.join(marks)}) AND {bare} THEN {sql_text(REVENUE_CODE_LINE)}")
    return f"CASE WHEN value_procedure_code IS NULL THEN CASE {' '.join(cases)} END END"


def unread(assignments: Sequence[Assignment]) -> str:
    """SQL for the columns of a row whose number lost its digits, but for those that tell claims and patients apart."""
    names = [a.name for a in assignments if a.name in (*IDS, *NPIS) and a.name not in TELLING_IDS and not a.reader]
    if not names:
        return "CAST(NULL AS VARCHAR[])"
    suspect = " OR ".join(f"(value_{name} IS NULL AND text_{name} IS NOT NULL)" for name in names)
    listed = ", ".join(f"CASE WHEN value_{name} IS NULL AND text_{name} IS NOT NULL THEN '{name}' END" for name in names)
    return f"CASE WHEN {suspect} THEN nullif(list_filter([{listed}], lambda name: name IS NOT NULL), []) END"


def faults(assignments: Sequence[Assignment], modifiers: Modifiers) -> str:
    """SQL for what is wrong with a row's cells: NULL, or a list of (column_name, value, reason); [] for a row of blanks."""
    present = {assignment.name for assignment in assignments}
    required = [name for name in REQUIRED_CELLS if name in present]
    payers = [name for name in PAYER_COLUMNS if name in present]
    castable = [a.name for a in assignments if may_fail(a) and a.name not in required]
    no_payer = " AND ".join(f"value_{name} IS NULL" for name in payers)
    # The cheap test runs on every row; the list is only built for rows that fail it.
    suspect = [f"(value_{name} IS NULL AND text_{name} IS NOT NULL)" for name in castable]
    suspect += [f"value_{name} IS NULL" for name in required] + ([f"({no_payer})"] if payers else [])
    entries = [_fault(name, name in required) for name in [*required, *castable]]
    if payers:
        entries.append(f"CASE WHEN {no_payer} THEN {_struct('payer_name', 'NULL', sql_text(_PAYER_MISSING))} END")
    suspect.append("len(modifier_list) > 4")
    too_many = _struct(MODIFIERS[-1], "array_to_string(modifier_list, ' ')", sql_text(_TOO_MANY_MODIFIERS))
    entries.append(f"CASE WHEN len(modifier_list) > 4 THEN {too_many} END")
    listed = f"list_filter([{', '.join(entries)}], lambda fault: fault IS NOT NULL)"
    in_file = [a for a in assignments if a.index >= 0 and not a.constant]
    texts = [f"{part}_{a.name}" for a in in_file if a.name not in MODIFIERS for part in ("value", "text")]
    texts += [f"text_modifiers_{modifiers.places[a.name]}" for a in in_file if modifiers.places.get(a.name)]
    nothing = [f"{text} IS NULL" for text in texts] + [blank_before(a.name) for a in assignments if a.constant]
    blank = " AND ".join(nothing)
    return (
        f"CASE WHEN left_out IS NULL AND ({' OR '.join(suspect)}) "
        f"THEN CASE WHEN {blank} THEN [] ELSE nullif({listed}, []) END END"
    )


def may_fail(assignment: Assignment) -> bool:
    """Whether a cell that holds something may be one that cannot be read."""
    return BY_NAME[assignment.name].kind in _NOT_A or assignment.name in TELLING_IDS


def _fault(name: str, required: bool) -> str:
    column = BY_NAME[name]
    blank = _struct(name, f"text_{name}", sql_text(f"{column.meaning} is blank")) if required else "NULL"
    bad = _struct(name, f"text_{name}", _reason(name, column.kind))
    return f"CASE WHEN value_{name} IS NOT NULL THEN NULL WHEN text_{name} IS NULL THEN {blank} ELSE {bad} END"


def _reason(name: str, kind: Kind) -> str:
    plain = sql_text(_NOT_A.get(kind, "cannot be read"))
    if name in TELLING_IDS:
        return f"CASE WHEN text_{name} LIKE '##%' THEN {sql_text(HIDDEN_DIGITS)} ELSE {sql_text(LOST_DIGITS)} END"
    if name == "procedure_code":
        several = f"len(codes_in(text_{name})) > 1"
        return f"CASE WHEN {several} THEN {sql_text(SEVERAL_CODES)} ELSE {sql_text(_NO_CODE)} END"
    if kind is Kind.MINUTES:
        clock = sql_text("may be hours and minutes, or minutes and seconds; write whole minutes")
        return f"CASE WHEN regexp_matches(text_{name}, '^[0-9]+:[0-9]') THEN {clock} ELSE {plain} END"
    if kind is Kind.MONEY:
        comma = sql_text("the comma may mark thousands or cents; write the amount with a point")
        return f"CASE WHEN regexp_matches(text_{name}, '[0-9],[0-9]') THEN {comma} ELSE {plain} END"
    return plain


def _struct(name: str, value: str, reason: str) -> str:
    return f"{{'column_name': '{name}', 'value': CAST({value} AS VARCHAR), 'reason': {reason}}}"
