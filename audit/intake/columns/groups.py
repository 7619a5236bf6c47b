"""Wide exports: one row a visit, its claim lines side by side as groups of columns ("CPT 1", "Units 1", "CPT 2", ...)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.contract import BY_NAME
from audit.errors import InputError
from audit.intake.columns.addresses import address, find_column
from audit.intake.columns.given import NOTHING, Given
from audit.intake.columns.names import Names
from audit.intake.columns.numbered import MEASURES, ONE_FOR_EACH, Numbered, base_of, numbered_headers

_FEWEST = 2
# Each line has one of these at most: where a group has one, it is a line's. Payments may be numbered by payer instead.
_ONE_A_LINE = frozenset({"units", "minutes", "charge_amount"})
# What a wide row states once belongs to the visit, and would count once for every line if it were read as a line's.
ONCE_A_ROW = MEASURES | {"claim_line_number", "procedure_code", "area_minutes", *(f"modifier_{n}" for n in range(1, 5))}


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a wide file, counted from 1 in the order of their numbers.

    `fields` maps contract column to group to field index; `headers` are the file's own; `odd` are numbered ones that are not
    one for each group, and are not read.
    """

    count: int
    fields: Mapping[str, Mapping[int, int]]
    headers: tuple[str, ...]
    odd: tuple[str, ...] = ()

    def lead(self, name: str) -> int:
        """The first group's field of a column: the long table has the column there."""
        return min(self.fields[name].items())[1]

    def indices(self) -> frozenset[int]:
        """Every field that belongs to a group."""
        return frozenset(index for groups in self.fields.values() for index in groups.values())

    def span(self, name: str) -> str:
        """A column's headers in a sentence: "CPT 1 to CPT 6"."""
        inside = [index for _, index in sorted(self.fields[name].items())]
        first, last = self.headers[inside[0]].strip(), self.headers[inside[-1]].strip()
        return first if len(inside) == 1 else f"{first} to {last}"


def find_groups(file: str, headers: Sequence[str], given: Given = NOTHING) -> Groups | None:
    """The groups of a wide file, None for a file of one line a row.

    Among what the user gives, a group is named by its first header ("Svc Cd 1"). InputError where it cannot be
    told which header holds a group's code or to which group a modifier belongs, or where a group has no code.
    """
    own, single_code = _own_names(file, headers, given.columns)
    found = _with_first(headers, numbered_headers(headers, own, given.names))
    coded = frozenset(one.number for one in found if one.name == "procedure_code")
    measured = {one.number for one in found if one.name in MEASURES}
    if single_code or len(coded) < _FEWEST or len(coded & measured) < _FEWEST:
        return None
    if "procedure_code" not in own.values():
        _one_code_only(file, headers, found, given.names)
    _refuse_if_code_missing(file, headers, found, coded)
    place = {number: nth for nth, number in enumerate(sorted(coded), 1)}
    fields: dict[str, dict[int, int]] = {}
    odd: list[str] = []
    for name, by_number in _by_column(found).items():
        if set(by_number) == coded:
            fields[name] = {place[number]: _best(file, headers, name, ones) for number, ones in sorted(by_number.items())}
        elif name not in ONE_FOR_EACH:
            odd += [headers[one.index].strip() for _, ones in sorted(by_number.items()) for one in ones]
            _refuse_if_modifier(file, odd, name)
    if not MEASURES & fields.keys():
        raise InputError(
            f"{file} has codes in {len(coded)} groups across, and {', '.join(odd)}, which are not one for each group.",
            "Export one line a row, or units for each group.",
        )
    return Groups(len(coded), {name: fields[name] for name in BY_NAME if name in fields}, tuple(headers), tuple(odd))


