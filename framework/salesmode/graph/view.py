"""Model and Policy as the schema needs them: which members of an object a type may name.

Every builder asks here, so a name that the policy does not grant never exists in the schema, in no message
and no suggestion.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from salesmode.access.policy import FieldPolicy, ObjectPolicy, Policy
from salesmode.fieldtypes import FieldType, field_type
from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.names import camel
from salesmode.model.object import Inverse, Object
from salesmode.model.published import Published
from salesmode.plugins import Additions
from salesmode.queries.references import REFERENCES


@dataclass(frozen=True)
class View:
    """What one policy may see of one model, and of what its plugins add."""

    model: Model
    policy: Policy
    additions: Additions

    @property
    def published(self) -> Published:
        """The model's derived names, granted or not."""
        return self.model.published

    @cached_property
    def locale(self) -> str:
        """The language of descriptions."""
        return self.model.app.locales[0]

    @cached_property
    def _writable(self) -> dict[tuple[str, str], Mapping[str, Field]]:
        return {}

    def granted(self, described: Object) -> ObjectPolicy:
        """What the policy grants on an object: composed now, so asked when its members are wanted."""
        return self.policy.objects[described.name]

    def readable(self, name: str) -> bool:
        """Whether some rows of the object may be read."""
        return name in self.policy.readable

    def outputs(self, granted: ObjectPolicy) -> Iterable[tuple[str, FieldPolicy | Inverse]]:
        """What may be selected of a record, by GraphQL name. A relation leads to what is readable."""
        return granted.members.items()

    def comparable(self, granted: ObjectPolicy) -> Iterable[tuple[str, Field]]:
        """What may filter, order, group and aggregate (RULING 18)."""
        return granted.comparable.items()

    def inverses(self, granted: ObjectPolicy) -> Iterator[tuple[str, Inverse]]:
        """The to-many relations."""
        for name, member in self.outputs(granted):
            if isinstance(member, Inverse):
                yield name, member

    def ordered(self, granted: ObjectPolicy) -> Iterator[tuple[str, Field]]:
        """What has an order of its own, references not."""
        for name, field in self.comparable(granted):
            if field.type not in REFERENCES and kind_of(field).orderable:
                yield name, field

    def writable(self, granted: ObjectPolicy, operation: str) -> Mapping[str, Field]:
        """The fields of an input of `create` or `update`, by GraphQL name."""
        key = (granted.object.name, operation)
        if key not in self._writable:
            fields = granted.writable(operation).items()
            self._writable[key] = {camel(name): field for name, field in fields}
        return self._writable[key]

    def said(self, label: Label, help: Label | None = None) -> str:
        """A description: the label, and the help where there is one."""
        text = label.text(self.locale)
        return f"{text}: {help.text(self.locale)}" if help else text


def kind_of(field: Field) -> FieldType:
    """The field's type."""
    return field_type(field.type)
