"""How patients stand in the files of a run: under a pseudonym, by the export's own ids, or not at all.

One decision holds for all files: findings, report, workbook and providers' pages. What a run has left out nothing brings back.
"""

import base64
import hmac
import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
from platformdirs import user_data_path

from audit.errors import ConfigError
from audit.files.door import make_folder, new_file, read_whole
from audit.settings.config import Phi

KEY_BYTES = 32
Namer = Callable[[str | None], str]


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
        key = read_whole(path)
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


def patient_namer(phi: Phi, key_file: Path | None = None) -> Namer:
    """How patient ids appear: "P-7KQ2M9XA" by default, the id itself with `full`, nothing with `hidden`.

    `key_file` is the key of the pseudonyms, None for this installation's own. Raises ConfigError as `read_key` does.
    """
    if phi == "hidden":
        return lambda _: ""
    if phi == "full":
        return lambda patient: patient or ""
    key = read_key(key_file or default_key_file())
    return lambda patient: pseudonym(key, patient)


def namer_or_reason(phi: Phi, key_file: Path | None = None) -> tuple[Namer, str]:
    """How patients appear, and why they do not: an audit that is done is not lost because a key cannot be kept."""
    try:
        return patient_namer(phi, key_file), ""
    except ConfigError as error:
        return (lambda _: ""), f"Patients are left out. {error.message}"


def pseudonym(key: bytes, patient: str | None) -> str:
    """Eight letters of HMAC-SHA256: the same patient has the same name wherever the key is the same; no id, no name."""
    if not patient:
        return ""
    digest = hmac.new(key, patient.encode("utf-8", "surrogatepass"), sha256).digest()
    return "P-" + base64.b32encode(digest)[:8].decode()


def named(table: pa.Table, namer: Namer) -> pa.Table:
    """A table of findings with its patients named so; one who is not named is NULL."""
    at = table.column_names.index("patient_id")
    ids = table["patient_id"].combine_chunks().dictionary_encode()
    names = pa.array([namer(patient) or None for patient in ids.dictionary.to_pylist()], pa.string())
    return table.set_column(at, "patient_id", names.take(ids.indices))
