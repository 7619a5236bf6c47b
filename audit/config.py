"""audit.toml, the environment and the command line's flags, brought together into one frozen Config.

A flag wins over the environment, the environment over audit.toml. Every mistake names the key and what it may be.
"""

import calendar
import difflib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from audit import contract
from audit.errors import ConfigError
from audit.terms import PayerClass

FailOn = Literal["never", "low", "medium", "high"]

Phi = Literal["pseudonym", "full", "hidden"]

DateOrder = Literal["month_first", "day_first"]

EngineName = Literal["duckdb"]

_PERIOD = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_NAME = "audit.toml"
_PREFIX = "CLAIMS_AUDIT_"
_OTHER_VARIABLES = ("CLAIMS_AUDIT_CONFIG", "CLAIMS_AUDIT_DEBUG", "CLAIMS_AUDIT_THREADS")
# More threads than any machine has processors for: the system refuses them somewhere in the middle of a run.
MOST_THREADS = 512
# Less than this holds neither an export's row groups nor the reference tables.
LEAST_MEMORY = 128_000_000
# How long a rule may run before it is broken off.
RULE_SECONDS = 1800
_MEMORY = re.compile(r"(?i)\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt])i?b\s*")
_POWERS = {"k": 3, "m": 6, "g": 9, "t": 12}


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


class LexiconTerm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One [[lexicon]] table: a word of the practice's own notes and what it means (see docs/notes.md)."""

    term: str
    term_class: str = msgspec.field(name="class")
    reach: str | None = None


class AuditSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The [audit] table: who is audited, by whom, and how a run behaves."""

    entity: str | None = None
    auditor: str | None = None
    out: str | None = None
    fail_on: FailOn | None = None
    strict: bool | None = None
    memory_limit: str | None = None
    threads: int | None = None
    rule_seconds: int | None = None
    max_rejected: float | None = None
    dates: DateOrder | None = None
    rule_folders: list[str] = []
    reference_dir: str | None = None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of audit.toml."""

    audit: AuditSection = AuditSection()
    columns: dict[str, str] = {}
    header_names: dict[str, list[str]] = {}
    constants: dict[str, str] = {}
    payer: list[PayerSetting] = []
    lexicon: list[LexiconTerm] = []
    rules: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True)
class Period:
    """A calendar month; both days belong to it."""

    label: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Config:
    """Everything a run depends on besides its input files."""

    sources: tuple[str, ...]
    out: Path = Path("out")
    period: Period | None = None
    engine: EngineName = "duckdb"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "never"
    strict: bool = False
    phi: Phi = "pseudonym"
    final: bool = False
    entity: str | None = None
    auditor: str | None = None
    memory_limit: str | None = None
    threads: int | None = None
    rule_seconds: int = RULE_SECONDS
    max_rejected: float = 0.01
    dates: DateOrder | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    header_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    payers: tuple[PayerSetting, ...] = ()
    lexicon: tuple[LexiconTerm, ...] = ()
    rule_folders: tuple[Path, ...] = ()
    reference_dir: Path | None = None
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    file: Path | None = None


def period(text: str) -> Period:
    """A month written YYYY-MM. Raises ConfigError for anything else."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise ConfigError(f"--period {text!r} is not a month.", "Write it as YYYY-MM, for example 2025-11.")
    year, month = int(match[1]), int(match[2])
    return Period(text, date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def read_settings(path: Path | None) -> tuple[Settings, Path | None]:
    """audit.toml as it stands, and where it was found: the named file, else ./audit.toml where there is one."""
    if path is None:
        named = os.environ.get("CLAIMS_AUDIT_CONFIG")
        path = Path(named) if named else Path(_NAME)
        if not named and not path.is_file():
            return Settings(), None
    try:
        settings = msgspec.toml.decode(path.read_bytes(), type=Settings)
    except FileNotFoundError as error:
        raise ConfigError(f"{path} does not exist.", "Name an audit.toml with --config, or leave the flag out.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}.", _hint_on(str(error))) from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    _check(settings, path)
    return settings, path


def combine(sources: tuple[str, ...], config_file: Path | None, flags: Mapping[str, Any]) -> Config:
    """One Config out of audit.toml, CLAIMS_AUDIT_* variables and flags (None or empty: not given). Raises ConfigError."""
    settings, file = read_settings(config_file)
    chosen = {name: value for name, value in msgspec.structs.asdict(settings.audit).items() if value is not None}
    chosen |= _environment()
    chosen |= {name: value for name, value in flags.items() if value not in (None, (), False)}
    if chosen.get("fail_on", "never") not in get_args(FailOn):
        raise ConfigError(f"fail_on {chosen['fail_on']!r} is none of {', '.join(get_args(FailOn))}.")
    for name in ("out", "reference_dir"):
        if name in chosen:
            chosen[name] = Path(chosen[name])
    check_machine(chosen)
    chosen["rule_folders"] = rule_folders(settings, file)
    if chosen.get("period") is not None:
        chosen["period"] = period(chosen["period"])
    return Config(
        sources=sources,
        columns=settings.columns,
        header_names=settings.header_names,
        constants=settings.constants,
        payers=tuple(settings.payer),
        lexicon=tuple(settings.lexicon),
        rules=settings.rules,
        file=file,
        **chosen,
    )


def reference_folder(config_file: Path | None, flag: Path | None) -> Path | None:
    """The folder of imported tables as flag, environment or audit.toml names it, there or not: an import makes it."""
    settings, _ = read_settings(config_file)
    named = flag or _environment().get("reference_dir") or settings.audit.reference_dir
    return Path(named) if named else None


def rule_folders(settings: Settings, file: Path | None) -> tuple[Path, ...]:
    """The folders of the user's own rules, as they stand beside audit.toml. Raises ConfigError for one that is not there."""
    folders = tuple((file.parent if file else Path()) / folder for folder in settings.audit.rule_folders)
    for folder in folders:
        if not folder.is_dir():
            raise ConfigError(f"{file}: [audit] rule_folders names {folder}, which is not a folder.")
    return folders


