"""Cells that are merged over several rows: what is the visit's holds for each of its lines, but an amount of it is no line's."""

from audit.errors import InputError
from audit.intake.columns.assignments import Draft
from audit.intake.columns.groups import ONCE_A_ROW
from audit.intake.columns.headers import Candidate, candidates


def tell(draft: Draft) -> None:
    """Say that merged cells count for each of their rows. InputError where the codes themselves are merged.

    A code over several rows leaves open whether they are several lines of one code or one line that is several rows high.
    """
    if not draft.merged:
        return
    codes = {option.index for option in candidates(draft.headers, draft.names).get("procedure_code", ())}
    if "procedure_code" in draft.chosen:
        codes = {draft.chosen["procedure_code"].index}
    if shared := sorted(codes & draft.merged):
        raise InputError(
            f"{draft.file}: cells of {draft.shown(shared[0])} are merged over several rows, so it cannot be told which rows are "
            "claim lines.",
            "Take the merging off that column (in Excel: Home, Merge & Center, Unmerge Cells), or export one row a line.",
        )
    shown = ", ".join(repr(draft.headers[index].strip()) for index in sorted(draft.merged) if draft.headers[index].strip())
    draft.warnings.append(f"{draft.file}: cells merged over several rows were read for each of these rows, under {shown}.")


def against(draft: Draft, option: Candidate) -> str:
    """Why a field with merged cells is not the column that its header names, "" where nothing says so."""
    if option.index not in draft.merged or option.name not in ONCE_A_ROW:
        return ""
    return "holds cells merged over several rows, the visit's and no line's"
