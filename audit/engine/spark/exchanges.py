"""Where a rule is judged: with its patient, or where what it compares has been brought together, or over all rows on the driver.

The parts of patients stage everything. What a note or a provider's day must see together is sent on from there as it was staged:
no table is made of fewer rows than it needs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from audit import assets
from audit.engine.spark import staging
from audit.engine.spark.kernel import Send
from audit.rules.catalogue import Rule

PATIENT = "patient"
DRIVER = "driver"
_OF_PATIENT = frozenset({"line", "patient", "claim_family"})
# Columns of a line by which a flag is proven (audit/engine/result_proof.py), and `home`.
_OF_PROOF = frozenset({"line_id", "visit_id", "patient_id", "service_date", "in_period", "note_id"})
# Lines as they were staged, and the views of them.
_LINES = frozenset({"export_line", "claim_line", "year_line"})
# What the clock leaves: a part of patients knows a patient's, a part of days a provider's, and neither the other's.
_CLOCKS = frozenset({"missing_time", "unit_without_time"})


@dataclass(frozen=True)
class Exchange:
    """Lines brought together by `key`, SQL over the table export_line AS line.

    `readable`: tables that are whole in such a part. `with_them`: other tables that go along, each as a SELECT of them with the
    table home (line_id, visit_id, note_id, part), part first. `mend`: SQL that makes one of what several parts have sent.
    """

    name: str
    key: str
    readable: frozenset[str]
    with_them: Mapping[str, str] = field(default_factory=dict)
    mend: tuple[str, ...] = ()

    def sends(self, parts: int, rules: Sequence[Rule], known: Iterable[str]) -> tuple[Send, ...]:
        """What a part of patients sends to the parts of this exchange, for its rules: of lines the columns that those name."""
        home = f"""
        CREATE OR REPLACE TEMP TABLE home AS
        SELECT line.line_id, line.visit_id, line.note_id, CAST(hash({self.key}) % {parts} AS INTEGER) AS part
        FROM export_line AS line
        """
        kept = _columns(rules, (step.sql for step in staged_in(self, rules, known)))
        lines = f"SELECT home.part, line.* FROM {kept} AS line INNER JOIN home USING (line_id) ORDER BY home.part, line_id"
        # The lines go first: they make `home`, by which the others follow.
        others = tuple(Send(self.name, table, query) for table, query in self.with_them.items())
        return (Send(self.name, "export_line", lines, (home,)), *others)


def _columns(rules: Sequence[Rule], staging_sql: Iterable[str]) -> str:
    """The lines that rules and staging read, with the columns that they name. A rule of the user's own may say * and mean it."""
    if not all(map(_is_shipped, rules)):
        return "export_line"
    named = _OF_PROOF.union(*map(staging.words_of, (*(rule.sql for rule in rules), *staging_sql)))
    return f"(SELECT COLUMNS(lambda name : list_contains({sorted(named)}, name)) FROM export_line)"


# Each part of patients has called a note by the first of its own lines.
MEND_NOTES = (
    """
    CREATE TEMP TABLE one_note AS
    SELECT note_id, min(note_id) OVER (PARTITION BY note_text) AS first_id FROM note
    """,
    "UPDATE export_line SET note_id = one_note.first_id FROM one_note WHERE export_line.note_id = one_note.note_id",
    "DELETE FROM note USING one_note WHERE note.note_id = one_note.note_id AND one_note.note_id <> one_note.first_id",
)

EXCHANGES = {
    exchange.name: exchange
    for exchange in (
        Exchange(
            "note",
            "coalesce((SELECT normalised FROM note WHERE note.note_id = line.note_id), CAST(line.line_id AS VARCHAR))",
            _LINES | {"note"},
            {
                "note": """
                SELECT home.part, note.*
                FROM note INNER JOIN (SELECT DISTINCT note_id, part FROM home) AS home USING (note_id)
                ORDER BY home.part
                """
            },
            MEND_NOTES,
        ),
        Exchange(
            "provider_and_date",
            "(line.rendering_npi, line.service_date)",
            _LINES | _CLOCKS,
            {
                # Units that look like minutes, or are of several days, are a fact of the visit, whoever gave them.
                "code_of_visit": """
                SELECT home.part, code_of_visit.*
                FROM code_of_visit INNER JOIN (SELECT DISTINCT visit_id, part FROM home) AS home USING (visit_id)
                WHERE looks_like_minutes OR is_of_several_days
                ORDER BY home.part
                """
            },
        ),
    )
}


def place_of(rule: Rule, known: Iterable[str]) -> str:
    """Where a rule is judged: PATIENT, the name of an exchange, or DRIVER. `known` are tables that every part has whole."""
    reads = set(rule.front.reads)
    if reads & _CLOCKS and not _is_shipped(rule):
        return DRIVER  # which clock's time it reads, only its author knows
    if rule.front.partition_by in _OF_PATIENT:
        return PATIENT
    exchange = EXCHANGES.get(rule.front.partition_by)
    if exchange and reads <= exchange.readable | set(known):
        return exchange.name
    return DRIVER


def staged_in(exchange: Exchange, rules: Iterable[Rule], known: Iterable[str]) -> tuple[staging.Step, ...]:
    """What a part of an exchange still has to stage for its rules."""
    wanted = {"claim_line"}.union(*(rule.front.reads for rule in rules))
    return staging.leading_to(wanted, {*known, "export_line", *exchange.with_them})


def staged_on_driver(wanted: Iterable[str], known: Iterable[str]) -> tuple[frozenset[str], tuple[staging.Step, ...]]:
    """What the driver gathers from the parts of patients, and what it stages itself, so that the wanted tables stand there."""
    known = frozenset(known)
    clocks = {step.makes for step in staging.leading_to(_CLOCKS, {"export_line", "claim_line", "code_of_visit"})}
    own = staging.leading_to(wanted, known | _per_part(clocks))
    made = {step.makes for step in own}
    gathered = {name for step in own for name in step.reads} | set(wanted)
    return frozenset(gathered & _per_part(clocks) - made - known), own


def _per_part(clocks: Iterable[str]) -> frozenset[str]:
    """Tables of which the rows of all parts of patients, one after the other, are the whole."""
    made = {step.makes for step in staging.steps() if step.kind == "table"}
    return frozenset(made | {"note"}) - frozenset(clocks) - _FEW


# Tables of a few rows over what stands in the export: made once more, of all rows, sooner than gathered and sifted.
_FEW = frozenset(
    {
        "payer", "payer_words", "classified_payer", "payer_identity", "payer_policy", "status_reading", "modifier_set",
        "taxonomy_role", "shared_npi", "export_year", "export_column", "note_lexicon", "area_record",
    }
)  # fmt: skip


def _is_shipped(rule: Rule) -> bool:
    return rule.path.is_relative_to(assets.queries())
