"""What a user meets on the command line: exit codes, clear sentences, no run folder after a failure, hostile text inert."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.end_to_end.command import ROOT, claims_audit, environment

HEADER = ["Claim ID", "Line", "Patient ID", "DOS", "CPT", "Mod 1", "Units", "Minutes", "Payer", "Rendering NPI", "Paid", "Note"]
GOOD = ["C1", "1", "P1", "11/13/2025", "97124", "GP", "2", "22", "Medicare Part B", "1234567893", "$50.00", "kneading, low back"]

# What stays beside the runs: the lock of the folder, the lists of manifests and of attempts, their locks, the page over all.
KEPT_BESIDE = {
    ".lock", ".runs.lock", "manifests.jsonl", ".manifests.jsonl.lock", "attempts.jsonl", ".attempts.jsonl.lock", "index.html"
}  # fmt: skip


def write_csv(path: Path, *rows: list[str], header: list[str] | None = None) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header or HEADER, *rows])
    return path


def changed(**cells: str) -> list[str]:
    return [cells.get(name.replace(" ", "_"), cell) for name, cell in zip(HEADER, GOOD, strict=True)]


def no_run_folder(folder: Path) -> bool:
    return left_in(folder / "out") <= KEPT_BESIDE


def left_in(out: Path) -> set[str]:
    return set(os.listdir(out)) if out.exists() else set()


def test_a_run_prints_where_the_report_lies_and_nothing_else(tmp_path: Path) -> None:
    done = claims_audit("run", write_csv(tmp_path / "export.csv", GOOD), "--select", "TIM001", cwd=tmp_path)
    assert (done.code, done.out) == (0, "out/2025-11/report.html\n")
    assert "1 audited" in done.err


def test_headers_that_fill_no_column_are_counted_and_not_shown(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "export.csv", [*GOOD, "a", "b"], header=[*HEADER, "Colour of Chart", "Roe, Ann"])
    done = claims_audit("run", source, "--select", "TIM001", cwd=tmp_path)
    assert "2 headers fill no column; the report and `claims-audit check` name them." in done.err.splitlines()
    assert "Roe" not in done.err
    plain = claims_audit("run", write_csv(tmp_path / "plain.csv", GOOD), "--select", "TIM001", cwd=tmp_path)
    assert "no column" not in plain.err


def test_quiet_says_nothing(tmp_path: Path) -> None:
    done = claims_audit("run", write_csv(tmp_path / "export.csv", GOOD), "--quiet", "--select", "TIM001", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")


def test_totals_that_agree_are_a_note_and_no_warning(tmp_path: Path) -> None:
    totals = ["Total" if at == 0 else "" for at in range(len(HEADER))]
    totals[HEADER.index("Paid")] = GOOD[HEADER.index("Paid")]
    source = write_csv(tmp_path / "export.csv", GOOD, totals)
    told = claims_audit("run", source, "--select", "TIM001", cwd=tmp_path).err.splitlines()
    agreed = [line for line in told if "its rows add up to that" in line]
    assert [line.split(": ")[:2] for line in agreed] == [["Note", "export.csv"]]
    assert "and its rows add up to that" in " ".join(
        claims_audit("check", source, cwd=tmp_path, CLAIMS_AUDIT_SELECT="TIM001").out.split()
    )
    assert "<h3>Notes</h3>" in (tmp_path / "out" / "2025-11" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("level", "code"), [("never", 0), ("low", 1), ("medium", 1), ("high", 1)], ids=["never", "low", "medium", "high"]
)
def test_fail_on(tmp_path: Path, level: str, code: int) -> None:
    source = write_csv(tmp_path / "export.csv", GOOD)
    assert claims_audit("run", source, "--fail-on", level, "--select", "TIM001", cwd=tmp_path).code == code


def test_fail_on_looks_at_severity(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "export.csv", GOOD)
    done = claims_audit("run", source, "--fail-on", "high", "--select", "DOC,CLM", cwd=tmp_path)
    assert done.code == 0


def test_strict_fails_where_something_was_not_evaluated(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "export.csv", changed(Minutes=""), [*changed(CPT="97110")[:1], "2", *changed(CPT="97110")[2:]])
    assert claims_audit("run", source, "--select", "TIM001", "--strict", cwd=tmp_path).code == 3
    assert claims_audit("run", source, "--select", "TIM001", cwd=tmp_path).code == 0


def truncated_parquet(folder: Path) -> Path:
    path = folder / "cut.parquet"
    pq.write_table(pa.table({"claim_id": ["C1"] * 1000}), path)
    path.write_bytes(path.read_bytes()[:-40])
    return path


def folder_without_exports(folder: Path) -> Path:
    (folder / "empty").mkdir()
    (folder / "empty" / "readme.pdf").write_text("nothing here", encoding="utf-8")
    return folder / "empty"


def empty_file(folder: Path) -> Path:
    (folder / "empty.csv").touch()
    return folder / "empty.csv"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "missing.csv", ["missing.csv"]),
        (empty_file, ["empty.csv", "empty"]),
        (
            lambda folder: write_csv(folder / "h.csv", ["C1", "P1"], header=["Claim ID", "Patient ID"]),
            ["procedure_code", "h.csv"],
        ),
        (truncated_parquet, ["cut.parquet"]),
        (folder_without_exports, ["empty", "readme.pdf"]),
        (lambda folder: write_csv(folder / "only_header.csv"), ["only_header.csv"]),
    ],
    ids=["missing", "empty", "no procedure code", "truncated parquet", "folder without exports", "header only"],
)
def test_unusable_input(tmp_path: Path, make: object, words: list[str]) -> None:
    done = claims_audit("run", make(tmp_path), cwd=tmp_path)  # type: ignore[operator]
    assert done.code == 3, done.err
    assert all(word in done.err for word in words), done.err
    assert "Traceback" not in done.err
    assert no_run_folder(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["run"], "SOURCE"),
        (["run", "x.csv", "--period", "2025-13"], "month"),
        (["run", "x.csv", "--select", "XYZ"], "XYZ"),
        (["run", "x.csv", "--config", "nowhere.toml"], "nowhere.toml"),
        (["explain", "TIMM001"], "TIM001"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], word: str) -> None:
    done = claims_audit(*arguments, cwd=tmp_path)
    assert done.code == 2, done.err
    assert word in done.err


def test_a_wrong_audit_toml_is_explained(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "export.csv", GOOD)
    for text, word in [
        ("[audit]\nentty = 'x'\n", "entty"),
        ("[[payer]]\nmatch = ['x']\nunit_rule = 'eight'\n", "eight"),
        ("[rules.TIM001]\nmin_excess = 'two'\n", "min_excess"),
        ("[rules.TIM001]\nmin_exces = 2\n", "min_exces"),
        ("[rules.XXX001]\na = 2\n", "XXX001"),
        ("[columns]\nclaim_nr = 'Claim'\n", "claim_nr"),
        ("= broken", "audit.toml"),
    ]:
        (tmp_path / "audit.toml").write_text(text, encoding="utf-8")
        done = claims_audit("run", source, cwd=tmp_path)
        assert done.code == 2, text
        assert word in done.err, done.err


def test_a_period_without_lines(tmp_path: Path) -> None:
    done = claims_audit("run", write_csv(tmp_path / "export.csv", GOOD), "--period", "2024-01", cwd=tmp_path)
    assert done.code == 3
    assert "2025-11-13" in done.err
    assert no_run_folder(tmp_path)


def test_rows_that_fail_are_listed_with_their_reason(tmp_path: Path) -> None:
    source = write_csv(
        tmp_path / "export.csv", *[changed(Claim_ID=f"C{n}", Patient_ID=f"P{n}") for n in range(300)], changed(Units="two")
    )
    done = claims_audit("run", source, "--select", "TIM001", cwd=tmp_path)
    assert done.code == 0, done.err
    with (tmp_path / "out" / "2025-11" / "rejected_rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["file"], row["row"], row["column"], row["value"]) for row in rows] == [("export.csv", "302", "units", "AAA")]


@pytest.fixture
def _foreground() -> Iterator[None]:
    """As in a shell's foreground: one that runs in the background has SIGINT ignored, and its children inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_foreground")
