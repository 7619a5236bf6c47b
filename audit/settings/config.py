"""audit.toml, the environment and the command line's flags, brought together into one frozen Config.

A flag wins over the environment, the environment over audit.toml. Every mistake names the key and what it may be.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from audit.errors import ConfigError
from audit.settings import environment
from audit.settings.audit_toml import (
    AuditSection,
    DateOrder,
    EngineName,
    FailOn,
    JobSection,
    LexiconTerm,
    PayerSetting,
    Phi,
    ProviderSetting,
    Settings,
    read_settings,
)
from audit.settings.periods import Period, filled, period

__all__ = [
    "AuditSection",
    "Config",
    "DateOrder",
    "EngineName",
    "FailOn",
    "JobSection",
    "LexiconTerm",
    "PayerSetting",
    "Period",
    "Phi",
    "ProviderSetting",
    "Settings",
    "as_json",
    "bytes_of",
    "check_machine",
    "combine",
    "jobs",
    "period",
    "read_settings",
    "reference_folder",
    "rule_folders",
]

# More threads than any machine has processors for: the system refuses them somewhere in the middle of a run.
MOST_THREADS = 512
# Less than this holds neither an export's row groups nor the reference tables.
LEAST_MEMORY = 128_000_000
# How long a rule may run before it is broken off.
RULE_SECONDS = 1800
_MEMORY = re.compile(r"(?i)\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt])i?b\s*")
_POWERS = {"k": 3, "m": 6, "g": 9, "t": 12}


@dataclass(frozen=True)
class Config:
    """Everything a run depends on besides its input files."""

    sources: tuple[str, ...]
    out: Path = Path("out")
    period: Period | None = None
    engine: EngineName = "duckdb"
    master: str | None = None
    partitions: int | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "never"
    strict: bool = False
    phi: Phi = "pseudonym"
    final: bool = False
    entity: str | None = None
    auditor: str | None = None
    memory_limit: str | None = None
    spill_dir: Path | None = None
    threads: int | None = None
    rule_seconds: int = RULE_SECONDS
    max_rejected: float = 0.01
    dates: DateOrder | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    header_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    payers: tuple[PayerSetting, ...] = ()
    providers: tuple[ProviderSetting, ...] = ()
    lexicon: tuple[LexiconTerm, ...] = ()
    rule_folders: tuple[Path, ...] = ()
    reference_dir: Path | None = None
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    spark: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None
    # Whether a period that is on record as final is audited again: said for one call, by its flag alone.
    replace: bool = False
    # Where each of the settings comes from; what is not among them has its default.
    whence: Mapping[str, str] = field(default_factory=dict, compare=False)


def jobs(config_file: Path | None, wanted: Sequence[str] = ()) -> tuple[JobSection, ...]:
    """The [[job]] tables of audit.toml: all, or those of the names wanted. Raises ConfigError for a name that none has."""
    settings, file = read_settings(config_file)
    known = {job.name: job for job in settings.job}
    for name in wanted:
        if name not in known:
            said = f"{file or 'audit.toml'} has no [[job]] of the name {name!r}."
            raise ConfigError(said, environment.nearest(name, tuple(known)) if known else "It has none at all.")
    return tuple(known[name] for name in dict.fromkeys(wanted)) or tuple(settings.job)


def combine(
    sources: tuple[str, ...],
    config_file: Path | None,
    flags: Mapping[str, Any],
    today: date | None = None,
    job: JobSection | None = None,
) -> Config:
    """One Config out of audit.toml, CLAIMS_AUDIT_* variables and flags (None or empty: not given). Raises ConfigError.

    A `job` goes before [audit], and has a folder of its own in the folder of runs unless it names another. Months and
    quarters are counted back from `today`, the time of the run where it is left out.
    """
    settings, file = read_settings(config_file)
    chosen, whence = _chosen(settings, file, {**flags, "sources": sources}, job)
    _find_folders(chosen, whence, file, job)
    check_machine(chosen)
    check_engine(chosen)
    _fill_dates(chosen, today)
    return Config(
        columns=settings.columns,
        header_names=settings.header_names,
        constants=settings.constants,
        payers=tuple(settings.payer),
        providers=tuple(settings.provider),
        lexicon=tuple(settings.lexicon),
        rules=settings.rules,
        spark=settings.spark,
        file=file,
        whence=whence,
        **chosen,
    )


def _find_folders(chosen: dict[str, Any], whence: Mapping[str, str], file: Path | None, job: JobSection | None) -> None:
    """Names of folders become paths: a job's own folder of runs, and rules beside the audit.toml that names them."""
    if job is not None and whence.get("out") != _place_of(job, file):
        chosen["out"] = Path(chosen.get("out", Config.out)) / job.name
    for name in ("out", "reference_dir", "spill_dir"):
        if name in chosen:
            chosen[name] = Path(chosen[name])
    in_file = whence.get("rule_folders", "").startswith(str(file))
    chosen["rule_folders"] = _folders(chosen.get("rule_folders", ()), file if in_file else None)


