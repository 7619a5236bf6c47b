"""Modifier 59, its family and pairs of codes: MOD001 to MOD009, MOD011."""

from dataclasses import dataclass
from datetime import date

from tests.oracle_rules import codes
from tests.oracle_rules.explained import SEPARATE_PRACTITIONER
from tests.oracle_rules.lines import Export, Line
from tests.oracle_rules.regions import SPINE, regions
from tests.oracle_rules.results import Results
from tests.oracle_rules.visits import grouped

DOCUMENTATION = ("body_region", "area_minutes", "note_text", "start_time")
COLUMN_1_COUNTS_SINCE = date(2019, 7, 1)
OVERLAP_ALLOWED = 7


@dataclass
class Pair:
    """Two lines of one provider's day whose codes have an edit in force."""

    column_1: Line
    column_2: Line
    indicator: int

    @property
    def massage_and_manual(self) -> bool:
        """97140 with 97124."""
        return (self.column_1.code, self.column_2.code) == ("97140", "97124")

    @property
    def has_59(self) -> bool:
        """A modifier of the 59 family stands on either line."""
        return self.column_1.has(*codes.FAMILY_59) or self.column_2.has(*codes.FAMILY_59)

    @property
    def has_bypass(self) -> bool:
        """A modifier that separates the two stands where it counts."""
        return any(bypasses(line) for line in self._where_it_counts())

    @property
    def bears_bypass(self) -> bool:
        """Such a modifier stands on either line, be it where it does not count yet."""
        return bypasses(self.column_1) or bypasses(self.column_2)

    def _where_it_counts(self) -> list[Line]:
        on_both = self.column_1.day >= COLUMN_1_COUNTS_SINCE
        return [self.column_1, self.column_2] if on_both else [self.column_2]


def bypasses(line: Line) -> bool:
    """Does the line bear a modifier that separates it? 25 and the like belong to visits and surgery."""
    able = codes.FAMILY_59 | codes.ANATOMIC | (frozenset() if codes.therapy(line.code) else codes.OTHER_FIELDS)
    return line.has(*able)


def payer_day(line: Line) -> tuple[object, ...]:
    """Patient, date, provider, payer, order of coverage: the lines among which pairs are sought."""
    return line.patient, line.day, line.provider, line.payer.key, line.order, line.institutional


def pairs(day: list[Line]) -> list[Pair]:
    """The pairs in force among the lines of a provider's day; column 2 is never a denied line."""
    found = []
    for one in day:
        for two in day:
            indicator = codes.edit(one.code, two.code, one.day)
            if indicator is None or not two.live:
                continue
            # No hospital table is shipped; 97140 with 97124 is 0 in both.
            if not one.institutional or (one.code, two.code) == ("97140", "97124"):
                found.append(Pair(one, two, indicator))
    return found


def judge(export: Export, results: Results) -> None:
    """All rules of this module."""
    lines = [line for line in export.lines if not line.to_be_denied]
    mod001(export.lines, results)
    for line in lines:
        mod006_009_011(line, results)
    for day in grouped((line for line in lines if line.provider), payer_day):
        mod002(export, day, lines, results)
        mod007(day, lines, results)
        if day[0].payer.applies_edits:
            _judge_pairs(export, day, results)
        else:
            _skip_pairs(day, results)


def _skip_pairs(day: list[Line], results: Results) -> None:
    for pair in pairs(day):
        for rule in ("MOD003", "MOD008"):
            results.skip(rule, [pair.column_2])


def mod001(lines: list[Line], results: Results) -> None:
    """59 family without any other line by that provider (XP: by anybody) for that patient and date."""
    for day in grouped(lines, lambda line: (line.patient, line.day, line.order)):
        for line in day:
            others = [other for other in day if other is not line]
            if not line.has("XP"):
                others = [other for other in others if other.provider == line.provider]
            if line.has(*codes.FAMILY_59) and not others and not line.to_be_denied:
                results.flag_line("MOD001", line, "coding")


