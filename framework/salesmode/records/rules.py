"""What must hold of a new row: references, choices, conditional `required`, validations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from salesmode.conditions.computed import with_sources
from salesmode.conditions.mentions import mentions
from salesmode.diagnostics import Message
from salesmode.diagnostics.messages import Text
from salesmode.model.condition import (
    ALWAYS,
    NEVER,
    Compare,
    Condition,
    Literal,
    RowValue,
    Through,
    both,
    either,
    negated,
)
from salesmode.model.field import Field
from salesmode.model.object import Validation
from salesmode.pipelines.gates import elsewhere, looks_at_place
from salesmode.records.atoms import Atom, Atoms
from salesmode.records.members import Members
from salesmode.records.subject import Subject
from salesmode.records.written import Written
from salesmode.tables.indexes import refers

_THERE = Compare("id", "isNull", Literal(False))


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition on the new row, and what is said where it fails.

    `about` names fields: the rule applies to a row in which one of them was written (None: to every row).
    `reach`: what the field refers to must be there for the caller, where the caller wrote it; what presets,
    defaults and nested creates refer to need not be readable. `of_place`: it looks at where the record
    stands, so of a row that moves it is told as what is in the way.
    """

    index: int
    code: str
    message: Text
    field: str | None
    about: frozenset[str] | None
    reach: bool = False
    of_place: bool = False

    def applies(self, row: Written) -> bool:
        if self.of_place and row.going is not None and row.going.passage.source is not None:
            return False
        if self.reach:
            return self.field in row.supplied - row.linked - row.given
        return self.about is None or not self.about.isdisjoint(row.values)


def rules(
    subject: Subject,
    atoms: Atoms,
    *,
    written: Iterable[str],
    supplied: Iterable[str],
    given: Iterable[str] = (),
) -> tuple[Rule, ...]:
    """The rules that a write of those fields may break; their conditions are added to the atoms. `given`: by
    plugins, which may refer to whatever is there.
    """
    touched = frozenset(written)
    found = [*_of_values(subject), *_of_record(subject)]
    return (
        *_reaching(subject, atoms, supplied),
        *_there(subject, atoms, given),
        *(
            Rule(
                atoms.index(condition),
                code,
                message,
                field,
                about,
                of_place=_of_place(subject, condition, about),
            )
            for condition, code, message, field, about in found
            if condition != ALWAYS and (about is None or about & touched)
        ),
    )


def _of_place(subject: Subject, condition: Atom, about: frozenset[str] | None) -> bool:
    if about is not None or isinstance(condition, Members) or not subject.pipelines:
        return False
    return looks_at_place(condition, subject.object)


def _reaching(subject: Subject, atoms: Atoms, supplied: Iterable[str]) -> Iterator[Rule]:
    """RULING 19."""
    for name in sorted(supplied):
        field = subject.object.fields[name]
        if field.to is not None:
            index = atoms.index(reaches(field, subject.rows(field.to)))
            yield Rule(index, "not_found", Message("not_found"), name, frozenset({name}), reach=True)


def _there(subject: Subject, atoms: Atoms, given: Iterable[str]) -> Iterator[Rule]:
    for name in sorted(given):
        field = subject.object.fields[name]
        if field.to is not None:
            index = atoms.index(reaches(field, ALWAYS))
            yield Rule(index, "not_found", Message("not_found"), name, frozenset({name}))


_Found = tuple[Atom, str, Text, str | None, frozenset[str] | None]


def _of_values(subject: Subject) -> Iterator[_Found]:
    for field in subject.stored:
        if field.where != ALWAYS and not field.system:
            about = with_sources(mentions(Through(field.name, field.where)), subject.object)
            yield reaches(field, field.where), "where", Message("where"), field.name, about
        for option in field.options:
            if option.when != ALWAYS:
                condition = either(negated(_is(field, option.name)), option.when)
                message = Message("option_when", {"value": option.label})
                yield (
                    condition,
                    "option_when",
                    message,
                    field.name,
                    with_sources(mentions(condition), subject.object),
                )


def _of_record(subject: Subject) -> Iterator[_Found]:
    for field in subject.stored:
        if field.tree:
            circle = Compare(field.name, "under", RowValue("id"))
            yield negated(circle), "circle", Message("circle"), field.name, frozenset({field.name})
    for field in subject.stored:
        if field.required not in {ALWAYS, NEVER}:
            condition = either(elsewhere(field), negated(field.required), negated(_empty(field)))
            yield condition, "required", Message("required"), field.name, None
    for validation in subject.object.validations:
        yield kept(validation), validation.name, validation.message, None, None


def kept(validation: Validation) -> Condition:
    """What holds of a record that the validation allows."""
    return either(negated(validation.when), validation.must)


def reaches(field: Field, where: Condition) -> Atom:
    """Empty, or a row that is really there: without `_THERE`, a row that is not counts as one of nulls."""
    assert field.to is not None
    if not refers(field):
        return Members(field.name, field.to, where)
    return either(_empty(field), Through(field.name, both(_THERE, where)))


def _is(field: Field, option: str) -> Condition:
    return Compare(field.name, "has" if field.type == "multi_choice" else "eq", Literal(option))


def _empty(field: Field) -> Condition:
    return Compare(field.name, "isNull", Literal(True))
