"""Two documents of one kind and name become one: the upper says what differs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from salesmode.compiler.layering.items import Source, Target, item_name, placed
from salesmode.compiler.layering.layered import Overridden
from salesmode.compiler.located import Document, Path, Tables
from salesmode.diagnostics import Collector, Span, did_you_mean

_DIRECTIVES = frozenset({"$remove", "$replace", "$after"})
_SUCCESSOR = "replaced_by"
WHOLE = frozenset({"where", "must", "when", "check", "mask", "default"})
"""Keys of a single value that happens to be a mapping: a condition is not and-ed with the one it replaces."""


class Removal(NamedTuple):
    """What `$remove` took away: its path with items by name, where it was declared, where it is removed."""

    said: Path
    declared: Span
    place: Span


class Merger:
    """Merges one document; `overridden` and `removed` tell afterwards what the lower one lost.

    `named`: keys of lists whose items merge by name.
    """

    def __init__(
        self,
        layer: str,
        collector: Collector,
        overridden: Mapping[Path, tuple[Overridden, ...]],
        named: frozenset[str],
    ) -> None:
        self._layer = layer
        self._collector = collector
        self._named = named
        self._tables = Tables()
        self.overridden = dict(overridden)
        self.removed: list[Removal] = []

    def merge(self, lower: Document | None, upper: Document) -> Document:
        """The merged document; without a lower one the upper, freed of the words that steer merging."""
        below = Source(lower, lower.data, ()) if lower else None
        data = self._value(below, Source(upper, upper.data, ()), Target())
        refused = upper.refused | (lower.refused if lower else frozenset())
        return Document(data, self._tables.keys, self._tables.values, refused)

    def _value(self, low: Source | None, up: Source, to: Target) -> Any:
        key = to.keyword
        if isinstance(up.value, dict) and "$add" in up.value:
            return self._added(low, up.child("$add"), to)
        if low is None:
            return self._alone(up, key, to)
        if self._merged_by_key(low, up, key):
            return self._mapping(low, up, to)
        if isinstance(low.value, list) and isinstance(up.value, list) and key in self._named:
            return self._items(low, up, to)
        self._override(low, up, to)
        return self._alone(up, key, to)

    def _merged_by_key(self, low: Source, up: Source, key: str) -> bool:
        both = isinstance(low.value, dict) and isinstance(up.value, dict)
        return both and key not in WHOLE and not up.marked("$replace")

    def _alone(self, up: Source, key: str, to: Target) -> Any:
        if isinstance(up.value, dict) and key not in WHOLE:
            return self._mapping(None, up, to)
        if isinstance(up.value, list) and key in self._named:
            return self._items(None, up, to)
        return self._tables.take(up.document, up.path, to.path)

    def _mapping(self, low: Source | None, up: Source, to: Target) -> dict[str, Any]:
        """The place of a mapping is where it was first declared."""
        self._note(low or up, to)
        below = {key: low.child(key) for key in low.value} if low else {}
        above = {key: up.child(key) for key in up.value if key not in _DIRECTIVES}
        names = self._order(below, above, to)
        return {name: self._either(below.get(name), above.get(name), to.child(name)) for name in names}

    def _items(self, low: Source | None, up: Source, to: Target) -> list[Any]:
        self._note(low or up, to)
        below = self._by_name(low) if low else {}
        above = self._by_name(up)
        names = self._order(below, above, to)
        return [
            self._item(below.get(name), above.get(name), to.item(index, name))
            for index, name in enumerate(names)
        ]

    def _item(self, low: Source | None, up: Source | None, to: Target) -> Any:
        """A scalar only names an item, and keeps what is said of it below."""
        if low and up and not isinstance(up.value, dict):
            return self._tables.take(low.document, low.path, to.path)
        if low and up and not isinstance(low.value, dict):
            return self._value(None, up, to)
        return self._either(low, up, to)

    def _either(self, low: Source | None, up: Source | None, to: Target) -> Any:
        if up is not None:
            return self._value(low, up, to)
        assert low is not None
        return self._tables.take(low.document, low.path, to.path)

    def _by_name(self, source: Source) -> dict[str, Source]:
        found: dict[str, Source] = {}
        for index, value in enumerate(source.value):
            name, item = item_name(value), source.child(index)
            if name in found:
                self._twice(name, item, found[name])
            else:
                found[name] = item
        return found

    def _twice(self, name: str, second: Source, first: Source) -> None:
        self._collector.error(
            "SM403",
            f"'{name}' stands twice in the list",
            _name_place(second),
            hint="remove one of them",
            related=(_name_place(first),),
        )

    def _order(self, below: dict[str, Source], above: dict[str, Source], to: Target) -> list[str]:
        """Names in order: those below keep their place, new ones follow, `$after` moves, `$remove` drops."""
        names = [*below]
        for name, up in list(above.items()):
            if up.marked("$remove"):
                self._remove(name, names, below, above.pop(name), to)
                if _SUCCESSOR in up.value:  # says where records go that still have it: no item, and yet kept
                    below.pop(name, None)
                    above[name] = up
                    names.append(name)
            elif name not in below:
                names.append(name)
        for name, up in above.items():
            if isinstance(up.value, dict) and "$after" in up.value:
                self._place(name, names, up)
        return names

    def _place(self, name: str, names: list[str], up: Source) -> None:
        after = up.value["$after"]
        if after == name or not placed(names, name, after):
            place = up.document.value_place((*up.path, "$after"))
            hint = did_you_mean(after, names)
            self._collector.error("SM406", f"there is no '{after}' to stand after", place, hint=hint)

    def _remove(self, name: str, names: list[str], below: dict[str, Source], up: Source, to: Target) -> None:
        place = up.document.place(up.path)
        if name not in below:
            if _SUCCESSOR in up.value:
                return
            message = f"'{name}' cannot be removed: no layer below '{self._layer}' has it"
            hint = did_you_mean(name, names)
            self._collector.warning("SM404", message, place, hint=hint)
            return
        names.remove(name)
        lost = below[name]
        self.removed.append(Removal(to.child(name).said, lost.document.place(lost.path), place))
        self._remember(lost, to.child(name))

    def _added(self, low: Source | None, up: Source, to: Target) -> list[Any]:
        """`{$add: […]}`: the list below and what it does not have yet."""
        self._note(low or up, to)
        result: list[Any] = []
        seen: set[str] = set()
        for source in (low, up):
            for index, value in enumerate(source.value if source and isinstance(source.value, list) else ()):
                assert source is not None
                if repr(value) not in seen:
                    seen.add(repr(value))
                    at = (*to.path, len(result))
                    result.append(self._tables.take(source.document, (*source.path, index), at))
        return result

    def _override(self, low: Source, up: Source, to: Target) -> None:
        if low.value != up.value:
            self._remember(low, to)
            self._check_type(low, up, to)

    def _remember(self, low: Source, to: Target) -> None:
        value = Overridden(low.value, low.document.value_place(low.path))
        self.overridden[to.said] = (*self.overridden.get(to.said, ()), value)

    def _check_type(self, low: Source, up: Source, to: Target) -> None:
        """An overlay cannot change what a field holds (RULING 52)."""
        replaced = (
            len(to.said) == 2 and up.marked("$replace") and low.value.get("type") != up.value.get("type")
        )
        if up.document.data.get("kind") != "object" or to.said[:1] != ("fields",):
            return
        if not replaced and (len(to.said) != 3 or to.said[-1] != "type"):
            return
        step: Path = ("type",) if replaced and "type" in up.value else ()
        self._collector.error(
            "SM405",
            f"the type of '{to.said[1]}' cannot change",
            up.document.value_place((*up.path, *step)),
            why="rows and the layers below rely on it",
            hint="give the field another name",
            related=(low.document.value_place((*low.path, *step)),),
        )

    def _note(self, source: Source, to: Target) -> None:
        self._tables.note(source.document, source.path, to.path)


def _name_place(item: Source) -> Span:
    key = "name" if isinstance(item.value, dict) and "name" in item.value else "subject"
    return item.document.value_place((*item.path, key) if isinstance(item.value, dict) else item.path)
