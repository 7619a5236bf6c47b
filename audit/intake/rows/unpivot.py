"""A wide file as a raw table of one claim line a row: each group across that holds something is a row of its own.

The long table has the file's own fields in their places. A group's column stands in the field of its first group; the
fields of the other groups are empty. `place` is the group's number, 0 for a row of the file none of whose groups holds
anything: it stays, so that it can be rejected and counted.
"""

from audit.intake.columns.group_cells import holds
from audit.intake.columns.groups import Groups
from audit.intake.raw import Field, RawTable

_EMPTY = "CAST(NULL AS VARCHAR)"


def unpivoted(table: RawTable, groups: Groups) -> RawTable:
    """The long table. It has a row number of its own, so the order in which it is read does not matter."""
    inside = groups.indices()
    shared = [index for index in range(len(table.fields)) if index not in inside]
    texts = "".join(f", {table.fields[index].text} AS f{index}" for index in shared)
    names = "".join(f", f{index}" for index in shared)
    leads = {name: groups.lead(name) for name in groups.fields}
    parts = "".join(f", part.f{lead} AS f{lead}" for lead in leads.values())
    lined = ", ".join(_group(table, groups, place) for place in range(1, groups.count + 1))
    nothing = ", ".join(["place: 0", *(f"f{lead}: {_EMPTY}" for lead in leads.values())])
    held = " OR ".join(holds(name, f"part.f{lead}") for name, lead in leads.items())
    relation = f"""(
        SELECT export_row, part.place AS place{names}{parts}
        FROM (
            SELECT export_row{names}, unnest(CASE WHEN len(held) > 0 THEN held ELSE [{{{nothing}}}] END) AS part
            FROM (
                SELECT {table.row_number} AS export_row{texts}, list_filter([{lined}], lambda part: {held}) AS held
                FROM {table.relation}
            )
        )
    )"""
    kept = set(shared) | set(leads.values())
    fields = tuple(Field(field.header, f"f{index}" if index in kept else _EMPTY) for index, field in enumerate(table.fields))
    return RawTable(
        relation=relation,
        fields=fields,
        source_row="export_row",
        broken=table.broken,
        place="place",
        ahead=table.ahead,
    )


def _group(table: RawTable, groups: Groups, place: int) -> str:
    cells = (f"f{groups.lead(name)}: {table.fields[fields[place]].text}" for name, fields in groups.fields.items())
    return f"{{place: {place}, {', '.join(cells)}}}"
