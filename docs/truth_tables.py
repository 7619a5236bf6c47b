"""Works out docs/truth-tables.md by running the engine over small visits: the page says what the rules really do.

`make docs` writes the page, `make lint` and a test fail where it has drifted.
"""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit import intake, rules
from audit.engine import rule_result
from audit.engine.duckdb_session import Session, open_session
from audit.settings.config import Config, PayerSetting

PAGE = Path("docs/truth-tables.md")

_PRICE = 30  # dollars paid for each unit, so that the dollars of a cell count its units
_DAY = "2025-11-03"
_METHODS = {"cms": "Medicare Part B", "ama": "Midpoint Mutual", "either": "Silent Health Plan"}
_SETTINGS = (
    PayerSetting(match=["midpoint mutual"], payer_class="commercial", unit_rule="ama"),
    PayerSetting(match=["silent health plan"], payer_class="commercial"),
    PayerSetting(match=["stated plan"], payer_class="commercial", follows_ncci=True),
)
_PROVIDER, _COLLEAGUE = "1234567893", "1000000004"
_COLUMNS = (
    "claim_id", "claim_line_number", "patient_id", "service_date", "procedure_code", "modifier_1", "units", "minutes",
    "visit_timed_minutes", "payer_name", "rendering_npi", "paid_amount",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of a case. `minutes` None: a blank cell; `claim` and `day` tell lines of one case apart."""

    code: str
    units: int = 1
    minutes: int | None = 15
    modifier: str = ""
    npi: str = _PROVIDER
    claim: str = "A"
    day: str = _DAY

    def __str__(self) -> str:
        return f"{self.code}-{self.modifier}" if self.modifier else self.code


@dataclass(frozen=True)
class Case:
    """One patient's lines, all for one payer; `total` is the visit's recorded timed minutes."""

    name: str
    lines: tuple[Line, ...]
    payer: str = _METHODS["cms"]
    total: int | None = None


def _visit(text: str, total: int | None = None) -> Case:
    """A visit written "97110 33 min x2 + 97140 7 min x1"; a blank for the minutes is "?"."""
    lines = []
    for part in text.split(" + "):
        code, minutes, _, units = part.split(" ")
        lines.append(Line(code, int(units[1:]), None if minutes == "?" else int(minutes)))
    return Case(text.replace("? min ", "") + (f", {total} min in all" if total else ""), tuple(lines), total=total)


_BOUNDARIES = tuple(
    _visit(f"97110 {minutes} min x{units}")
    for minutes, units in (
        (7, 1),
        (8, 1),
        (22, 1),
        (22, 2),
        (23, 1),
        (23, 2),
        (37, 2),
        (37, 3),
        (38, 2),
        (38, 3),
        (52, 3),
        (52, 4),
        (53, 4),
    )
)
_VISITS = tuple(
    _visit(text)
    for text in (
        "97112 24 min x2 + 97110 23 min x1",
        "97112 24 min x2 + 97110 23 min x2",
        "97112 24 min x1 + 97110 23 min x2",
        "97112 20 min x2 + 97110 20 min x1",
        "97112 20 min x1 + 97110 20 min x2",
        "97112 20 min x1 + 97110 20 min x1",
        "97112 20 min x2 + 97110 20 min x2",
        "97110 33 min x2 + 97140 7 min x1",
        "97110 33 min x3 + 97140 7 min x0",
        "97110 33 min x2 + 97140 7 min x0",
        "97110 7 min x1 + 97112 7 min x0 + 97140 7 min x0",
        "97110 7 min x1 + 97112 7 min x1 + 97140 7 min x0",
        "97124 8 min x1 + 97140 8 min x1 + 97110 8 min x0",
        "97124 8 min x1 + 97140 8 min x1 + 97110 8 min x1",
        "97110 18 min x1 + 97140 13 min x1 + 97116 10 min x1 + 97035 8 min x0",
        "97110 18 min x1 + 97140 13 min x1 + 97116 10 min x0 + 97035 8 min x1",
        "97110 28 min x2 + 97140 28 min x2",
        "97110 28 min x3 + 97140 28 min x1",
    )
)
_RECORDS = (
    _visit("97110 ? min x2 + 97140 ? min x1", 40),
    _visit("97110 ? min x2 + 97140 ? min x2", 40),
    _visit("97110 ? min x3 + 97140 ? min x2", 40),
    _visit("97110 ? min x1 + 97140 ? min x1", 40),
    _visit("97110 20 min x1 + 97140 ? min x1"),
    _visit("97110 20 min x2 + 97140 15 min x1", 38),
    _visit("97110 20 min x1 + 97140 15 min x1", 38),
    _visit("97129 15 min x1 + 97110 15 min x2"),
)


def _pair(name: str, *lines: Line, payer: str = _METHODS["cms"]) -> Case:
    return Case(name, lines, payer)


def _on(day: str, *codes: str) -> tuple[Line, ...]:
    """Lines of one day; a code may carry its modifier, 97112-59."""
    return tuple(Line(code.partition("-")[0], modifier=code.partition("-")[2], day=day) for code in codes)


_PAIRS = (
    _pair("indicator 0, no modifier", *_on(_DAY, "97113", "97036")),
    _pair("indicator 0, 59 on column 2", *_on(_DAY, "97113", "97036-59")),
    _pair("indicator 0, 59 on column 1", *_on(_DAY, "97113-59", "97036")),
    _pair("indicator 0, XS", *_on(_DAY, "97113", "97036-XS")),
    _pair("indicator 0, another bypass modifier", *_on(_DAY, "97113", "97036-RT")),
    _pair("manual therapy and massage, no modifier", *_on(_DAY, "97140", "97124")),
    _pair("manual therapy and massage, 59", *_on(_DAY, "97140", "97124-59")),
    _pair("indicator 1, no modifier", *_on(_DAY, "98941", "97112")),
    _pair("indicator 1, 59 on column 2", *_on(_DAY, "98941", "97112-59")),
    _pair("indicator 1, 59 on column 1", *_on(_DAY, "98941-59", "97112")),
    _pair("indicator 1, XE", *_on(_DAY, "98941", "97112-XE")),
    _pair("indicator 1, a modifier that bypasses nothing", *_on(_DAY, "98941", "97112-GP")),
    _pair("indicator 9, no modifier", *_on("2020-05-04", "97530", "97116")),
    _pair("indicator 9, 59", *_on("2020-05-04", "97530", "97116-59")),
    _pair("the day before the edit is effective", *_on("2020-09-30", "98941", "97112")),
    _pair("the day before the edit is effective, 59", *_on("2020-09-30", "98941", "97112-59")),
    _pair("the day the edit is effective", *_on("2020-10-01", "98941", "97112")),
    _pair("the last day of a deleted edit", *_on("2019-12-31", "97140", "97530")),
    _pair("the day after its deletion", *_on("2020-01-01", "97140", "97530")),
    _pair("the day after its deletion, 59", *_on("2020-01-01", "97140", "97530-59")),
    _pair("reversed: column 2 stands first on the claim", *_on(_DAY, "97112", "98941")),
    _pair("across two claims of the day", Line("98941"), Line("97112", claim="B")),
    _pair("another provider", Line("98941"), Line("97112", npi=_COLLEAGUE)),
    _pair("another provider, 59", Line("98941"), Line("97112", modifier="59", npi=_COLLEAGUE)),
    _pair("no NPI on one line", Line("98941"), Line("97112", npi="")),
    _pair("the next day", Line("98941"), Line("97112", day="2025-11-04")),
    _pair("no edit in the table, 59", *_on(_DAY, "97110", "97112-59")),
    _pair("a code outside the table", *_on(_DAY, "64999", "97112")),
    _pair("a code outside the table, 59", *_on(_DAY, "64999", "97112-59")),
    _pair("a payer that has stated nothing", *_on(_DAY, "98941", "97112"), payer="Silent Health Plan"),
    _pair("a payer that has stated nothing, indicator 0, 59", *_on(_DAY, "97113", "97036-59"), payer="Silent Health Plan"),
    _pair("a payer that follows NCCI", *_on(_DAY, "98941", "97112"), payer="Stated Plan"),
    _pair("self-pay", *_on(_DAY, "98941", "97112"), payer="Self Pay"),
)
_TIME_RULES = ("TIM001", "TIM002", "TIM003", "TIM004")
_PAIR_RULES = ("MOD001", "MOD002", "MOD003", "MOD008", "MAN003")

# (rule, number of the case) -> what the rule says of it.
Verdicts = dict[tuple[str, int], str]


def text() -> str:
    """The whole page."""
    visits = (*_BOUNDARIES, *_VISITS, *_RECORDS)
    by_method = [Case(one.name, one.lines, payer, one.total) for one in visits for payer in _METHODS.values()]
    time = _verdicts(by_method, _TIME_RULES)
    pairs = _verdicts(_PAIRS, _PAIR_RULES)
    return _PAGE.format(
        boundaries=_time_table(_BOUNDARIES, time, 0),
        visits=_time_table(_VISITS, time, len(_BOUNDARIES)),
        records=_time_table(_RECORDS, time, len(_BOUNDARIES) + len(_VISITS)),
        pairs=_pair_table(pairs),
    )


def _time_table(cases: Sequence[Case], verdicts: Verdicts, before: int) -> str:
    rows = []
    for number, case in enumerate(cases, before):
        cells = [_all_rules(verdicts, number * len(_METHODS) + place) for place in range(len(_METHODS))]
        rows.append((case.name, *cells))
    return _table(("minutes and units billed", "cms", "ama", "either"), rows)


def _all_rules(verdicts: Verdicts, number: int) -> str:
    said = {rule: verdicts.get((rule, number), "-") for rule in _TIME_RULES}
    loud: dict[str, list[str]] = defaultdict(list)
    for rule, words in said.items():
        if words not in ("ok", "-"):
            loud[words].append(rule)
    if loud:
        return "; ".join(f"{', '.join(ids)} {words}" for words, ids in loud.items())
    return "ok" if "ok" in said.values() else "-"


def _pair_table(verdicts: Verdicts) -> str:
    rows = []
    for number, case in enumerate(_PAIRS):
        lines = " + ".join(map(str, case.lines))
        day = case.lines[0].day
        rows.append((case.name, lines, day, *(verdicts.get((rule, number), "-") for rule in _PAIR_RULES)))
    return _table(("case", "lines", "date", *_PAIR_RULES), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = f"| {' | '.join(header)} |\n|{'---|' * len(header)}\n"
    return head + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _verdicts(cases: Sequence[Case], rule_ids: Sequence[str]) -> Verdicts:
    """Audit the cases in one run, each as a patient of its own, and ask what each rule said."""
    config = Config(sources=(), payers=_SETTINGS)
    catalogue = {rule.id: rule for rule in rules.load()}
    found: Verdicts = {}
    with tempfile.TemporaryDirectory() as folder, open_session(config, Path(folder)) as session:
        path = Path(folder) / "cases.csv"
        _write(path, cases)
        session.stage(intake.load(session.con, intake.find_sources((str(path),))), config)
        for rule_id in rule_ids:
            outcome = session.examine(catalogue[rule_id])
            if outcome.error:
                raise RuntimeError(outcome.error)
            found |= {(rule_id, number): words for number, words in _said(session, catalogue[rule_id]).items()}
    return found


def _write(path: Path, cases: Sequence[Case]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for number, case in enumerate(cases):
            for place, line in enumerate(case.lines, 1):
                writer.writerow([
                    f"C{number}{line.claim}", place, f"P{number}", line.day, line.code, line.modifier, line.units, line.minutes,
                    case.total, case.payer, line.npi, f"{_PRICE * line.units}.00",
                ])  # fmt: skip


def _said(session: Session, rule: rules.Rule) -> dict[int, str]:
    """What the rule says of each case; of a pair every line is a subject of its own."""
    subject = "visit_id" if rule.front.subject == "visit" else "line_id"
    rows = session.con.execute(
        f"""
        WITH verdict AS (
            SELECT *, {rule_result.VERDICT} AS verdict FROM ({rule.sql}) AS examined
        )
        SELECT DISTINCT
            CAST(substr(claim_line.patient_id, 2) AS INTEGER), verdict.verdict, verdict.reason,
            CASE '{subject}' WHEN 'line_id' THEN claim_line.procedure_code ELSE '' END AS code,
            CASE verdict.verdict
                WHEN 'flag' THEN CAST(list_sum(list_transform(verdict.lines, lambda one : one.amount_at_risk)) AS DECIMAL(12, 2))
            END AS amount
        FROM verdict
        INNER JOIN claim_line ON verdict.subject_id = claim_line.{subject}
        ORDER BY ALL
        """,
        dict(rule.values),
    ).fetchall()
    by_case: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for number, verdict, reason, code, amount in rows:
        by_case[number].append((verdict, reason or " ".join(filter(None, ("flags", code, str(amount) if amount else "")))))
    return {number: _worst(said) for number, said in by_case.items()}


def _worst(said: Sequence[tuple[str, str]]) -> str:
    for wanted, words in (("flag", "{}"), ("not evaluated", "not evaluated: {}")):
        matching = sorted({detail for verdict, detail in said if verdict == wanted})
        if matching:
            return words.format(", ".join(matching))
    return "ok"


_PAGE = """# Truth tables

What the rules say of small visits, worked out by the engine itself when `make docs` runs. Every unit is paid 30.00,
so the dollars of a cell count its units. `ok`: judged and in order; `-`: the rule does not examine it. What each rule
means stands on its [page](rules/README.md).

## Units against minutes

TIM001 is silent unless units exceed the total time; TIM002 judges each code by itself for payers that count by the
midpoint; TIM003 finds units on the wrong code; TIM004 finds units that were earned and not billed. `cms` is Medicare,
`ama` a payer that counts each code by its midpoint, `either` a payer that has not said: only what neither method
allows is found.

### One code

{boundaries}

### Several codes on one visit

{visits}

### Where minutes are missing or disagree

Without minutes by code only the total can be tested. Where the total and the codes disagree, an excess must stand
against the larger and a shortfall against the smaller. Codes billed as a first and further units are not pooled.

{records}

## Pairs of codes and modifier 59

Column 1 is paid, column 2 is not, unless the indicator is 1 and a modifier says why. The payer is Medicare Part B
where the case names no other. 98941 over 97112 has indicator 1, was deleted 2019-12-31 and is in force again since
2020-10-01; 97113 over 97036 and 97140 over 97124 have indicator 0; 97140 over 97530 was deleted 2019-12-31; 97530
over 97116 had indicator 9 in 2020.

{pairs}
"""
