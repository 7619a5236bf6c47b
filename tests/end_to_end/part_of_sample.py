"""A part of the sample practice: the visits that its answer key is about. An audit of it takes a fraction of the whole's time."""

import csv
from collections.abc import Collection
from pathlib import Path

from tests.end_to_end.command import SAMPLES

Row = dict[str, str]


def visits_of(path: Path, rules: Collection[str] = ()) -> Path:
    """A CSV file at `path` with those of the sample's lines on which findings of these rules (of all) rest, and some more.

    That is every line of a patient's day with a finding; where a finding is about a person, of that person's day or, where
    people are held against each other, all of that person's.
    """
    key = [row for row in table(SAMPLES / "answer_key" / "answer_key.csv") if not rules or row["rule_id"] in rules]
    of_person = {row["claim_id"]: row["rule_id"] for row in key if row["subject"] == "provider"}
    claims = {row["claim_id"] for row in key}
    whole = [row for month in sorted(SAMPLES.glob("claims_*.csv")) for row in table(month)]
    wanted: set[object] = set()
    for row in whole:
        if row["Claim #"] in claims:
            wanted.add((row["Acct #"], row["DOS"]))
        if row["Claim #"] in of_person:
            of_a_day = of_person[row["Claim #"]] in ("TIM009", "TIM010")
            wanted.add((row["Rendering NPI"], row["DOS"]) if of_a_day else row["Rendering NPI"])
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, whole[0])
        writer.writeheader()
        writer.writerows(row for row in whole if wanted & _names_of(row))
    return path


def table(path: Path) -> list[Row]:
    """The rows of a CSV file by its header."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _names_of(row: Row) -> set[object]:
    return {(row["Acct #"], row["DOS"]), (row["Rendering NPI"], row["DOS"]), row["Rendering NPI"]}
