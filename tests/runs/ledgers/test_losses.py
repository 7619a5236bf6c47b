"""What is gone from the folder of runs without a word is told, until it is back or a person says that it is so on purpose."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from audit.errors import ConfigError
from audit.runs.ledgers import attempts, decisions, losses, seals, suppressions
from audit.runs.ledgers.decisions import Decision
from audit.runs.timeline import history
from tests.report.fixture import make_run

NOW, UNTIL = datetime(2026, 1, 5, 6, tzinfo=UTC), date(2999, 1, 1)
LATER = NOW + timedelta(days=31)
MONTHS = ("2025-10", "2025-11")


def _ids(out: Path) -> list[str]:
    return sorted(history.finding_ids(history.look(out).runs[-1]))


def _decide(out: Path, first: int, last: int, name: str) -> int:
    ids = _ids(out)[first:last]
    made = [Decision(finding_id=one, decision="dismiss", reviewer="AB", decided_on=NOW.date()) for one in ids]
    return decisions.add(out, made, decisions.known_among(history.look(out).runs, ids), Path(name), name, NOW)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two runs, three findings set aside, five decided in two imports, three attempts on record."""
    for label in MONTHS:
        make_run(tmp_path / label)
        seals.note(tmp_path, label, tmp_path / label, "run", NOW)
        attempts.note(tmp_path, NOW, label, 0, label)
    attempts.note(tmp_path, NOW, "2025-12", 3, None, "no export")
    for one in _ids(tmp_path)[:3]:
        suppressions.suppress(tmp_path, one, "settled", UNTIL, "AB", NOW.date())
    _decide(tmp_path, 3, 6, "one.csv")
    _decide(tmp_path, 6, 8, "two.csv")
    losses.note_attempts(tmp_path, NOW)
    assert losses.find(tmp_path) == ()
    return tmp_path


def _without_line(path: Path, number: int) -> None:
    kept = path.read_bytes().splitlines(keepends=True)
    del kept[number]
    path.write_bytes(b"".join(kept))


def _empty(path: Path) -> None:
    path.write_bytes(b"[]" if path.suffix == ".json" else b"")


def _one_less(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text("[" + text[text.index("},") + 2 :], encoding="utf-8")


def _other_word(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"dismiss"', b'"confirm"', 1).replace(b"no export", b"all is well"))


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        ("suppressions.json", Path.unlink, "suppressions.json held 3 entries on 2*, and is gone: findings that it set aside"),
        ("suppressions.json", _empty, "suppressions.json held 3 entries on 2*, and holds 0 now"),
        ("suppressions.json", _one_less, "suppressions.json held 3 entries on 2*, and holds 2 now"),
        ("decisions.jsonl", Path.unlink, "decisions.jsonl held 5 entries on 2026-01-05, and is gone: findings that it dismissed"),
        ("decisions.jsonl", _empty, "decisions.jsonl held 5 entries on 2026-01-05, and holds 0 now"),
        *(
            (
                "decisions.jsonl",
                lambda path, at=at: _without_line(path, at),
                "decisions.jsonl held 5 entries on *, and holds 4 now",
            )
            for at in range(5)
        ),
        ("decisions.jsonl", _other_word, "decisions.jsonl held 5 entries on 2026-01-05, and what stood there then was changed"),
        ("attempts.jsonl", Path.unlink, "attempts.jsonl held 3 entries on 2026-01-05, and is gone: a month that failed"),
        ("attempts.jsonl", lambda path: _without_line(path, 2), "attempts.jsonl held 3 entries on 2026-01-05, and holds 2 now"),
        ("attempts.jsonl", _other_word, "attempts.jsonl held 3 entries on 2026-01-05, and what stood there then was changed"),
        ("manifests.jsonl", Path.unlink, "manifests.jsonl does not list 2025-10, 2025-11, so nothing tells"),
        ("manifests.jsonl", lambda path: _without_line(path, 1), "manifests.jsonl does not list 2025-11, so nothing tells"),
    ],
)
def test_a_ledger_that_has_lost_entries_is_told_and_none_that_has_gained_some(
    name: str, damage: Callable[[Path], None], said: str, out: Path
) -> None:
    copy = (out / name).read_bytes()
    damage(out / name)
    (told,) = losses.told(out)
    begins, _, ends = said.partition("*")
    assert told.startswith(begins)
    assert ends in told
    assert f"`claims-audit history accept {name} --out {out}`" in told
    (out / name).write_bytes(copy)
    assert losses.find(out) == (), "brought back from a copy"
    damage(out / name)
    assert losses.accept(out, [name], LATER) == (name,)
    assert losses.find(out) == ()
    suppressions.suppress(out, _ids(out)[9], "settled", UNTIL, "AB", NOW.date())
    _decide(out, 10, 12, "three.csv")
    attempts.note(out, LATER, "2026-01", 3, None, "no export")
    assert losses.find(out) == (), "what is added is no loss"


