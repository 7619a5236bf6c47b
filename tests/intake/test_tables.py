"""One random table in any dialect, encoding, packing, workbook or Parquet reads back as its values: rows, numbers, totals."""

import datetime as dt
import gzip
import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from audit.intake import load
from audit.model import Intake
from tests.intake.test_load import rejects, rows
from tests.random_tables import DATES, MONEY, Table, table

# HYPOTHESIS_PROFILE=search sets its own number of examples.
SHARE = 30
EXAMPLES = settings.default.max_examples if settings.default and settings.default.max_examples > 100 else SHARE
# A seed is one table; a smaller seed is no smaller table.
FEW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FEW
@given(seed=st.integers(0, 2**32))
def test_a_table_in_any_dialect_reads_back_the_same(
    seed: int, con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _read_back_text(con, seed, tmp_path_factory.mktemp("dialect"))


def _read_back_text(con: duckdb.DuckDBPyConnection, seed: int, folder: Path) -> None:
    chance = Random(seed)
    encoding = chance.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be with BOM"])
    made = table(chance, wide_signs=encoding != "cp1252")
    totals = _surrounded(chance, made)
    path = folder / chance.choice(["export.csv", "export.txt", "export.CSV.gz", "export.zip"])
    _pack(path, _encoded(_text(chance, made), encoding))
    intake = load(con, [path])
    _holds(con, intake, made)
    said = " ".join(intake.warnings)
    assert "but its rows add up to" not in said
    assert " ".join(intake.notes).count("and its rows add up to that") == (
        sum(name in made.source for name in MONEY) if totals else 0
    )


@FEW
@given(seed=st.integers(0, 2**32))
def test_a_table_in_a_workbook_reads_back_the_same(
    seed: int, con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    _read_back_book(con, seed, tmp_path_factory.mktemp("book"))


def _read_back_book(con: duckdb.DuckDBPyConnection, seed: int, folder: Path) -> None:
    chance = Random(seed)
    made = table(chance)
    _surrounded(chance, made)
    path = folder / "export.xlsx"
    _write_book(chance, path, made)
    _holds(con, load(con, [path]), made)


@FEW
@given(seed=st.integers(0, 2**32))
def test_a_table_in_parquet_of_any_types_reads_back_the_same(
    seed: int, con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _read_back_parquet(con, seed, tmp_path_factory.mktemp("parquet"))


def _read_back_parquet(con: duckdb.DuckDBPyConnection, seed: int, folder: Path) -> None:
    chance = Random(seed)
    made = table(chance)
    path = folder / "export.parquet"
    arrays = [_array(chance, made, place) for place in range(len(made.headers))]
    pq.write_table(pa.table(arrays, names=made.headers), path)
    _holds(con, load(con, [path]), made)


def _holds(con: duckdb.DuckDBPyConnection, intake: Intake, made: Table) -> None:
    """Every value of every row, its number in the export, and the control totals."""
    assert rejects(con) == []
    names = list(made.rows[0])
    found = rows(con, ", ".join(["source_row", *(f'"{name}"' for name in names)]))
    expected = [(number, *(row[name] for name in names)) for number, row in zip(made.order, made.rows, strict=True)]
    assert found == expected
    (file,) = intake.files
    assert (file.rows, file.rejected_rows) == (len(made.rows), 0)
    for name in MONEY:
        assert getattr(file.dollars, name) == made.total(name)
    mapped = {one.name: one.source_column.strip() for one in file.mapping}
    sources = zip(made.source, made.headers, strict=True)
    assert {name: mapped.get(name) for name, _ in sources if name and name != "modifiers"} == {
        name: header.strip() for name, header in zip(made.source, made.headers, strict=True) if name and name != "modifiers"
    }
    assert list(file.private_columns) == made.private


def _surrounded(chance: Random, made: Table) -> bool:
    """Blank rows among the rows, and perhaps a totals line after them; gives whether there is one."""
    for _ in range(chance.choice([0, 0, 1, 2])):
        at = chance.randint(0, len(made.cells))
        made.cells.insert(at, [""] * len(made.headers))
        made.order = [number + (number > at) for number in made.order]
    if chance.random() < 0.7 or not any(name in made.source for name in MONEY):
        return False
    said = {"claim_id": chance.choice(["Total", "Grand Total:", "TOTALS"])} | {
        name: f"{made.total(name):.2f}" for name in MONEY if name in made.source
    }
    made.cells.append([said.get(source, "") if source else "" for source in made.source])
    return True


def _text(chance: Random, made: Table) -> str:
    out = io.StringIO(newline="")
    end = chance.choice(["\n", "\r\n", "\r"])
    out.write(chance.choice(["", "", f"Sunrise Therapy{end}", f"Sunrise Therapy{end}{end}Printed 11/30/2025 by A{end}"]))
    delimiter, all_quoted = chance.choice(",\t;|"), chance.random() < 0.4
    starts = []
    for line in (made.headers, *made.cells):
        starts.append(1 + len(re.findall("\r\n|\r|\n", out.getvalue())))
        out.write(delimiter.join(_quoted(cell, delimiter, all_quoted) for cell in line) + end)
        # An empty line is no row.
        if chance.random() < 0.05:
            out.write(end)
    made.order = [starts[number] for number in made.order]
    return out.getvalue() if chance.random() < 0.8 else out.getvalue().removesuffix(end)


def _quoted(cell: str, delimiter: str, always: bool) -> str:
    """A cell in quotes where it must stand in them (Python's own writer may leave a line feed bare)."""
    if always or any(sign in cell for sign in (delimiter, '"', "\r", "\n")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _encoded(text: str, encoding: str) -> bytes:
    return b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be with BOM" else text.encode(encoding)


def _pack(path: Path, data: bytes) -> None:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner/export.csv", data)
    else:
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def _write_book(chance: Random, path: Path, made: Table) -> None:
    """A sheet in which each cell is text, or a number or date where Excel would have made one of it."""
    import xlsxwriter

    title = chance.choice([0, 0, 2])
    with xlsxwriter.Workbook(path) as book:
        sheet, dated = book.add_worksheet("Claims"), book.add_format({"num_format": "mm/dd/yyyy"})
        if title:
            sheet.write_string(0, 0, "Sunrise Therapy")
        for place, header in enumerate(made.headers):
            sheet.write_string(title, place, header)
            typed = chance.random() < 0.5
            by_number = dict(zip(made.order, made.rows, strict=True))
            for number, cells in enumerate(made.cells, start=1):
                source, value = made.source[place], None
                is_more = source == "procedure_code" and not _is_code_alone(cells[place])
                if source in by_number.get(number, {}) and typed and not is_more:
                    value = by_number[number][source]  # type: ignore[index]
                if source in DATES and isinstance(value, dt.date):
                    sheet.write_datetime(title + number, place, dt.datetime.combine(value, dt.time()), dated)
                elif isinstance(value, (int, Decimal)):
                    sheet.write(title + number, place, value if isinstance(value, bool) else float(value))
                elif isinstance(value, str) and value.isascii() and value.isdigit() and not value.startswith("0"):
                    sheet.write_number(title + number, place, int(value))
                else:
                    sheet.write_string(title + number, place, cells[place])
    made.order = [title + number + 1 for number in made.order]


def _is_code_alone(cell: str) -> bool:
    """A code with modifiers behind it is text."""
    return cell.replace(".0", "").strip().isdigit()


def _array(chance: Random, made: Table, place: int) -> pa.Array:
    """A column of some type that holds its values: text as an export writes it, or numbers, dates, times and flags."""
    source = made.source[place]
    cells = [row[place] or (None if chance.random() < 0.5 else "") for row in made.cells]
    texts = [pa.array(cells, pa.string()), pa.array(cells, pa.large_string()), pa.array(cells, pa.string()).dictionary_encode()]
    holds_more = source == "procedure_code" and not all(_is_code_alone(row[place]) for row in made.cells)
    if source is None or source == "modifiers" or holds_more:
        return chance.choice(texts)
    return chance.choice([*texts, *_typed([row[source] for row in made.rows])])


def _typed(values: Sequence[Any]) -> list[pa.Array]:
    held = [value for value in values if value is not None]
    kind = type(held[0]) if held else None
    if kind is dt.date:
        days = [None if value is None else dt.datetime.combine(value, dt.time()) for value in values]
        return [pa.array(values, pa.date32()), pa.array(days, pa.timestamp("us")), pa.array(days, pa.timestamp("ms"))]
    if kind is dt.time:
        return [pa.array(values, pa.time64("us")), pa.array(values, pa.time32("s"))]
    if kind is bool:
        return [pa.array(values, pa.bool_())]
    numbers = [None if value is None else Decimal(value) for value in values] if kind in (int, Decimal) else _numbers(values)
    if numbers is None:
        return []
    floats = pa.array([None if number is None else float(number) for number in numbers], pa.float64())
    whole = all(number is None or number == number.to_integral_value() for number in numbers)
    wholes = [pa.array([None if n is None else int(n) for n in numbers], pa.int64())] if whole else []
    return [floats, pa.array(numbers, pa.decimal128(18, 2)), *wholes]


def _numbers(values: Sequence[Any]) -> list[Decimal | None] | None:
    """Text that a typed column may hold as numbers: digits alone, without zeros in front."""
    if all(value is None or (value.isascii() and value.isdigit() and not value.startswith("0")) for value in values):
        return [None if value is None else Decimal(value) for value in values]
    return None
