"""Counts over findings.parquet that the manifest does not hold. Works on columns, so a million findings take a second."""

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from audit.report.stored.source import Entry, StoredRun
from audit.report.text import decimal

_ORDER = [
    ("amount_at_risk", "descending"),
    ("service_date", "ascending"),
    ("claim_id", "ascending"),
    ("claim_line_number", "ascending"),
    ("finding_id", "ascending"),
]


def column(table: pa.Table, name: str) -> Any:
    """A column of `table`, or one of nulls where the run was written without it."""
    return table[name] if name in table.column_names else pa.nulls(table.num_rows, pa.string())


def of_rule(table: pa.Table, rule_id: str) -> pa.Table:
    """The findings of one rule."""
    return table.filter(pc.equal(table["rule_id"], rule_id))


def first(table: pa.Table, limit: int) -> list[dict[str, Any]]:
    """The first `limit` findings by potential dollars, then date, claim and line."""
    keys = [key for key in _ORDER if key[0] in table.column_names]
    order = pc.select_k_unstable(table, k=min(limit, table.num_rows), sort_keys=keys)  # the last key is unique
    rows: list[dict[str, Any]] = table.take(order).to_pylist()
    return rows


def in_order(table: pa.Table, limit: int, *keys: str) -> pa.Table:
    """The first `limit` findings by text columns `keys` ("-name" for a falling one)."""
    named = [(key.removeprefix("-"), "descending" if key.startswith("-") else "ascending") for key in keys]
    plain = {name: _decoded(table[name]) for name, _ in named}
    order = pc.sort_indices(pa.table(plain), sort_keys=named)
    return table.take(order.slice(0, limit))


def _decoded(values: Any) -> Any:
    """A dictionary column as the text it stands for: dictionaries cannot be sorted by."""
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values


def counts(table: pa.Table, *names: str) -> dict[tuple[Any, ...], int]:
    """Findings by the values of one or more columns."""
    if table.num_rows == 0:
        return {}
    group = pa.table({name: column(table, name) for name in names})
    found = group.group_by(list(names), use_threads=False).aggregate([([], "count_all")]).to_pylist()
    return {tuple(row[name] for name in names): int(row["count_all"]) for row in found}


def dollars(table: pa.Table) -> dict[str, dict[str, Decimal]]:
    """Potential dollars by rule and direction: {"TIM001": {"over": Decimal("12.30")}}; nothing where they are zero."""
    if table.num_rows == 0:
        return {}
    group = table.select(["rule_id", "direction", "amount_at_risk"]).group_by(["rule_id", "direction"], use_threads=False)
    found: dict[str, dict[str, Decimal]] = {}
    for row in group.aggregate([("amount_at_risk", "sum")]).to_pylist():
        if row["amount_at_risk_sum"]:
            found.setdefault(str(row["rule_id"]), {})[str(row["direction"])] = row["amount_at_risk_sum"]
    return found


def providers(run: StoredRun) -> list[Entry]:
    """The providers of the summary, one entry an NPI: who bills in two roles is one provider. Most dollars first."""
    merged: dict[object, dict[str, Any]] = {}
    for entry in run.summary("by_provider"):
        known = merged.setdefault(entry.get("rendering_npi"), {})
        for name, value in entry.items():
            if name == "provider_role":
                known[name] = " and ".join(dict.fromkeys(filter(None, (known.get(name), value))))
            elif name != "rendering_npi":
                known[name] = decimal(known.get(name)) + decimal(value)
            else:
                known[name] = value
    return sorted(
        merged.values(), key=lambda e: (-decimal(e.get("over_once")), -int(e.get("findings") or 0), str(e["rendering_npi"]))
    )
