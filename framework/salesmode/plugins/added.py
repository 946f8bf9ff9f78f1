"""What plugins add to one app, with the plugin that each part is of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from salesmode.hooks.api import ApiField, InputType, OutputType, RecordField
from salesmode.hooks.jobs import TimedWork
from salesmode.hooks.shell import Panel
from salesmode.plugins.faults import PluginFault

T = TypeVar("T")
AnyType: TypeAlias = OutputType | InputType


@dataclass(frozen=True, slots=True)
class Added(Generic[T]):
    """Something of one plugin; its types are written as the schema writes them."""

    plugin: str
    given: T


@dataclass(frozen=True)
class Additions:
    """Everything that is right. `fields`: by object, then by name. `faults`: what is not, and is left out."""

    queries: Mapping[str, Added[ApiField]] = field(default_factory=dict)
    mutations: Mapping[str, Added[ApiField]] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, Added[RecordField]]] = field(default_factory=dict)
    types: Mapping[str, Added[AnyType]] = field(default_factory=dict)
    panels: tuple[Added[Panel], ...] = ()
    works: tuple[Added[TimedWork], ...] = ()
    faults: tuple[PluginFault, ...] = ()
