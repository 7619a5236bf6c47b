"""One step for each released format of manifest.json: plain JSON values of that format in, of the next one out.

A step looks at nothing but names; what it makes is proven by the door that reads manifests. What a format lacked is
filled in only where the rest of the file says it.
"""

from collections.abc import Callable
from typing import Any

from audit.runs.format.free_keys import free_keys

Json = dict[str, Any]


def _from_2(stored: Json) -> Json:
    """Format 3 keeps the list of free keys, added header names, what a rule examines as data, and no run that was not read."""
    rules = [_with_examined(rule) if isinstance(rule, dict) else rule for rule in _list(stored.get("rules"))]
    changed = {**stored, "format": 3}
    if isinstance(stored.get("rules"), list):
        changed["rules"] = rules
    if isinstance(stored.get("config"), dict):
        settings = {"header_names": {}, **stored["config"]}
        changed["config"] = settings | {"payers": _with_new_settings(settings["payers"])} if "payers" in settings else settings
    history = stored.get("history")
    if isinstance(history, dict) and isinstance(history.get("trend"), list):
        known = [entry for entry in history["trend"] if not _is_label_alone(entry)]
        lost = [entry["label"] for entry in history["trend"] if _is_label_alone(entry)]
        changed["history"] = {**history, "trend": known}
        if isinstance(stored.get("warnings"), list):
            notes = [f"The run {label} stood before this one and could not be read: the trend is without it." for label in lost]
            changed["warnings"] = [*stored["warnings"], *notes]
    return {**changed, "free_keys": free_keys(changed)}


def _from_3(stored: Json) -> Json:
    """Format 4 says how patients stand in the run's files; before, those of findings had the export's ids, whatever was asked."""
    run = stored.get("run")
    return {**stored, "format": 4, **({"run": {**run, "patients": "full"}} if isinstance(run, dict) else {})}


def _from_4(stored: Json) -> Json:
    """Format 5 holds names of providers, decisions, what came again, the run replaced, kinds set aside, what parameters mean.

    Whether a run was final stood in its page alone before, and what a rule asks the record for followed its family.
    Before there was more than one, no run named its engine.
    """
    changed: Json = {**stored, "format": 5, "review": None}
    if isinstance(software := stored.get("software"), dict):
        changed["software"] = {**software, "engine": "duckdb", "master": None, "partitions": None}
    if isinstance(run := stored.get("run"), dict):
        changed["run"] = {**run, "final": False}
    if isinstance(rules := stored.get("rules"), list):
        changed["rules"] = [{"param_help": {}, "ask": None, **rule} if isinstance(rule, dict) else rule for rule in rules]
    if isinstance(config := stored.get("config"), dict):
        changed["config"] = {"providers": [], **config}
    if isinstance(summary := stored.get("summary"), dict):
        changed["summary"] = {"by_provider_name": [], **summary}
    if isinstance(history := stored.get("history"), dict):
        changed["history"] = {**history, "replaced": None, "recurring": 0, "recurrences": []}
    if isinstance(entries := stored.get("suppressions"), list):
        kind = dict.fromkeys(("rule_id", "payer_name", "provider", "procedure_code"))
        changed["suppressions"] = [{**entry, **kind} if isinstance(entry, dict) else entry for entry in entries]
    return changed


def _from_5(stored: Json) -> Json:
    """Format 6 tells notes, which ask nothing of anybody, from warnings; before, totals that agree stood among these."""
    return {**stored, "format": 6, "notes": []}


def _with_examined(rule: Json) -> Json:
    """Format 2 told days from the first word of the rule's denominator."""
    first = str(rule.get("denominator")).split(" ", maxsplit=1)[0]
    return {**rule, "examines": {"days": "provider day", "patient-days": "patient day"}.get(first)}


def _with_new_settings(payers: object) -> object:
    """What audit.toml can say of a payer since format 3: an older run was made without it."""
    if not isinstance(payers, list):
        return payers
    since_3: Json = {
        "daily_timed_units": None,
        "daily_therapy_units": None,
        "never_beside": {},
        "plan_modifiers": None,
        "assistant_modifiers": None,
    }
    return [{**since_3, **payer} if isinstance(payer, dict) else payer for payer in payers]


def _is_label_alone(entry: object) -> bool:
    return isinstance(entry, dict) and entry.keys() == {"label"}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


# By the format that a step reads.
STEPS: dict[int, Callable[[Json], Json]] = {2: _from_2, 3: _from_3, 4: _from_4, 5: _from_5}