def _fill_dates(chosen: dict[str, Any], today: date | None) -> None:
    """The period in days, and its name put into the patterns of the sources."""
    if "period" in chosen:
        chosen["period"] = period(chosen["period"], today or environment.now().astimezone().date())
    chosen["sources"] = filled(chosen.get("sources", ()), chosen.get("period"))
    if not chosen["sources"]:
        where = "on the command line, or as sources under [audit] in audit.toml"
        raise ConfigError("No SOURCE was named.", f"Name files, folders or patterns {where}.")


def _place_of(job: JobSection, file: Path | None) -> str:
    return f"{file}, [[job]] {job.name}"


def _chosen(
    settings: Settings, file: Path | None, flags: Mapping[str, Any], job: JobSection | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Each setting that is given, by the one that decides, and who that is: audit.toml, a job, a variable, then a flag."""
    in_environment = environment.settings(AuditSection)
    of_job = {name: getattr(job, name) for name in AuditSection.__struct_fields__} if job else {}
    chosen: dict[str, Any] = {}
    whence: dict[str, str] = {}
    for given, place in (
        (msgspec.structs.asdict(settings.audit), lambda _: str(file)),
        (of_job, lambda _: _place_of(job, file) if job else ""),
        (in_environment, environment.variable),
        (flags, lambda _: "the command line"),
    ):
        for name, value in given.items():
            if value is not None and value not in ((), []):
                chosen[name] = tuple(value) if isinstance(value, list) else value
                whence[name] = place(name)
    for name in ("select", "ignore"):
        if name in chosen:
            chosen[name] = tuple(part.strip().upper() for part in chosen[name] if part.strip())
    return chosen, whence


def reference_folder(config_file: Path | None, flag: Path | None) -> Path | None:
    """The folder of imported tables as flag, environment or audit.toml names it, there or not: an import makes it."""
    settings, _ = read_settings(config_file)
    named = flag or environment.settings(AuditSection).get("reference_dir") or settings.audit.reference_dir
    return Path(named) if named else None


def rule_folders(settings: Settings, file: Path | None) -> tuple[Path, ...]:
    """The folders of the user's own rules that audit.toml or the environment names. Raises ConfigError for one not there."""
    named = environment.settings(AuditSection).get("rule_folders")
    return _folders(named, None) if named else _folders(settings.audit.rule_folders, file)


def _folders(named: Sequence[str], file: Path | None) -> tuple[Path, ...]:
    """Folders of rules: as they stand beside audit.toml where it names them, else as seen from the current folder."""
    folders = tuple((file.parent if file else Path()) / folder for folder in named)
    for folder in folders:
        if not folder.is_dir():
            where = f"{file}: [audit] rule_folders names {folder}, which" if file else f"The folder of rules {folder}"
            raise ConfigError(f"{where} is not a folder.")
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
        "providers": [msgspec.to_builtins(provider) for provider in config.providers],
        "lexicon": [msgspec.to_builtins(term) for term in config.lexicon],
        "rules": {rule_id: dict(values) for rule_id, values in config.rules.items()},
    }


def bytes_of(limit: str) -> int:
    """The bytes of an amount of memory such as 4GB. Raises ConfigError where it is none."""
    said = _MEMORY.fullmatch(limit)
    if said is None:
        raise ConfigError(f"memory_limit {limit!r} is not an amount of memory.", "Write it like 4GB.")
    return int(float(said[1]) * 10 ** _POWERS[said[2].lower()])


def check_machine(chosen: Mapping[str, Any]) -> None:
    """What is asked of this machine: memory, threads, a folder that must be there. Raises ConfigError."""
    for name, mend in (
        ("reference_dir", "`claims-audit reference import` makes one."),
        ("spill_dir", "Make it, or leave it out."),
    ):
        folder = chosen.get(name)
        if folder is not None and not folder.is_dir():
            raise ConfigError(f"{name} {str(folder)!r} is not a folder.", mend)
    for name in ("threads", "rule_seconds", "partitions"):
        if chosen.get(name) is not None and chosen[name] < 1:
            raise ConfigError(f"{name} is {chosen[name]}; it must be 1 or more.")
    if not 0 <= chosen.get("max_rejected", 0) <= 1:
        raise ConfigError(
            f"max_rejected is {chosen['max_rejected']}; it is a share of the rows, from 0 to 1 (0.01 is one in a hundred)."
        )
    if (chosen.get("threads") or 0) > MOST_THREADS:
        raise ConfigError(f"{chosen['threads']} threads are more than {MOST_THREADS}.", "Leave it out to use every processor.")
    limit = chosen.get("memory_limit")
    if limit is None:
        return
    if bytes_of(limit) < LEAST_MEMORY:
        raise ConfigError(f"memory_limit {limit!r} is less than an audit needs.", f"Give it {LEAST_MEMORY // 10**6}MB or more.")


def check_engine(chosen: Mapping[str, Any]) -> None:
    """Settings of a cluster say nothing to the engine of one machine. Raises ConfigError."""
    if chosen.get("engine", Config.engine) != "duckdb":
        return
    for name in ("master", "partitions"):
        if name in chosen:
            raise ConfigError(f"{name} is set, and the engine duckdb has none.", "Name the engine too: --engine spark.")
