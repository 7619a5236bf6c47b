"""Mutates the SQL that the rules stand on: `python -m tests.mutate_rules --staging`.

The cases of the rules that read a file must notice its mutants. A case is staged once; for each mutant the file is run
again, and after it the files that depend on it.
"""

from contextlib import ExitStack

import duckdb

from audit import assets
from audit.engine.duckdb_session import Session
from tests import rule_cases
from tests.mutate_rules import Outcome, Result, Staged, first_to_notice, prove_unmutated, result_of, stage
from tests.sql_mutants import Mutant

_VISITS = "staging/40_visit.sql"
# The file, and the rules whose cases must notice a change of it.
FILES = {
    _VISITS: ("TIM001", "TIM002", "TIM003", "TIM004"),
    "macros/arithmetic.sql": ("TIM001", "TIM002", "TIM003", "TIM004", "TIM006", "TIM010"),
    "macros/pricing.sql": ("TIM001", "TIM002", "TIM003"),
    "staging/35_other_practitioner.sql": ("MOD001", "MOD002"),
    "staging/51_separated_pair.sql": ("MOD004", "MOD005"),
    "staging/52_judged_pair.sql": ("MOD003", "MOD008"),
}
# What is staged again after a changed file; the visits where nothing else is said.
_AFTERWARDS = {
    _VISITS: (),
    "staging/35_other_practitioner.sql": ("staging/39_claim_line.sql",),
    "staging/51_separated_pair.sql": (),
    "staging/52_judged_pair.sql": (),
}


def result_of_file(name: str) -> Result:
    """Every mutant of queries/<name> run against the cases of the rules that FILES gives it."""
    sql, afterwards = _text(name), [_text(file) for file in _AFTERWARDS.get(name, (_VISITS,))]
    with ExitStack() as stack:
        staged = [stage(stack, case, whole=True) for rule_id in FILES[name] for case in rule_cases.cases(rule_id)]
        prove_unmutated(staged)

        def outcome_of(mutant: Mutant) -> Outcome:
            return first_to_notice(staged, lambda one: _notices(one, [mutant.text, *afterwards]))

        return result_of(name, sql, outcome_of)


def _notices(one: Staged, changed: list[str]) -> bool:
    for text in changed:
        _run(one.session, text)
    return bool(rule_cases.failures(one.session, one.case, one.rule))


def _run(session: Session, text: str) -> None:
    for statement in duckdb.extract_statements(text):
        session.con.execute(statement.query)


def _text(name: str) -> str:
    return (assets.queries() / name).read_text(encoding="utf-8")
