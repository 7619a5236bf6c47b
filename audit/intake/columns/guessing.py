"""The steps of a mapping that look at values: doubled headers, useless ones, clock times. Every guess is said to be one."""

from collections.abc import Sequence

from audit.contract import REQUIRED
from audit.intake.columns import by_value, merged_cells
from audit.intake.columns.assignments import Assignment, Draft
from audit.intake.columns.by_value import Fit
from audit.intake.columns.contradictions import against, field_of
from audit.intake.columns.headers import Candidate, candidates
from audit.intake.columns.names import normalized

_SETTLED_CONFIDENCE = 0.8
# Columns of which a warning would say what nobody asked: an activity that is no mark is any other column.
_QUIET = frozenset(
    {
        "is_deleted", "member_id", "procedure_code", "modifier_1", "claim_status", "line_status", "denial_reason", "service_date",
        "service_date_to",
    }
)  # fmt: skip


def fitting(draft: Draft, options: Sequence[Candidate]) -> list[Candidate]:
    """Those of the fields of one column's names against which their cells say nothing; what they say of others is told."""
    kept = []
    for option in options:
        header = draft.headers[option.index]
        told_by_value = any(
            draft.names.means(header, option.name, meaning) for meaning in ("told_by_value", "active", "reversal")
        )
        patients = _patients(draft) if told_by_value else None  # nothing else is told by them
        field = field_of(draft.headers, draft.sample, option.index, patients)
        reason = merged_cells.against(draft, option) or against(option.name, field, told_by_value)
        if not reason:
            kept.append(option)
        elif option.name not in _QUIET:
            draft.warnings.append(f"{draft.file}: {draft.shown(option.index)} {reason}: it was not read as {option.name}.")
    return kept


def _patients(draft: Draft) -> int | None:
    """The field of the patients' numbers, as far as it is known by now."""
    chosen = draft.chosen.get("patient_id")
    if chosen is not None:
        return chosen.index if chosen.index >= 0 else None
    found = candidates(draft.headers, draft.names).get("patient_id", ())
    return found[0].index if found else None


def settle_twins(draft: Draft, options: Sequence[Candidate]) -> bool:
    """Whether one of several columns of one and the same header was taken, because it alone holds the right values."""
    if len({normalized(draft.headers[option.index]) for option in options}) > 1:
        return False
    name = options[0].name
    fit = by_value.only_one_that_fits(name, draft.sample, [option.index for option in options])
    if fit is None:
        return False
    chosen = next(option for option in options if option.index == fit.index)
    what = by_value.shape_in_words(name)
    because = f"; of the {len(options)} columns of that name, column {fit.index + 1} alone holds {what}"
    draft.assign(chosen, because, _SETTLED_CONFIDENCE)
    draft.warnings.append(
        f"{draft.file} has the header {draft.headers[fit.index].strip()!r} {len(options)} times: "
        f"column {fit.index + 1} was taken for {name}, because it alone holds {what}."
    )
    return True


def guess(draft: Draft) -> None:
    """Fill columns that no header names from the one field that holds such values; two such fields are asked about."""
    for name in by_value.GUESSED:
        if name in draft.chosen or name in draft.doubts:
            continue
        fits = by_value.fitting(name, draft.headers, draft.sample, draft.free())
        if len(fits) == 1:
            _take(draft, name, fits[0], "the only column left that holds")
        elif fits and name in REQUIRED:
            draft.doubts[name] = [fit.index for fit in fits]
        elif fits:
            _leave(draft, name, fits)
    _guess_clock(draft)


def _guess_clock(draft: Draft) -> None:
    if any(name in draft.chosen or name in draft.doubts for name in ("start_time", "end_time")):
        return
    fits = by_value.clock_columns(draft.headers, draft.sample, draft.free())
    if len(fits) != 2:
        return
    order = by_value.earlier_first(draft.sample, [fit.index for fit in fits])
    if order is None:
        shown = " and ".join(draft.shown(fit.index) for fit in fits)
        draft.warnings.append(
            f"{draft.file}: {shown} hold clock times, but neither is the earlier in every row; they were not read. "
            "Name them under [columns] in audit.toml if they are start_time and end_time."
        )
        return
    by_index = {fit.index: fit for fit in fits}
    _take(
        draft, "start_time", by_index[order[0]], "of the two columns left, the one with the earlier time in each row, that hold"
    )
    _take(draft, "end_time", by_index[order[1]], "of the two columns left, the one with the later time in each row, that hold")


def _take(draft: Draft, name: str, fit: Fit, why: str) -> None:
    what = by_value.shape_in_words(name)
    header = draft.headers[fit.index]
    how = f"{why} {what} ({fit.fits} of {fit.cells} cells looked at)"
    draft.chosen[name] = Assignment(name, fit.index, header, how, fit.confidence)
    draft.warnings.append(
        f"{draft.file}: {draft.shown(fit.index)} was taken for {name}, because it holds {what}. "
        f"If that is wrong, name the right one under [columns] in audit.toml."
    )


def _leave(draft: Draft, name: str, fits: Sequence[Fit]) -> None:
    shown = " and ".join(draft.shown(fit.index) for fit in fits)
    either = " or ".join(f'"{draft.address(fit.index)}"' for fit in fits)
    draft.warnings.append(
        f"{draft.file}: {shown} each hold {by_value.shape_in_words(name)}, so none was read as {name}. "
        f"Say which, under [columns] in audit.toml: {name} = {either}."
    )
