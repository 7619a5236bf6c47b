"""Damages whole exports of many formats and sees that intake ties out or refuses each in a plain sentence.

    python -m tests.damage [--files 5000] [--seed 1] [--from 0] [--keep FOLDER]

Each file is made from the seed and its number alone, so that one can be had again: `--from 4711 --files 1`. A file fails
where intake raises anything but an AuditError that names the file and a mend, works longer than SECONDS, loses a row or a
dollar, changes a row that the damage did not touch (under a whole header, or past the gate), or shows a patient's name.
Exit 1 where a file failed; --keep writes those that did.
"""

import argparse
import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import duckdb

from audit.contract import COLUMNS, MONEY_COLUMNS
from audit.errors import AuditError, InputError, ReconciliationError
from audit.intake import load
from audit.intake.proof.gate import check_rejects
from audit.model import Intake
from tests.damage_specimens import Grid, Specimen, specimens
from tests.damage_ways import WAYS, Marked, spoil_bytes, spoil_cells
from tests.macros import session

# Of work; a file that is waited for does none, so there is an end to that too.
SECONDS, SECONDS_OF_WAITING = 20, 600
_NAMES = tuple(column.name for column in COLUMNS)
_LONGEST_MESSAGE = 5000
_TELL_EVERY = 500
# The patients of the specimens are called so.
_NAME = re.compile(r"Zzyzx\d\d")
# What stands in for the parts of a refusal that differ from file to file.
_PARTS = re.compile(r"'[^']*'|\"[^\"]*\"|\(.*\)|[0-9][0-9,.]*")


class FailedError(Exception):
    """What a file was done wrong."""


@dataclass(frozen=True)
class Reading:
    """What intake makes of a file: its rows by claim number in the order of the contract, and the header of each column."""

    rows: dict[str, list[tuple[object, ...]]]
    headers: dict[str, str]


@dataclass(frozen=True)
class Case:
    """One damaged file: how it was damaged, its bytes, and what of it must come out as from the whole export.

    `spared` are claims whose every row was spared; `header_is_whole` says whether the columns must be the same too. `lines`
    are the fewest and the most rows that there may be, None where nobody can count them. `is_sealed` says that any reading
    must be that of the whole.
    """

    specimen: Specimen | Grid
    how: str
    data: bytes
    spared: tuple[str, ...] = ()
    header_is_whole: bool = True
    lines: tuple[int, int] | None = None
    is_sealed: bool = False


@dataclass
class Tally:
    """What became of the files."""

    fates: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str, str]] = field(default_factory=list)
    slowest: tuple[float, int, str] = (0.0, -1, "")
    spared: int = 0


