"""audit.toml as it stands: its tables and keys, read from the file and proven one by one.

Every mistake names the key and what it may be.
"""

import difflib
import os
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec

from audit import contract, npi
from audit.errors import ConfigError
from audit.settings import environment, faults
from audit.terms import PayerClass

FailOn = Literal["never", "low", "medium", "high"]

Phi = Literal["pseudonym", "full", "hidden"]

DateOrder = Literal["month_first", "day_first"]

EngineName = Literal["duckdb", "spark"]


_NAME = "audit.toml"
_JOB = re.compile(r"[^\W_][\w -]{0,59}")
# An audit.toml is a page or two; what is larger is something else.
_MOST_BYTES = 4_000_000


class PayerSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One [[payer]] table: what is known of the payers whose name or id fits a pattern (* and ? stand for anything)."""

    match: list[str]
    payer_class: PayerClass | msgspec.UnsetType = msgspec.field(name="class", default=msgspec.UNSET)
    unit_rule: Literal["cms", "ama", "either"] | None = None
    follows_ncci: bool | None = None
    massage: Literal["not_covered", "plan_of_care", "covered", "unknown"] | None = None
    x_modifiers: Literal["preferred", "accepted"] | None = None
    filing_days: int | None = None
    not_covered: list[str] = []
    daily_units: dict[str, int] = {}
    daily_timed_units: int | None = None
    daily_therapy_units: int | None = None
    yearly_visits: int | None = None
    never_beside: dict[str, list[str]] = {}
    plan_modifiers: Literal["required"] | None = None
    assistant_modifiers: Literal["required"] | None = None
    effective_from: date = date.min
    effective_to: date = date.max


class ProviderSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One [[provider]] table: what the report calls the provider of an NPI."""

    npi: str
    name: str
    role: str = ""


class LexiconTerm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One [[lexicon]] table: a word of the practice's own notes and what it means (see docs/notes.md)."""

    term: str
    term_class: str = msgspec.field(name="class")
    reach: str | None = None


class AuditSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The [audit] table: who is audited, by whom, and how a run behaves."""

    sources: list[str] = []
    out: str | None = None
    period: str | None = None
    entity: str | None = None
    auditor: str | None = None
    select: list[str] = []
    ignore: list[str] = []
    phi: Phi | None = None
    final: bool | None = None
    fail_on: FailOn | None = None
    strict: bool | None = None
    engine: EngineName | None = None
    master: str | None = None
    partitions: int | None = None
    memory_limit: str | None = None
    spill_dir: str | None = None
    threads: int | None = None
    rule_seconds: int | None = None
    max_rejected: float | None = None
    dates: DateOrder | None = None
    rule_folders: list[str] = []
    reference_dir: str | None = None


class JobSection(AuditSection, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One [[job]] table: a practice of its own, with what is other for it than under [audit]."""

    name: str


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of audit.toml."""

    audit: AuditSection = AuditSection()
    job: list[JobSection] = []
    columns: dict[str, str] = {}
    header_names: dict[str, list[str]] = {}
    constants: dict[str, str] = {}
    payer: list[PayerSetting] = []
    provider: list[ProviderSetting] = []
    lexicon: list[LexiconTerm] = []
    rules: dict[str, dict[str, Any]] = {}
    spark: dict[str, str] = {}


def read_settings(path: Path | None) -> tuple[Settings, Path | None]:
    """audit.toml as it stands, and where it was found: the named file, else ./audit.toml where there is one."""
    if path is None:
        named = os.environ.get(environment.CONFIG)
        path = Path(named) if named else Path(_NAME)
        if not named and not os.path.lexists(path):
            return Settings(), None
    try:
        settings = msgspec.toml.decode(_content(path), type=Settings)
    except FileNotFoundError as error:
        said = "is a link that leads nowhere" if path.is_symlink() else "does not exist"
        raise ConfigError(f"{path} {said}.", "Name an audit.toml with --config, or leave the flag out.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    except RecursionError as error:
        raise ConfigError(f"{path} is nested deeper than any setting.", "docs/configuration.md lists every key.") from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: {faults.in_words(str(error), Settings)}.", _hint_on(str(error))) from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    _check(settings, path)
    return settings, path


def _content(path: Path) -> str:
    """The text of the file, without a byte order mark. Raises ConfigError for what is no file of a person's."""
    if path.exists() and not path.is_file():
        raise ConfigError(f"{path} is not a file.", "Name an audit.toml with --config.")
    if path.exists() and path.stat().st_size > _MOST_BYTES:
        raise ConfigError(f"{path} is too large for an audit.toml.", "Name an audit.toml with --config.")
    return path.read_bytes().decode("utf-8-sig")


