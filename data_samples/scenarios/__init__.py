"""What is planted in the sample, one module a family. Each has plant(desk); new families go at the end of FAMILIES."""

from scenarios import claims, documentation, massage, medicare, modifiers, time_records, time_units

FAMILIES = (time_units, time_records, modifiers, massage, medicare, documentation, claims)

# The rules that the answer key covers. A scenario may know of findings by other rules; they join when their family does.
ANSWERED = {
    "TIM001", "TIM002", "TIM003", "TIM004", "TIM005", "TIM006", "MOD001", "MOD002", "MOD003", "MOD006", "MOD008",
    "MAN001", "MAN002", "MAN003", "MAN004", "MED001", "MED002", "MED003", "DOC001", "CLM001",
}  # fmt: skip
