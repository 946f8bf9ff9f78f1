"""What the hooks of compile time gave: looked at once, so that everybody after can rely on it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from salesmode.fieldtypes import FIELD_TYPES, FieldType
from salesmode.fieldtypes.masks import MASKS
from salesmode.fieldtypes.registry import derived_from
from salesmode.hooks.kinds import MetadataKind
from salesmode.hooks.masks import MaskType
from salesmode.plugins.asking import Failed, asked, shown
from salesmode.plugins.faults import PluginFault, nonsense, raised
from salesmode.plugins.grammar import schema_fault, schema_names
from salesmode.plugins.implementations import Implementation

_COMPUTED = ("formula", "rollup")
_DERIVABLE = ("text", "long_text", "integer", "big_integer", "decimal", "percent", "email", "phone", "url")
_NAME = re.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Brought:
    """By the name of the plugin; only what is right."""

    kinds: Mapping[str, tuple[MetadataKind, ...]] = field(default_factory=dict)
    layers: Mapping[str, Path] = field(default_factory=dict)
    types: Mapping[str, tuple[FieldType, ...]] = field(default_factory=dict)
    masks: Mapping[str, tuple[MaskType, ...]] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Collection:
    """Asks the hooks of compile time; `faults` is what was wrong with the answers."""

    def __init__(self, hooks: Mapping[str, tuple[Implementation, ...]]) -> None:
        self._hooks = hooks
        self.faults: list[PluginFault] = []

    def brought(self) -> Brought:
        """What all plugins gave; a name that two of them give is the first one's."""
        return Brought(
            kinds=self._unique("metadata_kinds", MetadataKind, schema_names(), _kind_fault),
            layers=dict(self._layers()),
            types=self._unique("field_types", FieldType, (*FIELD_TYPES, *_COMPUTED), _type_fault),
            masks=self._unique("masks", MaskType, MASKS),
            settings=dict(self._settings()),
        )

    def _answers(self, hook: str) -> Iterator[tuple[str, Any]]:
        for plugin, call in self._hooks[hook]:
            answer = asked(call)
            if isinstance(answer, Failed):
                self.faults.append(raised(plugin, hook, answer.why))
            else:
                yield plugin, answer

    def _listed(self, hook: str, wanted: type) -> Iterator[tuple[str, tuple[Any, ...]]]:
        for plugin, answer in self._answers(hook):
            wrong = _no_sequence_of(wanted, answer)
            if wrong:
                self.faults.append(nonsense(plugin, hook, wrong))
            else:
                yield plugin, tuple(answer)

    def _unique(
        self,
        hook: str,
        wanted: type,
        taken: Iterable[str],
        further: Callable[[Any], str | None] = lambda _: None,
    ) -> Mapping[str, tuple[Any, ...]]:
        """Those of a proper name that nobody before has, and with nothing else wrong."""
        owners = dict.fromkeys(taken, "the engine")
        kept: dict[str, tuple[Any, ...]] = {}
        for plugin, values in self._listed(hook, wanted):
            for each in values:
                wrong = _name_fault(each.name, owners) or further(each)
                if wrong:
                    self.faults.append(nonsense(plugin, hook, wrong))
                else:
                    owners[each.name] = f"the plugin '{plugin}'"
                    kept[plugin] = (*kept.get(plugin, ()), each)
        return kept

    def _layers(self) -> Iterator[tuple[str, Path]]:
        for plugin, answer in self._answers("metadata_layer"):
            if isinstance(answer, str) and Path(answer).is_dir():
                yield plugin, Path(answer)
            else:
                what = f"the path of a folder is expected, not {shown(answer)}"
                self.faults.append(nonsense(plugin, "metadata_layer", what))

    def _settings(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for plugin, answer in self._answers("settings_schema"):
            wrong = schema_fault(answer)
            if wrong:
                self.faults.append(nonsense(plugin, "settings_schema", wrong))
            else:
                yield plugin, answer


def _no_sequence_of(wanted: type, answer: object) -> str | None:
    if not isinstance(answer, Sequence):
        return f"a sequence of {wanted.__name__} is expected, not {shown(answer)}"
    strange = [shown(each) for each in answer if not isinstance(each, wanted)]
    return f"each of them is to be a {wanted.__name__}, not {strange[0]}" if strange else None


def _name_fault(name: object, owners: Mapping[str, str]) -> str | None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return f"{shown(name)} is no name in snake_case"
    return f"'{name}' is brought by {owners[name]} too" if name in owners else None


def _type_fault(type_: FieldType) -> str | None:
    """The engine knows how to store, compare and show values of its own types, and what derives from them."""
    kind = derived_from(type_)
    if kind not in _DERIVABLE:
        return f"the type '{type_.name}' has to derive from one of {', '.join(_DERIVABLE)}"
    base = FIELD_TYPES[kind]
    same = ("scalar", "operators", "many", "selectable", "orderable")
    if any(getattr(type_, each) != getattr(base, each) for each in same):
        return f"the type '{type_.name}' has another {' or '.join(same)} than '{kind}', from which it derives"
    return None


def _kind_fault(kind: MetadataKind) -> str | None:
    wrong = schema_fault(kind.schema)
    return wrong and f"the schema of the kind '{kind.name}': {wrong}"
