"""What plugins add to one app, its API, its console and its timed work: asked once, with every name and type
looked at.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from salesmode.diagnostics import did_you_mean
from salesmode.fieldtypes import field_type
from salesmode.hooks.api import ApiField, GraphFields, InputType, OutputType, RecordField, Target
from salesmode.model.app import Model
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.model.published import BUILT_IN_MUTATIONS, BUILT_IN_QUERIES, BUILT_IN_TYPES, RECORD_NAMES
from salesmode.model.role import ADMIN
from salesmode.plugins.added import Added, Additions, AnyType
from salesmode.plugins.asking import Failed, asked, shown
from salesmode.plugins.faults import PluginFault, nonsense, raised
from salesmode.plugins.manager import plugins_of
from salesmode.plugins.panels import panels_of
from salesmode.plugins.works import works_of
from salesmode.plugins.written_types import BadType, KnownTypes

HOOK = "graph_fields"
RIGHTS = ("update", "delete", "share", "transfer", "merge")

_FIELD = re.compile("[a-z][A-Za-z0-9]*")
_TYPE = re.compile("[A-Z][A-Za-z0-9]*")
_ID, _IDS = "ID!", "[ID!]!"

_KEPT = 16
_known: OrderedDict[str, Additions] = OrderedDict()


def additions_of(model: Model) -> Additions:
    """What the plugins of the app add, asked once for each version of it. An app with `faults` does not
    compile.
    """
    if model.version not in _known:
        _known[model.version] = _Gathering(model).additions()
        if len(_known) > _KEPT:
            _known.popitem(last=False)
    return _known[model.version]


class _Gathering:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.faults: list[PluginFault] = []
        self.known = KnownTypes(model, {})

    def additions(self) -> Additions:
        given = list(self._given())
        published = self.model.published
        written = ((plugin, each.types) for plugin, each in given)
        types = self._named(_TYPE, "type", written, {*BUILT_IN_TYPES, *published.types})
        self.known = KnownTypes(self.model, {name: each.given for name, each in types.items()})
        queries = ((plugin, each.queries) for plugin, each in given)
        mutations = ((plugin, each.mutations) for plugin, each in given)
        return Additions(
            queries=self._roots("query", queries, {*BUILT_IN_QUERIES, *published.queries}),
            mutations=self._roots("mutation", mutations, {*BUILT_IN_MUTATIONS, *published.mutations}),
            fields=self._fields([(plugin, each.fields) for plugin, each in given]),
            types={
                name: replace(each, given=made)
                for name, each in types.items()
                if (made := self._type(each)) is not None
            },
            panels=tuple(panels_of(self.model, self.faults)),
            works=tuple(works_of(self.model, self.faults)),
            faults=tuple(self.faults),
        )

    def _given(self) -> Iterator[tuple[str, GraphFields]]:
        for plugin, call in plugins_of(self.model.app.plugins).calls(HOOK):
            answer = asked(partial(call, model=self.model))
            if isinstance(answer, Failed):
                self.faults.append(raised(plugin, HOOK, answer.why))
                continue
            wrong = _wrong_parts(answer)
            if wrong is None:
                yield plugin, answer
            else:
                self._report(plugin, wrong)

    def _named(
        self, legal: re.Pattern[str], what: str, given: Iterable[tuple[str, Iterable[Any]]], taken: set[str]
    ) -> Mapping[str, Added[Any]]:
        """Those of a legal name that nobody else has."""
        found: dict[str, Added[Any]] = {}
        for plugin, each in ((plugin, each) for plugin, several in given for each in several):
            if not legal.fullmatch(each.name):
                self._report(plugin, f"'{each.name}' is no name for a {what}")
            elif each.name in taken:
                self._report(plugin, f"the {what} '{each.name}' is there already")
            elif each.name in found:
                owner = found[each.name].plugin
                self._report(plugin, f"the {what} '{each.name}' is brought by the plugin '{owner}' too")
            else:
                found[each.name] = Added(plugin, each)
        return found

    def _type(self, added: Added[AnyType]) -> AnyType | None:
        given, direction = added.given, "in" if isinstance(added.given, InputType) else "out"
        if isinstance(given, InputType) and given.object is not None and not self._owned(added.plugin, given):
            return None
        if not given.fields:
            self._report(added.plugin, f"the type '{given.name}' has no fields")
        right = self._members(added.plugin, given.name, given.fields, direction)
        return replace(given, fields=right) if right else None

    def _owned(self, plugin: str, given: InputType) -> bool:
        """Whether its fields are those of the object that it names."""
        object_ = self.model.objects.get(str(given.object))
        if object_ is None:
            self._report(plugin, f"'{given.name}': {self._no_object(str(given.object))}")
            return False
        strange = [each for each in given.fields if each not in map(camel, object_.fields)]
        for each in strange:
            self._report(plugin, f"'{given.name}.{each}' is no field of '{object_.name}'")
        return not strange

    def _members(
        self, plugin: str, owner: str, members: Mapping[str, str], direction: Any
    ) -> Mapping[str, str]:
        """Those of a legal name and type."""
        found = {}
        for name, type_ in members.items():
            written = self._written(plugin, f"{owner}.{name}", type_, direction)
            if not _FIELD.fullmatch(name):
                self._report(plugin, f"'{owner}.{name}' is no legal name")
            elif written is not None:
                found[name] = written
        return found

    def _roots(
        self, what: str, given: Iterable[tuple[str, Iterable[ApiField]]], taken: set[str]
    ) -> Mapping[str, Added[ApiField]]:
        named = self._named(_FIELD, what, given, taken)
        checked = {name: self._root(each) for name, each in named.items()}
        return {name: replace(named[name], given=each) for name, each in checked.items() if each is not None}

    def _root(self, added: Added[ApiField]) -> ApiField | None:
        plugin, given = added.plugin, added.given
        answer = self._written(plugin, given.name, given.answer, "out")
        aim = {} if given.target is None else {given.target.argument: _ID}
        arguments = self._members(plugin, given.name, {**aim, **given.arguments}, "in")
        wrong = [*self._wrong_target(given.target, arguments), *self._wrong_roles(given)]
        for each in wrong:
            self._report(plugin, f"'{given.name}': {each}")
        return replace(given, answer=answer, arguments=arguments) if answer and not wrong else None

    def _wrong_target(self, target: Target | None, arguments: Mapping[str, str]) -> Iterator[str]:
        if target is None:
            return
        if target.object not in self.model.objects:
            yield self._no_object(target.object)
        if arguments.get(target.argument, _ID) not in (_ID, _IDS):
            yield f"the argument '{target.argument}' is the id of a record, '{_ID}', or a list, '{_IDS}'"
        if target.right is not None and target.right not in RIGHTS:
            yield f"there is no right '{target.right}'; there are {', '.join(RIGHTS)}"

    def _wrong_roles(self, given: ApiField) -> Iterator[str]:
        for role in sorted(given.roles or ()):
            if role not in self.model.roles and role != ADMIN:
                yield f"there is no role '{role}'" + _hint(role, self.model.roles)

    def _fields(
        self, given: Iterable[tuple[str, Iterable[RecordField]]]
    ) -> Mapping[str, Mapping[str, Added[RecordField]]]:
        by_object: dict[str, list[tuple[str, list[RecordField]]]] = {}
        for plugin, each in ((plugin, each) for plugin, several in given for each in several):
            if each.object in self.model.objects:
                by_object.setdefault(each.object, []).append((plugin, [each]))
            else:
                self._report(plugin, f"'{each.name}': {self._no_object(each.object)}")
        return {name: self._of_object(self.model.objects[name], each) for name, each in by_object.items()}

    def _of_object(
        self, described: Object, given: Iterable[tuple[str, Iterable[RecordField]]]
    ) -> Mapping[str, Added[RecordField]]:
        taken = {*RECORD_NAMES, *map(camel, described.fields), *map(camel, described.inverses)}
        named = self._named(_FIELD, f"field of {described.name}", given, taken)
        checked = {name: self._field(each, described) for name, each in named.items()}
        return {name: replace(named[name], given=each) for name, each in checked.items() if each is not None}

    def _field(self, added: Added[RecordField], described: Object) -> RecordField | None:
        given, plugin = added.given, added.plugin
        answer = self._written(plugin, f"{described.name}.{given.name}", given.answer, "out")
        wrong = [*_wrong_needs(given, described)]
        if answer is not None and answer.endswith("!"):
            wrong.append(f"'{answer}' cannot be: it is null where a needed field is hidden")
        for each in wrong:
            self._report(plugin, f"'{described.name}.{given.name}': {each}")
        return replace(given, answer=answer) if answer and not wrong else None

    def _written(self, plugin: str, where: str, type_: str, direction: Any) -> str | None:
        """The type, or None after a report."""
        try:
            return self.known.checked(type_, direction)
        except BadType as error:
            self._report(plugin, f"'{where}': {error}")
            return None

    def _no_object(self, name: str) -> str:
        return f"there is no object '{name}'" + _hint(name, self.model.objects)

    def _report(self, plugin: str, what: str) -> None:
        self.faults.append(nonsense(plugin, HOOK, what))


def _wrong_parts(answer: object) -> str | None:
    """What is not of the type that it must be."""
    if not isinstance(answer, GraphFields):
        return f"GraphFields are expected, not {shown(answer)}"
    wanted: tuple[tuple[str, type | tuple[type, ...]], ...] = (
        ("queries", ApiField),
        ("mutations", ApiField),
        ("fields", RecordField),
        ("types", (OutputType, InputType)),
    )
    for part, type_ in wanted:
        several = getattr(answer, part)
        if not isinstance(several, Sequence) or not all(isinstance(each, type_) for each in several):
            return f"`{part}` cannot be {shown(several)}"
    return None


def _wrong_needs(given: RecordField, described: Object) -> Iterator[str]:
    for name in given.needs:
        if name not in described.fields:
            yield f"there is no field '{described.name}.{name}'" + _hint(name, described.fields)
        elif not field_type(described.fields[name].type).selectable:
            yield f"'{described.name}.{name}' can be read by nobody"


def _hint(name: str, known: Iterable[str]) -> str:
    near = did_you_mean(name, list(known))
    return f" ({near})" if near else ""
