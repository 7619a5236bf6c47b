"""A row is numbered by its place among those that are read: whatever reads them must keep their order."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from audit.contract import COLUMNS
from audit.intake import load
from audit.intake.columns.entries import Entries
from audit.intake.columns.mapping import Assignment
from audit.intake.raw import Field, RawTable
from audit.intake.rows.casting import select_typed
from audit.intake.rows.usual import select_usual
from tests.intake.test_load import write
from tests.macros import session

_NAMES = [column.name for column in COLUMNS]
# Six texts a column, some that are read as they stand and some that are not.
_RECURRING: Mapping[str, Mapping[str, str]] = {
    f"cell_{name}": {f"K{n}": f"K{n}" for n in range(6)} | {f"k{n}": f"K{n}" for n in range(6)}
    for name in (*_NAMES, *(f"modifiers_{place}" for place in range(1, 5)))
    if name in ("procedure_code", "payer_name", "note_text", "place_of_service", "claim_status") or name.startswith("modif")
} | {"cell_units": {str(n): str(n) for n in range(8)}}


@pytest.mark.parametrize("way", ["usual", "careful"])
def test_no_join_stands_between_a_file_and_its_table(way: str) -> None:
    table = RawTable("export", tuple(Field(name, f'"{name}"') for name in _NAMES))
    every = [Assignment(name, index, name, "") for index, name in enumerate(_NAMES)]
    entries = Entries(0, "claim_id", "ledger_word")
    select = select_usual(table, every, _RECURRING) if way == "usual" else select_typed(table, every, entries)
    with session() as con:
        con.execute(f"CREATE TABLE export ({', '.join(f'{name} VARCHAR' for name in _NAMES)})")
        con.execute("INSERT INTO export (claim_id) FROM (SELECT 'C' || n FROM range(5000) AS t(n))")
        plan = con.execute(f"EXPLAIN CREATE TABLE typed AS {select}").fetchall()[0][1]
    assert "claim_id" in plan
    assert [word for word in ("join", "aggregate", "union", "window") if word in plan.casefold()] == []


@pytest.mark.parametrize(("codes", "extra"), [(6, ""), (3, "C{n},P1,11/13/2025,97140-59,1,Aetna,\n"), (8, "C{n}\n")])
def test_rows_of_a_large_file_have_the_lines_of_their_file(codes: int, extra: str, tmp_path: Path) -> None:
    """The file has more than one machine takes at a time: 8 MB and more are read side by side."""
    note = "stretched and massaged " * 250
    every = ["97140", "97124", "97110", "97112", "97530", "97035", "97116", "97150"][:codes]
    lines = [f"C{n},P1,11/13/2025,{every[n % codes]},1,Aetna,{note}\n" for n in range(2, 4_502)]
    lines += [extra.format(n=len(lines) + 2)] if extra else []
    path = write(tmp_path, "claim_id,patient_id,service_date,procedure_code,units,payer_name,note_text\n" + "".join(lines))
    with session(threads=2) as con:
        load(con, [path])
        wrong = con.execute("SELECT count(*) FROM claim_row WHERE claim_id <> 'C' || source_row").fetchone()
        assert wrong == (0,)
        assert con.execute("SELECT count(*) > 4_400, min(source_row) FROM claim_row").fetchone() == (True, 2)
