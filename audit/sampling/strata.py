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
# What a line is labelled by.
_OF_LINE: dict[By, str] = {
    "payer": "coalesce(payer_name, 'no payer named')",
    "provider": "coalesce(rendering_npi, 'no provider named')",
    "rule": "coalesce(bearing_rule, nullif(split_part(rules, ' ', 1), ''), 'no finding')",
    "dollars": "CAST(line_amount AS VARCHAR)",
}
# A unit of several lines that differ is one of several; its rule is the one that bears most of its dollars.
_SEVERAL = "CASE WHEN count(DISTINCT {label}) > 1 THEN 'several {by}s' ELSE any_value({label}) END"
_OF_UNIT: dict[By, str] = {
    "payer": _SEVERAL.format(label=_OF_LINE["payer"], by="payer"),
    "provider": _SEVERAL.format(label=_OF_LINE["provider"], by="provider"),
    "rule": "first({label} ORDER BY counted_once DESC, {label} = 'no finding', {label})".format(label=_OF_LINE["rule"]),
    "dollars": "CAST(sum(line_amount) AS VARCHAR)",
}
_PARTS = 3


def label(by: By | None, of_lines: bool) -> str:
    """The SQL of what a unit's stratum is told by: for a line, or `of_lines` for a query that groups them."""
    return "''" if by is None else (_OF_UNIT if of_lines else _OF_LINE)[by]


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
