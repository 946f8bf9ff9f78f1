"""`salesmode explain PATH`: which file and line gave each part, and which roles grant it."""

from collections.abc import Iterator
from typing import Annotated

import typer

from salesmode.cli.faults import usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppOption
from salesmode.cli.terminal import console
from salesmode.compiler.provenance import UnknownPath, explain as origins_of
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER
from salesmode.model.role import FieldGrant

app = typer.Typer(add_completion=False)


@app.command(help="Show which file and line gave each part, and which roles grant it.")
def explain(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="customer, customer.grade, role.sales.customer …")
    ],
    *,
    folder: AppOption = HERE,
) -> None:
    found = compiled(folder)
    try:
        origins = origins_of(found.layered, path)
    except UnknownPath as error:
        raise usage(error.message, hint=error.hint) from error
    for each in origins:
        console.print(str(each))
    for line in _grants(found.model, path):
        console.print(line)


def _grants(model: Model, path: str) -> Iterator[str]:
    """For a field: each role that grants something on it, and where it says so."""
    object_name, _, field = path.partition(".")
    for role in model.roles.values():
        grant = role.objects.get(object_name)
        if grant is not None and field in grant.denied:
            yield f"role {role.name}: denied\n    {grant.span}"
        elif grant is not None and field in grant.fields:
            yield f"role {role.name}: {_rights(grant.fields[field])}\n    {grant.fields[field].span}"


def _rights(grant: FieldGrant) -> str:
    rights = [
        f"{name}{'' if where == ALWAYS else ' on some rows'}"
        for name, where in (("read", grant.clear), ("write", grant.write))
        if where != NEVER
    ]
    return ", ".join([*rights, "masked"] if grant.masked else rights)
