"""How patients stand in a run is one decision for all of its files, and `report` cannot bring back what was left out."""

import io
import shutil
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.errors import ExitCode
from tests.end_to_end.command import claims_audit

PATIENTS = ("CHART-7731", "CHART-7732")
_HEAD = "Claim #,Line,Patient ID,DOS,CPT,Mod 1,Units,Minutes,Payer,NPI,Billing NPI,Status,Paid\n"
ROWS = _HEAD + "".join(
    f"C{n},1,{patient},2025-11-0{n},{code},,{units},20,Medicare Part B,1234567893,1000000004,{status},30.00\n"
    for n, (patient, code, units, status) in enumerate(
        [
            (PATIENTS[0], "97124", "1", "paid"),
            (PATIENTS[0], "97110", "4", "paid"),
            (PATIENTS[1], "97110", "4", "paid"),
            (PATIENTS[1], "97110", "1", "void"),
            (PATIENTS[1], "97110", "many", "paid"),
        ],
        1,
    )
)
# The rules that find something in these rows: of the others no finding says anything of a patient.
FINDING = "MED001,MED003,TIM001"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same export audited with patients in each way, and as it is where nothing is asked."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "export.csv").write_text(ROWS, encoding="utf-8")
    (folder / "audit.toml").write_text("[audit]\nmax_rejected = 0.5\n", encoding="utf-8")
    return {phi: _audited(folder, phi) for phi in ("default", "pseudonym", "hidden", "full")}


def _audited(folder: Path, phi: str) -> Path:
    words = ("--select", FINDING, *(() if phi == "default" else ("--phi", phi)))
    done = claims_audit("run", "export.csv", "--out", phi, "--config", "audit.toml", *words, cwd=folder)
    assert done.code == ExitCode.DONE, done.err
    assert not [patient for patient in PATIENTS if patient in done.err + done.out]
    return folder / phi / "2025-11"


def texts(run: Path) -> dict[str, str]:
    """Every file of a run as the text that it holds, unpacked where it is packed."""
    return {str(path.relative_to(run)): _text(path) for path in sorted(run.rglob("*")) if path.is_file()}


def _text(path: Path) -> str:
    if path.suffix == ".parquet":
        return str(pq.read_table(path).to_pylist()) + str(pq.read_metadata(path).to_dict())
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    return path.read_text(encoding="utf-8")


def holding(run: Path) -> set[str]:
    """The files that hold the id of a patient."""
    return {name for name, text in texts(run).items() if any(patient in text for patient in PATIENTS)}


DATA = {"audited_lines.parquet", "findings.csv", "findings.parquet"}
SHOWN = {*DATA, "findings.xlsx", "report.html", "providers/1234567893.html"}


@pytest.mark.parametrize(("phi", "files"), [("default", set()), ("pseudonym", set()), ("hidden", set()), ("full", SHOWN)])
def test_a_run_s_files_hold_ids_where_that_was_asked(runs: dict[str, Path], phi: str, files: set[str]) -> None:
    assert holding(runs[phi]) == files


def test_a_pseudonym_is_the_same_in_every_file_and_run(runs: dict[str, Path]) -> None:
    names = set(pq.read_table(runs["default"] / "findings.parquet")["patient_id"].to_pylist())
    assert len(names) == 2
    assert all(name.startswith("P-") for name in names)
    for phi in ("default", "pseudonym"):
        assert {file for file, text in texts(runs[phi]).items() if all(name in text for name in names)} == SHOWN


def test_hidden_leaves_no_pseudonym_either(runs: dict[str, Path]) -> None:
    names = pq.read_table(runs["default"] / "findings.parquet")["patient_id"].to_pylist()
    assert set(pq.read_table(runs["hidden"] / "findings.parquet")["patient_id"].to_pylist()) == {None}
    assert not [file for file, text in texts(runs["hidden"]).items() if any(name in text for name in names)]


@pytest.mark.parametrize(
    ("kept", "asked", "code"),
    [
        ("hidden", "full", ExitCode.USAGE),
        ("hidden", "pseudonym", ExitCode.USAGE),
        ("pseudonym", "full", ExitCode.USAGE),
        ("pseudonym", "hidden", ExitCode.DONE),
        ("full", "hidden", ExitCode.DONE),
    ],
)
def test_report_renders_no_more_than_the_run_has_kept(
    runs: dict[str, Path], tmp_path: Path, kept: str, asked: str, code: ExitCode
) -> None:
    run = Path(shutil.copytree(runs[kept], tmp_path / "run"))
    before = texts(run)
    done = claims_audit("report", run, "--phi", asked, cwd=tmp_path)
    assert done.code == code
    assert ("nothing brings their ids back" in done.err) is (code == ExitCode.USAGE)
    if code == ExitCode.USAGE:
        assert texts(run) == before
    assert holding(run) == (DATA if kept == "full" else set())


@pytest.mark.parametrize("kept", ["pseudonym", "hidden", "full"])
def test_report_renders_the_same_again(runs: dict[str, Path], tmp_path: Path, kept: str) -> None:
    run = Path(shutil.copytree(runs[kept], tmp_path / "run"))
    before = texts(run)
    assert claims_audit("report", run, cwd=tmp_path).code == ExitCode.DONE
    assert texts(run) == before
