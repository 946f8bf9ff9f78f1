"""Arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

AppFolder = Annotated[
    Path, typer.Argument(metavar="[APP]", help="The app's folder.", show_default="the current one")
]
AppOption = Annotated[
    Path, typer.Option("--app", metavar="APP", help="The app's folder.", show_default="the current one")
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="SALESMODE_DATABASE",
        help="sqlite:///PATH or postgresql://…",
        show_default="sqlite:///salesmode.db in APP",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Issuer = Annotated[
    str | None,
    typer.Option("--issuer", metavar="NAME", envvar="SALESMODE_ISSUER", help="Whom tokens are from (iss)."),
]
Audience = Annotated[
    str | None,
    typer.Option(
        "--audience", metavar="NAME", envvar="SALESMODE_AUDIENCE", help="Whom tokens are for (aud)."
    ),
]

HERE = Path()
