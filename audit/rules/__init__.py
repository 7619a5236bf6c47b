"""Rule files in, a proven catalogue out: what each rule says, reads and rests on."""

from audit.rules.catalogue import READABLE, FrontMatter, Param, Rule, as_json, choose, find, load, with_values

__all__ = ["READABLE", "FrontMatter", "Param", "Rule", "as_json", "choose", "find", "load", "with_values"]
