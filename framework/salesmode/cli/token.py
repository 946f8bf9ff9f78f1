"""`salesmode token`: what signs in to the API: a token to try it with, or a key that lasts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from salesmode.cli.api_keys import AppKeys, print_keys
from salesmode.cli.faults import usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppOption, AsJson, Audience, DatabaseUrl, Issuer
from salesmode.cli.project import database_url
from salesmode.cli.secret import given_secret
from salesmode.cli.terminal import console, say_note
from salesmode.server.tokens import new_token

_DAYS = 30

app = typer.Typer(add_completion=False)


@app.command(
    help="Print a development token for a user, signed with SALESMODE_SECRET, and nothing else. "
    "With --api-key a key, which is kept in the database of the app and shown this once."
)
def token(
    *,
    user: Annotated[str | None, typer.Option("--user", metavar="NAME", help="The user's login name.")] = None,
    role: Annotated[
        list[str] | None,
        typer.Option("--role", metavar="NAME", help="Use only this role of the user; may be repeated."),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, help="How long it is good for.", show_default="30; a key has no end"),
    ] = None,
    api_key: Annotated[bool, typer.Option("--api-key", help="Make a key.")] = False,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="What the key is for.")] = None,
    list_keys: Annotated[bool, typer.Option("--list", help="Show the keys that were made.")] = False,
    revoke: Annotated[
        str | None, typer.Option("--revoke", metavar="PREFIX", help="Take this key back.")
    ] = None,
    folder: AppOption = HERE,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
    issuer: Issuer = None,
    audience: Audience = None,
) -> None:
    if [user is not None, list_keys, revoke is not None].count(True) != 1:
        raise usage("say one of --user NAME, --list and --revoke PREFIX")
    if user is None:
        keys = _keys(folder, database)
        if revoke is not None:
            keys.revoke(revoke)
            say_note(f"{revoke} signs nobody in any more")
        else:
            print_keys(keys.all(), as_json=as_json)
    elif api_key:
        ends = None if days is None else datetime.now(UTC) + timedelta(days=days)
        console.print(_keys(folder, database).make(user, name=name, roles=role, expires_at=ends))
    else:
        console.print(_signed(user, role, days or _DAYS, issuer, audience))


def _keys(folder: Path, database: str | None) -> AppKeys:
    return AppKeys(compiled(folder).model, database_url(database, folder))


def _signed(
    user: str, roles: Sequence[str] | None, days: int, issuer: str | None, audience: str | None
) -> str:
    secret = given_secret(required=True)
    assert secret is not None
    lasts = timedelta(days=days)
    only = None if roles is None else list(roles)
    return new_token(secret, user, lifetime=lasts, roles=only, issuer=issuer, audience=audience)
