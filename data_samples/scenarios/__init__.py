"""What is planted in the sample, one module a family. Each has plant(desk); new families go at the end of FAMILIES."""

from scenarios import modifiers, time_records, time_units

FAMILIES = (time_units, time_records, modifiers)
