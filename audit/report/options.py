"""What a reader may choose about the report, and how patients are named in it."""

from dataclasses import dataclass
from pathlib import Path

from audit.errors import ConfigError
from audit.report.text import clean
from audit.runs.patient_names import Namer, namer_or_reason
from audit.settings.config import Phi

# From the least that a file tells of patients to the most.
_TELLS: tuple[Phi, ...] = ("hidden", "pseudonym", "full")


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """`patients`: pseudonym (keyed hash), full (the export's ids), hidden; None is as the run's own files have them.

    `final`: no draft; None is as the run stands on record. `key_file` is the key of the pseudonyms, None for this
    installation's own.
    """

    patients: Phi | None = None
    final: bool | None = None
    key_file: Path | None = None
    charts: bool = True


def namer_for(stored: Phi, options: ReportOptions) -> tuple[Namer, str]:
    """How patients appear in the report of a run whose files hold them as `stored`, and why they do not.

    Raises ConfigError where more is asked for than the run has kept.
    """
    asked = options.patients or stored
    if _TELLS.index(asked) > _TELLS.index(stored):
        has = {"hidden": "leaves patients out", "pseudonym": "has patients under pseudonyms"}[stored]
        raise ConfigError(
            f"This run {has}, and nothing brings their ids back (--phi {asked}).",
            f"Audit the export again: claims-audit run ... --phi {asked}.",
        )
    if asked == stored:
        return (lambda patient: clean(patient, 60)), ""
    name, reason = namer_or_reason(asked, options.key_file)
    return name, reason
