"""Times what takes intake longer than one sound file: a file that is read line by line, and many small files.

Everything is of the same rows and measured in one run, so that the ratios tell something on any machine: a sound CSV, the same
with a row too short, the same rows as one-row files in a folder and in a zip.

    python -m benchmarks.slow_ways --lines 150000 --files 1000
"""

import argparse
import resource
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from audit import intake
from audit.engine.duckdb_session import open_session
from audit.settings.config import Config
from benchmarks import generate


def seconds_of(sources: Sequence[Path], scratch: Path) -> float:
    """Seconds of work, on all cores together, that intake takes to read the files."""
    with open_session(Config(sources=()), scratch / "spill") as session:
        began = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        intake.load(session.con, sources, scratch=scratch)
        return resource.getrusage(resource.RUSAGE_SELF).ru_utime - began


def main() -> None:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=150_000, help="claim lines of the large files (default: 150000)")
    parser.add_argument("--files", type=int, default=1_000, help="small files, each of one line (default: 1000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sound, broken = folder / "sound.csv", folder / "broken.csv"
        generate.write(options.lines, sound)
        header, *rows = sound.read_text().splitlines(keepends=True)
        broken.write_text("".join([header, *rows[:-1], rows[-1].partition(",")[0] + "\n"]))
        small = _small_files(folder / "small", header, rows[: options.files])
        packed = folder / "small.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in small:
                archive.write(path, path.name)
        seconds_of([sound], folder)  # whatever is only slow the first time
        quick, careful = seconds_of([sound], folder), seconds_of([broken], folder)
        print(f"sound: {quick:.2f} s of work, {options.lines / quick:,.0f} rows a second")
        print(f"read line by line: {careful:.2f} s, {options.lines / careful:,.0f} rows a second; ratio {careful / quick:.2f}")
        alone = seconds_of(small[:1], folder)
        for what, sources in (("in a folder", small), ("in a zip", [packed])):
            seconds = seconds_of(sources, folder)
            each = 1000 * seconds / len(small)
            print(f"{len(small):,} files {what}: {seconds:.2f} s, {each:.1f} ms each; one alone {1000 * alone:.0f} ms")


def _small_files(folder: Path, header: str, rows: Sequence[str]) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"export_{number:05}.csv" for number in range(len(rows))]
    for path, row in zip(paths, rows, strict=True):
        path.write_text(header + row)
    return paths


if __name__ == "__main__":
    main()
