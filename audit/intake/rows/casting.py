"""The SELECT that turns a raw table into typed contract columns, with the faults of each row beside it.

A row's `faults` is NULL where every cell was read, else a list of (column_name, value, reason): nothing is dropped here.
An empty list marks a row in which every mapped cell is blank: it is no claim line and no fault either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.contract import BY_NAME, MONEY_COLUMNS, PAYER_COLUMNS, Kind
from audit.intake.columns.entries import Entries
from audit.intake.columns.mapping import Assignment
from audit.intake.raw import RawTable, sql_text
from audit.intake.rows.values import (
    IDS,
    NPIS,
    TELLING_IDS,
    Quick,
    cell_of,
    is_blank_in,
    quick_value,
    read_from,
    text_of,
    tidied,
    usual_modifier,
)

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
_TOO_MANY_MODIFIERS = "more than four modifiers on one line"
MODIFIERS = tuple(f"modifier_{place}" for place in range(1, 5))

# Rows that are no claim line and no fault: left out with the reason.
REVENUE_CODE_LINE = "no procedure code: an institutional line that is billed by its revenue code"
LEDGER_ENTRY = "a ledger entry, no service: a payment, adjustment, transfer or balance stands where the procedure code would"
TYPED_ENTRY = "a ledger entry, no service: by its type the row is no charge"
# Faults for which the file is refused as it stands: what is left of it would not be what was billed.
SEVERAL_CODES = "several procedure codes in one cell"
LOST_DIGITS = "a number in scientific notation, whose last digits are lost"


def select_typed(table: RawTable, assignments: Sequence[Assignment], entries: Entries | None = None) -> str:
    """SELECT giving source_row, ahead, place, the typed columns, `<money>_raw` texts, `left_out`, `unread` and `faults`.

    The typed columns are typed_names(); blank_before() tells where a constant filled one. `left_out` is the reason for which a
    row is no claim line, else NULL; `unread` lists columns whose cell holds something that was not read and is no fault of the
    row. `entries` tells rows that are no services.
    """
    return typed_from(cells_of(table, assignments, entries), table, assignments, entries)


def cells_of(table: RawTable, assignments: Sequence[Assignment], entries: Entries | None = None) -> str:
    """SELECT of the cells that are read, as they stand: what typed_from() takes."""
    columns = [f"CAST({table.source_row} AS BIGINT) AS source_row", f"{table.place} AS place"]
    columns += [f"{cell} AS {name}" for name, cell in cells(table, assignments).items()]
    columns += [f"{entries.is_entry(table)} AS is_entry"] if entries is not None else []
    columns += [
        f"{is_blank_in(table, a)} AS {blank_before(a.name)}" for a in assignments if a.constant and a.name not in MODIFIERS
    ]
    quick = {a.name: quick_value(table, a) for a in plain(assignments)}
    columns += [f"{one.given} AS given_{name}" for name, one in quick.items() if one is not None and one.given]
    return f"SELECT {', '.join(columns)} FROM {table.relation}"


def typed_from(cells_select: str, table: RawTable, assignments: Sequence[Assignment], entries: Entries | None = None) -> str:
    """select_typed() of the cells that the given SELECT has, however it came by them."""
    modifiers = Modifiers.of(table, assignments)
    outer = ["source_row", f"CAST({table.ahead} AS BIGINT) AS ahead", "place"]
    outer += [f'{_typed_name(name, modifiers)} AS "{name}"' for name in typed_names(assignments)]
    outer += raw_amounts(assignments)
    outer += [blank_before(a.name) for a in assignments if a.constant]
    outer += ["left_out", f"{_unread(assignments)} AS unread", f"{_faults(assignments, modifiers)} AS faults"]
    named = plain(assignments)
    quick = {a.name: one for a in named if (one := quick_value(table, a))}
    # In a SELECT of its own each, because a macro writes out its argument as often as it looks at it: one within another takes
    # longer to plan than a file to read.
    steps = [
        [*(f"{one.value} AS quick_{name}" for name, one in quick.items()), *modifiers.quick()],
        [*(f"{_text(a, has_quick=a.name in quick)} AS text_{a.name}" for a in named), *modifiers.texts()],
        [f"{_value(a, quick.get(a.name))} AS value_{a.name}" for a in named],
        [f"{_left_out(assignments, entries)} AS left_out", f"{modifiers.several()} AS modifier_list"],
    ]
    return f"SELECT {', '.join(outer)} FROM {stepwise(cells_select, steps)}"


def stepwise(select: str, steps: Sequence[Sequence[str]]) -> str:
    """SQL to stand after FROM: the SELECT, and step by step further columns made of those before."""
    relation = f"({select})"
    for step in steps:
        relation = f"(SELECT {', '.join(['*', *step])} FROM {relation})"
    return relation


def plain(assignments: Sequence[Assignment]) -> list[Assignment]:
    """The assignments that are read each from a cell of its own: all but the modifiers."""
    return [a for a in assignments if a.name not in MODIFIERS]


def cells(table: RawTable, assignments: Sequence[Assignment]) -> dict[str, str]:
    """SQL for each cell that is read, by the name of its column in cells_of()."""
    named = {f"cell_{a.name}": cell_of(table, a) for a in plain(assignments)}
    modifiers = Modifiers.of(table, assignments).cells
    return named | {f"cell_modifiers_{place}": cell for place, cell in enumerate(modifiers, start=1)}


def raw_amounts(assignments: Sequence[Assignment]) -> list[str]:
    """The columns of amounts as they stand in the file, for the control totals."""
    return [f"cell_{a.name} AS {a.name}_raw" for a in assignments if a.name in MONEY_COLUMNS]


def _text(assignment: Assignment, *, has_quick: bool) -> str:
    """SQL for the tidy text of a cell that is not read yet, NULL where it is blank."""
    cell = f"cell_{assignment.name}"
    text = tidied(assignment, cell)
    return f"CASE WHEN quick_{assignment.name} IS NULL AND {cell} IS NOT NULL THEN {text} END" if has_quick else text


def _value(assignment: Assignment, quick: Quick | None) -> str:
    name = assignment.name
    if quick is not None and quick.is_all:
        return f"quick_{name}"
    read = read_from(assignment, f"text_{name}")
    return read if quick is None else f"coalesce(quick_{name}, {read})"


def blank_before(name: str) -> str:
    """The column that tells of each row whether its cell was blank, and a constant fills it."""
    return f"{name}_was_blank"


def typed_names(assignments: Sequence[Assignment]) -> tuple[str, ...]:
    """The contract columns that select_typed() fills, in order: a code's cell may hold modifiers that none is mapped to."""
    named = {a.name for a in assignments}
    named |= set(MODIFIERS) if "procedure_code" in named or named & set(MODIFIERS) else set()
    return tuple(name for name in BY_NAME if name in named)


