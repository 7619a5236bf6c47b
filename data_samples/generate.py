"""Writes the sample export of a synthetic therapy practice: three clinics, three months, no real person or claim.

`python data_samples/generate.py` rewrites the files beside it, byte for byte the same every time; `--out DIR` writes them
elsewhere. What is planted stands in scenarios/, what a correct visit looks like in practice/.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from practice import assemble, export
from practice.book import appointments
from practice.clean import Ward, clean_visit
from practice.desk import Desk
from practice.notes import NoteBook
from scenarios import ANSWERED, FAMILIES

SEED = "claims-audit sample 1"


def build() -> tuple[dict[str, list[dict[str, Any]]], Desk]:
    """Rows by month ("2025-09"), and the desk that knows every planted finding and decoy."""
    ward = Ward(NoteBook(), SEED)
    book = appointments(SEED)
    desk = Desk(book, ward)
    for family in FAMILIES:
        family.plant(desk)
    claims = [*desk.claims, *(clean_visit(one, ward) for one in book if id(one) not in desk.taken)]
    claims.sort(key=lambda claim: (claim.day, claim.patient.patient_id))
    assemble.schedule(claims, SEED)
    assemble.add_threshold_modifier(claims)
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    repeated = {id(line) for line in desk.repeated_rows}
    for claim in assemble.number(claims):
        for line in claim.lines:
            for _ in range(2 if id(line) in repeated else 1):
                rows[f"{claim.day:%Y-%m}"].append(assemble.row(line, SEED))
    return rows, desk


def write(folder: Path) -> None:
    """Write every file of the sample into `folder`."""
    rows, desk = build()
    for month, lines in sorted(rows.items()):
        export.write_csv(folder / f"claims_{month}.csv", lines)
        export.write_parquet(folder / "canonical" / f"claims_{month}.parquet", lines)
    expected = [finding for finding in desk.expected if finding.rule_id in ANSWERED]
    export.write_answer_key(folder / "answer_key" / "answer_key.csv", expected)
    export.write_decoys(folder / "answer_key" / "decoys.csv", desk.decoys)
    print(f"{sum(map(len, rows.values()))} lines, {len(expected)} planted findings, {len(desk.decoys)} decoys -> {folder}")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="folder to write into")
    write(parser.parse_args(arguments).out)


if __name__ == "__main__":
    main()
