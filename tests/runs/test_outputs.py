"""A run folder holds what OUTPUTS lists, and nothing else."""

import re
from datetime import UTC, datetime
from pathlib import Path

from audit.pipeline.outputs import OUTPUTS
from audit.pipeline.run import run
from audit.settings.config import Config
from tests.house.checkout import ROOT


def named(path: str) -> str:
    """A file's name as OUTPUTS has it."""
    return re.sub(r"^providers/\d{10}\.html$", "providers/<npi>.html", path)


def test_a_run_leaves_what_the_list_says(tmp_path: Path) -> None:
    source = tmp_path / "export.csv"
    source.write_text(
        "Claim ID,Line,Patient ID,DOS,CPT,Mod 1,Units,Minutes,Payer,Rendering NPI,Paid\n"
        "C1,1,P1,11/13/2025,97124,GP,2,10,Medicare Part B,1234567893,50.00\n",
        encoding="utf-8",
    )
    config = Config(sources=(str(source),), out=tmp_path / "out", phi="hidden", select=("TIM001",))
    folder = run(config, datetime(2025, 12, 1, tzinfo=UTC)).folder
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    # Pages beside the report are written where it cannot hold all findings.
    assert {named(path) for path in left} == {output.name for output in OUTPUTS} - {"findings/<rule>-<page>.html"}
    assert all(path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600) for path in folder.rglob("*"))


def test_the_readme_tells_of_each() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{output.name}` | {output.what} |" in text for output in OUTPUTS)