@pytest.mark.parametrize("stage", ["Reading", "Settling", "Running", "Writing"])
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_leaves_nothing(tmp_path: Path, kind: signal.Signals, stage: str) -> None:
    """`python -m tests.signals` stops runs at random moments; here each at the beginning of a stage."""
    source = write_csv(tmp_path / "export.csv", *(changed(Claim_ID=f"C{n}", Patient_ID=f"P{n}") for n in range(2_000)))
    with started("run", source, folder=tmp_path) as process:
        said = said_until(process, stage)
        process.send_signal(kind)
        said += process.communicate()[1]
    assert process.returncode == 130, said
    assert said.splitlines()[-1] == "Interrupted; no run folder was written."
    assert no_run_folder(tmp_path)


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "export.csv", *(changed(Claim_ID=f"C{n}", Patient_ID=f"P{n}") for n in range(2_000)))
    with started("run", source, folder=tmp_path) as process:
        said_until(process, "Settling")
        process.kill()
    assert any((tmp_path / "out").glob(".partial-*"))
    assert not any((tmp_path / "out").glob("2*"))
    assert claims_audit("run", write_csv(tmp_path / "small.csv", GOOD), "--select", "TIM001", cwd=tmp_path).code == 0
    assert left_in(tmp_path / "out") == {*KEPT_BESIDE, "2025-11", "latest"}


