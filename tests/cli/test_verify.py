"""`verify RUN`: a run's folder is what the run wrote, or the change is named; the same inputs give the same findings."""

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.files.tables import write_csv as write_csv_of
from audit.pipeline import again
from audit.runs.folder import soundness
from audit.runs.format import stored
from audit.runs.ledgers import seals
from tests.end_to_end.command import claims_audit
from tests.end_to_end.test_command_line import changed, write_csv

OCTOBER, NOVEMBER = changed(Claim_ID="C1", DOS="10/16/2025"), changed(Claim_ID="C2")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a run was made of an export and of an archive."""
    home = tmp_path_factory.mktemp("verify")
    write_csv(home / "a.csv", OCTOBER, NOVEMBER)
    write_csv(home / "b.csv", changed(Claim_ID="C3", Patient_ID="P3"))
    shutil.make_archive(str(home / "b"), "zip", home, "b.csv")
    (home / "b.csv").unlink()
    done = claims_audit("run", "a.csv", "b.zip", "--select", "TIM001", "--select", "CLM", "--period", "2025-11", cwd=home)
    assert done.code == 0, done.err
    assert stored.read(home / "out" / "2025-11").config.select == ("TIM001", "CLM")
    assert f"manifest {stored.sha256_of(home / 'out' / '2025-11' / 'manifest.json')}." in done.err
    return home


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "home", symlinks=True))


def faults(home: Path) -> list[str]:
    folder = home / "out" / "2025-11"
    return soundness.faults(folder, stored.read(folder))


def test_a_run_as_it_was_written_is_sound_and_finds_the_same_again(home: Path) -> None:
    done = claims_audit("verify", "out/2025-11", cwd=home)
    assert (done.code, done.out) == (
        0,
        "Every file is as the run wrote it, and the totals tie; the same inputs give the same findings again.\n",
    )
    assert not [name for name in os.listdir(home / "out") if name.startswith(".") and not name.endswith(".lock")]
    for cwd, name in ((home / "out" / "2025-11", "."), (home, "out/latest")):
        assert claims_audit("verify", name, "--stored", cwd=cwd).code == 0
    done = claims_audit("verify", "out/2025-11", "--stored", cwd=home)
    assert done.code == 0
    assert done.out.startswith("Not checked: The audit was not done again")


def _more(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[random.Random(path.name).randrange(len(content))] ^= 1
    path.write_bytes(content)


def _gone(path: Path) -> None:
    path.unlink()


def _linked(path: Path) -> None:
    path.rename(path.parent.parent / "elsewhere")
    path.symlink_to(path.parent.parent / "elsewhere")


@pytest.mark.parametrize("change", [_more, _cut, _bit, _gone, _linked])
def test_each_change_of_each_file_is_found_and_named(change: Callable[[Path], None], sound: Path, tmp_path: Path) -> None:
    names = [entry.file for entry in stored.read(sound / "out" / "2025-11").outputs]
    assert len(names) >= 9
    for name in names:
        home = Path(shutil.copytree(sound, tmp_path / name.replace("/", "_")))
        change(home / "out" / "2025-11" / name)
        assert any(fault.startswith(name) for fault in faults(home)), name


@pytest.mark.parametrize(
    "place",
    [
        ("totals", "over", "counted_once"), ("totals", "lines"), ("run", "auditor"), ("run", "created_at"), ("run", "id"),
        ("control_totals", "rows", "read"), ("rules", 0, "flagged"), ("software", "duckdb"), ("inputs", 0, "sha256"),
    ],
)  # fmt: skip
def test_a_manifest_that_was_changed_is_found(place: tuple[Any, ...], home: Path) -> None:
    path = home / "out" / "2025-11" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    holder = manifest
    for step in place[:-1]:
        holder = holder[step]
    was = holder[place[-1]]
    other = {"counted_once": "1.00", "created_at": "2020-01-01T00:00:00Z"}
    holder[place[-1]] = was + 1 if isinstance(was, int) else other.get(place[-1], "other")
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert "manifest.json is none of those that manifests.jsonl has of 2025-11." in faults(home)


def _write_all_anew(home: Path, table: pa.Table) -> None:
    """As one would who wants to hide a change: findings, hashes and list made to fit."""
    folder = home / "out" / "2025-11"
    pq.write_table(table, folder / "findings.parquet")
    manifest = stored.read(folder)
    stored.write(manifest, folder, [entry.file for entry in manifest.outputs])
    seals.note(home / "out", "2025-11", folder, "report", manifest.run.created_at)


def test_a_sheet_that_was_changed_with_its_hash_is_not_what_the_table_says(home: Path) -> None:
    sheet = home / "out" / "2025-11" / "findings.csv"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("C2", "C7"), encoding="utf-8")
    _write_all_anew(home, pq.read_table(sheet.with_suffix(".parquet")))
    assert faults(home) == ["findings.csv does not say what findings.parquet says."]


@pytest.mark.parametrize("place", ["population", "evaluated", "flagged"])
def test_what_a_rule_examined_is_counted_again(place: str, home: Path) -> None:
    path = home / "out" / "2025-11" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["rules"][0][place] += 1
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _write_all_anew(home, pq.read_table(path.with_name("findings.parquet")))
    assert faults(home) == []
    done = claims_audit("verify", "out/2025-11", "--quiet", cwd=home)
    assert done.code == 3
    assert f"{manifest['rules'][0]['id']} examined, judged or flagged another number than the run says.\n" in done.out


def test_findings_that_were_changed_with_all_their_hashes_do_not_tie_or_are_not_found_again(home: Path) -> None:
    path = home / "out" / "2025-11" / "findings.parquet"
    table = pq.read_table(path)
    _write_all_anew(home, table.slice(1))
    assert any("other findings or dollars than the totals say" in fault for fault in faults(home))
    row = {**table.to_pylist()[0], "message": "nothing was found"}
    forged = pa.concat_tables([pa.Table.from_pylist([row], table.schema), table.slice(1)])
    _write_all_anew(home, forged)
    assert faults(home) == ["findings.csv does not say what findings.parquet says."]
    write_csv_of(forged, home / "out" / "2025-11" / "findings.csv")
    _write_all_anew(home, forged)
    assert faults(home) == []
    done = claims_audit("verify", "out/2025-11", "--quiet", cwd=home)
    assert done.code == 3
    assert "1 findings are found with other figures: " in done.out


@pytest.mark.parametrize("name", ["note.txt", ".hidden", "providers/2.html", "empty/"])
def test_a_file_that_is_none_of_the_runs_is_named(name: str, home: Path) -> None:
    path = home / "out" / "2025-11" / name
    path.parent.mkdir(exist_ok=True)
    path.mkdir() if name.endswith("/") else path.write_text("mine", encoding="utf-8")
    assert f"{name.rstrip('/')} is none of the run's files." in faults(home)


@pytest.mark.parametrize("name", ["manifest.json", "providers"])
def test_a_link_in_the_place_of_what_the_run_wrote_is_named(name: str, home: Path) -> None:
    path = home / "out" / "2025-11" / name
    path.rename(home / "elsewhere")
    path.symlink_to(home / "elsewhere")
    assert f"{name} is a link, and leads to what can be changed elsewhere." in faults(home)


def test_a_folder_under_another_name_is_named(home: Path) -> None:
    out = home / "out"
    (out / "2025-11").rename(out / "2025-11.superseded-1")
    for name, said in (
        ("2025-11.superseded-1", []),
        ("2025-12", ["The folder is named 2025-12, and the run in it is of 2025-11."]),
    ):
        folder = (out / "2025-11.superseded-1").rename(out / name)
        assert soundness.faults(folder, stored.read(folder)) == said


def test_files_opened_to_others_are_told_and_are_no_fault(home: Path) -> None:
    folder = home / "out" / "2025-11"
    (folder / "findings.csv").chmod(0o644)
    done = claims_audit("verify", "out/2025-11", "--stored", cwd=home)
    assert done.code == 0
    assert done.out.startswith("2025-11/findings.csv (mode 644) may be read by others; ")
    folder.chmod(0o755)
    assert soundness.opened_up(folder)[0].startswith("2025-11 (mode 755) and 1 more may be read by others; ")


def test_a_run_without_its_list_is_told(home: Path) -> None:
    (home / "out" / "manifests.jsonl").unlink()
    assert faults(home) == ["manifest.json stands in no manifests.jsonl beside the run, so nothing tells whether it was changed."]
    done = claims_audit("verify", "out/2025-11", "--stored", cwd=home)
    assert done.code == 3
    assert done.out.endswith("out/2025-11 is not as the run wrote it.\n")


def test_a_report_that_was_rendered_again_is_sound(home: Path) -> None:
    assert claims_audit("report", "out/2025-11", "--final", cwd=home).code == 0
    assert faults(home) == []
    assert [seal.by for seal in seals.read(home / "out")] == ["run", "report"]


def test_what_cannot_be_checked_is_said_and_is_no_pass(home: Path) -> None:
    (home / "a.csv").rename(home / "moved.csv")
    done = claims_audit("verify", "out/2025-11", cwd=home)
    assert done.code == 3
    assert "Not checked: a.csv is not there any more.\n" in done.out
    assert "same findings again" not in done.out
    done = claims_audit("verify", "out/2025-11", "moved.csv", "b.zip", cwd=home)
    assert "are found with other figures" in done.out, "the findings name another file"
    write_csv(home / "a.csv", OCTOBER)
    done = claims_audit("verify", "out/2025-11", cwd=home)
    assert done.code == 3
    assert "Not checked: a.csv is another file than the run read.\n" in done.out


def test_another_program_is_said_and_is_no_fault(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "__version__", "99.0")
    done = claims_audit("verify", "out/2025-11", cwd=home)
    assert done.code == 0
    assert "; this is 99.0.\n" in done.out


def test_settings_of_today_do_not_count(home: Path) -> None:
    text = '[audit]\nsources = ["{period}/*.csv"]\nselect = ["MOD"]\n[rules.TIM001]\nmin_excess = 5\n'
    (home / "audit.toml").write_text(text, encoding="utf-8")
    assert claims_audit("verify", "out/2025-11", "--quiet", cwd=home).code == 0


def test_a_list_with_a_line_that_was_cut_off_is_added_to(home: Path) -> None:
    out = home / "out"
    with (out / "manifests.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"label": "2025-1')
    manifest = stored.read(out / "2025-11")
    seals.note(out, "2025-11", out / "2025-11", "report", manifest.run.created_at)
    assert [seal.by for seal in seals.read(out)] == ["run", "report"]
    assert (out / "manifests.jsonl").stat().st_mode & 0o777 == 0o600


def _of_content(kind: str, path: Path, other: Path, chance: random.Random) -> None:
    """Change what a file holds."""
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    if kind == "byte":
        content[at] ^= 1 << chance.randrange(8)
    elif kind == "insert":
        content[at:at] = bytes([chance.randrange(256)])
    elif kind == "delete":
        del content[at]
    elif kind in ("cut", "empty"):
        del content[at if kind == "cut" else 0 :]
    else:
        content[:] = other.read_bytes()
        if kind == "swap":
            other.write_bytes(path.read_bytes())
    path.write_bytes(content)


_OF_NAMES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "renamed": lambda path: path.rename(path.with_name(f"{path.name}.old")),
    "added": lambda path: path.with_name("more.txt").touch(),
    "folder": lambda path: path.with_name("more").mkdir(),
}


def _one_change(folder: Path, chance: random.Random) -> str:
    """Change one thing anywhere in a run's folder; gives what."""
    path, other = chance.sample(sorted(path for path in folder.rglob("*") if path.is_file()), 2)
    kind = chance.choice(["byte", "insert", "delete", "cut", "empty", "copy", "swap", *_OF_NAMES])
    if kind in _OF_NAMES:
        _OF_NAMES[kind](path)
    else:
        _of_content(kind, path, other, chance)
    return f"{kind}: {path.name}"


def test_each_of_fifty_single_changes_is_found(sound: Path, tmp_path: Path) -> None:
    chance, missed = random.Random(50), []
    for number in range(50):
        home = Path(shutil.copytree(sound, tmp_path / str(number)))
        change = _one_change(home / "out" / "2025-11", chance)
        done = claims_audit("verify", "out/2025-11", "--stored", cwd=home)
        if done.code != 3 or not (done.out + done.err).strip():
            missed.append((change, done))
    assert missed == []