# Where each key of audit.toml stands.
_PLACES = {
    "[[job]]": JobSection,
    "[audit]": AuditSection,
    "[[payer]]": PayerSetting,
    "[[provider]]": ProviderSetting,
    "[[lexicon]]": LexiconTerm,
    "audit.toml itself": Settings,
}


def _hint_on(fault: str) -> str:
    """What may have been meant by an unknown key; for any other fault, where to read."""
    unknown = re.search(r"unknown field `(.+?)`", fault)
    places = {name: place for place, table in _PLACES.items() for name in table.__struct_encode_fields__}
    near = difflib.get_close_matches(unknown[1], places, n=1) if unknown else []
    meant = f"`{near[0]}` is a key of {places[near[0]]}. " if near else ""
    return f"{meant}docs/configuration.md lists every key and what it may be."


def _is_near(name: str) -> bool:
    return bool(difflib.get_close_matches(name, contract.BY_NAME, n=1))


def _check_limits(payer: PayerSetting, where: str) -> None:
    """Limits count units, visits and days: none is below nought, and a claim has at least a day to be filed."""
    stated = {name: getattr(payer, name) for name in ("filing_days", "daily_timed_units", "daily_therapy_units", "yearly_visits")}
    stated |= {f"daily_units of {code}": units for code, units in payer.daily_units.items()}
    for name, value in stated.items():
        least = 1 if name == "filing_days" else 0
        if value is not None and value < least:
            raise ConfigError(f"{where}: {name} is {value}.", f"It is a whole number from {least} up.")


def _check_jobs(jobs: Sequence[JobSection], path: Path) -> None:
    """A job's name is that of its folder: plain, and given once."""
    names = [job.name for job in jobs]
    for name in names:
        if not _JOB.fullmatch(name):
            said = f"{path}: the [[job]] name {name!r} cannot be a folder's."
            raise ConfigError(said, "Letters, digits, blanks, '-' and '_' can, 60 at most, beginning with a letter or digit.")
        if [one.lower() for one in names].count(name.lower()) > 1:
            raise ConfigError(f"{path}: two [[job]] tables have the name {name!r}.", "Each has a name and a folder of its own.")


def _check_providers(providers: Sequence[ProviderSetting], path: Path) -> None:
    """An NPI passes its check digit and stands once; a name says something."""
    numbers = [provider.npi for provider in providers]
    for at, provider in enumerate(providers, 1):
        where = f"{path}: [[provider]] table {at}"
        if not npi.is_valid(provider.npi):
            said = f"{where}: npi {provider.npi!r} is no NPI."
            raise ConfigError(said, "It has ten digits, the last of which checks the others.")
        if numbers.count(provider.npi) > 1:
            raise ConfigError(f"{where}: {provider.npi} stands in another [[provider]] table too.", "Each provider has one.")
        if not provider.name.strip():
            raise ConfigError(f"{where} has no name.", 'Give it name = "...".')


def _check(settings: Settings, path: Path) -> None:
    for section, names in (
        ("columns", settings.columns),
        ("header_names", settings.header_names),
        ("constants", settings.constants),
    ):
        for name in set(names) - set(contract.BY_NAME):
            near = f" {environment.nearest(name, tuple(contract.BY_NAME))}" if _is_near(name) else ""
            said = f"{path}: [{section}] {name!r} is not a column of the claim-line contract."
            raise ConfigError(said, f"docs/claim-line.md lists them.{near}")
    for name in settings.spark:
        if not name.startswith("spark."):
            said = f"{path}: [spark] {name!r} is no setting of Spark's."
            raise ConfigError(said, 'Write it whole, between quotation marks: "spark.executor.memory" = "8g".')
    _check_jobs(settings.job, path)
    _check_providers(settings.provider, path)
    for number, payer in enumerate(settings.payer, 1):
        if not payer.match:
            raise ConfigError(f"{path}: [[payer]] table {number} matches nothing.", 'Give it match = ["part of a name*"].')
        _check_limits(payer, f"{path}: [[payer]] table {number}")
        if payer.effective_from > payer.effective_to:
            raise ConfigError(f"{path}: [[payer]] table {number} ends before it begins.")
