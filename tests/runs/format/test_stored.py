"""The door of manifest.json: what comes through is whole, and what is refused is refused by the key's name."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from audit.errors import ConfigError, ExitCode, InputError
from audit.runs.format import stored
from audit.runs.format.free_keys import free_keys
from audit.runs.format.manifest import FORMAT, Manifest, Output, PairedLines, Suppression, TimedMinutes
from audit.runs.format.review_records import ConfirmedFinding, DecidedFinding, Recurrence, Replaced, Review, ReviewOfRule
from audit.runs.ledgers import suppressions
from audit.runs.timeline import history
from audit.settings.config import LexiconTerm, PayerSetting, ProviderSetting
from tests.report.fixture import make_run, manifest_of, plain, write_manifest
from tests.runs.format.manifest_faults import faults, refusal

DAY = date(2026, 1, 2)
REVIEW = Review(
    rules=(ReviewOfRule("TIM001", 5, 1, 2, 1, 1),),
    confirmed=(
        ConfirmedFinding(
            "c" * 16, "TIM001", "C1", 2, "Medicare", "medicare_ffs", Decimal("31.00"), DAY, DAY, DAY, Decimal("30.00")
        ),
    ),
    decided=(DecidedFinding("c" * 16, "refunded", Decimal("30.00"), DAY, "AB", DAY, True),),
    gone=1,
)
FORMAT_2 = Path(__file__).parent / "format_2.json"


def full() -> Manifest:
    """A manifest in which every list and every table of free keys holds something."""
    made = manifest_of([])
    config = msgspec.structs.replace(
        made.config,
        select=("TIM",),
        ignore=("DOC",),
        columns={"units": "Qty"},
        header_names={"units": ("Menge",)},
        constants={"payer_name": "One payer"},
        payers=(PayerSetting(match=["one*"], payer_class="commercial", not_covered=["97124"], daily_units={"97530": 4}),),
        providers=(ProviderSetting("1234567893", "Desk 4", "lead"),),
        lexicon=(LexiconTerm("kneading", "massage"),),
        rules={"TIM001": {"min_excess": 2}},
    )
    summary = msgspec.structs.replace(
        made.summary, by_modifier_59=(PairedLines("1234567893", 40, 3),), by_timed_minutes=(TimedMinutes(23, 7),)
    )
    inputs = tuple(msgspec.structs.replace(file, private_columns=("Name",)) for file in made.inputs)
    aside = Suppression("a" * 16, "reviewed", date(2026, 6, 30), "desk", "TIM001", "Medicare", "1234567893", "97110")
    before = msgspec.structs.replace(
        made.history,
        replaced=Replaced("b" * 16, datetime(2026, 1, 5, 6, tzinfo=UTC), 1, 2, 3),
        recurring=1,
        recurrences=(Recurrence("TIM001", "1234567893", "Medicare", (2, 3), (90, 80), 1, 0, Decimal("31.00")),),
    )
    return msgspec.structs.replace(
        made, config=config, summary=summary, inputs=inputs, history=before, suppressions=(aside,), review=REVIEW
    )


def short(value: Any) -> Any:
    """A manifest's values with one item in every list: the fewest that have all keys."""
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    return [short(item) for item in value[:1]] if isinstance(value, list) else value


def refused(folder: Path, manifest: object) -> InputError:
    (folder / stored.NAME).write_text(manifest if isinstance(manifest, str) else json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InputError) as error:
        stored.read(folder)
    assert error.value.exit_code == ExitCode.INPUT
    return error.value


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "findings.csv").write_bytes(b"finding_id\n")
    written = stored.write(full(), tmp_path, ["findings.csv"])
    again = stored.read(tmp_path)
    assert msgspec.structs.replace(again, free_keys=()) == written
    assert again.outputs == (Output("findings.csv", 11, sha256(b"finding_id\n").hexdigest()),)
    assert json.loads(stored.as_text(again)) == json.loads((tmp_path / stored.NAME).read_text(encoding="utf-8"))


def test_amounts_are_text_with_two_places_and_dates_iso_text() -> None:
    found = plain(full())
    assert found["totals"]["over"] == {"findings": 0, "gross": "0.00", "counted_once": "0.00"}
    assert (found["run"]["created_at"], found["run"]["first_service_date"]) == ("2026-01-05T06:00:00Z", "2025-11-01")


def test_no_fault_of_any_key_comes_through(tmp_path: Path) -> None:
    whole = short(plain(full()))
    whole["free_keys"] = free_keys(whole)
    (tmp_path / stored.NAME).write_text(json.dumps(whole), encoding="utf-8")
    stored.read(tmp_path)
    tried = [(fault, refusal(fault, tmp_path)) for fault in faults(whole, each=False)]
    assert len(tried) > 2_000
    assert [str(fault) for fault, said in tried if said is None] == []
    assert [(str(fault), said) for fault, said in tried if said is not None and fault.key not in said] == []


