"""The benchmark of the report makes a stored run of its own: it must be one that the report of today reads."""

import sys

import pytest

from benchmarks import report


def test_a_run_of_synthetic_findings_is_rendered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["report.py", "--findings", "40"])
    report.main()
    assert "40 rows of findings" in capsys.readouterr().out
