"""`salesmode token --user NAME`: a token to try the API with."""

from datetime import timedelta
from typing import Annotated

import typer

from salesmode.cli.secret import given_secret
from salesmode.cli.terminal import console
from salesmode.server.tokens import new_token

app = typer.Typer(add_completion=False)


@app.command(help="Print a development token for a user, signed with SALESMODE_SECRET, and nothing else.")
def token(
    *,
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="The user's login name.")],
    role: Annotated[
        list[str] | None,
        typer.Option("--role", metavar="NAME", help="Use only this role of the user; may be repeated."),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="How long it is good for.")] = 30,
) -> None:
    secret = given_secret(required=True)
    assert secret is not None
    console.print(new_token(secret, user, lifetime=timedelta(days=days), roles=role))
