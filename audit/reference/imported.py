"""Brings the user's imported CMS editions into a session, in the place of the shipped NCCI tables.

A PTP table holds its own history, so the newest edition of each setting serves every date of service. A MUE table holds
one quarter: each edition is in force until the next one that was imported; the shipped values stand before the first.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from audit.reference import store as reference_store
from audit.reference.editions import Edition as ImportedEdition
from audit.reference.loaded import Edition

_EXPORT_CODES = "SELECT DISTINCT procedure_code FROM claim_row"


def load(con: duckdb.DuckDBPyConnection, store: Path) -> tuple[Edition, ...]:
    """Replace ptp_edit, ptp_coverage and mue by what the store holds of them; returns the tables replaced."""
    held = reference_store.editions(store)
    edits = _newest(edition for edition in held if edition.kind == "ptp")
    limits = sorted((edition for edition in held if edition.kind == "mue"), key=lambda e: (e.setting, e.edition))
    loaded = []
    if edits:
        loaded += _load_edits(con, edits)
    if limits:
        loaded.append(_load_limits(con, limits))
    return tuple(loaded)


def _newest(editions: Iterable[ImportedEdition]) -> list[ImportedEdition]:
    newest: dict[str, ImportedEdition] = {}
    for edition in editions:
        if edition.setting not in newest or edition.edition > newest[edition.setting].edition:
            newest[edition.setting] = edition
    return [newest[setting] for setting in sorted(newest)]


def _load_edits(con: duckdb.DuckDBPyConnection, editions: list[ImportedEdition]) -> list[Edition]:
    codes = [row[0] for row in con.execute(_EXPORT_CODES).fetchall()]
    for edition in editions:
        con.execute("DELETE FROM ptp_edit WHERE setting = $1", [edition.setting])
        con.execute("DELETE FROM ptp_coverage WHERE setting = $1", [edition.setting])
        con.execute(
            f"""
            INSERT INTO ptp_edit BY NAME
            SELECT
                column_1, column_2, $setting AS setting, modifier_indicator, effective_from,
                coalesce(effective_to, DATE '9999-12-31') AS effective_to, rationale
            FROM read_parquet($files)
            WHERE column_1 IN ({_EXPORT_CODES}) AND column_2 IN ({_EXPORT_CODES})
            """,
            {"setting": edition.setting, "files": [str(path) for path in edition.files]},
        )
        for code in codes:
            if edition.covers(code):
                con.execute(
                    "INSERT INTO ptp_coverage VALUES ($1, $2, DATE '0001-01-01', DATE '9999-12-31')", [code, edition.setting]
                )
    return [_described(table, editions) for table in ("ptp_edit", "ptp_coverage")]


def _load_limits(con: duckdb.DuckDBPyConnection, editions: list[ImportedEdition]) -> Edition:
    for edition in editions:
        con.execute(
            """
            UPDATE mue SET effective_to = $start - 1
            WHERE setting = $setting AND effective_from < $start AND effective_to >= $start
            """,
            {"setting": edition.setting, "start": edition.edition},
        )
        con.execute("DELETE FROM mue WHERE setting = $1 AND effective_from >= $2", [edition.setting, edition.edition])
        con.execute(
            f"""
            INSERT INTO mue BY NAME
            SELECT
                code AS procedure_code, $setting AS setting, mue, mai, CAST($start AS DATE) AS effective_from,
                DATE '9999-12-31' AS effective_to
            FROM read_parquet($files)
            WHERE code IN ({_EXPORT_CODES})
            """,
            {"setting": edition.setting, "start": edition.edition, "files": [str(path) for path in edition.files]},
        )
    return _described("mue", editions)


def _described(table: str, editions: list[ImportedEdition]) -> Edition:
    return Edition(
        table=table,
        edition=", ".join(f"{edition.setting} {edition.edition:%Y-%m-%d}" for edition in editions),
        source="CMS quarterly files imported by the user",
        coverage="; ".join(
            f"{e.setting}: {'every code' if e.complete else 'parts missing: ' + ', '.join(e.missing)}" for e in editions
        ),
        rows=sum(edition.rows for edition in editions),
        sha256=", ".join(edition.sha256 for edition in editions),
    )
