"""Headers with a number in them, "CPT 1", "Units_2", "Line 3 Mod 2": which contract column of which group they name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.contract import BY_NAME, Kind
from audit.intake.columns.names import ALIAS, OWN_NAME, Names, normalized

_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+")
_ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th"})
# "Line 1 CPT", "CPT 1 Units": the word before the number says only what is counted.
_COUNTED = frozenset(
    {"line", "service", "svc", "srv", "item", "charge", "procedure", "proc", "cpt", "hcpcs", "code", "entry", "treatment", "tx"}
)
# Words that say enough where they stand in a group, and too little alone.
_IN_GROUPS = {"code": "procedure_code", "servicecode": "procedure_code", "min": "minutes", "fee": "charge_amount"}
# A claim line's own columns: only these can stand once for each group. Others say more than one thing when numbered
# ("Insurance 2" is the second payer, "Dx 2" the claim's second diagnosis) and need the group's word before the number.
_OF_A_LINE = frozenset(
    {
        "procedure_code", "units", "minutes", "start_time", "end_time", "charge_amount", "allowed_amount", "paid_amount",
        "service_date", "service_date_to", "note_text", "area_minutes", "body_region", "techniques", "clinical_justification",
        "treatment_response", "modifier_1",
    }
)  # fmt: skip
_OF_A_LINE_WITH_ITS_WORD = frozenset({"diagnosis_1"})
# A line's own where there is one for each group ("NPI 1" to "NPI 13" beside "CPT 1" to "CPT 13"), and anything else where not.
ONE_FOR_EACH = frozenset(
    {"rendering_npi", "rendering_taxonomy", "place_of_service", "cms_processing_indicator", "cms_denial_code"}
)
_SLOTS = {"modifier": 4, "diagnosis": 12}
_LETTERS = "abcd"
# What a group must have beside its code, so that numbered codes alone (an institutional claim's ICD procedures) are none.
MEASURES = frozenset({"units", "minutes"} | {name for name, column in BY_NAME.items() if column.kind is Kind.MONEY})


@dataclass(frozen=True, slots=True)
class Numbered:
    """Field `index` may be contract column `name` of group `number`; `base` is its header without the number.

    `has_slot` tells "Line 1 Mod 2", where the number of the modifier is stated, from "Mod 2", where it may be the group's.
    """

    index: int
    name: str
    number: int
    tier: int
    base: str
    has_slot: bool = False


def numbered_headers(headers: Sequence[str], own: Mapping[str, str], names: Names) -> list[Numbered]:
    """The headers with a number that name a claim line's column.

    `own` maps the user's names (normalized, without their numbers) to columns, or to "" where they are no groups;
    `names` are the names that headers are known by.
    """
    found = (_read(index, header, own, names) for index, header in enumerate(headers))
    return [one for one in found if one is not None]


def base_of(header: str) -> str:
    """A header without its numbers, normalized: what "CPT 1" and "CPT 2" share."""
    return normalized("".join(word for word in _TOKEN.findall(header) if not word.isdigit()))


def _read(index: int, header: str, own: Mapping[str, str], names: Names) -> Numbered | None:
    words = _words(header)
    places = [place for place, word in enumerate(words) if word.isdigit()]
    if not places or len(places) > 2:
        return None
    before, number, after = words[: places[0]], int(words[places[0]]), words[places[0] + 1 :]
    slot = int(words[places[1]]) if len(places) == 2 else None
    after = [word for word in after if not word.isdigit()]
    if slot is None and len(after) == 1 and after[0].casefold() in _LETTERS and before:
        slot, after = _LETTERS.index(after[0].casefold()) + 1, []
    for named, with_word in ((before + after, False), (after, True)):
        if with_word and not (after and len(before) == 1 and before[0].casefold() in _COUNTED):
            continue
        for name, tier in _columns(named, own, names, with_word):
            full = _with_slot(name, slot)
            if full:
                return Numbered(index, full, number, tier, base_of(header), slot is not None)
    return None


def _words(header: str) -> list[str]:
    """The words and numbers of a header, without what follows the number of an ordinal: "1st" is 1."""
    words: list[str] = []
    for word in _TOKEN.findall(header):
        if not (words and words[-1].isdigit() and word.casefold() in _ORDINAL_ENDS):
            words.append(word)
    return words


def _columns(words: Sequence[str], own: Mapping[str, str], names: Names, with_word: bool) -> list[tuple[str, int]]:
    key = normalized("".join(words))
    if key in own:
        return [(own[key], OWN_NAME)] if own[key] else []
    allowed = _OF_A_LINE | ONE_FOR_EACH | (_OF_A_LINE_WITH_ITS_WORD if with_word else frozenset())
    known = [(name, tier) for name, tier in names.of("".join(words)) if name in allowed]
    return known or ([(_IN_GROUPS[key], ALIAS)] if key in _IN_GROUPS else [])


def _with_slot(name: str, slot: int | None) -> str:
    """The column with the number of its place: a second modifier is modifier_2; nothing else has places."""
    if slot is None:
        return name
    stem = name.rpartition("_")[0]
    return f"{stem}_{slot}" if 1 <= slot <= _SLOTS.get(stem, 0) else ""
