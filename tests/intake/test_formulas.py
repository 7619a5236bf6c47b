"""Formulas whose values a workbook does not keep would read as blanks, and an amount of them as none."""

import re
import zipfile
from pathlib import Path

import pytest

from audit.errors import InputError
from tests.intake.test_load import read, rows

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")
HEADER = ["Claim #", "Patient ID", "DOS", "CPT", "Units", "Payer", "Charge"]


def book(folder: Path, change: tuple[str, str] = ("", ""), sheet: str = "Claims & more") -> Path:
    """A workbook with a formula for each charge and one in another sheet; `change` is a pattern and its replacement in it."""
    whole, path = folder / "whole.xlsx", folder / "claims.xlsx"
    with xlsxwriter.Workbook(whole) as made:
        other = made.add_worksheet("Other")
        other.write_formula(0, 0, "=1+1", None, 2)
        page = made.add_worksheet(sheet)
        page.write_row(0, 0, HEADER)
        for number in (1, 2, 3):
            page.write_row(number, 0, [f"C{number}", f"P{number}", "11/13/2025", "97140", 1, "Aetna"])
            page.write_formula(number, 6, "=30*2", None, 60)
    with zipfile.ZipFile(whole) as held, zipfile.ZipFile(path, "w") as changed:
        for part in held.infolist():
            content = held.read(part).decode()
            if change[0] and "sheet2.xml" in part.filename:
                content = re.sub(change[0], change[1], content)
            elif change[0] and "sheet1.xml" in part.filename:
                content = content.replace("<v>2</v>", "")
            changed.writestr(part, content)
    return path


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>", "<v />"])
def test_formulas_without_values_refuse_the_workbook(value: str, tmp_path: Path) -> None:
    path = book(tmp_path, (r"</f><v>60</v>", f"</f>{value}"))
    with pytest.raises(InputError, match=r"3 cells of sheet Claims & more hold formulas .* \(1 column: G\)") as caught:
        read(path)
    assert "Open the workbook in Excel" in caught.value.hint


def test_one_that_is_shared_counts_too(tmp_path: Path) -> None:
    path = book(tmp_path, (r'(r="G3"[^>]*)><f>[^<]*</f><v>60</v>', r'\1><f t="shared" si="0"/>'))
    with pytest.raises(InputError, match="1 cell of sheet"):
        read(path)


def test_values_that_are_kept_are_read_whatever_another_sheet_lacks(tmp_path: Path) -> None:
    con, _ = read(book(tmp_path, ("nothing of it", "")))
    assert [str(amount) for (amount,) in rows(con, "charge_amount")] == ["60.00"] * 3


def test_a_formula_may_give_an_empty_text(tmp_path: Path) -> None:
    path = book(tmp_path, (r'(<c r="G\d")([^>]*>)(<f>[^<]*</f>)<v>60</v>', r'\1 t="str"\2\3<v></v>'))
    con, _ = read(path)
    assert rows(con, "charge_amount") == [(None,)] * 3