def as_json(config: Config) -> dict[str, Any]:
    """The settings in force as plain JSON values, for the manifest. Leaves out where the files lie on this machine."""
    return {
        "period": config.period.label if config.period else None,
        "select": list(config.select),
        "ignore": list(config.ignore),
        "fail_on": config.fail_on,
        "strict": config.strict,
        "columns": dict(config.columns),
        "header_names": {name: list(headers) for name, headers in config.header_names.items()},
        "constants": dict(config.constants),
        "max_rejected": config.max_rejected,
        "dates": config.dates,
        "payers": [msgspec.to_builtins(payer) for payer in config.payers],
        "lexicon": [msgspec.to_builtins(term) for term in config.lexicon],
        "rules": {rule_id: dict(values) for rule_id, values in config.rules.items()},
    }


def _environment() -> dict[str, Any]:
    names = ("out", "auditor", "fail_on", "memory_limit", "reference_dir")
    for key in sorted(os.environ):
        if key.startswith(_PREFIX) and key not in {*(f"{_PREFIX}{name.upper()}" for name in names), *_OTHER_VARIABLES}:
            known = [*(f"{_PREFIX}{name.upper()}" for name in names), *_OTHER_VARIABLES]
            raise ConfigError(f"The environment sets {key}, which means nothing to claims-audit.", _nearest(key, known))
    found: dict[str, Any] = {name: os.environ[key] for name in names if (key := f"CLAIMS_AUDIT_{name.upper()}") in os.environ}
    threads = os.environ.get("CLAIMS_AUDIT_THREADS")
    if threads is not None:
        if not threads.isdigit() or int(threads) == 0:
            raise ConfigError(f"CLAIMS_AUDIT_THREADS={threads!r} is not a number of threads.", "Use 1 or more.")
        found["threads"] = int(threads)
    return found


def check_machine(chosen: Mapping[str, Any]) -> None:
    """What is asked of this machine: memory, threads, a folder that must be there. Raises ConfigError."""
    folder = chosen.get("reference_dir")
    if folder is not None and not folder.is_dir():
        raise ConfigError(f"reference_dir {str(folder)!r} is not a folder.", "`claims-audit reference import` makes one.")
    if (chosen.get("threads") or 0) > MOST_THREADS:
        raise ConfigError(f"{chosen['threads']} threads are more than {MOST_THREADS}.", "Leave it out to use every processor.")
    limit = chosen.get("memory_limit")
    if limit is None:
        return
    said = _MEMORY.fullmatch(limit)
    if said is None:
        raise ConfigError(f"memory_limit {limit!r} is not an amount of memory.", "Write it like 4GB.")
    if float(said[1]) * 10 ** _POWERS[said[2].lower()] < LEAST_MEMORY:
        raise ConfigError(f"memory_limit {limit!r} is less than an audit needs.", f"Give it {LEAST_MEMORY // 10**6}MB or more.")


# Where each key of audit.toml stands.
_PLACES = {
    "[audit]": AuditSection,
    "[[payer]]": PayerSetting,
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


def _nearest(wanted: str, known: Sequence[str]) -> str:
    """A hint that names what is written most like it, else all there is."""
    found = difflib.get_close_matches(wanted, known, n=1)
    return f"The nearest name is {found[0]}." if found else f"Names are: {', '.join(sorted(known))}."


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


def _check(settings: Settings, path: Path) -> None:
    for section, names in (
        ("columns", settings.columns),
        ("header_names", settings.header_names),
        ("constants", settings.constants),
    ):
        for name in set(names) - set(contract.BY_NAME):
            raise ConfigError(
                f"{path}: [{section}] {name!r} is not a column of the claim-line contract.",
                f"docs/claim-line.md lists them. {_nearest(name, tuple(contract.BY_NAME)) if _is_near(name) else ''}".strip(),
            )
    if settings.audit.max_rejected is not None and not 0 <= settings.audit.max_rejected <= 1:
        raise ConfigError(f"{path}: [audit] max_rejected is a share of the rows, from 0 to 1 (0.01 is one in a hundred).")
    for number, payer in enumerate(settings.payer, 1):
        if not payer.match:
            raise ConfigError(f"{path}: [[payer]] table {number} matches nothing.", 'Give it match = ["part of a name*"].')
        _check_limits(payer, f"{path}: [[payer]] table {number}")
        if payer.effective_from > payer.effective_to:
            raise ConfigError(f"{path}: [[payer]] table {number} ends before it begins.")
    if settings.audit.threads is not None and settings.audit.threads < 1:
        raise ConfigError(f"{path}: [audit] threads must be 1 or more.")
    if settings.audit.rule_seconds is not None and settings.audit.rule_seconds < 1:
        raise ConfigError(f"{path}: [audit] rule_seconds must be 1 or more.")
