"""The frame of a sample: every unit that may be drawn, in one order, numbered, and listed whole.

A unit is a line, a claim or a patient of a finished run. Units are ordered by the keys that the export gives them, so that
the same run gives the same frame wherever it is made again. DuckDB holds them and spills, so memory stays bounded.
"""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa

from audit.errors import AuditError, ConfigError, InputError
from audit.files.door import scratch_folder
from audit.files.tables import write_csv_batches
from audit.machine import interrupts
from audit.runs.estimates import LINES
from audit.runs.format import stored
from audit.runs.format.manifest import Manifest
from audit.sampling import strata
from audit.sampling.strata import By
from audit.terms import COUNT_NOWHERE

Unit = Literal["line", "claim", "patient"]
KEYS: dict[Unit, tuple[str, ...]] = {
    "line": ("claim_id", "claim_line_number", "occurrence"),
    "claim": ("claim_id",),
    "patient": ("patient_id",),
}
ALL, FINDINGS = "all", "findings"
_BATCH = 100_000
# What the sort of a very large frame may hold before it spills.
_MEMORY = "1GB"
# A line is a unit as it stands; claims and patients are made of theirs, and are wanted where one line of them is.
_LINE_UNIT = """
CREATE TABLE unit AS
SELECT
    {keys}, 1 AS lines, service_date AS first_date, service_date AS last_date, CAST(line_amount AS DECIMAL(18, 2)) AS amount,
    {stratum} AS label
FROM line
WHERE {wanted}
"""
_UNIT = """
CREATE TABLE unit AS
SELECT
    {keys}, count(*) AS lines, min(service_date) AS first_date, max(service_date) AS last_date,
    CASE WHEN count(line_amount) = count(*) THEN CAST(sum(line_amount) AS DECIMAL(18, 2)) END AS amount,
    {stratum} AS label
FROM line
GROUP BY ALL
HAVING bool_or({wanted})
"""
_NUMBERED = """
CREATE TABLE frame AS
SELECT row_number() OVER (ORDER BY {keys}) AS number, stratum, {place} AS place, unit.* EXCLUDE (label)
FROM unit
INNER JOIN stratum_of USING (label)
WHERE amount > 0
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is drawn from: `frame` is all, findings, or ids of rules and beginnings of such, separated by commas."""

    unit: Unit = "line"
    frame: str = FINDINGS
    strata: By | None = None


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum of the frame (the whole, where there are none): units, dollars, and mean and deviation of a unit's amount."""

    name: str
    universe: int
    amount: Decimal
    mean: float
    deviation: float


class Frame:
    """A frame in a database of its own. `left_out` counts units of which the amount is not known, or not above zero."""

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, choice: Choice) -> None:
        self.con = con
        self.choice = choice
        self.manifest = stored.read(folder)
        self.lines_sha256 = _proven(folder, self.manifest)
        self.rules = _rules(choice.frame, self.manifest)
        self._fill(folder)
        self.strata = tuple(_stratum(*row) for row in con.execute(_STRATA).fetchall())
        if not self.strata:
            raise InputError(
                "No unit of this run can be drawn: none in the frame has an amount above zero.", "Choose a wider --frame."
            )
        ((units,),) = con.execute("SELECT count(*) FROM unit").fetchall()
        self.units = sum(one.universe for one in self.strata)
        self.left_out = units - self.units

    @property
    def amount(self) -> Decimal:
        """The dollars of all units."""
        return sum((one.amount for one in self.strata), Decimal("0.00"))

    def rows(self, stratum: int, places: Sequence[int]) -> list[dict[str, Any]]:
        """The units at these places of a stratum, both counted from 1; in the order of `places`."""
        query = "SELECT * FROM frame INNER JOIN (SELECT unnest($places) AS place) USING (place) WHERE stratum = $stratum"
        given = {"stratum": stratum, "places": list(places)}
        found = self.con.sql(query, params=given).to_arrow_table().to_pylist()
        by_place = {row["place"]: row for row in found}
        return [by_place[place] for place in places]

    def lines_of(self, numbers: Sequence[int], decided: pa.Table) -> list[dict[str, Any]]:
        """The audited lines of the units with these numbers, with what the run's findings and reviewers say of them.

        `decided` is of the shape that `decided.words_on` gives.
        """
        self.con.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest($1) AS number", [list(numbers)])
        self.con.register("decided", decided)
        keys = ", ".join(KEYS[self.choice.unit])
        found: list[dict[str, Any]] = self.con.sql(_LINES_OF.format(keys=keys)).to_arrow_table().to_pylist()
        return found

    def write(self, path: Path) -> str:
        """List the frame as CSV, in its order; gives the SHA-256 of the file."""
        keys = ", ".join(KEYS[self.choice.unit])
        rows = self.con.sql(f"SELECT number, stratum, place, {keys}, amount FROM frame ORDER BY number")
        write_csv_batches(rows.to_arrow_reader(_BATCH), path)
        return stored.sha256_of(path)

    def _fill(self, folder: Path) -> None:
        unit = self.choice.unit
        for view, name in (("line", LINES), ("finding", "findings.parquet"), ("finding_line", "finding_lines.parquet")):
            self.con.execute(f"CREATE VIEW {view} AS SELECT * FROM read_parquet({_quoted(folder / name)})")
        if unit == "patient" and self.con.execute("SELECT 1 FROM line WHERE patient_id IS NULL LIMIT 1").fetchall():
            raise InputError(
                "This run holds no patients, so none can be drawn.",
                "Draw claims or lines, or run the audit without --phi hidden.",
            )
        keys = ", ".join(KEYS[unit])
        self.con.execute("SET VARIABLE rules = $1", [list(self.rules)])
        self.con.execute("SET VARIABLE count_nowhere = $1", [sorted(COUNT_NOWHERE)])
        wanted = {ALL: "TRUE", FINDINGS: "over_rules <> ''"}.get(
            self.choice.frame, "list_has_any(string_split(rules, ' '), getvariable('rules'))"
        )
        by, of_lines = self.choice.strata, unit != "line"
        query = _UNIT if of_lines else _LINE_UNIT
        self.con.execute(query.format(keys=keys, stratum=strata.label(by, of_lines), wanted=wanted))
        strata.make(self.con, by)
        place = f"row_number() OVER ({'PARTITION BY stratum ' if by else ''}ORDER BY {keys})"
        self.con.execute(_NUMBERED.format(keys=keys, place=place))


