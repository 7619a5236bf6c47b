"""Units that are minutes are refused; a charge that is the price of one unit is warned of."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from audit.errors import ExitCode, InputError
from tests.intake.test_load import read, write

HEADER = "Claim #,Patient ID,DOS,CPT,{},Payer,{}\n"


def export(*lines: tuple[str, str, str], units: str = "Units", charge: str = "Charge") -> str:
    return HEADER.format(units, charge) + "".join(
        f"C{n},P{n},2025-11-03,{code},{count},Medicare,{amount}\n" for n, (code, count, amount) in enumerate(lines, 1)
    )


@pytest.mark.parametrize(
    ("units", "header"),
    [
        (("15", "30", "23", "38"), "Units"),
        (("8", "15", "45", "30", "2"), "Qty"),
        (("15.00", "30", "60", "15", "15", "15"), "Units"),
    ],
)
def test_minutes_under_units_are_refused_with_the_mend(units: Sequence[str], header: str, tmp_path: Path) -> None:
    path = write(tmp_path, export(*[("97110", one, "60") for one in (*units, *units)], units=header))
    with pytest.raises(InputError, match=f"'{header}' holds 8 or more on") as caught:
        read(path)
    assert f'minutes = "{header}"' in caught.value.hint
    assert caught.value.exit_code == ExitCode.INPUT


@pytest.mark.parametrize(
    "lines",
    [
        [("97110", "15", "60")] * 7,  # too few
        [("97110", one, "60") for one in ("8", "8", "8", "8", "7", "7") * 2],  # two in three
        [("97110", "7", "60")] * 12,
        [("J0585", "100", "600")] * 12,  # a drug by its units
        [("97010", "15", "60")] * 12,  # not timed
    ],
)
def test_many_units_are_no_minutes_yet(lines: Sequence[tuple[str, str, str]], tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, export(*lines)))
    assert intake.rejected_rows == 0


@pytest.mark.parametrize(("minutes", "is_refused"), [("240", False), ("128", False), ("127", True), ("16", True), ("", True)])
def test_units_that_the_line_s_own_minutes_bear_out_are_units(minutes: str, is_refused: bool, tmp_path: Path) -> None:
    lines = "".join(f"C{n},P{n},2025-11-03,97750,16,{minutes},Texas Mutual,480\n" for n in range(8))
    path = write(tmp_path, "Claim #,Patient ID,DOS,CPT,Units,Minutes,Payer,Charge\n" + lines)
    if is_refused:
        with pytest.raises(InputError, match="minutes, no units"):
            read(path)
    else:
        assert read(path)[1].rejected_rows == 0


def test_a_small_file_among_others_is_refused_too(tmp_path: Path) -> None:
    good = write(tmp_path, export(*[("97110", "2", "60")] * 4), "a.csv")
    bad = write(tmp_path, export(*[("97110", "30", "60")] * 8), "b.csv")
    with pytest.raises(InputError, match=r"b\.csv: 'Units' holds 8 or more"):
        read(good, bad)


TWO_CODES = [("97110", "1", "60"), ("97110", "2", "60.00"), ("97530", "2", "70"), ("97530", "3", "$70.00")]
SIX_LINES = [("97110", one, "60") for one in "122321"]


@pytest.mark.parametrize(
    ("lines", "header"),
    [
        (TWO_CODES, "Charge"),
        (SIX_LINES, "Billed Amount"),
        ([("97110", one, "60") for one in "123"], "Fee"),
        (TWO_CODES[::-1], "Amount"),
    ],
)
def test_one_charge_at_any_number_of_units_is_warned_of(lines: list[tuple[str, str, str]], header: str, tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, export(*lines, charge=header)), column_overrides={"charge_amount": header})
    (said,) = [one for one in intake.warnings if "price of one unit" in one]
    assert f"export.csv: '{header}' is the same at every number of units" in said
    assert "It is the export's only amount." in said
    assert 'charge_amount = "<header>"' in said


@pytest.mark.parametrize(
    "lines",
    [
        [*TWO_CODES, ("97140", "1", "55"), ("97140", "2", "110")],  # one code against
        SIX_LINES[:4],  # too few
        [("97110", "2", "60")] * 8,  # never another number of units
        [("97110", "1", "60"), ("97110", "2", "120"), ("97530", "1", "70"), ("97530", "2", "140")],
        [("97110", one, "0.00") for one in "122321"],
    ],
)
def test_other_charges_are_the_lines(lines: list[tuple[str, str, str]], tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, export(*lines)))
    assert not [one for one in intake.warnings if "price of one unit" in one]
