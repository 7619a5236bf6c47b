"""audit.toml's first draft: what was found in an export, written so that a person can read and correct it.

Run with it as it stands, an audit finds what it finds without it: every setting in it says what was guessed anyway.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from audit import rules
from audit.cli import init_published
from audit.cli.check_page import why_not
from audit.cli.toml_lines import comment as _comment, string as _text, wrapped as _wrapped
from audit.contract import BY_NAME, PAYER_COLUMNS
from audit.errors import ConfigError
from audit.files.door import scratch_folder, write_text
from audit.intake import Survey
from audit.intake.survey import Guess
from audit.model import RuleOutcome
from audit.pipeline.preview import Preview, missing_columns, reach
from audit.rules import column_lineage
from audit.settings import config as configuration
from audit.terms import PayerClass, plural

_PINNED = ("class", "unit_rule", "follows_ncci")
_FIELD = {"class": "payer_class", "unit_rule": "unit_rule", "follows_ncci": "follows_ncci"}
# The payer of an export that names none: of no known class, so that no payer's rule is held against its lines.
UNSTATED_PAYER = "not stated in the export"


@dataclass(slots=True)
class _Payer:
    """A payer by its name (or id where it has none), with the rows of the payer summary that it stands for."""

    shown: str
    key: str
    name_key: str = ""
    rows: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return sum(row["lines"] for row in self.rows)

    def settled(self, name: str) -> Any:
        """The one value of a setting; None where the rows differ or it is not known."""
        values = {row[_FIELD[name]] for row in self.rows}
        return values.pop() if len(values) == 1 else None


def draft(survey: Survey, seen: Preview | None, given: configuration.Config, refusal: str = "") -> str:
    """The text of audit.toml. `seen` is None where something is open, so that nothing could be tried; `refusal` says why else."""
    parts = [
        _opening(survey),
        _refusal(refusal),
        _audit(given),
        _columns(survey, given),
        _names(survey, given),
        _constants(survey, given),
    ]
    if seen is not None:
        parts += [_payers(seen), _reach(seen), _missing(seen)]
    return "\n".join("\n".join(part) + "\n" for part in parts if part)


def write(text: str, out: Path, force: bool) -> None:
    """Write the draft once it is proven to load. ConfigError where the file exists and `force` is off."""
    if out.exists() and not force:
        raise ConfigError(f"{out} exists already.", "Name another file with --out, or overwrite it with --force.")
    try:
        with scratch_folder() as folder:
            configuration.read_settings(write_text(folder / out.name, text))
        write_text(out, text)
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror}.", "Name another file with --out.") from error


def _opening(survey: Survey) -> Iterable[str]:
    names = ", ".join(file.name for file in survey.files[:5])
    more = f" and {len(survey.files) - 5} more" if len(survey.files) > 5 else ""
    yield f"# Settings of claims-audit, drafted from {_comment(names)}{more}."
    yield "# They say what was guessed; correct what is wrong, then: claims-audit check, claims-audit run."
    yield "# Cells of patients' data are shown by their shape only: # a digit, A a letter."


def _refusal(said: str) -> Iterable[str]:
    for line in said.splitlines():
        yield from _wrapped(f"OPEN: {line}" if line == said.splitlines()[0] else f"  {line}")


def _audit(given: configuration.Config) -> Iterable[str]:
    yield "[audit]"
    yield '# entity = "the practice\'s name, as the report shall show it"'
    yield '# auditor = "who answers for the report"'
    yield '# sources = ["exports/{period}"]  # for runs that come back: the folder to read, {period} being the month as 2025-11'
    yield '# period = "last-month"  # see docs/cron.md'
    if given.dates:
        yield f"dates = {_text(given.dates)}  # where a file's own dates do not tell"
    else:
        yield '# dates = "month_first"  # or "day_first": for files none of whose dates has a day over 12'
    yield "# rule_seconds = 1800  # a rule that runs longer is broken off and counts as failed; the others go on"
    yield "# max_rejected = 0.01  # a run is refused where a larger share of the rows cannot be read"


def _columns(survey: Survey, given: configuration.Config) -> Iterable[str]:
    yield "# Contract column = header of the export; behind it how its cells look, and why the header was taken."
    yield "# A line that begins with # is read as it says without being named here."
    yield "[columns]"
    chosen = {**{name: header for name, header in survey.columns.items() if name not in _open_in_some(survey)}, **given.columns}
    guesses: dict[str, list[tuple[str, Guess]]] = {}
    for file in survey.files:
        for guess in file.guesses:
            guesses.setdefault(guess.name, []).append((file.name, guess))
    for name in BY_NAME:
        if name in chosen:
            first = guesses[name][0][1] if name in guesses else None
            yield f"{name} = {_text(chosen[name])}" + (f"  # {_about(first)}" if first is not None else "")
        elif name in guesses:
            yield from (
                f"# {name}: {_comment(_text(guess.header))}{f' in {_comment(file)}' if len(survey.files) > 1 else ''}"
                f"  # {_about(guess)}"
                for file, guess in guesses[name]
            )
    yield from _questions(survey, given)
    yield from _leftovers(survey)


def _questions(survey: Survey, given: configuration.Config) -> Iterator[str]:
    """What intake would ask: each with the lines that may answer it, one of which is to be taken."""
    for file in survey.files:
        for question in file.questions:
            if question.name not in given.columns:
                yield from _wrapped(f"OPEN: {question.sentence}")
                yield from (f"# {question.name} = {_text(header)}" for header in question.candidates)
    payer = PAYER_COLUMNS[0]
    headers = _likely_headers(survey, payer)
    if headers:
        yield from _wrapped(f"OPEN: no column names the payer, as one of {', '.join(PAYER_COLUMNS)}. Most likely:")
        yield from (f"# {payer} = {_text(header)}" for header in headers)


def _names(survey: Survey, given: configuration.Config) -> Iterable[str]:
    still_open = _open_in_some(survey)
    if given.header_names or still_open:
        yield "# Further headers that mean a column of the contract; unlike those of [columns] they may be missing from a file."
        yield "[header_names]"
        for name, headers in given.header_names.items():
            yield f"{name} = [{', '.join(map(_text, headers))}]"
        for name, files in still_open.items():
            yield from _wrapped(
                f"OPEN: {', '.join(files)} {'has' if len(files) == 1 else 'have'} no {name}; other files have one."
            )
            headers = [*given.header_names.get(name, ()), *(_likely_headers(survey, name) or ["its header there"])]
            yield f"# {name} = [{', '.join(map(_text, headers))}]"


def _open_in_some(survey: Survey) -> dict[str, tuple[str, ...]]:
    """The required columns that some files have and others lack, with the latter: one header cannot answer for all."""
    every = dict.fromkeys(name for file in survey.files for name in file.missing)
    lacking = {name: tuple(file.name for file in survey.files if name in file.missing) for name in every}
    return {name: files for name, files in lacking.items() if len(files) < len(survey.files)}


def _about(guess: Guess) -> str:
    look = f"{' | '.join(guess.looks)}; " if guess.looks else "empty in the first rows; "
    return _comment(f"{look}{guess.how} ({100 * guess.confidence:.0f} %)")


def _leftovers(survey: Survey) -> Iterator[str]:
    for title, names in (
        ("Headers that fill no column", (header for file in survey.files for header in file.unmapped)),
        ("Patients' data, never loaded", (header for file in survey.files for header in file.private)),
    ):
        found = list(dict.fromkeys(header.strip() for header in names))
        if found:
            yield from _wrapped(f"{title}: {', '.join(found)}.")


def _constants(survey: Survey, given: configuration.Config) -> Iterable[str]:
    asked = _open_in_some(survey)
    missing = [name for name in dict.fromkeys(name for file in survey.files for name in file.missing) if name not in asked]
    resting = column_lineage.rules_by_column(rules.load()) if missing else {}
    lacks_payer = any(file.lacks_payer for file in survey.files)
    yield "# A column that the export lacks, with one value for every row."
    yield "[constants]"
    if given.constants.get("payer_name") == UNSTATED_PAYER:
        yield from _wrapped("No column names the payer. If all lines are one payer's, write its name here, and under [[payer]].")
    yield from (f"{name} = {_text(value)}" for name, value in given.constants.items())
    for name in missing:
        yield from _wrapped(
            f"REQUIRED and not found: {name}, {BY_NAME[name].meaning}. Name its header under [columns], "
            f"or export it as well; only where every row has the same, write it here. {column_lineage.cost_of(name, resting)}"
        )
        yield from _likely(survey, name)
        yield f'# {name} = ""'
    if lacks_payer and not any(name in given.constants for name in PAYER_COLUMNS):
        yield from _wrapped(f"REQUIRED and not found: a payer, as one of {', '.join(PAYER_COLUMNS)}. For one payer's export:")
        yield '# payer_name = "Medicare Part B"'
    if not missing and not asked and not lacks_payer and not given.constants:
        yield "# Nothing is needed here: every required field was found."


def _likely(survey: Survey, name: str) -> Iterator[str]:
    """The headers that most likely hold a missing column."""
    headers = _likely_headers(survey, name)
    if headers:
        yield from _wrapped(f"Under [columns], most likely: {' or '.join(f'{name} = {_text(header)}' for header in headers)}")


def _likely_headers(survey: Survey, name: str) -> list[str]:
    return list(dict.fromkeys(file.likely[name] for file in survey.files if file.likely.get(name)))


def _payers(seen: Preview) -> Iterable[str]:
    classes = [str(name) for name in get_args(PayerClass)]
    yield "# One table a payer. match: its name or id, in any case; * and ? stand for anything. The first that fits counts."
    yield from _wrapped(f"class: {', '.join(classes)}.")
    yield "# unit_rule: cms (total time, 8 minutes), ama (each code by its midpoint), either (flag only what breaks both)."
    yield "# follows_ncci: whether the payer applies CMS's pair edits; left out where it is not known."
    for payer in _by_payer(seen):
        offers = init_published.offers(payer.name_key, {row["payer_class"] for row in payer.rows}, seen.service_dates)
        yield ""
        yield from init_published.own_tables(offers, _match(payer))
        yield "[[payer]]"
        yield from _payer(payer, offers)
    nameless = sum(row["lines"] for row in seen.payers if not (row["payer_name"] or row["payer_id"]))
    if nameless:
        yield ""
        they = "lines name" if nameless > 1 else "line names"
        yield f"# {nameless:,} {they} no payer, only a filing indicator, which decides the class."


def _match(payer: _Payer) -> str:
    return f"match = [{_text(payer.key)}]"


def _payer(payer: _Payer, offers: init_published.Offers) -> Iterator[str]:
    decided = ", ".join(sorted({str(row["decided_by"]) for row in payer.rows}))
    massage = ", ".join(sorted({str(row["massage_coverage"]).replace("_", " ") for row in payer.rows}))
    yield f"# {_comment(payer.shown)}: {plural(payer.lines, 'line')}; class by {_comment(decided)}; massage: {massage}"
    yield _match(payer)
    for name in _PINNED:
        value = payer.settled(name)
        if value == "none":
            yield "# unit_rule: none applies"
        elif value is None:
            seen = sorted({str(row[_FIELD[name]]) for row in payer.rows if row[_FIELD[name]] is not None})
            yield f"# {name} = {'differs by line: ' + ', '.join(seen) if seen else 'not known'}"
        elif name == "follows_ncci" and value is True and payer.settled("class") == "medicare_advantage":
            # Written as a setting, it would make certain what is only likely (queries/staging/31_payer_policy.sql).
            yield "# follows_ncci = true  # likely: say so here if the plan's contract or policy does"
        elif name == "unit_rule" and payer.settled("class") != "medicare_ffs":
            # So is the method of time: a class's default, until somebody says that it is this payer's.
            yield f"# unit_rule = {_text(value)}  # likely, as of its class: say so here if the payer's contract or policy does"
        else:
            note = "  # not recognised: choose one" if value == "unknown" else ""
            line = f"{name} = {str(value).lower() if isinstance(value, bool) else _text(value)}{note}"
            # A key stands once in a table: where a line that sets it is offered, the guess holds without a line.
            yield f"# {line}  # guessed, and holds without a line" if offers.sets(name) else line
    yield from init_published.lines(offers)


def _by_payer(seen: Preview) -> list[_Payer]:
    """Payers by name, else by id; each with every row that its pattern would match, so that it pins only what they share."""
    found: dict[str, _Payer] = {}
    for row in seen.payers:
        shown = row["payer_name"] or row["payer_id"]
        if shown and shown != UNSTATED_PAYER:
            name_key = seen.name_keys.get(row["payer_name"], "")
            found.setdefault(shown.lower(), _Payer(shown, _pattern(shown.lower()), name_key))
    for row in seen.payers:
        for key in {str(row[name]).lower() for name in ("payer_name", "payer_id") if row[name]} & found.keys():
            found[key].rows.append(row)
    return sorted(found.values(), key=lambda payer: (-payer.lines, payer.key))


def _pattern(name: str) -> str:
    """A name as a pattern that matches it alone."""
    return "".join(f"[{sign}]" if sign in "*?[\\" else sign for sign in name)


def _reach(seen: Preview) -> Iterable[str]:
    yield "# What this export lets the rules judge (`claims-audit explain RULE` tells what each one checks)."
    titles = {rule.id: rule.front.title for rule in seen.rules}
    for kind, heading in (
        ("all", "Judged in full"),
        ("part", "Judged in part"),
        ("none", "Cannot be judged"),
        ("nothing to examine", "Nothing in this export to examine"),
    ):
        outcomes = [outcome for outcome in seen.outcomes if reach(outcome) == kind]
        if outcomes:
            yield f"# {heading}:"
            yield from (line for outcome in outcomes for line in _rule_line(outcome, titles[outcome.rule_id]))


def _missing(seen: Preview) -> Iterable[str]:
    missing = missing_columns(seen)
    if missing:
        yield "# Columns that the export does not fill, and the rules that rest on them:"
    for column in missing:
        said = [
            f"{', '.join(ids)} judge{'s' if len(ids) == 1 else ''} {what}"
            for ids, what in ((column.judge_nothing, "nothing"), (column.judge_a_part, "a part"))
            if ids
        ]
        yield from _wrapped(f"  {column.name} ({BY_NAME[column.name].meaning}): {'; '.join(said)}", "       ")


def _rule_line(outcome: RuleOutcome, title: str) -> Iterator[str]:
    because = f" Not judged: {why_not(outcome)}." if outcome.not_evaluated else ""
    yield from _wrapped(f"  {outcome.rule_id} {title} ({outcome.evaluated:,} of {outcome.population:,}).{because}", "       ")
