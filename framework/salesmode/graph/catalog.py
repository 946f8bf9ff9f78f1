"""Every type that one policy's schema has, by name, as a Blueprint: the one source of graphene types,
introspection and the printed schema.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from salesmode.graph.blueprint import Blueprint, named_in
from salesmode.graph.built_in import built_in
from salesmode.graph.derived import blueprint_of
from salesmode.graph.library import LIBRARY_TYPES, library_blueprint
from salesmode.graph.roots import ROOTS
from salesmode.graph.view import View


@dataclass(frozen=True, slots=True)
class Described:
    """A type with its members, made once."""

    blueprint: Blueprint
    members: Mapping[str, Any]

    def mentioned(self) -> Iterator[str]:
        """The types that it leads to, as they are written."""
        yield from self.blueprint.possible()
        yield from self.blueprint.interfaces
        if self.blueprint.form == "enum":
            return
        for member in self.members.values():
            yield member.type
            for argument in member.args.values():
                yield argument.type


@dataclass(frozen=True)
class Catalog:
    """The types of one view. Nothing is kept: a thousand objects have thirty thousand types."""

    view: View

    def blueprint(self, name: str) -> Blueprint | None:
        """The type of that name; None where the policy shows none."""
        if name in ROOTS:
            return ROOTS[name].blueprint(self.view)
        if name in LIBRARY_TYPES:
            return library_blueprint(LIBRARY_TYPES[name])
        derived = self.view.published.types.get(name)
        return built_in(name, self.view) if derived is None else blueprint_of(self.view, name, derived)

    def described(self, name: str) -> Described | None:
        """The type of that name with its members."""
        blueprint = self.blueprint(name)
        return Described(blueprint, blueprint.members()) if blueprint else None

    def reachable(self) -> Iterator[Described]:
        """All types that can be reached from the roots, breadth first, so that a chain of types of any length
        is walked.
        """
        waiting = deque((*ROOTS, "__Schema"))
        seen, written = set(waiting), set[str]()
        while waiting:
            found = self.described(waiting.popleft())
            if found is None:
                continue
            yield found
            for each in found.mentioned():
                if each not in written:
                    written.add(each)
                    if (name := named_in(each)) not in seen:
                        seen.add(name)
                        waiting.append(name)
