"""Imports CMS's quarterly PTP and MUE files into the reference store: all the files given, or none of them.

Every file is read, checked and staged first; only then is each edition's record replaced. A file that is already in the
store is recognised by its hash and left alone; a missing part completes the edition it belongs to.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from audit import __version__
from audit.errors import ConfigError, InputError
from audit.reference import cms_mue, cms_ptp
from audit.reference.archive import Member, Source, members, open_source
from audit.reference.cms_names import MUE, PTP, WHOLE, edition_of, read_name, setting_in, setting_of
from audit.reference.editions import Edition, Part
from audit.reference.grid import Table, open_table
from audit.reference.overlap import refuse_overlap
from audit.reference.programme import refuse_medicaid, refuse_mue_of_medicaid, refuse_ptp_of_medicaid
from audit.reference.store import commit, editions, folder_of, read_edition, workspace
from audit.terms import plural

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one table: `status` imported, replaced, unchanged or skipped (then the rest is empty)."""

    source: str
    member: str
    status: str
    kind: str = ""
    setting: str = ""
    edition: date | None = None
    part: str = ""
    rows: int = 0
    repeated: int = 0

    @property
    def message(self) -> str:
        """One plain line for the user."""
        name = self.member if self.member == self.source else f"{self.source}: {self.member}"
        if self.edition is None:
            return f"{name}: left out, another copy of the table or no table"
        part = "" if self.kind == MUE or self.part == WHOLE else f" part {self.part}"
        said = {"unchanged": "already imported, nothing to do", "replaced": "imported in place of an earlier file"}
        return (
            f"{name}: {said.get(self.status, self.status)} ({self.kind.upper()} {self.setting}{part}, "
            f"effective {self.edition}: {plural(self.rows + self.repeated, 'row')} read, {self.rows:,} kept, {self._dropped})"
        )

    @property
    def _dropped(self) -> str:
        return f"{self.repeated:,} dropped, as each stands there before" if self.repeated else "none dropped"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: one outcome a table, and the editions it touched as they stand now."""

    files: tuple[FileOutcome, ...]
    editions: tuple[Edition, ...]

    @property
    def changed(self) -> bool:
        """Whether anything in the store is different from before."""
        return any(file.status in ("imported", "replaced") for file in self.files)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Every edition's warnings, each with the edition it is about."""
        return tuple(
            f"{edition.kind.upper()} {edition.setting} {edition.edition}: {text}"
            for edition in self.editions
            for text in edition.warnings
        )


@dataclass(frozen=True, slots=True)
class _Staged:
    kind: str
    setting: str
    edition: date
    part: Part
    parquet: Path
    label: str

    @property
    def key(self) -> tuple[str, str, date]:
        return self.kind, self.setting, self.edition


@dataclass(frozen=True, slots=True)
class _Options:
    edition: date | None
    setting: str | None
    progress: Progress


