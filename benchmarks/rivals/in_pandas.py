"""The core rules in pandas: only the columns that they need, Arrow-backed text turned into categories, merges and group-bys.

python -m benchmarks.rivals.in_pandas export.parquet found.parquet
"""

import sys
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.rivals import tables

_DAY = ["patient_id", "service_date", "rendering_npi"]
_PRACTICE_DAY = ["patient_id", "service_date", "billing_npi"]
_COLUMNS = [
    "claim_id", "claim_line_number", "claim_frequency_code", "original_claim_id", "claim_status", "patient_id", "service_date",
    "submitted_date", "procedure_code", *tables.MODIFIERS, "units", "minutes", "visit_timed_minutes", "rendering_npi",
    "rendering_taxonomy", "billing_npi", "payer_name", "paid_amount",
]  # fmt: skip
_CODED = (
    "claim_frequency_code", "claim_status", "patient_id", "service_date", "procedure_code", *tables.MODIFIERS, "rendering_npi",
    "rendering_taxonomy", "billing_npi", "payer_name",
)  # fmt: skip


def supported(minutes: "pd.Series[float]") -> "pd.Series[float]":
    """Units that so many minutes earn."""
    return ((minutes + 7) // 15).where(minutes >= 8, 0)


def lines_of(path: str) -> pd.DataFrame:
    """The lines that stand, with what their modifiers say and the visit that they are of."""
    if path.endswith(".csv"):
        text = dict.fromkeys(set(_CODED) | {"claim_id", "original_claim_id", "submitted_date"}, "str")
        lines = pd.read_csv(path, usecols=_COLUMNS, dtype=text, engine="c")
    else:
        lines = pd.read_parquet(path, columns=_COLUMNS)
    lines = lines.reset_index(names="line")
    lines[list(_CODED)] = lines[list(_CODED)].astype("category")
    acting = lines[lines["claim_frequency_code"].isin(["7", "8"])]
    replaced = acting["original_claim_id"].fillna(acting["claim_id"])
    lines = lines[~lines["claim_id"].isin(replaced) | (lines["claim_frequency_code"] == "7")]
    lines = lines.drop(columns=["original_claim_id", "claim_frequency_code"]).copy()
    carries = lambda modifiers: np.logical_or.reduce([lines[m].isin(modifiers) for m in tables.MODIFIERS])  # noqa: E731
    lines["units"] = lines["units"].astype(float)
    lines["is_denied"] = lines["claim_status"] == "denied"
    lines["paid"] = lines["paid_amount"].astype(float).where(~lines["is_denied"], 0.0)
    lines["is_distinct"], lines["has_notice"] = carries(tables.DISTINCT), carries(tables.LIABILITY)
    lines["is_timed"] = lines["procedure_code"].isin(tables.TIMED)
    lines["discipline"] = np.select([carries(["GP"]), carries(["GO"])], [2, 1], 0)
    of_day = lines.groupby(_PRACTICE_DAY, observed=True, sort=False)["discipline"]
    most = of_day.transform("max")
    least = (
        lines["discipline"]
        .where(lines["discipline"] > 0, most)
        .groupby([lines[c] for c in _PRACTICE_DAY], observed=True, sort=False)
    )
    lines["discipline"] = lines["discipline"].where((lines["discipline"] > 0) | (least.transform("min") != most), most)
    visit = [*_PRACTICE_DAY, "discipline", "payer_name"]
    lines["visit"] = lines.groupby(visit, observed=True, sort=False)["line"].transform("min")
    return lines


def of_time(lines: pd.DataFrame) -> list[pd.DataFrame]:
    """TIM001, TIM003 and TIM004, visit by visit; no payer of the export wants TIM002's method."""
    live = lines[~lines["is_denied"]]
    timed = live[live["is_timed"]]
    code = timed.groupby(["visit", "procedure_code"], observed=True, sort=False)[["units", "minutes"]].sum().reset_index()
    unmeasured = timed.loc[timed["minutes"].isna(), "visit"].unique()
    code["ama"], code["quarters"], code["rest"] = supported(code["minutes"]), code["minutes"] // 15, code["minutes"] % 15
    of_visit = code.groupby("visit", sort=False)
    visit = of_visit.agg(
        billed=("units", "sum"), codes=("units", "size"), minutes=("minutes", "sum"), by_code=("ama", "sum"),
        quarters=("quarters", "sum"),
    )  # fmt: skip
    recorded = live.groupby("visit", sort=False)["visit_timed_minutes"].agg(["max", "min"])
    visit = visit.join(recorded).join(lines.set_index("line")[["payer_name"]])
    visit = visit[~visit.index.isin(unmeasured) & (visit["payer_name"] != tables.SELF_PAY)]
    most, fewest = visit[["minutes", "max"]].max(axis=1), visit[["minutes", "min"]].min(axis=1)
    is_cms = visit["payer_name"].isin(tables.CMS_UNITS)
    most_ama = visit["by_code"].where(visit["minutes"] == most, np.minimum(most // 8, (most + 7 * visit["codes"]) // 15))
    least_ama = visit["by_code"].where(visit["minutes"] == fewest, np.maximum(0, (fewest - 7 * visit["codes"] + 14) // 15))
    visit["most_cms"] = supported(most)
    over = visit["billed"] >= visit["most_cms"].where(is_cms, np.maximum(visit["most_cms"], most_ama)) + 1
    visit["least"] = supported(fewest).where(is_cms, np.minimum(supported(fewest), least_ama))
    visit["spare"], visit["is_cms"] = supported(visit["minutes"]) - visit["quarters"], is_cms
    codes = code.merge(visit[["is_cms", "billed", "most_cms", "spare", "payer_name"]], left_on="visit", right_index=True)
    larger = codes.groupby("visit", sort=False)["rest"].rank(method="min", ascending=False) - 1
    codes["earned"] = codes["quarters"] + (larger < codes["spare"])
    shifted = codes[codes["is_cms"] & (codes["billed"] <= codes["most_cms"]) & (codes["units"] > codes["earned"])]
    best = codes["earned"].where(codes["is_cms"], np.maximum(codes["earned"], codes["ama"]))
    room = (codes["procedure_code"].astype("str").map(tables.MUE) - codes["units"]).clip(lower=0)
    room = room.where(codes["payer_name"].isin(tables.FOLLOWS_NCCI))
    codes["short"] = np.fmin((best - codes["units"]).clip(lower=0), room)
    missing = np.minimum(visit["least"] - visit["billed"], codes.groupby("visit", sort=False)["short"].sum().reindex(visit.index))
    denied = lines.loc[lines["is_denied"] & lines["is_timed"], "visit"].unique()
    return [
        _found("TIM001", visit.index[over]),
        _found("TIM003", shifted["visit"].unique()),
        _found("TIM004", visit.index[(missing >= 1) & ~visit.index.isin(denied)]),
    ]


def of_modifiers(lines: pd.DataFrame) -> list[pd.DataFrame]:
    """MOD001, MOD002, MOD003, MOD008: modifier 59 and the NCCI edits."""
    by_day = lines.groupby(_DAY, observed=True, sort=False)["procedure_code"]
    lines_of_day = by_day.transform("size")
    one = lines[["line", "is_distinct"]][lines_of_day == 1]
    several = lines[lines_of_day > 1].astype({"procedure_code": "str"})
    edit = pd.DataFrame(tables.EDITS, columns=["procedure_code", "column_2", "indicator"])
    first = several.merge(edit, on="procedure_code")[
        [*_DAY, "payer_name", "procedure_code", "column_2", "indicator", "line", "is_distinct", "is_denied"]
    ]
    second = several[[*_DAY, "payer_name", "procedure_code", "line", "is_distinct", "is_denied", "paid"]]
    pair = first.merge(
        second.rename(columns={"procedure_code": "column_2"}), on=[*_DAY, "payer_name", "column_2"], suffixes=("", "_2")
    )
    edited = np.union1d(pair["line"], pair["line_2"])
    bare = several[several["is_distinct"] & several["payer_name"].isin(tables.FOLLOWS_NCCI) & ~several["line"].isin(edited)]
    beside = bare[[*_DAY, "payer_name", "line", "procedure_code"]].merge(
        several[[*_DAY, "payer_name", "procedure_code"]], on=[*_DAY, "payer_name"], suffixes=("", "_other")
    )
    beside = beside[beside["procedure_code"] != beside["procedure_code_other"]]
    is_covered = beside["procedure_code"].isin(tables.COVERED) & beside["procedure_code_other"].isin(tables.COVERED)
    covered = is_covered.groupby(beside["line"]).all()
    judged = pair[pair["payer_name"].isin(tables.FOLLOWS_NCCI) & ~pair["is_denied_2"]]
    is_separated = judged["is_distinct"] | judged["is_distinct_2"]
    massage = (judged["procedure_code"] == tables.MANUAL) & (judged["column_2"] == tables.MASSAGE)
    return [
        _found("MOD001", one["line"][one["is_distinct"]], 0.0),
        _found("MOD002", covered.index[covered], 0.0),
        _of_pairs("MOD003", judged[(judged["indicator"] == 0) & is_separated]),
        _of_pairs("MOD008", judged[~is_separated & ~massage]),
    ]


def _of_pairs(rule: str, pair: pd.DataFrame) -> pd.DataFrame:
    """The column 2 line of pairs; where the other line was denied in all of them it owes nothing."""
    line = pair.groupby("line_2").agg(denied=("is_denied", "all"), paid=("paid", "first"))
    return _found(rule, line.index, line["paid"].where(~line["denied"].astype(bool), 0.0).to_numpy())


def of_massage(lines: pd.DataFrame) -> list[pd.DataFrame]:
    """MAN003 and MED001."""
    massage = lines[lines["procedure_code"] == tables.MASSAGE]
    manual = lines.loc[lines["procedure_code"] == tables.MANUAL, [*_DAY, "payer_name", "is_distinct", "is_denied"]]
    asked = massage[~massage["is_denied"] & (massage["payer_name"] != tables.SELF_PAY)]
    beside = asked.merge(manual, on=[*_DAY, "payer_name"], suffixes=("", "_manual"))
    beside["follows"] = beside["payer_name"].isin(tables.FOLLOWS_NCCI)
    beside = beside[~(beside["follows"] & (beside["is_distinct"] | beside["is_distinct_manual"]))]
    line = beside.groupby("line").agg(follows=("follows", "first"), denied=("is_denied_manual", "all"), paid=("paid", "first"))
    practice = ["patient_id", "service_date", "billing_npi"]
    sent = massage[(massage["payer_name"] == tables.MEDICARE) & ~massage["has_notice"]]
    therapy = lines.loc[
        lines["procedure_code"].isin(tables.OTHER_THERAPY) & lines["patient_id"].isin(sent["patient_id"].unique()), practice
    ]
    sent = sent.merge(therapy.drop_duplicates(), on=practice, how="left", indicator="beside")
    role = sent["rendering_taxonomy"].astype("str")
    bare = ~role.str.startswith(("2251", "225X")) & (sent["discipline"] == 0) & (sent["beside"] == "left_only")
    return [
        _found("MAN003", line.index, line["paid"].where(line["follows"] & ~line["denied"], 0.0).to_numpy()),
        _found("MED001", sent["line"], sent["paid"].where(bare | (role == "225700000X"), 0.0).to_numpy()),
    ]


def of_duplicates(lines: pd.DataFrame) -> list[pd.DataFrame]:
    """CLM001: the second and later of equal lines."""
    key = ["patient_id", "service_date", "payer_name", "discipline", "procedure_code", "units", "rendering_npi"]
    live = lines[~lines["is_denied"]]
    alike = live[live.duplicated(key, keep=False)].sort_values(["submitted_date", "claim_id", "claim_line_number", "line"])
    alike = alike.assign(
        modifiers=[
            " ".join(sorted({m for m in row if isinstance(m, str)}))
            for row in alike[list(tables.MODIFIERS)].itertuples(index=False)
        ]
    )
    again = alike[alike.duplicated([*key, "modifiers"])]
    return [_found("CLM001", again["line"], again["paid"].to_numpy())]


def _found(rule: str, subjects: Any, amount: Any = np.nan) -> pd.DataFrame:
    found = pd.DataFrame({"line": np.asarray(subjects, dtype="int64")})
    return found.assign(rule_id=rule, amount=amount).astype({"amount": float})


def main(path: str, out: str) -> None:
    """Find, and write what was found."""
    lines = lines_of(path)
    found = [*of_time(lines), *of_modifiers(lines), *of_massage(lines), *of_duplicates(lines)]
    pd.concat(found).sort_values(["rule_id", "line"]).to_parquet(out, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
