"""A column whose header says hours: each is 60 minutes."""

from audit.intake.columns.assignments import Assignment, Draft


def is_hours(draft: Draft, header: str) -> bool:
    """Whether a header says that its column holds hours of a line."""
    return draft.names.means(header, "minutes", "hours")


def take(draft: Draft) -> None:
    """Read the one column of hours as minutes, where no column of minutes stands or may stand."""
    if "minutes" in draft.chosen or "minutes" in draft.doubts:
        return
    places = [index for index, header in enumerate(draft.headers) if is_hours(draft, header)]
    if len(places) == 1 and places[0] not in draft.taken():
        header = draft.headers[places[0]]
        draft.chosen["minutes"] = Assignment(
            "minutes", places[0], header, "its header says hours; each is 60 minutes", 0.9, reader="parse_hours"
        )