def import_files(
    paths: Sequence[Path],
    store: Path,
    *,
    edition: date | None = None,
    setting: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Imports zip, txt, csv or xlsx files into the store at `store`; nothing at all if one of them is refused.

    `edition` and `setting` (practitioner, hospital, dme) answer for files whose names do not say; they never overrule a
    name. `progress` is called with one line before each table is read.
    Raises InputError (a file is unreadable, neither table, or has a bad row) or ConfigError (edition or setting unknown).
    """
    if not paths:
        raise ConfigError("No file to import.", "Name CMS's PTP or MUE files: zip, txt, csv or xlsx.")
    options = _Options(edition, setting, progress or (lambda _: None))
    stored = editions(store)
    outcomes: list[FileOutcome] = []
    staged: list[_Staged] = []
    with workspace(store) as scratch:
        for source in _distinct(open_source(Path(path)) for path in paths):
            found, skipped = members(source)
            for member in found:
                known = _already(member, stored, options)
                if known is None:
                    staged.append(_stage(member, scratch, len(staged), options))
                else:
                    outcomes.append(known)
            outcomes += [FileOutcome(source.name, name, "skipped") for name in skipped]
        outcomes += _commit_all(_unique(staged), store)
    touched = {(file.kind, file.setting, file.edition) for file in outcomes if file.edition}
    now = tuple(e for e in editions(store) if (e.kind, e.setting, e.edition) in touched)
    return ImportReport(tuple(outcomes), now)


def _distinct(sources: Iterable[Source]) -> list[Source]:
    return list({(source.sha256, source.name): source for source in sources}.values())


def _already(member: Member, stored: Sequence[Edition], options: _Options) -> FileOutcome | None:
    for edition in stored:
        if options.edition not in (None, edition.edition) or options.setting not in (None, edition.setting):
            continue
        for part in edition.parts:
            if (part.source_sha256, part.member) == (member.source.sha256, member.name):
                same = replace(part, source=member.source.name)
                return _outcome("unchanged", edition.kind, edition.setting, edition.edition, same)
    return None


def _outcome(status: str, kind: str, setting: str, edition: date, part: Part) -> FileOutcome:
    return FileOutcome(part.source, part.member, status, kind, setting, edition, part.name, part.rows, part.repeated)


def _stage(member: Member, scratch: Path, number: int, options: _Options) -> _Staged:
    options.progress(f"reading {member.label}")
    parquet = scratch / f"{number}.parquet"
    names = [read_name(member.name), read_name(member.source.name)]
    refuse_medicaid(member.label, (member.name, member.source.name))
    with open_table(member) as table:
        refuse_medicaid(member.label, table.header)
        header = setting_in(" ".join(table.header)) if table.kind == MUE else None
        setting = setting_of([names[0].setting or names[1].setting, header], options.setting, member.label)
        edition = edition_of(names, options.edition, member.label)
        part = _convert(table, member, parquet, scratch, is_named=any(name.version for name in names))
    if table.kind == PTP:
        version = names[0].version or names[1].version
        part = replace(part, name=names[0].part or names[1].part or WHOLE, version=version)
    digest = sha256(parquet.read_bytes()).hexdigest()
    part = replace(part, file=f"{part.name}-{digest[:8]}.parquet", file_sha256=digest)
    return _Staged(table.kind, setting, edition, part, parquet, member.label)


def _convert(table: Table, member: Member, parquet: Path, scratch: Path, is_named: bool) -> Part:
    base = Part(WHOLE, 0, "", "", member.source.name, member.name, member.source.sha256, member.source.size_bytes)
    if table.kind == MUE:
        refuse_mue_of_medicaid(member.label, table.header)
        return replace(base, rows=cms_mue.convert(table.rows, member, parquet))
    read = cms_ptp.convert(table.rows, member, parquet, scratch)
    if not is_named:
        refuse_ptp_of_medicaid(member.label, read.rows, read.oldest_effective)
    return replace(
        base,
        rows=read.rows,
        live=read.live,
        repeated=read.repeated,
        ends_before_start=read.ends_before_start,
        first_code=read.first_code,
        last_code=read.last_code,
        newest_effective=read.newest_effective.isoformat(),
        has_manual_therapy=read.has_manual_therapy,
        ordered=read.ordered,
    )


def _unique(staged: Sequence[_Staged]) -> list[_Staged]:
    """One table per part: the same content given twice counts once, different content under one name is refused."""
    kept: dict[tuple[str, str, date, str], _Staged] = {}
    for one in staged:
        twin = kept.setdefault((*one.key, one.part.name), one)
        if twin.part.file_sha256 != one.part.file_sha256:
            what = f"{one.kind.upper()} {one.setting}, effective {one.edition}, part {one.part.name}"
            raise InputError(
                f"{twin.label} and {one.label} both claim to be {what}, but differ.",
                "Import the one that CMS published last. Nothing was imported.",
            )
    return list(kept.values())


def _commit_all(staged: Sequence[_Staged], store: Path) -> list[FileOutcome]:
    outcomes: list[FileOutcome] = []
    plans: list[tuple[Edition, dict[str, Path]]] = []
    for kind, setting, day in sorted({one.key for one in staged}):
        fresh = {one.part.name: one for one in staged if one.key == (kind, setting, day)}
        folder = folder_of(store, kind, setting, day)
        before = read_edition(folder)
        old = {part.name: part for part in before.parts} if before else {}
        parts = {**old, **{name: one.part for name, one in fresh.items()}}
        _refuse_mixture(parts, kind, setting, day)
        edition = Edition(kind, setting, day, tuple(parts[name] for name in sorted(parts, key=_part_order)), __version__, folder)
        staged_files = {name: one.parquet for name, one in fresh.items()}
        if kind == PTP:
            refuse_overlap(edition, staged_files)
        plans.append((edition, staged_files))
        outcomes += [
            _outcome("replaced" if name in old else "imported", kind, setting, day, one.part) for name, one in fresh.items()
        ]
    for edition, files in plans:
        commit(edition, files)
    return outcomes


def _part_order(name: str) -> tuple[int, str]:
    return len(name), name  # f2 before f10


def _refuse_mixture(parts: dict[str, Part], kind: str, setting: str, day: date) -> None:
    if kind == PTP and WHOLE in parts and len(parts) > 1:
        others = ", ".join(sorted(name for name in parts if name != WHOLE))
        raise InputError(
            f"{parts[WHOLE].source}: its name does not say which part of PTP {setting} {day} it is, and the store or this "
            f"import holds {others} of it.",
            "Give it CMS's own name back (ccipra-v322r0-f1.txt), or remove that edition's folder first. Nothing was imported.",
        )
