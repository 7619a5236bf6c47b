"""Changes each rule's SQL in every small way and sees that a case notices (`make mutate`).

    python -m tests.mutate_rules [RULE...] [--jobs N] [--toml]
    python -m tests.mutate_rules --staging [FILE...]

A mutant that no case of the rule tells from the original, nor the random exports that the suite judges twice
(tests/mutation_exports.py), is a survivor: a case is missing, or the mutant means the same.
Those that mean the same are listed with the reason in tests/mutation_explained.toml. Exit 1: a survivor is not explained,
or an explanation fits no survivor. RULE may be a prefix (TIM). --toml prints the survivors ready for the list. --staging
changes instead SQL that rules stand on, such as the staging of visits (tests/mutate_staging.py lists the files; it takes
longer); FILE may be a part of a file's name.
"""

import argparse
import dataclasses
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import duckdb

from audit.engine.duckdb_session import Session
from audit.errors import AuditError
from audit.rules.catalogue import Rule
from tests import rule_cases
from tests.claim_rows import staged
from tests.mutation_exports import Exports
from tests.rule_cases import Case
from tests.sql_mutants import Mutant, mutants

EXPLAINED = Path(__file__).parent / "mutation_explained.toml"
Noticing = TypeVar("Noticing")
# Raised before a row is read.
NOT_VALID = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)


class Outcome(Enum):
    """What became of a mutant. NOT_VALID: DuckDB refuses it, so it says nothing of the cases."""

    KILLED = "killed"
    SURVIVED = "survived"
    NOT_VALID = "not valid SQL"


@dataclass(frozen=True)
class Staged:
    """A case whose lines are staged, with its rule as the case sets it."""

    case: Case
    session: Session
    rule: Rule


@dataclass(frozen=True)
class Result:
    """The mutants of one rule (or, with --staging, of one file) and how many became what."""

    subject: str
    survivors: tuple[Mutant, ...]
    killed: int
    not_valid: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mutants of the rules asked for (all without names) and print what survives. Returns the exit code."""
    chosen = _arguments(arguments)
    if chosen.staging:
        from tests import mutate_staging

        subjects = [name for name in mutate_staging.FILES if any(part in name for part in chosen.rules or [""])]
        work: Callable[[str], Result] = mutate_staging.result_of_file
    else:
        subjects, work = _rules_named(chosen.rules), result_of_rule
    if not subjects:
        what = "no file of the list is named like" if chosen.staging else "no rule begins with"
        print(f"{what} {' or '.join(chosen.rules)}", file=sys.stderr)
        return 2
    to_mend = sum(_show(result, as_toml=chosen.toml) for result in _results(work, subjects, chosen.jobs))
    print(f"{to_mend} to mend" if to_mend else "no unexplained survivor")
    return 1 if to_mend else 0


def result_of_rule(rule_id: str) -> Result:
    """Every mutant of a rule run against the rule's cases. Raises AuditError where a case fails unmutated."""
    with ExitStack() as stack:
        staged = [stage(stack, case) for case in rule_cases.cases(rule_id)]
        prove_unmutated(staged)
        rule, exports = rule_cases.catalogue()[rule_id], Exports(stack)

        def outcome_of(mutant: Mutant) -> Outcome:
            outcome = _outcome(mutant, staged)
            if outcome is not Outcome.SURVIVED:
                return outcome
            return first_to_notice([exports], lambda one: one.notice(rule, _changed(rule, mutant)))

        return result_of(rule_id, rule.sql, outcome_of)


def result_of(subject: str, sql: str, outcome_of: Callable[[Mutant], Outcome]) -> Result:
    """The outcomes of every mutant of a text, counted."""
    outcomes = [(mutant, outcome_of(mutant)) for mutant in mutants(sql)]
    survivors = tuple(mutant for mutant, outcome in outcomes if outcome is Outcome.SURVIVED)
    kinds = [outcome for _, outcome in outcomes]
    return Result(subject, survivors, kinds.count(Outcome.KILLED), kinds.count(Outcome.NOT_VALID))


def stage(stack: ExitStack, case: Case, whole: bool = False) -> Staged:
    """Stage a case in a session of its own, which stays open as long as the stack: what its rule reads, or the whole."""
    # One thread: the tables are tiny, and handing them around takes longer than reading them.
    case = dataclasses.replace(case, config=dataclasses.replace(case.config, threads=1))
    rule = rule_cases.rule_of(case)
    queries = () if whole else rule_cases.queries_of(rule)
    session = staged(case.rows, case.config, case.without_modifiers, queries)
    return Staged(case, stack.enter_context(session), rule)


