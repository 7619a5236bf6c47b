"""What a reader may choose about the report, and how patients are named in it."""

import base64
import hmac
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path

from audit.errors import ConfigError
from audit.files.door import make_folder, new_file
from audit.report.text import clean

KEY_BYTES = 32
Namer = Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """`patients`: pseudonym (keyed hash), full (the export's ids, on purpose) or hidden.

    `key_file` is the key of the pseudonyms, None for this installation's own.
    """

    patients: Literal["pseudonym", "full", "hidden"] = "pseudonym"
    final: bool = False
    key_file: Path | None = None
    charts: bool = True


def default_key_file() -> Path:
    """Where this installation keeps its key: the user's data folder, so that runs of one practice agree on pseudonyms."""
    return user_data_path("claims-audit", appauthor=False) / "pseudonym.key"


def read_key(path: Path) -> bytes:
    """The key in `path`, made at random (0600) the first time. Raises ConfigError where it is damaged or cannot be made."""
    try:
        make_folder(path.parent)
        if not path.exists():
            with suppress(FileExistsError), new_file(path, replacing=False) as out:
                out.write(os.urandom(KEY_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"The key for patient pseudonyms, {path}, cannot be read or made: {error.strerror}.",
            "Make its folder writable for this user, or hide patients in the report.",
        ) from None
    if len(key) < KEY_BYTES:
        raise ConfigError(
            f"The key for patient pseudonyms, {path}, is damaged.", "Delete it; a new one is made, with new pseudonyms."
        )
    return key


def patient_namer(options: ReportOptions) -> Namer:
    """How patient ids appear: "P-7KQ2M9XA" by default, the id itself with `full`, nothing with `hidden`."""
    if options.patients == "hidden":
        return lambda _: ""
    if options.patients == "full":
        return lambda patient: clean(patient, 60)
    key = read_key(options.key_file or default_key_file())
    return lambda patient: pseudonym(key, patient)


def namer_or_reason(options: ReportOptions) -> tuple[Namer, str]:
    """How patients appear, and why they do not: an audit that is done is not lost because a key cannot be kept."""
    try:
        return patient_namer(options), ""
    except ConfigError as error:
        return (lambda _: ""), f"Patients are left out. {error.message}"


def pseudonym(key: bytes, patient: str | None) -> str:
    """Eight letters of HMAC-SHA256: the same patient has the same name wherever the key is the same; no id, no name."""
    if not patient:
        return ""
    digest = hmac.new(key, patient.encode("utf-8", "surrogatepass"), sha256).digest()
    return "P-" + base64.b32encode(digest)[:8].decode()