def started(*arguments: object, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "audit", *map(str, arguments)],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def said_until(process: subprocess.Popen[str], word: str) -> str:
    """What the process says up to the line that begins with the word."""
    said = ""
    for line in process.stderr or ():
        said += line
        if line.startswith(word):
            return said
    raise AssertionError(f"never said {word}: {said}")


HOSTILE = [
    "<script>alert(1)</script> kneading",
    "{{ 7 * 7 }} {% raw %} kneading",
    '=HYPERLINK("http://x") kneading',
    "+1 kneading",
    "@SUM(A1) kneading",
    "\u202egnidaenk kneading",
    "kneading " + "x" * 100_000,
    "😀 kneading",
]


def test_hostile_text_is_inert(tmp_path: Path) -> None:
    rows = [
        changed(Claim_ID=f"{text[:40]}{n}", Patient_ID=f"P{n}", Note=text, Payer=f"Medicare {text[:40]}", Units="7")
        for n, text in enumerate(HOSTILE)
    ]
    done = claims_audit("run", write_csv(tmp_path / "export.csv", *rows), cwd=tmp_path)
    assert done.code == 0, done.err
    run = tmp_path / "out" / "2025-11"
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "{{ 7 * 7 }}" in page, "shown as text, not evaluated"
    with (run / "findings.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert cells
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t") or (cell[:1] == "-" and not cell[1:2].isdigit())]


def test_a_missing_optional_column_never_crashes(tmp_path: Path) -> None:
    full = dict(zip(HEADER, GOOD, strict=True))
    required = {"Claim ID", "Line", "Patient ID", "DOS", "CPT", "Units", "Payer"}
    for left_out in set(HEADER) - required:
        header = [name for name in HEADER if name != left_out]
        source = write_csv(tmp_path / "export.csv", [full[name] for name in header], header=header)
        done = claims_audit("run", source, "--out", left_out.replace(" ", ""), cwd=tmp_path)
        assert done.code == 0, f"{left_out}: {done.err}"


def test_an_edited_run_is_kept_and_an_untouched_one_replaced(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "export.csv", GOOD)
    claims_audit("run", source, "--select", "TIM001", cwd=tmp_path)
    claims_audit("run", source, "--select", "TIM001", cwd=tmp_path)
    assert left_in(tmp_path / "out") == {*KEPT_BESIDE, "2025-11", "latest"}
    with (tmp_path / "out" / "2025-11" / "findings.csv").open("a", encoding="utf-8") as file:
        file.write("my own note\n")
    done = claims_audit("run", source, "--select", "TIM001", cwd=tmp_path)
    assert "2025-11.superseded-1" in done.err
    assert "my own note" in (tmp_path / "out" / "2025-11.superseded-1" / "findings.csv").read_text(encoding="utf-8")


def test_rules_and_explain(tmp_path: Path) -> None:
    listed = json.loads(claims_audit("rules", "--format", "json", cwd=tmp_path).out)
    assert {"TIM001", "MOD003", "MAN003", "MED001", "DOC001", "CLM001"} <= {rule["id"] for rule in listed}
    assert all(rule["sql"] and rule["references"] for rule in listed)
    table = claims_audit("rules", cwd=tmp_path)
    assert "TIM001" in table.out
    (tmp_path / "audit.toml").write_text("[rules.TIM001]\nmin_excess = 2\n", encoding="utf-8")
    page = claims_audit("explain", "tim001", cwd=tmp_path)
    assert page.code == 0
    assert "`min_excess` = `2` (default `1`)" in page.out


def test_help_teaches() -> None:
    done = claims_audit("run", "--help", cwd=ROOT)
    assert done.code == 0
    assert "Exit codes" in done.out