def prove_unmutated(staged: Iterable[Staged]) -> None:
    """Raises AuditError for the first case that does not hold as things stand."""
    for one in staged:
        problems = rule_cases.failures(one.session, one.case, one.rule)
        if problems:
            raise AuditError(f"{one.case} fails without any change: {problems[0]}.", "Mend the case or the rule first.")


def first_to_notice(staged: list[Noticing], notices: Callable[[Noticing], bool]) -> Outcome:
    """Stops at the first case that notices; it comes first for the next mutant, which is likely a neighbour of this one."""
    for place, one in enumerate(staged):
        try:
            noticed = notices(one)
        except NOT_VALID:
            return Outcome.NOT_VALID
        except (duckdb.Error, AuditError):
            noticed = True
        if noticed:
            staged.insert(0, staged.pop(place))
            return Outcome.KILLED
    return Outcome.SURVIVED


def _outcome(mutant: Mutant, staged: list[Staged]) -> Outcome:
    def notices(one: Staged) -> bool:
        return bool(rule_cases.failures(one.session, one.case, _changed(one.rule, mutant)))

    return first_to_notice(staged, notices)


def _changed(rule: Rule, mutant: Mutant) -> Rule:
    # A change may drop the only use of a parameter; DuckDB refuses values that nothing asks for.
    values = {name: value for name, value in rule.values.items() if f"${name}" in mutant.text}
    return dataclasses.replace(rule, sql=mutant.text, values=values)


def explanations(path: Path = EXPLAINED) -> list[dict[str, str]]:
    """The list of mutants that mean the same: subject, was, became, reason."""
    entries: list[dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8")).get("explained", [])
    return entries


def compare(result: Result, explained: Iterable[dict[str, str]]) -> tuple[list[Mutant], list[dict[str, str]]]:
    """The survivors that no entry explains, and the entries of this subject that explain no survivor."""
    entries = [entry for entry in explained if entry["subject"] == result.subject]
    known = {(entry["was"], entry["became"]) for entry in entries if entry["reason"].strip()}
    survived = {(mutant.was, mutant.became) for mutant in result.survivors}
    left = [mutant for mutant in result.survivors if (mutant.was, mutant.became) not in known]
    return left, [entry for entry in entries if (entry["was"], entry["became"]) not in survived]


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutate_rules", description="Mutates rule SQL.")
    parser.add_argument("rules", nargs="*", metavar="RULE", help="rule ids or their beginnings; none: every rule")
    parser.add_argument("--jobs", type=int, default=1, help="rules worked on at a time")
    parser.add_argument("--toml", action="store_true", help="print unexplained survivors as entries of the list")
    parser.add_argument("--staging", action="store_true", help="mutate SQL that rules stand on")
    return parser.parse_args(arguments)


def _rules_named(prefixes: Sequence[str]) -> list[str]:
    wanted = tuple(prefix.upper() for prefix in prefixes) or ("",)
    return [rule_id for rule_id in rule_cases.catalogue() if rule_id.startswith(wanted)]


def _results(work: Callable[[str], Result], subjects: Sequence[str], jobs: int) -> Iterator[Result]:
    if jobs < 2:
        yield from map(work, subjects)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, subjects)


def _show(result: Result, *, as_toml: bool) -> int:
    """Print one result; returns how many survivors and explanations are to mend."""
    left, gone = compare(result, explanations())
    total = result.killed + result.not_valid + len(result.survivors)
    print(
        f"{result.subject}: {total} mutants, {result.killed} killed, {result.not_valid} not valid SQL, "
        f"{len(result.survivors) - len(left)} survive explained, {len(left)} unexplained",
        flush=True,
    )
    for mutant in left:
        if as_toml:
            print(entry(result.subject, mutant))
        else:
            print(f"  line {mutant.line} of the SQL\n    was    {mutant.was}\n    became {mutant.became}")
    for old in gone:
        print(f"  explained, but no survivor (any more):\n    was    {old['was']}\n    became {old['became']}")
    return len(left) + len(gone)


def entry(subject: str, mutant: Mutant) -> str:
    """A survivor as an entry of the list, its reason still to be written."""
    was, became = (f'"""{text.replace(chr(92), chr(92) * 2)}"""' for text in (mutant.was, mutant.became))
    return f'\n[[explained]]\nsubject = "{subject}"\nwas = {was}\nbecame = {became}\nreason = ""'


if __name__ == "__main__":
    sys.exit(main())
