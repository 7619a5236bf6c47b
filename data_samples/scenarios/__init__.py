"""What is planted in the sample, one module a family. Each has plant(desk); new families go at the end of FAMILIES."""

from scenarios import (
    claims,
    clocks,
    copied_notes,
    documentation,
    families,
    groups,
    massage,
    medicare,
    medicare_limits,
    minute_records,
    modifiers,
    patterns,
    slips,
    time_records,
    time_units,
    unit_counts,
    wrong_hands,
)

FAMILIES = (
    time_units, time_records, modifiers, massage, medicare, documentation, claims, unit_counts, slips, minute_records,
    copied_notes, wrong_hands, groups, families,
    medicare_limits, clocks, patterns,
)  # fmt: skip

# The rules that the answer key covers. A scenario may know of findings by other rules; they join when their family does.
ANSWERED = {
    "TIM001", "TIM002", "TIM003", "TIM004", "TIM005", "TIM006", "MOD001", "MOD002", "MOD003", "MOD006", "MOD008",
    "MAN001", "MAN002", "MAN003", "MAN004", "MED001", "MED002", "MED003", "DOC001", "CLM001",
    "TIM007", "TIM008", "TIM011", "MOD009", "MAN006", "MAN007", "MAN008", "DOC002", "DOC003", "DOC004", "CLM002", "CLM003",
    "CLM004", "CLM005",
    "MED004", "MED005", "MED006", "MED007", "MED008", "MED009", "MED010", "MED011", "MED012",
    "TIM009", "TIM010", "TIM012", "TIM013", "TIM014", "TIM015", "TIM016", "MOD011",
    "MED013", "MED014", "MED015", "MED016", "MED017", "MED018", "CLM006", "CLM007", "DOC005", "MED020", "MOD004", "MOD005", "MOD007", "MOD010", "MAN005",
}  # fmt: skip
