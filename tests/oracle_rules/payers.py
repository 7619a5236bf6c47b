"""Payers: class by the few plain names that the random exports use, and what class and audit.toml say of each.

How real names are told apart is tested elsewhere; here a name in the table or the filing indicator decides.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

NAMES = {
    "medicare part b": "medicare_ffs",
    "medicare part a": "medicare_ffs",
    "novitas solutions": "medicare_ffs",
    "humana gold plus hmo": "medicare_advantage",
    "aetna medicare ppo": "medicare_advantage",
    "state medicaid": "medicaid",
    "tricare east": "tricare",
    "aetna ppo": "commercial",
    "cigna ppo": "commercial",
    "unitedhealthcare": "commercial",
    "bcbs of texas": "blues",
    "bcbs tx": "blues",
    "blue cross of ohio": "blues",
    "texas mutual workers comp": "workers_comp",
    "self pay": "self_pay",
}
INDICATORS = {
    "MB": "medicare_ffs",
    "MA": "medicare_ffs",
    "16": "medicare_advantage",
    "MC": "medicaid",
    "CH": "tricare",
    "VA": "va",
    "WC": "workers_comp",
    "AM": "auto",
    "BL": "blues",
    "CI": "commercial",
    "HM": "commercial",
    "12": "commercial",
    "09": "self_pay",
}
UNIT_RULES = {
    "medicare_ffs": "cms",
    "medicare_advantage": "cms",
    "medicaid": "cms",
    "tricare": "cms",
    "va": "cms",
    "self_pay": "none",
}


@dataclass(frozen=True)
class Payer:
    """One payer on one date of service."""

    key: str
    payer_class: str
    unit_rule: str
    follows_ncci: bool | None
    massage: str
    prefers_x: bool = False
    filing_days: int | None = None
    not_covered: frozenset[str] = frozenset()
    daily_units: dict[str, int] = field(default_factory=dict)
    daily_timed_units: int | None = None
    daily_therapy_units: int | None = None
    yearly_visits: int | None = None
    never_beside: dict[str, list[str]] = field(default_factory=dict)
    plan_modifiers: bool = False
    assistant_modifiers: bool = False

    @property
    def ffs(self) -> bool:
        """Fee-for-service Medicare."""
        return self.payer_class == "medicare_ffs"

    @property
    def applies_edits(self) -> bool:
        """Medicare's pairs and MUEs bind it: fee-for-service, Advantage by its own will, others where stated."""
        return bool(self.follows_ncci) and self.payer_class not in ("medicaid", "self_pay")

    @property
    def marks_assistants(self) -> bool:
        """Asks for CQ and CO (fee-for-service since 2020: see `assistants_marked`)."""
        return self.ffs or self.assistant_modifiers


class Settings:
    """The [[payer]] tables of an audit.toml; the first that fits name or id on the date decides."""

    def __init__(self, tables: list[dict[str, Any]]):
        self._tables = tables
        self._seen: dict[tuple[str, str, str, int | None], Payer] = {}

    @classmethod
    def of(cls, path: Path | None) -> "Settings":
        """Settings of a file; none where there is no file."""
        return cls(tomllib.loads(path.read_text(encoding="utf-8")).get("payer", []) if path and path.exists() else [])

    def payer(self, row: dict[str, str], day: date) -> Payer:
        """The payer of a row."""
        name, number = row.get("payer_name") or "", row.get("payer_id") or ""
        indicator = row.get("claim_filing_indicator") or ""
        at = next((n for n, table in enumerate(self._tables) if _fits(table, name, number, day)), None)
        known = (name, number, indicator, at)
        if known not in self._seen:
            self._seen[known] = _payer(name, number, indicator, {} if at is None else self._tables[at])
        return self._seen[known]


def _fits(table: dict[str, Any], name: str, number: str, day: date) -> bool:
    if not table.get("effective_from", date.min) <= day <= table.get("effective_to", date.max):
        return False
    return any(fnmatchcase(text.lower(), pattern.lower()) for pattern in table["match"] for text in (name, number) if text)


def _payer(name: str, number: str, indicator: str, table: dict[str, Any]) -> Payer:
    payer_class = table.get("class") or NAMES.get(name.lower()) or INDICATORS.get(indicator, "unknown")
    medicare = payer_class in ("medicare_ffs", "medicare_advantage")
    default = "plan_of_care" if payer_class == "medicare_ffs" else "unknown"
    return Payer(
        # All names of fee-for-service Medicare are one payer, and so are spellings of one payer id.
        key="medicare" if payer_class == "medicare_ffs" else f"{payer_class} {number or name.lower()}",
        payer_class=payer_class,
        unit_rule=table.get("unit_rule", UNIT_RULES.get(payer_class, "either")),
        follows_ncci=table.get("follows_ncci", True if medicare else None),
        massage=table.get("massage", default),
        prefers_x=table.get("x_modifiers") == "preferred",
        filing_days=table.get("filing_days"),
        not_covered=frozenset(table.get("not_covered", ())),
        daily_units=table.get("daily_units", {}),
        daily_timed_units=table.get("daily_timed_units"),
        daily_therapy_units=table.get("daily_therapy_units"),
        yearly_visits=table.get("yearly_visits"),
        never_beside=table.get("never_beside", {}),
        plan_modifiers=table.get("plan_modifiers") == "required",
        assistant_modifiers=table.get("assistant_modifiers") == "required",
    )
