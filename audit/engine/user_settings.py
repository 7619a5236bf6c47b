"""What audit.toml says of payers and words, put into the session as tables beside the shipped reference tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import duckdb
import msgspec

from audit.errors import ConfigError
from audit.settings.config import Config, LexiconTerm, PayerSetting

_TABLES = """
CREATE OR REPLACE TABLE payer_setting (
    position INTEGER, pattern VARCHAR, payer_class VARCHAR, unit_rule VARCHAR, follows_ncci BOOLEAN,
    massage_coverage VARCHAR, prefers_x_modifiers BOOLEAN, filing_days INTEGER, requires_plan BOOLEAN,
    requires_assistant BOOLEAN, effective_from DATE, effective_to DATE
);
CREATE OR REPLACE TABLE payer_limit (
    setting_position INTEGER, procedure_code VARCHAR, is_not_covered BOOLEAN, daily_units INTEGER, yearly_visits INTEGER,
    daily_timed_units INTEGER, daily_therapy_units INTEGER
);
CREATE OR REPLACE TABLE payer_never_beside (
    setting_position INTEGER, procedure_code VARCHAR, beside_code VARCHAR
);
"""


def load(con: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Create payer_setting, payer_limit and payer_never_beside, and add the user's words to the lexicon. Raises ConfigError."""
    con.execute(_TABLES)
    _load_payers(con, config.payers)
    _load_lexicon(con, config.lexicon)


def _load_payers(con: duckdb.DuckDBPyConnection, payers: Iterable[PayerSetting]) -> None:
    for position, payer in enumerate(payers, 1):
        for pattern in payer.match:
            con.execute(
                "INSERT INTO payer_setting VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                [
                    position,
                    pattern.lower(),
                    None if payer.payer_class is msgspec.UNSET else payer.payer_class,
                    payer.unit_rule,
                    payer.follows_ncci,
                    payer.massage,
                    None if payer.x_modifiers is None else payer.x_modifiers == "preferred",
                    payer.filing_days,
                    payer.plan_modifiers == "required",
                    payer.assistant_modifiers == "required",
                    payer.effective_from,
                    payer.effective_to,
                ],
            )
        _load_limits(con, position, payer)


def _load_limits(con: duckdb.DuckDBPyConnection, position: int, payer: PayerSetting) -> None:
    limits: list[tuple[str | None, bool, int | None]] = [(code, True, None) for code in payer.not_covered]
    limits += [(code, False, units) for code, units in payer.daily_units.items()]
    for code, not_covered, units in limits:
        con.execute("INSERT INTO payer_limit VALUES ($1, $2, $3, $4, NULL, NULL, NULL)", [position, code, not_covered, units])
    of_all_codes = [payer.yearly_visits, payer.daily_timed_units, payer.daily_therapy_units]
    if of_all_codes != [None, None, None]:
        con.execute("INSERT INTO payer_limit VALUES ($1, NULL, FALSE, NULL, $2, $3, $4)", [position, *of_all_codes])
    for code, others in payer.never_beside.items():
        for other in others:
            con.execute("INSERT INTO payer_never_beside VALUES ($1, $2, $3)", [position, code, other])


def _load_lexicon(con: duckdb.DuckDBPyConnection, terms: Iterable[LexiconTerm]) -> None:
    reaches: dict[str, set[str | None]] = defaultdict(set)
    for term_class, reach in con.execute("SELECT DISTINCT class, reach FROM lexicon").fetchall():
        reaches[term_class].add(reach)
    reaches["not_delivered"].add(None)  # then it governs its phrase
    for number, term in enumerate(terms, 1):
        _check_term(term, number, reaches)
        con.execute(
            """
            INSERT INTO lexicon (term, class, reach, effective_from, effective_to)
            VALUES (lower(trim($1)), $2, $3, DATE '0001-01-01', DATE '9999-12-31')
            """,
            [term.term, term.term_class, term.reach],
        )


def _check_term(term: LexiconTerm, number: int, reaches: Mapping[str, set[str | None]]) -> None:
    where = f"audit.toml: [[lexicon]] table {number}, {term.term!r},"
    if not any(character.isalnum() for character in term.term):
        raise ConfigError(f"{where} has no letter to look for.", "Write the word or phrase as notes have it.")
    if term.term_class not in reaches:
        raise ConfigError(
            f"{where} has class {term.term_class!r}, which means nothing.", f"Classes are {', '.join(sorted(reaches))}."
        )
    allowed = reaches[term.term_class]
    if term.reach not in allowed:
        named = ", ".join(sorted(repr(reach) for reach in allowed if reach)) or "none"
        left_out = "; it may be left out" if None in allowed else ""
        raise ConfigError(
            f"{where} of class {term.term_class} has reach {term.reach!r}." if term.reach else f"{where} has no reach.",
            f"Reaches of {term.term_class} are {named}{left_out} (docs/notes.md).",
        )