@contextmanager
def open_frame(folder: Path, choice: Choice) -> Iterator[Frame]:
    """The frame of the run in `folder`, for the time of a block. Raises InputError and ConfigError."""
    with scratch_folder() as scratch:
        con = duckdb.connect(str(scratch / "frame.duckdb"))
        try:
            con.execute("SET enable_progress_bar = false")
            con.execute("SET TimeZone = 'UTC'")
            con.execute("SET temp_directory = $1", [str(scratch / "spill")])
            con.execute("SET memory_limit = $1", [_MEMORY])
            con.execute("SET preserve_insertion_order = false")
            yield Frame(con, folder, choice)
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            interrupts.check()
            raise AuditError(
                "The frame could not be made: a table of the run could not be read, or a temporary file not be written.",
                f"Temporary files lie in {scratch.parent}; TMPDIR names another folder.",
            ) from error
        except (duckdb.BinderException, duckdb.ConversionException) as error:
            raise InputError(
                f"The tables of {folder} are not those that this release samples.", "Run the audit again."
            ) from error
        finally:
            con.close()


_STRATA = """
SELECT
    any_value(stratum_of.name), count(*), sum(frame.amount),
    sum(CAST(frame.amount * 100 AS HUGEINT) * CAST(frame.amount * 100 AS HUGEINT)), stratum
FROM frame
INNER JOIN (SELECT DISTINCT stratum, name FROM stratum_of) AS stratum_of USING (stratum)
GROUP BY stratum
ORDER BY stratum
"""
_LINES_OF = """
WITH said AS (
    SELECT
        finding_line.claim_id, finding_line.claim_line_number, finding.rule_id,
        concat_ws(' ', finding.message, '[' || decided.words || ']') AS message
    FROM finding_line
    INNER JOIN (
        SELECT * FROM finding WHERE NOT list_contains(getvariable('count_nowhere'), status)
    ) AS finding USING (finding_id)
    -- A decision speaks of the finding as it was that day.
    LEFT JOIN decided USING (finding_id, rule_version, rests_on)
)
SELECT
    frame.number, line.* EXCLUDE (bearing_rule, rules, over_rules, counted_once),
    (
        SELECT string_agg(said.rule_id || ': ' || said.message, ' | ' ORDER BY said.rule_id, said.message)
        FROM said
        WHERE
            said.claim_id = line.claim_id AND said.claim_line_number IS NOT DISTINCT FROM line.claim_line_number
            AND list_contains(string_split(line.rules, ' '), said.rule_id)
    ) AS potential_findings
FROM frame
INNER JOIN wanted USING (number)
INNER JOIN line USING ({keys})
ORDER BY frame.number, line.claim_id, line.claim_line_number, line.occurrence
"""


def _stratum(name: str, universe: int, amount: Decimal, squares: int, _: int) -> Stratum:
    mean = Fraction(amount) / universe
    apart = Fraction(squares, 10_000) - universe * mean**2
    return Stratum(name, universe, amount, float(mean), sqrt(apart / (universe - 1)) if universe > 1 else 0.0)


def _rules(frame: str, manifest: Manifest) -> tuple[str, ...]:
    """The ids of the run's rules that a frame names; none of all and of findings. ConfigError for a name that fits none."""
    if frame in (ALL, FINDINGS):
        return ()
    known, found = [rule.id for rule in manifest.rules], dict[str, None]()
    for part in (one.strip().upper() for one in frame.split(",")):
        fits = [rule for rule in known if part and rule.startswith(part)]
        if not fits:
            nearest = difflib.get_close_matches(part, known, n=1, cutoff=0.4)
            hint = f"The nearest is {nearest[0]}." if nearest else "findings.csv names them."
            raise ConfigError(f"--frame {part!r} is neither all nor findings, nor a rule of this run.", hint)
        found.update(dict.fromkeys(fits))
    return tuple(found)


def _proven(folder: Path, manifest: Manifest) -> str:
    """The SHA-256 of the file of audited lines, which is as the run wrote it."""
    listed = {output.file: output.sha256 for output in manifest.outputs}
    if LINES not in listed:
        raise InputError(f"{folder} holds no {LINES}: an earlier release made this run.", "Run the audit again.")
    for name in (LINES, "findings.parquet", "finding_lines.parquet"):
        if not (folder / name).is_file() or stored.sha256_of(folder / name) != listed.get(name):
            raise InputError(f"{folder / name} is not as the run wrote it.", "Run the audit again.")
    return listed[LINES]


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
