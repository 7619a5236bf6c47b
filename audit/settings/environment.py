"""What the environment says: settings by CLAIMS_AUDIT_... variables, and the time."""

import difflib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from audit.errors import ConfigError
from audit.settings import faults

PREFIX = "CLAIMS_AUDIT_"
CONFIG = "CLAIMS_AUDIT_CONFIG"
# Those that are no setting of a run.
_OTHERS = (CONFIG, "CLAIMS_AUDIT_DEBUG")
# Lists, and what parts them: paths as the system's own lists of paths.
_PARTED_BY = {"sources": os.pathsep, "rule_folders": os.pathsep, "select": ",", "ignore": ","}


def variable(name: str) -> str:
    """The variable that stands for a setting: "fail_on" -> "CLAIMS_AUDIT_FAIL_ON"."""
    return f"{PREFIX}{name.upper()}"


def settings(section: type[msgspec.Struct]) -> dict[str, Any]:
    """The settings of a section that the environment gives, of the kinds that its fields have. Raises ConfigError."""
    names = {variable(name): name for name in section.__struct_fields__}
    found = {}
    for key in sorted(os.environ):
        if not key.startswith(PREFIX) or key in _OTHERS:
            continue
        if key not in names:
            raise ConfigError(
                f"The environment sets {key}, which means nothing to claims-audit.", nearest(key, [*names, *_OTHERS])
            )
        found[names[key]] = _read(section, names[key], os.environ[key])
    return found


def now() -> datetime:
    """The time of the run; SOURCE_DATE_EPOCH (seconds) fixes it where a build must be repeatable. Raises ConfigError."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not (fixed.isascii() and fixed.isdecimal()):
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(fixed), UTC)
    except (OverflowError, ValueError, OSError):
        raise ConfigError(f"SOURCE_DATE_EPOCH={fixed!r} is no time.", "It counts seconds since 1970.") from None


def _read(section: type[msgspec.Struct], name: str, text: str) -> Any:
    if not text.strip():
        raise ConfigError(f"{variable(name)} is empty.", "Give it a value, or unset it.")
    value: object = text
    if name in _PARTED_BY:
        value = [part.strip() for part in text.split(_PARTED_BY[name]) if part.strip()]
    try:
        return getattr(msgspec.convert({name: value}, section, strict=False), name)
    except msgspec.ValidationError as error:
        raise ConfigError(
            f"{variable(name)}={text!r} {faults.of_value(str(error), section, name)}.",
            "docs/configuration.md lists what it may be.",
        ) from None


def nearest(wanted: str, known: Sequence[str]) -> str:
    """A hint that names what is written most like it, else all there is."""
    found = difflib.get_close_matches(wanted, known, n=1)
    return f"The nearest name is {found[0]}." if found else f"Names are: {', '.join(sorted(known))}."
