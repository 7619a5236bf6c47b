"""The sample's figures worked out anew from its export with plain pandas: no word of the program is asked."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path

import pandas as pd

KEYS = {
    "providers": "Rendering NPI",
    "table-payer-name": "Payer",
    "table-procedure-code": "CPT",
    "table-location": "Clinic",
    "table-month": "month",
}
_MONEY = {"Charged": "Billed", "Allowed": "Allowed", "Paid": "Paid"}
_PART = re.compile(r"\$(?P<basis>[\d,.]+) paid(?:, the whole line| x (?P<part>[\d.]+) of (?P<whole>[\d.]+) units)")
_SHARE = re.compile(r"\$([\d,.]+) paid x ([\d.]+) %")
_DISCIPLINES = ("GP", "GO", "GN")
_THERAPISTS = {
    "225100000X": "GP",
    "2251X0800X": "GP",
    "225200000X": "GP",
    "225X00000X": "GO",
    "224Z00000X": "GO",
    "235Z00000X": "GN",
}
_DAY = ["Acct #", "day", "Billing NPI"]
_PER_UNIT = re.compile(r"\$([\d,.]+) paid for ([\d.]+) units? x ([\d.]+) missing")


def amount(text: str) -> Decimal:
    """Dollars or a count out of a cell: "$1,319.60" -> 1319.60."""
    return Decimal(re.sub(r"[$,\s]", "", text).replace("\u2212", "-") or "0")


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _discipline(modifiers: "pd.Series[str]") -> str:
    return next((name for name in modifiers if name in _DISCIPLINES), "")


@dataclass(frozen=True)
class Export:
    """The files that were read, and the rows that were left out of the audit as excluded_rows.csv beside the page names them."""

    folder: Path
    run: Path

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every row with its file, its line in the file, its month, and whether it was left out and why."""
        parts = []
        for path in sorted(self.folder.glob("claims_*.csv")):
            part = pd.read_csv(path, dtype=str, keep_default_na=False)
            parts.append(part.assign(file=path.name, row=range(2, len(part) + 2)))
        rows = pd.concat(parts, ignore_index=True)
        left = pd.read_csv(self.run / "excluded_rows.csv", dtype={"file": str})[["file", "row", "reason"]]
        rows = rows.merge(left, how="left", on=["file", "row"])
        date = pd.to_datetime(rows["DOS"], format="mixed")
        return rows.assign(month=date.dt.strftime("%Y-%m"), day=date.dt.strftime("%Y-%m-%d"))

    @cached_property
    def audited(self) -> pd.DataFrame:
        """The rows that were audited, with the number of their visit: patient, date, practice, discipline, payer, coverage.

        A line without GP, GO or GN joins the only discipline of that day, or its own therapist's where several worked.
        """
        rows = self.rows[self.rows["reason"].isna()]
        stated = rows[["Mod 1", "Mod 2", "Mod 3", "Mod 4"]].apply(_discipline, axis=1)
        rows = rows.assign(stated=stated, known=stated.where(stated != "", rows["Taxonomy"].map(_THERAPISTS).fillna("")))
        of_day = rows.groupby(_DAY)
        only = of_day["stated"].transform(lambda names: max(names) if len({*names} - {""}) == 1 else "")
        several = of_day["known"].transform(lambda names: len({*names} - {""}) > 1)
        rows = rows.assign(discipline=rows["known"].where((rows["stated"] != "") | several | (only == ""), only))
        return rows.assign(visit=rows.groupby([*_DAY, "discipline", "Payer", "Ins Sequence"]).ngroup())

    def dollars(self, rows: pd.DataFrame, label: str) -> Decimal:
        """The sum of a column of dollars: Charged, Allowed or Paid."""
        return sum(map(amount, rows[_MONEY[label]]), Decimal(0))

    def at(self, file: str, row: int) -> pd.Series:
        """The row of the export that stands at a place, as an editor numbers its lines."""
        found = self.rows[(self.rows["file"] == file) & (self.rows["row"] == row)]
        assert len(found) == 1, (file, row)
        return found.iloc[0]

    def made(self, how: str, place: pd.Series) -> Decimal | None:
        """A line's dollars, as the page says that they were made, out of what its row says was paid; None: it says no more."""
        if part := _PART.fullmatch(how):
            assert amount(part["basis"]) == amount(place["Paid"]), (how, place["Paid"])
            share = Decimal(part["part"]) / Decimal(part["whole"]) if part["part"] else Decimal(1)
            assert not part["whole"] or Decimal(part["whole"]) == Decimal(place["Units"])
            return cents(amount(part["basis"]) * share)
        if cut := _SHARE.fullmatch(how):
            assert amount(cut[1]) == amount(place["Paid"])
            return cents(amount(cut[1]) * Decimal(cut[2]) / 100)
        if missing := _PER_UNIT.fullmatch(how):
            assert amount(missing[1]) == amount(place["Paid"])
            return cents(amount(missing[1]) / Decimal(missing[2]) * Decimal(missing[3]))
        return None
