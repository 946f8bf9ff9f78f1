"""From documents of kind `demo` to a Demo. Everything wrong with the names in them is reported in one run."""

from collections.abc import Iterable, Iterator, Mapping

from salesmode.compiler.located import Document
from salesmode.demo.each import each_of
from salesmode.demo.names import UNKNOWN_NAME, check_names
from salesmode.demo.order import in_order
from salesmode.demo.population import Demo, Population
from salesmode.demo.recipes import Constant, Recipe, WrongRecipe, recipe_of
from salesmode.demo.steps import parts_of
from salesmode.diagnostics import Collector, Span, did_you_mean
from salesmode.model.app import Model
from salesmode.model.condition import Literal
from salesmode.model.object import Object

NO_RECIPE = "SM820"
NO_OBJECT = "SM821"
TWICE = "SM822"

_NOW = {"moment": {"from": "$now", "to": "$now"}}
_EVERYWHERE: Mapping[str, object] = {"created_at": _NOW, "updated_at": {"copy": "created_at"}, "version": 1}


def describe(documents: Iterable[Document], model: Model, sources: Mapping[str, str]) -> Demo:
    """The Demo that the documents tell of, checked against `model`.

    The documents have passed their schema and are merged over the layers; other kinds are passed over.
    Raises MetadataError with all problems at once.
    """
    collector = Collector()
    words: dict[str, tuple[object, ...]] = {}
    populations: dict[str, Population] = {}
    sign_in: list[str] = []
    described = [each for each in documents if each.kind == "demo"]
    for document in described:
        words.update({name: tuple(said) for name, said in document.data.get("words", {}).items()})
        if _describes_records(document, collector) and _welcome(document, populations, model, collector):
            object_ = model.objects[document.data["object"]]
            populations[object_.name] = _population(document, object_, collector)
            sign_in += _people(document, collector)
    check_names(populations, words, model, collector)
    parts = [part for each in described for part in parts_of(each, populations, model, collector)]
    collector.stop_on_errors(sources)
    ordered = in_order(populations, model, collector)
    collector.stop_on_errors(sources)
    return Demo(words, ordered, tuple(parts), tuple(sign_in), sources)


def _describes_records(document: Document, collector: Collector) -> bool:
    if "object" in document.data:
        return True
    for name in ("records", "each", "key", "parts", "rows", "sign_in", "fields"):
        if name in document.data:
            place = document.place((name,))
            collector.error(NO_OBJECT, f"'{name}' belongs to no object", place, hint="add `object: NAME`")
    return False


def _welcome(
    document: Document, populations: Mapping[str, Population], model: Model, collector: Collector
) -> bool:
    name = document.data["object"]
    span = document.value_place(("object",))
    if name not in model.objects:
        hint = did_you_mean(name, model.objects, {each.name: each.span for each in model.objects.values()})
        collector.error(NO_OBJECT, f"there is no object '{name}'", span, hint=hint)
        return False
    if name in populations:
        message = f"the records of '{name}' are described twice"
        collector.error(TWICE, message, span, hint="merge the two", related=(populations[name].span,))
        return False
    return True


def _people(document: Document, collector: Collector) -> list[str]:
    """Who may sign in: written rows of users."""
    names: list[str] = document.data.get("sign_in", [])
    keys = [str(row.get(document.data.get("key"))) for row in document.data.get("rows", ())]
    for index, name in enumerate(names):
        if document.data["object"] != "user" or name not in keys:
            place = document.place(("sign_in", index))
            message = f"no user that is written here has the key '{name}'"
            collector.error(UNKNOWN_NAME, message, place, hint=did_you_mean(name, keys))
    return names


def _population(document: Document, object_: Object, collector: Collector) -> Population:
    data = document.data
    places = _places(document)
    recipes = {name: _recipe(raw, places[name], collector) for name, raw in data.get("fields", {}).items()}
    for name, recipe in _undescribed(object_):
        recipes.setdefault(name, recipe)
    return Population(
        of=object_.name,
        span=document.value_place(("object",)),
        counts=data.get("records", {}),
        each=tuple(map(each_of, data.get("each", ()))),
        key=data.get("key"),
        parts=frozenset(data.get("parts", ())),
        written=tuple(data.get("rows", ())),
        recipes=recipes,
        spans=places,
    )


def _places(document: Document) -> Mapping[str, Span]:
    """As `Population.spans` wants them."""
    data = document.data
    places = {name: document.place(("fields", name)) for name in data.get("fields", {})}
    for index, name in enumerate(data.get("parts", ())):
        places[f"part {name}"] = document.place(("parts", index))
    for index in range(len(data.get("each", ()))):
        places[f"each {index}"] = document.place(("each", index))
    for index in range(len(data.get("rows", ()))):
        places[f"row {index}"] = document.place(("rows", index))
    return places


def _recipe(raw: object, span: Span, collector: Collector) -> Recipe:
    try:
        return recipe_of(raw)
    except WrongRecipe as wrong:
        collector.error(NO_RECIPE, str(wrong), span)
        return Constant(None)


def _undescribed(object_: Object) -> Iterator[tuple[str, Recipe]]:
    """What every record has, and the defaults that are plain values."""
    for name, raw in _EVERYWHERE.items():
        yield name, recipe_of(raw)
    for field in object_.fields.values():
        if isinstance(field.default, Literal):
            yield field.name, Constant(field.default.value)
