"""How a frame is cut into strata before anything is drawn: by payer, by rule, by provider, or by dollars.

Groups of fewer than 30 units are joined to one, so that a stratum can be judged. By dollars there are three, each with a like
share of the frame's dollars: the few large units are then reviewed more closely than the many small ones.
"""

from typing import Literal

import duckdb

By = Literal["payer", "rule", "dollars", "provider"]
LEAST = 30
WHOLE = "the whole frame"
OTHERS = "all others"
# What a unit is labelled by, as an expression over its lines. Where they differ the unit is one of several.
_LABELS: dict[By, str] = {
    "payer": "CASE WHEN count(DISTINCT coalesce(payer_name, '')) > 1 THEN 'several payers' "
    "ELSE coalesce(any_value(payer_name), 'no payer named') END",
    "provider": "CASE WHEN count(DISTINCT coalesce(rendering_npi, '')) > 1 THEN 'several providers' "
    "ELSE coalesce(any_value(rendering_npi), 'no provider named') END",
    "rule": "coalesce(min(bearing_rule ORDER BY counted_once DESC, bearing_rule), min(nullif(split_part(rules, ' ', 1), '')), "
    "'no finding')",
    "dollars": "CAST(sum(line_amount) AS VARCHAR)",
}
_PARTS = 3


def label(by: By | None) -> str:
    """The SQL of what a unit's stratum is told by, for a query over its lines."""
    return "''" if by is None else _LABELS[by]


def make(con: duckdb.DuckDBPyConnection, by: By | None) -> None:
    """Make the table `stratum_of`, label to stratum (from 1) and its name, out of the table `unit`."""
    if by is None:
        con.execute(f"CREATE TABLE stratum_of AS SELECT '' AS label, 1 AS stratum, '{WHOLE}' AS name")
    elif by == "dollars":
        con.execute(_BY_DOLLARS)
    else:
        con.execute(_BY_NAME)


_BY_NAME = f"""
CREATE TABLE stratum_of AS
WITH labelled AS (
    SELECT label, CASE WHEN count(*) < {LEAST} THEN '{OTHERS}' ELSE label END AS name
    FROM unit
    WHERE amount > 0
    GROUP BY label
)
SELECT label, CAST(dense_rank() OVER (ORDER BY name = '{OTHERS}', name) AS INTEGER) AS stratum, name
FROM labelled
"""
# An amount lies in the third into which the middle of its dollars falls, all dollars up to it being counted.
_BY_DOLLARS = f"""
CREATE TABLE stratum_of AS
WITH priced AS (
    SELECT label, any_value(amount) AS amount, sum(amount) AS dollars FROM unit WHERE amount > 0 GROUP BY label
),
reached AS (
    SELECT
        label, amount,
        (sum(dollars) OVER (ORDER BY amount) - dollars / 2) / sum(dollars) OVER () AS share
    FROM priced
),
placed AS (
    SELECT label, amount, dense_rank() OVER (ORDER BY least(floor(share * {_PARTS}), {_PARTS - 1})) AS stratum FROM reached
)
SELECT
    label, CAST(stratum AS INTEGER) AS stratum,
    printf('$%.2f to $%.2f', CAST(min(amount) OVER part AS DOUBLE), CAST(max(amount) OVER part AS DOUBLE)) AS name
FROM placed
WINDOW part AS (PARTITION BY stratum)
"""
