"""The schemas by kind, with every `$ref` followed once, so that validating follows none."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from referencing import Registry
from referencing.jsonschema import DRAFT202012

from salesmode.compiler.validator.contributed import (
    Schema,
    layer_schemas,
    settings_schema,
    whole_schemas,
    with_types,
)
from salesmode.fieldtypes.registry import derived_from
from salesmode.plugins import Plugins
from salesmode.resources import schemas_dir

Schemas = Mapping[str, Schema]

_SUFFIX = ".schema.json"
_COMMON = f"common{_SUFFIX}"
_FIELD = f"field{_SUFFIX}"
_NOT_CHECKED = frozenset({"$schema", "$id", "$defs", "$comment", "title", "examples"})
_BY_NAME = frozenset({"properties", "patternProperties", "dependentSchemas"})
_ANNOTATIONS = frozenset({"$ref", "description", "deprecated", *_NOT_CHECKED})


@cache
def shipped_schemas() -> Schemas:
    """The linked schemas of the engine's own kinds."""
    return _link(_shipped())


@cache
def schemas_with(plugins: Plugins) -> Schemas:
    """The same, and those of the plugins' kinds, as one layer may write them."""
    return _link(_with(plugins)) if plugins.names else shipped_schemas()


def published(plugins: Plugins) -> Schemas:
    """Every schema by name, as it is written: what is common to kinds among them."""
    return {name.removesuffix(_SUFFIX): schema for name, schema in _with(plugins).items()}


def _with(plugins: Plugins) -> Mapping[str, Schema]:
    kinds = [each for own in plugins.brought.kinds.values() for each in own]
    types = {each.name: derived_from(each) for own in plugins.brought.types.values() for each in own}
    return {**_shipped(), _FIELD: with_types(_shipped()[_FIELD], types), **_files(layer_schemas(kinds))}


@cache
def whole_schemas_of(plugins: Plugins) -> Schemas:
    """The schemas of the plugins' kinds for documents of all layers together."""
    kinds = [each for own in plugins.brought.kinds.values() for each in own]
    return _link({_COMMON: _shipped()[_COMMON], **_files(whole_schemas(kinds))})


@cache
def settings_schemas_of(plugins: Plugins) -> Schemas:
    """By plugin the schema of its settings."""
    own = {name: settings_schema(each) for name, each in plugins.brought.settings.items()}
    return _link({_COMMON: _shipped()[_COMMON], **_files(own)}, wanted=lambda name, _: name in own)


def _files(schemas: Schemas) -> Mapping[str, Schema]:
    return {f"{kind}{_SUFFIX}": schema for kind, schema in schemas.items()}


@cache
def _shipped() -> Schemas:
    texts = {path.name: path.read_text(encoding="utf-8") for path in schemas_dir().glob(f"*{_SUFFIX}")}
    return {name: json.loads(text) for name, text in sorted(texts.items())}


def _is_kind(_: str, schema: Schema) -> bool:
    return "kind" in schema.get("properties", {})


def _link(documents: Mapping[str, Schema], wanted: Callable[[str, Schema], bool] = _is_kind) -> Schemas:
    """From schemas by file name to linked schemas by name; what is not wanted is only referred to."""
    resources = [(name, DRAFT202012.create_resource(schema)) for name, schema in documents.items()]
    registry: Registry[Schema] = Registry().with_resources(resources)
    linker = _Linker()
    return {
        name.removesuffix(_SUFFIX): linker.link(schema, registry.resolver(name))
        for name, schema in documents.items()
        if wanted(name.removesuffix(_SUFFIX), schema)
    }


class _Linker:
    """Replaces each reference by what it refers to. The result may contain itself, as conditions do."""

    def __init__(self) -> None:
        self._linked: dict[
            int, tuple[Schema, Schema]
        ] = {}  # the source is kept, so that its id stays its own

    def link(self, node: Any, resolver: Any) -> Any:
        if isinstance(node, list):
            return [self.link(each, resolver) for each in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return self._follow(node, resolver)
        if id(node) not in self._linked:
            linked: Schema = {}
            self._linked[id(node)] = (node, linked)
            linked.update(self._keywords(node, resolver))
        return self._linked[id(node)][1]

    def _keywords(self, node: Schema, resolver: Any) -> Schema:
        """The schema's own keywords; below some of them stand names, which are no keywords."""
        return {
            key: (
                {name: self.link(inner, resolver) for name, inner in each.items()}
                if key in _BY_NAME
                else self.link(each, resolver)
            )
            for key, each in node.items()
            if key not in _NOT_CHECKED
        }

    def _follow(self, node: Schema, resolver: Any) -> Any:
        found = resolver.lookup(node["$ref"])
        target = self.link(found.contents, found.resolver)
        beside = {key: each for key, each in node.items() if key not in _ANNOTATIONS}
        return {"allOf": [target, self.link(beside, resolver)]} if beside else target
