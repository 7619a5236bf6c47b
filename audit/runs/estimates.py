"""estimate.json: what a reviewed sample said of a run, kept beside its worksheet so that the run's report can tell of it.

Samples lie in a folder beside the runs, each in a folder of its own; they are no part of a run's folder, which does not change.
"""

import json
from decimal import Decimal
from pathlib import Path

import msgspec

from audit.files.door import read_whole, write_text
from audit.runs.format.manifest import Manifest

NAME = "estimate.json"
SAMPLES = "samples"
LINES = "audited_lines.parquet"
FORMAT = 1


class Estimated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reviewed sample: what it was drawn from, and what it said at 90 %, two-sided. Dollars are whole, as they are printed.

    `lines_sha256` is of the audited lines that it was drawn from, `stated` the amount to state.
    """

    format: int
    lines_sha256: str
    frame: str
    frame_sha256: str
    seed: str
    strata: str
    reviewed: int
    in_error: int
    errors: tuple[int, int, int]
    overpayment: tuple[Decimal, Decimal, Decimal]
    stated: Decimal
    statement: str
    cautions: tuple[str, ...]


def write(found: Estimated, folder: Path) -> Path:
    """Write the estimate into the folder of its sample; gives its path."""
    return write_text(folder / NAME, json.dumps(msgspec.to_builtins(found), indent=1, ensure_ascii=False) + "\n")


def of_run(run_folder: Path, manifest: Manifest) -> tuple[tuple[str, Estimated], ...]:
    """The estimates from samples of this run in the folder beside it, by the name of the sample; unreadable ones are none."""
    lines = next((one.sha256 for one in manifest.outputs if one.file == LINES), None)
    found = []
    for path in sorted((run_folder.resolve().parent / SAMPLES).glob(f"*/{NAME}")):
        try:
            estimated = msgspec.json.decode(read_whole(path), type=Estimated)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if estimated.format == FORMAT and estimated.lines_sha256 == lines:
            found.append((path.parent.name, estimated))
    return tuple(found)
