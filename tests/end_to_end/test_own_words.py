"""[[lexicon]] in audit.toml: the practice's own words are read in notes like the shipped ones, and wrong ones are refused."""

import csv
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.end_to_end.command import claims_audit
from tests.end_to_end.test_command_line import KEPT_BESIDE

HEADER = ["Claim ID", "Line", "Patient ID", "DOS", "CPT", "Units", "Payer", "Rendering NPI", "Paid", "Note"]


def export(folder: Path, *notes: str) -> Path:
    path = folder / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number, note in enumerate(notes, 1):
            same = [f"C{number}", "1", f"P{number}", "11/13/2025", "97140", "1", "BCBS PPO"]
            writer.writerow([*same, "1234567893", "30.00", note])
    return path


def massage_as_manual(folder: Path) -> list[str]:
    """Claims whose note was read as massage alone (MAN001)."""
    done = claims_audit("run", "export.csv", "--select", "MAN001", cwd=folder)
    assert done.code == 0, done.err
    return [row["claim_id"] for row in pq.read_table(folder / "out" / "2025-11" / "findings.parquet").to_pylist()]


def settings(folder: Path, text: str) -> None:
    (folder / "audit.toml").write_text(text, encoding="utf-8")


def test_a_word_of_the_practice_is_read(tmp_path: Path) -> None:
    export(tmp_path, "Zephyr sweeps to calf, tolerated well.", "Joint mobilization, then zephyr sweeps to calf.")
    assert massage_as_manual(tmp_path) == []
    settings(tmp_path, '[[lexicon]]\nterm = "Zephyr sweeps"\nclass = "massage"\n')
    assert massage_as_manual(tmp_path) == ["C1"]


def test_words_that_say_it_was_not_done(tmp_path: Path) -> None:
    export(tmp_path, "Effleurage to calf, shelved.", "Effleurage to calf, patient asleep.")
    assert massage_as_manual(tmp_path) == ["C1", "C2"]
    settings(tmp_path, '[[lexicon]]\nterm = "to calf shelved"\nclass = "excluded"\nreach = "sentence"\n')
    assert massage_as_manual(tmp_path) == ["C1", "C2"], "the comma stands between"
    settings(tmp_path, '[[lexicon]]\nterm = "shelved"\nclass = "excluded"\nreach = "sentence"\n')
    assert massage_as_manual(tmp_path) == ["C2"]


def test_a_context_word_may_leave_out_its_reach(tmp_path: Path) -> None:
    export(tmp_path, "Effleurage to calf pencilled in.")
    assert massage_as_manual(tmp_path) == ["C1"]
    settings(tmp_path, '[[lexicon]]\nterm = "pencilled in"\nclass = "not_delivered"\n')
    assert massage_as_manual(tmp_path) == []


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('term = "x"\nclass = "masage"', ["'x'", "masage", "massage"]),
        ('term = "x"\nclass = "not_delivered"\nreach = "everywhere"', ["everywhere", "'phrase'"]),
        ('term = "x"\nclass = "massage"\nreach = "phrase"', ["phrase", "may be left out"]),
        ('term = "x"\nclass = "delivered"', ["no reach", "'section'", "'verb'"]),
        ('term = "x"\nclass = "structure"\nreach = "verb"', ["verb", "'break'"]),
        ('term = " - "\nclass = "massage"', ["no letter"]),
        ('term = "x"', ["class"]),
        ('class = "massage"', ["term"]),
        ('term = "x"\nclass = "massage"\nclas = "y"', ["clas"]),
    ],
)
def test_a_wrong_entry_is_refused(tmp_path: Path, entry: str, words: list[str]) -> None:
    export(tmp_path, "Effleurage to calf.")
    settings(tmp_path, f"[[lexicon]]\n{entry}\n")
    done = claims_audit("run", "export.csv", cwd=tmp_path)
    assert done.code == 2, done.err
    assert all(word in done.err for word in words), done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "out").exists() or not set(os.listdir(tmp_path / "out")) - KEPT_BESIDE