def test_what_is_added_to_a_ledger_that_has_lost_entries_would_hide_them(out: Path) -> None:
    (out / decisions.NAME).unlink()
    (out / suppressions.NAME).unlink()
    acts: tuple[Callable[[], object], ...] = (
        lambda: _decide(out, 10, 12, "three.csv"),
        lambda: suppressions.suppress(out, _ids(out)[9], "settled", UNTIL, "AB", NOW.date()),
    )
    for act in acts:
        with pytest.raises(ConfigError, match=r"on record|held . entries") as told:
            act()
        assert "history accept" in told.value.hint
    assert not (out / decisions.NAME).exists()
    assert not (out / suppressions.NAME).exists()


def test_a_suppression_that_was_lifted_is_no_loss(out: Path) -> None:
    for one in _ids(out)[:3]:
        suppressions.lift(out, one)
        assert losses.find(out) == ()
    (out / suppressions.NAME).unlink()
    assert losses.find(out) == (), "it held nothing"


def test_what_ended_between_the_writing_and_the_record_is_no_loss(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(suppressions.checkpoints, "note", dies)
        for act in (
            lambda: suppressions.suppress(out, _ids(out)[9], "settled", UNTIL, "AB", NOW.date()),
            lambda: suppressions.lift(out, _ids(out)[0]),
            lambda: _decide(out, 10, 12, "three.csv"),
        ):
            with pytest.raises(KeyboardInterrupt):
                act()
    assert losses.find(out) == ()
    monkeypatch.setattr(suppressions, "_write", dies)
    with pytest.raises(KeyboardInterrupt):
        suppressions.lift(out, _ids(out)[0])
    assert losses.find(out) == ()


def test_a_loss_of_the_attempts_is_told_by_more_than_one_run(out: Path) -> None:
    (out / attempts.NAME).unlink()
    attempts.note(out, LATER, "2026-01", 0, "2026-01")
    losses.note_attempts(out, LATER)
    assert [loss.names for loss in losses.find(out, but="2026-01")] == [("attempts.jsonl",)]


@pytest.mark.parametrize("way", ["deleted", "emptied", "renamed", "a file"])
def test_a_run_whose_folder_is_gone_is_told_until_that_is_accepted(way: str, out: Path) -> None:
    folder = out / "2025-10"
    if way == "renamed":
        folder.rename(out.parent / "elsewhere")
    else:
        shutil.rmtree(folder)
    if way == "emptied":
        folder.mkdir()
    if way == "a file":
        folder.touch()
    (told,) = losses.told(out)
    assert told.startswith("The run of 2025-10 is in the list of runs, and its folder is gone. Bring it back")
    assert f"`claims-audit history accept 2025-10 --out {out}`" in told
    assert losses.find(out, but="2025-10") == (), "the run that is made now"
    losses.accept(out, ["2025-10"], LATER)
    assert losses.find(out) == ()
    attempts.note(out, LATER + timedelta(days=1), "2025-10", 0, "2025-10")
    assert [loss.names for loss in losses.find(out)] == [("2025-10",)], "it was made anew since, and is gone again"


def test_a_run_that_died_before_it_was_in_its_place_is_not_missed(out: Path) -> None:
    seals.note(out, "2025-12", out / "2025-11", "run", LATER)
    assert losses.find(out) == ()


def test_runs_kept_aside_and_rendered_anew_are_missed_too(out: Path) -> None:
    attempts.note(out, LATER, "2025-11", 0, "2025-11", kept="2025-11.superseded-1")
    seals.note(out, "2025-09", out / "2025-11", "report", LATER)
    (told,) = losses.told(out)
    assert told.startswith("2 runs are in the list of runs, and their folders are gone: 2025-09, 2025-11.superseded-1.")


def test_many_runs_that_were_deleted_are_told_in_one_sentence_and_accepted_in_one_call(out: Path) -> None:
    for year in range(2000, 2015):
        attempts.note(out, NOW, f"{year}-01", 0, f"{year}-01")
    (told,) = losses.told(out)
    assert told.startswith("15 runs are in the list of runs")
    assert "2011-01 and 3 more. " in told
    assert f"`claims-audit history accept --all --out {out}`" in told
    assert len(losses.accept(out, (), LATER)) == 15
    assert losses.find(out) == ()


def test_nothing_is_accepted_that_is_not_missing(out: Path) -> None:
    shutil.rmtree(out / "2025-10")
    with pytest.raises(ConfigError, match=r"'2025-11' is missing") as told:
        losses.accept(out, ["2025-10", "2025-11"], LATER)
    assert told.value.hint == "Missing or changed: 2025-10."
    assert len(losses.find(out)) == 1
    assert losses.accept(out, (), LATER) == ("2025-10",)


def test_a_line_of_another_hand_stands_in_nobody_s_way(out: Path) -> None:
    with (out / attempts.NAME).open("a", encoding="utf-8") as file:
        for at, label in (("soon", "2025-07"), ("2026-01-01", "2025-08"), ("2026-01-01T00:00:00+0000", "../x\0y")):
            file.write(f'{{"at": "{at}", "period": null, "code": 0, "label": "{label}", "said": ""}}\n'.replace("\0", "\\u0000"))
    assert losses.find(out)[0].names == ("2025-08",)
