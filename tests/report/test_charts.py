"""What becomes of a report whose charts cannot be drawn."""

from types import SimpleNamespace

import pytest

from audit.errors import AuditError
from audit.machine.troubles import trouble
from audit.report.charts import vega


class PanicException(BaseException):
    """As the library's own: no Exception."""


def _drawing(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(_: object) -> str:
        raise error

    monkeypatch.setattr(vega, "import_module", lambda _: SimpleNamespace(vegalite_to_svg=give_up))
    vega.draw("chart", "Title", "Text", {"data": {"values": []}})


@pytest.mark.parametrize("error", [ValueError("bar of PATIENT-1"), PanicException("Too many open files")])
def test_charts_that_cannot_be_drawn_are_told_in_a_sentence(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AuditError, match=r"^The charts of the report could not be drawn\.") as told:
        _drawing(error, monkeypatch)
    assert "PATIENT" not in str(told.value)
    found = trouble(told.value)
    assert (found is not None) == isinstance(error, PanicException)
    assert found is None or "more open files" in found.message


def test_a_signal_while_charts_are_drawn_is_a_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        _drawing(KeyboardInterrupt(), monkeypatch)