class Bench:
    """The whole exports and how each reads; damages, loads and judges one file after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.con = session(memory_limit="2GB")
        self.specimens = specimens()
        self.whole = {one.name: self._whole(one) for one in self.specimens}

    def _whole(self, specimen: Specimen | Grid) -> Reading:
        data = specimen.whole if isinstance(specimen, Grid) else specimen.pack(specimen.whole)
        intake = self.load(specimen, data)
        if intake.rejected_rows:
            raise FailedError(f"{specimen.name}: the whole export has rejected rows")
        return reading(self.con, intake)

    def load(self, specimen: Specimen | Grid, data: bytes) -> Intake:
        """Write the bytes to a file of the specimen's kind and read it."""
        path = self.folder / f"damaged{specimen.suffix}"
        path.write_bytes(data)
        return load(self.con, [path])

    def case(self, seed: int, number: int) -> Case:
        """The damaged file of that number."""
        chance = random.Random(f"{seed}:{number}")
        specimen = self.specimens[number % len(self.specimens)]
        if isinstance(specimen, Grid):
            return _spoiled_grid(specimen, chance)
        if specimen.is_sealed and chance.random() < 0.6:
            return Case(specimen, "bytes of the packed file", spoil_bytes(specimen.pack(specimen.whole), chance), is_sealed=True)
        return _spoiled_text(specimen, chance)

    def judge(self, case: Case) -> str:
        """Load the file and hold it against the whole: "tied out", or why it was refused. FailedError where neither is right."""
        started = time.process_time()
        try:
            with _within(SECONDS, SECONDS_OF_WAITING):
                intake = self.load(case.specimen, case.data)
        except AuditError as error:
            self._must_be_private(f"{error}")
            return _refusal(error, f"damaged{case.specimen.suffix}")
        except Exception as error:
            raise FailedError(f"traceback\n{traceback.format_exc()}") from error
        finally:
            if time.process_time() - started > SECONDS:
                raise FailedError(f"hang: {time.process_time() - started:.0f} s of work")
        refused = self.con.execute("SELECT string_agg(concat_ws(' ', value, reason), '; ') FROM rejected_row").fetchone()
        self._must_be_private(f"{intake.warnings} {intake.rejections} {intake.files} {refused}")
        self._must_tie(intake)
        self._must_count(intake, case)
        if not case.header_is_whole and _stopped_at_gate(intake):
            return "refused at the gate, with every row accounted for"
        self._must_spare(reading(self.con, intake), case)
        return "tied out"

    def _must_be_private(self, said: str) -> None:
        name = _NAME.search(said)
        if name is not None:
            raise FailedError(f"a patient's name is shown: {said[max(0, name.start() - 300) : name.end() + 50]!r}")

    def _must_tie(self, intake: Intake) -> None:
        sums = ", ".join(f"coalesce(sum({column}), 0)" for column in MONEY_COLUMNS)
        for file in intake.files:
            kept, *dollars = self.con.execute(
                f"SELECT count(*), {sums} FROM claim_row WHERE source_file = ?", [file.name]
            ).fetchone() or (0,)
            if kept + file.rejected_rows != file.rows:
                raise FailedError(f"rows do not tie: {kept} kept + {file.rejected_rows} rejected <> {file.rows}")
            for column, typed in zip(MONEY_COLUMNS, dollars, strict=True):
                read, refused = getattr(file.dollars, column), getattr(file.rejected_dollars, column)
                if read is not None and typed != read - refused:
                    raise FailedError(f"{column} does not tie: {typed} kept + {refused} rejected <> {read}")

    def _must_count(self, intake: Intake, case: Case) -> None:
        if case.lines is None:
            return
        kept = self.con.execute("SELECT count(DISTINCT source_row) FROM claim_row").fetchone() or (0,)
        refused = self.con.execute(
            "SELECT count(DISTINCT source_row) FROM rejected_row ANTI JOIN claim_row USING (source_row)"
        ).fetchone() or (0,)
        said = " ".join(intake.warnings)
        blank = sum(int(count.replace(",", "")) for count in re.findall(r": ([\d,]+) rows are blank", said))
        apart = sum(
            int(count.replace(",", "")) for count in re.findall(r": ([\d,]+) rows? [a-z -]+ and (?:was|were) passed", said)
        )
        apart -= blank
        fewest, most = case.lines
        if not fewest <= kept[0] + refused[0] + blank + apart <= most:
            raise FailedError(
                f"rows lost or made: {kept[0]} kept, {refused[0]} rejected, {blank} blank, {apart} no claims; "
                f"lines {fewest} to {most}"
            )

    def _must_spare(self, found: Reading, case: Case) -> None:
        whole = self.whole[case.specimen.name]
        if case.is_sealed and found != whole:
            raise FailedError("a damaged packing was read, and not as it was")
        # Under a damaged header a column may be read no more, and then rows may lack what they need and be rejected. Lines
        # that the export does not number are numbered in its order, and that changes with a row that stands twice.
        places = [
            place
            for place, name in enumerate(_NAMES)
            if name in found.headers and (case.header_is_whole or found.headers[name] == whole.headers.get(name))
        ]
        for claim in case.spared if 0 in places else ():
            rows = [tuple(row[place] for place in places) for row in found.rows.get(claim, [])]
            for row in whole.rows[claim]:
                expected = tuple(row[place] for place in places)
                if expected not in rows and (rows or case.header_is_whole):
                    raise FailedError(f"a row that was not damaged is not there as it was: {expected}; but {rows or 'nothing'}")


def reading(con: duckdb.DuckDBPyConnection, intake: Intake) -> Reading:
    """What stands in claim_row."""
    columns = ", ".join(f'"{name}"' for name in _NAMES)
    rows: dict[str, list[tuple[object, ...]]] = {}
    for row in con.execute(f"SELECT {columns} FROM claim_row ORDER BY ALL").fetchall():
        rows.setdefault(str(row[0]), []).append(row)
    return Reading(rows, {one.name: one.source_column for file in intake.files for one in file.mapping})


def _spoiled_grid(grid: Grid, chance: random.Random) -> Case:
    if chance.random() < 0.6:
        return Case(grid, "bytes of the file", spoil_bytes(grid.whole, chance), is_sealed=grid.is_sealed)
    rows, spared = spoil_cells(grid, chance)
    claims = tuple(grid.rows[number][0] for number in sorted(spared))
    return Case(grid, "cells", grid.write((grid.header, *rows)), claims)


