"""The files of queries/staging run in the order of their names: each has a number of its own and reads what stands before it."""

import re
from pathlib import Path

from audit import assets

_MADE = re.compile(r"CREATE OR REPLACE (?:TABLE|VIEW) (\w+)")
_READ = re.compile(r"\b(?:FROM|JOIN) ([a-z]\w*)")


def files() -> list[Path]:
    found = sorted((assets.queries() / "staging").glob("*.sql"))
    assert len(found) > 20
    return found


def test_every_file_has_a_number_of_its_own() -> None:
    numbers = [path.name[:3] for path in files()]
    assert all(re.fullmatch(r"\d\d_", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_no_file_reads_what_a_later_one_makes() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in files()}
    maker = {table: name for name, text in texts.items() for table in _MADE.findall(text)}
    assert maker["claim_line"] < maker["visit"] < maker["ptp_pair"]
    late = [(name, table) for name, text in texts.items() for table in _READ.findall(text) if maker.get(table, "") > name]
    assert late == []
