"""`salesmode permissions`: the matrix role × object × field."""

import csv
import sys
from dataclasses import asdict, astuple, fields
from enum import StrEnum
from typing import Annotated

import orjson
import typer
from rich.table import Table

from salesmode.access.matrix import Cell, matrix
from salesmode.cli.faults import usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder
from salesmode.cli.terminal import console
from salesmode.model.app import Model

app = typer.Typer(add_completion=False)


class Form(StrEnum):
    """How the matrix is printed."""

    table = "table"
    csv = "csv"
    json = "json"


@app.command(name="permissions")
def permissions(
    app: AppFolder = HERE,
    role: Annotated[
        list[str] | None, typer.Option("--role", metavar="NAME", help="Only this role; may be repeated.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.table,
) -> None:
    """Show what each role may do with each object and field."""
    model = compiled(app).model
    cells = list(matrix(model, _known(model, role)))
    match form:
        case Form.csv:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(each.name for each in fields(Cell))
            writer.writerows(astuple(cell) for cell in cells)
        case Form.json:
            console.print(orjson.dumps([asdict(cell) for cell in cells], option=orjson.OPT_INDENT_2).decode())
        case Form.table:
            _print_table(cells)


def _known(model: Model, roles: list[str] | None) -> list[str]:
    for role in roles or ():
        if role not in model.roles:
            raise usage(f"there is no role '{role}'", hint=f"the roles are {', '.join(model.roles)}")
    return roles or list(model.roles)


def _print_table(cells: list[Cell]) -> None:
    table = Table(box=None, pad_edge=False)
    for each in fields(Cell):
        table.add_column(each.name)
    for cell in cells:
        table.add_row(*astuple(cell), style="bold" if not cell.field else None)
    console.print(table)
