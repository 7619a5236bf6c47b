"""What tests.both_engines calls a difference between two runs."""

import json
from dataclasses import replace

import pytest

from audit.runs.outputs import OUTPUTS
from tests.both_engines import Done, differences


def done(software: str = "duckdb", audited: int = 7, **changed: bytes) -> Done:
    manifest = {"software": {"engine": software}, "outputs": [software], "totals": {"lines": audited}}
    files = {output.name: b"rows" for output in OUTPUTS} | {"manifest.json": json.dumps(manifest).encode()}
    return Done(0, "Run 1.", files | {name.replace("_csv", ".csv"): content for name, content in changed.items()})


def test_the_name_of_the_engine_is_none() -> None:
    assert differences(done("duckdb"), done("spark")) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (done("spark", findings_csv=b"other"), "findings.csv"),
        (done("spark", rejected_rows_csv=b"other"), "rejected_rows.csv"),
        (done("spark", audited=8), "manifest.json: totals"),
        (replace(done("spark"), code=4), "exit code 0 and 4"),
        (Done(0, "Refused.", {}), "last words"),
    ],
)
def test_what_differs_is_named(other: Done, told: str) -> None:
    assert [one for one in differences(done(), other) if told in one]


def test_two_refusals_in_the_same_words_are_the_same() -> None:
    assert differences(Done(3, "A.\nB.", {}), Done(3, "C.\nB.", {})) == []
    assert differences(Done(3, "A.\nB.", {}), Done(3, "A.\nC.", {}))