@dataclass(frozen=True, slots=True)
class Modifiers:
    """The cells that modifiers are read from, each once, and for each modifier the place of its own among them (0: none)."""

    cells: tuple[str, ...]
    owners: tuple[Assignment, ...]
    places: Mapping[str, int]
    has_code: bool

    @classmethod
    def of(cls, table: RawTable, assignments: Sequence[Assignment]) -> "Modifiers":
        """Those of a mapping."""
        texts = {a.name: text_of(table, a) for a in assignments if a.name in MODIFIERS}
        owners = {text: a for a in reversed(assignments) if (text := texts.get(a.name))}
        distinct = list(dict.fromkeys(texts.values()))
        cells = tuple(cell_of(table, owners[text]) for text in distinct)
        places: dict[str, int] = {}
        for name, text in texts.items():
            place = distinct.index(text) + 1
            # One column for all four is the first one's; what more it holds is parted.
            places[name] = 0 if place in places.values() else place
        has_code = any(a.name == "procedure_code" and a.index >= 0 for a in assignments)
        return cls(cells, tuple(owners[text] for text in distinct), places, has_code)

    def quick(self) -> list[str]:
        """SQL for the modifiers that are read from their cells at once."""
        numbered = enumerate(self.owners, start=1)
        return [f"{usual_modifier(one, f'cell_modifiers_{place}')} AS quick_modifiers_{place}" for place, one in numbered]

    def texts(self) -> list[str]:
        """SQL for the tidy texts of the cells."""
        numbered = [(f"modifiers_{place}", one) for place, one in enumerate(self.owners, start=1)]
        return [
            f"coalesce(quick_{name}, CASE WHEN cell_{name} IS NOT NULL THEN {tidied(one, f'cell_{name}')} END) AS text_{name}"
            for name, one in numbered
        ]

    def several(self) -> str:
        """SQL for a line's modifiers as a list where a cell may hold more than one, NULL where each holds one at most."""
        simple = [f"coalesce(strlen({raw}) <= 2, TRUE)" for raw in self._raws()]
        if self.has_code:
            # A code that was read at once has no text beside it, and nothing behind it.
            simple.append("coalesce(text_procedure_code = value_procedure_code, text_procedure_code IS NULL)")
        if not simple:
            return "CAST(NULL AS VARCHAR[])"
        code = "text_procedure_code" if self.has_code else "CAST(NULL AS VARCHAR)"
        cells = f"CAST([{', '.join(self._raws())}] AS VARCHAR[])"
        return f"CASE WHEN {' AND '.join(simple)} THEN NULL ELSE modifiers_of({cells}, {code}) END"

    def value(self, name: str) -> str:
        """SQL for one modifier."""
        own = self.places.get(name, 0)
        alone = f"coalesce(quick_modifiers_{own}, parse_modifier(text_modifiers_{own}))" if own else "CAST(NULL AS VARCHAR)"
        return f"CASE WHEN modifier_list IS NULL THEN {alone} ELSE modifier_list[{MODIFIERS.index(name) + 1}] END"

    def _raws(self) -> list[str]:
        return [f"text_modifiers_{place}" for place in range(1, len(self.cells) + 1)]