def test_the_path_of_the_key_is_told(tmp_path: Path) -> None:
    whole = plain(full())
    del whole["totals"]["over"]["counted_once"]
    assert refused(tmp_path, whole).message == f"{tmp_path}/manifest.json: totals.over.counted_once is missing."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m["rules"][0]["params"].pop("min_excess"), "rules[0].params.min_excess is missing"),
        (lambda m: m["rules"][0]["params"].update(min_excess="1"), "rules[0].params.min_excess is text, not whole number"),
        (lambda m: m["rules"][0]["params"].update(more=1), "rules[0].params.more is unknown"),
        (lambda m: m["config"]["payers"][0].pop("class"), "config.payers[0].class is missing"),
        (lambda m: m["config"]["payers"][0].pop("filing_days"), "config.payers[0].filing_days is missing"),
        (lambda m: m["inputs"][0]["mapping"][0].pop("confidence"), "inputs[0].mapping[0].confidence is missing"),
        (lambda m: m["inputs"][0]["mapping"][0].update(note="x"), "inputs[0].mapping[0].note is unknown"),
        (lambda m: m["totals"].update(lines=-1), "totals.lines is not what it must be: expected int >= 0"),
        (lambda m: m["totals"].update(amount="1.5"), "totals.amount is not an amount as text with two places"),
        (lambda m: m["totals"].update(amount="NaN"), "totals.amount is not an amount as text with two places"),
        (lambda m: m["run"].update(first_service_date="2025-11-31"), "run.first_service_date is not what it must be"),
        (lambda m: m["rules"][0].update(status="fine"), "rules[0].status is not what it must be"),
        (lambda m: m.pop("free_keys"), "free_keys is missing"),
    ],
)
def test_each_kind_of_fault_has_its_words(tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str) -> None:
    whole = plain(full())
    change(whole)
    assert said in refused(tmp_path, whole).message


@pytest.mark.parametrize("place", ["value", "key"])
def test_nothing_of_a_damaged_file_is_repeated_but_names_of_keys(tmp_path: Path, place: str) -> None:
    whole, hostile = plain(full()), "Doe, \x1b[31mJane\n'"
    if place == "key":
        whole["run"][hostile] = 1
    else:
        whole["rules"][0]["severity"] = hostile
    assert "Jane" not in refused(tmp_path, whole).message


@pytest.mark.parametrize("text", ["", "{oops", "\ufffd", "[" * 100_000, "NaN"])
def test_what_is_no_json_object_is_refused(tmp_path: Path, text: str) -> None:
    refused(tmp_path, text)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (FORMAT + 1, f"written by a newer claims-audit (format {FORMAT + 1}; this one reads up to format {FORMAT})"),
        (1, "format 1 is from before the first release"),
        (0, "format 0 is from before"),
        (True, "format is true or false"),
        ("3", "format is text"),
        (3.0, "format is number"),
    ],
)
def test_another_format_is_told_from_a_damaged_file(tmp_path: Path, made: object, said: str) -> None:
    assert said in refused(tmp_path, {"format": made, "of": "anything"}).message


def test_format_2_is_read_through_its_step(tmp_path: Path) -> None:
    (tmp_path / stored.NAME).write_bytes(FORMAT_2.read_bytes())
    found = stored.read(tmp_path)
    assert (found.format, found.totals.over.counted_once) == (FORMAT, Decimal("5922.96"))
    examined = {rule.id: rule.noun[1] for rule in found.rules}
    assert examined == {"CLM001": "claim lines", "TIM001": "visits", "TIM007": "patient days", "TIM009": "provider days"}
    assert [entry.label for entry in found.history.trend] == ["2025-09_2025-11"]
    assert found.warnings[-1] == "The run 2025-08 stood before this one and could not be read: the trend is without it."
    assert found.free_keys == tuple(free_keys(plain(found)))


def test_format_3_had_the_ids_of_patients_in_its_findings(tmp_path: Path) -> None:
    before = plain(full())
    del before["run"]["patients"]
    write_manifest(tmp_path, {**before, "format": 3})
    assert stored.read(tmp_path).run.patients == "full"


def test_format_5_had_no_notes(tmp_path: Path) -> None:
    before = plain(full())
    del before["notes"]
    write_manifest(tmp_path, {**before, "format": 5})
    assert stored.read(tmp_path).notes == ()


def test_a_fault_of_format_2_is_named_too(tmp_path: Path) -> None:
    kept = json.loads(FORMAT_2.read_text(encoding="utf-8"))
    # Format 2 does not say which parameters a rule had, nor whether a payer's class was set.
    free = ("params", "daily_units", "differs")
    for fault in faults(kept, each=False):
        if (
            fault.what != "dropped"
            or any(step in free for step in fault.path[:-1])
            or "label" in fault.path
            or fault.path[-1] == "class"
        ):
            continue
        said = refusal(fault, tmp_path)
        assert said is not None, str(fault)
        assert fault.key in said, (str(fault), said)


def test_a_run_that_cannot_be_read_is_told_and_left_out(tmp_path: Path) -> None:
    make_run(tmp_path / "2025-11")
    whole = plain(manifest_of([]))
    for name, format_ in (("2025-09", 1), ("2025-12", FORMAT + 1)):
        (tmp_path / name).mkdir()
        write_manifest(tmp_path / name, {**copy.deepcopy(whole), "format": format_})
    found = history.look(tmp_path)
    assert [run.label for run in found.runs] == ["2025-11"]
    assert [why.split(": ")[0] for why in found.unread] == ["2025-09/manifest.json", "2025-12/manifest.json"]
    assert "newer claims-audit" in found.unread[1]
    assert str(tmp_path) not in "".join(found.unread)
    with pytest.raises(ConfigError, match=r"Not searched: 2025-09/manifest\.json: format 1"):
        suppressions.suppress(tmp_path, "zzz", "reviewed", date(2026, 6, 30), "desk", date(2026, 1, 1))


def test_a_damaged_list_of_suppressions_is_refused(tmp_path: Path) -> None:
    for text in ("{", '[{"finding_id": "a"}]', '[{"finding_id": "a", "reason": "b", "until": "soon", "by": ""}]'):
        (tmp_path / "suppressions.json").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=r"suppressions\.json is damaged"):
            suppressions.suppressions(tmp_path)
