"""Which of CMS's quarterly tables a period wants, and which of them are there.

A PTP table holds its own history, so the newest serves every earlier date: one of the period's last quarter, or newer, is
wanted. An MUE table holds the values of its own quarter alone: one is wanted for each quarter of the period.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from audit.reference.cms_names import MUE, PTP, ptp_version
from audit.reference.editions import Edition
from audit.settings.periods import Period

PRACTITIONER = "practitioner"


@dataclass(frozen=True, slots=True)
class Due:
    """A table that is wanted: `quarter` is its first day, `held` the edition that serves, `note` what is amiss with it."""

    table: str
    setting: str
    quarter: date
    held: date | None
    files: str
    note: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether there is no edition for it, or a part of one."""
        return self.held is None or bool(self.note)


def due(period: Period, imported: Sequence[Edition], shipped: Iterable[tuple[str, date]]) -> tuple[Due, ...]:
    """What the period wants, of practitioners' tables always and of others where one is imported already.

    `shipped` are the tables that come with the program: "ptp" or "mue", and the edition.
    """
    settings = (PRACTITIONER, *sorted({edition.setting for edition in imported} - {PRACTITIONER}))
    quarters = tuple(dict.fromkeys(date(year, (month - 1) // 3 * 3 + 1, 1) for year, month in period.months))
    found = []
    for setting in settings:
        own = [edition for edition in imported if edition.setting == setting]
        came = list(shipped) if setting == PRACTITIONER else []
        if setting != "dme":
            found.append(_ptp(setting, quarters[-1], own, [day for kind, day in came if kind == PTP]))
        found += [_mue(setting, quarter, own, [day for kind, day in came if kind == MUE]) for quarter in quarters]
    return tuple(found)


def _ptp(setting: str, quarter: date, imported: Sequence[Edition], shipped: Sequence[date]) -> Due:
    held = [edition for edition in imported if edition.kind == PTP and edition.edition >= quarter]
    files = f"cci{'pra' if setting == PRACTITIONER else 'oph'}-{ptp_version(quarter)}-f1 to -f4"
    if held:
        newest = max(held, key=lambda edition: edition.edition)
        note = f"parts {', '.join(newest.missing)} are missing" if newest.missing else ""
        return Due(PTP, setting, quarter, newest.edition, files, note)
    serving = [day for day in shipped if day >= quarter]
    return Due(PTP, setting, quarter, max(serving, default=None), files)


def _mue(setting: str, quarter: date, imported: Sequence[Edition], shipped: Sequence[date]) -> Due:
    days = [*(edition.edition for edition in imported if edition.kind == MUE), *shipped]
    kind = {PRACTITIONER: "PractitionerServices", "hospital": "OutpatientHospitalServices"}.get(setting, "DMESupplierServices")
    return Due(MUE, setting, quarter, quarter if quarter in days else None, f"MCR_MUE_{kind}_Eff_{quarter:%m-%d-%Y}")