def mod002(export: Export, day: list[Line], lines: list[Line], results: Results) -> None:
    """59 family beside other codes, none of which has an edit with it; beside XP the others may be anybody's."""
    for line in day:
        if not line.has(*codes.FAMILY_59):
            continue
        separate = line.has("XP") and export.reads(SEPARATE_PRACTITIONER)
        if separate and not all(_treated_by_line_s_own(line, other) for other in export.of_date(line)):
            continue
        anybody = line.has("XP") and not separate
        others = [other for other in (_anybodys(line, lines) if anybody else day) if other.code != line.code]
        if not others or (line.payer.applies_edits and any(_edit_of(line, other) is not None for other in others)):
            continue
        unknown = line.institutional or not all(codes.covered(other.code) for other in [line, *others])
        if unknown or not line.payer.applies_edits:
            results.skip("MOD002", [line])
        else:
            results.flag_line("MOD002", line, "coding")


def _treated_by_line_s_own(line: Line, other: Line) -> bool:
    """Is it known that the one who gave this line gave the other too?"""
    return line is other or (line.rendering is not None and line.rendering == other.rendering)


def _anybodys(line: Line, lines: list[Line]) -> list[Line]:
    """Lines of anybody for that patient, date, payer and order of coverage."""
    wanted = (line.patient, line.day, line.payer.key, line.order)
    return [other for other in lines if (other.patient, other.day, other.payer.key, other.order) == wanted]


def _edit_of(line: Line, other: Line) -> int | None:
    if line.institutional and {line.code, other.code} != {"97140", "97124"}:
        return None
    found = codes.edit(line.code, other.code, line.day)
    return codes.edit(other.code, line.code, line.day) if found is None else found


def _judge_pairs(export: Export, day: list[Line], results: Results) -> None:
    knows_modifiers = export.knows_modifiers
    flagged: dict[str, list[Pair]] = {"MOD003": [], "MOD004": [], "MOD005": [], "MOD008": []}
    skipped: dict[str, list[Pair]] = {"MOD004": [], "MOD005": []}
    for pair in pairs(day):
        if pair.indicator == 0 and pair.bears_bypass:
            flagged["MOD003"].append(pair)
        if pair.indicator == 1 and pair.has_59:
            for rule, verdict in (("MOD004", _overlaps(pair)), ("MOD005", _undocumented(export, pair))):
                (flagged if verdict else skipped)[rule].extend([pair] if verdict is not False else [])
        if not pair.has_bypass and not pair.massage_and_manual and knows_modifiers:
            flagged["MOD008"].append(pair)
    for rule, found in flagged.items():
        _flag_column_2(rule, found, results)
        done = {pair.column_2.id for pair in found}
        for pair in skipped.get(rule, []):
            if pair.column_2.id not in done:
                results.skip(rule, [pair.column_2])


def _flag_column_2(rule: str, found: list[Pair], results: Results) -> None:
    """A finding for each column 2 line; where every column 1 line was denied it is a matter of coding."""
    for line in {pair.column_2.id: pair.column_2 for pair in found}.values():
        firsts = [pair.column_1 for pair in found if pair.column_2 is line]
        results.flag_line(rule, line, "over" if any(first.live for first in firsts) else "coding")


def _overlaps(pair: Pair) -> bool | None:
    """MOD004: the pair's one-on-one minutes do not fit their time on the clock; None where it cannot be judged."""
    one, two = pair.column_1, pair.column_2
    if one.code in codes.ADJUSTMENTS or {one.code, two.code} & codes.NOT_ONE_ON_ONE:
        return False
    if two.code in codes.RE_EVALUATIONS or one.clock is None or two.clock is None:
        return None
    return not _fits(one, two)


