"""The core rules in Polars: only the columns that they need, a lazy plan for the lines, expressions throughout.

python -m benchmarks.rivals.in_polars export.parquet found.parquet
"""

import sys

import polars as pl
from polars import col, lit

from benchmarks.rivals import tables

_DAY = ["patient_id", "service_date", "rendering_npi"]
_VISIT = ["patient_id", "service_date", "billing_npi", "discipline", "payer_name"]
_COLUMNS = [
    "claim_id", "claim_line_number", "claim_frequency_code", "original_claim_id", "claim_status", "patient_id", "service_date",
    "submitted_date", "procedure_code", *tables.MODIFIERS, "units", "minutes", "visit_timed_minutes", "rendering_npi",
    "rendering_taxonomy", "billing_npi", "payer_name", "paid_amount",
]  # fmt: skip
_TEXTS = ("claim_frequency_code", "procedure_code", "rendering_npi", "billing_npi", *tables.MODIFIERS)


def supported(minutes: pl.Expr) -> pl.Expr:
    """Units that so many minutes earn."""
    return pl.when(minutes < 8).then(0).otherwise((minutes + 7) // 15)


def lines_of(path: str) -> pl.DataFrame:
    """The lines that stand, with what their modifiers say and the visit that they are of."""
    if path.endswith(".csv"):
        types = dict.fromkeys(_TEXTS, pl.String)
        export = pl.scan_csv(path, schema_overrides=types, try_parse_dates=True, infer_schema_length=20_000)
    else:
        export = pl.scan_parquet(path)
    export = export.select(_COLUMNS).with_row_index("line")
    acting = export.filter(col("claim_frequency_code").is_in(["7", "8"]))
    replaced = acting.select(pl.coalesce("original_claim_id", "claim_id").alias("claim_id"), lit(True).alias("gone")).unique()
    carries = lambda modifiers: pl.any_horizontal(col(m).is_in(modifiers).fill_null(False) for m in tables.MODIFIERS)  # noqa: E731
    lines = (
        export.join(replaced, on="claim_id", how="left")
        .filter(col("gone").is_null() | (col("claim_frequency_code") == "7"))
        .with_columns(
            units=col("units").cast(pl.Float64),
            paid=pl.when(col("claim_status") == "denied").then(0.0).otherwise(col("paid_amount").cast(pl.Float64)),
            is_denied=col("claim_status") == "denied",
            is_distinct=carries(tables.DISTINCT),
            has_notice=carries(tables.LIABILITY),
            is_timed=col("procedure_code").is_in(tables.TIMED),
            discipline=pl.when(carries(["GP"])).then(lit("GP")).when(carries(["GO"])).then(lit("GO")),
            modifiers=pl.concat_list(tables.MODIFIERS).list.drop_nulls().list.unique().list.sort().list.join(" "),
        )
        .drop("gone", "original_claim_id", "claim_frequency_code", "claim_status", "paid_amount")
        .collect(engine="streaming")
    )
    day = ["patient_id", "service_date", "billing_npi"]
    lines = lines.with_columns(
        discipline=pl.coalesce(
            "discipline",
            pl.when(col("discipline").n_unique().over(day) <= 2).then(col("discipline").max().over(day)),
            lit("unstated"),
        )
    )
    return lines.with_columns(visit=col("line").min().over(_VISIT))


def of_time(lines: pl.DataFrame) -> list[pl.DataFrame]:
    """TIM001, TIM003 and TIM004, visit by visit; no payer of the export wants TIM002's method."""
    counted = lines.lazy().filter(~col("is_denied") & col("is_timed"))
    code = counted.group_by("visit", "procedure_code").agg(
        units=col("units").sum(), minutes=col("minutes").sum(), is_measured=col("minutes").is_not_null().all()
    )
    recorded = lines.lazy().filter(~col("is_denied")).group_by("visit").agg(
        most_recorded=col("visit_timed_minutes").max(), least_recorded=col("visit_timed_minutes").min()
    )  # fmt: skip
    whole = lines.lazy().group_by("visit").agg(
        payer_name=col("payer_name").first(), has_denied=(col("is_denied") & col("is_timed")).any()
    )  # fmt: skip
    visit = (
        code.group_by("visit").agg(
            billed=col("units").sum(), codes=pl.len(), minutes=col("minutes").sum(), is_measured=col("is_measured").all(),
            by_code=supported(col("minutes")).sum(), quarters=(col("minutes") // 15).sum(),
            rests=(col("minutes") % 15).sort(descending=True),
        )
        .join(recorded, on="visit").join(whole, on="visit")
        .filter(col("is_measured") & (col("payer_name") != tables.SELF_PAY))
        .with_columns(most=pl.max_horizontal("minutes", "most_recorded"), fewest=pl.min_horizontal("minutes", "least_recorded"))
        .with_columns(
            is_cms=col("payer_name").is_in(tables.CMS_UNITS),
            most_cms=supported(col("most")), fewest_cms=supported(col("fewest")),
            most_ama=pl.when(col("minutes") == col("most")).then("by_code")
            .otherwise(pl.min_horizontal(col("most") // 8, (col("most") + 7 * col("codes")) // 15)),
            fewest_ama=pl.when(col("minutes") == col("fewest")).then("by_code")
            .otherwise(pl.max_horizontal(0, (col("fewest") - 7 * col("codes") + 14) // 15)),
            spare=supported(col("minutes")) - col("quarters"),
        )
        .with_columns(last_rest=pl.when(col("spare") > 0).then(col("rests").list.get(col("spare") - 1, null_on_oob=True)))
        .drop("rests")
        .collect(engine="streaming")
    )  # fmt: skip
    most = pl.when("is_cms").then("most_cms").otherwise(pl.max_horizontal("most_cms", "most_ama"))
    least = pl.when("is_cms").then("fewest_cms").otherwise(pl.min_horizontal("fewest_cms", "fewest_ama"))
    codes = (
        code.collect()
        .join(visit.select("visit", "is_cms", "billed", "most_cms", "last_rest", "payer_name"), on="visit")
        .with_columns(earned=col("minutes") // 15 + (col("minutes") % 15 >= col("last_rest")).fill_null(False).cast(pl.Int64))
    )
    mue = pl.DataFrame({"procedure_code": list(tables.MUE), "mue": list(tables.MUE.values())})
    best = pl.when("is_cms").then("earned").otherwise(pl.max_horizontal("earned", supported(col("minutes"))))
    short = (
        codes.join(mue, on="procedure_code", how="left")
        .with_columns(
            room=pl.when(col("payer_name").is_in(tables.FOLLOWS_NCCI)).then((col("mue") - col("units")).clip(lower_bound=0))
        )
        .group_by("visit").agg(most_missing=pl.min_horizontal((best - col("units")).clip(lower_bound=0), "room").sum())
    )  # fmt: skip
    under = (
        visit.filter(~col("has_denied"))
        .join(short, on="visit")
        .with_columns(missing=pl.min_horizontal(least - col("billed"), "most_missing"))
    )
    return [
        _found("TIM001", visit.filter(col("billed") >= most + 1), "visit"),
        _found(
            "TIM003",
            codes.filter(col("is_cms") & (col("billed") <= col("most_cms")) & (col("units") > col("earned"))).unique("visit"),
            "visit",
        ),
        _found("TIM004", under.filter(col("missing") >= 1), "visit"),
    ]


def of_modifiers(lines: pl.DataFrame) -> list[pl.DataFrame]:
    """MOD001, MOD002, MOD003, MOD008: modifier 59 and the NCCI edits."""
    of_day = lines.with_columns(lines_of_day=pl.len().over(_DAY), codes_of_day=col("procedure_code").n_unique().over(_DAY))
    several = of_day.filter(col("codes_of_day") > 1)
    edit = pl.DataFrame(tables.EDITS, schema=["column_1", "column_2", "indicator"], orient="row")
    second = [*_DAY, "payer_name", "procedure_code", "line", "is_distinct", "is_denied", "paid"]
    pair = (
        several.select(*_DAY, "payer_name", "procedure_code", "line", "is_distinct", "is_denied")
        .join(edit, left_on="procedure_code", right_on="column_1")
        .join(
            several.select(second),
            left_on=[*_DAY, "payer_name", "column_2"],
            right_on=[*_DAY, "payer_name", "procedure_code"],
            suffix="_2",
        )
    )
    edited = pl.concat([pair["line"], pair["line_2"].alias("line")]).unique()
    bare = several.filter(col("is_distinct") & col("payer_name").is_in(tables.FOLLOWS_NCCI)).join(
        edited.to_frame(), on="line", how="anti"
    )
    beside = bare.select(*_DAY, "payer_name", "line", code="procedure_code").join(
        several.select(*_DAY, "payer_name", "procedure_code"), on=[*_DAY, "payer_name"]
    )
    covered = beside.filter(col("code") != col("procedure_code")).group_by("line").agg(
        is_covered=(col("code").is_in(tables.COVERED) & col("procedure_code").is_in(tables.COVERED)).all()
    )  # fmt: skip
    judged = pair.filter(col("payer_name").is_in(tables.FOLLOWS_NCCI) & ~col("is_denied_2")).with_columns(
        is_separated=col("is_distinct") | col("is_distinct_2")
    )
    massage_beside_manual = (col("procedure_code") == tables.MANUAL) & (col("column_2") == tables.MASSAGE)
    return [
        _found("MOD001", of_day.filter(col("is_distinct") & (col("lines_of_day") == 1)), "line", lit(0.0)),
        _found("MOD002", covered.filter("is_covered"), "line", lit(0.0)),
        _of_pairs("MOD003", judged.filter((col("indicator") == 0) & col("is_separated"))),
        _of_pairs("MOD008", judged.filter(~col("is_separated") & ~massage_beside_manual)),
    ]


def _of_pairs(rule: str, pair: pl.DataFrame) -> pl.DataFrame:
    """The column 2 line of pairs; where the other line was denied in all of them it owes nothing."""
    line = pair.group_by("line_2").agg(amount=pl.when(col("is_denied").all()).then(0.0).otherwise(col("paid").first()))
    return _found(rule, line, "line_2", col("amount"))


def of_massage(lines: pl.DataFrame) -> list[pl.DataFrame]:
    """MAN003 and MED001."""
    massage = lines.filter(col("procedure_code") == tables.MASSAGE)
    manual = lines.filter(col("procedure_code") == tables.MANUAL).select(*_DAY, "payer_name", "is_distinct", "is_denied")
    beside = (
        massage.filter(~col("is_denied") & (col("payer_name") != tables.SELF_PAY))
        .join(manual, on=[*_DAY, "payer_name"], suffix="_manual")
        .with_columns(follows=col("payer_name").is_in(tables.FOLLOWS_NCCI))
        .filter(~(col("follows") & (col("is_distinct") | col("is_distinct_manual"))))
        .group_by("line").agg(
            amount=pl.when(col("follows").first() & ~col("is_denied_manual").all()).then(col("paid").first()).otherwise(0.0)
        )
    )  # fmt: skip
    practice = ["patient_id", "service_date", "billing_npi"]
    other = (
        lines.filter(col("procedure_code").is_in(tables.OTHER_THERAPY)).select(*practice, lit(True).alias("has_other")).unique()
    )
    bare = ~(col("rendering_taxonomy").str.starts_with("2251") | col("rendering_taxonomy").str.starts_with("225X"))
    bare &= ~col("discipline").is_in(["GP", "GO"]) & col("has_other").is_null()
    sent = massage.filter((col("payer_name") == tables.MEDICARE) & ~col("has_notice")).join(other, on=practice, how="left")
    return [
        _found("MAN003", beside, "line", col("amount")),
        _found("MED001", sent, "line", pl.when(bare | (col("rendering_taxonomy") == "225700000X")).then("paid").otherwise(0.0)),
    ]


def of_duplicates(lines: pl.DataFrame) -> list[pl.DataFrame]:
    """CLM001: the second and later of equal lines."""
    key = ["patient_id", "service_date", "payer_name", "discipline", "procedure_code", "modifiers", "units", "rendering_npi"]
    alike = (
        lines.filter(~col("is_denied"))
        .filter(pl.len().over(key) > 1)
        .sort("submitted_date", "claim_id", "claim_line_number", "line")
    )
    return [_found("CLM001", alike.filter(col("line").cum_count().over(key) > 1), "line", col("paid"))]


def _found(rule: str, rows: pl.DataFrame, subject: str, amount: pl.Expr | None = None) -> pl.DataFrame:
    at_risk = lit(None, dtype=pl.Float64) if amount is None else amount.cast(pl.Float64)
    return rows.select(rule_id=lit(rule), line=col(subject).cast(pl.Int64), amount=at_risk)


def main(path: str, out: str) -> None:
    """Find, and write what was found."""
    lines = lines_of(path)
    found = [*of_time(lines), *of_modifiers(lines), *of_massage(lines), *of_duplicates(lines)]
    pl.concat(found).sort("rule_id", "line").write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
