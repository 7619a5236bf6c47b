"""Areas treated, compared by region: the words that the random exports use, and what region each means."""

import re

SPINE = frozenset({"cervical", "thoracic", "lumbar", "sacral", "pelvic"})
REGIONS = {
    "cervical": {"cervical"},
    "neck": {"cervical"},
    "c-spine": {"cervical"},
    "c3-c5": {"cervical"},
    "cervical spine": {"cervical"},
    "thoracic": {"thoracic"},
    "mid back": {"thoracic"},
    "upper back": {"thoracic"},
    "lumbar": {"lumbar"},
    "low back": {"lumbar"},
    "l4-5": {"lumbar"},
    "sacral": {"sacral"},
    "sacrum": {"sacral"},
    "pelvic": {"pelvic"},
    "pelvis": {"pelvic"},
    "si": {"pelvic"},
    "lumbosacral": {"lumbar", "sacral"},
    "full spine": set(SPINE),
    "shoulder": {"shoulder"},
    "knee": {"knee"},
    "hip": {"hip"},
    "elbow": {"elbow"},
    "wrist": {"wrist"},
    "ankle": {"ankle"},
}


def regions(text: str | None) -> tuple[frozenset[str], bool]:
    """Regions of a cell, and whether every area in it is known."""
    areas = [area.split(":")[0].strip().lower() for area in re.split(r"[;,]", text or "")]
    found: set[str] = set()
    known = True
    for area in filter(None, areas):
        found |= REGIONS.get(area, set())
        known = known and area in REGIONS
    return frozenset(found), known
