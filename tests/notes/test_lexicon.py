"""The reading of treatment notes: the lexicon is well formed, labelled sentences are read as labelled, hostile text is inert.

`python tests/notes/test_lexicon.py --update` writes the table of figures into docs/notes.md.
"""

import csv
import datetime as dt
import functools
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit.engine.statistics import wilson_lower_bound

ROOT = Path(__file__).resolve().parents[2]
LEXICON = ROOT / "audit" / "reference" / "data" / "lexicon.csv"
SENTENCES = ROOT / "tests" / "notes"
DOCS = ROOT / "docs" / "notes.md"
COLUMNS = ["term", "class", "reach", "effective_from", "effective_to", "note"]
FLAGS = {
    "massage": "has_massage",
    "manual": "has_manual",
    "ambiguous": "has_ambiguous",
    "relaxation": "has_relaxation",
    "aim": "has_therapeutic_aim",
}
REACHES = {
    "massage": ["", "everyday", "beside", "tapotement", "with_tapotement"],
    "manual": ["", "everyday", "technique", "beside", "capitals"],
    "ambiguous": ["", "name"],
    "relaxation": ["", "everyday", "verb", "object"],
    "body_part": ["", "joint", "segment", "side"],
    "therapeutic_aim": ["", "verb", "object"],
    "excluded": ["", "sentence", "everyday", "capitals", "cue", "cued", "means", "meant"],
    "not_delivered": ["before", "after", "clause", "phrase", "either", "around", "onward", "next", "section"],
    "delivered": ["verb", "section"],
    "structure": ["break", "stop", "and", "or", "dotted", "whole", "lookalike", "foreign"],
}
# The order in which queries/staging/22_note_mention.sql replaces words by marks; terms are marked last.
PASSES = [
    ("excluded", ["", "sentence"]),
    ("not_delivered", ["before", "after", "clause", "phrase", "either", "around", "onward", "next"]),
    ("structure", ["break"]),
    ("delivered", ["verb"]),
    ("structure", ["stop", "and", "or"]),
]
# Words that are looked for in what the marks have left, or before them: no mark may be asked to spare them.
UNMARKED = [
    ("therapeutic_aim", "verb"),
    ("therapeutic_aim", "object"),
    ("relaxation", "verb"),
    ("relaxation", "object"),
    ("not_delivered", "section"),
    ("delivered", "section"),
    ("structure", "dotted"),
    ("structure", "lookalike"),
    ("structure", "whole"),
    ("structure", "foreign"),
    *(("body_part", reach) for reach in REACHES["body_part"]),
    *(("excluded", reach) for reach in REACHES["excluded"][2:]),
]
THRESHOLD = 0.97


def lexicon_rows() -> list[dict[str, str]]:
    """Rows of lexicon.csv as text."""
    with LEXICON.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_notes(notes: Iterable[str | None], extra: Iterable[tuple[str, str, str]] = ()) -> duckdb.DuckDBPyConnection:
    """A connection whose table `note` holds the reading of these texts; `extra` rows (term, class, reach) join the lexicon."""
    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.execute("CREATE TABLE claim_row (line_id BIGINT, note_text VARCHAR, service_date DATE)")
    con.execute(
        "CREATE TABLE lexicon AS SELECT term, class, reach, effective_from::DATE AS effective_from, "
        "effective_to::DATE AS effective_to, note FROM read_csv(?, all_varchar = true, header = true)",
        [str(LEXICON)],
    )
    for term, name, reach in extra:
        con.execute("INSERT INTO lexicon VALUES (?, ?, ?, DATE '2000-01-01', NULL, NULL)", [term, name, reach])
    rows = [(number, text, dt.date(2025, 11, 3)) for number, text in enumerate(notes, start=1)]
    con.executemany("INSERT INTO claim_row VALUES (?, ?, ?)", rows)
    for path in sorted((ROOT / "queries" / "macros").glob("note_*.sql")):
        con.execute(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "queries" / "staging").glob("2?_note*.sql")):
        con.execute(path.read_text(encoding="utf-8"))
    return con