def _spoiled_text(specimen: Specimen, chance: random.Random) -> Case:
    text = Marked(specimen)
    ways = chance.choices(list(WAYS), k=chance.choice([1, 1, 1, 2, 3]))
    lost = 0
    for way in ways:
        if text.data:
            before = _line_ends(text.data)
            WAYS[way](text, chance)
            lost += max(0, before - _line_ends(text.data))
    data = bytes(text.data)
    claims = tuple(_claim(specimen, number) for number in text.whole_records())
    whole_header = text.header_is_whole()
    lines = _lines(specimen, data, lost) if whole_header else None
    return Case(specimen, ", ".join(ways), specimen.pack(data), claims, whole_header, lines)


def _claim(specimen: Specimen, number: int) -> str:
    return specimen.records[number].split(specimen.delimiter)[0].decode(specimen.encoding).strip('"')


def _line_ends(data: bytes | bytearray) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data))


def _lines(specimen: Specimen, data: bytes, lost: int) -> tuple[int, int]:
    """The fewest and most rows of the text after its header: its lines that are not blank, but for those within notes.

    `lost` line ends were lost: each may stand for a line that damage has made inside a note.
    """

    def filled(text: str) -> int:
        return sum(bool(line.strip(" \t\ufeff\x00\x1a")) for line in re.split("\r\n|\r|\n", text))

    start = len(specimen.before) + len(specimen.header)
    most = filled(data[start:].decode(specimen.encoding, errors="replace"))
    whole = filled(specimen.whole[start:].decode(specimen.encoding))
    inside = whole - len(specimen.records) - (1 if specimen.after else 0)
    # A line end that damage puts inside quotes makes one more line of a note.
    return most - inside - max(0, most - whole) - lost, most


def _stopped_at_gate(intake: Intake) -> bool:
    """Whether an audit would go no further, because too many rows are rejected: their columns stand under wrong headers."""
    try:
        check_rejects(intake)
    except InputError:
        return True
    return False


def _refusal(error: AuditError, file: str) -> str:
    if isinstance(error, ReconciliationError):
        raise FailedError(f"not reconciled: {error}")
    if file not in error.message or not error.hint:
        raise FailedError(f"a refusal that names no file or no mend: {error}")
    if len(str(error)) > _LONGEST_MESSAGE or "Traceback" in str(error):
        raise FailedError(f"a refusal that nobody reads: {str(error)[:500]}")
    said = error.message.splitlines()[0].split(" Its headers are")[0].replace(file, "FILE")
    return f"refused: {_PARTS.sub('*', said)[:110]}"


@contextmanager
def _within(seconds_of_work: int, seconds: int) -> Iterator[None]:
    """Break off what takes longer. On a busy machine a file may take long that takes little work, so that is what counts."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"not done after {seconds_of_work} s of work, or {seconds} s")

    clocks = {signal.ITIMER_PROF: (signal.SIGPROF, seconds_of_work), signal.ITIMER_REAL: (signal.SIGALRM, seconds)}
    before = {number: signal.signal(number, stop) for number, _ in clocks.values()}
    for clock, (_, most) in clocks.items():
        signal.setitimer(clock, most + 1)
    try:
        yield
    finally:
        for clock, (number, _) in clocks.items():
            signal.setitimer(clock, 0)
            signal.signal(number, before[number])


def run(bench: Bench, seed: int, numbers: Sequence[int], keep: Path | None = None) -> Tally:
    """Damage and judge the files of those numbers."""
    tally = Tally()
    for number in numbers:
        case = bench.case(seed, number)
        started = time.process_time()
        try:
            fate = bench.judge(case)
        except FailedError as error:
            fate = "FAILED"
            tally.failures.append((number, f"{case.specimen.name}: {case.how}", str(error)))
            print(f"FAILED {number} ({case.specimen.name}: {case.how}): {error}", file=sys.stderr, flush=True)
            if keep is not None:
                (keep / f"{seed}_{number}{case.specimen.suffix}").write_bytes(case.data)
        tally.fates[fate] += 1
        if len(numbers) > _TELL_EVERY and sum(tally.fates.values()) % _TELL_EVERY == 0:
            print(f"{sum(tally.fates.values()):,} of {len(numbers):,} files", file=sys.stderr, flush=True)
        tally.spared += len(case.spared)
        tally.slowest = max(tally.slowest, (time.process_time() - started, number, case.specimen.name))
    return tally


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="start")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        tally = run(Bench(Path(folder)), given.seed, range(given.start, given.start + given.files), given.keep)
    for fate, count in tally.fates.most_common():
        print(f"{count:>7,}  {fate}")
    seconds, number, name = tally.slowest
    print(f"slowest: {seconds:.1f} s of work, file {number} ({name}); {tally.spared:,} undamaged claims held against the whole")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
