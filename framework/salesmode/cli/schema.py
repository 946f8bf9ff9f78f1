"""`salesmode schema graphql|engine|formulas|hooks|json|editor`: the API's schema as roles see it, and the
schemas of metadata.
"""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from salesmode.access.compose import policy_of
from salesmode.cli.engine_types import engine_types
from salesmode.cli.faults import usage
from salesmode.cli.formulas_page import formulas_page
from salesmode.cli.hooks_page import hooks_page
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder, AppOption
from salesmode.cli.schema_bundle import Schema, bundle, kinds_of, published_schemas
from salesmode.cli.schema_editor import editor_schema
from salesmode.cli.terminal import say_note
from salesmode.compiler.plugged import plugins_named
from salesmode.diagnostics import did_you_mean
from salesmode.graph.catalog import Catalog
from salesmode.graph.printed import printed
from salesmode.graph.view import View
from salesmode.model.app import Model
from salesmode.plugins import additions_of, plugins_of

ADMIN = "admin"

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback(help="Print what clients and tools read.")
def _group() -> None: ...


@app.command(help="Print the GraphQL schema that a set of roles sees.")
def graphql(
    folder: AppFolder = HERE,
    *,
    role: Annotated[
        list[str] | None,
        typer.Option("--role", metavar="NAME", help="May be repeated.", show_default="admin"),
    ] = None,
) -> None:
    model = compiled(folder).model
    policy = policy_of(model, [_known(name, model) for name in role or [ADMIN]])
    catalog = Catalog(View(model, policy, additions_of(model)))
    typer.echo("\n\n".join(printed(catalog)))


@app.command(help="Print the GraphQL types that every app has, as a page of the reference.")
def engine() -> None:
    typer.echo(engine_types(), nl=False)


@app.command(help="Print what rollups and formulas are and which functions there are, as a page.")
def formulas() -> None:
    typer.echo(formulas_page(), nl=False)


@app.command(help="Print every hook of plugins, and what hooks take and give, as a page.")
def hooks() -> None:
    typer.echo(hooks_page(), nl=False)


@app.command(name="json", help="Print the published JSON Schema of metadata, of one kind or of all.")
def json_schema(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="Like object or role.")] = None,
    *,
    folder: AppOption = HERE,
) -> None:
    """With the kinds of the plugins that the app uses, where there is an app."""
    schemas = published_schemas(plugins_of(plugins_named(folder)))
    kinds = kinds_of(schemas)
    if kind is not None and kind not in kinds:
        raise usage(
            f"there is no kind '{kind}'", hint=did_you_mean(kind, kinds) or f"there are {', '.join(kinds)}"
        )
    _print(bundle(schemas, kinds if kind is None else [kind]))


@app.command(help="Print the JSON Schema for an editor, which knows the app's own names.")
def editor(
    folder: AppFolder = HERE,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there instead.")
    ] = None,
) -> None:
    schema = editor_schema(compiled(folder))
    if output is None:
        _print(schema)
        return
    output.write_bytes(orjson.dumps(schema, option=orjson.OPT_INDENT_2) + b"\n")
    say_note(f"first line of each file:  # yaml-language-server: $schema={output.resolve().as_uri()}")


def _print(schema: Schema) -> None:
    typer.echo(orjson.dumps(schema, option=orjson.OPT_INDENT_2))


def _known(name: str, model: Model) -> str:
    names = (ADMIN, *model.roles)
    if name not in names:
        near = did_you_mean(name, names)
        raise usage(f"there is no role '{name}'", hint=near or f"there are {', '.join(names)}")
    return name