def _own_names(file: str, headers: Sequence[str], overrides: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """The user's names of groups, and whether the user names a column of codes that is no group.

    A header that is one of several of its kind names the kind; where the user maps several of a kind one by one, they are
    no groups.
    """
    own: dict[str, str] = {}
    named: dict[str, int] = {}
    for name, wanted in overrides.items():
        index = find_column(file, headers, name, wanted) if name in BY_NAME else None
        if index is None:
            continue
        base = base_of(headers[index])
        alike = [header for header in headers if base_of(header) == base]
        if len(alike) >= _FEWEST:
            own[base] = name if named.setdefault(base, index) == index else ""
        elif name == "procedure_code":
            return own, True
    return own, False


def _with_first(headers: Sequence[str], found: Sequence[Numbered]) -> list[Numbered]:
    """The numbered headers, and the first of a row that begins without a number: "CPT", "CPT 2" or "CPT", "CPT.1"."""
    lowest = min((one.number for one in found if one.name == "procedure_code"), default=0)
    plain = {index: base_of(header) for index, header in enumerate(headers) if not any(sign.isdigit() for sign in header)}
    bare = {
        index: Numbered(index, one.name, lowest - 1, one.tier, one.base)
        for one in found
        for index, base in plain.items()
        if base == one.base and one.number == lowest and not one.has_slot
    }
    starts_bare = any(one.name == "procedure_code" for one in bare.values())
    return [*found, *bare.values()] if starts_bare else list(found)


def _one_code_only(file: str, headers: Sequence[str], found: Sequence[Numbered], names: Names) -> None:
    inside = {one.index for one in found}
    outside = [(index, names.of(header)) for index, header in enumerate(headers) if index not in inside]
    single = [index for index, columns in outside if any(name == "procedure_code" for name, _ in columns)]
    if not single:
        return
    lead = min((one for one in found if one.name == "procedure_code"), key=lambda one: one.number)
    alone, group = address(headers, single[0]), address(headers, lead.index)
    raise InputError(
        f"{file} has codes under {alone!r} and in groups across that begin with {group!r}; either could be the lines' own.",
        f'Say which, under [columns] in audit.toml: procedure_code = "{alone}" reads one line a row, '
        f'procedure_code = "{group}" one line a group.',
    )


def _refuse_if_code_missing(file: str, headers: Sequence[str], found: Sequence[Numbered], coded: frozenset[int]) -> None:
    """A group whose code stands under a header that nobody knows would be left out, and its lines with it."""
    counted = {one.number: headers[one.index].strip() for one in reversed(found) if one.name in _ONE_A_LINE}
    expected = set(range(min(coded), max(coded) + 1)) | counted.keys()
    missing = sorted(expected - coded)
    if not missing:
        return
    first = min(found, key=lambda one: (one.name != "procedure_code", one.number))
    has = f"{counted[missing[0]]!r}" if missing[0] in counted else f"groups on both sides of number {missing[0]}"
    raise InputError(
        f"{file} has {has} and no code of that group: its codes are numbered {', '.join(map(str, sorted(coded)))}.",
        f"Name the code's column as the others are named ({headers[first.index].strip()!r}), or export one line a row.",
    )


def _by_column(found: Sequence[Numbered]) -> dict[str, dict[int, list[Numbered]]]:
    columns: dict[str, dict[int, list[Numbered]]] = {}
    for one in found:
        columns.setdefault(one.name, {}).setdefault(one.number, []).append(one)
    return columns


def _best(file: str, headers: Sequence[str], name: str, ones: Sequence[Numbered]) -> int:
    best = [one for one in ones if one.tier == min(other.tier for other in ones)]
    if len(best) > 1:
        shown = " and ".join(f"{headers[one.index].strip()!r} (column {one.index + 1})" for one in best)
        raise InputError(
            f"{file}: {shown} could each be {name} ({BY_NAME[name].meaning}) of one and the same group across.",
            f'Name the first header of the right ones under [columns] in audit.toml: {name} = "{headers[best[0].index].strip()}"',
        )
    return best[0].index


def _refuse_if_modifier(file: str, odd: Sequence[str], name: str) -> None:
    """A modifier that may be any line's would make false findings, and so would its lack."""
    if not name.startswith("modifier_"):
        return
    raise InputError(
        f"{file} has claim lines as groups across, and modifiers that are not one for each group: {', '.join(odd)}.",
        "Export one line a row, or the modifiers of each group. If these hold for every line of their row, write under "
        "[columns] in audit.toml: " + ", ".join(f'modifier_{nth} = "{header}"' for nth, header in enumerate(odd[:4], 1)),
    )
