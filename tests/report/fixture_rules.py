"""The rules of the report tests: their front matter in brief, and how many findings each has in the sample run."""

from dataclasses import dataclass

from audit.terms import Confidence, Direction, Examined, Family, Severity, Subject

_SQL = """\
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id
"""


@dataclass(frozen=True, slots=True)
class SampleRule:
    """A rule as the manifest describes it, with the findings to invent for it (`count`) and where (`payers`, `codes`)."""

    id: str
    name: str
    title: str
    family: Family
    severity: Severity
    direction: Direction
    count: int
    population: int
    message: str
    subject: Subject = "line"
    examines: Examined | None = None
    confidence: Confidence = "certain"
    codes: tuple[str, ...] = ("97124", "97140", "97110")
    payers: tuple[int, ...] | None = None
    priced: bool = False
    not_evaluated: tuple[tuple[str, int], ...] = ()
    why: str = "The payer's manual asks for it."
    fix: str = "Correct the claim, or add the record that supports it."
    false_positives: str = "Minutes kept only on paper."
    references: tuple[str, ...] = ("CMS Pub. 100-04, ch. 5, sec. 20.2",)
    sql: str = _SQL
    error: str = ""


_TIME = "{minutes} timed minutes support {supported} units under the CMS total-time rule; {billed} were billed."

RULES: tuple[SampleRule, ...] = (
    SampleRule(
        "TIM001", "units-exceed-total-time", "More timed units billed than the visit's minutes support", "time", "high", "over",
        64, 4361, _TIME, subject="visit", payers=(0, 1, 2, 3), priced=True,
        not_evaluated=(("a timed line lacks minutes and the visit has no total", 412), ("self-pay: no payer rule applies", 100)),
        why="Medicare and the payers that follow it add up the minutes of all timed codes of a visit; the total caps the units.",
        fix="Reduce the units on the code with the fewest minutes, send a corrected claim, and report the overpayment.",
        false_positives="Minutes typed in the wrong field; a second session that day kept in another record.",
    ),
    SampleRule(
        "TIM002", "units-exceed-code-time", "More units of a code than its own minutes support", "time", "high", "over",
        0, 0, "", subject="visit", not_evaluated=(),
    ),
    SampleRule(
        "TIM004", "units-under-billed", "Fewer timed units billed than the minutes support", "time", "medium", "under",
        31, 4361, "{minutes} timed minutes support one unit more than the {supported} billed.", subject="visit", priced=True,
        not_evaluated=(("a timed line lacks minutes and the visit has no total", 412),),
    ),
    SampleRule(
        "TIM005", "timed-code-without-minutes", "Timed code billed without minutes", "time", "medium", "none",
        118, 7800, "Timed code with {billed} units and no minutes on the line or the visit.",
    ),
    SampleRule(
        "TIM009", "one-on-one-overlap", "One provider treats two patients one-on-one at the same time", "time", "high", "over",
        0, 7, "", subject="provider", not_evaluated=(("no clock times", 7),),
    ),
    SampleRule(
        "MOD001", "59-without-companion", "Modifier 59 with no other service that day", "modifier", "medium", "coding",
        57, 910, "Modifier 59 separates this line from nothing: the provider billed no other code for the patient that day.",
    ),
    SampleRule(
        "MOD003", "59-cannot-bypass", "Modifier 59 on a pair that no modifier can bypass", "modifier", "high", "over",
        40, 530, "97140 and 97124 on one date: the edit's indicator is 0, so modifier 59 does not make 97124 payable.",
        codes=("97124",), payers=(0, 1), priced=True, not_evaluated=(("payer has not stated that it follows NCCI edits", 380),),
        references=("NCCI Policy Manual 2026, ch. I", "NCCI PTP practitioner edits 2024-07-01"),
    ),
    SampleRule(
        "MAN001", "massage-billed-as-manual", "Note describes massage, claim says manual therapy", "massage", "medium", "coding",
        22, 2300, 'The note has "effleurage" and "petrissage" and no manual therapy term; 97140 was billed.', codes=("97140",),
        confidence="likely", not_evaluated=(("no note", 640),),
    ),
    SampleRule(
        "MAN005", "code-follows-payer", "The choice of code follows the payer", "massage", "info", "none",
        1, 7, "97140 is 96 % of massage and manual lines where massage is not covered and 41 % elsewhere.", subject="provider",
        confidence="pattern", not_evaluated=(("fewer than 20 lines on a side", 3),),
    ),
    SampleRule(
        "MED001", "massage-to-medicare", "Massage therapy billed to Medicare", "medicare", "high", "over",
        35, 2900, "97124 billed to Medicare Part B without GY, GX, GZ or GA.", codes=("97124",), payers=(0,), priced=True,
        references=("Medicare Benefit Policy Manual, ch. 15, sec. 230.5",),
    ),
    SampleRule(
        "DOC001", "massage-note-incomplete", "Massage or manual note lacks a required part", "documentation", "medium", "none",
        260, 3510, "The note lacks: minutes for each area; response to treatment.", codes=("97124", "97140"),
    ),
    SampleRule("CLM001", "duplicate-line", "The same service billed twice", "claim", "high", "over", 0, 8722, "", priced=True),
    SampleRule(
        "CLM005", "malformed-code", "Code or modifier of impossible shape", "claim", "low", "none", 0, 0, "",
        error="Binder Error: column procedure_cod not found",
    ),
)  # fmt: skip