def _typed_name(name: str, modifiers: Modifiers) -> str:
    return modifiers.value(name) if name in MODIFIERS else f"value_{name}"


def _left_out(assignments: Sequence[Assignment], entries: Entries | None) -> str:
    """SQL for why a row is no claim line and no fault either."""
    by_code = _left_out_by_code(assignments)
    return by_code if entries is None else f"CASE WHEN is_entry THEN {sql_text(TYPED_ENTRY)} ELSE {by_code} END"


def _left_out_by_code(assignments: Sequence[Assignment]) -> str:
    present = {a.name for a in assignments if a.index >= 0}
    if "procedure_code" not in present:
        return "CAST(NULL AS VARCHAR)"
    cases = [f"WHEN is_ledger_entry(text_procedure_code) THEN {sql_text(LEDGER_ENTRY)}"]
    marks = [f"value_{name} IS NOT NULL" for name in ("bill_type", "revenue_code") if name in present]
    if marks:
        # A revenue code may stand in the code's own column.
        bare = "(text_procedure_code IS NULL OR regexp_full_match(text_procedure_code, '0?[0-9]{3}|0+'))"
        cases.append(f"WHEN ({' OR '.join(marks)}) AND {bare} THEN {sql_text(REVENUE_CODE_LINE)}")
    return f"CASE WHEN value_procedure_code IS NULL THEN CASE {' '.join(cases)} END END"


def _unread(assignments: Sequence[Assignment]) -> str:
    """SQL for the columns of a row whose number lost its digits, but for those that tell claims and patients apart."""
    names = [a.name for a in assignments if a.name in (*IDS, *NPIS) and a.name not in TELLING_IDS and not a.reader]
    if not names:
        return "CAST(NULL AS VARCHAR[])"
    suspect = " OR ".join(f"(value_{name} IS NULL AND text_{name} IS NOT NULL)" for name in names)
    listed = ", ".join(f"CASE WHEN value_{name} IS NULL AND text_{name} IS NOT NULL THEN '{name}' END" for name in names)
    return f"CASE WHEN {suspect} THEN nullif(list_filter([{listed}], lambda name: name IS NOT NULL), []) END"


def _faults(assignments: Sequence[Assignment], modifiers: Modifiers) -> str:
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
        return sql_text(LOST_DIGITS)
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
