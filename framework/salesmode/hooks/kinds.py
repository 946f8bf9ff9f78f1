"""Kinds of metadata that a plugin brings: their grammar, and how a document becomes a value of the Model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from salesmode.model.computed import Formula
from salesmode.model.condition import Condition, Value
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.object import Object

Path = tuple[str | int, ...]
"""From the top of a document: `("rules", 0, "when")`."""
FieldsByObject = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Declarations of fields as in YAML, by name, by the object that gets them."""


class Reader(Protocol):
    """Reads the parts of one document with the names of the app. What is wrong is reported at its place, with
    a near name where there is one, and the part comes back as None (a condition as one that never holds); all
    that is wrong in a document is reported in one run. A part that is not there is None (a condition one that
    always holds): what must be there is said by the schema. What `build` raises after something was reported
    is not told.
    """

    @property
    def name(self) -> str:
        """The document's name."""

    @property
    def data(self) -> Mapping[str, Any]:
        """The document as plain data, as its schema allows it."""

    @property
    def objects(self) -> Mapping[str, Object]:
        """Every object of the app by name: those of core are always there."""

    def documents(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """The plain data of every document of that kind, by name."""

    def object(self, path: Path) -> Object | None:
        """The object whose name stands there."""

    def field(self, path: Path, object: Object) -> Field | None:
        """The field of `object` whose name stands there."""

    def role(self, path: Path) -> str | None:
        """The role whose name stands there."""

    def document(self, path: Path, kind: str) -> str | None:
        """The name of another document of that kind, which stands there."""

    def condition(self, path: Path, object: Object, *, record: Object | None = None) -> Condition:
        """The condition there, about rows of `object`. `$record.FIELD` in it are fields of a second record,
        of `record`, whose values are given when the condition is asked (`Desk.read(…, record=…)`).
        """

    def formula(self, path: Path, object: Object, result: str) -> Formula | None:
        """The expression there, about rows of `object`; `result` is the type of field that it must give."""

    def values(self, path: Path, object: Object) -> Mapping[str, Value]:
        """The values there, by field of `object`: what a write is to set."""

    def label(self, path: Path) -> Label:
        """The label there, or one made of the document's name."""

    def report(self, path: Path, message: str, hint: str | None = None) -> None:
        """Something is wrong at that place: what, and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataKind:
    """`kind: NAME`. `schema` is the JSON Schema of a document, `kind` and `name` apart; every property has a
    description; it may refer to `common.schema.json#/$defs/condition`, `…/label`, `…/duration`.

    `lists`: keys of lists whose items have names and merge by them. `fields`: what its documents add to the
    objects that they name: from the plain data of all of them to fields by object, as in YAML; what the
    object's own document says of such a field goes before it. `build` makes the value that stands in
    `Model.extensions[NAME]` under the document's name: a frozen value.
    """

    name: str
    schema: Mapping[str, Any]
    build: Callable[[Reader], object]
    lists: frozenset[str] = field(default_factory=frozenset)
    fields: Callable[[Sequence[Mapping[str, Any]]], FieldsByObject] = lambda _: {}
