"""Captions and titles of a report that name an NPI: no line has it, and the run says so."""

from pathlib import Path

import pytest

from tests.intake.test_load import read, rows, write


@pytest.mark.parametrize("place", ["above", "between"])
def test_an_npi_in_a_caption_or_title_fills_no_line_and_is_told(place: str, tmp_path: Path) -> None:
    header = "Claim #,Patient ID,DOS,CPT,Units,Payer,Charge\n"
    line = "C{0},P{0},2025-11-03,97110,2,Medicare,120.00\n"
    caption = "Provider: Example Clinician PT NPI 1245319599,,,,,,\n"
    above, between = (caption, "") if place == "above" else ("", caption)
    text = above + header + line.format(1) + line.format(2) + between + line.format(3)
    con, intake = read(write(tmp_path, text))
    assert rows(con, "rendering_npi") == [(None,)] * 3
    (said,) = [one for one in intake.warnings if "NPI" in one]
    assert "1245319599" not in said
    assert "Example" not in said
    own = (
        text.replace(",Charge\n", ",Charge,Rendering NPI\n").replace(",120.00\n", ",120.00,1245319599\n").replace(",,\n", ",,,\n")
    )
    _, intake = read(write(tmp_path, own))
    assert not [one for one in intake.warnings if "caption or title" in one]
