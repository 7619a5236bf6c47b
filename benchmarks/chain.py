"""Writes the export of a chain of practices: a quarter of claim lines in the columns of the contract, of any length.

Practitioners and practices are of very unequal size, a patient comes about eleven times, a visit has one to five codes,
some notes stand again and again beside a few that are unique. Most visits are in order: units by the 8-minute rule, modifier
59 where an edit asks for it; `--errors` is the share of those with one of eight errors. All of it is invented and follows
from hashes: the same size gives the same rows everywhere. Rows are made and written some 100,000 at a time.

    python -m benchmarks.chain --lines 1000000 --out export.parquet --out export.csv
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import csv as arrow_csv, parquet

from audit import reference
from benchmarks.generate import npi

# Tables that come with the program.
REFERENCE = Path(reference.__file__).parent / "data"
FIRST_DAY = date(2025, 9, 1)
_WORK_DAYS = tuple(day for day in (FIRST_DAY + timedelta(n) for n in range(91)) if day.weekday() < 5)
_LINES_A_DAY = 13.0  # of a practitioner, on average; a little too few, so that the export is never short
_BATCH = 4_000  # practitioners
_SQL = Path(__file__).with_name("chain.sql")

# code: timed, hands-on, charge and allowed amount of a unit, words of its notes
_CODES: dict[str, tuple[bool, bool, float, float, tuple[str, str, str]]] = {
    "97110": (True, False, 65, 30.11, ("Strengthening of the", "Active exercise for the", "Endurance work for the")),
    "97112": (True, False, 75, 34.02, ("Balance training, trunk and", "Postural control of the", "Proprioception of the")),
    "97116": (True, False, 65, 30.00, ("Gait, cues for the", "Stairs and turns, watching the", "Level walking, weight on the")),
    "97124": (True, True, 67, 31.20, ("Effleurage of the", "Petrissage to soften the", "Stroking massage of the")),
    "97140": (True, True, 60, 27.90, ("Joint mobilization of the", "Myofascial release of the", "Manual traction of the")),
    "97530": (True, False, 81, 36.75, ("Lifting practice, load on the", "Reaching tasks with the", "Transfers that load the")),
    "97535": (True, False, 80, 34.00, ("Dressing with care for the", "Home program for the", "Kitchen tasks sparing the")),
    "97035": (True, False, 31, 14.40, ("Ultrasound 1 MHz to the", "Ultrasound 3 MHz to the", "Pulsed ultrasound to the")),
    "97012": (False, False, 31, 14.20, ("Mechanical traction of the", "Intermittent traction of the", "Static traction of the")),
    "97016": (False, False, 26, 10.90, ("Compression of the", "Vasopneumatic sleeve, the", "Swelling treated at the")),
    "G0283": (False, False, 26, 11.90, ("Interferential current to the", "Stimulation pads at the", "Current to the")),
    "97161": (False, False, 156, 98.00, ("Evaluation, low, of the", "First evaluation of the", "Evaluation of the")),
    "97165": (False, False, 156, 98.00, ("Evaluation, low, of the", "First evaluation of the", "Evaluation of the")),
    "98940": (False, False, 61, 28.60, ("Adjustment of the", "Spinal adjustment near the", "Adjusted, also the")),
    "98941": (False, False, 87, 41.20, ("Adjustment, three regions, the", "Spinal adjustment and the", "Adjusted, also the")),
}  # fmt: skip
# What is billed together, by role of who treats, with its share of 100.
_THERAPY = (
    (10, "97110"), (16, "97110 97140"), (9, "97110 97112"), (13, "97110 97112 97140"), (10, "97110 97530"),
    (12, "97110 97140 97530"), (6, "97110 97112 97530"), (5, "97110 97140 97035"), (6, "97110 97112 97140 G0283"),
    (4, "97110 97116"), (3, "97110 97124"), (2, "97140 97012"), (2, "97530 97535"), (2, "97110 97112 97140 97530 97035"),
)  # fmt: skip
_CHOICES: dict[str, tuple[tuple[int, str], ...]] = {
    "physical": (*_THERAPY[:-4], (3, "97110 97124"), (2, "97140 97012"), (2, "97110 97016"), (2, "97161 97110")),
    "occupational": (*_THERAPY[:-4], (3, "97530 97535"), (2, "97140 97012"), (2, "97110 97016"), (2, "97165 97110")),
    "chiropractic": ((45, "98941"), (30, "98940"), (15, "98941 97140"), (10, "98940 97110")),
    "massage": ((100, "97124"),),
}
# The payer, its id and filing indicator, its share of 100 patients, and what it pays beside the table's allowed amounts.
_PAYERS: tuple[tuple[str, str | None, str, int, float], ...] = (
    ("Medicare Part B", "SYN01", "MB", 30, 1.00),
    ("Silver Oak Medicare Advantage", "SYN02", "16", 11, 0.97),
    ("State Medicaid", "SYN03", "MC", 9, 0.71),
    ("UHC Choice", "SYN04", "CI", 14, 1.18),
    ("Aetna Open Access", "SYN05", "CI", 11, 1.21),
    ("BCBS PPO", "SYN06", "BL", 12, 1.29),
    ("Workers Comp State Fund", "SYN07", "WC", 6, 1.34),
    ("Cigna HMO", "SYN08", "HM", 3, 1.12),
    ("Auto Mutual PIP", "SYN09", "AM", 2, 1.38),
    ("Self Pay", None, "09", 2, 1.00),
)


def batches(lines: int, errors: float = 0.03, threads: int = 2) -> Iterator[pa.Table]:
    """So many lines of the export, some at a time, in the order of days."""
    practitioners = max(8, round(lines / len(_WORK_DAYS) / _LINES_A_DAY) + 1)
    practices = max(3, practitioners // 5)
    con = duckdb.connect(config={"threads": threads})
    try:
        _prepare(con)
        _number(con, "practitioner_npi", 1_000, practitioners)
        _number(con, "practice_npi", 900_000, practices)
        left = lines
        for day, service_date in enumerate(_WORK_DAYS):
            for first in range(0, practitioners, _BATCH):
                values = {
                    "day": day, "date": service_date, "first": first, "last": min(first + _BATCH, practitioners),
                    "practices": practices, "error_share": errors,
                }  # fmt: skip
                rows = con.sql(_SQL.read_text(encoding="utf-8"), params=values).to_arrow_table()
                yield rows.slice(0, left)
                left -= min(left, rows.num_rows)
                if not left:
                    return
        raise AssertionError(f"the quarter is {left} lines too short")
    finally:
        con.close()


def write(lines: int, paths: Sequence[Path], errors: float = 0.03, threads: int = 2) -> None:
    """Write the same lines to every path, as Parquet or CSV as its suffix says."""
    writers: list[parquet.ParquetWriter | arrow_csv.CSVWriter] = []
    for rows in batches(lines, errors, threads):
        writers = writers or [_writer(path, rows.schema) for path in paths]
        for writer in writers:
            writer.write_table(rows)
    for writer in writers:
        writer.close()


def _writer(path: Path, schema: pa.Schema) -> parquet.ParquetWriter | arrow_csv.CSVWriter:
    if path.suffix == ".csv":
        return arrow_csv.CSVWriter(path, schema)
    return parquet.ParquetWriter(path, schema, compression="zstd")


def _number(con: duckdb.DuckDBPyConnection, name: str, first: int, number: int) -> None:
    """A table of so many NPIs by their number."""
    _keep(con, name, pa.table({"number": range(number), "npi": [npi(first + n) for n in range(number)]}))


def _keep(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    con.register("given", rows)
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    con.unregister("given")


def _prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Tables of codes, choices and payers, and the macros that draw from hashes."""
    con.execute("CREATE MACRO pick(seed, salt, choices) AS CAST(hash(seed, salt) % choices AS INTEGER)")
    con.execute("CREATE MACRO share(seed, salt) AS pick(seed, salt, 1000000) / 1000000.0")
    con.execute("CREATE MACRO letter(seed, salt) AS substr('ACDEFGHJKMNPQRTUVWXY', 1 + pick(seed, salt, 20), 1)")
    separate = _separated_codes()
    codes = [
        {"procedure_code": code, "is_timed": timed, "is_hands_on": hands_on, "charge": charge, "allowed": allowed,
         "words": list(words), "separate_from": separate.get(code, ["none"])}
        for code, (timed, hands_on, charge, allowed, words) in _CODES.items()
    ]  # fmt: skip
    choices = [
        {"role": role, "codes": codes.split(), "place": place}
        for role, shares in _CHOICES.items()
        for place, codes in enumerate(code for share, code in shares for _ in range(share))
    ]
    payers = [
        {"payer_name": name, "payer_id": payer_id, "filing_indicator": indicator, "rate": rate}
        for name, payer_id, indicator, share, rate in _PAYERS
        for _ in range(share)
    ]
    _keep(con, "code", pa.Table.from_pylist(codes))
    _keep(con, "choice", pa.Table.from_pylist(choices))
    _keep(con, "payer", pa.Table.from_pylist([{"place": place, **payer} for place, payer in enumerate(payers)]))


def _separated_codes() -> dict[str, list[str]]:
    """Column 2 code -> column 1 codes beside which it wants a modifier of the 59 family, in the quarter."""
    path = REFERENCE / "ptp_edit.csv"
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            is_in_force = row["effective_from"] <= str(FIRST_DAY) <= (row["effective_to"] or "9999-12-31")
            if is_in_force and row["setting"] == "practitioner" and row["modifier_indicator"] == "1":
                found.setdefault(row["column_2"], []).append(row["column_1"])
    return found


def main() -> None:
    """Command line of the generator."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000, help="claim lines to write (default: 1000000)")
    parser.add_argument("--errors", type=float, default=0.03, help="share of visits with an error (default: 0.03)")
    parser.add_argument("--threads", type=int, default=2, help="processor threads (default: 2)")
    parser.add_argument(
        "--out", type=Path, action="append", required=True, help="file to write, .parquet or .csv; repeat it for both"
    )
    options = parser.parse_args()
    write(options.lines, options.out, options.errors, options.threads)
    for path in options.out:
        print(f"{options.lines:,} lines in {path} ({path.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
