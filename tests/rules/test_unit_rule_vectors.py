"""Worked examples of minutes to units, held against the staged tables that the time rules read.

tests/unit_rule_vectors.csv is ours: the examples of CMS's manual and of the contractors' articles, every boundary of the
first nine units, and ties. `cms_least` and `cms_most` are the units that a code may have under the total-time rule, `ama_units`
what the CPT midpoint gives it. Where a shared reference folder lies beside the repository, its vectors must hold as well.
"""

import csv
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from tests import oracle
from tests.claim_rows import completed, staged_in_turn

ROOT = Path(__file__).parents[2]
OURS = ROOT / "tests" / "unit_rule_vectors.csv"
SHARED = ROOT.parent / "shared" / "reference" / "unit_rule_vectors.csv"

Vector = Mapping[str, str]
Units = dict[str, int]


@cache
def vectors(path: Path) -> list[Vector]:
    """The rows of a file of vectors; none where there is no such file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def minutes_of(vector: Vector) -> Units:
    """Minutes by code, out of `97112:24 + 97110:23`."""
    return {code: int(minutes) for code, minutes in (part.split(":") for part in vector["minutes"].split(" + "))}


def units_of(text: str) -> Units:
    """Units by code, out of `97112x2 97110x1`."""
    return {code: int(units) for code, units in (part.split("x") for part in text.split())}


@cache
def staged_vectors(path: Path) -> tuple[list[tuple[int, int, int]], list[dict[str, Units]]]:
    """What the SQL makes of each vector: (minutes, units under cms, units under ama), and by code least, most and ama units."""
    rows = []
    for number, vector in enumerate(vectors(path), 1):
        claim = {"claim_id": f"C{number}", "patient_id": f"P{number}", "units": "1"}
        rows += [{**claim, "procedure_code": code, "minutes": str(minutes)} for code, minutes in minutes_of(vector).items()]
    with staged_in_turn(completed(rows)) as session:
        visits = session.con.execute(
            """
            SELECT CAST(substr(patient_id, 2) AS INTEGER), most_timed_minutes, most_cms_units, most_ama_units
            FROM visit
            ORDER BY 1
            """
        ).fetchall()
        codes = session.con.execute(
            """
            SELECT CAST(substr(patient_id, 2) AS INTEGER), procedure_code, least_cms_units, most_cms_units, ama_units
            FROM visit_code JOIN (SELECT visit_id, patient_id FROM visit) USING (visit_id)
            """
        ).fetchall()
    by_code: list[dict[str, Units]] = [{"least": {}, "most": {}, "ama": {}} for _ in visits]
    for number, code, *units in codes:
        for name, value in zip(("least", "most", "ama"), units, strict=True):
            by_code[number - 1][name][code] = value
    return [visit[1:] for visit in visits], by_code


@pytest.mark.parametrize("number", range(len(vectors(OURS))), ids=lambda number: vectors(OURS)[number]["minutes"])
def test_our_vector(number: int) -> None:
    vector = vectors(OURS)[number]
    visits, codes = staged_vectors(OURS)
    assert visits[number] == (int(vector["total_minutes"]), int(vector["cms_units"]), int(vector["ama_total"]))
    assert codes[number]["least"] == units_of(vector["cms_least"])
    assert codes[number]["most"] == units_of(vector["cms_most"])
    assert codes[number]["ama"] == units_of(vector["ama_units"])


@pytest.mark.parametrize("number", range(len(vectors(OURS))), ids=lambda number: vectors(OURS)[number]["minutes"])
def test_the_oracle_says_the_same(number: int) -> None:
    vector = vectors(OURS)[number]
    minutes = minutes_of(vector)
    acceptable = oracle.allocations(minutes)
    assert {code: min(one[code] for one in acceptable) for code in minutes} == units_of(vector["cms_least"])
    assert {code: max(one[code] for one in acceptable) for code in minutes} == units_of(vector["cms_most"])
    assert {code: oracle.supported(m) for code, m in minutes.items()} == units_of(vector["ama_units"])


def test_the_vectors_hold_every_boundary_ties_and_both_disagreements() -> None:
    rows = vectors(OURS)
    alone = {int(row["total_minutes"]) for row in rows if "+" not in row["minutes"]}
    assert alone >= {minutes + 15 * unit for unit in range(9) for minutes in (7, 8)}
    assert any(row["cms_least"] != row["cms_most"] for row in rows)
    differences = {int(row["ama_total"]) - int(row["cms_units"]) for row in rows}
    assert min(differences) < 0 < max(differences)


def test_a_least_and_a_most_share_are_both_reached() -> None:
    for codes, (_, total, _) in zip(staged_vectors(OURS)[1], staged_vectors(OURS)[0], strict=True):
        assert sum(codes["least"].values()) <= total <= sum(codes["most"].values())


@pytest.mark.skipif(not SHARED.is_file(), reason="no reference folder lies beside this repository")
def test_the_shared_vectors() -> None:
    visits, codes = staged_vectors(SHARED)
    for vector, visit, found in zip(vectors(SHARED), visits, codes, strict=True):
        said = vector["minutes"]
        assert visit == (int(vector["total_timed"]), int(vector["cms_cap"]), int(vector["ama_total"])), said
        assert visit[2] - visit[1] == int(vector["ama_minus_cms"]), said
        assert found["ama"] == units_of(vector["ama_alloc"]), said
        given = units_of(vector["cms_alloc"])
        assert all(found["least"][code] <= units <= found["most"][code] for code, units in given.items()), said
        if vector["tie_any_choice_ok"] != "Y":
            assert found["least"] == found["most"] == given, said
        else:
            assert found["least"] != found["most"], said


@pytest.mark.skipif(not SHARED.is_file(), reason="no reference folder lies beside this repository")
def test_our_file_holds_every_shared_vector() -> None:
    def key(vector: Vector) -> frozenset[tuple[str, int]]:
        return frozenset(minutes_of(vector).items())

    assert not Counter(map(key, vectors(SHARED))).keys() - set(map(key, vectors(OURS)))
