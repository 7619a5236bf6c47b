"""This run and the runs before it: their figures as their manifests hold them, and in what each was judged otherwise.

The answer is kept in the manifest of the later run, so that its report can be rendered from that run alone. Figures of
two runs compare only where the same rules, reference tables and settings judged them; what differs is named.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

LIMIT = 36
_SETTINGS = ("payers", "lexicon", "constants")
Manifest = Mapping[str, Any]


def beside(earlier: Sequence[Path], now: Manifest) -> list[dict[str, Any]]:
    """One entry for each of the last 36 run folders of `earlier`, in that order, then one for this run, whose manifest is `now`.

    An entry holds label, run id, dates, counts, amounts as text, and `differs`: {"rules": ["TIM001"], ...}, empty where
    the run was judged as this one is. A figure that the run's manifest does not hold is None; of a manifest that is
    damaged or of another make there is the label alone.
    """
    this = {"label": now["run"]["label"], **_figures(now), "differs": {}}
    return [*(_entry(folder, now) for folder in earlier[-LIMIT:]), this]


def _entry(folder: Path, now: Manifest) -> dict[str, Any]:
    try:
        then = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return {"label": folder.name, **_figures(then), "differs": _differs(then, now)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"label": folder.name}


def _figures(manifest: Manifest) -> dict[str, Any]:
    run, totals, rules = manifest["run"], manifest["totals"], manifest["rules"]
    return {
        "run_id": run["id"],
        "first_service_date": run["first_service_date"],
        "last_service_date": run["last_service_date"],
        **{name: totals.get(name) for name in ("claims", "lines", "claims_with_error", "lines_with_error", "amount")},
        "findings": sum(totals[direction]["findings"] for direction in ("over", "under", "coding", "none")),
        "over_once": totals["over"]["counted_once"],
        "under_gross": totals["under"]["gross"],
        "judged": sum(rule["evaluated"] for rule in rules),
        "not_judged": sum(reason["count"] for rule in rules for reason in rule["not_evaluated"]),
        "failed_rules": sum(rule["status"] == "error" for rule in rules),
    }


def _differs(then: Manifest, now: Manifest) -> dict[str, list[str]]:
    """What judged the two runs otherwise: names of rules, tables and settings, and the earlier run's own words."""
    pairs = {"rules": (_rules(then), _rules(now)), "references": (_references(then), _references(now))}
    found = {part: _unlike(before, after) for part, (before, after) in pairs.items()}
    found["settings"] = _unlike(*({name: one.get("config", {}).get(name) for name in _SETTINGS} for one in (then, now)))
    for part, before, after in (
        ("program", then["software"]["claims-audit"], now["software"]["claims-audit"]),
        ("money_basis", then["money_basis"], now["money_basis"]),
        ("entity", then["run"]["entity"], now["run"]["entity"]),
    ):
        found[part] = [] if before == after else [str(before or "")]
    return {part: names for part, names in found.items() if names}


def _unlike(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _rules(manifest: Manifest) -> dict[str, object]:
    return {rule["id"]: [rule["sql_sha256"], rule["params"]] for rule in manifest["rules"]}


def _references(manifest: Manifest) -> dict[str, object]:
    return {entry["table"]: entry["sha256"] for entry in manifest["references"]}
