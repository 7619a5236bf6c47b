"""A line's modifiers: from one cell each, from one cell that holds them all, or from behind the procedure code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.intake.columns.mapping import Assignment
from audit.intake.raw import RawTable
from audit.intake.rows.values import cell_of, text_of, tidied, usual_modifier

MODIFIERS = tuple(f"modifier_{place}" for place in range(1, 5))


@dataclass(frozen=True, slots=True)
class Modifiers:
    """The cells that modifiers are read from, each once, and for each modifier the place of its own among them (0: none)."""

    cells: tuple[str, ...]
    owners: tuple[Assignment, ...]
    places: Mapping[str, int]
    has_code: bool

    @classmethod
    def of(cls, table: RawTable, assignments: Sequence[Assignment]) -> "Modifiers":
        """Those of a mapping."""
        texts = {a.name: text_of(table, a) for a in assignments if a.name in MODIFIERS}
        owners = {text: a for a in reversed(assignments) if (text := texts.get(a.name))}
        distinct = list(dict.fromkeys(texts.values()))
        cells = tuple(cell_of(table, owners[text]) for text in distinct)
        places: dict[str, int] = {}
        for name, text in texts.items():
            place = distinct.index(text) + 1
            # One column for all four is the first one's; what more it holds is parted.
            places[name] = 0 if place in places.values() else place
        has_code = any(a.name == "procedure_code" and a.index >= 0 for a in assignments)
        return cls(cells, tuple(owners[text] for text in distinct), places, has_code)

    def quick(self) -> dict[str, str]:
        """SQL for the modifiers that are read from their cells at once, by the names of the cells: "modifiers_1"."""
        numbered = enumerate(self.owners, start=1)
        return {f"modifiers_{place}": usual_modifier(one, f"cell_modifiers_{place}") for place, one in numbered}

    def texts(self) -> list[str]:
        """SQL for the tidy texts of the cells."""
        numbered = [(f"modifiers_{place}", one) for place, one in enumerate(self.owners, start=1)]
        return [
            f"coalesce(quick_{name}, CASE WHEN cell_{name} IS NOT NULL THEN {tidied(one, f'cell_{name}')} END) AS text_{name}"
            for name, one in numbered
        ]

    def several(self) -> str:
        """SQL for a line's modifiers as a list where a cell may hold more than one, NULL where each holds one at most."""
        simple = [f"coalesce(strlen({raw}) <= 2, TRUE)" for raw in self._raws()]
        if self.has_code:
            # A code that was read at once has no text beside it, and nothing behind it.
            simple.append("coalesce(text_procedure_code = value_procedure_code, text_procedure_code IS NULL)")
        if not simple:
            return "CAST(NULL AS VARCHAR[])"
        code = "text_procedure_code" if self.has_code else "CAST(NULL AS VARCHAR)"
        cells = f"CAST([{', '.join(self._raws())}] AS VARCHAR[])"
        return f"CASE WHEN {' AND '.join(simple)} THEN NULL ELSE modifiers_of({cells}, {code}) END"

    def value(self, name: str) -> str:
        """SQL for one modifier."""
        own = self.places.get(name, 0)
        alone = f"coalesce(quick_modifiers_{own}, parse_modifier(text_modifiers_{own}))" if own else "CAST(NULL AS VARCHAR)"
        return f"CASE WHEN modifier_list IS NULL THEN {alone} ELSE modifier_list[{MODIFIERS.index(name) + 1}] END"

    def _raws(self) -> list[str]:
        return [f"text_modifiers_{place}" for place in range(1, len(self.cells) + 1)]
