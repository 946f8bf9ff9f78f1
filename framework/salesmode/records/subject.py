"""One object as one caller may write it: what every statement of this room is rendered for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy import Table

from salesmode.access.policy import Policy, WriteGrant
from salesmode.access.scope import PolicyScope, SystemScope
from salesmode.conditions.scope import Source
from salesmode.database.statement import Dialect
from salesmode.diagnostics import Message, Refusal
from salesmode.model.condition import ALWAYS, NEVER, Condition
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, STAGE, Pipeline
from salesmode.pipelines.movers import roles_asked
from salesmode.tables import Tables

OWNER = "owner"
"""The field of an owned object that says whose a record is."""

WriteScope = SystemScope | PolicyScope

# The engine counts these: only the system (and so import) may give them a value.
_NUMBERED = "auto_number"


@dataclass(frozen=True)
class Subject:
    """An object and the rights to it. Equal by `key`, so that what is rendered for it can be cached.

    `policy` is None for the system, which may do everything (and write what is read-only).
    """

    key: tuple[str, ...]
    object: Object = field(compare=False, repr=False)
    tables: Tables = field(compare=False, repr=False)
    policy: Policy | None = field(compare=False, repr=False)

    @property
    def dialect(self) -> Dialect:
        return self.tables.dialect

    @cached_property
    def system(self) -> SystemScope:
        """The scope in which conditions of the metadata hold (RULING 9)."""
        return SystemScope(self.tables)

    @cached_property
    def scope(self) -> WriteScope:
        """The scope of the caller, in which the caller's own conditions hold."""
        return self.system if self.policy is None else PolicyScope(self.tables, self.policy)

    @cached_property
    def table(self) -> Table:
        return self.tables.table(self.object.name)

    @cached_property
    def source(self) -> Source:
        """The object's table under its own name."""
        return Source(self.object, self.table)

    @cached_property
    def pipelines(self) -> Mapping[str, Pipeline]:
        """Those of the object, by name, in order."""
        return {each.name: each for each in self.tables.model.pipelines_of(self.object.name)}

    @cached_property
    def roles(self) -> frozenset[str] | None:
        """The caller's roles as stages ask for them; None: they do not."""
        return roles_asked(self.tables.model, self.policy)

    @cached_property
    def stored(self) -> tuple[Field, ...]:
        """The fields that have a column."""
        return tuple(each for each in self.object.fields.values() if each.column in self.table.c)

    def of(self, object_name: str) -> "Subject":
        """The same caller and another object; Refusal BAD_REQUEST where the caller knows no such object."""
        return _subject(self.tables, self.policy, object_name)

    def rows(self, object_name: str) -> Condition:
        """Which living rows of an object the caller may see."""
        if self.policy is None:
            return ALWAYS
        granted = self.policy.objects.get(object_name)
        return NEVER if granted is None else granted.rows

    def grants(self, operation: str) -> tuple[WriteGrant, ...]:
        """The rights to `create`, `update`, `delete` or `transfer`, by role; none: nobody's operation.

        A transfer writes the owner and nothing else, whoever may write that otherwise (RULING 16).
        """
        if self.policy is None:
            return (self._everything,)
        granted: tuple[WriteGrant, ...] = getattr(self.policy.objects[self.object.name], operation)
        if operation == "transfer":
            return tuple(replace(each, fields={OWNER: ALWAYS}) for each in granted)
        return granted

    @property
    def moves(self) -> Condition:
        """Which rows the caller may move to another stage."""
        return ALWAYS if self.policy is None else self.policy.objects[self.object.name].moves

    def tags(self, name: str) -> Condition:
        """On which rows the caller may set that tag."""
        if self.policy is None:
            return ALWAYS
        granted = self.policy.objects[self.object.name].tags.get(name)
        return NEVER if granted is None else granted.write

    @cached_property
    def _everything(self) -> WriteGrant:
        fields = {each.name: ALWAYS for each in self.stored if not each.system and not each.computed}
        return WriteGrant("system", self.object.span, fields=fields)

    def writable(self, operation: str) -> frozenset[str]:
        """The fields that an input may name; any other name is unknown (RULING 20)."""
        if self.policy is None:
            fields = self.object.fields
            return frozenset(
                name for name in self._everything.fields if not fields[name].kept or _chosen(name, operation)
            )
        return frozenset(self.policy.objects[self.object.name].writable(operation))

    def readonly(self, name: str, operation: str) -> bool:
        """Whether a field that roles grant is still not the caller's to write (RULINGS 29, 46)."""
        described = self.object.fields[name]
        if described.kept and _chosen(name, operation):
            return False
        computed = described.readonly or described.system or described.type == _NUMBERED
        return self.policy is not None and computed

    def named(self, name: str) -> bool:
        """Whether an answer to this caller may name the field: it is readable on some row, or writable."""
        if self.policy is None:
            return True
        return self.policy.objects[self.object.name].names(name)

    def told(self, described: Field) -> Condition:
        """On which visible rows the caller may know the field's own value. A secret is known to nobody."""
        if described.type == "secret":
            return NEVER
        if self.policy is None:
            return ALWAYS
        granted = self.policy.objects[self.object.name].fields.get(described.name)
        return NEVER if granted is None else granted.clear

    def comparable(self, name: str) -> bool:
        """Whether the caller may read the field's own value on some row."""
        if self.policy is None:
            return True
        granted = self.policy.objects[self.object.name].fields.get(name)
        return granted is not None and granted.comparable


def _chosen(name: str, operation: str) -> bool:
    """Of what the engine keeps: where a new record begins is said by whoever creates it."""
    return operation == "create" and name in (PIPELINE, STAGE)


def subject_of(scope: WriteScope, object_name: str) -> Subject:
    """Refusal BAD_REQUEST where the caller knows no such object."""
    return _subject(scope.tables, scope.policy if isinstance(scope, PolicyScope) else None, object_name)


def _subject(tables: Tables, policy: Policy | None, object_name: str) -> Subject:
    known = tables.model.objects if policy is None else policy.objects
    if object_name not in known:
        raise Refusal("BAD_REQUEST", Message("unknown_name", {"name": object_name}))
    caller = "" if policy is None else policy.key
    key = (tables.model.version, tables.dialect, caller, object_name)
    return Subject(key, tables.model.objects[object_name], tables, policy)
