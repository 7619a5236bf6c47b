"""Columns of days that a typed file holds as moments of a zone."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.intake.test_load import read, rows


def export(folder: Path, moments: list[dt.datetime], zone: str | None) -> Path:
    count = range(len(moments))
    cells = {"claim_id": [f"C{n}" for n in count], "patient_id": [f"P{n}" for n in count], "cpt": ["97140"] * len(moments),
             "units": [1] * len(moments), "payer": ["Aetna"] * len(moments)}  # fmt: skip
    path = folder / "typed.parquet"
    pq.write_table(pa.table({**cells, "Date of Service": pa.array(moments, pa.timestamp("us", tz=zone))}), path)
    return path


@pytest.mark.parametrize(
    ("clocks", "zone", "is_told"),
    [
        ((0, 0, 0), "UTC", False),
        ((5, 4, 5), "America/New_York", False),
        ((1, 15, 22), "UTC", True),
        ((22, 22, 22), "UTC", True),
        ((15, 16, 17), "America/New_York", True),
        ((1, 15, 22), None, False),
    ],
)
def test_moments_that_may_be_of_another_day_are_told(
    clocks: tuple[int, ...], zone: str | None, is_told: bool, tmp_path: Path
) -> None:
    day = dt.datetime(2025, 11, 13, tzinfo=dt.UTC if zone else None)
    con, intake = read(export(tmp_path, [day + dt.timedelta(hours=hour) for hour in clocks], zone))
    assert rows(con, "service_date") == [(dt.date(2025, 11, 13),)] * 3
    assert is_told is any("'Date of Service' holds moments in UTC" in said for said in intake.warnings)
