"""What a rollup rolls up, and the type that follows from it (RULINGS 26, 49)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field as also, replace
from typing import Any

from salesmode.compiler.analyzer.report import Reporter
from salesmode.conditions.formulas.checker import kind_of
from salesmode.model.computed import Rollup
from salesmode.model.condition import And, Compare, Condition, Const, Literal, Not, Or, Over, Through
from salesmode.model.field import Field
from salesmode.model.object import Object

ROLLUP = "SM714"
AVERAGE_SCALE = 6

FUNCTIONS = ("count", "sum", "avg", "min", "max", "latest", "first", "last")
_ORDERED = ("first", "last")
_KINDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("sum", "avg"), ("number",)),
    **dict.fromkeys(("min", "max"), ("number", "text", "date", "datetime")),
    **dict.fromkeys(_ORDERED, ("number", "text", "boolean", "date", "datetime")),
}


@dataclass(frozen=True)
class RollupTypes:
    """Rollups of rollups too: each type is found once, and one that leads to itself is left for later."""

    objects: Mapping[str, Object]
    reporters: Mapping[str, Reporter]
    _found: dict[tuple[str, str], Field] = also(default_factory=dict)
    _open: set[tuple[str, str]] = also(default_factory=set)

    def typed(self, object_: Object) -> dict[str, Field]:
        """The rollups of the object with their types."""
        names = [each.name for each in object_.fields.values() if isinstance(each.computed, Rollup)]
        return {name: self._of(object_.name, name) for name in names}

    def _of(self, object_name: str, name: str) -> Field:
        """The field, if it is a rollup with its type."""
        field = self.objects[object_name].fields[name]
        place = (object_name, name)
        if not isinstance(field.computed, Rollup) or place in self._open:
            return field
        if place not in self._found:
            self._open.add(place)
            self._found[place] = self._rolled(field, self.objects[object_name])
            self._open.discard(place)
        return self._found[place]

    def _rolled(self, field: Field, object_: Object) -> Field:
        say = self.reporters[object_.name]
        raw, path = say.document.data["fields"][field.name], ("fields", field.name)
        functions = [each for each in FUNCTIONS if each in raw]
        if "over" not in raw:
            what = f"'{field.name}' does not say what it rolls up"
            say.missing(what, "over", *path, hint="add `over: RELATION`, a to-many of this object")
        elif len(functions) != 1:
            _say_which(functions, field, say, path)
        elif raw["over"] not in object_.inverses:
            say.unknown(ROLLUP, "to-many relation", raw["over"], object_.inverses, *path, "over")
        else:
            return self._made(field, object_, functions[0], raw, say)
        return field

    def _made(self, field: Field, object_: Object, key: str, raw: Mapping[str, Any], say: Reporter) -> Field:
        path = ("fields", field.name)
        if not isinstance(raw[key], bool | dict | str):
            say.error_at_value(
                "SM203", f"'{key}' is a number, and the name of a field is expected", *path, key
            )
            return field
        child = self.objects[object_.inverses[raw["over"]].object]
        rollup = Rollup(raw["over"], key, under=self._under(raw, object_, say, path), stored=field.stored)
        if key == "count":
            return replace(field, type="integer", computed=rollup)
        named = raw[key] if key not in _ORDERED else raw[key].get("field")
        by = "created_at" if key == "latest" else None
        if key in _ORDERED:
            by = self._by(raw[key].get("by"), child, say, (*path, key, "by"))
        function = "last" if key == "latest" else key
        target = self._target(named, child, say, (*path, key, *(("field",) if key in _ORDERED else ())))
        if target is None:
            return field
        if kind_of(target) not in _KINDS[function]:
            what = f"'{named}' ({target.type}) is nothing that '{key}' can be made of"
            say.error_at_value(ROLLUP, what, *path, key)
            return field
        *steps, last = named.split(".")
        made = replace(rollup, function=function, path=tuple(steps), field=last, by=by)
        return replace(field, computed=made, **_type(function, target))

    def _under(self, raw: Mapping[str, Any], object_: Object, say: Reporter, path: Any) -> str | None:
        name: str | None = raw.get("under")
        trees = [each.name for each in object_.fields.values() if each.tree]
        if name is not None and name not in trees:
            say.unknown(
                ROLLUP, f"reference that makes a tree of '{object_.name}'", name, trees, *path, "under"
            )
            return None
        return name

    def _by(self, name: str | None, child: Object, say: Reporter, path: Any) -> str | None:
        if name is None:
            return None
        if name not in child.fields:
            say.unknown(ROLLUP, f"field of '{child.name}'", name, child.fields, *path)
        elif kind_of(self._of(child.name, name)) in (None, "record", "boolean"):
            say.error_at_value(ROLLUP, f"rows have no order by '{name}' that means anything", *path)
        return name

    def _target(self, named: str | None, child: Object, say: Reporter, path: Any) -> Field | None:
        """The field at the end of the path that is rolled up."""
        if named is None:
            return None
        *steps, last = named.split(".")
        object_ = child
        for step in steps:
            found = object_.fields.get(step)
            if found is None or found.type not in ("reference", "user"):
                references = [each.name for each in object_.fields.values() if each.to]
                say.unknown(ROLLUP, f"reference of '{object_.name}'", step, references, *path)
                return None
            object_ = self.objects[str(found.to)]
        if last not in object_.fields:
            say.unknown(ROLLUP, f"field of '{object_.name}'", last, object_.fields, *path)
            return None
        return self._of(object_.name, last)


def _say_which(functions: list[str], field: Field, say: Reporter, path: tuple[str, str]) -> None:
    """Nothing is said where it was there and wrong, which is told already."""
    told = say.document.refused & {path, *((*path, each) for each in FUNCTIONS)}
    if functions or not told:
        many = f"says to make {' and '.join(functions)}" if functions else "does not say what to make"
        hint = f"one of {', '.join(FUNCTIONS)}"
        say.error(ROLLUP, f"'{field.name}' {many} of the records", *path, hint=hint)


def unstorable(rollup: Rollup, child: Object) -> str | None:
    """Why a rollup cannot be stored: it follows from columns of the related records and nothing else."""
    names = [*_plain(rollup.where), *(each for each in (rollup.field, rollup.by) if each is not None)]
    if rollup.under is not None:
        return "the tree would have to be walked up at every write"
    if rollup.path:
        return "it reads through a reference of the related records"
    if None in names:
        return "its condition looks at time, at the caller, at this record or at other records"
    if child.stored_as is not None:
        return f"a '{child.name}' is the engine's own, and may end with time"
    computed = [each for each in names if each and child.fields[each].computed]
    return f"'{computed[0]}' is computed itself" if computed else None


def _plain(condition: Condition) -> Iterator[str | None]:
    """The fields that it compares with written values; None for anything else in it."""
    match condition:
        case And(items) | Or(items):
            for item in items:
                yield from _plain(item)
        case Not(item):
            yield from _plain(item)
        case Compare(name, op, value, upper):
            plain = (
                op != "under" and isinstance(value, Literal) and (upper is None or isinstance(upper, Literal))
            )
            yield name if plain else None
        case Through() | Over():
            yield None
        case Const():
            return


def _type(function: str, target: Field) -> dict[str, Any]:
    """The type, as keys of a field."""
    if function == "avg":
        return {"type": "decimal", "scale": AVERAGE_SCALE}
    if function == "sum" and target.type == "integer":
        return {"type": "big_integer"}
    type_ = "text" if target.type == "auto_number" else target.type
    return {
        "type": type_,
        "scale": target.scale,
        "options": tuple(replace(each, active=True) for each in target.options),
        "open_options": target.open_options,
        "renamed_options": target.renamed_options,
        "max_length": target.max_length,
    }