def labelled() -> dict[str, dict[str, Any]]:
    """The files of labelled sentences by stem."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(SENTENCES.glob("*.toml"))}


def readings(texts: list[str]) -> dict[str, dict[str, bool]]:
    """By text and class: whether the note shows it."""
    con = read_notes(texts)
    rows = con.execute(f"SELECT note_text, {', '.join(FLAGS.values())} FROM note").fetchall()
    return {row[0]: dict(zip(FLAGS, row[1:], strict=True)) for row in rows}


@functools.cache
def read_lots() -> dict[str, dict[str, bool]]:
    """The readings of all labelled sentences."""
    return readings([sentence["text"] for lot in labelled().values() for sentence in lot["sentence"]])


Counts = dict[str, list[int]]


def named(lot: dict[str, Any]) -> list[str]:
    """The classes that a lot labels."""
    return [name for name in FLAGS if name not in lot.get("unlabelled", [])]


def figures(lots: Iterable[dict[str, Any]], read: dict[str, dict[str, bool]]) -> Counts:
    """By class: [right, wrong, missed], that is labelled and found, found only, labelled only."""
    counts: Counts = {}
    for lot in lots:
        for name in named(lot):
            count = counts.setdefault(name, [0, 0, 0])
            for sentence in lot["sentence"]:
                wanted, found = bool(sentence.get(name, False)), read[sentence["text"]][name]
                if wanted or found:
                    count[0 if wanted and found else 1 if found else 2] += 1
    return counts


def share(part: int, rest: int) -> float:
    """The share of `part` in `part + rest`, 1 where there is nothing to find."""
    return part / (part + rest) if part + rest else 1.0


def with_interval(part: int, rest: int) -> str:
    """The share, and its 95 % Wilson interval."""
    if part + rest == 0:
        return "none"
    low, high = wilson_lower_bound(part, part + rest, 0.95), 1 - wilson_lower_bound(rest, part + rest, 0.95)
    return f"{share(part, rest):.3f} ({low:.2f} to {high:.2f})"


def figure_table() -> str:
    """The table in docs/notes.md: one row per lot of sentences and class, and all lots together."""
    lots = labelled()
    read = read_lots()
    lines = ["| sentences | class | right | wrong | missed | precision | recall |", "|---|---|---:|---:|---:|---|---|"]

    def add(label: str, counts: Counts) -> None:
        for name, (right, wrong, missed) in counts.items():
            shares = f"{with_interval(right, wrong)} | {with_interval(right, missed)}"
            lines.append(f"| {label} | {name} | {right} | {wrong} | {missed} | {shares} |")

    for stem, lot in lots.items():
        if "first_run" in lot:
            add(f"{stem}, first run", {k: [v["right"], v["wrong"], v["missed"]] for k, v in lot["first_run"].items()})
        add(f"{stem} ({len(lot['sentence'])})", figures([lot], read))
    add(f"**all ({sum(len(lot['sentence']) for lot in lots.values())})**", figures(lots.values(), read))
    return "\n".join(lines)


def with_figures(page: str) -> str:
    """The page with its table of figures renewed."""
    return re.sub(r"(?s)(<!-- figures begin -->\n).*(<!-- figures end -->)", lambda m: m[1] + figure_table() + "\n" + m[2], page)


def test_lexicon_is_well_formed() -> None:
    rows = lexicon_rows()
    assert list(rows[0]) == COLUMNS
    for number, row in enumerate(rows, start=2):
        assert row["reach"] in REACHES[row["class"]], f"line {number}: {row}"
        assert row["term"] == " ".join(row["term"].lower().split()), f"line {number}: lower case, single spaces: {row}"
        assert not re.search(r"[-'\"<>{}|^#%~!;*]", row["term"]), f"line {number}: a character that notes are freed of: {row}"
        dt.date.fromisoformat(row["effective_from"])
        if row["effective_to"]:
            assert dt.date.fromisoformat(row["effective_to"]) >= dt.date.fromisoformat(row["effective_from"])
    keys = [(row["term"], row["class"], row["reach"], row["effective_from"]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_a_term_has_one_class() -> None:
    treatment = {
        # a stroke beside tapotement is another thing alone
        name: {r["term"] for r in lexicon_rows() if r["class"] == name and r["reach"] != "with_tapotement"}
        for name in ("massage", "manual", "ambiguous")
    }
    assert not treatment["massage"] & treatment["manual"]
    assert not (treatment["massage"] | treatment["manual"]) & treatment["ambiguous"]


def parts(term: str) -> set[str]:
    """Runs of whole words inside a term, the term itself among them."""
    words = re.split(r"(?<=\W)|(?=\W)", term)
    return {"".join(words[i:j]).strip() for i in range(len(words)) for j in range(i + 1, len(words) + 1)}


def test_no_term_is_hidden_by_a_word_marked_before_it() -> None:
    order = [(name, reach) for name, reaches in PASSES for reach in reaches]
    place = {key: at for at, key in enumerate(order)}
    rows = [row for row in lexicon_rows() if (row["class"], row["reach"]) not in UNMARKED]
    marked: dict[str, int] = {}
    for row in rows:
        at = place.get((row["class"], row["reach"]), len(order))
        marked[row["term"]] = min(at, marked.get(row["term"], at))
    hidden = []
    for row in rows:
        at = place.get((row["class"], row["reach"]), len(order))
        hidden += [f"{part!r} hides {row['term']!r}" for part in parts(row["term"]) if marked.get(part, at) < at]
    assert hidden == []


def test_labelled_sentences_are_many_varied_and_half_hard_negatives() -> None:
    sentences = [sentence for lot in labelled().values() for sentence in lot["sentence"]]
    assert len(sentences) >= 600
    assert len({sentence["text"] for sentence in sentences}) == len(sentences)
    assert all(set(sentence) <= {"text", "why", *FLAGS} and sentence["why"] for sentence in sentences)
    assert sum(not any(sentence.get(name) for name in FLAGS) for sentence in sentences) >= 0.4 * len(sentences)


@pytest.mark.parametrize("name", FLAGS)
def test_precision_and_recall(name: str) -> None:
    right, wrong, missed = figures(labelled().values(), read_lots())[name]
    print(f"{name}: precision {with_interval(right, wrong)}, recall {with_interval(right, missed)}")
    assert share(right, wrong) >= THRESHOLD
    assert share(right, missed) >= THRESHOLD


def test_figures_in_the_docs_are_current() -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert with_figures(page) == page, "run: python tests/notes/test_lexicon.py --update"


def test_blank_notes_are_no_notes_and_equal_notes_are_one() -> None:
    con = read_notes([None, "", " \n\t", "Kneading  calf x 10.", "MFR", "Kneading  calf x 10."])
    assert con.execute("SELECT note_id, note_text, normalised, massage_terms FROM note ORDER BY 1").fetchall() == [
        (4, "Kneading  calf x 10.", "kneading calf x 10", ["kneading"]),
        (5, "MFR", "mfr", []),
    ]


def test_a_term_counts_only_while_it_is_in_force() -> None:
    con = read_notes(["kneading to calf 8 min"])
    con.execute("UPDATE lexicon SET effective_to = DATE '2025-11-02' WHERE term = 'kneading'")
    for path in sorted((ROOT / "queries" / "staging").glob("2?_note*.sql")):
        con.execute(path.read_text(encoding="utf-8"))
    assert con.execute("SELECT has_massage FROM note").fetchone() == (False,)


def test_no_notes_at_all() -> None:
    assert read_notes([None]).execute("SELECT count(*) FROM note").fetchone() == (0,)


def test_users_own_terms_count() -> None:
    own = [("ZZ-rub", "massage", ""), ("a moon", "not_delivered", "")]
    con = read_notes(["zz-rub to calf 10 min", "kneading to calf x 8 thrice a moon"], own)
    assert con.execute("SELECT massage_terms FROM note ORDER BY note_id").fetchall() == [(["zz rub"],), ([],)]


@pytest.mark.parametrize(
    "text",
    [
        "no massage, " * 8000,
        "massage deferred and MFR " * 4000,
        "plan: " * 16000,
        "a" * 100_000,
        "." * 100_000,
        "<{N} massage>" * 8000,
        "(" * 50_000 + "massage",
        "massage / " * 10_000,
        "decrease " * 11_000,
        "\U0001f486 massage \U0001f600",
        "\u202emassage\u202c \u0639\u0644\u0627\u062c \u05e2\u05d9\u05e1\u05d5\u05d9 \u6309\u6469",
        "".join(map(chr, range(1, 32))) + "massage\x7f\x85\u2028",
        "{{ massage }} {% x %} =HYPERLINK(1) <script>massage</script> \\0 \\1 $note",
        "e\u0301\u0301\u0301" * 1000,
    ],
)
def test_hostile_text_is_inert(text: str) -> None:
    row = read_notes([text]).execute("SELECT note_text, has_massage FROM note").fetchone()
    assert row is not None
    assert row[0] == text
    assert row[1] in (True, False)


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        DOCS.write_text(with_figures(DOCS.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        sys.exit("usage: test_note_lexicon.py --update")
