"""How long notes take to read, beside counting their characters: everyday ones, and long ones that repeat a hard word.

Prints seconds, notes a second, and the ratio to the bare count of characters, turn by turn on the same rows. Judges nothing.

    python -m benchmarks.notes --notes 50000
"""

import argparse
import tempfile
import time
from pathlib import Path

from audit.engine import sql_files
from audit.engine.duckdb_session import Session, open_session
from audit.settings.config import Config

# Every number makes another text, so that no two notes are read as one.
_EVERYDAY = """
    SELECT
        range AS line_id, DATE '2025-11-03' AS service_date,
        'Manual therapy ' || (8 + range % 30) || ' min to the ' || (['cervical', 'lumbar', 'shoulder', 'hip'])[1 + range % 4]
            || ' region, soft tissue mobilization and joint glides to improve motion. No massage today. Pain '
            || range % 10 || '/10. Plan: gait training. Remark ' || range AS note_text
    FROM range($notes)
"""
# One long note each, of words that most of the reading's steps must stop at.
_HARD = {
    "massage, ten thousand times": "repeat('massage / ', 10000)",
    "a context word, eleven thousand times": "repeat('decrease ', 11000)",
    "quotes and hyphens": "repeat('''- ', 30000)",
    "no sentence ends": "repeat('mobilization with movement and ', 3000)",
}


def seconds_of_reading(session: Session) -> float:
    """The statements of staging that read notes."""
    began = time.perf_counter()
    sql_files.run(session.con, [step for step in sql_files.statements("staging") if "_note" in step[0].name])
    return time.perf_counter() - began


def seconds_of_counting(session: Session) -> float:
    """A bare look at every character."""
    began = time.perf_counter()
    session.con.execute("SELECT sum(length(lower(note_text))) FROM claim_row").fetchall()
    return time.perf_counter() - began


def main() -> None:
    """Print the seconds of everyday notes and of each hard one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.notes", description="Times the reading of notes.")
    parser.add_argument("--notes", type=int, default=50_000, help="how many everyday notes")
    notes: int = parser.parse_args().notes
    with tempfile.TemporaryDirectory() as folder, open_session(Config(sources=()), Path(folder)) as session:
        session.load_references(Config(sources=(), reference_dir=Path(folder)))
        session.con.execute(f"CREATE TABLE claim_row AS {_EVERYDAY.replace('$notes', str(notes))}")
        counting, reading = seconds_of_counting(session), seconds_of_reading(session)
        pace = f"{notes / reading:,.0f} a second, {reading / counting:,.0f} times a bare count"
        print(f"{notes:,} everyday notes: {reading:.2f} s, {pace}")
        for name, text in _HARD.items():
            row = f"SELECT 1 AS line_id, DATE '2025-11-03' AS service_date, {text} AS note_text"
            session.con.execute(f"CREATE OR REPLACE TABLE claim_row AS {row}")
            print(f"one long note, {name}: {seconds_of_reading(session):.2f} s")


if __name__ == "__main__":
    main()
