"""`salesmode schema graphql`: the API's schema as one role sees it."""

from typing import Annotated

import typer
from graphql import print_schema

from salesmode.access.compose import policy_of
from salesmode.cli.faults import usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder
from salesmode.cli.terminal import console
from salesmode.diagnostics import did_you_mean
from salesmode.graph.schema import LazySchema
from salesmode.graph.view import View
from salesmode.model.app import Model
from salesmode.model.published import published

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
    console.print(print_schema(LazySchema(View(model, policy, published(model.objects.values())))))


def _known(name: str, model: Model) -> str:
    names = (ADMIN, *model.roles)
    if name not in names:
        near = did_you_mean(name, names)
        raise usage(f"there is no role '{name}'", hint=near or f"there are {', '.join(names)}")
    return name