def _fits(one: Line, two: Line) -> bool:
    if one.clock is None or two.clock is None:
        return False
    joint = max(one.clock[1], two.clock[1]) - min(one.clock[0], two.clock[0])
    if one.minutes is not None and two.minutes is not None:
        return min(one.minutes, one.span or 0) + min(two.minutes, two.span or 0) <= joint
    return one.clock == two.clock or min(one.clock[1], two.clock[1]) - max(one.clock[0], two.clock[0]) <= OVERLAP_ALLOWED


def _areas(line: Line) -> tuple[frozenset[str], bool]:
    named, known = regions(line.cell("body_region"))
    timed, timed_known = regions(line.cell("area_minutes"))
    return named | timed, known and timed_known


def _undocumented(export: Export, pair: Pair) -> bool | None:
    """MOD005: documentation is there, and shows no separate block, area or encounter; None where it cannot be judged."""
    one, two = pair.column_1, pair.column_2
    if two.code in codes.RE_EVALUATIONS or not export.holds(*DOCUMENTATION):
        return None
    adjusted = one.code in codes.ADJUSTMENTS and two.code in codes.BESIDE_ADJUSTMENT
    (first, first_known), (second, second_known) = _areas(one), _areas(two)
    if one.code == "98942":
        first, first_known = first | SPINE, True
    areas_known = bool(first and second) and first_known and second_known
    if first_known and first and second - first:
        return False
    if not adjusted:
        encounters = one.cell("encounter_id"), two.cell("encounter_id")
        if all(encounters) and encounters[0] != encounters[1]:
            return False
        clocks_differ = bool(one.clock and two.clock) and one.clock != two.clock
        if clocks_differ and _fits(one, two):
            return False
        if clocks_differ and not (first or second):
            return True
    return True if areas_known else None


def mod007(day: list[Line], lines: list[Line], results: Results) -> None:
    """59 for a payer that prefers X, where the data shows which X fits; a line that bears one is MOD006's."""
    for line in day:
        if not line.has("59") or line.has("XE", "XS", "XP", "XU") or not line.payer.prefers_x:
            continue
        # Another practitioner of the practice is what XP says.
        others = [other for other in _anybodys(line, lines) if other.code != line.code and other.practice == line.practice]
        if line.payer.applies_edits:
            # Where no modifier is ever accepted no X fits either.
            others = [other for other in others if _edit_of(line, other) == 1]
        if any(_an_x_fits(line, other) for other in others):
            results.flag_line("MOD007", line, "coding")


def _an_x_fits(line: Line, other: Line) -> bool:
    """XP by another person, XS by another area, XU or XE by intervals that do not overlap."""
    if line.rendering and other.rendering and line.rendering != other.rendering:
        return True
    one, two = (line, other) if codes.edit(line.code, other.code, line.day) is not None else (other, line)
    if _has_area_of_its_own(one, two):
        return True
    if {line.code, other.code} & codes.ADJUSTMENTS and {line.code, other.code} & codes.BESIDE_ADJUSTMENT:
        return False
    if line.clock is None or other.clock is None:
        return False
    return max(line.clock[0], other.clock[0]) >= min(line.clock[1], other.clock[1])


def _has_area_of_its_own(one: Line, two: Line) -> bool:
    """Does column 2 name an area that column 1 lacks? One that is known and free is enough."""
    (first, first_known), (second, _) = _areas(one), _areas(two)
    if one.code == "98942":
        first = first | SPINE
    return first_known and bool(first and second - first)


def mod006_009_011(line: Line, results: Results) -> None:
    """59 beside an X; 59 on an office visit; a modifier of another field on a therapy line."""
    if line.has("59") and line.has("XE", "XS", "XP", "XU"):
        results.flag_line("MOD006", line, "coding")
    if line.has(*codes.FAMILY_59) and line.code in codes.OFFICE_VISITS:
        results.flag_line("MOD009", line, "coding")
    if line.has(*codes.OTHER_FIELDS) and codes.therapy(line.code):
        results.flag_line("MOD011", line, "coding")
