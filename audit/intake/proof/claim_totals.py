"""Amounts that are a claim's total, repeated on each of its lines: found, named in a sentence, and marked for staging.

Institutional exports often write them so, and others under headers that say "total" or "claim". Added up line by line they
count many times over, and no line's own amount is
known from them.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.intake.columns.mapping import Assignment, FileMapping
from audit.intake.columns.spelling import words_of
from audit.intake.proof.totals import amount_of
from audit.intake.rows.numbering import table_of
from audit.terms import plural

# A file writes totals in a column where so many of its institutional claims of several lines repeat every amount of it.
_SHARE = 0.9
_OF_CLAIM = frozenset({"total", "totals", "tot", "ttl", "claim", "claims", "clm"})
_OF_LINE = frozenset({"line", "lines", "ln", "service", "svc", "item", "procedure", "proc", "unit"})


def create_table(con: duckdb.DuckDBPyConnection) -> None:
    """The table `claim_total`: claims of a file of whose lines a money column holds the claim's total."""
    con.execute(
        "CREATE OR REPLACE TABLE claim_total (source_file VARCHAR, claim_id VARCHAR, column_name VARCHAR, by_bill_type BOOLEAN)"
    )


def mark_claim_totals(con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping) -> list[str]:
    """Fill claim_total for one file; gives a sentence for each column in which it writes totals."""
    columns = [column for column in MONEY_COLUMNS if mapping.named(column) is not None]
    if mapping.named("bill_type") is not None:
        return [sentence for column in columns if (sentence := _mark(con, file_no, name, column))]
    named_so = [column for column in columns if _says_total(mapping.named(column))]
    return [sentence for column in named_so if (sentence := _mark_named(con, file_no, name, column, mapping, named_so))]


def may_hold_totals(mapping: FileMapping, sample: Sequence[Sequence[str]]) -> bool:
    """Whether a field that says so may hold claims' totals: no claim of the first rows speaks against it."""
    claim = mapping.named("claim_id")
    fields = [one for name in MONEY_COLUMNS if (one := mapping.named(name)) is not None and _says_total(one)]
    if claim is None or claim.index < 0:
        return bool(fields)
    return any(not _differ(sample, claim.index, one.index) for one in fields)


def _differ(sample: Sequence[Sequence[str]], claim: int, amount: int) -> bool:
    """Whether some claim of the first rows has several amounts."""
    amounts: dict[str, set[Decimal]] = defaultdict(set)
    for row in sample:
        if max(claim, amount) < len(row):
            amounts[row[claim].strip()].add(abs(amount_of(row[amount]) or Decimal(0)))
    return any(len(different) > 1 for different in amounts.values())


def _says_total(one: Assignment | None) -> bool:
    words = set(words_of(one.header)) if one is not None and one.index >= 0 else set()
    return bool(words & _OF_CLAIM) and not words & _OF_LINE


def _mark_named(
    con: duckdb.DuckDBPyConnection, file_no: int, name: str, column: str, mapping: FileMapping, named_so: Sequence[str]
) -> str:
    """The same of a column that its header calls a total: all of its claims repeat it, though some of their lines differ."""
    own = [one for one in MONEY_COLUMNS if one not in named_so and mapping.named(one) is not None]
    differ = " OR ".join(f"count(DISTINCT {one}) > 1" for one in [*own, "units"])
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE several_lines AS
        SELECT claim_id, count(*) AS lines, max(abs({column})) AS amount, ({differ}) AS differs,
            count({column}) IN (0, count(*)) AND coalesce(max(abs({column})) = min(abs({column})), TRUE) AS repeats
        FROM {table_of(file_no)}
        WHERE left_out IS NULL AND claim_id IS NOT NULL AND len(faults) IS DISTINCT FROM 0
        GROUP BY claim_id
        HAVING count(*) > 1
        """
    )
    found = con.execute(
        "SELECT count(*) FILTER (amount <> 0), sum(lines) FILTER (amount <> 0), bool_and(repeats), "
        "bool_or(differs AND amount <> 0) "
        "FROM several_lines"
    ).fetchone()
    claims, lines, repeat, differs = found or (0, 0, False, False)
    if not (claims and repeat and differs):
        return ""
    con.execute("INSERT INTO claim_total SELECT ?, claim_id, ?, FALSE FROM several_lines WHERE amount <> 0", [name, column])
    one = mapping.named(column)
    return (
        f"{name}: {claims:,} {'claim shows' if claims == 1 else 'claims show'} one and the same {column} "
        f"({one.header.strip() if one else column!r}) on each of {'its' if claims == 1 else 'their'} {lines:,} lines. "
        "It is the claim's total: the lines' own amounts are not known, and no finding counts dollars on them."
    )


def _mark(con: duckdb.DuckDBPyConnection, file_no: int, name: str, column: str) -> str:
    # Rejected lines count too: a claim's other lines may have no procedure code, and its total stands on them as well.
    # A total that was taken back stands on as many lines again, with its sign turned.
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE several_lines AS
        WITH amount_of_claim AS (
            SELECT claim_id, abs({column}) AS amount, count(*) AS lines
            FROM {table_of(file_no)}
            WHERE bill_type IS NOT NULL AND {column} <> 0
            GROUP BY claim_id, amount
        )
        SELECT claim_id, CAST(sum(lines) AS BIGINT) AS lines, min(lines) > 1 AS repeats
        FROM amount_of_claim
        GROUP BY claim_id
        HAVING sum(lines) > 1
        """
    )
    found = con.execute("SELECT count(*) FILTER (repeats), count(*), sum(lines) FILTER (repeats) FROM several_lines").fetchone()
    repeating, claims, lines = found or (0, 0, 0)
    if not claims or repeating < _SHARE * claims:
        return ""
    con.execute("INSERT INTO claim_total SELECT ?, claim_id, ?, TRUE FROM several_lines WHERE repeats", [name, column])
    return (
        f"{name}: {plural(repeating, 'institutional claim')} {'shows' if repeating == 1 else 'show'} one and the same {column} "
        f"on each of {'its' if repeating == 1 else 'their'} {lines:,} lines. It is the "
        "claim's total: the lines' own amounts are not known, and no finding counts dollars on them."
    )
