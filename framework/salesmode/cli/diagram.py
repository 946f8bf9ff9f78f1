"""`salesmode diagram`: objects and how they refer to each other, and the ways through pipelines, as text that
Mermaid draws.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Annotated

import typer

from salesmode.cli.diagram_pipeline import stage_diagram
from salesmode.cli.faults import usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder, AppOption
from salesmode.diagnostics import did_you_mean
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS
from salesmode.model.field import Field
from salesmode.model.object import Object

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback(help="Draw an app as text for Mermaid.")
def _group() -> None: ...


@app.command(help="Draw the objects, their fields and references, as an entity-relationship diagram.")
def objects(
    folder: AppFolder = HERE,
    *,
    names: Annotated[
        list[str] | None,
        typer.Option("--object", metavar="NAME", help="Only this one and its neighbours; may be repeated."),
    ] = None,
    locale: Annotated[
        str | None, typer.Option("--locale", help="The language of the labels; the app's first without.")
    ] = None,
) -> None:
    model = compiled(folder).model
    wanted = [_known(name, model.objects, "object") for name in names or ()]
    typer.echo("\n".join(entity_relationships(model, wanted, locale or model.app.locales[0])))


@app.command(help="Draw the stages of a pipeline and the ways between them, as a state diagram.")
def pipeline(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Only this one; all of them without.")
    ] = None,
    *,
    folder: AppOption = HERE,
    locale: Annotated[
        str | None, typer.Option("--locale", help="The language of the labels; the app's first without.")
    ] = None,
) -> None:
    model = compiled(folder).model
    names = [*model.pipelines] if name is None else [_known(name, model.pipelines, "pipeline")]
    drawn = (stage_diagram(model.pipelines[each], locale or model.app.locales[0]) for each in names)
    typer.echo("\n\n".join("\n".join(lines) for lines in drawn))


def _known(name: str, known: Collection[str], what: str) -> str:
    if name not in known:
        near = did_you_mean(name, known)
        raise usage(f"there is no {what} '{name}'", hint=near or f"there are {', '.join(known)}")
    return name


def entity_relationships(model: Model, names: Iterable[str], locale: str) -> Iterator[str]:
    """The lines of an `erDiagram`: all objects, or the named ones with whom they refer to and are referred to
    by. A line is drawn for a reference if one of its ends is named.
    """
    wanted = frozenset(names) or frozenset(model.objects)
    links = [each for each in _links(model) if not wanted.isdisjoint((each[0].name, str(each[1].to)))]
    shown = wanted.union(*((described.name, str(field.to)) for described, field in links))
    yield "erDiagram"
    for described in model.objects.values():
        if described.name in shown:
            yield from _entity(described, locale, whole=described.name in wanted)
    for described, field in links:
        yield _line(described, field, model, locale)


def _links(model: Model) -> Iterator[tuple[Object, Field]]:
    for described in model.objects.values():
        for field in described.fields.values():
            if field.to is not None and not field.system:
                yield described, field


def _entity(described: Object, locale: str, *, whole: bool) -> Iterator[str]:
    head = f'    {described.name}["{_text(described.label.text(locale))}"]'
    own = [each for each in described.fields.values() if not each.system and each.to is None]
    if not whole or not own:
        yield head
        return
    yield f"{head} {{"
    for each in own:
        key = " UK" if each.unique else ""
        yield f'        {each.type} {each.name}{key} "{_text(each.label.text(locale))}"'
    yield "    }"


def _line(described: Object, field: Field, model: Model, locale: str) -> str:
    """One record of the target, or none, has any number here; a list of references is many on both sides."""
    several, one = field.type == "multi_reference", "||" if field.required == ALWAYS else "|o"
    back = [
        each.name
        for each in model.target(field).inverses.values()
        if (each.object, each.field) == (described.name, field.name)
    ]
    named = " / ".join([field.name, *back])
    label = _text(field.label.text(locale))
    return f'    {field.to} {"}o" if several else one}--o{{ {described.name} : "{named} ({label})"'


def _text(label: str) -> str:
    """A label within quotation marks."""
    return label.replace("#", "#35;").replace('"', "#quot;").replace("\n", " ")
