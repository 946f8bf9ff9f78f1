"""`salesmode explain PATH`: which file and line gave each part, which roles grant it; who sees a record, and
where it may move.
"""

from collections.abc import Iterator
from typing import Annotated

import typer

from salesmode.cli.explain_access import Access, access_lines
from salesmode.cli.explain_stage import Move, stage_lines
from salesmode.cli.faults import usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppOption, DatabaseUrl
from salesmode.cli.project import database_url
from salesmode.cli.terminal import console
from salesmode.compiler.compiled import Compiled
from salesmode.compiler.provenance import UnknownPath, explain as origins_of
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER
from salesmode.model.role import FieldGrant, ObjectGrant

app = typer.Typer(add_completion=False)


@app.command(
    help="Show which file and line gave each part, and which roles grant it; "
    "or, for a user and a record, which rule decided whether it is seen; "
    "or, for a record, which stages it may move to, and what is in the way. "
    "Plugins explain more (route, match, ruling, commission): `salesmode --help` in the app's folder."
)
def explain(
    path: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH | access USER OBJECT ID [FIELD] | stage OBJECT ID",
            help="customer, customer.grade, role.sales.customer …; who may see what, or what may move where.",
        ),
    ],
    *,
    to: Annotated[str | None, typer.Option("--to", help="With `stage`: about this stage alone.")] = None,
    folder: AppOption = HERE,
    database: DatabaseUrl = None,
) -> None:
    found = compiled(folder)
    if to is not None and path[0] != "stage":
        raise usage("--to goes with: stage OBJECT ID")
    if path[0] == "stage" and len(path) == 3:
        for line in stage_lines(found.model, Move(path[1], path[2], to), database_url(database, folder)):
            console.print(line)
    elif path[0] == "access" and len(path) in (4, 5):
        user, object_name, id_, *field = path[1:]
        asked = Access(user, object_name, id_, field[0] if field else None)
        for line in access_lines(found.model, asked, database_url(database, folder)):
            console.print(line)
    elif len(path) == 1:
        _print_origins(found, path[0])
    else:
        raise usage(
            "explain takes one path, or: access USER OBJECT ID [FIELD], or: stage OBJECT ID [--to STAGE]"
        )


def _print_origins(found: Compiled, path: str) -> None:
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
        if grant is not None:
            yield from (f"role {role.name}: {each}" for each in _disclosures(grant, field))


def _disclosures(grant: ObjectGrant, field: str) -> Iterator[str]:
    """What may leave masks and the database: for a field unmasking, for an object exporting."""
    name, right = ("unmask", grant.unmask) if field else ("export", grant.export)
    if right is not None and (not field or field in right.fields):
        most = "" if right.per_day is None else f", at most {right.per_day} records a day"
        yield f"{name}{'' if right.where == ALWAYS else ' on some rows'}{most}\n    {right.span}"


def _rights(grant: FieldGrant) -> str:
    rights = [
        f"{name}{'' if where == ALWAYS else ' on some rows'}"
        for name, where in (("read", grant.clear), ("write", grant.write))
        if where != NEVER
    ]
    return ", ".join([*rights, "masked"] if grant.masked else rights)
