"""What a file must have and has not, and what is asked of the user: one sentence for each, with what to write where."""

from collections.abc import Collection, Mapping, Sequence

from audit.contract import BY_NAME, PAYER_COLUMNS, REQUIRED
from audit.errors import InputError, MissingFieldsError
from audit.intake.columns.assignments import Draft, Question
from audit.intake.columns.likely import likely_each, may_be_shown
from audit.intake.columns.names import normalized
from audit.intake.columns.private import is_private

# Intake can number the lines of a claim itself, in the order of the file.
_MADE_BY_INTAKE = frozenset({"claim_line_number"})
_MOST_SHOWN = 40
PAYER = "payer"
_PERSONS = frozenset({"client", "patient", "patientname", "clientname", "ptname", "membername", "name"})
_INSTEAD = {
    "claim_id": "Without claim numbers, the number of the visit, encounter or invoice serves: what is billed together shares it.",
    "patient_id": "Any number that is one patient's alone serves: chart, account or member number.",
    "units": 'Only where every line of the export is one unit, write units = "1" under [constants].',
    "procedure_code": "Without the codes that were billed there is nothing to audit: export them as well.",
    "service_date": "It is the day of treatment; the date of posting or billing is no stand-in for it.",
}
_ONE_PAYER = 'Where the whole export is one payer\'s, name it under [constants]: payer_name = "Medicare Part B".'


def missing_fields(have: Collection[str]) -> tuple[tuple[str, ...], bool]:
    """The required columns that are not among `have`, and whether no column names the payer."""
    missing = tuple(name for name in REQUIRED if name not in have and name not in _MADE_BY_INTAKE)
    return missing, not any(name in have for name in PAYER_COLUMNS)


def refuse_where_unclear(draft: Draft, constants: Mapping[str, str]) -> None:
    """InputError with all that is to be asked of the user: fields that could each fill a column, and what is not there.

    MissingFieldsError is raised where something that an audit needs is missing.
    """
    have = {*draft.chosen, *draft.doubts, *constants, *(question.name for question in draft.questions)}
    missing, payer = missing_fields(have)
    if not draft.doubts and not draft.questions and not missing and not payer:
        return
    said, hints = _doubts(draft)
    for question in draft.questions:
        said.append(question.sentence)
        hints += question.mend
    if missing or payer:
        fields = [f"{name} ({BY_NAME[name].meaning})" for name in missing]
        if payer:
            fields.append(f"a payer ({', '.join(PAYER_COLUMNS[:-1])} or {PAYER_COLUMNS[-1]})")
        said.append(f"{draft.file} has no column for {'; '.join(fields)}. Its headers are: {_shown(draft)}.")
        hints += _mends(draft, missing, payer)
        raise MissingFieldsError("\n".join(said), "\n".join(hints), (*missing, *((PAYER,) if payer else ())))
    raise InputError("\n".join(said), "\n".join(hints))


def questions_of(draft: Draft) -> tuple[Question, ...]:
    """Columns that several fields could fill, each with a line for audit.toml."""
    asked = []
    for name, indices in draft.doubts.items():
        shown = " and ".join(draft.shown(index) for index in indices)
        sentence = f"{draft.file}: {shown} could each be {name} ({BY_NAME[name].meaning})."
        addresses = tuple(draft.address(index) for index in indices)
        first, *others = (f'"{one}"' for one in addresses)
        asked.append(Question(name, addresses, sentence, (f"  {name} = {first}  # or {', '.join(others)}",)))
    return tuple(asked)


def _doubts(draft: Draft) -> tuple[list[str], list[str]]:
    """The same for one refusal: all sentences, then all lines."""
    asked = questions_of(draft)
    said = [question.sentence for question in asked]
    lines = [line for question in asked for line in question.mend]
    hints = ["Say which, under [columns] in audit.toml:", *lines] if lines else []
    if any("#" in draft.address(index) for indices in draft.doubts.values() for index in indices):
        hints.append("The number behind # tells columns of one header apart, counted from the left.")
    return said, hints


def _mends(draft: Draft, missing: Sequence[str], payer: bool) -> list[str]:
    guesses = likely_each((*missing, *(PAYER_COLUMNS[:1] if payer else ())), draft.left())
    lines = [f'  {name} = "{header}"' for name, header in guesses.items() if header]
    example = missing[0] if missing else PAYER_COLUMNS[0]
    mends = [f'Name the column that holds it under [columns] in audit.toml: {example} = "<header>"']
    if lines:
        mends = ["Name the columns that hold them under [columns] in audit.toml. Most likely:", *lines]
    mends.append("`claims-audit init` drafts that file.")
    for name in missing:
        mends.append(f"{name}: {_INSTEAD[name]}" if name in _INSTEAD else "")
        if name == "patient_id":
            mends.append(_name_instead(draft))
        if name == "claim_id":
            mends.append(_visit_instead(draft))
    if payer:
        mends.append(f"payer: {_ONE_PAYER}")
    return [mend for mend in mends if mend]


def _shown(draft: Draft) -> str:
    """The headers that are surely headers; of the others only how many there are, for they may be a patient's."""
    named = [header.strip() for header in draft.headers if header.strip()]
    sure = [one for one in named if draft.names.is_known(one) or is_private(one) or may_be_shown(one)][:_MOST_SHOWN]
    more = len(named) - len(sure)
    return ", ".join(sure) + (f"{' and ' if sure else ''}{more} more" if more else "" if sure else "none")


def _visit_instead(draft: Draft) -> str:
    """What stands for a claim where nothing numbers claims or visits: the user may say so, intake does not."""
    patient, day = draft.chosen.get("patient_id"), draft.chosen.get("service_date")
    who = draft.address(patient.index) if patient is not None and patient.index >= 0 else _person(draft)
    if not who or day is None or day.index < 0:
        return ""
    joined = f"{who} + {draft.address(day.index)}"
    return f'If nothing numbers them, each patient and day may stand for one claim: claim_id = "{joined}".'


def _person(draft: Draft) -> str:
    """The header of a column of patients' names, "" where there is none."""
    names = [index for index, header in enumerate(draft.headers) if is_private(header) and normalized(header) in _PERSONS]
    return draft.address(names[0]) if names else ""


def _name_instead(draft: Draft) -> str:
    """Where only a name tells patients apart, say that the user may choose it; intake does not do so by itself."""
    person = _person(draft)
    if not person:
        return ""
    return f'{person!r} holds names and is not loaded; to tell patients apart by it, write patient_id = "{person}".'
