"""sample.json as records: what was decided before anything was drawn, and what was drawn. Anyone can draw it again from this.

A key is a field, and there is no other. Amounts are dollars as text with two places in the file, Decimal here.
"""

import json
from decimal import Decimal
from pathlib import Path

import msgspec

from audit.errors import InputError
from audit.files.door import write_text
from audit.sampling.frame import Unit
from audit.sampling.strata import By

FORMAT = 1
NAME, WORKSHEET, FRAME = "sample.json", "sample.xlsx", "frame.csv"


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of sample.json."""


class OfRun(_Part, frozen=True):
    """The run that the frame is made of; `lines_sha256` is of its audited_lines.parquet."""

    label: str
    id: str
    folder: str
    lines_sha256: str


class OfFrame(_Part, frozen=True):
    """The frame: what stands in it, how many units and dollars, the file that lists it, and units that could not be drawn."""

    unit: Unit
    of: str
    rules: tuple[str, ...]
    file: str
    sha256: str
    units: int
    amount: Decimal
    left_out: int

    @property
    def words(self) -> str:
        """The frame as a reader says it: "6,302 claims, all that were audited"."""
        of = {"all": "all that were audited", "findings": "with potential overpayment"}.get(self.of, f"flagged by {self.of}")
        return f"{self.units:,} {self.unit}{'' if self.units == 1 else 's'}, {of}"


class Size(_Part, frozen=True):
    """How the size was settled: stated, or from a precision in per cent at a confidence, by a probe or an error rate."""

    stated: int | None
    precision: float | None
    confidence: int | None
    error_rate: float | None
    probe: str | None


class DrawnStratum(_Part, frozen=True):
    """A stratum and its draw: one of RAT-STATS's single stage draws from 1 to `universe` with `seed`, in the order drawn."""

    name: str
    seed: str
    universe: int
    amount: Decimal
    mean: float
    deviation: float
    numbers: tuple[int, ...]
    spares: tuple[int, ...]


class Row(_Part, frozen=True):
    """A unit drawn: `drawn` counts rows in the order drawn, stratum by stratum, the spares of each after its sample."""

    drawn: int
    stratum: int
    place: int
    number: int
    key: tuple[str, ...]
    amount: Decimal
    is_spare: bool


class Sample(_Part, frozen=True):
    """All of sample.json."""

    format: int
    program: str
    drawn_at: str
    seed: str
    run: OfRun
    frame: OfFrame
    size: Size
    strata_by: By | None
    strata: tuple[DrawnStratum, ...]
    rows: tuple[Row, ...]
    earlier: tuple[str, ...]
    warnings: tuple[str, ...]

    def of(self, stratum: int, spares: bool) -> tuple[Row, ...]:
        """The rows of a stratum (from 1) in the order drawn: its sample, or its spares."""
        return tuple(row for row in self.rows if row.stratum == stratum and row.is_spare == spares)


def write(sample: Sample, folder: Path) -> Path:
    """Write sample.json into the folder; gives its path."""
    text = json.dumps(msgspec.to_builtins(sample), indent=1, ensure_ascii=False)
    return write_text(folder / NAME, text + "\n")


def read(folder: Path) -> Sample:
    """The sample in `folder`. Raises InputError where there is none, or where it is not as it was written."""
    path = folder / NAME
    try:
        sample = msgspec.json.decode(path.read_bytes(), type=Sample)
    except FileNotFoundError:
        raise InputError(
            f"{path} is not there.", "Keep the worksheet in the folder that 'claims-audit sample' made, beside its sample.json."
        ) from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InputError(f"{path} is not as 'claims-audit sample' wrote it.", "Bring the first version back.") from None
    if sample.format != FORMAT:
        raise InputError(f"{path} has format {sample.format}, and this claims-audit reads format {FORMAT}.")
    return sample
