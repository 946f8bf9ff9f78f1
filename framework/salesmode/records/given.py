"""Values that plugins give rows before they are written: held to what any input is held to.

A value that is none of its field's, and a field that nobody may give a value to, are the plugin's own
mistake; one that is too long, or that the row's pipeline does not have, is told like the caller's.
"""

from collections.abc import Mapping

from salesmode.diagnostics import Problem
from salesmode.fieldtypes import Invalid
from salesmode.model.pipeline import PIPELINE
from salesmode.plugins import shown
from salesmode.records.desks.calling import Code
from salesmode.records.people import unfit as unfit_for_people
from salesmode.records.shape import Accepted, accepted, misfit, required
from salesmode.records.stages import unfit
from salesmode.records.subject import Subject, subject_of
from salesmode.records.written import Written


def taken(
    subject: Subject, row: Written, given: Mapping[str, object], code: Code, problems: list[Problem]
) -> dict[str, object]:
    """The canonical values; what is wrong with them goes to the problems."""
    known = accepted(subject_of(subject.system, subject.object.name), "update")
    values = {name: _canonical(known, name, value, code) for name, value in given.items()}
    for name, value in values.items():
        found = () if value is None else known[name].type.check(known[name].field, value)
        wrong = (*found, *unfit_for_people(subject, name, value))
        problems += [misfit(subject, row.path, name, each) for each in wrong]
    problems += required(subject, values, row.path)
    pipeline = subject.pipelines.get(str(row.now(PIPELINE)))
    if pipeline is not None:
        problems += unfit(subject, pipeline, values, row.old, row.path)
    return values


def _canonical(known: Mapping[str, Accepted], name: str, value: object, code: Code) -> object:
    if name not in known:
        raise code.nonsense(f"it sets '{name}', which is no field that can be given a value")
    try:
        return None if value is None else known[name].type.parse(known[name].field, value)
    except Invalid as invalid:
        raise code.nonsense(f"it sets '{name}' to {shown(value)}: {invalid.code}") from invalid
