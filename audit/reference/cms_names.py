"""What the name of a CMS quarterly file says: which table, for whom, from when, which part.

The PTP files carry no edition inside; their names do (`ccipra-v322r0-f1.txt`). NCCI counts versions by calendar year:
version 30 is 2024, 31 is 2025, 32 is 2026, and the digit after it counts the quarters from 0. Checked against CMS's own
download names: v302 is 2024 third quarter, v313 is 2025 fourth, v320 to v323 are the quarters of 2026. MUE files carry
their date in the name (`..._Eff_07-01-2026.csv`). A name that says nothing leaves the answer to the user.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.errors import ConfigError, InputError

PTP = "ptp"
MUE = "mue"
SETTINGS = ("practitioner", "hospital", "dme")
WHOLE = "whole"

_YEAR_OF_VERSION_ZERO = 1994
_PTP_NAME = re.compile(
    r"cci(?P<who>pra|oph)-?v(?P<major>\d\d)(?P<minor>\d)r(?P<revision>\d+)(?:-?f(?P<part>\d+))?", re.IGNORECASE
)
_PTP_PART = re.compile(r"[-_]f(\d+)$", re.IGNORECASE)
_QUARTER = re.compile(r"(20\d\d)[-_ ]?q([1-4])(?!\d)", re.IGNORECASE)
_EFFECTIVE = re.compile(r"eff(?:ective)?[-_ ]*(\d\d)-(\d\d)-(20\d\d)", re.IGNORECASE)
_SETTING_WORDS = (("practitioner", "practitioner"), ("hospital", "hospital"), ("dme", "dme"))


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What one name states; None or "" where it is silent. `part` is "f1" to "f9"."""

    setting: str | None
    editions: frozenset[date]
    version: str
    part: str


def read_name(name: str) -> NameFacts:
    """The facts in one file or member name (folders and extension do not matter)."""
    stem = re.split(r"[\\/]", name)[-1].rsplit(".", 1)[0]
    ptp = _PTP_NAME.search(stem)
    part = ptp.group("part") if ptp else None
    if part is None and (found := _PTP_PART.search(stem)):
        part = found.group(1)
    return NameFacts(
        setting=_setting(stem, ptp),
        editions=frozenset(_editions(stem, ptp)),
        version=f"v{ptp['major']}{ptp['minor']}r{ptp['revision']}" if ptp else "",
        part=f"f{int(part)}" if part else "",
    )


def ptp_version(quarter: date) -> str:
    """The version by which CMS names the PTP tables of a quarter: 2026-07-01 -> "v322r0"."""
    return f"v{quarter.year - _YEAR_OF_VERSION_ZERO:02}{(quarter.month - 1) // 3}r0"


def _setting(stem: str, ptp: re.Match[str] | None) -> str | None:
    if ptp:
        return "practitioner" if ptp["who"].lower() == "pra" else "hospital"
    return setting_in(stem)


def setting_in(text: str) -> str | None:
    """The setting that a name or a column header speaks of: practitioner, hospital, dme, or None."""
    found = {setting for word, setting in _SETTING_WORDS if word in text.lower()}
    return found.pop() if len(found) == 1 else None


def _editions(stem: str, ptp: re.Match[str] | None) -> list[date]:
    found = [date(int(year), 3 * int(quarter) - 2, 1) for year, quarter in _QUARTER.findall(stem)]
    for month, day, year in _EFFECTIVE.findall(stem):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    if ptp and int(ptp["minor"]) <= 3:
        found.append(date(_YEAR_OF_VERSION_ZERO + int(ptp["major"]), 3 * int(ptp["minor"]) + 1, 1))
    return found


def edition_of(names: Sequence[NameFacts], given: date | None, label: str) -> date:
    """The edition date that the names and the user agree on. Raises ConfigError where nobody or two say it."""
    stated = frozenset[date]().union(*(name.editions for name in names))
    if given is not None and stated <= {given}:
        return given
    if given is None and len(stated) == 1:
        return min(stated)
    listed = " and ".join(sorted(day.isoformat() for day in stated))
    if not stated:
        raise ConfigError(
            f"{label}: the name does not say from when this table is effective.",
            "Say it with --edition YYYY-MM-DD (the first day of the quarter), or give the file CMS's own name back.",
        )
    if given is not None:
        raise ConfigError(f"{label}: its name says {listed}, but --edition says {given}.", "Correct --edition or leave it out.")
    raise ConfigError(f"{label}: its names say two effective dates, {listed}.", "Rename the file, or import it alone, unzipped.")


def setting_of(stated: Sequence[str | None], given: str | None, label: str) -> str:
    """The setting that names, header and user agree on. Raises ConfigError or InputError where they do not."""
    if given is not None and given not in SETTINGS:
        raise ConfigError(f"There is no setting {given!r}.", f"Choose one of: {', '.join(SETTINGS)}.")
    found = {setting for setting in (*stated, given) if setting}
    if len(found) == 1:
        return found.pop()
    if not found:
        raise ConfigError(
            f"{label}: neither its name nor its header says whether it is for practitioners or hospitals.",
            "Say it with --setting practitioner or --setting hospital.",
        )
    raise InputError(
        f"{label}: its name, its header or --setting disagree about whom the table is for ({' and '.join(sorted(found))}).",
        "Check that the file was not renamed.",
    )
